"""What the map shows is chosen by key: layer, level, squares, difference, markers, names, symbols; each says what it shows."""

from __future__ import annotations

from dataclasses import replace

from console.app.map.panel import Map
from console.desk.answer import PanelAnswer
from console.desk.desk import Question
from console.desk.page import PanelSpec, Shown
from console.desk.selection import Values
from tests.app.fake import FakeDesk
from tests.app.sitting import Console, console


def map_of(held: Console) -> Map:
    panel = held.page.panels["map"]
    assert isinstance(panel, Map)
    return panel


async def test_layers_levels_and_what_is_asked() -> None:
    """m and M go round the layers, v round the levels; the question, the title, the legend and the rows behind a number follow."""
    async with console() as held:
        await held.press("apostrophe", "m", "f")
        panel = map_of(held)
        assert "Map: open by beat" in panel.text
        assert "of 132 beats have none" in panel.text
        await held.press("m")
        assert held.desk.asked[-1].maps == (Shown("map", "points"),)
        assert "Map: points by beat" in panel.text
        assert "points, points" in panel.text
        await held.press("m")
        assert "per 1,000 people" in panel.text
        assert "17,700 people" in panel.text
        await held.press("v", "v")
        assert "Map: open per 1,000 people by district" in panel.text
        assert "of 5 districts have none" in panel.text
        await held.press("M", "space")
        district = held.page.sitting.selection.clause("district")
        assert isinstance(district, Values)
        (name,) = district.values
        inside = [each for each in held.desk.incidents if each["district"] == name]
        assert f"{len(inside)} of 312" in held.lines[2]
        assert f"{sum(each['points'] for each in inside):,} points" in panel.text
        await held.press("enter")
        assert f"Map: points by district, {name}" in held.text
        assert f" {len(inside)} rows of " in held.text
        await held.press("escape", "x")
        assert held.page.sitting.selection.clause("district") is None
        await held.press("v", "m", "m")
        assert "Map: open by beat" in panel.text


async def test_squares_follow_the_zoom() -> None:
    """g counts points in squares that suit the view: closer, smaller squares are asked for; g again, places."""
    async with console() as held:
        await held.press("apostrophe", "m", "f", "g")
        panel = map_of(held)
        first = held.desk.asked[-1].maps[0].square
        assert first is not None
        assert "incidents in a square of 2.5 km" in panel.text
        assert "Map: open by square" in panel.text
        await held.press("z", "z")
        second = held.desk.asked[-1].maps[0].square
        assert second is not None
        assert second[1] < first[1] / 2
        assert "in a square of 0.5 km" in panel.text
        await held.press("g")
        assert held.desk.asked[-1].maps == ()


async def test_a_difference_has_signs_and_says_against_what() -> None:
    """d shades what is more and what fewer, in words and signs; a layer that has no earlier weeks says so."""
    async with console() as held:
        await held.press("apostrophe", "m", "f", "d")
        panel = map_of(held)
        assert held.desk.asked[-1].maps == (Shown("map", difference=True),)
        assert "against the mean of the same hour of 8 earlier weeks" in panel.text
        legend = next(line for line in panel.text.split("\n") if "-" in line and "+" in line and ".." in line)
        assert "0" in legend
        here = panel.text.split("\n")[-3]
        assert "against before" in here
        await held.press("d", "m", "d")
        assert "what points was at this hour of earlier weeks isn't known" in held.foot


class Late(FakeDesk):
    """A desk whose answers show another layer than was asked for."""

    other: Shown | None = None

    def panel(self, spec: PanelSpec, question: Question) -> PanelAnswer:
        """See Reckoning."""
        made = super().panel(spec, question)
        return replace(made, shown=self.other) if spec.kind == "map" and self.other else made


async def test_an_answer_to_what_is_no_longer_shown_is_dropped() -> None:
    """What was asked before the last key doesn't come under its title."""
    async with console(desk=Late()) as held:
        await held.press("apostrophe", "m", "f")
        assert isinstance(held.desk, Late)
        held.desk.other = Shown("map")
        await held.press("m")
        panel = map_of(held)
        assert "counting..." in panel.text
        held.desk.other = None
        await held.press("r")
        assert "counting..." not in panel.text
        assert "points, points" in panel.text


async def test_markers_names_and_symbols() -> None:
    """k takes the markers off and puts them back, p goes from names over roads to neither, u through the symbols, each said."""
    async with console() as held:
        await held.press("apostrophe", "m", "f")
        panel = map_of(held)
        assert "Taunton" in panel.text
        assert "underlined a unit" in panel.text
        with_markers = panel.text
        await held.press("k")
        assert "no markers" in panel.text
        assert panel.text != with_markers
        await held.press("o")
        assert "no page of its own" in held.foot or "nothing under the cursor" in held.foot
        await held.press("k", "p")
        assert "names and roads" in panel.text
        assert any(0x2800 < ord(char) <= 0x28FF for char in panel.text)
        await held.press("p")
        assert "Taunton" not in panel.text
        await held.press("u")
        assert "borders in braille" in panel.text
        assert any(0x2800 < ord(char) <= 0x28FF for char in panel.text)
        for said in ("one colour a cell", "sextants", "octants", "half blocks"):
            await held.press("u")
            assert said in panel.text


async def test_the_view_pans_and_the_scale_says_how_far() -> None:
    """pageup, pagedown, home and end move the view half its size and the cursor with it; the coordinates say where it is."""
    async with console() as held:
        await held.press("apostrophe", "m", "f", "z", "z", "z")
        panel = map_of(held)
        before, at = panel.view, panel.ground.at
        assert before is not None
        assert f"{at[1]:.4f} N {-at[0]:.4f} W" in panel.text
        assert "├" in panel.text
        assert "5 km" in panel.text
        await held.press("pagedown")
        assert panel.view is not None
        assert panel.view.lat < before.lat
        assert panel.ground.at[1] < at[1]
        assert panel.view.cell(*panel.ground.at) == before.cell(*at)
        await held.press("pageup", "home", "end")
        assert panel.view is not None
        assert abs(panel.view.lon - before.lon) < before.across
        for _ in range(12):
            await held.press("home")
        west, south, east, north = (-3.9, 50.7, -2.0, 51.8)
        assert west < panel.ground.at[0] < east
        assert south < panel.ground.at[1] < north


async def test_what_a_map_shows_stays_with_the_sitting() -> None:
    """Another app and back: the layer and the level are as they were."""
    async with console() as held:
        await held.press("apostrophe", "m", "m", "v", "2", "1", "apostrophe", "m")
        assert "Map: points by sector" in map_of(held).text


async def test_small_windows_have_the_map_too() -> None:
    """At 80x24 and 40x20 the place, its number and the classes are in sight."""
    for size in ((80, 24), (40, 20)):
        async with console(size=size) as held:
            await held.press("apostrophe", "m", "n")
            text = map_of(held).text
            assert "none" in text
            index = map_of(held).ground.place()
            assert index is not None
            assert map_of(held).ground.places[index].value in text

"""The map's cursor and view by keyboard: by beat, to the selection, the force and an incident; what enter does; what shows on it."""

from __future__ import annotations

import pytest

from console.app.views.rows import RowsView
from console.desk.selection import Values
from tests.app.sitting import Console, console
from tests.app.test_drawing import the_map


async def test_enter_selects_and_then_shows_the_rows() -> None:
    """Enter selects the place under the cursor; on a selected one, or where places are locked, it opens the rows it counts."""
    async with console() as held:
        panel = the_map(held)
        await held.press("apostrophe", "m", "n", "enter")
        index = panel.ground.place()
        assert index is not None
        place = panel.ground.places[index].value
        assert held.page.sitting.selection.clause("beat") == Values(frozenset((place,)))
        assert held.page.view is None
        await held.press("enter")
        assert isinstance(held.page.view, RowsView)
        assert held.page.view.total == sum(each["beat"] == place for each in held.desk.incidents)
        await held.press("escape", "n", "enter")
        second = held.page.sitting.selection.clause("beat")
        assert isinstance(second, Values)
        assert len(second.values) == 2
        await held.press("L", "n", "enter")
        assert isinstance(held.page.view, RowsView)
        assert held.page.sitting.selection.clause("beat") == second


async def test_the_cursor_goes_by_beat() -> None:
    """ctrl and an arrow, or a comma and a full stop, go to the next beat that way; at the edge they say so."""
    async with console() as held:
        panel = the_map(held)
        await held.press("apostrophe", "m")
        start = panel.ground.place()
        for key, way in (("full_stop", 1), ("comma", -1), ("ctrl+right", 1), ("ctrl+left", -1)):
            before = panel.ground.at
            await held.press(key)
            assert (panel.ground.at[0] - before[0]) * way > 0, key
            index = panel.ground.place()
            assert index is not None
            assert panel.ground.places[index].value in panel.text
        for key, way in (("ctrl+up", 1), ("ctrl+down", -1)):
            before = panel.ground.at
            await held.press(key)
            assert (panel.ground.at[1] - before[1]) * way > 0, key
        assert start is not None
        for _ in range(60):
            await held.pilot.press("ctrl+left")
        await held.settle()
        assert "no beat lies farther west" in held.foot


async def test_zoom_to_the_selection_the_force_and_an_incident() -> None:
    """s shows what is selected as large as it goes, w all, i the nearest incident with the cursor on it."""
    async with console() as held:
        panel = the_map(held)
        await held.press("apostrophe", "m", "s")
        assert "nothing is selected: w shows" in held.foot
        await held.press("w")
        assert "the whole force is shown" in held.foot
        await held.press("n", "space", "s")
        assert panel.ground.zoom > 2
        (place,) = panel.chosen()
        view = panel.view
        assert view is not None
        west, south, east, north = place.frame
        for corner in ((west, south), (east, north)):
            x, y = view.cell(*corner)
            assert 0 <= x < view.width
            assert 0 <= y < view.height
        await held.press("w")
        assert panel.ground.zoom == 0
        await held.press("i")
        assert panel.answer is not None
        assert panel.ground.at in {(each.lon, each.lat) for each in panel.answer.markers if each.kind == "incident"}
        assert panel.ground.zoom > 2
        await held.press("x", "c", "enter", "w", "s")
        assert panel.ground.zoom > 0


async def test_zoom_to_what_other_selections_leave() -> None:
    """Without a place or an area s shows the places that still have anything."""
    async with console(select=("district=Bristol",)) as held:
        panel = the_map(held)
        await held.press("apostrophe", "m", "s")
        assert panel.ground.zoom > 0
        bristol = {each["beat"] for each in held.desk.incidents if each["district"] == "Bristol"}
        assert {place.value for place in panel.busy()} == bristol


async def shown(held: Console) -> None:
    """Check that the map has the keys, with the cursor on what was looked for."""
    assert held.page.sitting.focus == "map"
    assert held.page.view is None
    assert "under the cursor" in held.foot


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 20)])
async def test_an_incident_is_shown_on_the_map(size: tuple[int, int]) -> None:
    """From the queue, from rows and from its page, also where the map wasn't drawn yet."""
    async with console(size) as held:
        job = next(each for each in held.desk.incidents if each["grade"] == "Immediate")
        job["points"] = 99
        at = (job["lon"], job["lat"])
        await held.press("r", "apostrophe", "q", "home", "i")
        await shown(held)
        assert the_map(held).ground.at == at
        assert the_map(held).ground.zoom > 2
        await held.press("w", "apostrophe", "q", "home", "o")
        assert job["ref"] in held.text
        await held.press("i")
        await shown(held)
        assert the_map(held).ground.at == at
        await held.press("apostrophe", "u", "home", "i")
        unit = held.desk.units[0]
        assert the_map(held).ground.at == (unit["lon"], unit["lat"])


async def test_what_has_no_mark_is_shown_in_its_place() -> None:
    """A row whose incident the map doesn't mark is looked for; what names no thing says that it can't be shown."""
    async with console() as held:
        job = next(each for each in held.desk.incidents if each["grade"] == "Resolution")
        job["points"] = 99
        await held.press("r", "apostrophe", "q", "home", "i")
        assert held.page.sitting.focus == "map"
        assert f"{job['ref']} is somewhere in {job['beat']}" in held.foot
        panel = the_map(held)
        index = panel.ground.place()
        assert index is not None
        assert panel.ground.places[index].value == job["beat"]
        await held.press("apostrophe", "t", "i")
        assert "nothing under the cursor has a place" in held.foot
        await held.press("shift+tab", "2")
        await held.press("apostrophe", "t", "i")
        assert "no map" in held.foot


async def test_rows_show_on_the_map_and_leave_nothing_behind() -> None:
    """From the rows behind a number the map comes, and the rows are gone."""
    async with console() as held:
        await held.press("shift+tab", "enter", "i")
        assert held.page.sitting.focus == "map"
        assert held.page.view is None
        assert not held.page.under

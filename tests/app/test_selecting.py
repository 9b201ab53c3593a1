"""A selection re-filters every panel, and the numbers on the screen agree with each other."""

from __future__ import annotations

import re

from console.app.map.panel import Map
from console.app.panels.bars import Bars
from console.app.panels.table import Table
from console.desk.selection import Area, Circle, Values
from tests.app.fake import FakeDesk
from tests.app.sitting import Console, console


def counted(held: Console, name: str) -> dict[object, float]:
    """Return a panel's counts by value or cell."""
    made: dict[object, float] = {}
    for row in held.page.panels[name].rows:
        assert row.values[0] is not None
        made[tuple(value for _, value in row.at)] = row.values[0]
    return made


def figure(held: Console, title: str) -> tuple[int, int]:
    """Return a headline as it stands on the screen: under the selection, and the force's."""
    found = re.search(rf"{title} ([\d,]+) of ([\d,]+)", held.page.headlines.text)
    assert found, held.page.headlines.text
    return int(found[1]), int(found[2])


async def test_a_selection_refilters_everything_and_the_numbers_agree() -> None:
    """Space on Bristol: bar, headlines, pivot, bars, map, queue and units all count the same incidents."""
    async with console() as held:
        await held.press("apostrophe", "p")
        panel = held.page.panels["place"]
        assert isinstance(panel, Bars)
        name, value = panel.rows[0].at[0]
        pressed = panel.rows[0].values[0]
        before = {name: panel.answer for name, panel in held.page.panels.items()}
        await held.press("space")
        inside = [each for each in held.desk.incidents if each["district"] == value]
        assert name == "district"
        assert pressed == len(inside)
        assert f"{len(inside)} of 312 open shown" in held.lines[2]
        assert f"District * {value}" in held.lines[2]
        assert figure(held, "OPEN") == (len(inside), 312)
        for name in ("grade_age", "type"):
            assert sum(counted(held, name).values()) == len(inside), name
        assert sum(counted(held, "place").values()) == 312  # its own field's clause doesn't narrow it
        assert sum(counted(held, "map").values()) == len(inside)
        queue, units = held.page.panels["queue"], held.page.panels["units"]
        assert queue.answer is not None
        assert queue.answer.total == len(inside)
        assert units.answer is not None
        assert units.answer.total == sum(each["district"] == value for each in held.desk.units)
        assert all(panel.answer != before[name] for name, panel in held.page.panels.items() if panel.display)
        hidden = sum(each["grade"] == "Immediate" and each["district"] != value for each in held.desk.incidents)
        assert f"{hidden} Immediate hidden" in held.lines[2]


async def test_what_does_not_reach_a_panel_is_said() -> None:
    """Choosing a grade doesn't make free officers vanish, and the units' panels say so."""
    async with console(select=("grade=Immediate",)) as held:
        assert "grade doesn't reach units" in held.page.panels["units"].text
        assert figure(held, "DEPLOYABLE")[0] == figure(held, "DEPLOYABLE")[1]


async def test_states_show_by_glyph() -> None:
    """The six states have their marks: selected, alternative, excluded, selected but excluded, locked, possible."""
    desk = FakeDesk()
    gone = {each["type"] for each in desk.incidents}
    for each in desk.incidents:
        if each["type"] == "Missing":
            each["district"] = "Somerset"
    async with console(desk=desk, select=("district=Bristol", "type=Missing"), locks=("district",)) as held:
        text = held.page.panels["type"].text
        assert "% Missing" in text
        assert all(f"- {name}" in text for name in gone - {"Missing"})
        assert "L Bristol" in held.page.panels["place"].text
        assert "o Available" in held.page.panels["unit_state"].text
        assert "x Available" not in held.page.panels["unit_state"].text


async def test_a_lock_is_kept_and_refuses() -> None:
    """A locked field refuses a change with the reason, clear all keeps it, and back steps past it."""
    async with console() as held:
        await held.press("apostrophe", "t", "space", "L")
        chosen = held.page.sitting.selection.clause("type")
        assert "Type locked" in held.foot
        await held.press("down", "space")
        assert "locked" in held.foot
        assert "unlock" in held.foot
        assert held.page.sitting.selection.clause("type") == chosen
        await held.press("c")
        assert "locked" in held.foot
        await held.press("apostrophe", "s", "space")
        assert held.page.sitting.selection.clause("state") is not None
        await held.press("C")
        assert held.page.sitting.selection.fields() == ("type",)
        assert "Type L " in held.lines[2]
        await held.press("left_square_bracket", "left_square_bracket", "left_square_bracket", "left_square_bracket")
        assert held.page.sitting.selection.clauses == ()
        assert "312 of 312" in held.lines[2]
        await held.press("right_square_bracket")
        assert held.page.sitting.selection.clause("type") == chosen
        assert held.page.sitting.selection.locks == frozenset()


async def test_a_pivot_cell_selects_both_its_values() -> None:
    """Space on a cell selects its row and its column; on a name, the name alone."""
    async with console() as held:
        await held.press("apostrophe", "g", "space")
        assert held.page.sitting.selection.clauses == (("grade", Values(frozenset({"Immediate"}))),)
        await held.press("space", "right", "space")
        assert held.page.sitting.selection.fields() == ("age", "grade")
        count = counted(held, "grade_age")[("Immediate", "<15m")]
        assert f"{count} of 312" in held.lines[2]


async def test_the_drill_down_goes_deeper_and_up() -> None:
    """Right goes into a district, left comes back onto it; counts stay within the way taken."""
    async with console() as held:
        await held.press("apostrophe", "p", "down")
        panel = held.page.panels["place"]
        district, count = panel.rows[1].at[0][1], panel.rows[1].values[0]
        await held.press("right")
        assert f"Sector in {district}" in panel.text
        assert sum(counted(held, "place").values()) == count
        await held.press("right", "right")
        assert "deepest level" in held.foot
        await held.press("left", "left")
        assert panel.target() is not None
        assert panel.target().at == (("district", district),)  # type: ignore[union-attr]
        await held.press("left")
        assert "top level" in held.foot


async def test_it_goes_deeper_by_itself_only_for_other_fields() -> None:
    """A type that only one district has opens that district's sectors; clearing comes back up."""
    desk = FakeDesk()
    for each in desk.incidents:
        if each["type"] == "Missing" and each["district"] != "Bristol":
            each["type"] = "Concern"
    async with console(desk=desk, select=("district=Bristol",)) as held:
        assert held.page.sitting.path("place") == ()
        await held.press("C")
        held.page.change(lambda: held.page.sitting.toggle([("type", "Missing")]))
        await held.settle()
        assert held.page.sitting.path("place") == ("Bristol",)
        assert "Sector in Bristol" in held.page.panels["place"].text
        await held.press("C")
        assert held.page.sitting.path("place") == ()
        assert "Bristol" in held.page.panels["place"].text


async def test_search_selects_over_all_fields() -> None:
    """Type part of a value, see field, count and state, and enter selects it."""
    async with console() as held:
        await held.press("slash", "s", "o", "m", "e", "r")
        assert "District" in held.text
        assert re.search(r"Somerset +\d+ incidents", held.text)
        await held.press("enter")
        assert held.page.sitting.selection.clause("district") is not None
        assert ("search", "somer") in held.desk.usage
        await held.press("slash", "z", "q", "q")
        assert "no value of any field holds this" in held.text
        await held.press("enter")
        assert "nothing found" in held.foot
        await held.press("escape")
        assert "Queue" in held.text


async def test_the_map_selects_beats_and_areas() -> None:
    """Space toggles the beat under the cursor; a circle selects by exact coordinates; x clears both."""
    async with console() as held:
        await held.press("apostrophe", "m", "n", "space")
        panel = held.page.panels["map"]
        assert isinstance(panel, Map)
        beat = held.page.sitting.selection.clause("beat")
        assert isinstance(beat, Values)
        (name,) = beat.values
        assert str(name) in panel.text
        inside = sum(each["beat"] == name for each in held.desk.incidents)
        assert f"{inside} of 312" in held.lines[2]
        await held.press("x", "c", "plus", "enter")
        area = held.page.sitting.selection.clause("area")
        assert isinstance(area, Area)
        (circle,) = area.shapes
        assert isinstance(circle, Circle)
        assert circle.metres == 3000
        assert "within 3 km" in held.lines[2]
        assert f"{len(held.desk.passing('incident', held.page.sitting.selection))} of 312" in held.lines[2]
        await held.press("x", "b", "right", "right", "down", "enter")
        assert "box" in held.lines[2]
        await held.press("b", "enter")
        assert "no breadth" in held.foot
        await held.press("escape", "z", "Z", "N")
        assert panel.ground.zoom == 0


async def test_a_table_cell_selects_its_value() -> None:
    """Space in the queue takes the value of the cursor's column; a measured one says that it can't."""
    async with console() as held:
        await held.press("apostrophe", "q", "space")
        panel = held.page.panels["queue"]
        assert isinstance(panel, Table)
        assert panel.column == 0
        first = held.page.sitting.selection.clause("points")
        assert isinstance(first, Values)
        await held.press("space", "right", "right", "space")
        assert held.page.sitting.selection.fields() == ("grade",)
        await held.press("right", "right", "right", "right", "space")
        assert "measured, not chosen" in held.foot


async def test_the_mouse_focuses_and_toggles() -> None:
    """A click gives a panel the keys and its row the cursor; another on the same row selects."""
    async with console() as held:
        panel = held.page.panels["type"]
        await held.pilot.click(panel, offset=(5, 3))
        await held.settle()
        assert held.page.sitting.focus == "type"
        assert held.page.sitting.selection.clauses == ()
        value = panel.rows[2].at[0][1]
        await held.pilot.click(panel, offset=(5, 3))
        await held.settle()
        assert held.page.sitting.selection.clause("type") == Values(frozenset({str(value)}))


async def test_the_selection_goes_along_to_another_app() -> None:
    """Apps are opened by digit; the selection stays, and so does the way back."""
    async with console(select=("type=Violence",)) as held:
        shown = held.page.clauses.text.split(" of ")[0].split()[-1]
        await held.press("2")
        assert "Types" in held.lines[0]
        assert f"{shown} of 312" in held.lines[2]
        assert list(held.page.panels) == ["type"]
        await held.press("9")
        assert "no app has the key 9" in held.foot
        await held.press("1")
        assert "Queue" in held.text
        assert [detail for action, detail in held.desk.usage if action == "open"] == [
            "Control room",
            "Types",
            "Control room",
        ]


async def test_switching_apps_is_safe_at_any_moment() -> None:
    """Keys and ticks that come while the other app is being put up break nothing."""
    async with console() as held:
        for key in ("2", "1", "2", "1"):
            held.page.press(key, key)
            for more in ("tab", "space", "enter", "f", "t", "escape", "r", "down"):
                held.page.press(more, None)
            held.page.close_views()
            held.page.live.tick()
        await held.settle()
        await held.press("escape")
        assert "Control room" in held.lines[0]
        assert "312 of 312 open shown" in held.lines[2]


async def test_shift_arrows_extend_the_selection() -> None:
    """Shift and an arrow select what the cursor leaves and what it comes to; what is selected stays; a lock holds."""
    async with console() as held:
        await held.press("apostrophe", "t", "shift+down", "shift+down")
        panel = held.page.panels["type"]
        values = [str(row.at[0][1]) for row in panel.rows[:3]]
        assert held.page.sitting.selection.clause("type") == Values(frozenset(values))
        await held.press("shift+up")
        assert held.page.sitting.selection.clause("type") == Values(frozenset(values))
        assert sum(each["type"] in values for each in held.desk.incidents) == figure(held, "OPEN")[0]
        await held.press("left_square_bracket")
        assert held.page.sitting.selection.clause("type") == Values(frozenset(values[:2]))
        await held.press("L", "end", "shift+up")
        assert "locked" in held.foot
        await held.press("L", "C", "apostrophe", "g", "shift+right", "shift+right")
        assert len(held.page.sitting.selection.fields()) == 2


async def test_what_is_quick_is_asked_first() -> None:
    """Panels answered from memory don't wait for the others, nor those for charts; all are of the new selection in the end."""
    async with console() as held:
        held.desk.at_once = frozenset(("open", "unresourced", "breached", "type", "place"))
        await held.press("apostrophe", "p")
        panel = held.page.panels["place"]
        value = panel.rows[0].at[0][1]
        held.desk.asked.clear()
        await held.press("space")
        asked = [set(question.panels or ()) for question in held.desk.asked if question.ticket in ("page", "rest", "last")]
        assert len(asked) == 3
        assert asked[2] == {"demand"}
        first, rest = sorted(asked[:2], key=lambda names: "queue" in names)
        assert first <= held.desk.at_once
        assert "queue" in rest
        assert not first & rest | asked[2] & (first | rest)
        inside = sum(each["district"] == value for each in held.desk.incidents)
        queue = held.page.panels["queue"].answer
        assert queue is not None
        assert queue.total == inside
        assert sum(counted(held, "type").values()) == inside
        assert held.desk.focused[-1] == "place"
        await held.press("apostrophe", "t")
        assert held.desk.focused[-1] == "type"

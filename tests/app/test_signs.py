"""Colour is never the only sign: without colours, the text alone tells apart what the colours do."""

from __future__ import annotations

import re

import pytest

from console.app.drawing import profile
from console.app.drawing.glyphs import GLYPHS
from console.app.panels.series import _letters
from console.desk.answer import Alert, State
from tests.app.fake import FakeDesk
from tests.app.sitting import Console, console

NAMED = {state: GLYPHS[state] for state in State}


@pytest.fixture(autouse=True)
def no_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw without colour."""
    monkeypatch.setattr(profile, "_held", profile.PROFILES["mono"])


def states(held: Console, panel: str) -> dict[str, State | None]:
    """Return the state of each value of a panel, by what is written of it."""
    answer = held.page.panels[panel].answer
    assert answer is not None
    return {str(row.at[0][1]): row.state for row in answer.rows}


def six() -> FakeDesk:
    """Return a desk in which one selection puts values of Type into all states but locked."""
    desk = FakeDesk()
    for each in desk.incidents:
        if each["district"] == "Bristol" and each["type"] in ("Burglary", "Missing"):
            each["type"] = "Violence"
    return desk


async def test_bars_tell_the_states_apart() -> None:
    """Each value has the glyph of its state, and the state's word stands in the title when the cursor is on it."""
    seen: set[State | None] = set()
    for select, locks in (
        (("district=Bristol", "type=Violence", "type=Missing"), ()),
        (("district=Bristol",), ()),
        (("type=Violence",), ("type",)),
    ):
        async with console((200, 50), desk=six(), select=select, locks=locks) as held:
            await held.press("apostrophe", "t", "home")
            lines = held.page.panels["type"].text.split("\n")
            for n, (value, state) in enumerate(states(held, "type").items()):
                assert state is not None
                assert lines[n + 1].startswith(f"{NAMED[state]} {value}"), lines
                assert state.value in lines[0], lines[0]
                seen.add(state)
                await held.press("down")
                lines = held.page.panels["type"].text.split("\n")
    assert seen == set(State)


async def test_pivots_tell_the_states_of_cells_and_names_apart() -> None:
    """A state's glyph stands before a cell's number as before a name; possible has none in a cell."""
    async with console((200, 50), select=("grade=Priority", "age=<60m")) as held:
        panel = held.page.panels["grade_age"]
        assert panel.answer is not None
        lines = {line[2:].split()[0]: line for line in panel.text.split("\n")[2:] if line.strip()}
        assert lines["Priority"].startswith("* ")
        assert lines["Scheduled"].startswith("- ")
        for row in panel.answer.rows:
            assert row.state is not None
            grade, age = str(row.at[0][1]), str(row.at[1][1])
            head = panel.text.split("\n")[1]
            end = head.index(age) + len(age)
            cell = lines[grade][:end].rstrip("~ ")
            assert cell.endswith(f" {NAMED[row.state]} {row.values[0]}"), (grade, age, cell)
    async with console((200, 50)) as held:
        await held.press("apostrophe", "g")
        assert "possible" in held.page.panels["grade_age"].text.split("\n")[0]


async def test_the_bar_search_and_tabs_have_signs() -> None:
    """Selected and locked in the bar, each hit's state in words, the tab and the app that are open by a sign."""
    async with console((120, 40), select=("district=Bristol", "type=Violence"), locks=("type",)) as held:
        assert "District * Bristol" in held.text
        assert "Type L Violence locked" in held.text
    async with console((80, 24)) as held:
        assert re.search(r"[ |]>demand \|", held.text)
        await held.press("slash", "B", "r", "i", "s")
        assert re.search(r"o District +Bristol +\d+ incidents +possible", held.text)
    async with console() as held:
        assert "1 >control room" in held.foot
        await held.press("apostrophe", "q")
        assert "> Queue" in held.text


async def test_strips_and_headlines_say_what_they_mean() -> None:
    """Alerts, staleness, what failed and what changed are words or signs."""
    desk = FakeDesk()
    desk.alerts = [Alert("emergency", "BX01", desk.now, "BX01, 2 High Street", True)]
    desk.failing["deployable"] = "no such column"
    async with console(desk=desk) as held:
        assert "! 21:40 EMERGENCY BX01" in held.text
        assert "(hidden by the selection)" in held.text
        assert "DEPLOYABLE failed" in held.text
        assert "LIVE" in held.lines[0]
        for each in desk.incidents[:5]:
            each["grade"], each["status"] = "Immediate", "waiting"
        desk.change("incident")
        await held.tick()
        assert re.search(r"IMMEDIATE WAITING \d+ of \d+~", held.text)
        held.page.live._answered_at -= 60
        held.desk.live = True
        held.page.live.say_time()
        assert "STALE: no answer" in held.page.top.text


async def test_a_chart_tells_its_lines_apart() -> None:
    """Each line has its own letter or marker, in the chart and in the legend, and the band a shade."""
    async with console((200, 50)) as held:
        await held.press("apostrophe", "d", "f")
        for _ in range(50):
            await held.settle()
            if "drawing..." not in held.page.panels["demand"].text:
                break
        _, legend, *drawing = held.page.panels["demand"].text.split("\n")
        for sign in ("─d demand", "─a availability", ".. expected", ":: expected availability", "░░ 80 % band"):
            assert sign in legend, sign
        for sign in "da.:░":
            assert sign in "\n".join(drawing[:-3]), sign


def test_no_two_lines_of_a_chart_share_a_letter() -> None:
    """Titles that begin alike get letters of their own."""
    assert _letters(["deaths", "detections", "dd", "demand"]) == ["d", "e", "3", "m"]


async def test_a_table_says_over_and_left() -> None:
    """A missed target is worded, not only coloured."""
    async with console((200, 50)) as held:
        await held.press("apostrophe", "q", "f")
        assert "over by" in held.page.panels["queue"].text
        assert " left" in held.page.panels["queue"].text

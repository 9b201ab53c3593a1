"""What happens by itself: changes, marks, the cursor that stays, alerts and their bell, staleness."""

from __future__ import annotations

from datetime import timedelta

import pytest

from console.app.panels.bars import Bars
from console.app.panels.table import Table
from console.desk.answer import Alert
from tests.app.fake import FakeDesk
from tests.app.sitting import console


async def test_a_live_change_reaches_the_panels_and_leaves_the_cursor() -> None:
    """Counts change places; the cursor stays on its value; the change is marked for 5 s and no longer."""
    async with console() as held:
        await held.press("apostrophe", "t", "down", "down", "down")
        panel = held.page.panels["type"]
        assert isinstance(panel, Bars)
        value = panel.rows[3].at
        for each in held.desk.incidents[:200]:
            each["type"] = value[0][1]
        held.desk.change("incident")
        await held.tick()
        assert panel.rows[0].at == value
        target = panel.target()
        assert target is not None
        assert target.at == value
        assert "~" in panel.text
        await held.tick(6)
        assert "~" not in panel.text


async def test_only_touched_facts_are_asked_and_at_most_once_a_second() -> None:
    """Many changes make one question a tick, about the panels of that fact."""
    async with console() as held:
        asked = len(held.desk.asked)
        for _ in range(20):
            held.desk.change("unit")
        await held.tick()
        new = held.desk.asked[asked:]
        assert len(new) == 1
        assert new[0].panels is not None
        assert "units" in new[0].panels
        assert "queue" not in new[0].panels
        assert "type" not in new[0].panels


async def test_new_rows_do_not_push_the_row_being_read() -> None:
    """Rows that come in above stay above, and are announced at the edge."""
    async with console() as held:
        await held.press("apostrophe", "q", "end")
        panel = held.page.panels["queue"]
        assert isinstance(panel, Table)
        top = panel.rows[panel.cursor.top].at
        for n in range(3):
            held.desk.incidents.append({**held.desk.incidents[n], "ref": f"J-99999{n}", "points": 99})
        held.desk.change("incident")
        await held.tick()
        assert panel.rows[panel.cursor.top].at == top
        assert "3 new above" in panel.text
        await held.press("home")
        assert "new above" not in panel.text


async def test_older_answers_are_dropped() -> None:
    """An answer to an older selection that comes late changes nothing."""
    async with console() as held:
        from console.app.messages import Answered

        old = held.desk.ask(held.page.sitting.viewer, held.page.sitting.question(("type",), "late"))
        serial = held.page.asking.serial
        await held.press("apostrophe", "t", "space")
        shown = held.page.clauses.text
        held.page.post_message(Answered(serial, ("type",), old))
        await held.settle()
        assert held.page.clauses.text == shown
        assert held.page.panels["type"].selection == held.page.sitting.selection


async def test_an_alert_rings_until_it_is_acknowledged() -> None:
    """Shown under any selection, with a bell at once and each 15 s, until somebody named acknowledges it."""
    desk = FakeDesk()
    job = next(each for each in desk.incidents if each["grade"] == "Immediate" and each["district"] != "Bristol")
    async with console(desk=desk, select=("district=Bristol",)) as held:
        rung: list[float] = []
        held.app.bell = lambda: rung.append(held.clock.seconds)  # type: ignore[method-assign]
        desk.alerts = [Alert("immediate", job["ref"], desk.now, f"{job['ref']} {job['type']}", False)]
        desk.change("incident")
        await held.tick()
        assert f"IMMEDIATE {job['ref']}" in held.text
        assert "hidden by the selection" in held.text
        assert len(rung) == 1
        for _ in range(14):
            await held.tick()
        assert len(rung) == 1
        await held.tick()
        assert len(rung) == 2
        await held.press("a")
        assert "Acknowledged by:" in held.text
        await held.press("ctrl+u", "enter")
        assert "a name is needed" in held.foot
        await held.press("J", "o", "enter")
        assert dict(desk.commands[0].args) == {"kind": "immediate", "key": job["ref"], "by": "Jo"}
        assert "acknowledged by Jo" in held.foot
        assert "IMMEDIATE J-" not in held.text
        await held.tick(20)
        assert len(rung) == 2
        desk.alerts = [Alert("immediate", job["ref"], desk.now, job["ref"], False)]
        await held.press("r", "A")
        assert f"Incident {job['ref']}" in held.text
        await held.press("a")
        assert len(desk.commands) == 2


async def test_staleness_is_said_in_words() -> None:
    """No news, old news, no answer, and a time in the past: each in words on the top line."""
    desk = FakeDesk()
    desk.heard = desk.now
    async with console(desk=desk) as held:
        assert held.lines[0].endswith("LIVE")
        desk.heard = desk.now - timedelta(seconds=12)
        await held.press("r")
        assert "LIVE, news 12s old" in held.lines[0]
        desk.heard = desk.now - timedelta(seconds=25)
        await held.press("r")
        assert "STALE: no news for 25s" in held.lines[0]
        desk.heard = desk.now
        await held.press("r")
        held.page.live.asked(whole=True)
        for _ in range(12):
            await held.tick()
        assert "STALE: no answer for 12s" in held.lines[0]


async def test_a_past_time_is_said() -> None:
    """Under --at the page says as of when, and doesn't ask by itself."""
    desk = FakeDesk()
    async with console(desk=desk, at=desk.now) as held:
        assert "REPLAY Mon 23 Nov 21:40 GMT x1, paused" in held.lines[0]
        asked = len(desk.asked)
        desk.change("incident")
        await held.tick(60)
        assert len(desk.asked) == asked


async def test_a_failing_panel_fails_alone() -> None:
    """Its words and the way out stand in it; the others show their results; r asks again."""
    desk = FakeDesk()
    desk.failing["type"] = "no such column: tpye"
    desk.failing["breached"] = "no such column: target"
    async with console(desk=desk) as held:
        text = held.page.panels["type"].text
        assert "no such column: tpye" in " ".join(text.split())
        assert "press r to ask again" in text
        assert "BREACHED failed" in held.text
        assert "Bristol" in held.page.panels["place"].text
        desk.failing.clear()
        await held.press("r")
        assert "Violence" in held.page.panels["type"].text


async def test_a_question_that_fails_is_said_everywhere() -> None:
    """When the desk fails as a whole every panel says why, and the console goes on."""
    desk = FakeDesk()
    async with console(desk=desk) as held:

        def broken(*_: object) -> object:
            raise RuntimeError("the file is gone")

        ask, desk.ask = desk.ask, broken  # type: ignore[method-assign, assignment]
        await held.press("r")
        assert "the file is gone" in held.page.panels["queue"].text
        desk.ask = ask  # type: ignore[method-assign]
        await held.press("r")
        assert "J-104" in held.page.panels["queue"].text


async def test_an_empty_panel_says_why() -> None:
    """Nothing under a selection is a sentence with a way out, never a blank box."""
    async with console(select=("ref=J-104000",)) as held:
        held.desk.incidents[0]["ref"] = "J-1"
        await held.press("r")
        assert "Nothing here under Ref" in held.page.panels["queue"].text


@pytest.mark.parametrize(
    ("gaps", "filling", "said"),
    [(0, False, ""), (1, False, "1 event missing"), (3, False, "3 events missing"), (1204, True, "1,204 earlier events to come")],
)
async def test_missing_events_are_said(gaps: int, filling: bool, said: str) -> None:
    """What is known to be missing of a source stands on the top line, in fewer words where there is less room."""
    desk = FakeDesk()
    desk.gaps, desk.filling = gaps, filling
    for width in (120, 80):
        async with console((width, 40), desk=desk) as held:
            assert said in held.lines[0]
            assert ("missing" in held.text or "to come" in held.text) == bool(gaps)
            assert held.lines[0].endswith("LIVE")
    async with console((40, 20), desk=desk) as held:
        assert ("3 missing" in held.lines[2]) == (gaps == 3)
        assert ("1,204 to come" in held.lines[2]) == filling

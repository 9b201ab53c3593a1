"""Reader mode: one sentence a change, the terminal's cursor on the value, and nothing on the screen but words."""

from __future__ import annotations

import os
import re
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from console.app.drawing import reader, words
from console.app.page.spoken import changes
from console.desk.answer import Alert
from console.desk.selection import Selection, Values, Window
from tests.app.fake import FakeDesk
from tests.app.sitting import Console, console
from tests.terminal.screen import Terminal

ROOT = Path(__file__).resolve().parents[2]
NOISE = re.compile("[\u2190-\u21ff\u2500-\u25ff\u2800-\u28ff»~]")  # arrows, boxes, blocks, shapes, braille, and marks


@pytest.fixture(autouse=True)
def reading() -> None:
    """Read."""
    reader.use(True)


def sentence(held: Console) -> str:
    return " ".join(held.page.spoken.text.split())


def under(held: Console) -> str:
    """Return what stands at the terminal's cursor."""
    at = held.app.cursor_position
    return held.lines[at.y][at.x :]


async def test_a_selection_is_one_sentence() -> None:
    """What was selected, let go, locked and cleared, with what the bar says of it."""
    async with console((120, 40)) as held:
        assert sentence(held) == "Control room: 312 of 312 open shown."
        await held.press("apostrophe", "p")
        first = next(iter(held.page.panels["place"].rows)).at[0][1]
        await held.press("space")
        shown = held.desk.passing("incident", held.page.sitting.selection)
        hidden = sum(each["grade"] == "Immediate" for each in held.desk.incidents) - sum(each["grade"] == "Immediate" for each in shown)
        counts = f"{len(shown)} of 312 open shown, {hidden} Immediate hidden"
        assert sentence(held) == f"{first} selected: {counts}."
        await held.press("L")
        assert sentence(held) == f"District locked: {counts}."
        await held.press("L", "space")
        assert sentence(held) == f"{first} let go: 312 of 312 open shown."
        await held.press("left_square_bracket")
        assert sentence(held).endswith(f"{counts}.")


async def test_the_cursor_is_told_and_stands_on_its_value() -> None:
    """Each move says where the cursor is, and the terminal's cursor stands at the first letter of it, in every kind of panel."""
    async with console((80, 24)) as held:
        for letter, keys, said, stands in (
            ("t", ("down",), r"Type, row 2 of 6: (\w+), \d+ incidents?, possible\.", None),
            ("m", ("down",), r"Map: open by beat, row 2 of \d+: (\w+) [^,]+, \d+ incidents?, possible, \d+ units?\.", None),
            ("g", ("right",), r"Grade × age, row 1 of 4: Immediate, (<15m \d+)", None),
            ("d", ("up",), r"Demand and availability \(units, by hour\), row 25 of 29: (21:00 so far), demand", None),
            ("q", ("down", "right"), r"Queue, in priority: Ref (J-\d+), column 2 of 10\.", None),
            ("u", ("down",), r"Units \(60\), row 2 of 60: BX01, [A-Z]", "BX01"),
        ):
            await held.press("apostrophe", letter, *keys)
            found = re.match(said, sentence(held))
            assert found, (said, sentence(held))
            assert under(held).startswith(stands or found[1]), (stands or found[1], under(held))
        await held.press("o", "down")
        assert re.match(r"Unit BX01, row 2 of \d+: Unit, state, [A-Z]", sentence(held)), sentence(held)
        assert under(held).startswith("state")
        await held.press("escape", "shift+tab")
        assert re.match(r"Open, headline 1 of 7: 312 of 312\. Open, counted now\.", sentence(held)), sentence(held)
        assert under(held).startswith("OPEN")


async def test_a_row_is_read_with_units_in_words() -> None:
    """The key first, words, durations in full, targets, and bare numbers with their column."""
    async with console((120, 40)) as held:
        await held.press("apostrophe", "q", "down", "up")
        job = held.page.panels["queue"].rows[0].columns
        said = sentence(held)
        assert said.startswith(f"Queue, in priority (312), row 1 of 312: {job[1]}, {job[2]}, {job[3]}")
        assert re.search(r"waiting (\d+ (hours?|minutes?) ?)+", said)
        assert f"points {job[0]}" in said


async def test_a_refusal_a_search_and_rows_are_told() -> None:
    """Messages take the same line; a search tells the value under the cursor; rows tell themselves when they come."""
    async with console((80, 24)) as held:
        await held.press("L")
        assert sentence(held) == "Nothing is selected in this panel to lock: space selects."
        await held.press("slash", "B", "r", "i", "s")
        assert re.match(r"Search, 1 of \d+ found: Bristol, District, \d+ incidents, possible\.", sentence(held)), sentence(held)
        assert under(held).startswith("Bristol")
        await held.press("escape", "apostrophe", "t", "enter")
        assert re.match(r"Rows of Type, \w+, row 1 of \d+: J-\d+", sentence(held)), sentence(held)
        await held.press("v")
        assert re.match(r"Columns of the rows, 1 of \d+: Points?, shown\.|Columns", sentence(held)), sentence(held)
        await held.press("escape", "escape", "question_mark")
        assert sentence(held).startswith("Help, line 1 of ")


async def test_alerts_news_and_staleness_are_told() -> None:
    """A new alert, a number that moves under the cursor, and a feed that falls silent and comes back."""
    desk = FakeDesk()
    desk.heard = desk.now
    async with console((80, 24), desk=desk) as held:
        await held.press("apostrophe", "t", "down")
        value = held.page.panels["type"].rows[1]
        other = next(
            each for each in desk.incidents if each["type"] != value.at[0][1] and each["type"] != held.page.panels["type"].rows[0].at[0][1]
        )
        assert value.values[0] is not None
        other["type"] = value.at[0][1]
        desk.change("incident")
        await held.tick()
        assert f"{value.at[0][1]}, {value.values[0] + 1} incidents, possible, changed." in sentence(held)
        desk.alerts = [Alert("immediate", "J-104001", desk.now, "J-104001, Violence now, Easton", False)]
        desk.change("incident")
        await held.tick()
        assert sentence(held) == "Alert: IMMEDIATE J-104001, Violence now, Easton; a acknowledges."
        desk.now += timedelta(seconds=60)
        await held.tick(60)
        assert sentence(held).startswith("STALE: no ")
        for _ in range(5):
            desk.now += timedelta(seconds=10)
            desk.heard = desk.now
            await held.tick(10)
        assert sentence(held) == "Live again."


@pytest.mark.parametrize("size", [(40, 20), (80, 24), (120, 40), (200, 50)])
async def test_nothing_but_words_on_one_panel_at_a_time(size: tuple[int, int]) -> None:
    """No box, bar, braille, arrow or mark on any screen; one panel, the sentence always on the second line."""
    desk = FakeDesk()
    desk.alerts = [Alert("emergency", "BX01", desk.now, "BX01, 2 High Street", True)]
    async with console(size, desk=desk, select=("district=Bristol", "type=Violence"), locks=("type",)) as held:
        assert len(held.page.on_screen()) == 1
        assert held.page.spoken.region.y == 1
        for keys in (*(("apostrophe", spec.key) for spec in held.page.jumps()), ("apostrophe", "q", "enter"), ("v",), ("escape", "o"),
                     ("escape", "escape", "slash", "B"), ("escape", "question_mark"), ("pagedown",), ("pagedown",), ("escape", "a")):  # fmt: skip
            await held.press(*keys)
            assert not NOISE.search(held.text), (keys, NOISE.findall(held.text), held.text)
            at = held.app.cursor_position
            assert 0 <= at.x < size[0]
            assert 0 <= at.y < size[1]
        assert "District Bristol selected" in held.text or size[0] < 80
        assert "Type Violence locked" in held.text or size[0] < 120


async def test_without_it_there_is_no_such_line() -> None:
    """Outside reader mode the line takes no room and the cursor stays where Textual has it."""
    reader.use(False)
    async with console() as held:
        assert not held.page.spoken.display
        await held.press("apostrophe", "t", "down")
        assert held.page.spoken.sentence == ""
        assert tuple(held.app.cursor_position) == (0, 0)


def test_durations_are_spelt_out() -> None:
    """Two units at most, singular where there is one."""
    said = {
        45: "45 seconds",
        250: "4 minutes 10 seconds",
        3660: "1 hour 1 minute",
        7200: "2 hours",
        187200: "2 days 4 hours",
        0: "0 seconds",
    }
    assert {seconds: words.duration(seconds) for seconds in said} == said
    assert words.target(600) == "10 minutes left"
    assert words.target(-750) == "over by 12 minutes"
    assert words.target(299) == "4 minutes 59 seconds left"


def test_what_changed_between_selections() -> None:
    """Values by name, whole fields, other clauses, locks."""
    bristol, both = (Selection().with_clause("district", Values(frozenset(held))) for held in (("Bristol",), ("Bristol", "Somerset")))
    recent = bristol.with_clause("created", Window(-14400, None))
    titles = {"district": "District", "created": "Created"}
    assert changes(Selection(), both, titles) == "Bristol, Somerset selected"
    assert changes(both, bristol, titles) == "Somerset let go"
    assert changes(both, Selection(), titles) == "District cleared"
    assert changes(bristol, recent, titles) == "Created last 4h selected".replace("4h", words.duration(14400))
    assert changes(recent, recent.lock("district"), titles) == "District locked"
    assert changes(recent.lock("district"), recent, titles) == "District free"
    assert changes(bristol, bristol, titles) == ""


START = """
import sys
sys.path.insert(0, {root!r})
from console.app.app import run
from console.app.drawing import reader
from tests.app.fake import FakeDesk
reader.use(True)
sys.exit(run(lambda progress: FakeDesk(), app="control", at=None, select=(), locks=(), marking="OFFICIAL"))
"""


def test_a_real_terminal_shows_its_cursor_there(tmp_path: Path) -> None:
    """The driver leaves the cursor to be seen, on the value, after every frame; without reader mode it is hidden."""
    env = {**os.environ, "TERM": "xterm-256color", "XDG_STATE_HOME": str(tmp_path)}
    with Terminal([sys.executable, "-c", START.format(root=str(ROOT))], env, 24, 80) as held:
        held.wait("312 of 312 open shown")
        for keys in (("'", "t", "down"), ("down",), ("'", "g", "right"), ("'", "q", "down")):
            held.press(*keys)
            held.wait(lambda text: "row " in text.split("\n")[1])
            held.read(0.5)
            screen = held._screen
            assert not screen.cursor.hidden
            row = held.text.split("\n")[screen.cursor.y]
            assert row[screen.cursor.x] != " "
            assert row[: screen.cursor.x].strip() == "" or row[screen.cursor.x - 1] == " "
        held.press("q")
        assert held.finish() == 0
    plain = START.format(root=str(ROOT)).replace("reader.use(True)", "")
    with Terminal([sys.executable, "-c", plain], env, 24, 80) as held:
        held.wait("312 of 312 open shown")
        assert held._screen.cursor.hidden
        held.press("q")
        assert held.finish() == 0

"""The console in a real terminal: it leaves it as it was, whatever ends it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.terminal.screen import Terminal

ROOT = Path(__file__).resolve().parents[2]
START = """
import sys, threading, time
sys.path.insert(0, {root!r})
from console.app.app import run
from tests.app.fake import FakeDesk
{more}
print("before")
sys.exit(run({open}, app="control", at=None, select=(), locks=(), marking="OFFICIAL"))
"""
LEAVES = b"\x1b[?1049l"  # back from the alternate screen
SHOWS_CURSOR = b"\x1b[?25h"


def terminal(tmp_path: Path, more: str = "", open: str = "lambda progress: FakeDesk()") -> Terminal:
    """Start a console over a fake desk."""
    env = {**os.environ, "TERM": "xterm-256color", "XDG_STATE_HOME": str(tmp_path), "COLUMNS": "", "LINES": ""}
    return Terminal([sys.executable, "-c", START.format(root=str(ROOT), more=more, open=open)], env, 40, 120)


def restored(held: Terminal) -> bool:
    """Return whether the alternate screen was left and the cursor shown, last."""
    left, entered = held.raw.rfind(LEAVES), held.raw.rfind(b"\x1b[?1049h")
    return left > entered and held.raw.rfind(SHOWS_CURSOR) > held.raw.rfind(b"\x1b[?25l")


def test_a_sitting_and_its_end(tmp_path: Path) -> None:
    """Keys come through a real terminal; q ends it with status 0 and the terminal as it was."""
    with terminal(tmp_path) as held:
        held.wait("312 of 312 open shown")
        held.press("'", "t", "space")
        held.wait("Type * Collision")
        held.resize(24, 80)
        held.wait("queue | units")
        held.press("q")
        assert held.finish() == 0
        assert restored(held)


def test_quitting_waits_for_no_query(tmp_path: Path) -> None:
    """A desk that never answers holds nothing back, neither opening nor asking."""
    stuck = "class Stuck(FakeDesk):\n    def ask(self, *_): time.sleep(600)\n    def close(self): time.sleep(600)"
    with terminal(tmp_path, stuck, "lambda progress: Stuck()") as held:
        held.wait("counting...")
        held.press("q")
        assert held.finish() == 0
        assert restored(held)
    with terminal(tmp_path, "", "lambda progress: time.sleep(600)") as held:
        held.wait("q quits")
        held.press("\x03")
        assert held.finish() == 0
        assert restored(held)


BUSY = """
import sys
sys.path.insert(0, {root!r})
import duckdb
from console import cli, embedded
from tests.app.fake import FakeDesk

class Busy(FakeDesk):
    def ask(self, *_):
        while True:
            duckdb.connect().execute("select count(*) from range(200000)").fetchall()

embedded.open_embedded = lambda path, **more: Busy()
sys.exit(cli.main(["--no-feed"]))
"""


def test_quitting_while_the_database_works(tmp_path: Path) -> None:
    """What still runs inside the database when the viewer leaves ends with the program, without a word."""
    env = {**os.environ, "TERM": "xterm-256color", "XDG_STATE_HOME": str(tmp_path), "COLUMNS": "", "LINES": ""}
    for _ in range(3):
        with Terminal([sys.executable, "-c", BUSY.format(root=str(ROOT))], env, 40, 120) as held:
            held.wait("counting...")
            held.press("q")
            assert held.finish() == 0
            assert restored(held)


def test_a_failure_to_open_is_a_plain_line(tmp_path: Path) -> None:
    """The data file's own failures are said in a line on standard error, after the screen is left."""
    failing = "class StoreError(Exception): pass\ndef fail(progress): raise StoreError('in use by process 7')"
    with terminal(tmp_path, failing, "fail") as held:
        assert held.finish() == 1
        assert restored(held)
        assert "console: in use by process 7" in held.text
        assert "Traceback" not in held.text


def test_a_crash_is_reported_and_the_terminal_restored(tmp_path: Path) -> None:
    """A fault in the console leaves the terminal as it was and says where its report is."""
    fault = (
        "from console.app.panels.bars import Bars\n"
        "def broken(self, width, height): raise ZeroDivisionError('a bar without length')\n"
        "Bars.body = broken"
    )
    with terminal(tmp_path, fault) as held:
        assert held.finish() == 1
        assert restored(held)
        assert "stopped by a fault in itself" in held.text.replace("\n", "")
        (report,) = (tmp_path / "console").glob("crash-*.txt")
        text = report.read_text(encoding="utf-8")
        assert "a bar without length" in text
        assert "open: control" in text

"""A console whose terminal is gone leaves by itself, with its sitting kept; one that hangs ends all the same."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.terminal import children
from tests.terminal.screen import Terminal

KEEPS = """
from console.app import leaving
leaving.DEAD, leaving.LEAVES, leaving.CLOSES = {dead}, 2.0, 1.0
def keep(self, viewer, kept):
    open({path!r}, "w").write(str(kept.history.now.fields()))
FakeDesk.keep = keep
"""
HANGS = """
import time
FakeDesk.close = lambda self: time.sleep(600)
"""
LOCKED = """
import console.app.sitting
def stuck(self, *more):
    import time
    time.sleep(600)
console.app.sitting.Sitting.lock = stuck
"""


def ended(terminal: Terminal, within: float = 10.0) -> bool:
    """Return whether the program ends in that time, unread."""
    end = time.monotonic() + within
    while terminal.alive and time.monotonic() < end:
        time.sleep(0.05)
    return not terminal.alive


def hung(terminal: Terminal) -> None:
    """Have it write more than its terminal's buffer holds, of which nothing is read."""
    for key in ("2", "1", "f", "f", "2", "1", "?", "esc"):
        terminal.type(key)
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("way", "diff"),
    [("hang-up", True), ("asked to end", True), ("closed", True), ("closed, hung", True), ("hang-up, hung", True),
     ("closed", False), ("hang-up, hung", False)],
)  # fmt: skip
def test_it_leaves_and_keeps(tmp_path: Path, way: str, diff: bool) -> None:
    """Whether by the signal or by the closed terminal, also where that had stopped reading."""
    kept = tmp_path / "kept"
    with Terminal(children.console(diff, more=KEEPS.format(path=str(kept), dead=600)), children.environment()) as terminal:
        terminal.wait("312 of 312 open shown")
        terminal.press("'", "t", "space")
        terminal.wait("Type *")
        if "hung" in way:
            hung(terminal)
        if way.startswith("closed"):
            terminal.hang_up()
        else:
            os.kill(terminal.pid, signal.SIGTERM if way == "asked to end" else signal.SIGHUP)
        assert ended(terminal)
    assert kept.read_text() == "('type',)" or (not diff and "hung" in way)


def test_a_terminal_that_takes_nothing_is_given_up(tmp_path: Path) -> None:
    """Nobody hangs up and nobody reads: after a time the driver finds the link dead, the sitting is kept, and the console leaves."""
    kept = tmp_path / "kept"
    with Terminal(children.console(more=KEEPS.format(path=str(kept), dead=2.0)), children.environment()) as terminal:
        terminal.wait("312 of 312 open shown")
        terminal.press("'", "t", "space")
        terminal.wait("Type *")
        terminal.read(3)
        assert terminal.alive
        hung(terminal)
        assert ended(terminal, 20)
    assert kept.exists()


@pytest.mark.parametrize("fault", [HANGS, LOCKED], ids=["a close that hangs", "a screen that hangs"])
def test_it_ends_whatever_hangs(tmp_path: Path, fault: str) -> None:
    """Nothing of the process remains, though what is open never closes, or the screen's thread never comes back."""
    more = KEEPS.format(path=str(tmp_path / "kept"), dead=600) + fault
    with Terminal(children.console(more=more), children.environment()) as terminal:
        terminal.wait("312 of 312 open shown")
        terminal.press("'", "t", "space")
        terminal.wait("Type *")
        if fault is LOCKED:
            terminal.type("L")
            time.sleep(0.5)
        terminal.hang_up()
        assert ended(terminal)
    assert (tmp_path / "kept").exists()

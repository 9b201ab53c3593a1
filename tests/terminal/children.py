"""Programs for a terminal of a test: the console over a desk in memory at a standing clock, and a bare app that writes anything."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from tests.terminal import pane
from tests.terminal.screen import Terminal

ROOT = Path(__file__).resolve().parents[2]
CONSOLE = """
import sys
from datetime import datetime
sys.path.insert(0, {root!r})
from console.app.drawing import profile
profile.use(profile.PROFILES[{profile!r}])
from console.app import clock
clock.Clock.utcnow = lambda self: datetime(2026, 11, 23, 21, 40)
from console.app.app import run
from tests.app.fake import FakeDesk
{more}
sys.exit(run(lambda progress: FakeDesk(), app="control", at=None, select=(), locks=(), marking="OFFICIAL", diff={diff}))
"""
BARE = """
import sys
sys.path.insert(0, {root!r})
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.strip import Strip
from textual.widget import Widget
from console.app.wire.driver import Wire

class Lines(Widget):
    can_focus = True
    def render_line(self, y):
        text = self.app.lines[y] if y < len(self.app.lines) else ""
        return Strip([Segment(text, Style(color="red", bold=True)), Segment("|end", Style(color="blue"))])

class Bare(App):
    lines = {lines}
    def compose(self):
        yield Lines()
    def on_key(self, event):
        if event.key == "q":
            self.exit(0)

sys.exit(Bare(driver_class=Wire if {diff} else None).run())
"""


def environment(**more: str) -> dict[str, str]:
    """Return the environment of a program in a terminal."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLORTERM", "TMUX")}
    return {**kept, "TERM": "xterm-256color", "LANG": "C.UTF-8", "XDG_STATE_HOME": "/nonexistent", **more}


def console(diff: bool = True, profile: str = "256", more: str = "") -> list[str]:
    """Return the command of a console."""
    return [sys.executable, "-c", CONSOLE.format(root=str(ROOT), diff=diff, profile=profile, more=more)]


def bare(lines: str, diff: bool = True) -> list[str]:
    """Return the command of an app that shows lines, given as an expression of Python, as they are."""
    return [sys.executable, "-c", BARE.format(root=str(ROOT), lines=lines, diff=diff)]


def settled(terminal: Terminal, quiet: float = 0.5, most: float = 20) -> None:
    """Read until nothing was written for so long (s)."""
    for _ in range(int(most / quiet)):
        before = len(terminal.raw)
        terminal.read(quiet)
        if len(terminal.raw) == before:
            return
    raise AssertionError("it never stops writing")


def alike(here: Terminal, there: Terminal, told: object, most: float = 30) -> None:
    """Read both until each has settled and they look the same; fail with the rows that differ if they never do."""
    end = time.monotonic() + most
    while True:
        for terminal in (here, there):
            settled(terminal)
        rows = list(zip(pane.looks(here._screen), pane.looks(there._screen), strict=True))
        differ = [y for y, (one, other) in enumerate(rows) if one != other]
        if not differ:
            return
        if time.monotonic() > end:
            seen = [f"{y}: {here._screen.display[y]!r}\n   {there._screen.display[y]!r}" for y in differ]
            raise AssertionError(f"after {told} they differ:\n" + "\n".join(seen))

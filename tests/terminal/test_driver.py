"""The driver in a real pty: the same screen as Textual's own, whatever is typed, resized, suspended or written over."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

import pytest

from tests.terminal import children, pane
from tests.terminal.screen import Terminal

SITTING = (
    ("'", "t", "space"), ("down", "down", "space"), ("'", "q", "down", "down", "enter"), ("esc", "esc"), ("'", "m", "right", "down", "space"),
    ("f",), ("esc", "C"), ("/", "t", "h", "e"), ("esc",), ("?",), ("esc",), ("2",), ("1",),
)  # fmt: skip
OWN = re.compile(rb"\x1b\[[?<=>]?[0-9;]*\$?[a-zA-Z]|\x1b\]22;[a-z]*\x07")


@pytest.mark.parametrize("profile", ["256", "full", "lean", "mono", "ascii"])
def test_a_sitting_looks_the_same(profile: str) -> None:
    """After each of a sitting's keys, in every profile, and at another size, each cell looks as with Textual's own driver."""
    sent = []
    with (
        Terminal(children.console(True, profile), children.environment()) as here,
        Terminal(children.console(False, profile), children.environment()) as there,
    ):
        both = here, there
        for terminal in both:
            terminal.wait("312 of 312 open shown")
        for keys in SITTING if profile == "256" else SITTING[:5]:
            for terminal in both:
                terminal.press(*keys)
            children.alike(here, there, keys)
            if profile == "ascii":
                assert here.raw.isascii()
            sent.append((len(here.raw), len(there.raw)))
        for rows, columns in ((24, 80), (50, 200), (40, 120)):
            for terminal in both:
                terminal.resize(rows, columns)
            children.alike(here, there, (rows, columns))
    assert all(ours * 3 < theirs for ours, theirs in sent)


def test_only_what_changed_is_sent() -> None:
    """A step of the cursor costs tens of bytes; nothing happening costs none."""
    with Terminal(children.console(), children.environment()) as here:
        here.wait("312 of 312 open shown")
        here.press("'", "t")
        children.settled(here)
        before = len(here.raw)
        here.press("down")
        children.settled(here)
        assert 0 < len(here.raw) - before < 200
        before = len(here.raw)
        here.read(2)
        assert len(here.raw) == before


def test_redraw() -> None:
    """What another program wrote over the screen is gone after ctrl+l, which sends the screen once."""
    with Terminal(children.console(), children.environment()) as here:
        here.wait("312 of 312 open shown")
        children.settled(here)
        looks = pane.looks(here._screen)
        here._stream.feed(b"\x1b[5;5H\x1b[41mBroadcast message\r\nfrom root\x1b[?25h\x1b[20;1H\n\n\n\n\x1b[1;1H")
        assert pane.looks(here._screen) != looks
        before = len(here.raw)
        here.press("\x0c")
        children.settled(here)
        assert pane.looks(here._screen) == looks
        assert here.raw[before:].count(b"OFFICIAL") == 1


@pytest.mark.parametrize("by", [signal.SIGTSTP, signal.SIGSTOP], ids=["asked", "unasked"])
def test_suspended_and_resumed(by: signal.Signals) -> None:
    """A console that was stopped, with or without knowing, draws its screen anew when it goes on, and takes keys."""
    with Terminal(children.console(), children.environment()) as here:
        here.wait("312 of 312 open shown")
        children.settled(here)
        looks, before = pane.looks(here._screen), len(here.raw)
        os.kill(here.pid, by)
        here.read(1)
        if by is signal.SIGTSTP:
            assert b"\x1b[?1049l" in here.raw[before:]
        here._stream.feed(b"\x1b[2J\x1b[1;1Hshell$ ls\r\nfg\r\n")
        os.kill(here.pid, signal.SIGCONT)
        children.settled(here)
        assert pane.looks(here._screen) == looks
        here.press("'", "t", "space")
        here.wait("Type * ")
        here.press("q")
        assert here.finish() == 0


NOTED = """
class Noted(FakeDesk):
    def ask(self, viewer, question, *rest):
        with open({noted!r}, "a") as file:
            print("asked", file=file)
        return super().ask(viewer, question, *rest)
FakeDesk = Noted
"""


def test_a_stuck_link_gets_the_newest_frame(tmp_path: Path) -> None:
    """While nothing is read, every key is taken; then the newest frame comes, and not the queue of those between."""
    noted = tmp_path / "asked"
    with (
        Terminal(children.console(more=NOTED.format(noted=str(noted))), children.environment()) as here,
        Terminal(children.console(), children.environment()) as there,
    ):
        before = []
        for terminal in (here, there):
            terminal.wait("312 of 312 open shown")
            terminal.press("'", "t")
            children.settled(terminal)
            before.append(len(terminal.raw))
        for _ in range(60):
            there.press(" ", "down")
        children.settled(there)
        asked = noted.read_text().count("asked")
        for _ in range(60):
            here._process.write(b" \x1b[B")
            time.sleep(0.05)
        end = time.monotonic() + 20
        while time.monotonic() < end and noted.read_text().count("asked") == asked:
            time.sleep(0.1)
        time.sleep(1)
        assert noted.read_text().count("asked") > asked, "keys are taken while nothing is read"
        children.alike(here, there, "reading again")
        assert len(here.raw) - before[0] < (len(there.raw) - before[1]) / 2, "what was between isn't sent"


def test_leaving_over_a_stuck_link() -> None:
    """A terminal that takes nothing doesn't hold the console back from ending."""
    with Terminal(children.console(), children.environment()) as here:
        here.wait("312 of 312 open shown")
        for _ in range(60):
            here._process.write(b"t")
            time.sleep(0.03)
        here._process.write(b"q")
        end = time.monotonic() + 15
        while here.alive and time.monotonic() < end:
            time.sleep(0.1)
        assert not here.alive


HOSTILE = r"""[
    "\x1b]52;c;ZXZpbA==\x07clip", "\x1b]0;title\x07\x1b]2;x\x1b\\", "\x1b[5n\x1b[c\x1b[6n\x1bZ", "\x9b31m\x9d0;x\x9c\x90q\x9c", "\u200ba\u200bb\ufeffc",
    "\u202eevil\u2066x\u2069\u200f\u061c", "e" + "\N{COMBINING ACUTE ACCENT}" * 100_000, "\x1b[2J\x1bc\x1b#8\x1b(0lqk", "\x00\x05\x08\x08\x0e\x7f\r\t\x0b\x0c",
    "\U0001f469\u200d\U0001f4bb" + "\u200d\U0001f4bb" * 500, "\ud800x\u2028y\u2029z\x85", "[bold red]markup[/] \\[x] $x {y}", "\x1bP1$r\x1b\\\x1b_x\x1b\\\x1b^y\x1b\\",
]"""


def test_hostile_text_reaches_no_terminal() -> None:
    """Text that reached a segment as it came leaves the driver as text alone: no control, no bidi mark, a few marks a cell."""
    with Terminal(children.bare(HOSTILE), children.environment()) as here:
        here.wait("markup")
        children.settled(here)
        here.press("q")
        assert here.finish() == 0
        left = OWN.sub(b"", here.raw).decode()
        assert set(re.findall(r"[\x00-\x1f\x7f-\x9f]", left)) <= {"\r", "\n", "\b"}
        assert not re.search("[\u200b\u200e\u200f\u061c\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]", left)
        assert not re.search("[\u0300-\u036f]{4}", left)
        assert left.count("\u200d") < 8
        assert b"\x1b[5n" not in here.raw
        assert b"\x1b[c" not in here.raw
        assert b"]52" not in here.raw or b"\x1b]52" not in here.raw

"""The profile that suits a terminal, and colours in fewer."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys

import pytest
from rich.style import Style

from console.app.drawing import fewer, ink, profile
from tests.terminal import children
from tests.terminal.screen import Terminal

UTF8 = {"LANG": "en_GB.UTF-8"}


@pytest.mark.parametrize(
    ("env", "name", "colours", "blocks"),
    [
        ({"TERM": "xterm-256color", **UTF8}, "256", 256, True),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", **UTF8}, "256", 256, True),
        ({"TERM": "xterm", "COLORTERM": "24bit", **UTF8}, "256", 256, True),
        ({"TERM": "tmux-256color"}, "256", 256, True),
        ({"TERM": "xterm", **UTF8}, "lean", 16, False),
        ({"TERM": "linux", **UTF8}, "lean", 16, False),
        ({"TERM": "nobody-knows", **UTF8}, "lean", 16, False),
        ({"TERM": "vt100", **UTF8}, "mono", 0, True),
        ({"TERM": "xterm-256color", "NO_COLOR": "1", **UTF8}, "mono", 0, True),
        ({"TERM": "xterm-256color", "NO_COLOR": "", **UTF8}, "256", 256, True),
        ({"TERM": "xterm-256color", "LANG": "en_GB.ISO-8859-1"}, "ascii", 256, False),
        ({"TERM": "xterm-256color", "LANG": "en_GB.UTF-8", "LC_ALL": "C"}, "ascii", 256, False),
        ({"TERM": "xterm", "LC_CTYPE": "en_GB.UTF-8", "LANG": "C"}, "lean", 16, False),
        ({"TERM": "vt100", "LC_ALL": "POSIX"}, "ascii", 0, False),
    ],
)
def test_what_suits_a_terminal(env: dict[str, str], name: str, colours: int, blocks: bool) -> None:
    """By TERM, COLORTERM, NO_COLOR and the locale; all colours are never taken for granted."""
    code = "import os; from console.app.drawing.profile import *; print(repr(choose(os.environ)))"
    kept = {each: os.environ[each] for each in ("PATH", "PYTHONPATH", "HOME") if each in os.environ}
    done = subprocess.run([sys.executable, "-c", code], cwd=children.ROOT, env={**kept, **env}, capture_output=True, text=True, check=True)
    made = eval(done.stdout, {"Profile": profile.Profile})
    assert (made.name, made.colours, made.blocks, made.unicode) == (name, colours, blocks, name != "ascii")


def test_asked_for_by_name() -> None:
    """A name rules over the environment, but for what the locale can't write; a wrong one is refused with those there are."""
    assert profile.choose({"TERM": "xterm", "NO_COLOR": "1"}, name="full").system == "truecolor"
    assert profile.choose({"TERM": "xterm-256color"}, name="lean").system == "standard"
    assert not profile.choose({"TERM": "xterm-256color", "LC_ALL": "C"}, name="full").unicode
    assert not profile.choose({"TERM": "xterm-256color", **UTF8}, encoding="latin-1").unicode
    with pytest.raises(ValueError, match="full, 256, lean, mono, ascii"):
        profile.choose({}, name="colourful")


def test_a_terminal_that_places_nothing_is_refused() -> None:
    """It is said what to use instead."""
    assert "console ask" in profile.refusal({"TERM": "dumb"})
    assert "isn't set" in profile.refusal({})
    assert profile.refusal({"TERM": "vt100"}) == ""
    done = subprocess.run([sys.executable, "-m", "console"], env={**os.environ, "TERM": "dumb"}, capture_output=True, text=True)
    assert done.returncode == 2
    assert "console ask" in done.stderr


def test_sixteen_colours_keep_hue_and_legibility() -> None:
    """Text isn't the one grey unless it was faint, no state looks like its ground, and chosen differs from possible."""
    few = {state: fewer.few(style).color for state, style in ink.STATES.items()}
    ground = fewer.few(Style(color="#000000", bgcolor=ink.BACK)).bgcolor
    assert ground is not None
    assert ground.number == 0
    assert all(colour is not None and colour.number not in (None, 0) for colour in few.values())
    chosen = {few[state] for state in ink.CHOSEN}
    assert not chosen & {few[state] for state in ink.STATES if state not in ink.CHOSEN}
    assert fewer.few(ink.DIM).color == fewer.few(ink.TEXT).color
    for one, other in itertools.combinations((ink.ALARM, ink.WARN, ink.TITLE, ink.STRONG, ink.FAINT), 2):
        assert fewer.few(one) != fewer.few(other)
    kept = Style(color="bright_cyan", bgcolor="default")
    assert fewer.few(kept) == kept


@pytest.mark.parametrize("name", [*profile.PROFILES])
def test_what_reaches_the_terminal(name: str) -> None:
    """256 sends no other colours, lean only the sixteen, mono none, ascii nothing but ASCII."""
    with Terminal(children.console(profile=name), children.environment()) as here:
        here.wait("312 of 312 open shown")
        children.settled(here)
        codes = {code for found in here.raw.split(b"\x1b[")[1:] if (code := found.partition(b"m")[0]).replace(b";", b"").isdigit()}
        assert any(b"38;2;" in code for code in codes) == (name == "full")
        assert any(b"38;5;" in code for code in codes) == (name in ("256", "ascii"))
        if name == "mono":
            assert {part for code in codes for part in code.split(b";")} <= {b"0", b"1", b"4", b"7", b"22", b"24", b"27"}
        assert here.raw.isascii() == (name == "ascii")

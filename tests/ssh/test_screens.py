"""Over a real sshd with the page's own block: the screens, a line that breaks, and nothing left of it."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator

import pytest

from tests.ssh.host import Host, host
from tests.terminal.screen import Terminal

BODY = slice(2, -2)  # of a screen's lines: without the clock, the alerts, and the keys


@pytest.fixture(scope="module")
def at() -> Iterator[Host]:
    """A host of the module's own."""
    with host() as held:
        yield held


def sat(terminal: Terminal) -> None:
    """Wait for the first page, and select a type of incident."""
    terminal.wait(lambda text: ("LIVE" in text and "open shown" in text) or re.search(r"\d+ of \d+", text) is not None, 60)
    terminal.press("'", "t")
    terminal.wait(lambda text: "> Type" in text and "Theft" in text)
    terminal.press("down", "down", "space")
    terminal.wait("Type *")


def offered(text: str) -> bool:
    """Return whether the sitting is offered: its key, page, age and selection."""
    return (
        re.search(r"R goes on with Control room, left \d+\w* ago: Type .+ Any other key starts afresh\.", " ".join(text.split()))
        is not None
    )


@pytest.mark.parametrize(("rows", "columns"), [(24, 80), (20, 40)])
def test_a_broken_line(at: Host, rows: int, columns: int) -> None:
    """ssh is killed in the middle of a press: the console behind it is gone soon, and one key brings the same screen back."""
    with at.terminal(rows, columns) as terminal:
        sat(terminal)
        terminal.press("/", "b", "r", "i", "s")
        terminal.wait("Bristol")
        assert any("console" in command for command in at.left())
        terminal.type("t")
        os.kill(terminal.pid, signal.SIGKILL)
    assert at.empty(10), at.left()
    with at.terminal(rows, columns) as terminal:
        terminal.wait(offered, 60)
        terminal.press("R")
        terminal.wait(lambda text: "Search: bris" in text and "Bristol" in text and "Type *" in text)
        terminal.press("\x03")
        assert terminal.finish() == 0
    assert at.empty(10), at.left()

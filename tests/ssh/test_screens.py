"""Over a real sshd with the page's own block: the screens, a line that breaks, and nothing left of it."""

from __future__ import annotations

import os
import re
import signal

import pytest

from console.app.leaving import DEAD
from tests.ssh.host import Host
from tests.ssh.relay import Relay
from tests.terminal.link import Link
from tests.terminal.screen import Terminal

BODY = slice(2, -2)  # of a screen's lines: without the clock, the alerts, and the keys


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


@pytest.mark.parametrize(("rows", "columns", "way"), [(24, 80, "killed"), (20, 40, "dropped"), (24, 80, "hung")])
def test_a_broken_line(at: Host, rows: int, columns: int, way: str) -> None:
    """In the middle of a press ssh is killed, or its connection dropped, or it had stopped reading before: nothing of the console
    behind it remains soon, and one key brings the same screen back."""
    with Relay(at.port) as relay, at.terminal(rows, columns, port=relay.port) as terminal:
        sat(terminal)
        terminal.press("/", "b", "r", "i", "s")
        terminal.wait("Bristol")
        assert any("console" in command for command in at.left())
        if way == "hung":
            os.kill(terminal.pid, signal.SIGSTOP)
        terminal.type("t")
        if way == "dropped":
            relay.cut()
        else:
            os.kill(terminal.pid, signal.SIGKILL)
        assert at.empty(10), at.left()
    assert at.empty(10), at.left()
    with at.terminal(rows, columns) as terminal:
        terminal.wait(offered, 60)
        terminal.press("R")
        terminal.wait(lambda text: "Search: bris" in text and "Bristol" in text and "Type *" in text)
        terminal.press("\x03")
        assert terminal.finish() == 0
    assert at.empty(10), at.left()


@pytest.mark.long
def test_a_link_that_is_dead_without_a_word(at: Host) -> None:
    """Nobody closes anything, and the live screen is sent on: the console finds that its terminal answers no more, and leaves."""
    with Relay(at.port) as relay, Link(at.ssh(port=relay.port), at.client(), rate=1e6, there_and_back=0.0) as link:
        link.wait("open shown")
        link.press("'", "t")
        link.run(3)
        link.press("down", "space")
        link.wait("Type *")
        link.run(5)
        assert at.left()
        relay.mute()
        assert at.empty(DEAD + 30, " -m console "), at.left()
        assert at.empty(90), at.left()  # sshd has nothing to send any more, and looks for itself
    with at.terminal() as terminal:
        terminal.wait(offered, 60)
        terminal.press("q")
        assert terminal.finish() == 0

"""A second terminal, tmux, has the same pane under this driver and under Textual's own, and shows the same of it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.terminal import children, pane
from tests.terminal.screen import Terminal

COLUMNS, ROWS = 120, 40
Tmux = Callable[..., str]


@pytest.fixture
def socket() -> Iterator[str]:
    """Return the name of a tmux server of its own; it is ended with the test."""
    if shutil.which("tmux") is None:
        assert not os.environ.get("CI"), "tmux isn't installed"
        pytest.skip("tmux isn't installed (Debian: tmux)")
    name = f"console-test-{os.getpid()}-{time.monotonic_ns()}"
    yield name
    subprocess.run(["tmux", "-L", name, "kill-server"], capture_output=True)


def told(socket: str, *words: str) -> list[str]:
    return ["tmux", "-L", socket, "-f", "/dev/null", *words]


def tmux(socket: str, *words: str) -> str:
    """Give a command to the server; return what it says."""
    done = subprocess.run(told(socket, *words), env=children.environment(), capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return done.stdout


def attached(socket: str, folder: Path, argv: list[str], term: str) -> Terminal:
    """Start a program in a pane, and a client that shows the pane in a terminal that can't erase in a colour."""
    python, _, code = argv
    session = f"s{len(list(folder.iterdir()))}"
    (folder / session).write_text(code, encoding="utf-8")
    program = shlex.join(["env", f"TERM={term}", python, str(folder / session)])
    made = ["new-session", "-s", session, "-x", str(COLUMNS), "-y", str(ROWS), program, ";", "set", "status", "off"]
    return Terminal(told(socket, "-u", *made), children.environment(TERM="screen-256color"), ROWS, COLUMNS)


def captured(socket: str, session: str) -> list[list[pane.Looks]]:
    """Return how a pane looks by capture-pane, which leaves out what is blank at the end of a row."""
    made, stream = pane.screen(COLUMNS, ROWS)
    stream.feed(b"\x1b[?7l" + tmux(socket, "capture-pane", "-p", "-e", "-t", session).rstrip("\n").replace("\n", "\r\n").encode())
    rows = pane.looks(made)
    for row in rows:
        while row and row[-1][0] in ("", " ") and not row[-1][3]:
            row.pop()
    return rows


@pytest.mark.parametrize("term", ["screen-256color", "tmux-256color", "xterm-256color"])
def test_the_pane_is_the_same(socket: str, tmp_path: Path, term: str) -> None:
    """Key after key each cell of the pane looks the same; tmux is said to be what it is, and to be xterm."""
    with (
        attached(socket, tmp_path, children.console(True), term) as here,
        attached(socket, tmp_path, children.console(False), term) as there,
    ):
        for keys, holds in (
            ((), "312 of 312 open shown"),
            (("'", "t", "space", "down", "space"), "Type * "),
            (("'", "q", "down", "enter"), "esc"),
            (("esc", "esc", "'", "m", "right", "space", "f"), "open shown"),
            (("?",), "Anywhere"),
            (("esc", "esc", "C"), "312 of 312 open shown"),
            (("\x0c",), "312 of 312 open shown"),
        ):
            for terminal in (here, there):
                for key in keys:
                    terminal.press(key)
                    terminal.read(0.1)
            for terminal in (here, there):
                terminal.wait(holds)
                children.settled(terminal)
            children.alike(here, there, keys)
            assert captured(socket, "s0") == captured(socket, "s1"), keys


WIDE = ["漢字 and カナ kana", "한국어 hangul", "e\u0301a\u0308 cafe\u0301 marks", "\U0001f600 face", "\u2764\ufe0f heart", "\U0001f469\u200d\U0001f4bb coder",
        "\U0001f1ec\U0001f1e7 flag"]  # fmt: skip


def test_wide_and_joined_characters(socket: str, tmp_path: Path) -> None:
    """Wide characters and marks are as they are by Textual; what follows a glyph of disputed width stands in its place all the same."""
    with (
        attached(socket, tmp_path, children.bare(repr(WIDE), True), "xterm-256color") as here,
        attached(socket, tmp_path, children.bare(repr(WIDE), False), "xterm-256color") as there,
    ):
        for terminal in (here, there):
            terminal.wait("kana")
            children.settled(terminal)
        assert captured(socket, "s0")[:3] == captured(socket, "s1")[:3]
        lines = tmux(socket, "capture-pane", "-p", "-t", "s0").split("\n")
        for line, text in zip(lines, WIDE, strict=False):
            before = line[: line.index("|end")]
            assert before.endswith(text.split()[-1])
            assert cell_len(before.replace("\ufe0f", "")) == cell_len(text), "tmux takes one cell for what the selector makes two"

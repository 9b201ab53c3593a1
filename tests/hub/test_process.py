"""The hub and its terminals as processes: what they import, how they end, and a hub that is killed under a screen."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from console.feed import bulk
from console.feed.ingest import SimulatorState, clock
from console.feed.simulator import SOURCE, Simulator
from console.store.database import open_store
from tests.hub.serving import until
from tests.terminal.screen import Terminal

HEAVY = ("duckdb", "polars", "numba", "shapely", "pandas")
THIN = 75_000_000  # bytes that a terminal of a hub may keep in memory, a map's arrays among them


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a day of the simulated force, up to an hour ago."""
    path, ended = tmp_path_factory.mktemp("hub") / "a.duckdb", clock().replace(microsecond=0) - timedelta(hours=1)
    store = open_store(path)
    simulator = Simulator(4, ended - timedelta(days=1), positions_from=ended - timedelta(minutes=40))
    bulk.load(store, simulator.advance(ended).frames(), SOURCE, SimulatorState(SOURCE, ended, simulator.state()))
    store.close()
    return path


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "CI", "CONSOLE_DATA", "XDG_RUNTIME_DIR")}
    return {**kept, "TERM": "xterm-256color", "LANG": "C.UTF-8", "XDG_STATE_HOME": str(data.parent), **more}


def console(*words: str) -> list[str]:
    return [sys.executable, "-m", "console", *words]


@contextmanager
def hub(data: Path, *words: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    """Run a hub of the file, ready."""
    path = data.with_suffix(".sock")
    argv = console("hub", "--data", str(data), "--socket", str(path), *words)
    with subprocess.Popen(argv, env=environment(data, **more), stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            line = process.stderr.readline()
            assert " ready: " in line, line
            yield process
        finally:
            process.kill()


def ended(process: subprocess.Popen[str], number: int) -> tuple[int, str]:
    """Send a signal; return the status and what was logged since."""
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    return process.returncode, said


def test_a_hub_serves_and_ends(data: Path, tmp_path: Path) -> None:
    """It is asked as a file is, tells its service manager, refuses a second of its file and of its socket, and ends clean."""
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(tmp_path / "notify"))
    told = list[bytes]()
    threading.Thread(target=lambda: told.extend(iter(lambda: manager.recv(999), b"")), daemon=True).start()
    path, more = data.with_suffix(".sock"), {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "300000"}
    ask = ("ask", "control", "--select", "grade=Priority", "--format", "json", "--at", f"{clock():%Y-%m-%dT%H:%M}Z")
    here = subprocess.run(console(*ask, "--data", str(data)), env=environment(data), capture_output=True, text=True)
    with hub(data, "--no-feed", **more) as process:
        until(lambda: len(told) > 1)
        assert told[0].startswith(b"READY=1\nSTATUS=")
        assert told[1] == b"WATCHDOG=1"
        there = subprocess.run(console(*ask, "--hub", str(path)), env=environment(data), capture_output=True, text=True)
        assert (there.returncode, there.stderr) == (0, "")
        assert there.stdout == here.stdout
        named = subprocess.run(console("ask", "nowhere"), env=environment(data, CONSOLE_HUB=str(path)), capture_output=True, text=True)
        assert (named.returncode, named.stderr[:23]) == (2, "console: no app 'nowher")
        second = console("hub", "--data", str(tmp_path / "b.duckdb"), "--socket", str(path), "--no-feed")
        other = subprocess.run(second, env=environment(data), capture_output=True, text=True)
        assert other.returncode == 4
        assert f"process {process.pid}" in other.stderr
        second = console("hub", "--data", str(data), "--socket", str(tmp_path / "other.sock"), "--no-feed")
        other = subprocess.run(second, env=environment(data), capture_output=True, text=True)
        assert other.returncode == 3
        assert f"in use by process {process.pid}" in other.stderr
        status, said = ended(process, signal.SIGTERM)
        assert status == 0
        assert re.fullmatch(r"\S+Z ended: .*\n", said.splitlines(keepends=True)[-1])
        until(lambda: told[-1] == b"STOPPING=1")
    assert not path.exists()
    absent = subprocess.run(console(*ask, "--hub", str(path)), env=environment(data), capture_output=True, text=True)
    assert (absent.returncode, absent.stderr.split(":")[0]) == (1, "console")
    assert f"no hub serves at {path}" in absent.stderr
    wrong = subprocess.run(console("hub", "--data", str(data), "--limit", "0"), env=environment(data), capture_output=True, text=True)
    assert wrong.returncode == 2


def test_a_terminal_of_a_hub_is_thin(data: Path) -> None:
    """The whole screen, answered, has loaded nothing that reads data, and takes little memory."""
    with (
        hub(data, "--no-feed"),
        Terminal(console("--hub", str(data.with_suffix(".sock"))), environment(data), rows=40, columns=120) as screen,
    ):
        screen.wait(lambda text: "Queue, in priority (" in text and "as of" in text, 60)
        maps = Path(f"/proc/{screen.pid}/maps").read_text(encoding="utf-8")
        assert not [name for name in HEAVY if f"/{name}/" in maps or f"/_{name}." in maps]
        pages = int(Path(f"/proc/{screen.pid}/statm").read_text(encoding="ascii").split()[1])
        assert pages * os.sysconf("SC_PAGE_SIZE") <= THIN
        screen.press("q")
        assert screen.finish() == 0


def test_a_hub_killed_under_a_screen(data: Path) -> None:
    """The screen says so with its picture's age, keeps the picture, refuses keys, and goes on with its selection under another hub."""
    words = ("--hub", str(data.with_suffix(".sock")), "--select", "grade=Priority")
    with hub(data, "--no-feed") as process, Terminal(console(*words), environment(data), rows=40, columns=120) as screen:
        text = screen.wait(lambda text: "Queue, in priority (" in text and "as of" in text and shown(text)[0] > 0, 60)
        before = shown(text)
        process.send_signal(signal.SIGKILL)
        process.wait()
        text = screen.wait(lambda text: re.search(r"HUB AWAY \d+s, picture \d+s old", text) is not None)
        assert shown(text) == before
        screen.press("C")
        text = screen.wait(lambda text: "not now: no hub serves at" in text)
        assert shown(text) == before
        with hub(data, "--no-feed"):
            screen.wait(lambda text: "HUB AWAY" not in text)
            screen.press("tab")
            text = screen.wait(lambda text: "old: the hub" not in text and "counting" not in text)
            assert shown(text) == before
            screen.press("C")
            screen.wait(lambda text: shown(text)[0] == shown(text)[1])
            screen.press("q")
            assert screen.finish() == 0


def shown(text: str) -> tuple[int, int]:
    """Return the bar's two numbers."""
    found = re.search(r"([\d,]+) of ([\d,]+) open", text)
    return (int(found[1].replace(",", "")), int(found[2].replace(",", ""))) if found else (0, 0)

"""A console left running under random keys: it stays up, says nothing failed, keeps its memory, and its state is the fold of its events."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.feed.ingest import Ingest
from console.store.database import open_store
from tests.state import TABLES, state
from tests.terminal.screen import Terminal

KEYS = (
    *["up", "down", "left", "right", "tab", "shift+tab", "space", "pagedown"] * 4,
    *["enter", "esc", "backspace", "[", "]", "c", "C", "L", "o", "f", "t", "z", "n", "s", "v", "b", "r", "/", "?", "'", "1", "2", "a", "e"],
)
WORKED_UP = 150 * 2**20  # bytes that caches and buffers may add once everything has been opened
SPEED = 40


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with two days of synthetic history."""
    path = tmp_path_factory.mktemp("soak") / "a.duckdb"
    subprocess.run([sys.executable, "-m", "console", "init", "--data", str(path), "--days", "2"], check=True, capture_output=True)
    return path


def resident(pid: int) -> int:
    """Return the bytes of memory that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def lines(data: Path) -> Iterator[bytes]:
    """Yield a file's events as lines, in no order that they came in."""
    store = open_store(data)
    with store.reader() as cursor:
        cursor.execute("select source, sequence, occurred_at, kind, key, payload from base.event order by hash(sequence)")
        for source, sequence, at, kind, key, payload in cursor.fetchall():
            event = {"v": 1, "source": source, "sequence": sequence, "occurred_at": f"{at.isoformat()}Z", "kind": kind, "key": key}
            yield json.dumps(event | {"payload": json.loads(payload)}).encode()
    store.close()


@pytest.mark.parametrize("seconds", [25, pytest.param(1800, marks=pytest.mark.long)])
def test_random_keys(data: Path, tmp_path: Path, seconds: int) -> None:
    """Random keys for a while over a force at many times its speed, at changing sizes, then quit; nothing failed, nothing is lost."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "CI")}
    env = kept | {"CONSOLE_DATA": str(data), "TERM": "xterm-256color", "LANG": "C.UTF-8", "XDG_STATE_HOME": str(tmp_path)}
    rng = random.Random(seconds)
    pressed: list[str] = []
    with Terminal([sys.executable, "-m", "console", "--speed", str(SPEED)], env, rows=40, columns=120) as screen:
        screen.wait(lambda text: "Queue, in priority (" in text, 60)
        begun, warm = time.monotonic(), 0
        while (since := time.monotonic() - begun) < seconds:
            warm = warm or (resident(screen.pid) if since > seconds / 3 else 0)
            if rng.random() < 0.02:
                screen.resize(*rng.choice([(40, 120), (24, 80), (50, 200), (20, 40), (8, 30)]))
            pressed.append(rng.choice(KEYS))
            screen.press(pressed[-1])
            assert screen.alive, f"after {' '.join(pressed[-20:])}\n{screen.text}"
            assert " failed" not in screen.text, f"after {' '.join(pressed[-20:])}\n{screen.text}"
        grown = resident(screen.pid) - warm
        screen.resize(40, 120)
        for _ in range(4):
            screen.press("esc")
            time.sleep(0.3)  # or the terminal takes it together with the next key
        screen.press("1", "C")
        screen.wait(lambda text: "Control room" in text and " of " in text)
        screen.press("q")
        assert screen.finish() == 0
    assert grown < WORKED_UP, f"{grown / 2**20:.0f} MiB more than after a third of the time"
    assert not list(tmp_path.rglob("*crash*"))

    again = open_store(tmp_path / "again.duckdb")
    Ingest(again).take(lines(data), "again")
    again.close()
    lived, folded = state(data, events=False), state(tmp_path / "again.duckdb", events=False)
    for table in TABLES:
        assert lived[table] == folded[table], table

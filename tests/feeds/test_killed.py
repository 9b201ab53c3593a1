"""Killed at any moment while a sender streams: nothing acknowledged is missing, nothing is doubled, all arrives in the end."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from console.feed import follow
from console.feed.send import Sending
from console.feed.simulator import Simulator
from console.store.database import open_store


def fed(data: Path, *named: str) -> subprocess.Popen[bytes]:
    """Start what feeds a file, and nothing else of a hub."""
    process = subprocess.Popen([sys.executable, "-m", "tests.feeds.fed", str(data), *named], stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def hub(data: Path, *named: str) -> subprocess.Popen[bytes]:
    """Start a whole hub."""
    feeds = [word for name in named for word in ("--feed", name)]
    words = "hub", "--data", str(data), "--socket", str(data.with_suffix(".sock")), *feeds
    process = subprocess.Popen([sys.executable, "-m", "console", *words], stderr=subprocess.PIPE)
    assert process.stderr is not None
    assert b" ready: " in process.stderr.readline()
    return process


Start = Callable[..., subprocess.Popen[bytes]]


def told(seed: int, source: str, hours: int) -> list[bytes]:
    """Return the lines of some hours of a force."""
    began = datetime(2026, 10, 24)
    return list(Simulator(seed, began, source=source).advance(began + timedelta(hours=hours)).lines())


class Watched(Sending):
    """A sender whose acknowledged lines are noted."""

    acknowledged: list[bytes]

    def _answered(self, said: dict[str, object]) -> None:
        before = list(self._unacknowledged)
        super()._answered(said)
        self.acknowledged += [line.text for line in before[: len(before) - len(self._unacknowledged)] if line is not None]


def sequences(data: Path) -> list[tuple[str, int]]:
    store = open_store(data)
    with store.reader() as cursor:
        found = cursor.execute("select source, sequence from base.event").fetchall()
    store.close()
    return found


def of(line: bytes) -> tuple[str, int]:
    return line.split(b'"source":"')[1].split(b'"')[0].decode(), int(line.split(b'"sequence":')[1].split(b",")[0])


@pytest.mark.parametrize(("start", "rounds", "hours"), [(fed, 3, 1), pytest.param(hub, 60, 8, marks=pytest.mark.long)])
def test_killed_while_a_sender_streams(tmp_path: Path, start: Start, rounds: int, hours: int) -> None:
    """A file is followed and a socket is sent to, while the process is killed and started again."""
    rng = random.Random(rounds)
    lines, followed = told(11, "cad", hours), told(12, "gps", hours)
    data, door, growing = tmp_path / "a.duckdb", tmp_path / "door", tmp_path / "gps.ndjson"
    reading, writing = os.pipe()
    sending = Watched(f"unix:{door}", patience=120.0)
    sending.acknowledged = []

    def give() -> None:
        pieces = len(lines) // 100
        with open(writing, "wb", buffering=0) as pipe, growing.open("ab", buffering=0) as file:
            for piece in range(pieces + 1):
                pipe.write(b"".join(lines[100 * piece : 100 * piece + 100]))
                file.write(b"".join(followed[100 * piece : 100 * piece + 100 if piece < pieces else None]))
                time.sleep(rounds / pieces)

    growing.touch()
    named = f"unix:{door}", f"file:{growing}"
    threads = [threading.Thread(target=give), threading.Thread(target=sending.run, args=[reading])]
    process = start(data, *named)
    for thread in threads:
        thread.start()
    for _ in range(rounds):
        time.sleep(rng.uniform(0.05, 1.0))
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        acknowledged = {of(line) for line in list(sending.acknowledged)}
        found = sequences(data)
        assert len(found) == len(set(found))
        assert acknowledged <= set(found)
        process = start(data, *named)
    for thread in threads:
        thread.join(300.0)
        assert not thread.is_alive()
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 0
    assert sending.sent.quarantined.total() == 0
    store = open_store(data)
    rest = follow.run(store, [str(growing)], follow=False, progress=lambda words: None)
    store.close()
    assert rest.duplicates == 0
    assert sorted(sequences(data)) == sorted(map(of, [*lines, *followed]))


def test_a_hub_is_restarted_while_a_sender_streams(tmp_path: Path) -> None:
    """Asked to end it acknowledges what it has, and the next goes on from there: nothing is sent twice."""
    lines = told(11, "cad", 1)
    data, door = tmp_path / "a.duckdb", tmp_path / "door"
    process = hub(data, f"unix:{door}")
    command = [sys.executable, "-m", "console", "send", "-", "--to", f"unix:{door}"]
    sender = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0)
    assert sender.stdin is not None
    for at in range(0, len(lines), 100):
        sender.stdin.write(b"".join(lines[at : at + 100]))
        if at == 200:
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
            process = hub(data, f"unix:{door}")
    sender.stdin.close()
    sender.stdin = None
    said, _ = sender.communicate(timeout=120)
    assert (sender.returncode, said.decode()) == (0, f"{len(lines):,} lines acknowledged, 0 held already, 0 quarantined\n")
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    assert sorted(sequences(data)) == sorted(map(of, lines))
    store = open_store(data)
    with store.reader() as cursor:
        assert cursor.execute("select sum(duplicates) from base.source").fetchone() == (0,)
    store.close()

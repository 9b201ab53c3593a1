"""Killed at any moment – the hub, who sends to it, ingest –: what was acknowledged is stored, once, and the state is its fold."""

from __future__ import annotations

import json
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import pytest

from console.feed.verify import verify
from tests.durable.files import events, lines

SOURCE = "cad"


class Sender(threading.Thread):
    """Sends a source's lines from the first that isn't acknowledged, as far as the hub lives."""

    def __init__(self, door: Path, told: list[bytes], rng: random.Random) -> None:
        """Send to that door; `acked` is how far it was acknowledged."""
        super().__init__(daemon=True)
        self._door, self._told, self._some = door, told, rng.randint(1, 400)
        self.acked = 0
        self.heard = 0

    def run(self) -> None:
        """Name the source, then send a few lines at a time and hear what is acknowledged."""
        with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.settimeout(20)
            line.connect(str(self._door))
            line.sendall(json.dumps({"sources": [SOURCE]}).encode() + b"\n")
            with line.makefile("rb") as heard:
                self._hear(heard.readline())
                hearing = threading.Thread(target=self._listen, args=(heard,), daemon=True)
                hearing.start()
                for at in range(self.acked, len(self._told), self._some):
                    line.sendall(b"".join(self._told[at : at + self._some]))
                    time.sleep(0.01)
                hearing.join()

    def _listen(self, heard: BinaryIO) -> None:
        with suppress(OSError):
            for said in heard:
                self._hear(said)

    def _hear(self, said: bytes) -> None:
        with suppress(ValueError):
            self.acked = json.loads(said)["ack"][SOURCE] or self.acked
            self.heard += 1


@pytest.fixture(scope="module")
def told() -> list[bytes]:
    """Some fifteen thousand lines of the simulated force, as a source of another name."""
    return [line.replace(b'"source":"simulator"', b'"source":"cad"') for line in lines(14)]


def console(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", "console", *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def begun(hub: subprocess.Popen[str]) -> None:
    """Return when a hub is ready; it may first say what it mended."""
    assert hub.stderr
    told = []
    for line in hub.stderr:
        told.append(line)
        if " ready: " in line:
            return
    raise AssertionError("".join(told))


def door_round(data: Path, feed: Path, told: list[bytes], rng: random.Random) -> int:
    """Run a hub with a door under one who sends, and kill it, or first the other; return how far was acknowledged."""
    door = data.with_suffix(".door")
    hub = console("hub", "--data", str(data), "--socket", str(data.with_suffix(".sock")), "--feed", f"unix:{door}")
    sending = console("send", str(feed), "--to", f"unix:{door}") if rng.random() < 0.2 else None
    sender = Sender(door, told, rng)
    try:
        begun(hub)
        if sending is None:
            sender.start()
        time.sleep(rng.uniform(0.05, 1.5))
        if sending and rng.random() < 0.5:
            sending.kill()
            time.sleep(rng.uniform(0.0, 0.3))
    finally:
        kill(hub)
        if sending:
            kill(sending)
    if sender.ident:
        sender.join(30)
        assert not sender.is_alive()
    return sender.acked


def ingest_round(data: Path, feed: Path, rng: random.Random) -> None:
    """Run ingest over the same lines in a file, and kill it."""
    process = console("ingest", "--data", str(data), str(feed))
    time.sleep(rng.uniform(0.3, 2.0))
    kill(process)


def hub_round(data: Path, rng: random.Random) -> None:
    """Run a hub whose force plays on at many times its speed, and kill it."""
    hub = console("hub", "--data", str(data), "--socket", str(data.with_suffix(".sock")), "--speed", "600")
    try:
        begun(hub)
        time.sleep(rng.uniform(0.0, 2.0))
    finally:
        kill(hub)


@pytest.mark.parametrize("rounds", [4, pytest.param(160, marks=pytest.mark.long)])
def test_kills(tmp_path: Path, told: list[bytes], rounds: int) -> None:
    """After each, all that was ever acknowledged or seen stored is held, once; at the end all is, and the state is its fold."""
    rng, data, feed = random.Random(rounds), tmp_path / "a.duckdb", tmp_path / "feed.ndjson"
    acked, most, seen = 0, 0, set[tuple[str, int]]()
    feed.write_bytes(b"".join(told))
    for number in range(rounds):
        if number % 4 == 3:
            ingest_round(data, feed, rng)
        else:
            acked = max(acked, door_round(data, feed, told, rng))
            most = max(most, acked)
        if data.exists():
            held = events(data)
            assert seen <= held
            assert held >= {(SOURCE, n + 1) for n in range(acked)}
            seen = held
        if number % 20 == 19:
            assert [check for check in verify(data) if check.sound is False] == []
        if len(seen) == len(told):  # then from the beginning
            acked, seen = 0, set()
            data.unlink()
    assert most
    last = console("ingest", "--data", str(data), str(feed))
    assert last.wait() == 0, last.stderr.read() if last.stderr else ""
    assert len(events(data)) == len(told)
    assert [check for check in verify(data) if check.sound is False] == []


@pytest.mark.parametrize("rounds", [1, pytest.param(40, marks=pytest.mark.long)])
def test_kills_of_a_hub(tmp_path: Path, rounds: int) -> None:
    """A hub whose force is played on goes on from what it had stored, and its state is the fold of it."""
    rng, data = random.Random(rounds), tmp_path / "a.duckdb"
    assert console("init", "--data", str(data), "--days", "1").wait() == 0
    seen = events(data)
    for _ in range(rounds):
        hub_round(data, rng)
        held = events(data)
        assert seen <= held
        seen = held
    assert [check for check in verify(data) if check.sound is False] == []

"""Killed at any moment, ingest loses nothing that was committed, doubles nothing, and ends where an unbroken run ends."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from console.feed.simulator import Simulator
from console.store.database import open_store
from tests.state import state


@pytest.fixture(scope="module")
def feed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some twenty thousand lines of the simulated force."""
    path = tmp_path_factory.mktemp("kill") / "feed.ndjson"
    with path.open("wb") as file:
        file.writelines(Simulator(11, datetime(2026, 10, 24)).advance(datetime(2026, 10, 25, 4)).lines())
    return path


def ingest(data: Path, feed: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "console", "ingest", "--data", str(data), str(feed)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


def committed(data: Path) -> set[tuple[str, int]]:
    store = open_store(data)
    with store.reader() as cursor:
        found = cursor.execute("select source, sequence from base.event").fetchall()
    store.close()
    assert len(found) == len(set(found))
    return set(found)


@pytest.mark.parametrize("rounds", [10, pytest.param(100, marks=pytest.mark.long)])
def test_kill_at_random_moments(tmp_path: Path, feed: Path, rounds: int) -> None:
    """Each round kills the process with SIGKILL after a random while; then one run to the end."""
    rng = random.Random(rounds)
    assert ingest(tmp_path / "whole.duckdb", feed).wait() == 0
    data = tmp_path / "killed.duckdb"
    before: set[tuple[str, int]] = set()
    killed = 0
    for _ in range(rounds):
        process = ingest(data, feed)
        time.sleep(rng.uniform(0.15, 1.6))
        process.send_signal(signal.SIGKILL)
        killed += process.wait() == -signal.SIGKILL
        now = committed(data) if data.exists() else set()
        assert before <= now
        before = now
    last = ingest(data, feed)
    assert last.wait() == 0, last.stderr.read().decode() if last.stderr else ""
    assert killed
    whole, broken = state(tmp_path / "whole.duckdb"), state(data)
    for table in whole:
        assert whole[table] == broken[table], table

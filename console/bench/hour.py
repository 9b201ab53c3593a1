"""The recorded hour: a Friday evening of the simulated force after three days of it, the same each time it is made."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from console.feed import bulk
from console.feed.ingest import SimulatorState
from console.feed.simulator import SOURCE, Simulator
from console.store.database import open_store

SEED = 11
BEGINS = datetime(2026, 11, 17)  # UTC; as `console simulate --seed 11 --start 2026-11-17 --days 4` tells it
HOUR = datetime(2026, 11, 20, 21)
NAME = f"{SOURCE}.{SEED}.{BEGINS:%Y%m%d}"


def force() -> Simulator:
    """Return the force as it stands at first."""
    return Simulator(SEED, BEGINS, source=NAME)


def lines(standing: Simulator | None = None) -> list[bytes]:
    """Return the hour's events as NDJSON lines."""
    simulator = standing or force()
    if simulator.until < HOUR:
        simulator.advance(HOUR)
    return list(simulator.advance(HOUR + timedelta(hours=1)).lines())


def make(data: Path, recording: Path) -> int:
    """Make a data file with the days before the hour, and the recording of it; return how many events that has."""
    simulator = force()
    store = open_store(data)
    try:
        frames = simulator.advance(HOUR).frames()
        bulk.load(store, frames, NAME, SimulatorState(NAME, HOUR, simulator.state(), HOUR))
        store.checkpoint()
    finally:
        store.close()
    told = lines(simulator)
    recording.write_bytes(b"".join(told))
    return len(told)

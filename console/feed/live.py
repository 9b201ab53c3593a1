"""The embedded force: synthetic history in bulk, then live play from where it ends, in one process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from console.feed.events import VERSION, Event, SourceHeartbeat, encode
from console.feed.ingest import Ingest
from console.feed.simulator import Simulator
from console.store import sql
from console.store.database import Store

Progress = Callable[[str, float], None]

SOURCE = "simulator"
HEARTBEAT = "simulator.heartbeat"
BULK_AFTER = timedelta(minutes=20)
CHUNK = timedelta(days=7)


def clock() -> datetime:
    """Return the wall clock as naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def vacant(store: Store) -> bool:
    """Return whether nothing has been stored in the file yet."""
    with store.reader() as cursor:
        return bool(sql.rows(cursor, "store/vacant")[0][0])


def resume(store: Store) -> Simulator | None:
    """Return the simulator as it stood at the end of what is stored, or None if this file has none."""
    with store.reader() as cursor:
        held = sql.rows(cursor, "store/simulator_state", {"source": SOURCE})
    return Simulator.restore(bytes(held[0][1])) if held else None


def catch_up(store: Store, simulator: Simulator, until: datetime, progress: Progress) -> None:
    """Load the simulator's events up to `until` (naive UTC) in bulk, a week a transaction, with its state."""
    from console.feed import bulk

    start = simulator.until
    while simulator.until < until:
        step = min(simulator.until + CHUNK, until)
        batch = simulator.advance(step)
        bulk.load(store, batch.frames(), SOURCE, (step, simulator.state()))
        progress(f"history to {step:%d %b %Y}", (step - start) / (until - start))


class Live(threading.Thread):
    """Plays the simulator on, through the same lines and ingest as any other source, until stopped."""

    def __init__(self, store: Store, simulator: Simulator, speed: float = 1.0) -> None:
        """Play from where the simulator stands, `speed` simulated seconds a second."""
        super().__init__(name="live feed", daemon=True)
        self._store = store
        self._simulator = simulator
        self._speed = speed
        self._started_at = clock()
        self._start = self._started_at if speed == 1.0 else simulator.until
        self._stopped = threading.Event()
        self._beats = 0
        self.failure: str | None = None

    def now(self) -> datetime:
        """Return the simulated present, naive UTC."""
        return self._start + (clock() - self._started_at) * self._speed

    def run(self) -> None:
        """Take each second's events and a heartbeat into the store; a failure stops the feed and is kept."""
        try:
            ingest = Ingest(self._store)
            while not self._stopped.wait(1.0):
                self.step(ingest, self.now())
        except Exception as error:
            self.failure = f"live feed stopped: {error}"

    def step(self, ingest: Ingest, now: datetime) -> None:
        """Take the events up to `now`, and the simulator's state, in one transaction."""
        batch = self._simulator.advance(now)
        ingest.take([*batch.lines(), self._heartbeat(now)], place=SOURCE, state=(SOURCE, now, self._simulator.state()))

    def _heartbeat(self, now: datetime) -> bytes:
        beat = int(now.replace(tzinfo=UTC).timestamp() * 1000)
        return encode(Event(VERSION, HEARTBEAT, beat, now.replace(tzinfo=UTC), "source.heartbeat", SOURCE, SourceHeartbeat()))

    def stop(self) -> None:
        """Stop after the present step."""
        self._stopped.set()
        if self.is_alive():
            self.join(5.0)

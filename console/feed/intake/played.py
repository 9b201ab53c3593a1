"""A force simulated or recorded, played as a feed among others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from console.feed import history, recorded
from console.feed.ingest import clock
from console.feed.intake.tally import Tally
from console.feed.intake.writer import Lane
from console.feed.live import Live
from console.store.database import Store, StoreError

Progress = Callable[[str, float], None]
DAYS = 90


class Played:
    """A player, and what fills in its older history beside it, if anything does."""

    def __init__(self, playing: Live, tally: Tally, earlier: history.Earlier | None = None) -> None:
        """Play it once started."""
        self._playing, self._earlier = playing, earlier
        self._tally = tally
        self.now: Callable[[], datetime] = playing.now
        self.pace: Callable[[float], None] = playing.pace

    @property
    def tally(self) -> Tally:
        """What it brought, and why it stopped if it did."""
        self._tally.connect(int(self._playing.is_alive()))
        failures = [self._playing.failure, self._earlier.failure if self._earlier else None]
        self._tally.failed("; ".join(each for each in failures if each))
        return self._tally

    def start(self) -> None:
        """Play; it has been heard of when this returns."""
        self._playing.step(self._playing.now())
        self._playing.start()
        if self._earlier is not None:
            self._earlier.start()

    def stop(self) -> None:
        """Stop where it stands, which is kept."""
        if self._earlier is not None:
            self._earlier.stop()
        self._playing.stop()


def fitting(store: Store) -> tuple[str, ...]:
    """Return what a file is fed by unless something is named: the simulator, where it is the file's own or the file is empty."""
    return ("simulator",) if history.standing(store) is not None or history.vacant(store) else ()


def simulated(store: Store, lane: Lane, speed: float, progress: Progress) -> Played:
    """Return the file's simulated force, brought up to date, or made where the file is empty.

    Raises StoreError if the file holds other events alone, or another version's force.
    """
    force = history.standing(store)
    if force is None and not history.vacant(store):
        raise StoreError(f"{store.path} holds events of other sources and no simulated force: name another file for the simulator")
    if force is None:
        progress(f"making {DAYS} days of synthetic history, the newest first", 0.0)
        force = history.begin(store, 1, clock(), DAYS, newest_first=True)
    simulator = force.simulator
    if speed == 1.0 or simulator.until < clock() - timedelta(days=1):
        simulator = history.catch_up(store, force, clock(), progress)
    return Played(Live(store, simulator, speed, taking=lane), lane.tally, history.Earlier(store))


def replayed(store: Store, lane: Lane, path: Path, speed: float) -> Played:
    """Return a recording, played from its first moment on. Raises OSError, ValueError."""
    return Played(Live(store, recorded.read(path), speed, present=False, taking=lane), lane.tally)

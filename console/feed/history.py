"""Synthetic history in bulk: the newest weeks first, the older ones behind; what is far behind is made in another process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.feed import bulk
from console.feed.ingest import SimulatorState
from console.feed.simulator import SOURCE, Simulator
from console.feed.stretches import along, aside, backward, onward
from console.store import sql
from console.store.database import Store, StoreError

Progress = Callable[[str, float], None]

EARLIER = f"{SOURCE}.earlier"
NEWEST = timedelta(days=56)
POSITIONS = timedelta(minutes=30)
OPENING = timedelta(seconds=1)
CHUNK = timedelta(days=30)
SMALL_CHUNK = timedelta(days=2)
ASIDE_AFTER = timedelta(days=3)
SETTLING = 3.0  # seconds that the first page has both cores for, before the older history is begun


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a simulator is taken up, and from when on its events are wanted (naive UTC; what is before is made elsewhere)."""

    simulator: Simulator
    wanted_from: datetime


def vacant(store: Store) -> bool:
    """Return whether nothing has been stored in the file yet."""
    with store.reader() as cursor:
        return bool(sql.rows(cursor, "store/vacant")[0][0])


def standing(store: Store) -> Standing | None:
    """Return where the file's simulated force is to be taken up, or None if it has none.

    Events made again after that are held already, and kept once. Raises StoreError if another version of the program kept it.
    """
    held = _held(store)
    name = next((name for name in (SOURCE, EARLIER) if name in held), None)
    if name is None:
        return None
    _, stops_at, state = held[name]
    try:
        simulator = Simulator.restore(state)
    except ValueError as error:
        raise StoreError(f"{store.path}: {error}; show it as it is with --no-feed, or name another file with --data") from error
    return Standing(simulator, simulator.until if name == SOURCE else stops_at)


def begin(store: Store, seed: int, until: datetime, days: int, *, newest_first: bool) -> Standing:
    """Open a force whose history of so many days ends at `until`, and return where to go on from.

    The file holds who is in the force; positions are told only from shortly before the end.
    """
    simulator = Simulator(seed, until - timedelta(days=days), positions_from=until - POSITIONS)
    listing = simulator.advance(simulator.until + OPENING)
    seam = (until - NEWEST).replace(hour=0, minute=0, second=0, microsecond=0)
    name, stops_at = (EARLIER, seam) if newest_first and simulator.until < seam else (SOURCE, None)
    bulk.load(store, listing.frames(), SOURCE, SimulatorState(name, simulator.until, simulator.state(), stops_at))
    return Standing(simulator, stops_at or simulator.until)


def catch_up(store: Store, force: Standing, until: datetime, progress: Progress) -> Simulator:
    """Bring the file up to `until` (naive UTC) in bulk, and return the simulator as it stands then.

    Immediate incidents created before `until` are history, and not announced. A console that was killed had stored more than
    the simulator's state tells: what is held of that isn't stored again.
    """
    simulator, start = force.simulator, force.wanted_from
    with store.reader() as cursor:
        held = sql.rows(cursor, "feed/last_sequence", {"source": SOURCE})
    after = int(held[0][0]) if held and held[0][0] is not None else None
    far = until - simulator.until > ASIDE_AFTER
    with store.one_thread() if far else nullcontext():
        for made in aside(onward, simulator.state(), start, until, CHUNK) if far else along(simulator, start, until, CHUNK):
            bulk.load(store, made.frames, SOURCE, SimulatorState(SOURCE, made.end, made.state), after=after)
            progress(f"history to {made.end:%d %b %Y}", (made.end - start) / (until - start))
            if far and made.end == until:
                simulator = Simulator.restore(made.state)
    with store.write({"incident": frozenset()}) as cursor:
        sql.run(cursor, sql.text("feed/announced"), {"from_at": until})
    return simulator


class Earlier(threading.Thread):
    """Fills in what is older than the newest weeks, backwards and a little at a time, while the force is played on.

    Backwards, nothing is ever open for want of its end; the log is folded in as it goes, so that a quit needn't wait for it.
    """

    def __init__(self, store: Store) -> None:
        """Fill this file, if anything is left to fill in."""
        super().__init__(name="earlier history", daemon=True)
        self._store = store
        self._halt = threading.Event()
        self.failure: str | None = None

    def run(self) -> None:
        """Load stretch after stretch, from where the last one ended; a failure is kept in `failure`."""
        try:
            held = _held(self._store).get(EARLIER)
            if held is None or held[0] >= held[1]:
                return
            until, stops_at, stood = held
            if self._halt.wait(SETTLING):
                return
            self._store.checkpoint()
            for made in aside(backward, stood, until, stops_at, SMALL_CHUNK, self._halt):
                bulk.load(self._store, made.frames, SOURCE, SimulatorState(EARLIER, until, stood, made.start))
                self._store.checkpoint()
        except Exception as error:
            self.failure = f"the earlier history stopped: {error}"

    def stop(self) -> None:
        """Stop after the present stretch; what is left is made at the next start."""
        self._halt.set()
        if self.is_alive():
            self.join(5.0)


def _held(store: Store) -> dict[str, tuple[datetime, datetime, bytes]]:
    with store.reader() as cursor:
        return {name: (until, stops_at, bytes(state)) for name, until, stops_at, state in sql.rows(cursor, "feed/simulators")}

"""A feed at play: what falls due goes through the same lines and ingest as any other source."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Protocol

from console.feed.events import VERSION, Event, SourceHeartbeat, encode
from console.feed.ingest import Ingest, Report, SimulatorState, clock
from console.feed.simulator import SOURCE, Simulator
from console.store import sql
from console.store.database import Store

QUIET_S = 5.0
KEEP_S = 60.0
STEP_S = 1.0
URGENT = re.compile(rb'"grade":"Immediate"|"state":0[,}]')  # a line that may announce something: it waits for no others


class Told(Protocol):
    """A stretch of a stream."""

    def lines(self) -> Iterable[bytes]:
        """Return its events as NDJSON lines."""
        ...


class Player(Protocol):
    """What a feed plays: a simulated force or a recording, told up to `until` (naive UTC)."""

    until: datetime

    @property
    def source(self) -> str:
        """Whose heartbeats its feed's are."""
        ...

    def advance(self, until: datetime) -> Told:
        """Return the events of [self.until, until) and stand at `until`."""
        ...

    def state(self) -> bytes:
        """Return all that is needed to go on from here; nothing, if that isn't kept."""
        ...


class Taking(Protocol):
    """What takes lines: the store's ingest, or a feed's lane to it."""

    def take(self, lines: Iterable[bytes], place: str, *, state: SimulatorState | None = None) -> Report:
        """See Ingest.take."""
        ...


class Live(threading.Thread):
    """Plays a force on, through the same lines and ingest as any other source, until stopped."""

    def __init__(
        self, store: Store, simulator: Player, speed: float = 1.0, *, present: bool = True, taking: Taking | None = None
    ) -> None:  # fmt: skip
        """Play from where it stands, `speed` simulated seconds a second; at speed 1 the `present` is the wall clock's.

        The store takes the lines itself, unless something else is `taking` them.
        """
        super().__init__(name="live feed", daemon=True)
        self._ingest: Taking = taking or Ingest(store)
        self._simulator = simulator
        self._speed = speed
        self._began = time.monotonic()
        self._origin = clock() if present and speed == 1.0 else simulator.until
        self._halt = threading.Event()
        self._kept = time.monotonic()
        self._said = self._kept - QUIET_S
        self._source = simulator.source
        self._beats = _last_beat(store, self._source)
        self._waiting: list[bytes] = []
        self._taken = self._pace = 0.0
        self.failure: str | None = None

    def now(self) -> datetime:
        """Return the simulated present, naive UTC."""
        return self._origin + timedelta(seconds=(time.monotonic() - self._began) * self._speed)

    def pace(self, seconds: float) -> None:
        """Take events together that fall due within so many seconds, but for what is urgent."""
        self._pace = seconds

    def run(self) -> None:
        """Take what falls due into the store; a failure stops the feed and is kept in `failure`."""
        try:
            while not self._halt.wait(STEP_S):
                self.step(self.now())
            self._ingest.take(self._waiting, self._source, state=self._standing())
        except Exception as error:
            self.failure = f"the live feed stopped: {error}"

    def step(self, now: datetime, *, keep: bool = False) -> None:
        """Take the events up to `now`, or a heartbeat if it is quiet; keep where the force stands once a minute."""
        lines = list(self._simulator.advance(now).lines())
        wall = time.monotonic()
        if lines:
            self._said = wall
        elif wall - self._said >= max(QUIET_S, self._pace - STEP_S):
            self._said = wall
            self._beats += 1
            lines = [heartbeat(self._source, self._beats, now)]
        self._waiting += lines
        due = keep or wall - self._taken >= self._pace - STEP_S / 2 or any(map(URGENT.search, lines))
        if not due or not (keep or self._waiting):
            return
        state = None
        if keep or wall - self._kept >= KEEP_S:
            self._kept = wall
            state = self._standing()
        taken, self._waiting, self._taken = self._waiting, [], wall
        self._ingest.take(taken, self._source, state=state)

    def _standing(self) -> SimulatorState | None:
        state = self._simulator.state()
        return SimulatorState(SOURCE, self._simulator.until, state) if state else None

    def stop(self) -> None:
        """Stop after the present step, with the simulator's state kept."""
        self._halt.set()
        if self.is_alive():
            self.join(5.0)


def heartbeat(source: str, sequence: int, now: datetime) -> bytes:
    """Return the line that says that a source is alive with nothing else to say."""
    return encode(Event(VERSION, _beating(source), sequence, now.replace(tzinfo=UTC), "source.heartbeat", source, SourceHeartbeat()))


def _beating(source: str) -> str:
    return f"{source}.heartbeat"


def _last_beat(store: Store, source: str) -> int:
    with store.reader() as cursor:
        held = sql.rows(cursor, "feed/last_sequence", {"source": _beating(source)})
    return int(held[0][0]) if held else 0


def play(seed: int, start: datetime, until: datetime | None, speed: float) -> Iterator[bytes]:
    """Yield a simulated force's lines from the UTC midnight at or before `start`, as a source of its seed and that day.

    They go to `until` at once, or to `start` and then on for ever at `speed`, with heartbeats.
    """
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    source = f"{SOURCE}.{seed}.{midnight:%Y%m%d}"
    simulator = Simulator(seed, midnight, source=source)
    if until is not None:
        while simulator.until < until:
            yield from simulator.advance(min(simulator.until + timedelta(hours=6), until)).lines()
        return
    yield from simulator.advance(start).lines()
    began, said, beats = time.monotonic(), time.monotonic(), int(time.time())
    while True:
        now = start + timedelta(seconds=(time.monotonic() - began) * speed)
        batch = simulator.advance(now)
        if len(batch):
            said = time.monotonic()
            yield from batch.lines()
        elif time.monotonic() - said >= QUIET_S:
            said, beats = time.monotonic(), beats + 1
            yield heartbeat(source, beats, now)
        time.sleep(0.5)

"""The embedded force: synthetic history in bulk, then live play from where it ends, in one process."""

from __future__ import annotations

import gc
import multiprocessing
import queue
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from console.feed import bulk
from console.feed.bulk import Frames
from console.feed.events import VERSION, Event, SourceHeartbeat, encode
from console.feed.ingest import Ingest, SimulatorState, clock
from console.feed.simulator import SOURCE, Simulator
from console.store import sql
from console.store.database import Store

Progress = Callable[[str, float], None]
Stretch = tuple[datetime, Frames, bytes]
"""A stretch of history: where it ends, its events as columns by kind, the simulator's state there."""

HEARTBEAT = f"{SOURCE}.heartbeat"
POSITIONS = timedelta(minutes=30)
FIRST_CHUNK = timedelta(days=4)
CHUNK = timedelta(days=10)
ASIDE_AFTER = timedelta(days=3)
QUIET_S = 5.0
KEEP_S = 60.0


def vacant(store: Store) -> bool:
    """Return whether nothing has been stored in the file yet."""
    with store.reader() as cursor:
        return bool(sql.rows(cursor, "store/vacant")[0][0])


def resume(store: Store) -> Simulator | None:
    """Return the simulator as it stood when its state was last kept, or None if this file has none.

    Events it makes again after that are held already, and kept once.
    """
    with store.reader() as cursor:
        held = sql.rows(cursor, "feed/simulator_held", {"source": SOURCE})
    return Simulator.restore(bytes(held[0][1])) if held else None


def begin(seed: int, until: datetime, days: int) -> Simulator:
    """Return a simulator whose history of so many days ends at `until`, with positions only from shortly before."""
    return Simulator(seed, until - timedelta(days=days), positions_from=until - POSITIONS)


def catch_up(store: Store, simulator: Simulator, until: datetime, progress: Progress) -> Simulator:
    """Bring the file up to `until` (naive UTC) in bulk, and return the simulator as it stands then.

    What is far behind is made in a process of its own while what is made is loaded here. Immediate incidents created
    before `until` are history, and not announced.
    """
    start = simulator.until
    made = _aside(simulator, until) if until - start > ASIDE_AFTER else _stretches(simulator, until)
    for step, frames, state in made:
        bulk.load(store, frames, SOURCE, SimulatorState(SOURCE, step, state))
        progress(f"history to {step:%d %b %Y}", (step - start) / (until - start))
        simulator = Simulator.restore(state) if step == until else simulator
    with store.write({"incident"}) as cursor:
        sql.run(cursor, sql.text("feed/announced"), {"from_at": until})
    return simulator


def _stretches(simulator: Simulator, until: datetime) -> Iterator[Stretch]:
    chunk, usual = FIRST_CHUNK, max(CHUNK, (until - simulator.until) / 12)
    while simulator.until < until:
        batch = simulator.advance(min(simulator.until + chunk, until))
        yield simulator.until, batch.frames(), simulator.state()
        chunk = usual


def _aside(simulator: Simulator, until: datetime) -> Iterator[Stretch]:
    """Yield the stretches made by another process, at most two ahead."""
    context = multiprocessing.get_context("spawn")
    ahead: multiprocessing.Queue[Stretch | str] = context.Queue(maxsize=2)
    process = context.Process(target=_make, args=(simulator.state(), until, ahead), daemon=True)
    process.start()
    try:
        step = simulator.until
        while step < until:
            try:
                item = ahead.get(timeout=1.0)
            except queue.Empty:
                if not process.is_alive():
                    raise RuntimeError("the process that makes history died") from None
                continue
            if isinstance(item, str):
                raise RuntimeError(f"making history failed: {item}")
            step = item[0]
            yield item
    finally:
        process.terminate()


def _make(state: bytes, until: datetime, ahead: multiprocessing.Queue[Stretch | str]) -> None:
    gc.disable()  # millions of small tuples, no cycles: a fifth of the time
    try:
        for stretch in _stretches(Simulator.restore(state), until):
            ahead.put(stretch)
    except Exception as error:
        ahead.put(repr(error))


class Live(threading.Thread):
    """Plays the simulator on, through the same lines and ingest as any other source, until stopped."""

    def __init__(self, store: Store, simulator: Simulator, speed: float = 1.0) -> None:
        """Play from where the simulator stands, `speed` simulated seconds a second."""
        super().__init__(name="live feed", daemon=True)
        self._ingest = Ingest(store)
        self._simulator = simulator
        self._speed = speed
        self._began = time.monotonic()
        self._origin = clock() if speed == 1.0 else simulator.until
        self._halt = threading.Event()
        self._said = self._kept = time.monotonic()
        self._beats = _last_beat(store)
        self.failure: str | None = None

    def now(self) -> datetime:
        """Return the simulated present, naive UTC."""
        return self._origin + timedelta(seconds=(time.monotonic() - self._began) * self._speed)

    def run(self) -> None:
        """Take each second's events into the store; a failure stops the feed and is kept in `failure`."""
        try:
            while not self._halt.wait(1.0):
                self.step(self.now())
            self.step(self.now(), keep=True)
        except Exception as error:
            self.failure = f"the live feed stopped: {error}"

    def step(self, now: datetime, *, keep: bool = False) -> None:
        """Take the events up to `now`, or a heartbeat if it is quiet; keep the simulator's state once a minute."""
        lines = list(self._simulator.advance(now).lines())
        wall = time.monotonic()
        if lines:
            self._said = wall
        elif wall - self._said >= QUIET_S:
            self._said = wall
            self._beats += 1
            lines = [heartbeat(self._beats, now)]
        state = None
        if keep or wall - self._kept >= KEEP_S:
            self._kept = wall
            state = SimulatorState(SOURCE, now, self._simulator.state())
        self._ingest.take(lines, SOURCE, state=state)

    def stop(self) -> None:
        """Stop after the present step, with the simulator's state kept."""
        self._halt.set()
        if self.is_alive():
            self.join(5.0)


def heartbeat(sequence: int, now: datetime) -> bytes:
    """Return the line that says that the simulator is alive with nothing else to say."""
    return encode(Event(VERSION, HEARTBEAT, sequence, now.replace(tzinfo=UTC), "source.heartbeat", SOURCE, SourceHeartbeat()))


def _last_beat(store: Store) -> int:
    with store.reader() as cursor:
        held = sql.rows(cursor, "feed/last_sequence", {"source": HEARTBEAT})
    return int(held[0][0]) if held else 0


def play(seed: int, start: datetime, until: datetime | None, speed: float) -> Iterator[bytes]:
    """Yield the simulated force's lines from `start`: to `until` at once, or for ever at `speed`, with heartbeats."""
    simulator = Simulator(seed, start)
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
            yield heartbeat(beats, now)
        time.sleep(0.5)

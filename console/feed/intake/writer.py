"""The one writer: what several feeds bring is gathered for a moment, and committed together."""

from __future__ import annotations

import heapq
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from console.feed.decode import Cut
from console.feed.ingest import Ingest, Parcel, Position, Receipt, Report, SimulatorState, clock
from console.feed.intake.tally import Tally
from console.feed.live import URGENT
from console.store import sql
from console.store.database import Store, StoreError

SHORTEST_S, LONGEST_S = 0.03, 0.25  # how long lines are gathered
SHARE = 4  # times as long as a commit takes are lines gathered: then writing takes a fifth of a core
MANY = 2_000  # lines that are gathered no longer
FULL = 5_000  # about the most that one transaction holds
AGAIN_S = 1.0  # between attempts to write a file that can't be written


class Stopped(Exception):
    """Nothing is taken any more."""


@dataclass(slots=True, eq=False)
class _Offered:
    parcel: Parcel
    tally: Tally
    outcome: Future[Receipt] = field(default_factory=Future)

    @property
    def lines(self) -> int:
        """How much of a transaction it takes: a position alone takes something too."""
        return max(1, len(self.parcel.lines))


class Lane:
    """A feed's, or one sender's, way to the writer: what is offered on it is stored in its order."""

    def __init__(self, intake: Intake, tally: Tally) -> None:
        """Use `Intake.lane`."""
        self._intake, self.tally = intake, tally
        self.offered: deque[_Offered] = deque()

    def offer(self, parcel: Parcel) -> Future[Receipt]:
        """Have a parcel stored; the future tells what became of it once that is durable.

        It holds Stopped if the intake stops before. Raises Stopped.
        """
        return self._intake.add(self, parcel)

    def take(
        self,
        lines: Iterable[bytes | Cut],
        place: str,
        *,
        first_line: int = 1,
        position: Position | None = None,
        state: SimulatorState | None = None,
    ) -> Report:
        """Do as Ingest.take does: return when the lines are durably stored. Raises Stopped."""
        return self.offer(Parcel(list(lines), place, first_line, position, state)).result().report

    def close(self) -> None:
        """Offer nothing more; what has been offered is stored still."""
        self._intake.close(self)


class Intake(threading.Thread):
    """Gathers what is offered on all lanes, an urgent line at once, and commits it, each lane in its turn.

    Where the file can't be written nothing is acknowledged, and it is tried again until it can; `failure` says so.
    """

    def __init__(self, store: Store) -> None:
        """Write to this store."""
        super().__init__(name="intake", daemon=True)
        self._ingest = Ingest(store)
        self._lanes: deque[Lane] = deque()
        self._closed: set[Lane] = set()
        self._waiting = 0
        self._since = 0.0
        self._urgent = self._halting = False
        self._cost = SHORTEST_S / SHARE
        self._changed = threading.Condition()
        self.failure = ""
        with store.reader() as cursor:
            self._acknowledged: dict[str, int] = dict(sql.rows(cursor, "feed/acknowledged"))

    def lane(self, tally: Tally) -> Lane:
        """Return a new lane, whose lines count for this tally."""
        made = Lane(self, tally)
        with self._changed:
            self._lanes.append(made)
        return made

    def acknowledged(self, source: str) -> int | None:
        """Return the highest sequence of a source that is durably stored or quarantined, None if there is none."""
        return self._acknowledged.get(source)

    def add(self, lane: Lane, parcel: Parcel) -> Future[Receipt]:
        """See Lane.offer."""
        offered = _Offered(parcel, lane.tally)
        urgent = any(isinstance(line, bytes) and URGENT.search(line) for line in parcel.lines)
        with self._changed:
            if self._halting:
                raise Stopped("the intake has stopped")
            if not self._waiting:
                self._since = time.monotonic()
            lane.tally.heard(len(parcel.lines), clock())
            lane.offered.append(offered)
            self._waiting += offered.lines
            self._urgent |= urgent
            self._changed.notify()
        return offered.outcome

    def close(self, lane: Lane) -> None:
        """See Lane.close."""
        with self._changed:
            self._closed.add(lane)
            self._sweep()

    def run(self) -> None:
        """Commit what is offered until stopped, and then what is left."""
        while together := self._gathered():
            began = time.monotonic()
            self._commit(together)
            self._cost = (self._cost + time.monotonic() - began) / 2

    def stop(self) -> None:
        """Take nothing more, and return when what was offered is stored, or can't be."""
        with self._changed:
            self._halting = True
            self._changed.notify()
        if self.is_alive():
            self.join()
        else:
            self._give_up(self._next())

    def _gathered(self) -> list[_Offered]:
        """Wait for lines and for more to come with them; return them, or nothing once stopped and all is stored."""
        with self._changed:
            while not self._waiting and not self._halting:
                self._changed.wait()
            while not (self._urgent or self._halting or self._waiting >= MANY):
                left = self._since + min(max(self._cost * SHARE, SHORTEST_S), LONGEST_S) - time.monotonic()
                if left <= 0:
                    break
                self._changed.wait(left)
            return self._next()

    def _next(self) -> list[_Offered]:
        """Return the parcels of the next transaction, always of the lane with the fewest lines in it, the small before the large."""
        together: list[_Offered] = []
        ready = [(0, lane.offered[0].lines, turn, lane) for turn, lane in enumerate(self._lanes) if lane.offered]
        heapq.heapify(ready)
        lines = 0
        while ready and lines < FULL:
            had, _, turn, lane = heapq.heappop(ready)
            offered = lane.offered.popleft()
            together.append(offered)
            lines += offered.lines
            if lane.offered:
                heapq.heappush(ready, (had + offered.lines, lane.offered[0].lines, turn, lane))
        self._lanes.rotate(-1)
        self._waiting -= lines
        self._urgent &= self._waiting > 0
        self._sweep()
        return together

    def _sweep(self) -> None:
        for lane in [lane for lane in self._closed if not lane.offered]:
            self._closed.remove(lane)
            self._lanes.remove(lane)

    def _commit(self, together: Sequence[_Offered]) -> None:
        while True:
            try:
                receipts = self._ingest.take_together([offered.parcel for offered in together])
            except StoreError as error:
                self.failure = str(error)
                with self._changed:
                    stopped = self._changed.wait_for(lambda: self._halting, AGAIN_S)
                if not stopped:
                    continue
                self._give_up(together)
            except Exception as error:
                self._blame(together, error)
            else:
                self.failure = ""
                self._settle(together, receipts)
            return

    def _blame(self, together: Sequence[_Offered], error: Exception) -> None:
        """Have only the parcel fail that is at fault."""
        if len(together) > 1:
            for offered in together:
                self._commit([offered])
            return
        (offered,) = together
        offered.tally.dropped(len(offered.parcel.lines))
        offered.tally.failed(f"not stored: {error}")
        offered.outcome.set_exception(error)

    def _settle(self, together: Sequence[_Offered], receipts: Sequence[Receipt]) -> None:
        at = clock()
        for offered, receipt in zip(together, receipts, strict=True):
            for source, sequence in receipt.reached.items():
                self._acknowledged[source] = max(sequence, self._acknowledged.get(source, -1))
            offered.tally.settled(len(offered.parcel.lines), receipt, at)
            offered.outcome.set_result(receipt)

    def _give_up(self, together: Sequence[_Offered]) -> None:
        for offered in together:
            offered.tally.dropped(len(offered.parcel.lines))
            offered.outcome.set_exception(Stopped("the intake has stopped"))

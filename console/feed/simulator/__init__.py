"""The simulated force: one deterministic stream of events by seed, made as lines or as columns."""

from __future__ import annotations

import zlib
from bisect import bisect_left
from datetime import datetime, timedelta
from operator import itemgetter
from random import Random

import msgspec

from console.feed.simulator import agenda, duties
from console.feed.simulator.batch import Batch
from console.feed.simulator.diary import SLOT_BITS, Diary
from console.feed.simulator.force import Force
from console.feed.simulator.shifts import TICK
from console.feed.simulator.world import DAY, SOURCE, Row, World

__all__ = ["SOURCE", "Batch", "Simulator"]

_EPOCH = datetime(1970, 1, 1)
_WHEN = itemgetter(0)


def _ms(moment: datetime) -> int:
    return round((moment - _EPOCH) / timedelta(milliseconds=1))


class Simulator:
    """Plays the force forward from where it stands; the stream doesn't depend on how it is cut into advances."""

    def __init__(self, seed: int, start: datetime, positions_from: datetime | None = None, source: str = SOURCE) -> None:
        """Begin at the UTC midnight at or before `start` (naive UTC), with every unit off duty.

        Units' positions are told from `positions_from` on, or from the start.
        """
        begin = _ms(start) // DAY * DAY
        self._resume(World(seed, begin, duties.units(), Diary(begin >> SLOT_BITS), Random(f"{seed} {begin}").getstate(), source=source))
        self._world.positions_from = _ms(positions_from or start)
        self.until = _EPOCH + timedelta(milliseconds=begin)

    @property
    def source(self) -> str:
        """Whose heartbeats its feed's are."""
        return SOURCE

    def _resume(self, world: World) -> None:
        self._world = world
        self._force = Force(world)
        self._sorted: dict[str, int] = {}

    def advance(self, until: datetime) -> Batch:
        """Return the events of [self.until, until) and stand at `until` (naive UTC)."""
        first = self._world.sequence + 1
        return Batch(self._play(until), first, self._world.source)

    def skip(self, until: datetime) -> None:
        """Stand at `until` (naive UTC) with the events up to there counted and not told."""
        self._force.told_from = _ms(until)
        self._play(until)

    def _play(self, until: datetime) -> dict[str, list[Row]]:
        world, end = self._world, _ms(until)
        if not world.opened:
            world.opened = True
            duties.listing(self._force, world.at)
            self._force.plan(world.at, "day")
            if world.positions_from is not None:
                first = max(world.at, -(-world.positions_from // TICK) * TICK)
                self._force.plan(first, "tick")
        agenda.run(self._force, end)
        told = {kind: self._cut(kind, rows, end) for kind, rows in world.pending.items() if rows}
        world.sequence += sum(map(len, told.values())) + self._force.passed
        self._force.passed = 0
        self.until = max(self.until, until)
        return told

    def _cut(self, kind: str, rows: list[Row], end: int) -> list[Row]:
        if len(rows) != self._sorted.get(kind):
            rows.sort(key=_WHEN)
        cut = bisect_left(rows, end, key=_WHEN)
        told = rows[:cut]
        del rows[:cut]
        self._sorted[kind] = len(rows)
        return told

    def state(self) -> bytes:
        """Return all that is needed to go on from here."""
        return zlib.compress(msgspec.msgpack.encode((_ms(self.until), self._force.keep())), 1)

    @staticmethod
    def restore(state: bytes) -> Simulator:
        """Return the simulator that `state` was taken of. Raises ValueError if another version of the program took it."""
        try:
            until, world = msgspec.msgpack.decode(zlib.decompress(state), type=tuple[int, World])
        except (msgspec.MsgspecError, zlib.error) as error:
            raise ValueError("the simulated force was kept by another version of the program, and can't be played on") from error
        made = Simulator.__new__(Simulator)
        made._resume(world)
        made.until = _EPOCH + timedelta(milliseconds=until)
        return made

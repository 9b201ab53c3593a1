"""What is to come, in the order of its time: kept by slots of a few minutes, of which only the present one is in order."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

SLOT_BITS = 18  # of a time in ms: a slot is a little over four minutes

Item = tuple[int, str, int, int]
"""When (ms), what, about which unit or job, and a number; what is of one instant comes in this order too."""


@dataclass(slots=True)
class Diary:
    """The items to come: those of the present slot and of each later one."""

    slot: int
    now: list[Item] = field(default_factory=list)
    later: dict[int, list[Item]] = field(default_factory=dict)

    def plan(self, at: int, what: str, about: int = 0, number: int = 0) -> None:
        """Put something down, about a unit or a job; `number` tells an errand from a later one, or says until when."""
        item = at, what, about, number
        slot = at >> SLOT_BITS
        if slot <= self.slot:
            insort(self.now, item)
        elif there := self.later.get(slot):
            there.append(item)
        else:
            self.later[slot] = [item]

    def plan_all(self, what: str, at: Iterable[int], about: Iterable[int]) -> None:
        """Put many of a kind down: when, and about which."""
        for when, which in zip(at, about, strict=True):
            self.plan(when, what, which)

    def due(self, until: int) -> Iterator[Item]:
        """Take out what comes before `until`, one after the other; more may be put down meanwhile."""
        now = self.now
        while self.slot < until >> SLOT_BITS:
            while now:
                yield now.pop(0)
            self.slot += 1
            now += sorted(self.later.pop(self.slot, ()))
        while now and now[0][0] < until:
            yield now.pop(0)

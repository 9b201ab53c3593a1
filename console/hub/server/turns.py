"""Whose turn it is: a few at once, in the order they came, but those that can wait give way a while to those that come after them.

Those that can wait have a quarter of the turns at most, so that a key press never waits for all of them.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time


class Turns:
    """Gives turns; all on the event loop's thread."""

    def __init__(self, limit: int) -> None:
        """Give so many at once."""
        self._free, self._spare = limit, max(1, limit // 4)
        self._waiting: list[tuple[float, int, float, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    async def take(self, patience: float = 0.0) -> None:
        """Wait for a turn, giving way to whoever comes within so many seconds."""
        if self._free and (not patience or self._spare):
            self._taken(patience)
            return
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (time.monotonic() + patience, next(self._numbers), patience, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self.give(patience)
            raise

    def _taken(self, patience: float) -> None:
        self._free -= 1
        self._spare -= bool(patience)

    def give(self, patience: float = 0.0) -> None:
        """Give a turn back, to whoever waits for it."""
        self._free += 1
        self._spare += bool(patience)
        held = list[tuple[float, int, float, asyncio.Future[None]]]()
        while self._free and self._waiting:
            first = heapq.heappop(self._waiting)
            _, _, patient, turn = first
            if turn.done():
                continue
            if patient and not self._spare:
                held.append(first)
                continue
            self._taken(patient)
            turn.set_result(None)
        for each in held:
            heapq.heappush(self._waiting, each)

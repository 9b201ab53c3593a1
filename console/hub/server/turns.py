"""Whose turn it is: a few at once, in the order they came, but those that can wait give way a while to those that come after them."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time


class Turns:
    """Gives turns; all on the event loop's thread."""

    def __init__(self, limit: int) -> None:
        """Give so many at once."""
        self._free = limit
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    async def take(self, patience: float = 0.0) -> None:
        """Wait for a turn, giving way to whoever comes within so many seconds."""
        if self._free:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (time.monotonic() + patience, next(self._numbers), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self.give()
            raise

    def give(self) -> None:
        """Give a turn back, to whoever waits for it."""
        while self._waiting:
            _, _, turn = heapq.heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

"""The present as this process takes it: the wall clock's, but it never goes back, and runs on where the wall clock was set back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

SLOWED = 0.1  # of each second that is let pass untold while it is ahead of the wall clock
SET = timedelta(seconds=1)  # by which two clocks differ that were not only steered


def _wall() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


class Clock:
    """The wall clock as naive UTC, from any thread. Set back, it is followed no more until it has caught up; set forward, at once."""

    def __init__(self, wall: Callable[[], datetime] = _wall, monotonic: Callable[[], float] = time.monotonic) -> None:
        """Follow these clocks; `monotonic` is seconds that never go back."""
        self._wall, self._monotonic = wall, monotonic
        self._lock = threading.Lock()
        self._told, self._at = wall(), monotonic()

    def now(self) -> datetime:
        """Return the present."""
        with self._lock:
            wall, at = self._wall(), self._monotonic()
            passed, self._at = at - self._at, at
            ahead = self._told + timedelta(seconds=passed) - wall
            slowed = timedelta(seconds=passed * (1 - SLOWED)) if ahead > SET else timedelta()
            self._told = max(self._told + slowed, wall)
            return self._told

    def ahead(self) -> timedelta:
        """Return by how much the wall clock was set back, and has not caught up."""
        told = self.now()
        return max(timedelta(), told - self._wall())


CLOCK = Clock()

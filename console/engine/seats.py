"""How often each seat looks: a desk is as quick as the quickest of them."""

from __future__ import annotations

import math
import threading

from console.desk.desk import Viewer

NOBODY = 30.0  # seconds between looks while nobody looks


class Seats:
    """The seats that look at a desk."""

    def __init__(self) -> None:
        """Have nobody look yet."""
        self._paces: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def take(self, viewer: Viewer, seconds: float) -> float:
        """Take how often a viewer looks from now on, infinity for no more; return how often anybody does."""
        with self._lock:
            self._paces[viewer.user, viewer.seat] = seconds
            self._paces = {seat: pace for seat, pace in self._paces.items() if pace < math.inf}
            return min(self._paces.values(), default=NOBODY)

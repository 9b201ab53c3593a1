"""Whose turn it is: who asks goes before what follows the store."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

CALM = 0.2  # seconds without a question before a step is begun,
PATIENCE = 0.6  # but no longer than so many
PIECE = 0.1  # seconds that one piece of a step waits for questions, at most


class Turns:
    """Questions that are being answered, and who waits for them to be."""

    def __init__(self) -> None:
        """Nobody asks yet."""
        self._asking, self._asked_at = 0, 0.0
        self._changed = threading.Condition()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Answer a question meanwhile."""
        with self._changed:
            self._asking += 1
        try:
            yield
        finally:
            with self._changed:
                self._asking, self._asked_at = self._asking - 1, time.monotonic()
                self._changed.notify_all()

    def begin(self) -> None:
        """Wait until nobody has asked for a moment, before a step."""
        until = time.monotonic() + PATIENCE
        self._answered(PATIENCE)
        while (left := min(self._asked_at + CALM, until) - time.monotonic()) > 0:
            time.sleep(left)
            self._answered(until - time.monotonic())

    def pause(self) -> None:
        """Let those who ask go first, between two pieces of a step."""
        self._answered(PIECE)

    def _answered(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._asking, max(0.0, seconds))

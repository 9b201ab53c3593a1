"""The hub's log: one event a line on standard error, nothing in it that steers a terminal, no kind of event in a flood."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

OFTEN = 10  # events of a kind that are said in each span, all others are counted
SPAN = 10.0  # seconds


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


class Log:
    """Writes lines."""

    def __init__(self, write: Callable[[str], None] = _to_stderr, clock: Callable[[], float] = time.monotonic) -> None:
        """Write to standard error unless told otherwise."""
        self._write, self._clock = write, clock
        self._spans: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def say(self, kind: str, words: str) -> None:
        """Write an event of a kind, unless there were many of that kind just now; how many weren't said is said with the next."""
        now = self._clock()
        with self._lock:
            began, count = self._spans.get(kind, (now, 0))
            missed = 0
            if now - began >= SPAN:
                began, count, missed = now, 0, max(0, count - OFTEN)
            self._spans[kind] = began, count + 1
        if count < OFTEN:
            more = f" ({missed} more like this weren't written)" if missed else ""
            at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            self._write(f"{at} {kind}: {harmless(words)}{more}")


def harmless(words: str) -> str:
    """Return words with nothing in them that steers a terminal or begins a line."""
    return "".join(each if each.isprintable() else "?" for each in words)[:500]

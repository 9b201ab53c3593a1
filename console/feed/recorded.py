"""A recorded stream, played again: each line falls due at the moment that it tells of."""

from __future__ import annotations

import gzip
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

_AT = re.compile(rb'"occurred_at":"([^"]+)"')
_SOURCE = re.compile(rb'"source":"([^".]+)')


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines that fell due together."""

    told: Sequence[bytes]

    def lines(self) -> Sequence[bytes]:
        """See Told."""
        return self.told


class Recorded:
    """Lines in the order of what they tell of, played from the second of the first; see Player."""

    def __init__(self, lines: Iterable[bytes], name: str = "the recording") -> None:
        """Take NDJSON lines; raises ValueError where there are none, or one says nothing of when."""
        held = []
        for number, line in enumerate(lines, 1):
            if (found := _AT.search(line)) is None:
                raise ValueError(f"{name}, line {number}: no event with its time")
            held.append((datetime.fromisoformat(found[1].decode()).replace(tzinfo=None), line))
        if not held:
            raise ValueError(f"{name} holds no events")
        held.sort(key=lambda each: each[0])
        self._times, self._lines = [at for at, _ in held], [line for _, line in held]
        self._next = 0
        self.until = self._times[0].replace(microsecond=0)
        source = _SOURCE.search(self._lines[0])
        self.source = source[1].decode() if source else name

    def advance(self, until: datetime) -> Stretch:
        """Return the lines of [self.until, until), and stand at `until` (naive UTC)."""
        end = bisect_left(self._times, until, self._next)
        told, self._next, self.until = self._lines[self._next : end], end, max(self.until, until)
        return Stretch(told)

    def state(self) -> bytes:
        """Keep nothing: a recording begins anew, and what is held already isn't stored twice."""
        return b""

    @property
    def lasts(self) -> timedelta:
        """How long it is from its first event to its last."""
        return self._times[-1] - self._times[0]


def read(path: Path) -> Recorded:
    """Return the recording in a file of lines, plain or compressed (.gz). Raises OSError, ValueError."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        return Recorded(file, path.name)

"""Where the chain stood, kept in a file of its own beside the data file, so that a tail that was cut off is missed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from console.governance.chain import Head, instant

LINE = "{sequence:>20} {at} {hash}\n"
WIDTH = len(LINE.format(sequence=0, at=instant(datetime(2000, 1, 1)), hash="0" * 64))


def beside(data: Path) -> Path:
    """Return the file of heads of a data file: the one that CONSOLE_HEADS names, else the one beside it."""
    if named := os.environ.get("CONSOLE_HEADS"):
        return Path(named)
    return data.with_name(f"{data.name}.heads")


class Heads:
    """A line an hour in which anything was audited, the last of them always the newest head.

    A line that this process didn't write is never written over, so what was once said stays.
    """

    def __init__(self, path: Path) -> None:
        """Keep them in this file."""
        self.path = path
        self._last: tuple[int, Head] | None = None  # where the line that may be written over begins, and its head

    def put(self, head: Head) -> None:
        """Say where the chain stands. Raises OSError."""
        line = LINE.format(sequence=head.sequence, at=instant(head.at), hash=head.hash).encode()
        made = os.open(self.path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            place = os.fstat(made).st_size
            if self._last is not None and self._last[1].at.replace(minute=0, second=0, microsecond=0) <= head.at:
                begun, before = self._last
                if (before.at.date(), before.at.hour) == (head.at.date(), head.at.hour) and begun + WIDTH == place:
                    place = begun
            os.pwrite(made, line, place)
        finally:
            os.close(made)
        self._last = place, head

    def read(self) -> Iterator[Head]:
        """Yield every head that was said, in order; a line that isn't one raises ValueError naming it."""
        if not self.path.exists():
            return
        for number, line in enumerate(self.path.read_text(encoding="ascii", errors="replace").splitlines(), 1):
            try:
                sequence, at, hash_ = line.split()
                yield Head(int(sequence), hash_, datetime.strptime(at, "%Y-%m-%dT%H:%M:%S.%fZ"))
            except ValueError:
                raise ValueError(f"{self.path}: line {number} is no head of the audit") from None

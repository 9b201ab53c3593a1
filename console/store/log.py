"""The database's log beside the data file, as it lies on the disk: its commits, and what isn't whole behind the last of them.

As DuckDB 1.x writes it: a mark of its version, then records, each after its length and its checksum; a commit ends with a record
of its own kind, and is on the disk before the next begins. So all but the last commit must be whole.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from console.store.blocks import checksum

_BEGIN = b"d\0be\0\2\xff\xff"
_COMMIT = b"d\0d\xff\xff"
_ENDED = struct.pack("<QQ", len(_COMMIT), checksum(_COMMIT)) + _COMMIT


@dataclass(frozen=True, slots=True)
class Log:
    """A log: its bytes, those up to the last whole commit from its beginning, how many commits these are, how many follow a bad record."""

    bytes: int
    good: int
    commits: int
    behind: int

    @property
    def torn(self) -> bool:
        """Whether something stands behind the last whole commit."""
        return self.good < self.bytes


def beside(data: Path) -> Path:
    """Return where a data file's log is."""
    return data.with_name(f"{data.name}.wal")


def read(path: Path) -> Log | None:
    """Return what a log holds; None if there is none, or it is of a version that isn't known here. Raises OSError."""
    try:
        told = path.read_bytes()
    except FileNotFoundError:
        return None
    if told[: len(_BEGIN)] != _BEGIN:
        return None if len(told) >= len(_BEGIN) and told[:4] == _BEGIN[:4] else Log(len(told), 0, 0, told.count(_ENDED))
    seen, place, good, commits = memoryview(told), len(_BEGIN), len(_BEGIN), 0
    while place + 16 <= len(told):
        length, check = struct.unpack_from("<QQ", told, place)
        body = seen[place + 16 : place + 16 + length]
        if len(body) < length or not length or checksum(body) != check:
            break
        place += 16 + length
        if body == _COMMIT:
            good, commits = place, commits + 1
    return Log(len(told), good if commits else 0, commits, told.count(_ENDED, good))

"""Lines from files, folders and standard input, taken from where they stopped, for ever if asked."""

from __future__ import annotations

import hashlib
import os
import select
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

from console.feed.ingest import Ingest, Position, Report
from console.feed.lines import Line, Splitter
from console.store import sql
from console.store.database import Store

BATCH = 8000
CHUNK = 1 << 20
PRINT_BYTES = 4096
PAUSE_S = 0.5
FLOWING_S = 0.02
Say = Callable[[str], None]
Read = Callable[[int], bytes]


class Taking(Protocol):
    """What takes lines: the store's ingest, or a feed's lane to it."""

    def take(self, lines: Iterable[Line], place: str, *, first_line: int = 1, position: Position | None = None) -> Report:
        """See Ingest.take."""
        ...


def run(store: Store, targets: Sequence[str], *, follow: bool, progress: Say) -> Report:
    """Take every line of the targets (files, folders of *.ndjson and *.jsonl, or -); with `follow`, go on as they grow.

    Raises OSError if a target can't be read.
    """
    ingest = Ingest(store)
    if "-" in targets:
        return _stream(ingest, piece, progress)
    for target in targets:
        if not Path(target).exists():
            raise FileNotFoundError(f"{target}: no such file or folder")
    total = Report()
    gone: set[str] = set()
    while True:
        missing = set()
        for target in targets:
            try:
                for path in files_of(Path(target)):
                    report = read_on(store, ingest, path, tail=not follow)
                    if report.read:
                        progress(f"{path}: {report}")
                    total += report
            except FileNotFoundError as error:
                if not follow:
                    raise
                missing.add(str(error.filename))
        if not follow:
            return total
        for name in sorted(missing - gone):
            progress(f"{name}: gone; waiting for it to come back")
        gone = missing
        time.sleep(PAUSE_S)


def piece(size: int) -> bytes:
    """Return what standard input has, waiting while it has nothing, and a moment for more of a stream that flows."""
    file = sys.stdin.fileno()
    parts = [os.read(file, size)]
    while parts[-1] and sum(map(len, parts)) < size and select.select([file], [], [], FLOWING_S)[0]:
        parts.append(os.read(file, size))
    return b"".join(parts)


def files_of(target: Path) -> list[Path]:
    """Return a target's files: a folder's *.ndjson and *.jsonl by name, or the file itself."""
    if not target.is_dir():
        return [target]
    return sorted(target / name for name in os.listdir(target) if name.endswith((".ndjson", ".jsonl")))


def _stream(ingest: Ingest, read: Read, progress: Say) -> Report:
    total, line, said = Report(), 1, 0
    for lines, _ in batches(read):
        total += ingest.take(lines, "standard input", first_line=line)
        line += len(lines)
        if line - said > 25 * BATCH:
            said = line
            progress(f"{total.read:,} lines read")
    return total


def read_on(store: Store, taking: Taking, path: Path, *, tail: bool, size: int = BATCH) -> Report:
    """Take a file's new lines; a last line without a newline is tried if `tail`, and read again when it is whole. Raises OSError."""
    name = str(path.resolve())
    with path.open("rb") as file:
        return read_open(file, name, position_of(store, name), taking, tail=tail, size=size)[1]


def position_of(store: Store, name: str) -> Position | None:
    """Return how far a file has been read, None if it hasn't."""
    with store.reader() as cursor:
        held = sql.rows(cursor, "feed/position_of", {"path": name})
    return Position(name, *held[0]) if held else None


def read_open(
    file: BinaryIO, name: str, held: Position | None, taking: Taking, *, tail: bool, size: int = BATCH
) -> tuple[Position | None, Report]:
    """Take the new lines of an open file; return the position reached, None if nothing has been read of it."""
    start = beginning(file)
    position = held if held and goes_on(held, start, file.seek(0, os.SEEK_END)) else None
    at, line = (position.bytes, position.lines) if position else (0, 0)
    file.seek(at)
    total = Report()
    for lines, whole in batches(file.read, size):
        if not whole:
            return position, total + (taking.take(lines, name, first_line=line + 1) if tail else Report())
        at += sum(map(len, lines))
        position = Position(name, at, line + len(lines), _fingerprint(start, at))
        total += taking.take(lines, name, first_line=line + 1, position=position)
        line += len(lines)
    return position, total


def beginning(file: BinaryIO) -> bytes:
    """Return the beginning of an open file, by which it is known again."""
    file.seek(0)
    return file.read(PRINT_BYTES)


def goes_on(held: Position, start: bytes, size: int) -> bool:
    """Return whether a file that begins so, and is of this size, is the one that was read so far; else it is another one."""
    length = int(held.fingerprint.partition(":")[0])
    return size >= held.bytes and len(start) >= length and _fingerprint(start, length) == held.fingerprint


def _fingerprint(start: bytes, reached: int) -> str:
    length = min(reached, len(start))
    return f"{length}:{hashlib.sha256(start[:length]).hexdigest()}"


def batches(read: Read, size: int = BATCH) -> Iterator[tuple[list[Line], bool]]:
    """Yield lines with their newlines in batches, and whether they are whole: the very last may lack its newline."""
    splitter = Splitter()
    while chunk := read(CHUNK):
        lines = splitter.split(chunk)
        for at in range(0, len(lines), size):
            yield lines[at : at + size], True
    if rest := splitter.rest():
        yield rest, False

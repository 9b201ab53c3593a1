"""Lines from files, folders and standard input, taken from where they stopped, for ever if asked."""

from __future__ import annotations

import hashlib
import os
import select
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from console.feed.decode import KEPT_BYTES, LINE_LIMIT, Cut
from console.feed.ingest import Ingest, Position, Report
from console.store import sql
from console.store.database import Store

BATCH = 8000
CHUNK = 1 << 20
PRINT_BYTES = 4096
PAUSE_S = 0.5
FLOWING_S = 0.02
Line = bytes | Cut
Say = Callable[[str], None]
Read = Callable[[int], bytes]


def run(store: Store, targets: Sequence[str], *, follow: bool, progress: Say) -> Report:
    """Take every line of the targets (files, folders of *.ndjson and *.jsonl, or -); with `follow`, go on as they grow.

    Raises OSError if a target can't be read.
    """
    ingest = Ingest(store)
    if "-" in targets:
        return _stream(ingest, _piece, progress)
    for target in targets:
        if not Path(target).exists():
            raise FileNotFoundError(f"{target}: no such file or folder")
    total = Report()
    gone: set[str] = set()
    while True:
        missing = set()
        for target in targets:
            try:
                for path in _files(Path(target)):
                    report = _file(store, ingest, path, tail=not follow)
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


def _piece(size: int) -> bytes:
    """Return what standard input has, waiting while it has nothing, and a moment for more of a stream that flows."""
    file = sys.stdin.fileno()
    parts = [os.read(file, size)]
    while parts[-1] and sum(map(len, parts)) < size and select.select([file], [], [], FLOWING_S)[0]:
        parts.append(os.read(file, size))
    return b"".join(parts)


def _files(target: Path) -> list[Path]:
    if not target.is_dir():
        return [target]
    return sorted(target / name for name in os.listdir(target) if name.endswith((".ndjson", ".jsonl")))


def _stream(ingest: Ingest, read: Read, progress: Say) -> Report:
    total, line, said = Report(), 1, 0
    for lines, _ in _batches(read):
        total += ingest.take(lines, "standard input", first_line=line)
        line += len(lines)
        if line - said > 25 * BATCH:
            said = line
            progress(f"{total.read:,} lines read")
    return total


def _file(store: Store, ingest: Ingest, path: Path, *, tail: bool) -> Report:
    """Take a file's new lines; a last line without a newline is tried if `tail`, and read again when it is whole."""
    name = str(path.resolve())
    with store.reader() as cursor:
        held = sql.rows(cursor, "feed/position_of", {"path": name})
    total = Report()
    with path.open("rb") as file:
        start = file.read(PRINT_BYTES)
        size = file.seek(0, 2)
        at, line = _reached(start, size, held[0]) if held else (0, 0)
        file.seek(at)
        for lines, whole in _batches(file.read):
            if not whole:
                return total + (ingest.take(lines, name, first_line=line + 1) if tail else Report())
            at += sum(map(len, lines))
            position = Position(name, at, line + len(lines), _fingerprint(start, at))
            total += ingest.take(lines, name, first_line=line + 1, position=position)
            line += len(lines)
    return total


def _fingerprint(start: bytes, reached: int) -> str:
    length = min(reached, len(start))
    return f"{length}:{hashlib.sha256(start[:length]).hexdigest()}"


def _reached(start: bytes, size: int, held: tuple[int, int, str]) -> tuple[int, int]:
    """Return (bytes, lines) read before, or the beginning where the file is shorter or begins otherwise: another file."""
    length = int(held[2].partition(":")[0])
    same = size >= held[0] and len(start) >= length and _fingerprint(start, length) == held[2]
    return (held[0], held[1]) if same else (0, 0)


def _batches(read: Read) -> Iterator[tuple[list[Line], bool]]:
    """Yield lines with their newlines in batches, and whether they are whole: the very last may lack its newline.

    No more than the start of a line over the limit is held.
    """
    rest, over = b"", 0
    while chunk := read(CHUNK):
        first, *others = (rest + chunk).split(b"\n")
        if others:
            lines = [_line(first, over), *(line + b"\n" for line in others[:-1])]
            for at in range(0, len(lines), BATCH):
                yield lines[at : at + BATCH], True
            first, over = others[-1], 0
        rest, over = first[:LINE_LIMIT], over + len(first[LINE_LIMIT:])
    if rest:
        yield [_line(rest, over)], False


def _line(held: bytes, over: int) -> Line:
    return Cut(held[:KEPT_BYTES], len(held) + over + 1) if over else held + b"\n"

"""What a kill or a power cut left is put right before the database opens the file; what is worse is refused by name, untouched."""

from __future__ import annotations

import os
import shutil
import zlib
from pathlib import Path

from console.store import log
from console.store.faults import StoreError
from console.store.lasting import Mark, last_mark, mark_beside, put_back, settle

CHUNK = 1 << 20
CUT = ".cut"


def mend(data: Path, file: int) -> list[str]:
    """Make a file that nobody else holds fit to be opened; return in words what was done.

    Raises StoreError where something that was acknowledged isn't there or isn't whole; then nothing was changed.
    """
    done = []
    if put_back(data, file):
        done.append(
            f"{data}: a power cut ended a checkpoint; the blocks that it had begun to write over were put back, and nothing is lost"
        )
    mark, path = last_mark(data), log.beside(data)
    held = log.read(path)
    if mark and mark.bytes:
        _as_marked(data, path, mark)
    if held is None or not held.torn or not mark_beside(data).exists():
        return done
    if held.behind > 1 and mark_beside(data).stat().st_size:
        raise _lost(data, f"is damaged at byte {held.good:,}, and {held.behind:,} commits follow")
    aside = path.with_name(path.name + CUT)
    shutil.copyfile(path, aside)
    with aside.open("rb+") as copy, path.open("rb+") as file_of_log:
        os.fsync(copy.fileno())
        file_of_log.truncate(held.good)
        os.fsync(file_of_log.fileno())
    if not held.commits:
        path.unlink()
    settle(data.parent)
    done.append(
        f"{data}: its log ended in the midst of a commit that was never acknowledged; those {held.bytes - held.good:,} bytes are in "
        f"{aside.name}, and nothing acknowledged is lost"
    )
    return done


def _as_marked(data: Path, path: Path, mark: Mark) -> None:
    """Raise StoreError if the log doesn't begin with what was committed to it."""
    length = check = 0
    try:
        with path.open("rb", buffering=0) as file:
            while length < mark.bytes and (part := file.read(min(CHUNK, mark.bytes - length))):
                length, check = length + len(part), zlib.crc32(part, check)
    except FileNotFoundError:
        raise _lost(data, "is gone") from None
    if length < mark.bytes:
        raise _lost(data, f"is cut off at {length:,} of the {mark.bytes:,} bytes that were stored")
    if check != mark.check:
        raise _lost(data, "isn't what was written to it: it is damaged, or another file's")


def _lost(data: Path, why: str) -> StoreError:
    return StoreError(
        f"{data}: its log {log.beside(data).name}, which holds what was stored last, {why}; nothing was touched. {way_out(data)}"
    )


def way_out(data: Path) -> str:
    """Return what may be done about a file that lost what was acknowledged."""
    left = f"or empty {mark_beside(data).name} to go on with what is left"
    return f"Restore a backup: `console restore BACKUP --data {data} --replace`; {left}"


def as_acknowledged(data: Path, version: int, mark: Mark | None) -> None:
    """Raise StoreError if an opened file stands before what was acknowledged, or takes in a log that isn't known to be its own."""
    if mark and version < mark.version:
        raise StoreError(
            f"{data} stands at data version {version:,}, and {mark.version:,} was stored: an older copy is in its place, or its log "
            f"is gone. {way_out(data)}"
        )
    if not mark_beside(data).exists() and log.beside(data).exists() and (not (held := log.read(log.beside(data))) or held.commits):
        raise StoreError(
            f"{data}: beside it lies a log, {log.beside(data).name}, that isn't known to be its own; nothing was touched. Move the "
            f"log away; or, if a program that was killed left it, make an empty {mark_beside(data).name}, and it is taken in"
        )

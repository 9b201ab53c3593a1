"""A backup of the data file, taken while it is written to: its blocks as one checkpoint left them, and a manifest that says what they are.

A block that a checkpoint left is not written over before the next one; so while no checkpoint may be, the file is copied in peace,
and what is committed meanwhile goes to the log. The copy is read back whole before it has its name.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from console import __version__
from console.store import blocks, connecting, faults, sql
from console.store.database import Cursor, Store
from console.store.faults import Failure, StoreError
from console.store.lasting import give_name

CHUNK = 4 << 20
FORMAT = 1
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Manifest:
    """What a backup is: of which program, schema, data version, commit and moment (UTC); its bytes, their SHA-256, rows by table."""

    format: int
    program: str
    schema: int
    data_version: int
    stamp: str
    made_at: datetime
    bytes: int
    sha256: str
    rows: dict[str, int]


def manifest_beside(copy: Path) -> Path:
    """Return where a backup's manifest is."""
    return copy.with_name(f"{copy.name}.json")


def back_up(store: Store, to: Path, progress: Progress = lambda words, share: None) -> tuple[Path, Manifest]:
    """Write a backup of an open file, as it stands now, to a new file or into a folder; return where it is, and its manifest.

    Commits go on meanwhile and aren't in it. Raises StoreError; then nothing is left.
    """
    copy = to / f"console-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.duckdb" if to.is_dir() else to
    for path in (copy, manifest_beside(copy)):
        if path.exists():
            raise StoreError(f"{path} is there already; a backup is written over nothing: name another file")
    new = copy.with_name(f"{copy.name}.new-{os.getpid()}")
    made = manifest_beside(new)
    try:
        with store.still() as file:
            digest, size = _copied(store, file, new, progress)
        manifest = _read_back(new, digest, size, progress)
        with made.open("xb") as out:
            out.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
            out.flush()
            os.fsync(out.fileno())
        give_name(new, copy)
        give_name(made, manifest_beside(copy))
    except FileExistsError:
        raise StoreError(f"{copy} is there already; a backup is written over nothing: name another file") from None
    except (OSError, Failure) as error:
        raise faults.using(copy, error) from error
    finally:
        for left in (new, made):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    return copy, manifest


def _copied(store: Store, file: int, new: Path, progress: Progress) -> tuple[str, int]:
    """Copy the blocks that stand, of which free ones at the end may never have been; return the digest of the copy, and its bytes."""
    head = blocks.header(file)
    size, place, digest = blocks.BEGIN + head.count * head.size, 0, hashlib.sha256()
    with new.open("xb") as out:
        os.fchmod(out.fileno(), 0o600)
        while place < size and (part := os.pread(file, min(CHUNK, size - place), place)):
            out.write(part)
            digest.update(part)
            place += len(part)
            progress(f"copying {store.path}", 0.7 * place / size)
            if store.closing:
                raise StoreError(f"{store.path} was closed before its backup was whole; there is none")
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest(), place


def _read_back(new: Path, digest: str, size: int, progress: Progress) -> Manifest:
    """Return the manifest of a copy, read from it once all its blocks are found to be whole. Raises StoreError."""
    inspect(new, lambda share: progress("reading the copy back", 0.7 + 0.3 * share))
    with connecting.attached(new, read_only=True) as held:
        ((version, stamp),) = sql.rows(held, "store/version")
        schema = sql.rows(held, "store/migrated")[-1][0]
        rows = counted(held)
    made_at = datetime.fromtimestamp(int(time.time()), UTC)
    return Manifest(FORMAT, __version__, schema, version, stamp or "", made_at, size, digest, rows)


def counted(cursor: Cursor) -> dict[str, int]:
    """Return how many rows each table of the data has."""
    count = sql.text("store/count")
    return {name: sql.run(cursor, count.format(table=written)).fetchall()[0][0] for name, written in sql.rows(cursor, "store/tables")}


def inspect(path: Path, progress: Callable[[float], None]) -> None:
    """Read all blocks in use of a file that nobody has open. Raises StoreError naming the first that aren't whole."""
    file = os.open(path, os.O_RDONLY)
    try:
        bad = []
        for read, many, number in blocks.broken(file):
            bad += [] if number is None else [number]
            progress(read / many)
    except blocks.Damaged as error:
        raise StoreError(f"{path} is damaged: {error}") from error
    finally:
        os.close(file)
    if bad:
        raise StoreError(f"{path} is damaged: {len(bad):,} of its blocks aren't whole, the first is {bad[0]}")

"""Batches of published rows in the store: which is held, what is kept of one beside its rows, the room where rows wait."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from console.feed.ingest import clock, received
from console.feed.published.lines import Bad
from console.store import sql
from console.store.database import Cursor, Store


@dataclass(frozen=True, slots=True)
class Key:
    """What a batch is of; a later one of the same replaces it. `month` is the month, or the year, of what is published by the year."""

    importer: str
    kind: str
    force: str
    month: str


@dataclass(frozen=True, slots=True)
class Counts:
    """A batch's id, the file it came in, the digest of its published text, its rows, and how many of them have a fault."""

    batch: str
    file: str
    sha256: str
    rows: int
    flagged: int


@contextmanager
def workroom(store: Store) -> Iterator[Path]:
    """Give a folder beside the data file for rows on their way in; what a killed import left there goes first."""
    folder = store.path.with_name(f"{store.path.name}.import")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def waiting(folder: Path, batch: str, rows: pl.DataFrame) -> Iterator[str]:
    """Give the path of a file of a batch's rows for SQL to read; its name is its own, as the database remembers files by name."""
    path = folder / f"{batch.replace('/', '_')}.parquet"
    rows.write_parquet(path, compression="uncompressed", statistics=False)
    try:
        yield str(path)
    finally:
        path.unlink()


def held(store: Store, key: Key) -> list[str]:
    """Return the batch that stands for a key, if any."""
    with store.reader() as cursor:
        return [name for (name,) in sql.rows(cursor, "sources/import/held", asdict(key))]


def record(cursor: Cursor, key: Key, counts: Counts, bad: Sequence[Bad]) -> None:
    """Keep, in this transaction, that a batch stands for its key in place of the one before, and its lines that are no rows."""
    told = asdict(key) | asdict(counts) | {"quarantined": len(bad), "received_at": received(cursor, clock())}
    sql.run(cursor, sql.text("sources/import/batch"), told)
    if bad:
        columns: dict[str, Any] = {
            "place": np.array([one.place for one in bad], dtype=object),
            "line": np.array([one.line for one in bad], dtype=np.int64),
            "reason": np.array([one.reason for one in bad], dtype=object),
            "bytes": np.array([one.kept.hex() for one in bad], dtype=object),
            "length": np.array([one.length for one in bad], dtype=np.int64),
        }
        with sql.staged(cursor, "unreadable", columns):
            sql.run(cursor, sql.text("sources/import/quarantine"), told)

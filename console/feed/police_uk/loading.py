"""A batch into the store: one transaction, in place of the batch of the same kind, force and month before it."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from console.feed.ingest import clock, received
from console.feed.police_uk.grouping import Batch
from console.feed.police_uk.report import Compared, Report
from console.store import sql
from console.store.database import Cursor, Store

IMPORTER = "police_uk"
FACT = {"street": "crime", "outcomes": "crime", "stop-and-search": "stop_search"}


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


def load(store: Store, batch: Batch, folder: Path) -> Report:
    """Store a batch unless the very same is held; return the report. `folder` is for the rows on their way."""
    reasons = Counter(one for flags in batch.rows["flags"].drop_nulls() for one in flags.split("; "))
    flagged = len(batch.rows) - batch.rows["flags"].null_count()
    bad = Counter(one.reason for one in batch.bad)
    read = len(batch.rows) + len(batch.bad)
    key = {"kind": batch.kind, "force": batch.force, "month": batch.month}
    with store.reader() as cursor:
        held = [name for (name,) in sql.rows(cursor, "sources/police_uk/held", key)]
    if held == [batch.name]:
        return Report(batch.file, batch.name, read, 0, reasons, flagged, bad, held=True)
    rows = folder / "rows.parquet"
    batch.rows.write_parquet(rows, compression="uncompressed", statistics=False)
    given = {"file": str(rows), "batch": batch.name, "old": held[0] if held else None}
    query = f"sources/police_uk/{{}}{batch.kind.replace('-', '_')}"
    against = None
    with store.write({FACT[batch.kind], "source"} if bad else {FACT[batch.kind]}) as cursor:
        if held:
            against = Compared(*sql.rows(cursor, query.format("compare_"), given)[0])
            sql.run(cursor, sql.text(query.format("remove_")), given)
        sql.run(cursor, sql.text(query.format("")), given)
        _record(cursor, batch, key, flagged)
    return Report(batch.file, batch.name, read, len(batch.rows), reasons, flagged, bad, against)


def _record(cursor: Cursor, batch: Batch, key: dict[str, str], flagged: int) -> None:
    moment = received(cursor, clock())
    told = key | {
        "batch": batch.name, "importer": IMPORTER, "file": batch.file, "sha256": batch.digest, "rows": len(batch.rows),
        "flagged": flagged, "quarantined": len(batch.bad), "received_at": moment,
    }  # fmt: skip
    sql.run(cursor, sql.text("sources/police_uk/batch"), told)
    if batch.bad:
        columns: dict[str, Any] = {
            "place": np.array([one.place for one in batch.bad], dtype=object),
            "line": np.array([one.line for one in batch.bad], dtype=np.int64),
            "reason": np.array([one.reason for one in batch.bad], dtype=object),
            "bytes": np.array([one.kept.hex() for one in batch.bad], dtype=object),
            "length": np.array([one.length for one in batch.bad], dtype=np.int64),
        }
        with sql.staged(cursor, "unreadable", columns):
            sql.run(cursor, sql.text("sources/police_uk/quarantine"), told)

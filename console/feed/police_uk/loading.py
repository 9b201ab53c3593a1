"""A batch into the store: one transaction, in place of the batch of the same kind, force and month before it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from console.feed.police_uk.grouping import Batch
from console.feed.police_uk.report import Compared, Report
from console.feed.published import batches
from console.store import sql
from console.store.database import Store

IMPORTER = "police_uk"
FACT = {"street": "crime", "outcomes": "crime", "stop-and-search": "stop_search"}


def load(store: Store, batch: Batch, folder: Path) -> Report:
    """Store a batch unless the very same is held; return the report. `folder` is for the rows on their way."""
    reasons = Counter(one for flags in batch.rows["flags"].drop_nulls() for one in flags.split("; "))
    flagged = len(batch.rows) - batch.rows["flags"].null_count()
    bad = Counter(one.reason for one in batch.bad)
    read = len(batch.rows) + len(batch.bad)
    key = batches.Key(IMPORTER, batch.kind, batch.force, batch.month)
    held = batches.held(store, key)
    if held == [batch.name]:
        return Report(batch.file, batch.name, read, 0, reasons, flagged, bad, held=True)
    query = f"sources/police_uk/{{}}{batch.kind.replace('-', '_')}"
    against = None
    facts = {FACT[batch.kind], "source"} if bad else {FACT[batch.kind]}
    with batches.waiting(folder, batch.name, batch.rows) as file, store.write(facts) as cursor:
        given = {"file": file, "batch": batch.name, "old": held[0] if held else None}
        if held:
            against = Compared(*sql.rows(cursor, query.format("compare_"), given)[0])
            sql.run(cursor, sql.text(query.format("remove_")), given)
        sql.run(cursor, sql.text(query.format("")), given)
        batches.record(cursor, key, batches.Counts(batch.name, batch.file, batch.digest, len(batch.rows), flagged), batch.bad)
    return Report(batch.file, batch.name, read, len(batch.rows), reasons, flagged, bad, against)

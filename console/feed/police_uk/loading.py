"""A batch into the store: one transaction, in place of the batch of the same kind, force and month before it."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from console.feed.ingest import clock, received
from console.feed.police_uk.reading import Bad
from console.store import sql
from console.store.database import Cursor, Store

IMPORTER = "police_uk"
FACT = {"street": "crime", "outcomes": "crime", "stop-and-search": "stop_search"}


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one kind, force and month, with the digest of their published text and the files they came in."""

    kind: str
    force: str
    month: str
    rows: pl.DataFrame
    digest: str
    file: str
    bad: tuple[Bad, ...]

    @property
    def name(self) -> str:
        """The batch's id."""
        return f"{IMPORTER}/{self.kind}/{self.force}/{self.month}/{self.digest[:12]}"


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a batch; `against` are the counts against the batch it replaced, or None."""

    batch: str
    read: int
    loaded: int
    flagged: Counter[str]
    flagged_rows: int
    quarantined: Counter[str]
    against: tuple[int, int, int, int] | None = None  # unchanged, outcome changed, added, removed
    held: bool = False

    def __str__(self) -> str:
        """Say it, a line a reason."""
        if self.held:
            return f"{self.batch}: {self.read:,} rows read, the very same as held: nothing changed"
        said = [
            f"{self.batch}: {self.read:,} rows read, {self.loaded:,} loaded, {self.flagged_rows:,} flagged, "
            f"{sum(self.quarantined.values()):,} quarantined"
        ]
        said += [f"  flagged {count:,}: {reason}" for reason, count in self.flagged.most_common()]
        said += [f"  quarantined {count:,}: {reason}" for reason, count in self.quarantined.most_common()]
        if self.against:
            unchanged, outcome, added, removed = self.against
            said.append(f"  replaces an earlier copy: {added:,} added, {removed:,} removed, {outcome:,} with another outcome, ")
            said[-1] += f"{unchanged:,} unchanged"
        return "\n".join(said)


def load(store: Store, batch: Batch) -> Report:
    """Store a batch unless the very same is held; return the report."""
    reasons = Counter(one for flags in batch.rows["flags"].drop_nulls() for one in flags.split("; "))
    flagged = len(batch.rows) - batch.rows["flags"].null_count()
    bad = Counter(one.reason for one in batch.bad)
    read = len(batch.rows) + len(batch.bad)
    key = {"kind": batch.kind, "force": batch.force, "month": batch.month}
    with store.reader() as cursor:
        held = [name for (name,) in sql.rows(cursor, "sources/police_uk/held", key)]
    if held == [batch.name]:
        return Report(batch.name, read, 0, reasons, flagged, bad, held=True)
    with tempfile.TemporaryDirectory(dir=store.path.parent, prefix="import-") as folder:
        file = str(Path(folder) / "rows.parquet")
        batch.rows.write_parquet(file, compression="uncompressed")
        with store.write({FACT[batch.kind]}) as cursor:
            given = {"file": file, "batch": batch.name, "old": held[0] if held else None}
            against = None
            if held:
                against = sql.rows(cursor, f"sources/police_uk/compare_{_table(batch.kind)}", given)[0]
                sql.run(cursor, sql.text(f"sources/police_uk/remove_{_table(batch.kind)}"), given)
            sql.run(cursor, sql.text(f"sources/police_uk/{_table(batch.kind)}"), given)
            _record(cursor, batch, key, held, flagged)
    return Report(batch.name, read, len(batch.rows), reasons, flagged, bad, against)


def _table(kind: str) -> str:
    return kind.replace("-", "_")


def _record(cursor: Cursor, batch: Batch, key: dict[str, str], held: list[str], flagged: int) -> None:
    moment = received(cursor, clock())
    told = key | {
        "batch": batch.name, "importer": IMPORTER, "file": batch.file, "sha256": batch.digest, "rows": len(batch.rows),
        "flagged": flagged, "quarantined": len(batch.bad), "received_at": moment,
    }  # fmt: skip
    sql.run(cursor, sql.text("sources/police_uk/batch"), told)
    for bad in batch.bad:
        kept = {
            "batch": batch.name, "place": bad.place, "line": bad.line, "reason": bad.reason, "bytes": bad.kept,
            "received_at": moment, "source": IMPORTER,
        }  # fmt: skip
        sql.run(cursor, sql.text("sources/police_uk/quarantine"), kept)

"""Published police data, as data.police.uk has it: street crime, outcomes, stop and search; a batch a force and month."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl

from console.feed.police_uk import judging, reading
from console.feed.police_uk.loading import Batch, Report, load
from console.feed.police_uk.reading import Bad, ImportRefused, Table
from console.store.database import Store

__all__ = ["ImportRefused", "Report", "run"]

Progress = Callable[[str, float], None]


def run(store: Store, files: Sequence[Path], progress: Progress = lambda words, share: None) -> list[Report]:
    """Import files as batches, each in a transaction of its own, and return the reports in order.

    Rows of one kind, force and month over all the files make one batch. Raises ImportRefused, OSError.
    """
    groups: dict[tuple[str, str, str], list[Table]] = {}
    for number, path in enumerate(files, 1):
        for place, raw in reading.members(path):
            for key, table in _split(reading.table(place, raw)):
                groups.setdefault(key, []).append(table)
        progress(f"read {path.name}", 0.5 * number / len(files))
    reports = []
    keys = sorted(groups)
    with ThreadPoolExecutor(1) as ahead:
        judged = [ahead.submit(_batch, key, groups[key]) for key in keys]
        for number, (key, batch) in enumerate(zip(keys, judged, strict=True), 1):
            reports.append(load(store, batch.result()))
            progress(" ".join(key), 0.5 + 0.5 * number / len(keys))
    return reports


def _split(table: Table) -> list[tuple[tuple[str, str, str], Table]]:
    """Return a table's rows by (kind, force, month); rows without a month are bad, and go with the table's first group."""
    rows = table.rows
    if table.kind == "stop-and-search":
        rows = rows.with_columns(month_=pl.col("Date").str.slice(0, 7), force_=pl.lit(reading.force_of(table.place)))
    else:
        rows = rows.with_columns(month_="Month", force_=pl.col("Falls within").replace_strict(_slugs(rows), return_dtype=pl.String))
    good = rows.filter(judging.good_month("month_"))
    reasons = rows.filter(~judging.good_month("month_"))
    bad = [
        *table.bad,
        *(
            Bad(table.place, row["line"], f"impossible month {row['month_']!r}", repr(row).encode())
            for row in reasons.iter_rows(named=True)
        ),
    ]
    made = []
    for (force, month), part in sorted(good.group_by("force_", "month_", maintain_order=True), key=lambda item: item[0]):
        made.append(((table.kind, force, month), Table(table.place, table.kind, part.drop("force_", "month_"), tuple(bad))))
        bad = []
    if bad:
        key = (table.kind, "unknown-force", "unknown")
        made.append((key, Table(table.place, table.kind, rows.clear().drop("force_", "month_"), tuple(bad))))
    return made


def _slugs(rows: pl.DataFrame) -> dict[str, str]:
    return {name: reading.slug(name) for name in rows["Falls within"].unique().to_list()}


def _batch(key: tuple[str, str, str], tables: list[Table]) -> Batch:
    kind, force, month = key
    text = pl.concat([table.rows for table in tables])
    digest = hashlib.sha256(text.write_csv().encode())
    for bad in (bad for table in tables for bad in table.bad):
        digest.update(bad.kept)
    rows = judging.stops(text) if kind == "stop-and-search" else judging.crimes(text, kind)
    if len(tables) > 1:
        rows = rows.with_columns(line=pl.int_range(2, len(rows) + 2, dtype=pl.Int64))
    names = ", ".join(dict.fromkeys(Path(table.place).name for table in tables))
    return Batch(kind, force, month, rows, digest.hexdigest(), names, tuple(bad for table in tables for bad in table.bad))

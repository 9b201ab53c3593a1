"""Which batch a row belongs to: its kind, its force and its month."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import polars as pl

from console.feed.police_uk import judging, opening
from console.feed.police_uk.opening import UNKNOWN_FORCE, ImportRefused
from console.feed.police_uk.reading import Bad, Table

Key = tuple[str, str, str]
UNKNOWN_MONTH = "unknown"


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
        return f"police_uk/{self.kind}/{self.force}/{self.month}/{self.digest[:12]}"


def groups(table: Table) -> list[tuple[Key, Table]]:
    """Return a table's rows by (kind, force, month); its bad lines go with the first.

    A row whose own month or force can't be is of the file's: what its name says, else what most of its rows say. Bad
    lines without a row beside them are of an unknown force and month, so that they never replace a good batch.
    """
    month, force = opening.named(table.place)
    if table.kind == "stop-and-search":
        if force is None:
            raise ImportRefused(
                f"{table.place}: stop and search has no column for the force, and the file's name doesn't say it "
                "(as 2024-01-avon-and-somerset-stop-and-search.csv does)"
            )
        rows = table.rows.with_columns(month=pl.col("Date").str.slice(0, 7), force=pl.lit(force))
    else:
        slugs = {name: opening.slug(name) if name else None for name in table.rows["Falls within"].unique()}
        rows = table.rows.with_columns(month="Month", force=pl.col("Falls within").replace_strict(slugs, return_dtype=pl.String))
    rows = rows.with_columns(month=pl.when(judging.good_month("month")).then("month"))
    month = month or _most(rows["month"]) or UNKNOWN_MONTH
    force = force or _most(rows["force"]) or UNKNOWN_FORCE
    rows = rows.with_columns(pl.col("month").fill_null(month), pl.col("force").fill_null(force))
    made = [
        ((table.kind, str(of), str(at)), replace(table, rows=part.drop("force", "month"), bad=()))
        for (of, at), part in sorted(rows.group_by("force", "month", maintain_order=True), key=lambda item: item[0])
    ]
    if table.bad and not made:
        return [((table.kind, UNKNOWN_FORCE, UNKNOWN_MONTH), table)]
    if made:
        key, first = made[0]
        made[0] = key, replace(first, bad=table.bad)
    return made


def _most(values: pl.Series) -> str | None:
    counted = values.drop_nulls().value_counts(sort=True)
    return str(counted[0, 0]) if len(counted) else None


def batch(key: Key, tables: list[Table]) -> Batch:
    """Return the batch that tables of one kind, force and month make.

    Lines of a second file go on counting where the first ended, as if the files had been joined.
    """
    kind, force, month = key
    before = 0
    parts: list[pl.DataFrame] = []
    for table in tables:
        parts.append(table.rows.with_columns(pl.col("line") + before))
        before += table.last
    text = pl.concat(parts)
    digest = hashlib.sha256(text.write_csv().encode())
    bad = tuple(one for table in tables for one in table.bad)
    for one in bad:
        digest.update(one.kept)
    rows = judging.stops(text) if kind == "stop-and-search" else judging.crimes(text, kind, month)
    names = ", ".join(dict.fromkeys(table.name for table in tables))
    return Batch(kind, force, month, rows, digest.hexdigest(), names, bad)

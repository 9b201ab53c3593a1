"""Which batch a row belongs to: that of its file's kind, force and month.

Published files are of one kind, force and month each, so a batch is of one file, and a later file of the same three is a
later copy, which replaces it. A row that strays into a file, its own month or force another, stays with that file under
its own month: it comes and goes with the file's copies, and neither doubles nor replaces the month that it names.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import polars as pl

from console.feed.police_uk import judging, opening
from console.feed.police_uk.opening import UNKNOWN_FORCE
from console.feed.police_uk.reading import Table
from console.feed.published.lines import Bad
from console.feed.published.opening import ImportRefused

Key = tuple[str, str, str]
Part = tuple[str, str]
UNKNOWN_MONTH = "unknown"
STRAY = "of another month or force than its file"
FEW = 100


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one kind, force and month, with the digest of their published text and the file they came in."""

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
    """Return a table's rows, with their own `force` and `month`, by what the table is of; its bad lines go with the first.

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
    named = (force or "", month or "")
    month = month or _most(rows["month"]) or UNKNOWN_MONTH
    force = force or _most(rows["force"]) or UNKNOWN_FORCE
    rows = rows.with_columns(pl.col("month").fill_null(month), pl.col("force").fill_null(force))
    parts: dict[Part, pl.DataFrame] = {
        (str(of), str(at)): part for (of, at), part in rows.partition_by("force", "month", as_dict=True).items()
    }
    homes = _homes({part: len(found) for part, found in parts.items()}, named)
    made = [
        ((table.kind, *home), replace(table, rows=pl.concat(parts[part] for part in parts if homes[part] == home).sort("line"), bad=()))
        for home in sorted(set(homes.values()))
    ]
    if table.bad and not made:
        return [((table.kind, UNKNOWN_FORCE, UNKNOWN_MONTH), replace(table, rows=rows))]
    if made:
        key, first = made[0]
        made[0] = key, replace(first, bad=table.bad)
    return made


def _homes(counted: dict[Part, int], named: Part) -> dict[Part, Part]:
    """Return, for each (force, month) that rows of a file are of, the one that the file holds them as.

    A file is of what its name says where that is the fullest; else of each force in it, and of that force's months but
    those with under a hundredth of the rows of its fullest, which stray.
    """
    if counted and max(counted, key=lambda part: counted[part]) == named:
        return dict.fromkeys(counted, named)
    homes = {}
    for force, month in counted:
        fullest = max((part for part in counted if part[0] == force), key=lambda part: counted[part])
        homes[force, month] = fullest if counted[force, month] * FEW < counted[fullest] else (force, month)
    return homes


def _most(values: pl.Series) -> str | None:
    counted = values.drop_nulls().value_counts(sort=True)
    return str(counted[0, 0]) if len(counted) else None


def batch(key: Key, table: Table) -> Batch:
    """Return the batch that a table of one kind, force and month makes."""
    kind, force, month = key
    digest = hashlib.sha256(table.rows.drop("force", "month").write_csv().encode())
    for one in table.bad:
        digest.update(one.kept)
    stray = (pl.col("force") != force) | (pl.col("month") != month)
    rows = table.rows.with_columns(f_stray=pl.when(stray).then(pl.lit(STRAY)))
    rows = judging.stops(rows) if kind == "stop-and-search" else judging.crimes(rows, kind)
    return Batch(kind, force, month, rows, digest.hexdigest(), table.name, table.bad)

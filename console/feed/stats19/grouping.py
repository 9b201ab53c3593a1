"""Which batch a row belongs to: that of its kind, its force and its year."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass

import polars as pl

from console.feed.published.lines import Bad
from console.feed.stats19 import judging
from console.feed.stats19.columns import KINDS
from console.feed.stats19.finding import Table
from console.feed.stats19.report import Report

UNKNOWN = "unknown"
STRAY = "of another year than its file"
FEW = 100


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one kind, force and year, with the digest of their published text and the file they came in."""

    kind: str
    force: str
    year: str
    rows: pl.DataFrame
    digest: str
    file: str
    bad: tuple[Bad, ...]

    @property
    def name(self) -> str:
        """The batch's id."""
        return f"stats19/{self.kind}/{self.force}/{self.year}/{self.digest[:12]}"


def batches(table: Table, force: int | None) -> tuple[list[Batch], Report]:
    """Return the batches of a table's rows of a force, or of every force (None), and the report of what was read.

    Of each force, a year with under a hundredth of the rows of its fullest strays: its few rows stay with that fullest year,
    so that they never stand for the whole of their own. Bad lines go with the first batch, of an unknown force and year where
    there is none, so that they never replace a good one.
    """
    text = table.rows.with_columns(home=pl.col("of").cast(pl.String).fill_null(UNKNOWN), in_batch=pl.col("in_year").fill_null(UNKNOWN))
    mine = text if force is None else text.filter(pl.col("of") == force)
    untold = 0 if force is None else text["of"].null_count()
    counted = {(str(of), str(year)): count for of, year, count in mine.group_by("home", "in_batch").len().iter_rows()}
    homes = {part: _home(part, counted) for part in counted}
    moved = [{"home": of, "in_batch": year, "batch_year": homes[of, year]} for of, year in counted]
    shape = {"home": pl.String, "in_batch": pl.String, "batch_year": pl.String}
    mine = mine.join(pl.DataFrame(moved, schema=shape), on=["home", "in_batch"], how="left", maintain_order="left")
    stray = pl.when(pl.col("in_year").is_not_null() & (pl.col("batch_year") != pl.col("in_batch"))).then(pl.lit(STRAY))
    kept = judging.judged(mine.with_columns(f_stray=stray), table.kind)
    made: list[Batch] = []
    for of, year in sorted({(of, home) for (of, _), home in homes.items()}):
        there = (mine["home"] == of) & (mine["batch_year"] == year)
        rows = kept.filter(there).drop("of", "in_year")
        digest = hashlib.sha256(mine.filter(there).select(*KINDS[table.kind], "fault").write_csv().encode())
        bad = () if made else table.bad
        for one in bad:
            digest.update(one.kept)
        made.append(Batch(table.kind, of, year, rows, digest.hexdigest(), table.name, bad))
    if table.bad and not made:
        digest = hashlib.sha256(b"".join(one.kept for one in table.bad))
        made = [Batch(table.kind, UNKNOWN, UNKNOWN, kept.drop("of", "in_year"), digest.hexdigest(), table.name, table.bad)]
    flags = kept["flags"].drop_nulls()
    report = Report(
        table.name, table.kind, len(text) + len(table.bad), len(text) - len(mine) - untold, untold, table.absent,
        Counter(one for each in flags for one in each.split("; ")), len(flags), Counter(one.reason for one in table.bad),
    )  # fmt: skip
    return made, report


def _home(part: tuple[str, str], counted: dict[tuple[str, str], int]) -> str:
    """Return the year under which a file's rows of a force and year are held."""
    of, year = part
    several = [each for each in counted if each[0] == of and each[1] != UNKNOWN]
    if not several:
        return UNKNOWN
    fullest = max(several, key=lambda each: counted[each])
    return fullest[1] if counted[part] * FEW < counted[fullest] or year == UNKNOWN else year

"""Which force and year a row is of.

Only collisions say their force. A vehicle or casualty is of its collision's, where that is in the same import, else of the force
that its index names: published indices are the year, two digits of the force, and seven characters of the force's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from console.feed.stats19 import codes
from console.feed.stats19.finding import Table
from console.feed.stats19.judging import dated

_PUBLISHED = r"^(?:19|20)\d\d(\d\d).{7}$"
_YEAR = r"^(19[789]\d|20\d\d)"


def told(tables: Sequence[Table]) -> Iterator[Table]:
    """Yield each table, its rows with `of` (the force's code, none where it can't be told) and `in_year` (none likewise)."""
    known = pl.DataFrame(schema={"collision": pl.String, "said": pl.Int64})
    for table in tables:
        rows = table.rows
        index = _force(pl.col("collision").str.extract(_PUBLISHED))
        year = pl.col("year").str.extract(_YEAR + r"(?:\.0)?$")
        if table.kind == "collision":
            rows = rows.with_columns(of=pl.coalesce(_force(pl.col("force")), index))
            named = rows.filter(pl.col("collision").is_not_null(), pl.col("of").is_not_null())
            known = pl.concat([known, named.select("collision", said="of")]).unique("collision", keep="last")
            year = pl.coalesce(year, dated(pl.col("date")).dt.year().cast(pl.String))
        else:
            rows = (
                rows.join(known, on="collision", how="left", maintain_order="left").with_columns(of=pl.coalesce("said", index)).drop("said")
            )
        rows = rows.with_columns(in_year=pl.coalesce(year, pl.col("collision").str.extract(_YEAR + r".{4,}$")))
        yield replace(table, rows=rows)


def _force(code: pl.Expr) -> pl.Expr:
    number = code.cast(pl.Float64, strict=False).cast(pl.Int64, strict=False)
    return pl.when(number.is_in([int(each) for each in codes.words("force")])).then(number)

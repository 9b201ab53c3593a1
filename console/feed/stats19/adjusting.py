"""The severity adjustment of years before it stood in the files themselves: look-ups by collision, or by casualty, beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from console.feed.stats19.finding import Table

KEYS = {"collision": ["collision"], "casualty": ["collision", "vehicle", "casualty"]}
VALUES = ("adjusted_serious", "adjusted_slight", "injury_based")


def adjusted(tables: Sequence[Table]) -> list[Table]:
    """Return the tables of collisions, vehicles and casualties, with the values of the look-ups among them where they have none.

    Of a key that is looked up twice the last counts.
    """
    made = []
    for table in tables:
        if table.lookup:
            continue
        for other in tables:
            if other.lookup and other.kind == table.kind:
                table = _with(table, other)
        made.append(table)
    return made


def _with(table: Table, lookup: Table) -> Table:
    key = KEYS[table.kind]
    found = lookup.rows.select(*key, *(pl.col(name).alias(f"{name}_there") for name in VALUES)).unique(key, keep="last")
    rows = table.rows.join(found, on=key, how="left", maintain_order="left")
    rows = rows.with_columns(pl.coalesce(name, f"{name}_there").alias(name) for name in VALUES)
    return replace(table, rows=rows.select(table.rows.columns), absent=tuple(name for name in table.absent if name not in VALUES))

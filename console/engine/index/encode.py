"""A fact's rows out of DuckDB into the index's columns, all of them once, afterwards those that changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from console.engine.index.dimension import Dimension
from console.engine.index.needs import Needs
from console.engine.index.numbers import MISSING
from console.engine.index.rows import Change
from console.engine.model import Fact
from console.engine.present import END
from console.store import sql
from console.store.database import Cursor

Array = np.ndarray[Any, Any]
VALUES = 20000  # more different values than this make no dimension
FEW, SPARSE = 256, 4  # instants of more values than that, and of fewer rows a value than this, make no dimension
ROOM = 24  # values that may come of a column, at least, before its fact is encoded anew,
SMALL = 20_000  # where so few rows are that some of the values may not have been seen yet
ONCE = 16  # keys of one question
RECENT = timedelta(days=2)  # how far back rows are looked for at first
SEVERAL = 64  # keys above which they are asked as a list
_NUMBER = {"instant": "as_instant", "number": "as_number", "integer": "as_whole"}


@dataclass(frozen=True, slots=True)
class Columns:
    """What is asked of a fact: its dimensions, its numbers by kind, its link keys, and what orders the values of a dimension."""

    dimensions: tuple[str, ...]
    kinds: Mapping[str, str]
    linked: tuple[str, ...]
    orders: Mapping[str, str]


@dataclass(frozen=True)
class Encoded:
    """A fact's columns: codes by dimension, numbers, hashes of keys (the fact's own and those of its links), in order of time."""

    columns: Columns
    dimensions: Mapping[str, Dimension]
    coded: Mapping[str, Array]
    numbers: Mapping[str, Array]
    keys: Array
    linked: Mapping[str, Array]


def ready(cursor: Cursor) -> None:
    """Make a cursor able to code columns, once before all that it is asked here."""
    sql.run(cursor, sql.text("engine/index/macros"))


def encoded(cursor: Cursor, fact: Fact, needs: Needs, now: datetime) -> Encoded:
    """Return a fact as it stands at `now`; the cursor is to see one state throughout."""
    at = {"now": now, "limit": VALUES + 1}
    rows, *about = _run(cursor, "sizes", at, fact=fact.name, columns=_named(needs.coded)).fetchall()[0]
    dimensions = {}
    for number, (column, size) in enumerate(zip(needs.coded, about, strict=False)):
        if needs.numbers.get(column) == "instant" and size > FEW and size * SPARSE > rows:
            continue  # nearly every row has another: new rows would soon have no room
        if size <= VALUES * 1.2 and (made := _dimension(cursor, fact, column, needs.coded[column], f"dictionary_{number}", at)) is not None:
            if rows < SMALL:
                made.size = max(made.size, len(made.values) + ROOM)
            dimensions[column] = made, f"dictionary_{number}_code"
    kinds = {column: kind for column, kind in needs.numbers.items() if column not in dimensions or column in _always(fact, needs)}
    asked = [f"{code}({column})" for column, (_, code) in dimensions.items()]
    asked += [f"{_NUMBER[kind]}({column})" for column, kind in kinds.items()]
    asked += [f"key_hash({column})" for column in sorted(needs.keys)]
    names = {"fact": fact.name, "key": fact.key, "settled": fact.settled, "time": fact.time or fact.key, "columns": _named(asked)}
    found = _run(cursor, "encoded", at, **names).fetchnumpy()
    taken = iter([_plain(found[f"c{n}"]) for n in range(len(asked))])
    orders = {column: needs.coded[column] for column in dimensions if needs.coded[column]}
    return Encoded(
        Columns(tuple(dimensions), kinds, tuple(sorted(needs.keys)), orders),
        {column: each for column, (each, _) in dimensions.items()},
        {column: next(taken) for column in dimensions},
        {column: next(taken) for column in kinds},
        _plain(found["key"]),
        {column: next(taken) for column in sorted(needs.keys)},
    )


def cost(cursor: Cursor, fact: Fact, needs: Needs, now: datetime) -> int:
    """Return about how many bytes the rows of a fact would take, a third more while they are encoded."""
    ((rows, _),) = _run(cursor, "sizes", {"now": now}, fact=fact.name, columns=_named(())).fetchall()
    each = 8 + 8 * len(needs.numbers) + 4 * len(needs.keys) + 2 * len(needs.coded)
    return int(rows * each * 4 / 3)


def changes(
    cursor: Cursor, fact: Fact, held: Columns, touched: Collection[str], now: datetime, *,
    unsettled: Collection[str] = (), waiting: Collection[str] = (), since: Any = None,
    of: str | None = None, some: str | None = None,
) -> tuple[list[Change], Any]:  # fmt: skip
    """Return the rows that time may still change and those of the touched keys, as they stand at `now`, without values where they don't.

    And since when all of those are that time may still change. Where it is told of the last time, with the keys of those that were
    unsettled then or had yet to come, rows older than that are looked for only if they were touched.
    `of` is where all rows are at hand, `some` where some are.
    """
    columns = [*held.dimensions, *(f"{_NUMBER[kind]}({column})" for column, kind in held.kinds.items())]
    columns += [*(f"key_hash({column})" for column in held.linked), *held.orders.values()]
    asked = {"rows": of or f"{fact.name}($now)", "key": fact.key, "settled": fact.settled, "time": fact.time or "null"}
    asked["columns"] = ", ".join(columns) or "0"
    names = [*held.dimensions, *held.kinds, *(f"#{column}" for column in held.linked), *(f"@{column}" for column in held.orders)]
    every = {*touched, *unsettled, *waiting}
    found, others = {}, every
    if since is not None and every:
        recent = {"now": now, "since": since, "keys": sorted(every)}
        found = {row[0]: row for row in _run(cursor, "recent", recent, **(asked | ({"rows": some} if some else {}))).fetchall()}
        others = every if some or fact.time == "month" else {*touched, *unsettled}  # a month may be from before the row was there
    elif since is None and fact.settled != "true":
        found = {row[0]: row for row in _run(cursor, "unsettled", {"now": now}, **asked).fetchall()}
    sought = sorted(others - found.keys())
    if len(sought) > SEVERAL:
        found |= {row[0]: row for row in _run(cursor, "touched_many", {"now": now, "keys": sought}, **asked).fetchall()}
    for first in range(0, len(sought) if len(sought) <= SEVERAL else 0, ONCE):
        few = sought[first : first + ONCE]
        given = {f"k{n}": few[min(n, len(few) - 1)] for n in range(ONCE)}
        found |= {row[0]: row for row in _run(cursor, "touched", {"now": now, **given}, **asked).fetchall()}
    made = [Change(key, hash, settled, dict(zip(names, values, strict=False))) for key, hash, settled, *values in found.values()]
    if absent := sorted(every - found.keys()):
        made += [Change(key, hash, True, None) for key, hash in sql.rows(cursor, "engine/index/hashed", {"keys": absent})]
    if not fact.time:
        return made, None
    latest = now - RECENT
    times = [row[-1] for row in found.values() if not row[2] and row[-1] is not None]
    return made, min([*times, f"{latest:%Y-%m}" if fact.time == "month" else latest])


def to_come(cursor: Cursor, fact: Fact, now: datetime) -> set[str]:
    """Return the keys of the rows that the store holds of a time after `now`."""
    return {key for (key,) in _run(cursor, "to_come", {"now": now, "later": END}, fact=fact.name, key=fact.key).fetchall()}


def _always(fact: Fact, needs: Needs) -> frozenset[str]:
    """Return the columns that are kept as numbers even if they have few values: points, and when a link's rows end."""
    return frozenset(column for column, kind in needs.numbers.items() if column not in needs.coded)


def _dimension(cursor: Cursor, fact: Fact, column: str, place: str, name: str, at: Mapping[str, Any]) -> Dimension | None:
    found = _run(cursor, "dictionary", at, fact=fact.name, column=column, place=place or "null", name=name).fetchall()
    if len(found) > VALUES:
        return None
    return Dimension(column, [None, *(value for _, value, _ in found)], [None, *(place for _, _, place in found)])


def _named(columns: Iterable[str]) -> str:
    return ", ".join(f"{text} as c{n}" for n, text in enumerate(columns)) or "0 as c0"


def _run(cursor: Cursor, query: str, given: Mapping[str, Any], /, **identifiers: str) -> Cursor:
    return sql.run(cursor, sql.text(f"engine/index/{query}").format(**identifiers), given)


def _plain(column: Any) -> Array:
    """Return a fetched column without its mask: missing numbers are not a number."""
    if isinstance(column, np.ma.MaskedArray):
        filled: Array = column.filled(np.nan if column.dtype.kind == "f" else MISSING if column.dtype.kind == "i" else 0)
        return filled
    return np.asarray(column)

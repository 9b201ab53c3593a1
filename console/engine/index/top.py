"""What bounds the rows that a table shows of a fact of many: how many there are, the last place in order, which rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from console.desk.selection import Area, Clause, Values
from console.engine.apps import Plan
from console.engine.context import Context
from console.engine.index.answers import sides_of
from console.engine.index.dimension import Dimension
from console.engine.index.fact import FactIndex
from console.engine.index.index import Index
from console.engine.index.plain import positions
from console.engine.index.rows import FactRows
from console.engine.scope import MANY

Array = np.ndarray[Any, Any]
NAMED = 1000  # rows above which they are not named one by one


@dataclass(frozen=True, slots=True)
class Top:
    """How many rows of a table panel are in scope, and of which those it shows are.

    `last` is the last place that they take in its first order, None where that isn't known; `hashes` are those of the keys of all rows
    up to there, where a clause is costly and they are few.
    """

    total: int
    last: Any = None
    hashes: list[int] | None = None


def topmost(index: Index, plan: Plan, context: Context) -> Top | None:
    """Return what bounds the rows that a table panel shows, or None where the index can't say."""
    with index.lock:
        sides = sides_of(index, plan, context, ())
        if sides is None:
            return None
        rows, held = sides.fact.rows, sides.fact.passing(sides.counted)
        few = NAMED if any(costly(clause) for _, clause in context.clauses()) else 0
        dimension, codes, places = _ordering(index, sides.fact, plan, context)
        upto = np.zeros(0) if dimension is None else np.cumsum(sides.fact.count(sides.counted, (dimension,))[codes])
        last = int(np.searchsorted(upto, min(plan.limit, held.rows)))
        if dimension is None or last == len(codes) or not held.rows:
            return Top(held.rows, hashes=_hashes(rows, held.words) if 0 < held.rows <= few else None)
        if upto[last] > few:
            return Top(held.rows, places[codes[last]])
        flags, words = np.zeros(dimension.size, np.uint8), np.zeros_like(held.words)
        flags[codes[: last + 1]] = 1
        index.kernel.loops.passing(rows.column(dimension.column), dimension.table(flags), words, 0, rows.words)
        return Top(held.rows, places[codes[last]], _hashes(rows, words & held.words))


def _ordering(index: Index, of: FactIndex, plan: Plan, context: Context) -> tuple[Dimension | None, list[int], list[Any]]:
    """Return the dimension that a table panel is first sorted by, its codes that have a place in that order, and each code's place."""
    if not plan.sort:
        return None, [], []
    fact, (name, down) = plan.spec.fact, plan.sort[0]
    field = context.model.field(name, fact)
    dimension = of.rows.dimensions.get(index.column(fact, field.name) or "")
    if dimension is None or (field.order and index.columns[fact].orders.get(dimension.name) != field.order):
        return None, [], []
    codes, places = dimension.ordered()[0], dimension.values
    if field.order:
        places = dimension.places
        codes = sorted((code for code in codes if places[code] is not None), key=places.__getitem__)
    return dimension, codes[::-1] if down else codes, places


def costly(clause: Clause) -> bool:
    """Return whether SQL looks long at a clause: an area, or so many values that they are looked up."""
    return isinstance(clause, Area) or (isinstance(clause, Values) and len(clause.values) > MANY)


def _hashes(rows: FactRows, words: Array) -> list[int]:
    made: list[int] = rows.keys[positions(words[: rows.words])].tolist()
    return made

"""Measures from the index: what adds up, what the values of a column say, shares of the two."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from console.engine.index.dimension import Dimension
from console.engine.index.fact import FactIndex
from console.engine.index.index import Index
from console.engine.index.measures import Adding, OfValues, adding, of_values, share
from console.engine.index.passing import Keys
from console.engine.model import MeasureSpec

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Sides:
    """A fact's index, and the keys of the rows a panel is about and of those of them that it counts."""

    fact: FactIndex
    about: Keys
    counted: Keys


def measured(index: Index, fact: str, sides: Sides, measure: MeasureSpec, by: Sequence[Dimension]) -> Array | None:
    """Return a measure's number by cell, None among them where there is none; None where the columns can't say."""
    if (one := adding(measure.sql)) is not None:
        return _added(index, fact, sides, one, by)
    if (told := of_values(measure.sql)) is not None:
        return _told(sides, told, by)
    if (two := share(measure.sql)) is None:
        return None
    part, whole = (_added(index, fact, sides, each, by) for each in two)
    if part is None or whole is None:
        return None
    shares = [
        100.0 * some / every if every and some is not None else None for some, every in zip(part.tolist(), whole.tolist(), strict=True)
    ]
    return np.array(shares, object)


def _added(index: Index, fact: str, sides: Sides, made: Adding, by: Sequence[Dimension]) -> Array | None:
    keys = sides.counted
    if made.where:
        flagged = index.flagged(fact, made.where)
        if flagged is None:
            return None
        keys |= flagged
    if not made.value:
        return sides.fact.count(keys, by)
    weight = sides.fact.rows.dimensions.get(made.value)
    if weight is None:
        return None
    sums, known = sides.fact.sums(keys, by, weight)
    if weight.whole:
        sums = np.rint(sums).astype(np.int64)
    if known.all():
        return sums
    told = sums.astype(object)
    told[known == 0] = None
    return told


def _told(sides: Sides, told: OfValues, by: Sequence[Dimension]) -> Array | None:
    """Return what the values of a column say by cell: from how often each comes, which is exact."""
    dimension = sides.fact.rows.dimensions.get(told.column)
    if dimension is None or len(by) > 1:
        return None
    order, values = dimension.ordered()
    if told.kind == "quantile" and values and isinstance(values[0], str):
        return None
    counts = sides.fact.count(sides.counted, [*by, dimension]).reshape(-1, dimension.size)[:, order]
    return np.array([_of(told, values, each) for each in counts], object)


def _of(told: OfValues, values: Sequence[Any], counts: Array) -> Any:
    held = np.flatnonzero(counts)
    if told.kind == "distinct":
        return len(held)
    if not len(held):
        return None
    if told.kind == "max":
        return values[held[-1]]
    if told.kind == "min":
        return values[held[0]]
    upto = np.cumsum(counts)
    place = told.part * (int(upto[-1]) - 1)
    low, high = (float(values[int(np.searchsorted(upto, rank, side="right"))]) for rank in (math.floor(place), math.ceil(place)))
    above = place - math.floor(place)
    return low * (1.0 - above) + high * above

"""A clause as a way to fill a bitmap: which rows pass, from their codes or numbers, for any range of words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import compress, repeat
from typing import Any

import numpy as np

from console.desk.selection import Area, Box, Circle, Clause, Range, Shape, Values, Window
from console.engine.index.dimension import Dimension
from console.engine.index.kernel import Kernel
from console.engine.index.rows import MISSING, FactRows
from console.engine.model import Field
from console.engine.scope import as_text, typed

Array = np.ndarray[Any, Any]
Fill = Callable[[Array, int, int], None]


@dataclass(frozen=True, slots=True)
class Definition:
    """What fills a bitmap with the rows that pass a clause; of a clause on a dimension, also which of its values pass."""

    fill: Fill
    flags: Callable[[], Array] | None = None


EPOCH = datetime(1970, 1, 1)
MANY = 16


def absolute(of: Field, clause: Clause, now: datetime) -> Clause:
    """Return a window as the range of instants that it is at a time; any other clause as it is."""
    if not isinstance(clause, Window):
        return clause
    ends = (None if end is None else (now + timedelta(seconds=end)).replace(tzinfo=UTC).isoformat() for end in (clause.start, clause.end))
    return Range(*ends)


def defined(kernel: Kernel, rows: FactRows, of: Field, column: str, clause: Clause) -> Definition | None:
    """Return what an absolute clause means for the rows, or None where the columns can't say.

    Raises ValueError if a value isn't of the field's type.
    """
    if isinstance(clause, Area):
        lon, _, lat = column.partition(", ")
        return Definition(_area(kernel, rows, lon, lat, clause)) if {lon, lat} <= rows.numbers.keys() else None
    if column in rows.dimensions:
        return coded(kernel, rows, rows.dimensions[column], lambda dimension: chosen(dimension, of, clause))
    if column not in rows.numbers:
        return None
    if isinstance(clause, Range):
        low, high = (None if end is None else typed(of, end) for end in (clause.low, clause.high))
        return Definition(_ranged(kernel, rows, column, of, [(low, high)]))
    if isinstance(clause, Values) and len(clause.values) <= MANY:
        return Definition(_ranged(kernel, rows, column, of, [None if value is None else typed(of, value) for value in clause.values]))
    return None


def coded(kernel: Kernel, rows: FactRows, dimension: Dimension, choose: Callable[[Dimension], Array]) -> Definition:
    """Return what choosing values of a dimension means; values that come later are looked at as well."""
    held: list[Any] = [len(dimension.values), choose(dimension), None]

    def flags() -> Array:
        if held[0] != len(dimension.values):
            held[:] = len(dimension.values), choose(dimension), None
        made: Array = held[1]
        return made

    def fill(words: Array, start: int, stop: int) -> None:
        choice = flags()
        if held[2] is None:
            held[2] = dimension.table(choice)
        kernel.loops.passing(rows.column(dimension.column), held[2], words, start, stop)

    return Definition(fill, flags)


def chosen(dimension: Dimension, of: Field, clause: Clause) -> Array:
    """Return a flag (bytes) a code of the dimension: whether its value passes."""
    flags = np.zeros(dimension.size, np.uint8)
    if isinstance(clause, Values):
        words = _words(dimension, of)
        codes = np.fromiter(map(words.get, clause.values, repeat(-1)), np.int64, len(clause.values))
        flags[codes[codes >= 0]] = 1
        for unwritten in compress(clause.values, codes < 0):
            if (code := dimension.codes.get(typed(of, unwritten or ""))) is not None:
                flags[code] = 1
        return flags
    assert isinstance(clause, Range)
    low, high = (None if end is None else typed(of, end) for end in (clause.low, clause.high))
    if of.type in ("integer", "number"):
        amounts = dimension.amounts()
        flags[: amounts.size] = (amounts >= (-np.inf if low is None else low)) & (amounts < (np.inf if high is None else high))
        return flags
    for code, value in enumerate(dimension.values):
        flags[code] = value is not None and (low is None or value >= low) and (high is None or value < high)
    return flags


def _words(dimension: Dimension, of: Field) -> dict[str | None, int]:
    """Return the code of each value as a clause holds it; what else a clause may call a value is not there."""
    words = dimension.words
    if len(words) < len(dimension.values):
        words |= {as_text(of, value): code for code, value in enumerate(dimension.values)}
    return words


def microseconds(moment: datetime) -> int:
    """Return an instant (naive UTC) as microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def _ranged(kernel: Kernel, rows: FactRows, column: str, of: Field, wanted: list[Any]) -> Fill:
    """Pass the rows in any of the ranges (pairs) or with any of the values; None is a missing value."""
    instants = of.type == "instant"
    whole = rows.numbers[column].dtype.kind == "i"

    def number(value: Any) -> Any:
        return microseconds(value) if instants else value

    ranges: list[tuple[Any, Any]] = []
    missing = False
    for each in wanted:
        if each is None:
            missing = True
        elif isinstance(each, tuple):
            low, high = (None if end is None else number(end) for end in each)
            lowest, highest = (MISSING + 1, np.iinfo(np.int64).max) if whole else (-np.inf, np.inf)
            ranges.append((lowest if low is None else low, highest if high is None else high))
        else:
            value = number(each)
            ranges.append((value, value + 1 if whole else np.nextafter(value, np.inf)))
    if missing and whole:
        ranges.append((MISSING, MISSING + 1))

    def fill(words: Array, start: int, stop: int) -> None:
        values = rows.number(column)
        words[start:stop] = 0
        more = np.empty(stop, np.uint64)
        for low, high in ranges:
            kernel.loops.between(values, low, high, more, start, stop)
            words[start:stop] |= more[start:stop]
        if missing and not whole:
            kernel.loops.between(values, -np.inf, np.inf, more, start, stop)
            words[start:stop] |= ~more[start:stop]

    return fill


def _area(kernel: Kernel, rows: FactRows, lon: str, lat: str, clause: Area) -> Fill:
    def fill(words: Array, start: int, stop: int) -> None:
        words[start:stop] = 0
        for shape in clause.shapes:
            words[start:stop] |= _shape(kernel, rows.number(lon), rows.number(lat), shape, start, stop)[start:stop]

    return fill


def _shape(kernel: Kernel, lons: Array, lats: Array, shape: Shape, start: int, stop: int) -> Array:
    """Return a bitmap whose words from start to stop tell the rows in a shape."""
    if isinstance(shape, Box):
        return _boxed(kernel, lons, lats, (shape.west, shape.south, shape.east, shape.north), start, stop)
    if isinstance(shape, Circle):
        high = np.degrees(shape.metres / 6371008.8) * 1.000001 + 1e-9
        wide = min(360.0, high / max(1e-9, np.cos(np.radians(min(89.9, abs(shape.lat) + high)))))
        box = (shape.lon - wide, shape.lat - high, shape.lon + wide, shape.lat + high)
        words = _boxed(kernel, lons, lats, box, start, stop)
        kernel.loops.within_circle(lons, lats, shape.lon, shape.lat, shape.metres, words, start, stop)
        return words
    words = _ring(kernel, lons, lats, shape.corners, start, stop)
    for hole in shape.holes:
        words[start:stop] &= ~_ring(kernel, lons, lats, hole, start, stop)[start:stop]
    return words


def _ring(kernel: Kernel, lons: Array, lats: Array, corners: Sequence[tuple[float, float]], start: int, stop: int) -> Array:
    xs, ys = (np.array(each, float) for each in zip(*corners, strict=True))
    up = np.nextafter
    words = _boxed(kernel, lons, lats, (xs.min(), ys.min(), up(xs.max(), np.inf), up(ys.max(), np.inf)), start, stop)
    kernel.loops.within_ring(lons, lats, xs, ys, words, start, stop)
    return words


def _boxed(kernel: Kernel, lons: Array, lats: Array, box: tuple[float, float, float, float], start: int, stop: int) -> Array:
    west, south, east, north = (float(edge) for edge in box)
    words, more = np.empty(stop, np.uint64), np.empty(stop, np.uint64)
    kernel.loops.between(lons, west, east, words, start, stop)
    kernel.loops.between(lats, south, north, more, start, stop)
    words[start:stop] &= more[start:stop]
    return words

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
from console.engine.index.numbers import Numbers
from console.engine.index.rings import prepared
from console.engine.index.rows import FactRows
from console.engine.model import Field
from console.engine.scope import as_text, typed

Array = np.ndarray[Any, Any]
Fill = Callable[[Array, int, int], None]
Pass = Callable[[Array, Array, Array, int, int], None]  # of longitudes and latitudes, as held


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
    numbers = rows.numbers[column]

    def number(value: Any) -> Any:
        return microseconds(value) if isinstance(value, datetime) else value

    ends = [each for each in wanted if each is not None]
    ranges = [numbers.between(*map(number, each)) if isinstance(each, tuple) else numbers.equal(number(each)) for each in ends]
    unheld = numbers.missing != numbers.missing  # what is missing is not a number, in no range
    missing = len(ends) < len(wanted)
    if missing and not unheld:
        ranges.append(numbers.equal(None))

    def fill(words: Array, start: int, stop: int) -> None:
        values = rows.number(column)
        words[start:stop] = 0
        more = np.empty(stop, np.uint64)
        for low, high in ranges:
            for first, last in numbers.spans(low, high, rows.count, start, stop):
                kernel.loops.between(values, low, high, more, first, last)
                words[first:last] |= more[first:last]
        if missing and unheld:
            kernel.loops.between(values, -np.inf, np.inf, more, start, stop)
            words[start:stop] |= ~more[start:stop]

    return fill


def _area(kernel: Kernel, rows: FactRows, lon: str, lat: str, clause: Area) -> Fill:
    x, y = rows.numbers[lon], rows.numbers[lat]
    shapes = [shaped(kernel, x, y, shape) for shape in clause.shapes]

    def fill(words: Array, start: int, stop: int) -> None:
        words[start:stop] = 0
        more = np.empty(stop, np.uint64)
        for shape in shapes:
            shape(rows.number(lon), rows.number(lat), more, start, stop)
            words[start:stop] |= more[start:stop]

    return fill


def shaped(kernel: Kernel, x: Numbers, y: Numbers, shape: Shape) -> Pass:
    """Return what passes the points in a shape."""
    if isinstance(shape, Box):
        return _boxed(kernel, x, y, (shape.west, shape.south, shape.east, shape.north))
    if isinstance(shape, Circle):
        high = np.degrees(shape.metres / 6371008.8) * 1.000001 + 1e-9
        wide = min(360.0, high / max(1e-9, np.cos(np.radians(min(89.9, abs(shape.lat) + high)))))
        wide = 540.0 if abs(shape.lon) + wide > 180 or abs(shape.lat) + high > 89 else wide  # over the antimeridian or a pole
        boxed = _boxed(kernel, x, y, (shape.lon - wide, shape.lat - high, shape.lon + wide, shape.lat + high))

        def near(lons: Array, lats: Array, words: Array, start: int, stop: int) -> None:
            boxed(lons, lats, words, start, stop)
            kernel.loops.within_circle(lons, lats, x.divisor, y.divisor, shape.lon, shape.lat, shape.metres, words, start, stop)

        return near
    inside, holes = _ring(kernel, x, y, shape.corners), [_ring(kernel, x, y, hole) for hole in shape.holes]

    def within(lons: Array, lats: Array, words: Array, start: int, stop: int) -> None:
        inside(lons, lats, words, start, stop)
        less = np.empty(stop if holes else 0, np.uint64)
        for hole in holes:
            hole(lons, lats, less, start, stop)
            words[start:stop] &= ~less[start:stop]

    return within


def _ring(kernel: Kernel, x: Numbers, y: Numbers, corners: Sequence[tuple[float, float]]) -> Pass:
    ring = prepared(corners)
    east, north = (np.nextafter(max(corner[way] for corner in corners), np.inf) for way in (0, 1))
    boxed = _boxed(kernel, x, y, (ring.west, ring.south, east, north))
    place = (ring.squares, ring.west, ring.across, ring.south, ring.up, ring.edges, ring.offsets)

    def within(lons: Array, lats: Array, words: Array, start: int, stop: int) -> None:
        boxed(lons, lats, words, start, stop)
        kernel.loops.within_ring(lons, lats, x.divisor, y.divisor, *place, words, start, stop)

    return within


def _boxed(kernel: Kernel, x: Numbers, y: Numbers, box: tuple[float, float, float, float]) -> Pass:
    west, south, east, north = (float(edge) for edge in box)
    (left, right), (bottom, top) = x.between(west, east), y.between(south, north)

    def inside(lons: Array, lats: Array, words: Array, start: int, stop: int) -> None:
        more = np.empty(stop, np.uint64)
        kernel.loops.between(lons, left, right, words, start, stop)
        kernel.loops.between(lats, bottom, top, more, start, stop)
        words[start:stop] &= more[start:stop]

    return inside

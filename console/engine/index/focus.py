"""The tables of the panel that has the keys: its values against every other panel's, so that a press there sums a few rows.

The idea is Falcon's (Moritz, Howe, Heer, CHI 2019): index for the active view alone, under all other filters.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Any

import numpy as np

from console.engine.index.crossing import Part, crossed, shared
from console.engine.index.dimension import Dimension
from console.engine.index.kernel import Kernel
from console.engine.index.passing import Keys, Passing
from console.engine.index.rows import FactRows
from console.engine.index.sorting import Sorted, ordered

Array = np.ndarray[Any, Any]
Asked = tuple[Keys, tuple[str, ...]]
CELLS = 1 << 23  # of the dense table; panels that don't fit in keep their rows in order instead
FEW = 64  # values above which the dense table is summed from its first row on, so that a run of values is one difference
LINES = 4  # presses whose counts are kept
MANY = 1 << 13  # changes after which the tables are let go


class Focus:
    """The tables of one focused dimension, by the other clauses and the dimensions of the panels they serve."""

    def __init__(self, rows: FactRows, dimension: Dimension) -> None:
        """Make none yet."""
        self.dimension = dimension
        self.parts: dict[Asked, Part] = {}
        self._counts = np.zeros((dimension.size, 0), np.int32)
        self._sorted: list[tuple[Part, Sorted]] = []
        self._lines: dict[Hashable, Array] = {}  # by the key of the clause pressed, None for none
        self._told: dict[Asked, Array] = {}
        self._changes: list[tuple[Array, Array, Array]] = []  # focused values, cells of the line, signs
        self._rows, self._codes, self._count = rows, rows.codes, rows.count  # as they are now: more may come while tables are made
        self._dimensions = tuple(rows.dimensions.values())
        self._given_up = threading.Event()

    def answer(self, keys: Keys, names: tuple[str, ...], flags: Callable[[Hashable], Array | None], kernel: Kernel) -> Array | None:
        """Return the counts of the rows that pass clauses by cell of these dimensions, or None where the tables don't say.

        `flags` gives which focused values a clause's key chooses.
        """
        told = self._told.get((keys, names))
        if told is not None:
            return told
        own, name = None, self.dimension.name
        for key in keys:
            if type(key) is tuple and key[0] == name:
                own = key
        part = self.parts.get((keys if own is None else keys - {own}, names))
        if part is None:
            return None
        line = self._lines.get(own)
        if line is None:
            chosen = np.ones(self.dimension.size, np.uint8) if own is None else flags(own)
            if chosen is None:
                return None
            if len(self._lines) >= LINES:
                self._forget()
            line = self._lines[own] = self._press(kernel, chosen)
        told = self._told[keys, names] = line[part.start : part.start + part.width]
        return told

    def serves(self, dimension: Dimension, wanted: Sequence[tuple[Keys, tuple[Dimension, ...]]]) -> bool:
        """Return whether it has all these tables of this dimension."""
        return dimension is self.dimension and all((rest, tuple(each.name for each in by)) in self.parts for rest, by in wanted)

    def give_up(self) -> None:
        """Make no more tables."""
        self._given_up.set()

    def build(self, kernel: Kernel, wanted: Sequence[tuple[Passing, tuple[Dimension, ...]]]) -> bool:
        """Make the tables of these rows and panels, on all cores; return whether it wasn't given up."""
        start, dense, parts = 0, 0, []
        for held, by in sorted(wanted, key=lambda each: _width(each[1])):
            column = next((of[0].column for rows, of in [(held, by), *wanted] if of and rows is held), self.dimension.column)
            parts.append(Part(held, by, column, _places(by, self._cells(column)), start, _width(by)))
            start += parts[-1].width
            dense = start if start * self.dimension.size <= CELLS else dense
        self._counts = np.zeros((self.dimension.size, dense), np.int32)
        works: list[tuple[int, Callable[[], Any]]] = []
        for part in (each for each in parts if each.start >= dense):
            works.append((5 * part.held.rows, partial(self._sort, kernel, part)))
        for held in {id(each.held): each.held for each in parts if each.held.rows}.values():
            for some in shared([each for each in parts if each.held is held and each.start < dense]):
                work = partial(crossed, kernel, self._codes[:, : self._count], self.dimension, some, self._counts)
                works.append((held.rows * (1 + len(some)), work))
        order = sorted(works, key=lambda each: -each[0])
        kernel.each(lambda number: self._given_up.is_set() or order[number][1](), len(order))
        if self._summed and not self._given_up.is_set():
            half = -(-dense // 2)
            kernel.each(lambda number: kernel.loops.accumulate(self._counts, half * number, min(dense, half * (number + 1))), 2)
        self.parts = {(each.held.keys, tuple(of.name for of in each.by)): each for each in parts}
        return not self._given_up.is_set()

    def recount(self, places: Array, sign: int) -> bool:
        """Add rows, as they stand, to the tables that hold them, or take them away; return whether the tables are still worth keeping."""
        self._forget()
        values = self.dimension.decoded()[self._rows.codes[self.dimension.column, places]]
        for part in self.parts.values():
            inside = part.held.holds(places)
            cells = part.cells[self._rows.codes[part.column, places[inside]]] + part.start
            self._changes.append((values[inside], cells, np.full(cells.size, sign, np.int64)))
        return sum(values.size for values, _, _ in self._changes) <= MANY

    def bytes(self) -> int:
        """Return the memory that the tables take."""
        return self._counts.nbytes + sum(each.bytes() for _, each in self._sorted)

    def _forget(self) -> None:
        self._lines.clear()
        self._told.clear()

    def _cells(self, column: int) -> int:
        return next(each.cells for each in self._dimensions if each.column == column)

    @property
    def _summed(self) -> bool:
        return self.dimension.size > FEW

    def _press(self, kernel: Kernel, chosen: Array) -> Array:
        """Return the line of counts of the chosen values (a flag each)."""
        line = np.zeros(sum(each.width for each in self.parts.values()), np.int64)
        starts, stops = _runs(chosen)
        kernel.loops.summed(self._counts, starts, stops, self._summed, line)
        for part, each in self._sorted:
            each.add(kernel, starts, stops, line[part.start : part.start + part.width])
        for values, cells, signs in self._changes:
            inside = values < chosen.size
            inside[inside] = chosen[values[inside]] != 0
            np.add.at(line, cells[inside], signs[inside])
        return line

    def _sort(self, kernel: Kernel, part: Part) -> None:
        column, words = self._codes[:, : self._count], part.held.words
        a, b = column[self.dimension.column], column[part.column]
        made = ordered(kernel, words, (a, self.dimension.decoded(), self.dimension.size), (b, part.cells, part.width), part.held.rows)
        self._sorted.append((part, made))


def _runs(chosen: Array) -> tuple[Array, Array]:
    """Return the chosen values (a flag each) as runs, from some to before others."""
    padded = np.zeros(chosen.size + 2, np.uint8)
    padded[1:-1] = chosen
    edges = np.flatnonzero(padded[1:] != padded[:-1])
    return np.ascontiguousarray(edges[::2]), np.ascontiguousarray(edges[1::2])


def _places(by: Sequence[Dimension], codes: int) -> Array:
    """Return the cell of each code of the column (of so many) that holds these dimensions (all in one)."""
    made = np.zeros(codes, np.int64)
    for each in by:
        made = made * each.size + each.decoded()
    return made.astype(np.int32)


def _width(by: Sequence[Dimension]) -> int:
    return int(np.prod([each.size for each in by], dtype=np.int64)) if by else 1

"""The tables of the panel that has the keys: its values against every other panel's, so that a press there sums a few rows.

The idea is Falcon's (Moritz, Howe, Heer, CHI 2019): index for the active view alone, under all other filters.
"""

from __future__ import annotations

import threading
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from console.engine.index.dimension import Dimension
from console.engine.index.kernel import Kernel
from console.engine.index.passing import Keys, Passing
from console.engine.index.rows import FactRows

Array = np.ndarray[Any, Any]
Runs = list[tuple[int, int]]
LARGEST = 1 << 25  # cells of one table; a larger one isn't made, and its panel is counted by a pass
FEW = 64  # values above which a table is summed from its first row on, so that a run of values is one difference


@dataclass
class Table:
    """Rows counted by the focused value and the cells of a panel, under the panel's other clauses."""

    held: Passing
    by: tuple[Dimension, ...]
    cells: Array
    counts: Array
    summed: bool

    def of(self, runs: Runs) -> Array:
        """Return the counts of the cells over runs of focused values."""
        total = np.zeros(self.counts.shape[1], np.int64)
        for start, stop in runs:
            if self.summed:
                total += self.counts[stop - 1]
                if start:
                    total -= self.counts[start - 1]
            elif stop - start == 1:
                total += self.counts[start]
            else:
                total += self.counts[start:stop].sum(axis=0)
        return total

    def add(self, value: int, code: int, sign: int) -> None:
        """Count one row more, or less, of a focused value and a code of the panel's column."""
        self.counts[slice(value, None) if self.summed else value, self.cells[code]] += sign


def runs(chosen: Array) -> Runs:
    """Return the chosen values (a flag each) as runs, from one to before another."""
    codes = np.flatnonzero(chosen)
    if not codes.size:
        return []
    breaks = np.flatnonzero(codes[1:] != codes[:-1] + 1)
    starts = codes[np.concatenate([[0], breaks + 1])]
    stops = codes[np.concatenate([breaks, [codes.size - 1]])] + 1
    return list(zip(starts.tolist(), stops.tolist(), strict=True))


class Focus:
    """The tables of one focused dimension, by the other clauses and the dimensions of the panels they serve."""

    def __init__(self, rows: FactRows, dimension: Dimension) -> None:
        """Make none yet."""
        self.dimension = dimension
        self.pressed: Hashable = None
        self.told: dict[tuple[Keys, tuple[str, ...]], Array] = {}
        self._runs: Runs = []
        self.tables: dict[tuple[Keys, tuple[str, ...]], Table] = {}
        self._rows, self._codes, self._count = rows, rows.codes, rows.count  # as they are now: more may come while tables are made
        self._given_up = threading.Event()

    def press(self, key: Hashable, chosen: Runs) -> None:
        """Answer for these values from now on, the choice of a clause's key."""
        self.pressed, self._runs = key, chosen
        self.told.clear()

    def answer(self, table: Table, names: tuple[str, ...]) -> Array:
        """Return a table's counts for the values pressed."""
        key = (table.held.keys, names)
        if key not in self.told:
            self.told[key] = table.of(self._runs)
        return self.told[key]

    def serves(self, dimension: Dimension, wanted: Sequence[tuple[Keys, tuple[Dimension, ...]]]) -> bool:
        """Return whether it has all these tables of this dimension."""
        named = ((rest, tuple(each.name for each in by)) for rest, by in wanted)
        return dimension is self.dimension and all(each in self.tables for each in named)

    def give_up(self) -> None:
        """Make no more tables."""
        self._given_up.set()

    def build(self, kernel: Kernel, wanted: Sequence[tuple[Passing, tuple[Dimension, ...]]]) -> bool:
        """Make the tables of these rows and panels; return whether it wasn't given up."""
        order = sorted(wanted, key=lambda each: -_width(each[1]))

        def one(number: int) -> Table | None:
            held, by = order[number]
            if self._given_up.is_set() or self.dimension.size * _width(by) > LARGEST:
                return None
            return self._table(kernel, held, by)

        for table in kernel.each(one, len(order)):
            if table is not None:
                self.tables[table.held.keys, tuple(each.name for each in table.by)] = table
        return not self._given_up.is_set()

    def _table(self, kernel: Kernel, held: Passing, by: tuple[Dimension, ...]) -> Table:
        width, cells = _width(by), _places(by, self.dimension)
        counts = np.zeros(self.dimension.size * width, np.int32)
        a, b = (self._codes[each.column, : self._count] for each in (self.dimension, by[0] if by else self.dimension))
        kernel.loops.joint(held.words, a, self.dimension.decoded(), b, cells, width, counts, 0, -(-self._count // 64))
        table = counts.reshape(self.dimension.size, width)
        if summed := self.dimension.size > FEW:
            kernel.loops.accumulate(table)
        return Table(held, by, cells, table, summed)

    def recount(self, places: Array, inside: Array, table: Table, sign: int) -> None:
        """Add the rows (where `inside`) to a table, as they stand, or take them away."""
        focused = self._rows.codes[self.dimension.column, places]
        codes = self._rows.codes[table.by[0].column if table.by else self.dimension.column, places]
        decoded = self.dimension.decoded()
        for value, code in zip(decoded[focused[inside]].tolist(), codes[inside].tolist(), strict=True):
            table.add(value, code, sign)

    def bytes(self) -> int:
        """Return the memory that the tables take."""
        return sum(table.counts.nbytes for table in self.tables.values())


def _places(by: Sequence[Dimension], otherwise: Dimension) -> Array:
    """Return the cell of each code of the column that holds these dimensions (all in one)."""
    if not by:
        return np.zeros(otherwise.cells, np.int32)
    made = np.zeros(by[0].cells, np.int64)
    for each in by:
        made = made * each.size + each.decoded()
    return made.astype(np.int32)


def _width(by: Sequence[Dimension]) -> int:
    return int(np.prod([each.size for each in by], dtype=np.int64)) if by else 1

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
from console.engine.index.rows import FactRows

Array = np.ndarray[Any, Any]
Keys = frozenset[Hashable]
LARGEST = 1 << 25  # cells of one table; a larger one isn't made, and its panel is counted by a pass
FEW = 64  # values above which a table is summed from its first row on, so that a run of values is one difference


@dataclass
class Table:
    """Rows counted by the focused value and the cells of a panel, under the panel's other clauses."""

    rest: Keys
    by: tuple[Dimension, ...]
    words: Array
    counts: Array
    summed: bool

    def of(self, chosen: Array) -> Array:
        """Return the counts of the cells over the chosen focused values (a flag each)."""
        edges = np.flatnonzero(np.diff(chosen, prepend=0, append=0))
        total = np.zeros(self.counts.shape[1], np.int64)
        for start, stop in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            if self.summed:
                total += self.counts[stop - 1]
                if start:
                    total -= self.counts[start - 1]
            else:
                total += self.counts[start:stop].sum(axis=0)
        return total

    def add(self, value: int, cell: int, sign: int) -> None:
        """Count one row more, or less."""
        self.counts[value if not self.summed else slice(value, None), cell] += sign


class Focus:
    """The tables of one focused dimension, by the other clauses and the dimensions of the panels they serve."""

    def __init__(self, rows: FactRows, dimension: Dimension) -> None:
        """Make none yet."""
        self.dimension = dimension
        self.tables: dict[tuple[Keys, tuple[str, ...]], Table] = {}
        self._rows = rows
        self._given_up = threading.Event()

    def give_up(self) -> None:
        """Make no more tables."""
        self._given_up.set()

    def build(self, kernel: Kernel, wanted: Sequence[tuple[Keys, tuple[Dimension, ...], Array]]) -> bool:
        """Make the tables of these clauses (with the rows that pass them) and panels; return whether it wasn't given up."""
        order = sorted(wanted, key=lambda each: -_width(each[1]))

        def one(number: int) -> Table | None:
            rest, by, words = order[number]
            if self._given_up.is_set() or self.dimension.size * _width(by) > LARGEST:
                return None
            return self._table(kernel, rest, by, words)

        for table in kernel.each(one, len(order)):
            if table is not None:
                self.tables[table.rest, tuple(each.name for each in table.by)] = table
        return not self._given_up.is_set()

    def _table(self, kernel: Kernel, rest: Keys, by: tuple[Dimension, ...], words: Array) -> Table:
        rows, width = self._rows, _width(by)
        counts = np.zeros(self.dimension.size * width, np.int32)
        column = by[0].column if by else self.dimension.column
        a, b = rows.column(self.dimension.column), rows.column(column)
        kernel.loops.joint(words, a, self.dimension.decoded(), b, places(by, self.dimension), width, counts, 0, rows.words)
        table = counts.reshape(self.dimension.size, width)
        summed = self.dimension.size > FEW
        if summed:
            np.cumsum(table, axis=0, out=table)
        return Table(rest, by, words, table, summed)

    def bytes(self) -> int:
        """Return the memory that the tables take."""
        return sum(table.counts.nbytes for table in self.tables.values())


def places(by: Sequence[Dimension], otherwise: Dimension) -> Array:
    """Return the cell of each code of the column that holds these dimensions (all in one)."""
    if not by:
        return np.zeros(otherwise.cells, np.int32)
    made = np.zeros(by[0].cells, np.int64)
    for each in by:
        made = made * each.size + each.decoded()
    return made.astype(np.int32)


def _width(by: Sequence[Dimension]) -> int:
    return int(np.prod([each.size for each in by], dtype=np.int64)) if by else 1

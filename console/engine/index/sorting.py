"""Rows in the order of their focused value, with what was counted up to some of them: any run of values, at any number of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from console.engine.index.kernel import Kernel

Array = np.ndarray[Any, Any]
Coded = tuple[Array, Array, int]  # a column's codes, the place of each code, how many places there are
KEPT = 1 << 22  # bytes of counts up to some row


@dataclass(frozen=True, slots=True)
class Sorted:
    """The cells of rows by focused value: those of a value are `cells[offsets[value] : offsets[value + 1]]`.

    `upto[n]` has the rows of each cell among the first `n * every`.
    """

    cells: Array
    offsets: Array
    upto: Array
    every: int

    def add(self, kernel: Kernel, starts: Array, stops: Array, line: Array) -> None:
        """Add the rows of runs of values to the counts of the cells; a run looks at no more than `every` rows one by one."""
        kernel.loops.ranged(self.cells, self.offsets, self.upto, self.every, starts, stops, line)

    def bytes(self) -> int:
        """Return the memory that it takes."""
        return self.cells.nbytes + self.offsets.nbytes + self.upto.nbytes


def ordered(kernel: Kernel, words: Array, focused: Coded, counted: Coded, rows: int) -> Sorted:
    """Return the rows of a bitmap by focused value."""
    (a, values, size), (b, places, width) = focused, counted
    stop = -(-a.size // 64)
    offsets = np.zeros(size + 1, np.int64)
    kernel.loops.joint(words, a, values, a, np.zeros_like(values), 1, offsets[1:], 0, stop)
    np.cumsum(offsets, out=offsets)
    cells = np.empty(rows, np.uint16 if width <= 1 << 16 else np.int32)
    kernel.loops.arranged(words, a, values, b, places, offsets[:-1].copy(), cells, 0, stop)
    every = max(width, -(-rows * width * 4 // KEPT))
    upto = np.zeros((1 + rows // every, width), np.int32)
    kernel.loops.snapped(cells, every, upto)
    return Sorted(cells, offsets, upto, every)

"""Rows counted by a focused value and the cells of several panels, into one wide table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from console.engine.index.dimension import Dimension
from console.engine.index.kernel import Kernel
from console.engine.index.passing import Passing

Array = np.ndarray[Any, Any]
WORTH = 1.0  # cells a row, below which rows are counted by the codes of a column, and the cells of its panels from these


@dataclass(frozen=True, slots=True)
class Part:
    """A panel's share of a press's line of counts: its rows under its other clauses, its dimensions, where it starts, how wide it is.

    `cells` has the cell of each code of the column that holds the dimensions.
    """

    held: Passing
    by: tuple[Dimension, ...]
    column: int
    cells: Array
    start: int
    width: int


def shared(parts: Sequence[Part]) -> list[list[Part]]:
    """Return parts of the same rows as two shares of about as much work, those of one column in the same."""
    columns = sorted({part.column for part in parts})
    halves = (columns[::2], columns[1::2])
    return [made for half in halves if (made := [part for part in parts if part.column in half])]


def crossed(kernel: Kernel, codes: Array, dimension: Dimension, parts: Sequence[Part], counts: Array) -> None:
    """Count the rows of some parts (the same) by focused value, a row of `counts` each.

    Parts of one column are counted by its codes first, if these make few cells for the rows there are.
    """
    held = parts[0].held
    sizes = {part.column: part.cells.size for part in parts}
    joint = [column for column in sizes if len(_of(parts, column)) > 1 and dimension.size * sizes[column] < held.rows * WORTH]
    alone = [part for part in parts if part.column not in joint]
    if alone:
        _count(kernel, codes, dimension, held, [(part.column, part.cells, part.start) for part in alone], counts)
    if not joint:
        return
    starts = np.cumsum([0, *(sizes[column] for column in joint)]).tolist()
    found = np.zeros((dimension.size, starts[-1]), np.int32)
    whole = [(column, np.arange(sizes[column], dtype=np.int32), start) for column, start in zip(joint, starts, strict=False)]
    _count(kernel, codes, dimension, held, whole, found)
    for column, start in zip(joint, starts, strict=False):
        for part in _of(parts, column):
            kernel.loops.folded(found, start, part.cells, counts, part.start)


def _of(parts: Sequence[Part], column: int) -> list[Part]:
    return [part for part in parts if part.column == column]


def _count(kernel: Kernel, codes: Array, dimension: Dimension, held: Passing, asked: Sequence[tuple[int, Array, int]], out: Array) -> None:
    """Count rows by focused value and by columns, each with the cell of its codes and where its cells start in a row of `out`."""
    tables = np.zeros((len(asked), max(cells.size for _, cells, _ in asked)), np.int32)
    for table, (_, cells, _) in zip(tables, asked, strict=True):
        table[: cells.size] = cells
    columns, starts = np.array([column for column, _, _ in asked]), np.array([start for _, _, start in asked])
    focused, decoded = dimension.column, dimension.decoded()
    kernel.loops.crossed(held.words, codes, focused, decoded, columns, tables, starts, out, 0, -(-codes.shape[1] // 64))

"""The loops of a focus's tables, compiled: how often each value of the focused panel comes with each cell of the others."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from console.engine.index.bits import trailing_zeros

Array = np.ndarray[Any, Any]
BLOCK = 64  # words


@njit(nogil=True, cache=True)
def crossed(
    words: Array, codes: Array, focused: int, values: Array, columns: Array, tables: Array, starts: Array, out: Array,
    start: int, stop: int,
) -> None:  # fmt: skip
    """Count the rows in `words` by focused value (a row of `out`) and by the cells of several columns, each from its start in that row."""
    rows, lines = np.empty(BLOCK * 64, np.int64), np.empty(BLOCK * 64, np.int64)
    of = codes[focused]
    for block in range(start, stop, BLOCK):
        held = 0
        for w in range(block, min(block + BLOCK, stop)):
            first = np.int64(w) * 64
            x = words[w]
            while x:
                row = first + np.int64(trailing_zeros(x))
                rows[held] = row
                lines[held] = values[of[row]]
                held += 1
                x &= x - np.uint64(1)
        for p in range(columns.size):
            column, table, offset = codes[columns[p]], tables[p], starts[p]
            for j in range(held):
                out[lines[j], offset + table[column[rows[j]]]] += 1


@njit(nogil=True, cache=True)
def folded(found: Array, start: int, cells: Array, out: Array, at: int) -> None:
    """Add each row of a table of counts by code (from `start`) to the same row of `out`, by the cell of each code (from `at`)."""
    for row in range(found.shape[0]):
        for code in range(cells.size):
            out[row, at + cells[code]] += found[row, start + code]


@njit(nogil=True, cache=True)
def accumulate(table: Array, start: int, stop: int) -> None:
    """Add to each row of a table all the rows above it, in the columns `start` to `stop`."""
    for row in range(1, table.shape[0]):
        above, here = table[row - 1], table[row]
        for cell in range(start, stop):
            here[cell] += above[cell]


@njit(nogil=True, cache=True)
def summed(table: Array, starts: Array, stops: Array, cumulative: bool, out: Array) -> None:
    """Add the rows of a table from each start to before its stop; of a cumulative one, as the difference of two."""
    width = table.shape[1]
    for n in range(starts.size):
        if not cumulative:
            for row in range(starts[n], stops[n]):
                for cell in range(width):
                    out[cell] += table[row, cell]
            continue
        last = table[stops[n] - 1]
        for cell in range(width):
            out[cell] += last[cell]
        if starts[n]:
            before = table[starts[n] - 1]
            for cell in range(width):
                out[cell] -= before[cell]


@njit(nogil=True, cache=True)
def arranged(words: Array, a: Array, values: Array, b: Array, places: Array, at: Array, out: Array, start: int, stop: int) -> None:
    """Write the place of each row in `words` (by its code of `b`) where its value's (by its code of `a`) next one goes."""
    for w in range(start, stop):
        first = np.int64(w) * 64
        x = words[w]
        while x:
            row = first + np.int64(trailing_zeros(x))
            value = values[a[row]]
            out[at[value]] = places[b[row]]
            at[value] += 1
            x &= x - np.uint64(1)


@njit(nogil=True, cache=True)
def snapped(cells: Array, every: int, upto: Array) -> None:
    """Write how often each cell comes among the first n * every, in row n."""
    for n in range(1, upto.shape[0]):
        here, above = upto[n], upto[n - 1]
        for cell in range(here.size):
            here[cell] = above[cell]
        for i in range((n - 1) * every, n * every):
            here[cells[i]] += 1


@njit(nogil=True, cache=True)
def ranged(cells: Array, offsets: Array, upto: Array, every: int, starts: Array, stops: Array, out: Array) -> None:
    """Add how often each cell comes from each start to before its stop, from the nearest rows up to which it was counted."""
    for n in range(starts.size):
        low, high = offsets[starts[n]], offsets[stops[n]]
        if high - low <= every:
            for i in range(low, high):
                out[cells[i]] += 1
            continue
        for sign, edge in ((1, high), (-1, low)):
            near = min((edge + every // 2) // every, upto.shape[0] - 1)
            known, at = upto[near], near * every
            for cell in range(known.size):
                out[cell] += sign * known[cell]
            for i in range(at, edge):
                out[cells[i]] += sign
            for i in range(edge, at):
                out[cells[i]] -= sign

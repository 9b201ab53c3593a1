"""The index's loops, compiled: bitmaps are words of 64 rows, codes 16 bits; each works on the words `start` to `stop`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

Array = np.ndarray[Any, Any]
BLOCK = 64  # words

RADIANS = math.pi / 180
DIAMETER = 2 * 6371008.8


@intrinsic
def _count_zeros(typing: Any, word: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64), generate


_trailing_zeros: Any = _count_zeros


@njit(nogil=True, cache=True)
def passing(codes: Array, table: Array, words: Array, start: int, stop: int) -> None:
    """Set the bit of each row whose code's entry in the table (bytes, 0 or 1) is 1."""
    flags = np.empty(64, np.uint8)
    eights = flags.view(np.uint64)
    for w in range(start, stop):
        first = w * 64
        size = min(64, codes.size - first)
        for i in range(size):
            flags[i] = table[codes[first + i]]
        for i in range(size, 64):
            flags[i] = 0
        word = np.uint64(0)
        for k in range(8):
            word |= ((eights[k] * np.uint64(0x0102040810204080)) >> np.uint64(56)) << np.uint64(8 * k)
        words[w] = word


@njit(nogil=True, cache=True)
def between(values: Array, low: Any, high: Any, words: Array, start: int, stop: int) -> None:
    """Set the bit of each row with low <= value < high."""
    flags = np.empty(64, np.uint8)
    eights = flags.view(np.uint64)
    for w in range(start, stop):
        first = w * 64
        size = min(64, values.size - first)
        for i in range(size):
            flags[i] = (values[first + i] >= low) & (values[first + i] < high)
        for i in range(size, 64):
            flags[i] = 0
        word = np.uint64(0)
        for k in range(8):
            word |= ((eights[k] * np.uint64(0x0102040810204080)) >> np.uint64(56)) << np.uint64(8 * k)
        words[w] = word


@njit(nogil=True, cache=True)
def within_circle(
    lons: Array, lats: Array, across: float, up: float, lon: float, lat: float, metres: float, words: Array, start: int, stop: int
) -> None:  # fmt: skip
    """Clear the bit of each row farther than `metres` from a point (haversine; Sinnott 1984); points are held times `across` and `up`."""
    middle = math.sin(min(metres / DIAMETER, math.pi / 2)) ** 2
    for w in range(start, stop):
        word = words[w]
        while word:
            i = _trailing_zeros(word)
            word &= word - np.uint64(1)
            row = w * 64 + np.int64(i)
            x, y = lons[row] / across, lats[row] / up
            a = math.sin((lat - y) * RADIANS / 2) ** 2
            a += math.cos(y * RADIANS) * math.cos(lat * RADIANS) * math.sin((lon - x) * RADIANS / 2) ** 2
            if a < middle * 0.999999:
                continue
            if DIAMETER * math.asin(math.sqrt(min(1.0, a))) > metres:
                words[w] &= ~(np.uint64(1) << i)


@njit(nogil=True, cache=True)
def within_ring(
    lons: Array, lats: Array, across: float, up: float, squares: Array, west: float, wide: float, south: float, high: float,
    edges: Array, offsets: Array, words: Array, start: int, stop: int,
) -> None:  # fmt: skip
    """Clear the bit of each row (in the ring's box) outside the ring by the even-odd rule; points are held times `across` and `up`.

    See rings.Ring: a point in a square that no edge is near needs no more; else those edges are gone through that touch its row.
    """
    side = offsets.size - 1
    for w in range(start, stop):
        word, kept = words[w], words[w]
        while word:
            i = _trailing_zeros(word)
            word &= word - np.uint64(1)
            row = w * 64 + np.int64(i)
            lon, lat = lons[row] / across, lats[row] / up
            band: Any = min(np.int64((lat - south) * high), side - 1)
            state = squares[band * side + min(np.int64((lon - west) * wide), side - 1)]
            inside = state == 1
            if state == 2:
                for k in range(offsets[band], offsets[band + 1]):
                    x, y, next_x, next_y = edges[k, 0], edges[k, 1], edges[k, 2], edges[k, 3]
                    if (y > lat) != (next_y > lat) and lon < (next_x - x) * (lat - y) / (next_y - y) + x:
                        inside = not inside
            if not inside:
                kept &= ~(np.uint64(1) << i)
        words[w] = kept


@njit(nogil=True, cache=True)
def differing(words: Array, known: Array, start: int, stop: int) -> int:
    """Return in how many bits two bitmaps differ."""
    found = np.uint64(0)
    for w in range(start, stop):
        x = words[w] ^ known[w]
        x -= (x >> np.uint64(1)) & np.uint64(0x5555555555555555)
        x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
        x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
        found += (x * np.uint64(0x0101010101010101)) >> np.uint64(56)
    return np.int64(found)  # type: ignore[return-value]


@njit(nogil=True, cache=True)
def tally(words: Array, known: Array, codes: Array, columns: Array, offsets: Array, out: Array, start: int, stop: int) -> None:
    """Count the codes of the rows in `words`, less those of the rows in `known`, column by column, each from its offset in `out`."""
    more, less = np.empty(BLOCK * 64, np.int64), np.empty(BLOCK * 64, np.int64)
    for block in range(start, stop, BLOCK):
        gained, lost = 0, 0
        for w in range(block, min(block + BLOCK, stop)):
            first = np.int64(w) * 64
            x = words[w] & ~known[w]
            while x:
                more[gained] = first + np.int64(_trailing_zeros(x))
                gained += 1
                x &= x - np.uint64(1)
            x = known[w] & ~words[w]
            while x:
                less[lost] = first + np.int64(_trailing_zeros(x))
                lost += 1
                x &= x - np.uint64(1)
        if gained + lost == 0:
            continue
        for p in range(columns.size):
            column, counts = codes[columns[p]], out[offsets[p] :]
            for j in range(gained):
                counts[column[more[j]]] += 1
            for j in range(lost):
                counts[column[less[j]]] -= 1


@njit(nogil=True, cache=True)
def joint(words: Array, a: Array, rows: Array, b: Array, cells: Array, width: int, out: Array, start: int, stop: int) -> None:
    """Count the rows in `words` by two columns: out[rows[a] * width + cells[b]], both tables from code to place."""
    for w in range(start, stop):
        first = np.int64(w) * 64
        x = words[w]
        while x:
            row = first + np.int64(_trailing_zeros(x))
            out[rows[a[row]] * width + cells[b[row]]] += 1
            x &= x - np.uint64(1)


@njit(nogil=True, cache=True)
def weigh(
    words: Array, a: Array, rows: Array, b: Array, cells: Array, width: int, weights: Array, amounts: Array, sums: Array, held: Array,
    start: int, stop: int,
) -> None:  # fmt: skip
    """Add the amount of each row in `words` (by its code of `weights`) to its cell, and count the rows that have one (a number)."""
    for w in range(start, stop):
        first = np.int64(w) * 64
        x = words[w]
        while x:
            row = first + np.int64(_trailing_zeros(x))
            amount = amounts[weights[row]]
            if amount == amount:
                cell = rows[a[row]] * width + cells[b[row]]
                sums[cell] += amount
                held[cell] += 1
            x &= x - np.uint64(1)


@njit(nogil=True, cache=True)
def mark(words: Array, keys: Array, flags: Array, start: int, stop: int) -> None:
    """Set the flag of the key of each row in `words`; key 0 is none."""
    for w in range(start, stop):
        first = np.int64(w) * 64
        x = words[w]
        while x:
            key = keys[first + np.int64(_trailing_zeros(x))]
            if key:
                flags[key] = 1
            x &= x - np.uint64(1)


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
                row = first + np.int64(_trailing_zeros(x))
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
            row = first + np.int64(_trailing_zeros(x))
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

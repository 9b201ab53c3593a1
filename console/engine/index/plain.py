"""The index's loops in numpy, for a machine without a working compiler; the same names and meaning as `loops`."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

DIAMETER = 2 * 6371008.8


def packed(flags: Array) -> Array:
    """Return booleans as words of 64."""
    held = np.zeros(-(-flags.size // 64) * 8, np.uint8)
    bits = np.packbits(flags, bitorder="little")
    held[: bits.size] = bits
    return held.view(np.uint64)


def positions(words: Array, start: int = 0, stop: int | None = None) -> Array:
    """Return which rows have their bit set."""
    return np.flatnonzero(np.unpackbits(words[start:stop].view(np.uint8), bitorder="little")) + start * 64


def passing(codes: Array, table: Array, words: Array, start: int, stop: int) -> None:
    """See loops.passing."""
    words[start:stop] = packed(table[codes[start * 64 : stop * 64]].astype(bool))


def between(values: Array, low: Any, high: Any, words: Array, start: int, stop: int) -> None:
    """See loops.between."""
    here = values[start * 64 : stop * 64]
    words[start:stop] = packed((here >= low) & (here < high))


def within_circle(lons: Array, lats: Array, lon: float, lat: float, metres: float, words: Array, start: int, stop: int) -> None:
    """See loops.within_circle."""
    rows = positions(words, start, stop)
    a = np.sin(np.radians(lat - lats[rows]) / 2) ** 2
    a += np.cos(np.radians(lats[rows])) * np.cos(np.radians(lat)) * np.sin(np.radians(lon - lons[rows]) / 2) ** 2
    _keep(words, rows[np.arcsin(np.sqrt(np.minimum(1, a))) * DIAMETER <= metres], start, stop)


def within_ring(lons: Array, lats: Array, xs: Array, ys: Array, words: Array, start: int, stop: int) -> None:
    """See loops.within_ring."""
    rows = positions(words, start, stop)
    lon, lat, inside = lons[rows], lats[rows], np.zeros(rows.size, bool)
    for x, y, next_x, next_y in zip(xs, ys, np.roll(xs, -1), np.roll(ys, -1), strict=True):
        if y != next_y:
            inside ^= ((y > lat) != (next_y > lat)) & (lon < (next_x - x) * (lat - y) / (next_y - y) + x)
    _keep(words, rows[inside], start, stop)


def differing(words: Array, known: Array, start: int, stop: int) -> int:
    """See loops.differing."""
    return int(np.bitwise_count(words[start:stop] ^ known[start:stop]).sum(dtype=np.int64))


def tally(words: Array, known: Array, codes: Array, columns: Array, offsets: Array, out: Array, start: int, stop: int) -> None:
    """See loops.tally."""
    for sign, bits in ((1, words & ~known), (-1, known & ~words)):
        rows = positions(bits, start, stop)
        for column, offset in zip(columns, offsets, strict=True):
            counts = np.bincount(codes[column][rows])
            out[offset : offset + counts.size] += sign * counts


def joint(words: Array, a: Array, rows: Array, b: Array, cells: Array, width: int, out: Array, start: int, stop: int) -> None:
    """See loops.joint."""
    here = positions(words, start, stop)
    counts = np.bincount(rows[a[here]].astype(np.int64) * width + cells[b[here]])
    out[: counts.size] += counts.astype(out.dtype)


def weigh(
    words: Array, a: Array, rows: Array, b: Array, cells: Array, width: int, weights: Array, amounts: Array, sums: Array, held: Array,
    start: int, stop: int,
) -> None:  # fmt: skip
    """See loops.weigh."""
    here = positions(words, start, stop)
    given = amounts[weights[here]]
    here, given = here[~np.isnan(given)], given[~np.isnan(given)]
    cell = rows[a[here]].astype(np.int64) * width + cells[b[here]]
    counts = np.bincount(cell)
    held[: counts.size] += counts
    sums[: counts.size] += np.bincount(cell, weights=given)


def mark(words: Array, keys: Array, flags: Array, start: int, stop: int) -> None:
    """See loops.mark."""
    flags[keys[positions(words, start, stop)]] = 1
    flags[0] = 0


def accumulate(table: Array) -> None:
    """See loops.accumulate."""
    for row in range(1, table.shape[0]):
        table[row] += table[row - 1]


def _keep(words: Array, rows: Array, start: int, stop: int) -> None:
    flags = np.zeros((stop - start) * 64, bool)
    flags[rows - start * 64] = True
    words[start:stop] = packed(flags)

"""The index's loops, compiled: bitmaps are words of 64 rows, codes 16 bits; each works on the words `start` to `stop`."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

from console.engine.index.bits import trailing_zeros
from console.engine.index.tables import accumulate, arranged, crossed, folded, ranged, snapped, summed

__all__ = [
    "accumulate", "arranged", "between", "crossed", "differing", "folded", "joint", "mark", "passing", "ranged", "snapped", "sown",
    "summed", "tally", "weigh", "within_circle", "within_ring",
]  # fmt: skip

Array = np.ndarray[Any, Any]
BLOCK = 64  # words
LOOKS = 4  # bits of a sieve that a hash sets

RADIANS = math.pi / 180
DIAMETER = 2 * 6371008.8


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
            i = trailing_zeros(word)
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
            i = trailing_zeros(word)
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
                more[gained] = first + np.int64(trailing_zeros(x))
                gained += 1
                x &= x - np.uint64(1)
            x = known[w] & ~words[w]
            while x:
                less[lost] = first + np.int64(trailing_zeros(x))
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
            row = first + np.int64(trailing_zeros(x))
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
            row = first + np.int64(trailing_zeros(x))
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
            key = keys[first + np.int64(trailing_zeros(x))]
            if key:
                flags[key] = 1
            x &= x - np.uint64(1)


@njit(nogil=True, cache=True)
def sown(hashes: Array, bits: Array) -> None:
    """Set the bits of some hashes in a sieve (bytes), as many places as are wanted from the halves of each (Kirsch, Mitzenmacher 2006)."""
    size = np.uint64(bits.size * 8)
    for i in range(hashes.size):
        low, high = hashes[i] & np.uint64(0xFFFFFFFF), hashes[i] >> np.uint64(32)
        for _ in range(LOOKS):
            place = ((low & np.uint64(0xFFFFFFFF)) * size) >> np.uint64(32)
            bits[place >> np.uint64(3)] |= np.uint8(1) << np.uint8(place & np.uint64(7))
            low += high

"""The index's loops in numpy, for a machine without a working compiler; the same names and meaning as `loops`."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

DIAMETER = 2 * 6371008.8
LOOKS = 4  # bits of a sieve that a hash sets
DENSE = 8  # of so many words one that has a bit set: they are gone through as they are


def packed(flags: Array) -> Array:
    """Return booleans as words of 64."""
    held = np.zeros(-(-flags.size // 64) * 8, np.uint8)
    bits = np.packbits(flags, bitorder="little")
    held[: bits.size] = bits
    return held.view(np.uint64)


def positions(words: Array, start: int = 0, stop: int | None = None) -> Array:
    """Return which rows have their bit set."""
    here = words[start:stop]
    some = np.flatnonzero(here)
    if some.size * DENSE > here.size:
        return np.flatnonzero(np.unpackbits(here.view(np.uint8), bitorder="little")) + start * 64
    bits = np.flatnonzero(np.unpackbits(here[some].view(np.uint8), bitorder="little"))
    held: Array = (some[bits >> 6] + start << 6) + (bits & 63)
    return held


def passing(codes: Array, table: Array, words: Array, start: int, stop: int) -> None:
    """See loops.passing."""
    words[start:stop] = packed(table[codes[start * 64 : stop * 64]].astype(bool))


def between(values: Array, low: Any, high: Any, words: Array, start: int, stop: int) -> None:
    """See loops.between."""
    here = values[start * 64 : stop * 64]
    words[start:stop] = packed((here >= low) & (here < high))


def within_circle(
    lons: Array, lats: Array, across: float, up: float, lon: float, lat: float, metres: float, words: Array, start: int, stop: int
) -> None:  # fmt: skip
    """See loops.within_circle."""
    rows = positions(words, start, stop)
    x, y = lons[rows] / across, lats[rows] / up
    a = np.sin(np.radians(lat - y) / 2) ** 2
    a += np.cos(np.radians(y)) * np.cos(np.radians(lat)) * np.sin(np.radians(lon - x) / 2) ** 2
    _keep(words, rows[np.arcsin(np.sqrt(np.minimum(1, a))) * DIAMETER <= metres], start, stop)


def within_ring(
    lons: Array, lats: Array, across: float, up: float, squares: Array, west: float, wide: float, south: float, high: float,
    edges: Array, offsets: Array, words: Array, start: int, stop: int,
) -> None:  # fmt: skip
    """See loops.within_ring."""
    rows, side = positions(words, start, stop), offsets.size - 1
    lon, lat = lons[rows] / across, lats[rows] / up
    bands = np.minimum(((lat - south) * high).astype(np.int64), side - 1)
    state = squares[bands * side + np.minimum(((lon - west) * wide).astype(np.int64), side - 1)]
    inside = state == 1
    near = np.flatnonzero(state == 2)
    near = near[np.argsort(bands[near], kind="stable")]
    for band, here in enumerate(np.split(near, np.searchsorted(bands[near], np.arange(1, side)))):
        for x, y, next_x, next_y in edges[offsets[band] : offsets[band + 1]] if here.size else ():
            if y != next_y:
                inside[here] ^= ((y > lat[here]) != (next_y > lat[here])) & (lon[here] < (next_x - x) * (lat[here] - y) / (next_y - y) + x)
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


def crossed(
    words: Array, codes: Array, focused: int, values: Array, columns: Array, tables: Array, starts: Array, out: Array,
    start: int, stop: int,
) -> None:  # fmt: skip
    """See loops.crossed."""
    rows = positions(words, start, stop)
    lines = values[codes[focused][rows]].astype(np.int64) * out.shape[1]
    for column, table, offset in zip(columns, tables, starts, strict=True):
        counts = np.bincount(lines + offset + table[codes[column][rows]])
        out.reshape(-1)[: counts.size] += counts.astype(out.dtype)


def folded(found: Array, start: int, cells: Array, out: Array, at: int) -> None:
    """See loops.folded."""
    for code, cell in enumerate(cells.tolist()):
        out[:, at + cell] += found[:, start + code]


def accumulate(table: Array, start: int, stop: int) -> None:
    """See loops.accumulate."""
    np.cumsum(table[:, start:stop], axis=0, out=table[:, start:stop])


def summed(table: Array, starts: Array, stops: Array, cumulative: bool, out: Array) -> None:
    """See loops.summed."""
    held = out[: table.shape[1]]
    for first, last in zip(starts.tolist(), stops.tolist(), strict=True):
        if not cumulative:
            held += table[first:last].sum(axis=0)
        else:
            held += table[last - 1]
            held -= table[first - 1] if first else 0


def arranged(words: Array, a: Array, values: Array, b: Array, places: Array, at: Array, out: Array, start: int, stop: int) -> None:
    """See loops.arranged."""
    rows = positions(words, start, stop)
    order = np.argsort(values[a[rows]], kind="stable")
    out[:] = places[b[rows[order]]]


def snapped(cells: Array, every: int, upto: Array) -> None:
    """See loops.snapped."""
    for n in range(1, upto.shape[0]):
        upto[n] = upto[n - 1] + np.bincount(cells[(n - 1) * every : n * every], minlength=upto.shape[1])


def ranged(cells: Array, offsets: Array, upto: Array, every: int, starts: Array, stops: Array, out: Array) -> None:
    """See loops.ranged."""
    for low, high in zip(offsets[starts].tolist(), offsets[stops].tolist(), strict=True):
        if high - low <= every:
            out += np.bincount(cells[low:high], minlength=out.size)
            continue
        for sign, edge in ((1, high), (-1, low)):
            near = min((edge + every // 2) // every, upto.shape[0] - 1)
            out += sign * upto[near]
            out += sign * np.bincount(cells[near * every : edge], minlength=out.size)
            out -= sign * np.bincount(cells[edge : near * every], minlength=out.size)


def _keep(words: Array, rows: Array, start: int, stop: int) -> None:
    flags = np.zeros((stop - start) * 64, bool)
    flags[rows - start * 64] = True
    words[start:stop] = packed(flags)


def sown(hashes: Array, bits: Array) -> None:
    """See loops.sown."""
    for places in _looks(hashes, bits):
        np.bitwise_or.at(bits, places >> 3, np.uint8(1) << (places & 7).astype(np.uint8))


def sifted(hashes: Array, bits: Array) -> Array:
    """Return which hashes have all their bits set in a sieve."""
    held = np.ones(hashes.size, np.uint8)
    for places in _looks(hashes, bits):
        held &= (bits[places >> 3] >> (places & 7).astype(np.uint8)) & np.uint8(1)
    return held.astype(bool)


def _looks(hashes: Array, bits: Array) -> list[Array]:
    """Return the bits that stand for each hash, look by look."""
    low, high, half = hashes & np.uint64(0xFFFFFFFF), hashes >> np.uint64(32), np.uint64(0xFFFFFFFF)
    return [(((low + np.uint64(n) * high) & half) * np.uint64(bits.size * 8) >> np.uint64(32)).astype(np.int64) for n in range(LOOKS)]

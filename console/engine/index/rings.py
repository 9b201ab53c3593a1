"""A ring made ready for many points: squares of its box that lie wholly inside or outside, and the edges by row of squares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
SIDE = 256  # squares in a row, and rows
NEAR = 2  # of a square in which, or on whose border, an edge may lie: a point there is tested by the edges
MARGIN = 1e-6  # squares by which an edge is taken to be wider than it is, far beyond what rounding moves a point
FLAT = 1e-3  # squares that an edge rises below which it may lie anywhere between its ends
LEAST = 1e-12  # degrees


@dataclass(frozen=True, slots=True)
class Ring:
    """`squares` (SIDE rows of SIDE, from `west` and `south`, so many a degree) are 0 outside, 1 inside, or NEAR.

    `edges` (from x, y to x, y) that touch row n are those from offsets[n] on to before offsets[n + 1].
    """

    squares: Array
    west: float
    across: float
    south: float
    up: float
    edges: Array
    offsets: Array


def prepared(corners: Sequence[tuple[float, float]]) -> Ring:
    """Return the ring of these corners; of which point is inside, its edges say where the squares don't."""
    edges = np.array([(*one, *other) for one, other in zip(corners, (*corners[1:], corners[0]), strict=True)], float)
    (west, south), (east, north) = edges[:, :2].min(axis=0), edges[:, :2].max(axis=0)
    across, up = SIDE / max(east - west, LEAST), SIDE / max(north - south, LEAST)
    placed = (edges - (west, south, west, south)) * (across, up, across, up)
    x1, y1, x2, y2 = np.where((placed[:, 1] <= placed[:, 3])[:, None], placed, placed[:, [2, 3, 0, 1]]).T
    rows, which = _spread(_square(y1 - MARGIN), _square(y2 + MARGIN))
    order = np.argsort(rows, kind="stable")
    offsets = np.searchsorted(rows[order], np.arange(SIDE + 1))
    x1, y1, x2, y2 = x1[which], y1[which], x2[which], y2[which]
    flat = y2 - y1 < FLAT
    rise = np.where(flat, 1.0, y2 - y1)

    def at(y: Array, otherwise: float) -> Array:
        part = np.where(flat, otherwise, np.clip((y - y1) / rise, 0, 1))
        return np.asarray(x1 + (x2 - x1) * part)

    low, high = at(rows - MARGIN, 0.0), at(rows + 1 + MARGIN, 1.0)
    columns, pairs = _spread(_square(np.minimum(low, high) - MARGIN), _square(np.maximum(low, high) + MARGIN))
    middle = rows + 0.5
    crossed = (y1 <= middle) & (middle < y2)
    columns_left = np.clip(np.ceil(at(middle, 0.5) - 0.5), 0, SIDE).astype(np.int64)  # squares whose middle the crossing is right of
    hits = np.bincount(rows[crossed] * (SIDE + 1) + columns_left[crossed], minlength=SIDE * (SIDE + 1)).reshape(SIDE, SIDE + 1)
    squares = (hits[:, :0:-1].cumsum(axis=1)[:, ::-1] & 1).astype(np.uint8).reshape(-1)
    squares[rows[pairs] * SIDE + columns] = NEAR
    return Ring(squares, float(west), float(across), float(south), float(up), edges[which[order]], offsets)


def _square(place: Array) -> Array:
    return np.asarray(np.clip(np.floor(place), 0, SIDE - 1), np.int64)


def _spread(first: Array, last: Array) -> tuple[Array, Array]:
    """Return every whole number from each first to its last, and which pair it is of."""
    counts = last - first + 1
    which = np.repeat(np.arange(counts.size), counts)
    return np.arange(which.size) - np.repeat(np.cumsum(counts) - counts, counts) + first[which], which

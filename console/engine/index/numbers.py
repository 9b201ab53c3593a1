"""A column of numbers that has no dictionary, held in 32 bits where every value comes back exactly as it was."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from console.engine.index.dimension import Full

Array = np.ndarray[Any, Any]
MISSING = np.iinfo(np.int64).min
NONE, TOP = -(1 << 31), 1 << 31  # what is held of a missing number, and above all that are held
ZONE = 1 << 16  # rows that are passed over together where none of them can be in a range
WORTH = 1 << 16  # rows below which nothing is won
SCALES, UNITS = (1e6, 1e7), (1, 1_000_000)


@dataclass
class Numbers:
    """A double is held as `scale` times itself, a whole number (instants: microseconds) as so many units from an origin.

    With neither it is held as it is: a missing double is not a number, a missing whole one MISSING.
    """

    held: Array
    scale: float = 0.0
    origin: int = 0
    unit: int = 0
    zones: Array = field(default_factory=lambda: np.zeros((2, 0)), compare=False)  # the least and the most held in each

    @property
    def divisor(self) -> float:
        """By what a double held is divided."""
        return self.scale or 1.0

    @property
    def missing(self) -> Any:
        """What is held of a missing number."""
        return NONE if self.scale or self.unit else MISSING if self.held.dtype.kind == "i" else math.nan

    def code(self, value: Any) -> Any:
        """Return what is held of a value; raises Full if that wouldn't be exact."""
        if value is None or value == MISSING or value != value:
            return self.missing
        if not self.scale and not self.unit:
            return value
        code = _near(value * self.scale) if self.scale else (value - self.origin) // self.unit
        back = code / self.scale if self.scale else self.origin + code * self.unit
        if back != value or not NONE < code < TOP:
            raise Full("a number that takes more room")
        return code

    def wider(self) -> Numbers:
        """Return the same with its numbers held as they are. Raises Full if they are."""
        if not self.scale and not self.unit:
            raise Full("a number of another kind")
        missing = self.held == NONE
        if self.scale:
            return Numbers(np.where(missing, math.nan, self.held / self.scale))
        return Numbers(np.where(missing, MISSING, self.origin + self.held.astype(np.int64) * self.unit))

    def put(self, row: int, value: Any) -> None:
        """Hold a value of a row; raises Full if that wouldn't be exact."""
        self.held[row] = code = self.code(value)
        if (zone := row // ZONE) < self.zones.shape[1]:
            least, most = self.zones[:, zone]
            self.zones[:, zone] = np.fmin(least, code), np.fmax(most, code)

    def spans(self, low: Any, high: Any, rows: int, start: int, stop: int) -> list[tuple[int, int]]:
        """Return the words from `start` to `stop` in which some of so many rows may hold low <= number < high, in few runs."""
        each = ZONE // 64
        first, last = start // each, -(-stop // each)
        least, most = self._zoned(rows)[:, first:last]
        near = np.flatnonzero((most >= low) & (least < high)) + first
        runs = np.split(near, np.flatnonzero(np.diff(near) > 1) + 1) if near.size else []
        return [(max(start, int(run[0]) * each), min(stop, (int(run[-1]) + 1) * each)) for run in runs]

    def _zoned(self, rows: int) -> Array:
        """Return the zones of so many rows, looking at those that haven't been looked at."""
        zones, known = self.zones, self.zones.shape[1] * ZONE
        if known < rows:
            here, starts = self.held[known:rows], np.arange(0, rows - known, ZONE)
            more = np.stack([np.fmin.reduceat(here, starts), np.fmax.reduceat(here, starts)])
            self.zones = zones = np.concatenate([zones.astype(here.dtype), more], axis=1)
        return zones

    def whole(self, code: int) -> int:
        """Return the whole number of which this is held; not a missing one."""
        return self.origin + code * self.unit if self.unit else code

    def same(self, row: int, value: Any) -> bool:
        """Return whether a row has a value."""
        try:
            return bool(self.held[row] == self.code(value))
        except Full:
            return False

    def bound(self, value: Any) -> Any:
        """Return the least that is held of any number at or above a value."""
        if self.scale:
            code = _near(value * self.scale)
            while code > NONE and (code - 1) / self.scale >= value:
                code -= 1
            while code < TOP and code / self.scale < value:
                code += 1
        elif self.unit:
            code = -((self.origin - value) // self.unit)
        else:
            return value
        return min(max(code, NONE + 1), TOP)

    def between(self, low: Any, high: Any) -> tuple[Any, Any]:
        """Return the ends, as held, of the numbers at or above one value and below another; either may be None."""
        double = self.scale or self.held.dtype.kind == "f"
        if self.scale or self.unit:
            return NONE + 1 if low is None else self.bound(low), TOP if high is None else self.bound(high)
        lowest, highest = (-math.inf, math.inf) if double else (MISSING + 1, np.iinfo(np.int64).max)
        return lowest if low is None else low, highest if high is None else high

    def equal(self, value: Any) -> tuple[Any, Any]:
        """Return the ends, as held, of one value; of what is missing where it is None, but for doubles held as they are."""
        if value is None:
            return self.missing, self.missing + 1
        double = self.scale or self.held.dtype.kind == "f"
        return self.between(value, math.nextafter(value, math.inf) if double else value + 1)


def packed(values: Array) -> Numbers:
    """Return a column in as few bits as hold it exactly."""
    if values.size < WORTH:
        return Numbers(values)
    if values.dtype.kind == "f":
        return next((made for scale in SCALES if (made := _scaled(values, scale)) is not None), Numbers(values))
    there = values[values != MISSING]
    if not there.size:
        return Numbers(values)
    origin, most = int(there.min()), int(there.max())
    for unit in UNITS:
        if (most - origin) // unit < TOP // 2 and not ((there - origin) % unit).any():
            held = ((values - origin) // unit).astype(np.int32)
            held[values == MISSING] = NONE
            return Numbers(held, origin=origin, unit=unit)
    return Numbers(values)


def _scaled(values: Array, scale: float) -> Numbers | None:
    codes = np.rint(values * scale)
    missing = np.isnan(codes)
    if not (missing | ((np.abs(codes) < TOP) & (codes / scale == values))).all():
        return None
    codes[missing] = NONE
    return Numbers(codes.astype(np.int32), scale=scale)


def _near(value: float) -> int:
    """Return the nearest whole number that is held."""
    return TOP if value != value or value >= TOP else NONE if value <= NONE else round(value)

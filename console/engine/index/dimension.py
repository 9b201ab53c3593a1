"""A column as codes: its distinct values, with room for some that are to come, in a share of a column of 16 bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
CELLS = 32768  # the most that the dimensions of one column may make together: their counts stay in the cache of a core
CODES = 1 << 16  # that a column can hold
LEAST, SHARE = 2, 8  # values that there is room for beside those known: so many, and one for each so many known


class Full(Exception):
    """What a column holds has no room for one more value: the fact is to be encoded anew."""


@dataclass
class Dimension:
    """Values by code, code 0 being none; `size` is the room, `stride` the step in `column`, the fused column that holds it."""

    name: str
    values: list[Any]
    places: list[Any]
    size: int = 0
    column: int = 0
    stride: int = 1
    codes: dict[Any, int] = field(default_factory=dict, compare=False)
    cells: int = 0
    words: dict[str | None, int] = field(default_factory=dict, compare=False)
    decoding: Array | None = field(default=None, compare=False)
    told: tuple[int, bool] | None = field(default=None, compare=False)
    weights: Array | None = field(default=None, compare=False)
    sorted: tuple[list[int], list[Any]] = field(default=([], []), compare=False)

    def __post_init__(self) -> None:
        """Make room, and find codes by value."""
        self.size = self.size or len(self.values) + LEAST + len(self.values) // SHARE
        self.codes = self.codes or {value: code for code, value in enumerate(self.values)}

    def code(self, value: Any, place: Any = None) -> int:
        """Return a value's code, a new one if it hasn't any; raises Full."""
        held = self.codes.get(value)
        if held is not None:
            return held
        if len(self.values) >= self.size:
            raise Full(self.name)
        self.values.append(value)
        self.places.append(place)
        self.codes[value] = len(self.values) - 1
        return self.codes[value]

    def wider(self, column: int) -> Dimension:
        """Return the same with room for twice the values, in a column of its own. Raises Full."""
        size = min(2 * self.size + LEAST, CODES)
        if size <= self.size:
            raise Full(self.name)
        return Dimension(self.name, list(self.values), list(self.places), size, column, cells=size)

    def ordered(self) -> tuple[list[int], list[Any]]:
        """Return its codes in the order of their values, but that of none, and these values."""
        if len(self.sorted[0]) != len(self.values) - 1:
            order = sorted(range(1, len(self.values)), key=self.values.__getitem__)
            self.sorted = order, [self.values[code] for code in order]
        return self.sorted

    @property
    def whole(self) -> bool:
        """Whether all its values are whole numbers."""
        if self.told is None or self.told[0] != len(self.values):
            self.told = len(self.values), all(value is None or isinstance(value, int) for value in self.values)
        return self.told[1]

    def decoded(self) -> Array:
        """Return the dimension's code of each code of its column."""
        if self.decoding is None:
            self.decoding = ((np.arange(self.cells) // self.stride) % self.size).astype(np.int32)
        return self.decoding

    def amounts(self) -> Array:
        """Return its values as numbers, by code; not a number where there is none."""
        if self.weights is None or self.weights.size != len(self.values):
            self.weights = np.array([np.nan if value is None else float(value) for value in self.values])
        return self.weights

    def table(self, flags: Array) -> Array:
        """Return a flag (bytes) a code of the column from one a value."""
        padded = np.zeros(self.size, np.uint8)
        padded[: flags.size] = flags
        return padded[self.decoded()]

    def marginal(self, counts: Array) -> Array:
        """Return the counts by value from those of the column."""
        if self.size == counts.size:
            return counts.astype(np.int64)
        if self.stride == 1:
            inner: Array = counts.reshape(-1, self.size).sum(axis=0)
            return inner
        made: Array = counts.reshape(-1, self.size, self.stride).sum(axis=2).sum(axis=0)
        return made


def alike(by: Sequence[Dimension]) -> bool:
    """Return whether one column holds all these dimensions."""
    return len(by) < 2 or all(each.column == by[0].column for each in by)


def marginal(counts: Array, by: Sequence[Dimension]) -> Array:
    """Return the counts by the codes of dimensions of one column, from those of the column."""
    if len(by) == 1:
        return by[0].marginal(counts)
    place = np.zeros(counts.size, np.int64)
    for each in by:
        place = place * each.size + each.decoded()
    size = int(np.prod([each.size for each in by]))
    return np.bincount(place, weights=counts, minlength=size).astype(np.int64)


def fused(dimensions: list[Dimension], together: list[tuple[str, str]]) -> list[list[Dimension]]:
    """Give each dimension a column and a stride, pairs that are counted together in the same one; return those of each column."""
    order = sorted(dimensions, key=lambda each: (not any(each.name in pair for pair in together), -each.size))
    columns: list[list[Dimension]] = []
    for each in order:
        mates = {name for pair in together if each.name in pair for name in pair}
        fits = [held for held in columns if np.prod([other.size for other in held]) * each.size <= CELLS]
        fits.sort(key=lambda held: not any(other.name in mates for other in held))
        if fits:
            fits[0].append(each)
        else:
            columns.append([each])
    for number, held in enumerate(columns):
        stride = 1
        for each in held:
            each.column, each.stride, stride = number, stride, stride * each.size
        for each in held:
            each.cells = stride
    return columns

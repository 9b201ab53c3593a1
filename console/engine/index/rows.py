"""A fact's rows in memory: fused columns of codes, columns of numbers, which rows there are, and the rows' keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from console.engine.index.dimension import Dimension, Full, fused
from console.engine.index.keys import KeySpace
from console.engine.index.numbers import Numbers, packed
from console.engine.index.sieve import Sieve

Array = np.ndarray[Any, Any]
SLACK = 1 << 16
NEAR = 1 << 16  # rows that are looked through at once for a key


@dataclass(frozen=True, slots=True)
class Change:
    """A row as it stands now: its key, the key's hash, whether it will change no more, its values by column; None if there is none."""

    key: str
    hash: int
    settled: bool
    values: Mapping[str, Any] | None


@dataclass
class FactRows:
    """`codes` has a row a fused column; `numbers` are columns that have no dictionary.

    `keys` are hashes of the rows' keys; `unsettled` holds the place of each row that may change by itself.
    """

    dimensions: dict[str, Dimension]
    codes: Array
    numbers: dict[str, Numbers]
    keys: Array
    alive: Array
    count: int
    unsettled: dict[str, int] = field(default_factory=dict)
    linked: dict[str, Array] = field(default_factory=dict)
    spaces: dict[str, KeySpace] = field(default_factory=dict)
    sieve: Sieve = field(default_factory=Sieve, compare=False)

    @property
    def words(self) -> int:
        """How many words a bitmap of the rows has."""
        return -(-self.count // 64)

    def column(self, number: int) -> Array:
        """Return a fused column's codes."""
        held: Array = self.codes[number, : self.count]
        return held

    def number(self, name: str) -> Array:
        """Return a column of numbers, as held."""
        return self.numbers[name].held[: self.count]

    def link(self, codes: Mapping[str, Array], spaces: Mapping[str, KeySpace]) -> None:
        """Take the codes of the columns that links join by."""
        self.linked = {name: _longer(held, self.keys.size) for name, held in codes.items()}
        self.spaces = dict(spaces)

    def link_codes(self, name: str) -> Array:
        """Return a link column's codes."""
        return self.linked[name][: self.count]

    def bytes(self) -> int:
        """Return the memory that the rows take."""
        each: int = self.codes.shape[0] * 2 + 8 + sum(held.itemsize for held in (*self._held(), *self.linked.values()))
        return each * self.count + self.alive.nbytes + self.sieve.bytes()

    def _held(self) -> list[Array]:
        return [each.held for each in self.numbers.values()]

    def room(self, changes: Sequence[Change]) -> bool:
        """Make sure that the rows' values can be put; return whether a column was made anew for that. Raises Full."""
        before = self.codes.shape[0]
        anew = False
        for change in changes:
            if change.values is None:
                continue
            for name, numbers in self.numbers.items():
                try:
                    numbers.code(change.values[name])
                except Full:
                    self.numbers[name], anew = numbers.wider(), True
            for name, each in self.dimensions.items():
                value, place = change.values[name], change.values.get(f"@{name}")
                try:
                    each.code(value, place)
                except Full:
                    self._widen(each).code(value, place)
        return anew or self.codes.shape[0] > before

    def _widen(self, full: Dimension) -> Dimension:
        """Give a dimension a column of its own with room for more values; who still reads the one before finds it as it was."""
        made = full.wider(self.codes.shape[0])
        column = full.decoded().astype(np.uint16)[self.codes[full.column, : self.count]]
        codes = np.empty((made.column + 1, self.keys.size), np.uint16)
        codes[:-1, : self.count] = self.codes[:, : self.count]
        codes[-1, : self.count] = column
        self.codes, self.dimensions[full.name] = codes, made
        return made

    def places(self, changes: Sequence[Change]) -> Array:
        """Return the row of each change, or -1 if it is new."""
        found = np.array([self.unsettled.get(each.key, -1) for each in changes], np.int64)
        unknown = np.flatnonzero(found < 0)
        if unknown.size:
            sought = np.array([changes[n].hash for n in unknown.tolist()], np.uint64)
            order = np.argsort(sought)
            held = self._having(sought[order])
            found[unknown[order[np.searchsorted(sought[order], self.keys[held])]]] = held
        return found

    def grow(self, more: int) -> None:
        """Make room for more rows at the end."""
        wanted = self.count + more
        if wanted > self.keys.size:
            room = wanted + wanted // 16 + SLACK
            self.codes = _longer(self.codes, room)
            self.keys = _longer(self.keys, room)
            for each in self.numbers.values():
                each.held = _longer(each.held, room)
            self.linked = {name: _longer(held, room) for name, held in self.linked.items()}
        self.count = wanted
        if self.words > self.alive.size:
            self.alive = np.concatenate([self.alive, np.zeros(self.words + SLACK // 64 - self.alive.size, np.uint64)])

    def put(self, row: int, change: Change) -> None:
        """Write a row, or let it be no more."""
        bit, values = np.uint64(1 << (row % 64)), change.values
        if values is None:
            self.alive[row // 64] &= ~bit
            self.unsettled.pop(change.key, None)
            return
        self.codes[:, row] = self._fused(values)
        for name, numbers in self.numbers.items():
            numbers.put(row, values[name])
        for name, held in self.linked.items():
            held[row] = self.spaces[name].code(values[f"#{name}"])
        self.keys[row] = change.hash
        self.alive[row // 64] |= bit
        if change.settled:
            self.unsettled.pop(change.key, None)
        else:
            self.unsettled[change.key] = row

    def _fused(self, values: Mapping[str, Any]) -> list[int]:
        made = [0] * self.codes.shape[0]
        for name, each in self.dimensions.items():
            made[each.column] += each.codes[values[name]] * each.stride
        return made

    def same(self, change: Change) -> bool:
        """Return whether an unsettled row stands as it is said to."""
        row, values = self.unsettled.get(change.key), change.values
        if row is None or values is None or change.settled:
            return False
        return (
            all(values[name] in each.codes for name, each in self.dimensions.items())
            and self.codes[:, row].tolist() == self._fused(values)
            and all(each.same(row, values[name]) for name, each in self.numbers.items())
            and all(held[row] == self.spaces[name].code(values[f"#{name}"]) for name, held in self.linked.items())
        )

    def _having(self, sought: Array) -> Array:
        """Return the rows whose key is one of these hashes (sorted), from the newest backwards until all are found that may be there."""
        old = sought[self.sieve.passes(sought)]
        made, stop = [], self.count
        while stop > (self.sieve.upto if not old.size else 0):
            start = max(0, stop - NEAR)
            rows = start + self._among(self.keys[start:stop], sought)
            made.append(rows)
            old = old[~np.isin(old, self.keys[rows])]
            stop = start
        return np.concatenate(made) if made else np.zeros(0, np.int64)

    @staticmethod
    def _among(keys: Array, sought: Array) -> Array:
        """Return the places of the keys that are among these (sorted): few pass by the low bits of theirs, and those are looked at."""
        likely = np.zeros(1 << 16, bool)
        likely[sought & np.uint64(0xFFFF)] = True
        rows = np.flatnonzero(likely[keys.view(np.uint16)[::4]])
        near = np.searchsorted(sought, keys[rows]).clip(max=sought.size - 1)
        held: Array = rows[sought[near] == keys[rows]]
        return held


def gathered(
    dimensions: Iterable[Dimension], coded: Mapping[str, Array], numbers: Mapping[str, Array], keys: Array,
    together: list[tuple[str, str]],
) -> FactRows:  # fmt: skip
    """Return the rows of columns encoded one by one, fused."""
    held = {each.name: each for each in dimensions}
    columns = fused(list(held.values()), together)
    count = keys.size
    room = count + count // 64 + SLACK
    codes = np.empty((max(1, len(columns)), room), np.uint16)
    codes[:, :count] = 0
    for number, parts in enumerate(columns):
        for each in parts:
            codes[number, :count] += coded[each.name] * np.uint16(each.stride)
    alive = np.full(-(-room // 64), 0, np.uint64)
    alive[: count // 64] = ~np.uint64(0)
    if count % 64:
        alive[count // 64] = np.uint64((1 << (count % 64)) - 1)
    longer = {name: packed(values) for name, values in numbers.items()}
    for numbered in longer.values():
        numbered.held = _longer(numbered.held, room)
    return FactRows(held, codes, longer, _longer(keys, room), alive, count)


def _longer(held: Array, room: int) -> Array:
    made = np.empty((*held.shape[:-1], room), held.dtype)
    made[..., : held.shape[-1]] = held
    return made

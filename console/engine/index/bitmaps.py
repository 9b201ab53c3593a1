"""Bitmaps of the rows that pass clauses: said by definitions, made when they are needed, few kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np

from console.engine.index.clauses import Definition
from console.engine.index.kernel import Kernel
from console.engine.index.rows import FactRows

Array = np.ndarray[Any, Any]
DEFINED, FILLED, MADE = 64, 32, 16
SPARE, FEWEST = 1 << 23, 8  # bytes of bitmaps of one sort that are kept, and how many at least


def kept(most: int, each: int) -> int:
    """Return how many things of so many bytes are kept, at most."""
    return max(FEWEST, min(most, SPARE // max(1, each)))


class Bitmaps:
    """A fact's bitmaps by the keys of clauses; those made elsewhere have no definition, and hold until rows change."""

    def __init__(self, kernel: Kernel, rows: FactRows) -> None:
        """Have none yet."""
        self._kernel, self._rows = kernel, rows
        self._definitions: OrderedDict[Hashable, Definition | None] = OrderedDict()
        self._held: OrderedDict[Hashable, Array] = OrderedDict()

    def has(self, key: Hashable) -> bool:
        """Return whether a clause's bitmap can be had; what is asked for stays longest."""
        if key not in self._definitions:
            return False
        self._definitions.move_to_end(key)
        return True

    def define(self, key: Hashable, definition: Definition) -> None:
        """Say what a clause means."""
        self._definitions[key] = definition
        while len(self._definitions) > DEFINED:
            self._held.pop(self._definitions.popitem(last=False)[0], None)

    def keep(self, key: Hashable, words: Array) -> None:
        """Keep a bitmap made elsewhere."""
        self._definitions[key] = None
        self._held[key] = words
        for old in [each for each in self._held if self._definitions[each] is None][: -kept(MADE, words.nbytes)]:
            del self._held[old], self._definitions[old]

    def words(self, key: Hashable) -> Array:
        """Return a clause's bitmap."""
        words = self._held.get(key)
        if words is None:
            definition = self._definitions[key]
            assert definition is not None
            made = np.zeros(self._rows.alive.size, np.uint64)
            self._kernel.spread(self._rows.words, lambda start, stop: definition.fill(made, start, stop))
            words = self._held[key] = made
            for old in [each for each in self._held if self._definitions[each] is not None][: -kept(FILLED, words.nbytes)]:
                del self._held[old]
        self._held.move_to_end(key)
        self._definitions.move_to_end(key)
        return words

    def flags(self, key: Hashable) -> Array | None:
        """Return which values of a dimension pass a clause (a flag each), or None if it isn't on one."""
        definition = self._definitions[key]
        return None if definition is None or definition.flags is None else definition.flags()

    def forget(self, which: Callable[[Hashable], bool] | None = None) -> set[Hashable]:
        """Let go of these, or of those that were made elsewhere; return their keys."""
        gone = {key for key, definition in self._definitions.items() if (which(key) if which else definition is None)}
        for key in gone:
            del self._definitions[key]
            self._held.pop(key, None)
        return gone

    def refill(self, spans: Sequence[tuple[int, int]]) -> None:
        """Make the words of these spans anew, after rows have changed there."""
        for key, words in self._held.items():
            definition = self._definitions[key]
            assert definition is not None
            for start, stop in spans:
                definition.fill(words, start, stop)

    def held(self, keys: frozenset[Hashable]) -> list[Array] | None:
        """Return the bitmaps of these keys, None unless all are kept."""
        return [self._held[key] for key in keys] if keys <= self._held.keys() else None

    def bytes(self) -> int:
        """Return the memory that they take."""
        return sum(words.nbytes for words in self._held.values())

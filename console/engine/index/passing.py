"""The rows that pass some clauses, and what is known of them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Keys = frozenset[Hashable]


@dataclass
class Passing:
    """The rows that pass several clauses (by their keys), with their counts by fused column and by dimensions, as far as asked."""

    keys: Keys
    words: Array
    rows: int
    counts: dict[int, Array] = field(default_factory=dict)
    cells: dict[tuple[str, ...], Array] = field(default_factory=dict)

    def holds(self, places: Array) -> Array:
        """Return which of some rows are among them."""
        held: Array = (self.words[places // 64] >> (places % 64).astype(np.uint64)) & np.uint64(1) != 0
        return held

    def bytes(self) -> int:
        """Return the memory that they take."""
        return self.words.nbytes + sum(held.nbytes for held in (*self.counts.values(), *self.cells.values()))

"""Link keys as codes that both ends share, so that a semi-join is a flag a code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(eq=False)
class KeySpace:
    """The keys of two or more columns that links join: a code each, 0 for a missing key.

    `hashes` (64 bits, sorted) are those of the keys it was made of, `later` gives the codes of those that came since.
    """

    hashes: Array
    later: dict[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return how many codes there are, that of the missing key among them."""
        return len(self.hashes) + len(self.later) + 1

    def codes(self, hashes: Array) -> Array:
        """Return the codes of a column of hashes, all of them known."""
        made = (np.searchsorted(self.hashes, hashes) + 1).astype(np.uint32)
        made[hashes == 0] = 0
        return made

    def code(self, hash: int) -> int:
        """Return a key's code, a new one if it hasn't any."""
        if hash == 0:
            return 0
        place = int(np.searchsorted(self.hashes, np.uint64(hash)))
        if place < len(self.hashes) and int(self.hashes[place]) == hash:
            return place + 1
        return self.later.setdefault(hash, len(self))


def shared(columns: Sequence[Array]) -> KeySpace:
    """Return the keys of all columns of hashes that are joined; 0 is a missing key."""
    held = np.unique(np.concatenate(columns)) if columns else np.zeros(0, np.uint64)
    return KeySpace(held[held != 0])

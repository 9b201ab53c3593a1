"""Which hashes have never been seen: a sieve that lets through all that were, and hardly any other."""

from __future__ import annotations

import time
from types import ModuleType
from typing import Any

import numpy as np

from console.engine.index.plain import sifted

Array = np.ndarray[Any, Any]
BITS = 16  # bits a hash; with the four that each sets, one in 500 passes that was never put in (Bloom 1970)
PART, SPENT = 1 << 16, 0.15  # hashes put in at once, and seconds after which no more are
ROOM = 1 << 18  # hashes that there is room for at least


class Sieve:
    """A Bloom filter of the first `upto` hashes of a column that only grows at its end; made a little at a time."""

    def __init__(self) -> None:
        """Have seen nothing yet."""
        self.upto = 0
        self._bits = np.zeros(0, np.uint8)

    def fill(self, hashes: Array, loops: ModuleType) -> None:
        """Put in some more of the column (64 bits each), of all of which there are these."""
        if hashes.size * BITS > self._bits.size * 8:
            self._bits, self.upto = np.zeros(max(hashes.size + hashes.size // 8, ROOM) * BITS // 8, np.uint8), 0
        until = time.monotonic() + SPENT
        while self.upto < hashes.size and time.monotonic() < until:
            stop = min(self.upto + PART, hashes.size)
            loops.sown(hashes[self.upto : stop], self._bits)
            self.upto = stop

    def passes(self, hashes: Array) -> Array:
        """Return which of some hashes may have been put in; the others never were."""
        return sifted(hashes, self._bits) if self.upto else np.zeros(hashes.size, bool)

    def bytes(self) -> int:
        """Return the memory it takes."""
        return self._bits.nbytes

"""The index's loops on both cores: compiled where a compiler works, else numpy's, and said so once."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

import numpy as np

from console.engine.index import plain

Array = np.ndarray[Any, Any]
BLOCK = 64
ALONE = 4096  # words below which a second thread costs more than it brings
CORES = min(8, len(os.sched_getaffinity(0)))


class Kernel:
    """The loops of one module, spread over the cores."""

    def __init__(self, loops: ModuleType, note: str = "") -> None:
        """Use a module's loops; `note` says why they aren't the compiled ones."""
        self.loops, self.note = loops, note
        self._pool = ThreadPoolExecutor(CORES, thread_name_prefix="index")

    def become(self, other: Kernel) -> None:
        """Use another's loops from now on."""
        self.loops, self.note = other.loops, other.note

    def spread(self, words: int, work: Callable[[int, int], Any], *, alone: int = ALONE) -> list[Any]:
        """Do work on ranges of words that together are all of them, on several cores from `alone` on; return what each gave."""
        if words < alone or CORES == 1:
            return [work(0, words)]
        step = -(-words // (CORES * BLOCK)) * BLOCK
        return list(self._pool.map(lambda start: work(start, min(start + step, words)), range(0, words, step)))

    def each(self, work: Callable[[int], Any], times: int) -> list[Any]:
        """Do work for each number below `times`, as many at once as there are cores."""
        return list(self._pool.map(work, range(times)))

    def warm(self) -> None:
        """Run every loop once on next to nothing, so that none is compiled when a key is pressed."""
        loops, words = self.loops, np.full(1, 3, np.uint64)
        codes, places = np.zeros((1, 64), np.uint16), np.zeros(2, np.int32)
        table, out, counts = np.ones(2, np.uint8), np.zeros(4, np.int64), np.zeros(4, np.int32)
        points = np.zeros(64)
        loops.passing(codes[0], table, words.copy(), 0, 1)
        loops.passing(np.zeros(64, np.uint32), table, words.copy(), 0, 1)
        loops.between(np.zeros(64, np.int64), 0, 1, words.copy(), 0, 1)
        loops.between(points, 0.0, 1.0, words.copy(), 0, 1)
        loops.within_circle(points, points, 0.0, 0.0, 1.0, words.copy(), 0, 1)
        loops.within_ring(points, points, points[:3], points[:3], words.copy(), 0, 1)
        loops.differing(words, words, 0, 1)
        loops.tally(words, words, codes, np.zeros(1, np.int64), np.zeros(1, np.int64), out, 0, 1)
        loops.joint(words, codes[0], places, codes[0], places, 1, counts, 0, 1)
        loops.weigh(words, codes[0], places, codes[0], places, 1, codes[0], points[:2], points[2:6].copy(), out, 0, 1)
        loops.accumulate(np.zeros((2, 2), np.int32))
        loops.mark(words, np.zeros(64, np.uint32), table.copy(), 0, 1)


def load(compiled: bool = True) -> Kernel:
    """Return the loops, compiled if they can be (seconds the first time, kept on disk afterwards)."""
    if not compiled:
        return Kernel(plain)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from console.engine.index import loops

            kernel = Kernel(loops)
            kernel.warm()
        return kernel
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        return Kernel(plain, f"no compiler for the index ({reason}): counts are made by numpy, which takes longer")

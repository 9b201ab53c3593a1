"""The index's loops on both cores: compiled where a compiler works, else numpy's, and said so once."""

from __future__ import annotations

import ctypes
import os
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache, partial
from queue import SimpleQueue
from types import ModuleType
from typing import Any

import numpy as np

from console.engine.index import plain

Array = np.ndarray[Any, Any]
BLOCK = 64
ALONE = 4096  # words below which a second thread costs more than it brings
PAGED = 1 << 21  # bytes from which an array has pages of its own: let go of, they are the system's again
_MMAP_THRESHOLD = -3  # mallopt(3)
CORES = min(8, len(os.sched_getaffinity(0)))


_asked: SimpleQueue[tuple[Callable[[], Any], SimpleQueue[tuple[Any, BaseException | None]]]] = SimpleQueue()


def _serve() -> None:
    while True:
        work, told = _asked.get()
        try:
            told.put((work(), None))
        except BaseException as error:
            told.put((None, error))
        del work, told  # what was worked on isn't kept until there is more to do


@cache
def _hands() -> None:
    """Start the threads beside the asking one, once; a queue's hand-over takes a fifth of a future's."""
    for number in range(CORES - 1):
        threading.Thread(target=_serve, name=f"index-{number}", daemon=True).start()


def beside(work: Callable[[], Any]) -> Callable[[], Any]:
    """Do work in another thread; return what waits for it and gives what it gave, or raises what it raised."""
    _hands()
    told: SimpleQueue[tuple[Any, BaseException | None]] = SimpleQueue()
    _asked.put((work, told))

    def wait() -> Any:
        made, error = told.get()
        if error is not None:
            raise error
        return made

    return wait


class Kernel:
    """The loops of one module, spread over the cores."""

    def __init__(self, loops: ModuleType, note: str = "") -> None:
        """Use a module's loops; `note` says why they aren't the compiled ones."""
        self.loops, self.note = loops, note
        self._pool = ThreadPoolExecutor(CORES, thread_name_prefix="tables")  # long work: a press never waits for it

    def become(self, other: Kernel) -> None:
        """Use another's loops from now on."""
        self.loops, self.note = other.loops, other.note

    def spread(self, words: int, work: Callable[[int, int], Any], *, alone: int = ALONE) -> list[Any]:
        """Do work on ranges of words that together are all of them, on several cores from `alone` on; return what each gave."""
        if words < alone or CORES == 1:
            return [work(0, words)]
        step = -(-words // (CORES * BLOCK)) * BLOCK
        rest = [beside(partial(work, start, min(start + step, words))) for start in range(step, words, step)]
        return [work(0, step), *(each() for each in rest)]

    def each(self, work: Callable[[int], Any], times: int) -> list[Any]:
        """Do work for each number below `times`, as many at once as there are cores."""
        return list(self._pool.map(work, range(times)))

    def warm(self) -> None:
        """Run every loop once on next to nothing, so that none is compiled when a key is pressed."""
        loops, words = self.loops, np.full(1, 3, np.uint64)
        codes, places = np.zeros((2, 128), np.uint16)[:, :64], np.zeros(2, np.int32)
        table, out, counts = np.ones(2, np.uint8), np.zeros(4, np.int64), np.zeros(4, np.int32)
        points, narrow = np.zeros(64), np.zeros(64, np.int32)
        ring = (table[:1], 0.0, 1.0, 0.0, 1.0, np.zeros((1, 4)), np.zeros(2, np.int64))
        loops.passing(codes[0], table, words.copy(), 0, 1)
        loops.passing(np.zeros(64, np.uint32), table, words.copy(), 0, 1)
        loops.between(np.zeros(64, np.int64), 0, 1, words.copy(), 0, 1)
        loops.between(points, 0.0, 1.0, words.copy(), 0, 1)
        loops.between(narrow, 0, 1, words.copy(), 0, 1)
        for lons, lats in ((points, points), (narrow, narrow), (points, narrow), (narrow, points)):
            loops.within_circle(lons, lats, 1.0, 1.0, 0.0, 0.0, 1.0, words.copy(), 0, 1)
            loops.within_ring(lons, lats, 1.0, 1.0, *ring, words.copy(), 0, 1)
        loops.differing(words, words, 0, 1)
        loops.tally(words, words, codes, np.zeros(1, np.int64), np.zeros(1, np.int64), out, 0, 1)
        loops.joint(words, codes[0], places, codes[0], places, 1, counts, 0, 1)
        loops.weigh(words, codes[0], places, codes[0], places, 1, codes[0], points[:2], points[2:6].copy(), out, 0, 1)
        loops.joint(words, codes[0], places, codes[0], places, 1, out, 0, 1)
        first, one, wide = np.zeros(1, np.int64), np.ones(1, np.int64), np.zeros((2, 2), np.int32)
        loops.crossed(words, codes, 0, places, first, wide, first, wide.copy(), 0, 1)
        loops.folded(wide, 0, places, wide.copy(), 0)
        loops.accumulate(wide, 0, 2)
        loops.summed(wide, first, one, True, out)
        for cells in (np.zeros(4, np.uint16), np.zeros(4, np.int32)):
            loops.arranged(words, codes[0], places, codes[0], places, np.zeros(2, np.int64), cells[:2], 0, 1)
            loops.snapped(cells, 1, np.zeros((2, 4), np.int32))
            loops.ranged(cells, np.array([0, 4]), np.zeros((2, 4), np.int32), 1, first, one, out)
        loops.mark(words, np.zeros(64, np.uint32), table.copy(), 0, 1)
        loops.sown(words, table.copy())


def load(compiled: bool = True) -> Kernel:
    """Return the loops, compiled if they can be (seconds the first time, kept on disk afterwards)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, PAGED)
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

"""Stretches of synthetic history, onward or backward, made here or in a process of their own."""

from __future__ import annotations

import gc
import multiprocessing
import os
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.process import BaseProcess
from typing import TypeAlias

from console.feed.bulk import Frames
from console.feed.simulator import Simulator

Making = Callable[[bytes, datetime, datetime, timedelta], "Iterator[Stretch]"]
Ahead: TypeAlias = "multiprocessing.Queue[Stretch | str | None]"
SHORT = timedelta(days=4)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of history: from when to when (naive UTC), its events as columns by kind, the simulator's state at its end."""

    start: datetime
    end: datetime
    frames: Frames
    state: bytes


def onward(state: bytes, wanted_from: datetime, until: datetime, longest: timedelta) -> Iterator[Stretch]:
    """Yield what the force standing in `state` does, as `along` does."""
    return along(Simulator.restore(state), wanted_from, until, longest)


def along(simulator: Simulator, wanted_from: datetime, until: datetime, longest: timedelta) -> Iterator[Stretch]:
    """Yield from `wanted_from` to `until` what the force does, at most `longest` at a time, with the simulator moved on.

    The first is short, to have something soon, and the last are, so that little is left to load when all is made.
    """
    if simulator.until < wanted_from:
        simulator.skip(wanted_from)
    chunk = min(SHORT, longest)
    while (start := simulator.until) < until:
        batch = simulator.advance(min(start + chunk, until))
        yield Stretch(start, simulator.until, batch.frames(), simulator.state())
        chunk = min(longest, max(SHORT, (until - simulator.until) / 3))


def backward(state: bytes, wanted_from: datetime, until: datetime, longest: timedelta) -> Iterator[Stretch]:
    """Yield the same stretches, the last first."""
    yield from reversed(list(onward(state, wanted_from, until, longest)))


def aside(
    making: Making, state: bytes, wanted_from: datetime, until: datetime, longest: timedelta, halt: threading.Event | None = None
) -> Iterator[Stretch]:
    """Yield the stretches made by another process, at most two ahead, until halted. Raises RuntimeError if it fails."""
    context = multiprocessing.get_context("spawn")
    ahead: Ahead = context.Queue(maxsize=2)
    asked: multiprocessing.Queue[bytes] = context.Queue()
    process = context.Process(target=_make, args=(making, asked, wanted_from, until, longest, ahead), daemon=True)
    process.start()
    asked.put(state)  # as an argument it would hang a start whose process dies at once
    try:
        while not (halt and halt.is_set()):
            try:
                item = ahead.get(timeout=0.1)
            except queue.Empty:
                if not process.is_alive():
                    raise RuntimeError("the process that makes history died") from None
                continue
            if item is None:
                return
            if isinstance(item, str):
                raise RuntimeError(f"making history failed: {item}")
            yield item
    finally:
        asked.cancel_join_thread()
        process.terminate()


def _end_with(parent: BaseProcess | None) -> None:
    """End this process when the one that it works for is gone, however that came."""
    if parent is not None:
        parent.join()
        os._exit(1)


def _make(
    making: Making,
    asked: multiprocessing.Queue[bytes],
    wanted_from: datetime,
    until: datetime,
    longest: timedelta,
    ahead: Ahead,
) -> None:
    gc.disable()  # millions of small tuples, no cycles: a fifth of the time
    threading.Thread(target=_end_with, args=(multiprocessing.parent_process(),), daemon=True).start()
    try:
        for stretch in making(asked.get(), wanted_from, until, longest):
            ahead.put(stretch)
        ahead.put(None)
    except Exception as error:
        ahead.put(repr(error))

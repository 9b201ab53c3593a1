"""Each distinct question is answered once however many ask it, a few at once, none for longer than its deadline.

A flight is one question under way. Whoever asks the same while it is, waits for the same answer; when nobody waits any more it is
interrupted. An answer is given again as long as nothing changed, and a question about the present for a second at most.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from console.desk.desk import Failed, Interrupted
from console.hub.server.turns import Turns

FRESH = 1.0  # seconds for which an answer about the present is given again
ROOM = 64 << 20  # bytes of answers that are kept
AGAIN = 0.1  # seconds between two tries to interrupt what runs


@dataclass(frozen=True, slots=True)
class Order:
    """A question to be flown: how it is answered off the loop given a ticket, and how the one of that ticket is interrupted.

    `key` is what makes it the same as another; None where it is like no other. `lasting` is of a past moment. One `bound` to be
    carried out is neither interrupted nor overdue. With `patience` it gives way to those that come within so many seconds.
    """

    key: Hashable
    make: Callable[[str], Any]
    cancel: Callable[[str], None]
    size: Callable[[Any], int]
    lasting: bool = False
    bound: bool = False
    patience: float = 0.0


@dataclass(slots=True)
class Flight:
    """A question under way."""

    order: Order
    ticket: str
    future: asyncio.Future[Any]
    waiting: int = 0
    running: bool = False
    ended: bool = False
    task: asyncio.Task[None] | None = field(default=None)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was given."""

    stamp: Hashable
    at: float
    value: Any
    size: int


class Flights:
    """Flies questions; all but what they do runs on the event loop's thread."""

    def __init__(self, limit: int, deadline: float) -> None:
        """Answer so many at once, each within `deadline` seconds."""
        self.limit, self.deadline = limit, deadline
        self._pool = ThreadPoolExecutor(limit, thread_name_prefix="hub-answer")
        self._turns = Turns(limit)
        self._flying: dict[tuple[Hashable, Hashable], Flight] = {}
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._size = 0
        self._numbers = itertools.count(1)
        self.waiting = self.running = self.computed = self.shared = self.overdue = 0

    async def answer(self, order: Order, stamp: Hashable) -> Any:
        """Return the answer to a question while things stand as the stamp says. Raises what it raises, Failed, Interrupted."""
        if (kept := self._given(order, stamp)) is not None:
            self.shared += 1
            return kept.value
        flight = self._flying.get((order.key, stamp)) if order.key is not None else None
        if flight is None:
            flight = self._begin(order, stamp)
        else:
            self.shared += 1
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.future)
        finally:
            flight.waiting -= 1
            if flight.waiting == 0 and not flight.ended:
                self._leave(flight, stamp)

    def _given(self, order: Order, stamp: Hashable) -> Kept | None:
        kept = None if order.key is None else self._kept.get(order.key)
        if kept is None or kept.stamp != stamp or not (order.lasting or time.monotonic() - kept.at < FRESH):
            return None
        self._kept.move_to_end(order.key)
        return kept

    def _begin(self, order: Order, stamp: Hashable) -> Flight:
        flight = Flight(order, f"flight {next(self._numbers)}", asyncio.get_running_loop().create_future())
        flight.future.add_done_callback(lambda done: done.cancelled() or done.exception())
        if order.key is not None:
            self._flying[order.key, stamp] = flight
        flight.task = asyncio.create_task(self._fly(flight, stamp))
        return flight

    async def _fly(self, flight: Flight, stamp: Hashable) -> None:
        loop, order = asyncio.get_running_loop(), flight.order
        self.waiting += 1
        try:
            await self._turns.take(order.patience)
        except asyncio.CancelledError:
            self._land(flight, stamp, Interrupted())
            return
        finally:
            self.waiting -= 1
        self.running, flight.running, began = self.running + 1, True, time.monotonic()
        timer = None if order.bound else loop.call_later(self.deadline, self._late, flight, stamp)
        try:
            value = await loop.run_in_executor(self._pool, order.make, flight.ticket)
            self.computed += 1
            if order.key is not None and not flight.future.done():
                self._keep(order.key, Kept(stamp, began, value, order.size(value)))
            self._land(flight, stamp, None, value)
        except BaseException as error:
            self._land(flight, stamp, error)
        finally:
            flight.ended = True
            self.running -= 1
            if timer is not None:
                timer.cancel()
            self._turns.give(order.patience)

    def _land(self, flight: Flight, stamp: Hashable, error: BaseException | None, value: Any = None) -> None:
        if self._flying.get((flight.order.key, stamp)) is flight:
            del self._flying[flight.order.key, stamp]
        if flight.future.done():
            return
        if error is None:
            flight.future.set_result(value)
        else:
            flight.future.set_exception(error)

    def _keep(self, key: Hashable, kept: Kept) -> None:
        if (old := self._kept.pop(key, None)) is not None:
            self._size -= old.size
        self._kept[key] = kept
        self._size += kept.size
        while self._size > ROOM:
            self._size -= self._kept.popitem(last=False)[1].size

    def _late(self, flight: Flight, stamp: Hashable) -> None:
        self.overdue += 1
        words = f"no answer within {self.deadline:g} s, which is the longest the hub works on a question: select less, or ask again later"
        self._land(flight, stamp, Failed(words))
        self._interrupt(flight)

    def _leave(self, flight: Flight, stamp: Hashable) -> None:
        """Let go of a flight that nobody waits for."""
        if flight.order.bound:
            return
        if self._flying.get((flight.order.key, stamp)) is flight:
            del self._flying[flight.order.key, stamp]
        if flight.running:
            self._interrupt(flight)
        elif flight.task is not None:
            flight.task.cancel()

    def _interrupt(self, flight: Flight) -> None:
        """Interrupt what runs, and again until it has ended: it may not have begun its query yet."""
        if not flight.ended:
            flight.order.cancel(flight.ticket)
            asyncio.get_running_loop().call_later(AGAIN, self._interrupt, flight)

    def close(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

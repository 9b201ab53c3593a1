"""What the bench feeds a hub: the file's own simulated force going on, its events stamped as they are sent, by an acknowledged door."""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from console.feed import history
from console.feed.send import Sending
from console.feed.simulator import Simulator
from console.store.database import open_store

AHEAD = timedelta(minutes=5)  # of the force that is made at a time
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
LOOKED = 0.005  # seconds between two looks at what was acknowledged


def force(data: Path) -> Simulator:
    """Return a file's simulated force as it stands. Raises ValueError where it has none."""
    store = open_store(data)
    try:
        standing = history.standing(store)
    finally:
        store.close()
    if standing is None:
        raise ValueError(f"{data} has no simulated force")
    return standing.simulator


class Stream:
    """Sends events to a door at a rate; knows when each was sent, and how many were acknowledged when."""

    def __init__(self, door: Path, simulator: Simulator, rate: float) -> None:
        """Send so many events a second once started."""
        self._told, self._rate = _told(simulator), rate
        self._sending = Sending(f"unix:{door}")
        self._read, self._write = os.pipe()
        self._pushed, self._halt, self._lock = 0, threading.Event(), threading.Lock()
        self.sent, self.acknowledged = list[float](), list[tuple[float, int]]()
        self.announced: dict[str, float] = {}  # when each new Immediate incident was sent (s, monotonic)
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._run, self._see)]
        self._out = threading.Thread(target=self._sending.run, args=(self._read,), daemon=True)

    def start(self) -> None:
        """Begin."""
        for thread in (self._out, *self._threads):
            thread.start()

    def burst(self, count: int) -> float:
        """Send so many in one second beside the others; return the longest that one of them waited for its acknowledgement (s)."""
        first = len(self.sent)
        for _ in range(10):
            began = time.monotonic()
            self._push(count // 10)
            time.sleep(max(0.0, began + 0.1 - time.monotonic()))
        last = len(self.sent)
        while self._acknowledged() < last and self._out.is_alive():
            time.sleep(LOOKED)
        return max(self._waited(first, last))

    def stop(self) -> int:
        """Send no more; return how many of all that were sent were not acknowledged as stored."""
        self._halt.set()
        self._threads[0].join()
        os.close(self._write)
        self._out.join(60)
        self._threads[1].join()
        self._sending.close()
        os.close(self._read)
        self.became = became = self._sending.sent
        return len(self.sent) - became.acknowledged - became.skipped + became.quarantined.total()

    def least(self, since: float, until: float, seconds: float = 10.0) -> float:
        """Return the fewest that were acknowledged a second, over any so many seconds between two times."""
        rates = []
        for start in range(int(max(1.0, until - since - seconds))):
            ends = [
                max((n for at, n in self.acknowledged if at <= moment), default=0) for moment in (since + start, since + start + seconds)
            ]
            rates.append((ends[1] - ends[0]) / seconds)
        return min(rates)

    def waits(self) -> list[float]:
        """Return how long each that was acknowledged had waited for that (s)."""
        return self._waited(0, self._acknowledged())

    def _waited(self, first: int, last: int) -> list[float]:
        waits, n = [], first
        for at, count in self.acknowledged:
            while n < min(count, last):
                waits.append(at - self.sent[n])
                n += 1
        return waits or [float("inf")]

    def _acknowledged(self) -> int:
        return self.acknowledged[-1][1] if self.acknowledged else 0

    def _run(self) -> None:
        following = time.monotonic()
        while not self._halt.is_set():
            self._push(1)
            following += 1 / self._rate
            time.sleep(max(0.0, following - time.monotonic()))

    def _push(self, count: int) -> None:
        with self._lock:
            lines = []
            for said in (next(self._told) for _ in range(count)):
                lines.append(json.dumps(_at(said, datetime.now(UTC))).encode() + b"\n")
                if said["kind"] == "incident.created" and said["payload"]["grade"] == "Immediate":
                    self.announced[said["key"]] = time.monotonic()
            self.sent += [time.monotonic()] * count
            left = memoryview(b"".join(lines))
            while left:
                left = left[os.write(self._write, left) :]

    def _see(self) -> None:
        while self._out.is_alive():
            if (count := self._sending.sent.acknowledged) != self._acknowledged():
                self.acknowledged.append((time.monotonic(), count))
            time.sleep(LOOKED)
        self.acknowledged.append((time.monotonic(), self._sending.sent.acknowledged))


def _at(said: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return an event as of now, with the instants that it speaks of as far from it as they were."""
    later = now - datetime.fromisoformat(said["occurred_at"])

    def moved(value: Any) -> Any:
        if not isinstance(value, str) or not INSTANT.fullmatch(value):
            return value
        return (datetime.fromisoformat(value) + later).isoformat().replace("+00:00", "Z")

    payload = {name: moved(value) for name, value in said["payload"].items()}
    return {**said, "occurred_at": moved(said["occurred_at"]), "payload": payload}


def _told(simulator: Simulator) -> Iterator[dict[str, Any]]:
    while True:
        for line in simulator.advance(simulator.until + AHEAD).lines():
            yield json.loads(line)

"""Lines to send, a feed's end to send them from, and waiting for what is to come."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from console.feed.events import KINDS, VERSION, Event, encode
from console.store.database import Store

START = datetime(2026, 3, 27, 12)
PATIENCE = 60.0


def call(sequence: int, source: str = "cad") -> bytes:
    """Return the line of a call that reached the queue."""
    at = (START + timedelta(seconds=sequence)).replace(tzinfo=UTC)
    return encode(Event(VERSION, source, sequence, at, "contact.offered", f"{source}-{sequence}", KINDS["contact.offered"](line="999")))


def calls(count: int, source: str = "cad", first: int = 1) -> list[bytes]:
    """Return so many."""
    return [call(sequence, source) for sequence in range(first, first + count)]


def until(true: Callable[[], Any], words: str = "what was waited for") -> Any:
    """Return what is true at last; fails if it isn't within a minute."""
    end = time.monotonic() + PATIENCE
    while not (held := true()):
        assert time.monotonic() < end, f"{words} did not come"
        time.sleep(0.01)
    return held


def held(store: Store, source: str = "cad") -> list[int]:
    """Return the sequences that the store holds of a source, in the order they were received."""
    with store.reader() as cursor:
        found = cursor.execute("select sequence from base.event where source = $1 order by received_at, sequence", [source]).fetchall()
    return [sequence for (sequence,) in found]


def quarantined(store: Store) -> list[tuple[str, str]]:
    """Return (place, reason) of what the store holds in quarantine."""
    with store.reader() as cursor:
        return [(place, reason) for place, reason in cursor.execute("select place, reason from base.quarantine order by all").fetchall()]


class Wire:
    """A connection to a door, as a force's own program would make it."""

    def __init__(self, door: Path | int) -> None:
        """Connect to a Unix socket or a port here."""
        self.socket = socket.socket(socket.AF_UNIX) if isinstance(door, Path) else socket.socket()
        self.socket.settimeout(PATIENCE)
        until(lambda: self._connected(str(door) if isinstance(door, Path) else ("127.0.0.1", door)), "a place in the queue")
        self._rest = b""

    def _connected(self, to: str | tuple[str, int]) -> bool:
        try:
            self.socket.connect(to)
        except BlockingIOError:
            return False
        return True

    def say(self, *lines: bytes) -> None:
        """Send lines."""
        self.socket.sendall(lines[0] if len(lines) == 1 else b"".join(lines))

    def hello(self, *sources: str, **more: str) -> dict[str, Any]:
        """Name sources; return the answer."""
        self.say(json.dumps({"sources": sources, **more}).encode() + b"\n")
        return self.hear()

    def hear(self) -> dict[str, Any]:
        """Return the next answer, {} where the connection has ended."""
        while b"\n" not in self._rest:
            try:
                piece = self.socket.recv(65536)
            except ConnectionError:
                return {}
            if not piece:
                return {}
            self._rest += piece
        line, self._rest = self._rest.split(b"\n", 1)
        made: dict[str, Any] = json.loads(line)
        return made

    def settled(self, lines: int) -> list[dict[str, Any]]:
        """Return the answers up to the one that settles so many lines of this connection."""
        answers = [self.hear()]
        while answers[-1] and answers[-1].get("lines", 0) < lines:
            answers.append(self.hear())
        return answers

    def close(self) -> None:
        """Hang up."""
        self.socket.close()

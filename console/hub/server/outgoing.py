"""What goes out to one client: at once while it reads; while it doesn't, only the newest of each thing waits."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

HIGH, LOW = 256 << 10, 32 << 10  # bytes that the line may hold back before nothing more is given to it, and from which on it is again

Make = Callable[[], bytes]


class Outgoing:
    """Frames on their way to a client; each is made when it is sent, so that it can be set against the one before."""

    def __init__(self, transport: asyncio.Transport) -> None:
        """Write to this transport."""
        self._transport = transport
        transport.set_write_buffer_limits(HIGH, LOW)
        self._waiting: OrderedDict[Hashable, tuple[Make, Make | None]] = OrderedDict()
        self.stuck_since: float | None = None
        self.wrote_at = 0.0
        self.bytes = 0

    @property
    def stuck(self) -> bool:
        """Whether the client doesn't read as fast as it is written to."""
        return self.stuck_since is not None

    @property
    def waiting(self) -> int:
        """How many things wait."""
        return len(self._waiting)

    def send(self, key: Hashable, make: Make, instead: Make | None = None) -> None:
        """Send what is made; while it waits, a newer one of the same key takes its place, and `instead` of it is sent, if anything."""
        if not self.stuck:
            self._write(make())
            return
        if (old := self._waiting.pop(key, None)) is not None and old[1] is not None:
            self._waiting[object()] = (old[1], None)
        self._waiting[key] = (make, instead)

    def pause(self) -> None:
        """Write no more for now."""
        self.stuck_since = time.monotonic()

    def resume(self) -> None:
        """Write what waits."""
        self.stuck_since = None
        while self._waiting and not self.stuck:
            _, (make, _) = self._waiting.popitem(last=False)
            self._write(make())

    def _write(self, frame: bytes) -> None:
        self.wrote_at = time.monotonic()
        self.bytes += len(frame)
        self._transport.write(frame)

"""A hub in this process, on a loop of its own, and clients of it."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from console.hub.client.desk import HubDesk
from console.hub.client.reaching import reached
from console.hub.protocol.crossing import ENCODER, decoding
from console.hub.protocol.frames import ANSWERED, Frames, framed
from console.hub.protocol.messages import hello
from console.hub.server import door
from console.hub.server.log import Log
from console.hub.server.orders import Served
from console.hub.server.server import Server


class Hub:
    """A server at a path, and the lines it logs."""

    def __init__(self, desk: Served, path: Path, **options: Any) -> None:
        """Serve a desk."""
        self.path, self.lines = path, list[str]()
        self._door = door.opened(path)
        self.server = Server(desk, log=Log(self.lines.append), **options)
        self._ready, self._thread = threading.Event(), threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    async def _serve(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        await self.server.serve(self._door.listening, self._ready.set, self._ended)

    def stop(self) -> None:
        """End it, as SIGTERM does."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._ended.set)
            self._thread.join(10)
        door.close(self._door)


@contextmanager
def serving(desk: Served, path: Path, **options: Any) -> Iterator[Hub]:
    """Serve a desk at a path for a while."""
    hub = Hub(desk, path, **options)
    try:
        yield hub
    finally:
        hub.stop()


@contextmanager
def client(path: Path) -> Iterator[HubDesk]:
    """Sit at a hub for a while."""
    desk = reached(path)
    try:
        yield desk
    finally:
        desk.close()


class Raw:
    """A caller that speaks the line by hand."""

    def __init__(self, path: Path, *, greet: bool = True) -> None:
        """Call a hub, and say hello unless told otherwise."""
        self.line = socket.socket(socket.AF_UNIX)
        self.line.settimeout(20)
        self.line.connect(str(path))
        self._frames, self._read = Frames(ANSWERED), decoding(Any)
        if greet:
            self.line.sendall(hello("raw"))
            assert self.next()[0] == "welcome"

    def say(self, *message: Any) -> None:
        """Send a message."""
        self.line.sendall(framed(ENCODER.encode(message)))

    def next(self) -> list[Any]:
        """Return the next message that is no beat, [] at the end."""
        while True:
            for body in self._frames.take(b""):
                message: list[Any] = self._read(body)
                if message != ["beat"]:
                    return message
            try:
                data = self.line.recv(1 << 16)
            except ConnectionError:
                return []
            if not data:
                return []
            for body in self._frames.take(data):
                message = self._read(body)
                if message != ["beat"]:
                    return message

    def close(self) -> None:
        """Hang up."""
        self.line.close()


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "never came about"
        time.sleep(0.01)

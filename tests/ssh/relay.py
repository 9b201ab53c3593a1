"""What lies between ssh and sshd, and can be cut: every connection at once, or so that nobody hears of it."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

ABRUPTLY = struct.pack("ii", 1, 0)


class Relay:
    """Passes bytes on between whoever calls and a port of this machine."""

    def __init__(self, to: int) -> None:
        """Pass on to a port."""
        self._to, self._listening = to, socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._ends: list[socket.socket] = []
        self._passes = threading.Event()
        self._passes.set()
        threading.Thread(target=self._serve, daemon=True).start()

    def __enter__(self) -> Self:
        """Return the relay."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Cut what is left."""
        self._passes.set()
        self.cut()
        self._listening.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self._listening.accept()
                there = socket.create_connection(("127.0.0.1", self._to))
                self._ends += [here, there]
                for one, other in ((here, there), (there, here)):
                    threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(1 << 16):
                self._passes.wait()
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)

    def mute(self) -> None:
        """Pass nothing on any more, and close nothing."""
        self._passes.clear()

    def cut(self) -> None:
        """Reset every connection."""
        for end in self._ends:
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABRUPTLY)
                end.shutdown(socket.SHUT_RDWR)
            end.close()

"""Mosh between a command and a terminal, with a relay on the loopback that counts what goes through."""

from __future__ import annotations

import os
import select
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from console.bench import terminal
from console.bench.terminal import Terminal

HEADERS = 28  # bytes of IPv4 and UDP before each datagram


def there() -> bool:
    """Return whether mosh is installed."""
    return bool(shutil.which("mosh-server") and shutil.which("mosh-client"))


class Relay(threading.Thread):
    """Passes datagrams between a client and a server's port; `passed` is the size of each, with the time (seconds, monotonic)."""

    def __init__(self, port: int) -> None:
        """Relay to this port of the loopback."""
        super().__init__(daemon=True, name="relay")
        self.passed: list[tuple[float, int]] = []
        self._front, self._back = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        self._front.bind(("127.0.0.1", 0))
        self._back.connect(("127.0.0.1", port))
        self.port: int = self._front.getsockname()[1]
        self._halt = threading.Event()

    def run(self) -> None:
        """Pass until stopped."""
        client = None
        while not self._halt.is_set():
            for each in select.select([self._front, self._back], [], [], 0.2)[0]:
                with suppress(OSError):
                    if each is self._front:
                        sent, client = self._front.recvfrom(1 << 16)
                        self._back.send(sent)
                    else:
                        sent = self._back.recv(1 << 16)
                        if client is not None:
                            self._front.sendto(sent, client)
                    self.passed.append((time.monotonic(), len(sent) + HEADERS))

    def stop(self) -> None:
        """Pass no more."""
        self._halt.set()
        self.join()

    def bytes(self, since: float, until: float = float("inf")) -> int:
        """Return how many bytes went either way from one time to another."""
        return sum(size for at, size in self.passed if since <= at < until)


@contextmanager
def session(words: Sequence[str]) -> Iterator[tuple[Terminal, Relay]]:
    """Run a command under a mosh server, with a client of it in a terminal."""
    environment = os.environ | {"TERM": "xterm-256color", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "MOSH_SERVER_NETWORK_TMOUT": "30"}
    begun = subprocess.run(
        ["mosh-server", "new", "-i", "127.0.0.1", "-c", "256", "--", *words],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    port, key = next(line for line in begun.stdout.splitlines() if line.startswith("MOSH CONNECT")).split()[2:4]
    relay = Relay(int(port))
    relay.start()
    here = terminal.start(["mosh-client", "127.0.0.1", str(relay.port)], {"MOSH_KEY": key, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"})
    try:
        yield here, relay
    finally:
        here.leave()

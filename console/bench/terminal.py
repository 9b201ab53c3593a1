"""The console in a terminal of its own: what it writes, and when, and the screen that makes."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

COLUMNS, ROWS = 120, 40
BURST = 0.005  # seconds between two writes of one repaint, at most


@dataclass
class Terminal:
    """A program in a pty of 120x40; `heard` is what it wrote, each with the time (seconds, monotonic) it had been read."""

    pid: int
    handle: int
    began: float
    heard: list[tuple[float, bytes]] = field(default_factory=list)

    def read(self, seconds: float) -> None:
        """Take what is written for so long."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            ready, _, _ = select.select([self.handle], [], [], left)
            if ready:
                try:
                    self.heard.append((time.monotonic(), os.read(self.handle, 1 << 16)))
                except OSError:
                    return

    def type(self, keys: str) -> float:
        """Type keys; return when."""
        at = time.monotonic()
        os.write(self.handle, keys.encode())
        return at

    def bytes(self, since: float, until: float = float("inf")) -> int:
        """Return how many bytes it wrote from one time to another."""
        return sum(len(written) for at, written in self.heard if since <= at < until)

    def spent(self) -> float:
        """Return the processor's seconds that it has used, those of processes it began and that ended included."""
        words = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return sum(int(word) for word in words[11:15]) / os.sysconf("SC_CLK_TCK")

    def own(self) -> int:
        """Return the memory that is its own, in bytes: what it holds but for files mapped into it, such as libraries."""
        lines = Path(f"/proc/{self.pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
        return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Anonymous:"))

    def resident(self) -> int:
        """Return the memory it holds, in bytes."""
        return int(Path(f"/proc/{self.pid}/statm").read_text(encoding="utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def leave(self) -> float:
        """Quit it, and see it end; return how long it ran (s)."""
        lasted = self.type("q") - self.began
        for _ in range(100):
            self.read(0.1)
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                break
        else:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.handle)
        return lasted


def run(arguments: Sequence[str]) -> Terminal:
    """Start the console with these arguments."""
    return start(command(arguments))


def command(arguments: Sequence[str]) -> list[str]:
    """Return what starts the console with these arguments."""
    return [sys.executable, "-m", "console", *arguments]


def start(words: Sequence[str], environment: Mapping[str, str] = MappingProxyType({})) -> Terminal:
    """Start any command in a terminal of 256 colours."""
    pid, handle = pty.fork()
    if pid == 0:
        os.environ |= {"TERM": "xterm-256color", "LINES": str(ROWS), "COLUMNS": str(COLUMNS), **environment}
        for name in ("NO_COLOR", "COLORTERM"):
            os.environ.pop(name, None)
        os.execvp(words[0], list(words))
    fcntl.ioctl(handle, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    return Terminal(pid, handle, time.monotonic())


def screens(heard: Sequence[tuple[float, bytes]]) -> Iterator[tuple[float, list[str]]]:
    """Yield the screen's lines after each repaint, with the time of its last byte. Raises ValueError where pyte isn't installed."""
    try:
        import pyte
    except ImportError:
        raise ValueError("bench keys reads the screen with pyte: install the package with [test]") from None
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    for (at, written), following in zip(heard, [*(at for at, _ in heard[1:]), float("inf")], strict=True):
        stream.feed(written)
        if following - at > BURST:
            yield at, list(screen.display)

"""A slow link for tests: a console in a pty, and between it and its terminal a token bucket, a delay and a queue without end, as ssh has."""

from __future__ import annotations

import os
import select
import time
from collections import deque
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

import pyte
from ptyprocess import PtyProcess

from tests.terminal.screen import KEYS

CELL = 0.02  # seconds between two looks at the link
SERIAL, EDGE = 960.0, 0.4  # bytes a second of 9,600 baud; seconds there and back


class _Screen(pyte.Screen):
    """A terminal that answers what it is asked."""

    def __init__(self, columns: int, rows: int, link: Link) -> None:
        super().__init__(columns, rows)
        self._link = link

    def write_process_input(self, data: str) -> None:
        self._link.up(data.encode())


class Link:
    """A program whose terminal is far away; `queued` is the most bytes that ever waited in between since it was set to 0."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], rate: float = SERIAL, there_and_back: float = EDGE) -> None:
        """Start the program in 120x40."""
        self.rate, self._way = rate, there_and_back / 2
        self.screen = _Screen(120, 40, self)
        self._stream = pyte.ByteStream(self.screen)
        own = {name: value for name, value in env.items() if name not in ("COLUMNS", "LINES")}
        self._process = PtyProcess.spawn(list(argv), env=own, dimensions=(40, 120))
        self._waiting = bytearray()  # has been written, and not passed the bucket
        self._down: deque[tuple[float, bytes]] = deque()
        self._up: deque[tuple[float, bytes]] = deque()
        self._tokens, self._at = 0.0, time.monotonic()
        self.stuck = False
        self.queued = self.passed = 0
        self.seen: list[str] = []  # the top line, each time it was another

    def __enter__(self) -> Self:
        """Return the link."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the program."""
        self._process.terminate(force=True)
        self._process.close(force=True)

    def up(self, data: bytes) -> None:
        """Send what is typed, or answered, on its way."""
        self._up.append((time.monotonic() + self._way, data))

    def press(self, *keys: str) -> None:
        """Type keys, by name or as they are, without waiting for anything."""
        for key in keys:
            self.up(KEYS.get(key, key).encode())

    def run(self, seconds: float) -> None:
        """Let the link work for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._pass(time.monotonic())
            if select.select([self._process.fd], [], [], CELL)[0]:
                try:
                    self._waiting += os.read(self._process.fd, 1 << 16)
                except OSError:
                    return
                self.queued = max(self.queued, len(self._waiting))

    def _pass(self, now: float) -> None:
        spent, self._at = now - self._at, now
        while self._up and self._up[0][0] <= now and not self.stuck:
            os.write(self._process.fd, self._up.popleft()[1])
        if self.stuck:
            return
        self._tokens = min(self._tokens + spent * self.rate, self.rate / 10)
        some = bytes(self._waiting[: int(self._tokens)])
        del self._waiting[: len(some)]
        self._tokens -= len(some)
        self.passed += len(some)
        if some:
            self._down.append((now + self._way, some))
        while self._down and self._down[0][0] <= now:
            self._stream.feed(self._down.popleft()[1])
            if not self.seen or self.seen[-1] != self.screen.display[0]:
                self.seen.append(self.screen.display[0])

    def settle(self, most: float = 60.0) -> None:
        """Let it work until nothing is under way and nothing was for two seconds; fail if that never is."""
        end, since = time.monotonic() + most, time.monotonic()
        while time.monotonic() < end:
            before = self.passed
            self.run(0.2)
            if self.passed != before or self._waiting or self._down or self._up:
                since = time.monotonic()
            if time.monotonic() - since > 2:
                return
        raise AssertionError(f"never settled:\n{self.text}")

    def wait(self, words: str, most: float = 90.0) -> None:
        """Let it work until the screen has these words; fail with the screen if it never has."""
        end = time.monotonic() + most
        while words not in self.text:
            self.run(0.2)
            assert time.monotonic() < end, f"never saw {words!r} on\n{self.text}"

    @property
    def text(self) -> str:
        """The screen of the terminal that is far away."""
        return "\n".join(self.screen.display)

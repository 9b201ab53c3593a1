"""A real terminal for tests: a program in a pty, its screen read by pyte."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

import pyte
from ptyprocess import PtyProcess

KEYS = {"enter": "\r", "esc": "\x1b", "tab": "\t", "backspace": "\x7f", "up": "\x1b[A", "down": "\x1b[B",
        "right": "\x1b[C", "left": "\x1b[D", "space": " ", "shift+tab": "\x1b[Z", "pagedown": "\x1b[6~"}  # fmt: skip


def _heeding() -> None:
    """Have a child heed a hang-up, as one of a login does, whatever the tests themselves were told to pass over."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


class Terminal:
    """A program running in a pty of some size; `raw` is every byte it wrote."""

    def __init__(self, argv: Sequence[str], env: Mapping[str, str], rows: int = 40, columns: int = 120) -> None:
        """Start the program."""
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        own = {name: value for name, value in env.items() if name not in ("COLUMNS", "LINES")}
        self._process = PtyProcess.spawn(list(argv), env=own, dimensions=(rows, columns), preexec_fn=_heeding)
        self.raw = b""

    def __enter__(self) -> Self:
        """Return the terminal."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End the program, whatever it does."""
        if self._process.isalive():
            self._process.kill(signal.SIGKILL)
        self._process.close(force=True)

    def read(self, seconds: float) -> None:
        """Feed what the program writes in that time to the screen."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            ready, _, _ = select.select([self._process.fd], [], [], left)
            if not ready:
                return
            try:
                data = os.read(self._process.fd, 65536)
            except OSError:
                return
            if not data:
                return
            self.raw += data
            self._stream.feed(data)

    def wait(self, holds: str | Callable[[str], bool], seconds: float = 30) -> str:
        """Return the screen's text once it holds the words (or satisfies the predicate); fail with the screen if never."""
        test = holds if callable(holds) else (lambda text: holds in text)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(0.1)
            if test(self.text):
                return self.text
        raise AssertionError(f"never saw {holds!r} on\n{self.text}")

    def press(self, *keys: str) -> None:
        """Type keys, by name or as they are."""
        for key in keys:
            self._process.write(KEYS.get(key, key).encode())
            self.read(0.05)

    def type(self, key: str) -> None:
        """Type a key, and read nothing."""
        self._process.write(KEYS.get(key, key).encode())

    def hang_up(self) -> None:
        """Close the terminal under the program."""
        self._process.fileobj.close()

    def resize(self, rows: int, columns: int) -> None:
        """Change the window's size."""
        self._screen.resize(rows, columns)
        self._process.setwinsize(rows, columns)

    def finish(self, seconds: float = 10) -> int | None:
        """Wait for the program to end by itself; return its exit status."""
        end = time.monotonic() + seconds
        while self._process.isalive() and time.monotonic() < end:
            self.read(0.1)
        self.read(0.2)
        assert not self._process.isalive(), f"still running:\n{self.text}"
        status: int | None = self._process.exitstatus
        assert status is not None, f"ended by signal {self._process.signalstatus}:\n{self.text}"
        return status

    @property
    def alive(self) -> bool:
        """Whether the program is running."""
        return bool(self._process.isalive())

    @property
    def pid(self) -> int:
        """Its process."""
        return int(self._process.pid)

    @property
    def text(self) -> str:
        """The screen's lines."""
        return "\n".join(self._screen.display)

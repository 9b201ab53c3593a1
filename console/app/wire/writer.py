"""The writer: a thread that sends what is newest and never queues a frame.

While a frame waits for a slow terminal, newer ones take its place. What was written is known row by row, so when the
terminal takes bytes again the difference is made from what it really shows to the newest frame.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.app.wire.cells import Row
from console.app.wire.pace import Pace
from console.app.wire.shown import Shown

AT_ONCE, SLOWLY = 8192, 512  # characters handed over in one go: on a link that takes them, and on one that doesn't
SLOW = 0.05  # seconds that a write takes on one that doesn't
ATOMIC = 256  # a frame shorter than this isn't seen half drawn
BEGIN, END = "\x1b[?2026h", "\x1b[?2026l"


@dataclass(frozen=True, slots=True)
class Frame:
    """What the screen should show: its rows, where its cursor belongs if that is visible, and whether the terminal can hold frames back."""

    rows: Sequence[Row]
    cursor: tuple[int, int] | None = None
    whole: bool = False

    @property
    def size(self) -> tuple[int, int]:
        """Its columns and rows."""
        return len(self.rows[0]) if self.rows else 0, len(self.rows)


class Writer(threading.Thread):
    """Writes to a terminal; `say`, `show` and `forget` never wait for it."""

    def __init__(self, handle: int, shown: Shown, encoding: str, gone: Callable[[Exception], None]) -> None:
        """Write to a file by its number; `gone` is told, once, why that no longer can be."""
        super().__init__(daemon=True, name="console-wire")
        self._handle, self._shown, self._encoding, self._gone = handle, shown, encoding, gone
        self._changed = threading.Condition()
        self._said: list[str] = []
        self._frame: Frame | None = None  # the newest, until it is shown
        self._last: Frame | None = None
        self._unknown = True  # what the terminal shows
        self._not_before = 0.0
        self._hushed = self._closing = False
        self._step = AT_ONCE
        self._pace = Pace()
        self._writes_since: float | None = None  # what the terminal hasn't taken yet
        self._waits_since = 0.0  # when a frame was first to be shown after all before were sent
        self._next = 0

    def say(self, codes: str, once: bool = False) -> None:
        """Send codes as they are, before the next frame; with `once` only if they don't wait to be sent already."""
        with self._changed:
            if not (once and codes in self._said):
                self._said.append(codes)
                self._changed.notify()

    def show(self, frame: Frame) -> None:
        """Take a frame as the newest."""
        with self._changed:
            if self._last is not None and self._last.size != frame.size:
                self._not_before = 0.0
            self._last = frame
            if self._frame is None:
                self._waits_since = time.monotonic()
            self._frame = None if self._hushed else frame
            self._changed.notify()

    def forget(self, after: float = 0.0) -> None:
        """Draw the newest frame whole, as nothing is known of what the terminal shows; not before so many seconds if its size stays."""
        with self._changed:
            self._unknown, self._frame = True, None if self._hushed else self._last
            self._not_before = time.monotonic() + after if after else 0.0
            self._changed.notify()

    def behind(self) -> float:
        """Return for how many seconds the terminal has shown something older than the newest frame, as far as is known."""
        with self._changed:
            since = min(self._pace.since, self._waits_since if self._frame is not None else float("inf"))
        return max(0.0, time.monotonic() - since)

    def silent(self) -> float:
        """Return for how many seconds the terminal has taken nothing of what is written, or answered nothing though it can."""
        with self._changed:
            took, heard = self._writes_since, self._pace.unheard
        return max(0.0, time.monotonic() - min(heard, float("inf") if took is None else took))

    def heard(self) -> None:
        """Take the terminal's answer: what was sent before the question has arrived."""
        with self._changed:
            self._pace.heard()
            self._changed.notify()

    def hush(self, within: float) -> None:
        """Draw nothing more, and wait so many seconds at most for answers that are due: the next program couldn't read them."""
        end = time.monotonic() + within
        with self._changed:
            self._frame, self._hushed = None, True
            while self._pace.awaits and (left := end - time.monotonic()) > 0:
                self._changed.wait(left)

    def close(self, within: float) -> None:
        """Send what is said, drop what is to be shown, and end; a terminal that takes nothing is waited for so many seconds."""
        with self._changed:
            self._frame, self._hushed, self._closing = None, True, True
            self._changed.notify()
        self.join(within)

    def run(self) -> None:
        """See Thread."""
        try:
            while self._turn():
                pass
        except Exception as error:
            self._gone(error)

    def _turn(self) -> bool:
        """Wait for something to send, and send it; return whether there may be more."""
        with self._changed:
            while not self._said and (self._frame is None or self._early() > 0 or self._pace.room() <= 0):
                if self._closing:
                    return False
                self._changed.wait(None if self._frame is None else max(self._early(), 0) or self._pace.lasts())
            said, self._said = "".join(self._said), []
            frame, unknown = self._frame, self._unknown
            if not said:
                self._unknown = False
        if said:
            self._send(said, drawn=False)
        elif frame is not None:
            self._draw(frame, unknown)
        return True

    def _room(self) -> int:
        return min(self._step, self._pace.room())

    def _early(self) -> float:
        return self._not_before - time.monotonic() if self._not_before else 0.0

    def _draw(self, frame: Frame, unknown: bool) -> None:
        """Send the difference; leave it where a newer frame has come, and begin that one at the row reached."""
        shown, batch, size = self._shown, list[str](), 0
        if unknown or not shown.fits(frame.rows):
            batch.append(shown.clear(frame.rows))
            self._next = 0
        room = self._room()
        order = [*range(self._next, len(frame.rows)), *range(self._next)]
        for y in order:
            if shown.rows[y] is frame.rows[y]:
                continue
            part = shown.row(y, frame.rows[y])
            batch.append(part)
            size += len(part)
            if size >= room:
                self._send("".join(batch), frame.whole)
                batch, size, room = [], 0, self._room()
                if self._frame is not frame or self._said or room <= 0:
                    self._next = (y + 1) % len(frame.rows)
                    return
        self._next = 0
        if frame.cursor is not None:
            batch.append(shown.move(*frame.cursor))
        self._send("".join(batch), frame.whole)
        with self._changed:
            if self._frame is frame and not self._unknown:
                self._frame = None

    def _send(self, text: str, whole: bool = False, drawn: bool = True) -> None:
        if not text:
            return
        if whole and len(text) >= ATOMIC:
            text = f"{BEGIN}{text}{END}"
        with self._changed:
            text += self._pace.sending(len(text)) if drawn else ""
        left, began = memoryview(text.encode(self._encoding, "replace")), time.monotonic()
        while left:
            self._writes_since = time.monotonic()
            left = left[os.write(self._handle, left[: self._step]) :]
        self._writes_since = None
        self._step = SLOWLY if time.monotonic() - began > SLOW else min(AT_ONCE, self._step * 2)

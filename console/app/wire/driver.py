"""The driver: Textual's output taken as frames, of which only what changed is sent."""

from __future__ import annotations

import os
import re
import signal
import termios
from dataclasses import replace
from types import FrameType
from typing import TYPE_CHECKING, Any

from textual.events import CursorPosition
from textual.message import Message

from console.app.drawing import profile
from console.app.wire import abilities, wanted
from console.app.wire.shown import Shown
from console.app.wire.stock import Stock
from console.app.wire.wanted import Wanted
from console.app.wire.writer import Frame, Writer

if TYPE_CHECKING:
    from textual.app import App

AFTER_RESIZE = 0.25  # seconds within which a frame of the new size is awaited
AT_THE_END = 1.0  # seconds that a terminal which takes nothing is given to take the last codes
BELL, POINTER = "\x07", "\x1b]22;"
SHOW, HIDE = "\x1b[?25h", "\x1b[?25l"
BUTTONS = 1000, 1002, 1006  # mouse reports: buttons, drag, by numbers; no motion without a button
_WHOLE = re.compile(r"\x1b\[\?2026[hl]")


class Wire(Stock):
    """Sends the terminal only cells that changed, and nothing but text between codes of its own making."""

    def __init__(self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None) -> None:
        """See Driver."""
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._unicode = profile.now().unicode
        self._can = abilities.of(os.environ.get("TERM", ""))
        self._writer: Writer | None = None
        self._wanted = Wanted(self._unicode)
        self._cursor_shown = self._whole = False
        self._modes: dict[str, str] = {}  # as they were last set, by what sets them

    def start_application_mode(self) -> None:
        """See Driver: begin, or go on, on a terminal of which nothing is known."""
        self._modes = {POINTER: f"{POINTER}default{BELL}"}
        shown = Shown(self._can)
        assert self._file is not None
        self._writer = Writer(self._file.fileno(), shown, "utf-8" if self._unicode else "ascii", self.lost)
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self._writer_thread is not None:
            self._writer_thread.stop()  # Textual's own, which waits for the terminal
            self._writer_thread = None
        shown.can = replace(self._can, raw=self._rawly())
        resized = signal.getsignal(signal.SIGWINCH)

        def on_resize(number: int, frame: FrameType | None) -> None:
            self.redraw(AFTER_RESIZE)
            if callable(resized):
                resized(number, frame)

        signal.signal(signal.SIGWINCH, on_resize)
        self._writer.start()
        if self._wanted.rows:
            self._show()

    def resume_application_mode(self) -> None:
        """See Driver: what was stopped without being asked has only to be drawn again."""
        if self._writer is None:
            self.start_application_mode()
        else:
            self.redraw()

    def _rawly(self) -> bool:
        """Have line feeds reach the terminal as they are; return whether they do."""
        assert self._file is not None
        try:
            held = termios.tcgetattr(self.fileno)
            held[1] &= ~termios.OPOST
            termios.tcsetattr(self.fileno, termios.TCSANOW, held)
            return not termios.tcgetattr(self._file.fileno())[1] & termios.OPOST
        except (termios.error, OSError):
            return False

    def close(self) -> None:
        """See Driver: a terminal that takes nothing isn't waited for."""
        if self._writer is not None:
            self._writer.close(AT_THE_END)
            self._writer = None

    def stop_application_mode(self) -> None:
        """See Driver: the terminal's answers are awaited before, or they would be typed into what comes next."""
        if self._writer is not None:
            self._writer.hush(AT_THE_END)
        super().stop_application_mode()

    def process_message(self, message: Message) -> None:
        """See Driver: where the cursor is tells that what was sent has arrived."""
        if not isinstance(message, CursorPosition):
            super().process_message(message)
        elif self._writer is not None:
            self._writer.heard()

    def behind(self) -> float:
        """Return for how many seconds the terminal has shown something older than what is drawn, as far as is known."""
        return self._writer.behind() if self._writer is not None else 0.0

    def silent(self) -> float:
        """See Stock."""
        return self._writer.silent() if self._writer is not None else 0.0

    def redraw(self, after: float = 0.0) -> None:
        """Forget what the terminal shows and draw it whole, with its modes; after so many seconds unless its size changes before."""
        if self._writer is not None:
            if not after:
                self._writer.say("".join(self._modes.values()))
            self._writer.forget(after)

    def write(self, data: str) -> None:
        """Take what Textual writes: a code by itself, or a part of the screen."""
        if self._writer is None or not data:
            return
        if not wanted.code(data):
            self._wanted.take(data, *self._app.size)
            self._show()
        elif _WHOLE.fullmatch(data):
            self._whole = True
        else:
            self._code(data)

    def _show(self) -> None:
        assert self._writer is not None
        self._writer.show(Frame(tuple(self._wanted.rows), self._wanted.cursor if self._cursor_shown else None, self._whole))

    def _code(self, data: str) -> None:
        """Say a code, unless it changes nothing."""
        assert self._writer is not None
        if data in (SHOW, HIDE):
            self._cursor_shown = data == SHOW
        setting = data[:-1] if data[-1] in "hl" else POINTER if data.startswith(POINTER) else ""
        if setting and self._modes.get(setting) == data:
            return
        if setting:
            self._modes[setting] = data
        self._writer.say(data, once=data == BELL)

    def _enable_mouse_support(self) -> None:
        self._report("h")

    def _disable_mouse_support(self) -> None:
        self._report("l")

    def _report(self, how: str) -> None:
        for mode in BUTTONS if self._mouse else ():
            self.write(f"\x1b[?{mode}{how}")

    def _enable_mouse_pixels(self) -> None:
        """Ask for no reports in pixels."""

    def _query_in_band_window_resize(self) -> None:
        """Ask for no reports of the size: the signal tells of it, and costs the link nothing."""

"""The application: paints its frame at once, opens the Desk behind it, and leaves the terminal as it was."""

from __future__ import annotations

import os
import sys
import threading
from collections import deque
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from rich.console import RenderableType
from textual.app import App, ComposeResult
from textual.driver import Driver
from textual.events import Key
from textual.filter import LineFilter
from textual.geometry import Offset
from textual.message import Message
from textual.screen import Screen

from console.app import crash
from console.app.asking import Asking, opened
from console.app.clock import Clock
from console.app.drawing import bound, ink, profile, reader, words
from console.app.drawing.drawn import Drawn
from console.app.drawing.fewer import FEW, NONE
from console.app.leaving import Leaving
from console.app.messages import Done
from console.app.page import strips
from console.app.page.foot import Foot
from console.app.panels.bars import bar
from console.app.replay import Replay
from console.app.wire.driver import Wire
from console.app.wire.stock import Stock
from console.desk.desk import Desk, Unknown, Viewer
from console.desk.selection import Refused

SHOW = "\x1b[?25h"
Progress = Callable[[str, float], None]
OpenDesk = Callable[[Progress], Desk]
REPORTED = ("StoreError", "ImportRefused", "Away", "Failed")  # of the data file or the hub: a sentence, not a fault of the program
CLOSE_WITHIN = 2.0  # seconds given to the file after the terminal is back


class Waiting(Drawn):
    """What is being done before the first page, in words and a bar."""

    words, part = "opening", 0.0

    def draw(self, width: int, height: int) -> list[ink.Line]:
        """See Drawn."""
        wide = max(10, min(60, width - 10))
        filled = bar(min(1.0, self.part), 1.0, wide)
        text = ink.fit(self.words, width - 4).rstrip()
        return [
            *([] for _ in range(max(0, height // 2 - 1))),
            [(f"  {text}", ink.TEXT)],
            [("  ", ink.TEXT), ("" if reader.ON else filled, ink.BAR_CHOSEN), (f" {self.part:.0%}" if self.part else "", ink.DIM)],
        ]


class Opening(Screen[None]):
    """The frame, painted before anything is opened."""

    def __init__(self, marking: str, leaves: Collection[str]) -> None:
        """Show the marking; some keys leave it."""
        super().__init__()
        self.leaves = leaves
        self.top, self.waiting, self.foot = strips.Top(marking), Waiting(id="waiting"), Foot()

    def compose(self) -> ComposeResult:
        """Mount the strips."""
        self.top.clock = words.clock(Clock().utcnow())
        self.foot.message = f"{bound.key('leave_console')} quits"
        yield from (self.top, self.waiting, self.foot)

    def on_done(self, message: Done) -> None:
        """Take what was opened, or how far it is."""
        message.take()

    def on_key(self, event: Key) -> None:
        """Quit at once; no other key has a meaning yet."""
        event.stop()
        event.prevent_default()
        if event.key in self.leaves:
            self.app.exit(0)


def shown(of: type[Driver]) -> type[Driver]:
    """Return a driver that doesn't hide the terminal's cursor: a screen reader and a braille display follow it."""

    class Shown(of):  # type: ignore[misc, valid-type]
        def start_application_mode(self) -> None:
            super().start_application_mode()
            self.write(SHOW)
            self.flush()

    return Shown


class ConsoleApp(App[int]):
    """Textual's application around one sitting."""

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    TITLE = "console"
    keeps = True  # sittings, for their users

    def __init__(
        self,
        open_desk: OpenDesk,
        app: str,
        at: datetime | None,
        select: tuple[str, ...],
        locks: tuple[str, ...],
        marking: str,
        driver: type[Driver] | None = None,
        viewer: Viewer | None = None,
        exports: Path | None = None,
        speed: float | None = None,
    ) -> None:
        """Open the desk when the first frame is painted.

        `driver` is Textual's own where none is named, the viewer whoever is logged in; `exports` is the folder that files are
        exported into, None forbids it; a past moment is played on at `speed`, else it stands.
        """
        super().__init__(driver_class=driver)
        self._exports, self._speed = exports, speed
        self.animation_level = "none"
        if reader.ON:
            self.driver_class = shown(self.driver_class)
        self._open_desk, self._wanted, self._marking = open_desk, (app, at, select, locks, viewer), marking
        self.desk: Desk | None = None
        self.failure: Exception | None = None
        self.misused = False
        self.fault: BaseException | None = None
        self.keys: deque[str] = deque(maxlen=40)
        self.clock = Clock()
        self.asking: Asking | None = None
        self.opening = Opening(marking, bound.LEAVE.split())
        self._closer: threading.Thread | None = None
        self._keep: Callable[[], None] | None = None

    def get_css_variables(self) -> dict[str, str]:
        """See App; with the grounds of the theme."""
        return super().get_css_variables() | {"ink-back": ink.BACK, "ink-top": ink.TOP_BACK, "ink-foot": ink.FOOT_BACK}

    @property
    def cursor_position(self) -> Offset:
        """See App: where the terminal's cursor is put after each frame; in reader mode on the value that has the keys."""
        return self.page.cell_here() if reader.ON and self.asking is not None and self.screen is self.page else self._cursor_at

    @cursor_position.setter
    def cursor_position(self, at: Offset) -> None:
        self._cursor_at = at

    async def on_mount(self) -> None:
        """Paint the frame, then open."""
        await self.push_screen(self.opening)
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        threading.Thread(target=self._open, daemon=True, name="console-open").start()

    def _open(self) -> None:
        """Open the desk in its own thread; posts one message with what came of it."""
        if sys.__stderr__ is not None and sys.stderr is not sys.__stderr__:
            # Textual's stand-in has no file; a desk that starts a process hands its file on
            sys.stderr.fileno = sys.__stderr__.fileno  # type: ignore[method-assign]
        try:
            desk = self.desk = self._open_desk(self._progress)
            self.misused = True  # from here on a wrong name is the command line's
            sitting = opened(desk, *self._wanted)
            self._marking = desk.marking(sitting.viewer)
        except Exception as error:
            failure = error
            self._to_screen(Done(lambda: self._failed(failure)))
        else:
            self._to_screen(Done(lambda: self._show(desk, sitting)))

    def _to_screen(self, message: Message) -> None:
        self.opening.post_message(message)

    def _progress(self, said: str, part: float) -> None:
        """Show how far the opening is; called from its thread."""

        def show() -> None:
            self.opening.waiting.words, self.opening.waiting.part = said, part
            self.opening.waiting.redraw()

        self._to_screen(Done(show))

    def _failed(self, error: Exception) -> None:
        self.failure = error
        self.exit(1)

    def _show(self, desk: Desk, sitting: object) -> None:
        from console.app.keys.keyboard import Keyboard
        from console.app.sitting import Sitting

        assert isinstance(sitting, Sitting)
        if self._speed is not None and sitting.replay is not None:
            sitting.replay = Replay(sitting.replay.at, self._speed, True, self.clock.monotonic())
        self.asking = Asking(desk, sitting, lambda message: self.page.post_message(message))
        self.page = Keyboard(self.asking, self._marking, self.clock, self.keys)
        self.page.exports, self.page.keeps = self._exports, self.keeps
        self.switch_screen(self.page)

    def _handle_exception(self, error: Exception) -> None:
        """Keep a fault for the report, and leave; Textual would print it over the terminal."""
        if self.fault is None:
            self.fault = error
        if self.is_headless:
            super()._handle_exception(error)
        else:
            self.exit(1)

    def exit(self, result: int | None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """See App; the file is let go of while the terminal is given back."""
        super().exit(result, return_code, message)
        self.let_go()

    def get_line_filters(self) -> Sequence[LineFilter]:
        """See App: colours are as the profile has them."""
        colours = profile.now().colours
        return super().get_line_filters() if colours > profile.ANSI else [FEW if colours else NONE]

    def redraw(self) -> None:
        """Draw the screen anew on a terminal that shows something else by now."""
        if isinstance(self._driver, Wire):
            self._driver.redraw()
        else:
            self.screen.refresh()

    def silent(self) -> float:
        """Return for how many seconds the terminal has taken or answered nothing that it should have."""
        return self._driver.silent() if isinstance(self._driver, Stock) else 0.0

    def let_go(self) -> threading.Thread:
        """Close what is open in the background, once; return the thread that does."""
        if self._closer is None:
            with suppress(Exception):  # a page at fault is left all the same
                self._keep = self.page.keeping.last() if self.asking is not None and self.keeps else None
            self._closer = threading.Thread(target=self._close, daemon=True, name="console-close")
            self._closer.start()
        return self._closer

    def _close(self) -> None:
        self._keep_last()
        if self.asking is not None and self.page.taking is not None:
            self.page.taking.drop()
        if self.asking is not None:
            self.page.leave_app()
            self.asking.close()
        if self.desk is not None:
            self.desk.close()

    def _keep_last(self) -> None:
        if self._keep is not None:
            with suppress(Exception):  # the Desk may be gone before
                self._keep()

    def told(self) -> str:
        """Return what is open and selected, for a report."""
        if self.asking is None:
            return f"opening {self._wanted[0]}"
        sitting = self.asking.sitting
        chosen = "; ".join(f"{words.field(name, sitting.titles)} {words.clause(clause)}" for name, clause in sitting.selection.clauses)
        return f"{sitting.app.name}, panel {sitting.focus}, selected: {chosen or 'nothing'}"


def run(
    open_desk: OpenDesk,
    *,
    app: str,
    at: datetime | None,
    select: tuple[str, ...],
    locks: tuple[str, ...],
    marking: str,
    diff: bool = True,
    exports: Path | None = None,
    speed: float | None = None,
) -> int:
    """Show the screens until the viewer leaves; return the exit status (0, or 1 with a line on standard error).

    With `diff` the terminal is sent only what changes, but where the environment names a driver (a browser's).
    Raises what the selection asked for means: Unknown, Refused, ValueError.
    """
    driver = None if os.environ.get("TEXTUAL_DRIVER") else Wire if diff else Stock
    shown = ConsoleApp(open_desk, app, at, select, locks, marking, driver, exports=exports, speed=speed)
    fault: BaseException | None = None
    Leaving(lambda: shown.call_later(shown.exit, 1), shown.let_go, shown.silent).start()
    try:
        status = shown.run()
    except Exception as error:
        status, fault = 1, error
    fault = shown.fault or fault
    failure = shown.failure
    expected = failure is not None and (isinstance(failure, OSError) or type(failure).__name__ in REPORTED)
    misused = shown.misused and isinstance(failure, Unknown | Refused | ValueError)
    if failure is not None and not expected and not misused:
        fault = failure
    shown.let_go().join(CLOSE_WITHIN)  # a query that doesn't end isn't waited for
    if fault is not None:
        return _crashed(shown, fault)
    if failure is not None and misused:
        raise failure
    if failure is not None:
        print(f"console: {failure}", file=sys.stderr)
        return 1
    return status or 0


def _crashed(shown: ConsoleApp, fault: BaseException) -> int:
    print(f"console: {crash.left(fault, shown.keys, shown.told())}", file=sys.stderr)
    return 1

"""The application in a browser: Textual's driver over a link in this process, many sittings beside each other on one Desk."""

from __future__ import annotations

import asyncio
import codecs
from collections.abc import Awaitable, Callable

from textual import events
from textual._xterm_parser import XTermParser
from textual.driver import Driver
from textual.geometry import Size

from console.app.app import ConsoleApp
from console.desk.desk import Desk, Viewer

BEHIND = 256 * 1024  # bytes unsent from which nothing more is queued: what is then on the screen is sent instead, once there is way
QUIET = 0.12  # seconds after which a lone escape is the key, not the beginning of another
ENTER = "\x1b[?1049h\x1b[?1000h\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b[?25l\x1b[2J"  # as a terminal is set, with no report of mere motion
SMALLEST, LARGEST = Size(20, 6), Size(400, 160)


class Link:
    """What a sitting writes, on its way to one browser; a slow one is sent the newest screen, not every screen."""

    def __init__(self, send: Callable[[bytes], Awaitable[None]]) -> None:
        """Send by this; it may take its time."""
        self._send = send
        self._unsent = bytearray()
        self._way = asyncio.Event()
        self._behind = self._closed = False
        self.repaint: Callable[[], None] = lambda: None

    def write(self, text: str) -> None:
        """Take what is to be sent; returns at once."""
        if self._behind or self._closed:
            return
        self._unsent += text.encode("utf-8", "replace")
        if len(self._unsent) > BEHIND:
            self._unsent.clear()
            self._behind = True
        self._way.set()

    def close(self) -> None:
        """Send what is left, and end."""
        self._closed = True
        self._way.set()

    async def run(self) -> None:
        """Send until the close; raises what sending raises."""
        while self._unsent or self._behind or not self._closed:
            await self._way.wait()
            self._way.clear()
            if self._behind:
                self._behind = False
                self.repaint()
            while self._unsent:
                data = bytes(self._unsent)
                self._unsent.clear()
                await self._send(data)


class BrowserDriver(Driver):
    """Textual's driver over a link: what is drawn goes out, keys and taps come in as xterm writes them."""

    def __init__(self, app: BrowserApp, *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None) -> None:
        """See Driver."""
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._link = app.link
        self._link.repaint = self._repaint
        self._parser = XTermParser(debug)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    @property
    def is_web(self) -> bool:
        """See Driver."""
        return True

    def write(self, data: str) -> None:
        """See Driver."""
        self._link.write(data)

    def start_application_mode(self) -> None:
        """See Driver."""
        self.write(ENTER)
        self._say_size()

    def disable_input(self) -> None:
        """See Driver."""

    def stop_application_mode(self) -> None:
        """See Driver."""
        self._link.close()

    def typed(self, data: bytes) -> None:
        """Take keys and mouse reports; an escape that came alone is the key."""
        if data == b"\x1b":
            self.process_message(events.Key("escape", "\x1b"))
            return
        for message in self._parser.feed(self._decode(data)):
            self.process_message(message)
        self._loop.call_later(QUIET, self._rest)

    def _rest(self) -> None:
        for message in self._parser.tick():
            self.process_message(message)

    def resized(self, width: int, height: int) -> None:
        """Take another size, within reason."""
        self._size = within(width, height)
        self._say_size()

    def looked_at(self, focus: bool) -> None:
        """Take whether the page has the keys."""
        self.send_message(events.AppFocus() if focus else events.AppBlur())

    def _say_size(self) -> None:
        size = Size(*(self._size or (80, 24)))
        self.send_message(events.Resize(size, size))

    def _repaint(self) -> None:
        self.write(ENTER)
        self._app.screen.refresh()


class BrowserApp(ConsoleApp):
    """A sitting in a browser: the Desk is others' too, and stays open when this one ends."""

    def __init__(self, desk: Desk, viewer: Viewer, link: Link, *, app: str, marking: str) -> None:
        """Show an app of the desk to a viewer."""
        self.link = link
        self.keeps = viewer.verified
        super().__init__(lambda progress: desk, app, None, (), (), marking, viewer=viewer)

    def get_driver_class(self) -> type[Driver]:
        """See App: whatever the environment says."""
        return BrowserDriver

    @property
    def driver(self) -> BrowserDriver | None:
        """The driver, once there is one."""
        return self._driver if isinstance(self._driver, BrowserDriver) else None

    def _close(self) -> None:
        self._keep_last()
        if self.asking is not None:
            self.asking.close()


def within(width: int, height: int) -> tuple[int, int]:
    """Return a window's size, within reason."""
    return max(SMALLEST.width, min(width, LARGEST.width)), max(SMALLEST.height, min(height, LARGEST.height))

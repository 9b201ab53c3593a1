"""Textual's driver, but for two things: a terminal that is gone is no fault of the program, and no window is too large for it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from textual.app import App

LARGEST = 600, 200  # columns and rows that are drawn: a client may say that it has any number


class Stock(LinuxDriver):
    """Reads keys until the terminal is gone."""

    def __init__(self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None) -> None:
        """See Driver."""
        super().__init__(app, debug=debug, mouse=mouse, size=size or self._get_terminal_size())

    def _get_terminal_size(self) -> tuple[int, int]:
        width, height = shutil.get_terminal_size()
        return min(width, LARGEST[0]), min(height, LARGEST[1])

    def run_input_thread(self) -> None:
        """See LinuxDriver."""
        try:
            super().run_input_thread()
        except OSError as error:
            self.lost(error)

    def lost(self, error: Exception) -> None:
        """End the app: without a terminal there is nobody to see it, and a fault in drawing is one of the app's."""
        if isinstance(error, OSError):
            self._loop.call_soon_threadsafe(self._app.exit, 1)
        else:
            self._loop.call_soon_threadsafe(self._app._handle_exception, error)

    def silent(self) -> float:
        """Return for how many seconds (s) the terminal has taken nothing, or answered nothing though it can, while something waits."""
        return 0.0

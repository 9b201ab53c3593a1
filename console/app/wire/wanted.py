"""What the screen should show, by what Textual writes of it: text at places, parts of the screen at a time."""

from __future__ import annotations

import re

from console.app.wire import cells
from console.app.wire.cells import Row

_PLACE = re.compile(r"\x1b\[(\d+);(\d+)H")
_CODE = re.compile(
    r"\x1b\[[?<=>][0-9;]*\$?[a-zA-Z]"  # a mode, or a question of one
    r"|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"  # text for the clipboard
    r"|\x1b\]22;[a-z-]*\x07"  # the pointer's shape
    r"|\x07"
)


def code(data: str) -> bool:
    """Return whether Textual wrote a code by itself; within a part of the screen there are none."""
    return _CODE.fullmatch(data) is not None


class Wanted:
    """The rows of the screen, and where its cursor belongs."""

    def __init__(self, unicode: bool = True) -> None:
        """Begin with a screen without cells."""
        self.rows: list[Row] = []
        self.cursor = 0, 0
        self._unicode = unicode

    def take(self, data: str, width: int, height: int) -> None:
        """Take a part of a screen of so many cells."""
        if len(self.rows) != height or (self.rows and len(self.rows[0]) != width):
            self.rows = [(cells.blank(""),) * width] * height
        parts = _PLACE.split(data)
        for y, x, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            self.cursor = int(x) - 1, int(y) - 1
            if text and text != "\n":
                self._put(*self.cursor, cells.strip(text.removesuffix("\n"), self._unicode))

    def _put(self, x: int, y: int, written: Row) -> None:
        """Write cells over a row; of a wide character that is cut, the other half becomes blank."""
        if not (0 <= y < len(self.rows) and 0 <= x < len(self.rows[y])):
            return
        row = self.rows[y]
        end = min(len(row), x + len(written))
        before, after = row[:x], row[end:]
        if len(written) > end - x and written[end - x][0] == "":
            written = (*written[: end - x - 1], cells.blank(written[end - x][1].back))
        written = written[: end - x]
        if before and row[x][0] == "":
            before = (*before[:-1], cells.blank(before[-1][1].back))
        if after and after[0][0] == "":
            after = (cells.blank(after[0][1].back), *after[1:])
        self.rows[y] = (*before, *written, *after)

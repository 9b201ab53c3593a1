"""A terminal's screen as it looks, from pyte: what the eye can't tell apart is equal."""

from __future__ import annotations

import re
from typing import Any

import pyte

NOT_PYTE = re.compile(rb"\x1b\[[<>=][0-9;]*[a-z]|\x1b\[\?\d+\$p")  # codes pyte would print
Looks = tuple[str, str, str, tuple[bool, ...]]


def screen(columns: int, rows: int) -> tuple[Any, Any]:
    """Return a screen and the stream that feeds it."""
    made = pyte.Screen(columns, rows)
    return made, pyte.ByteStream(made)


def feed(stream: Any, data: bytes) -> None:
    """Feed what a program wrote."""
    stream.feed(NOT_PYTE.sub(b"", data))


def looks(made: Any) -> list[list[Looks]]:
    """Return each cell's glyph, colours and attributes; a blank has no colour in front, nor has a glyph of its ground's colour."""
    return [[_cell(made.buffer[y], x) for x in range(made.columns)] for y in range(made.lines)]


def _cell(row: Any, x: int) -> Looks:
    cell = row[x]
    marks = bool(cell.underscore), bool(cell.reverse), bool(cell.strikethrough), bool(cell.blink)
    glyph = cell.data
    if not any(marks) and (glyph in ("", " ") or (cell.fg == cell.bg != "default")):
        return (" " if glyph else ""), "", cell.bg, ()
    return glyph, cell.fg, cell.bg, (*marks, bool(cell.bold), bool(cell.italics))

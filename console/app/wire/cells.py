"""Cells: a strip of Textual's output as what each cell shows. Nothing but text comes out of here.

A cell is a glyph (a character with its marks, "" in the second cell of a wide one) and its pen. A blank keeps only the
colour behind it, and so does a cell whose glyph has the colour of its ground, such as a half block of one colour.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rich.cells import cell_len, split_graphemes

from console.app.drawing import glyphs
from console.app.wire import pens
from console.app.wire.pens import Pen

Cell = tuple[str, Pen]
Row = tuple[Cell, ...]
MARKS, JOINED = 3, 4  # marks on a character, characters joined into one glyph, at most
KEPT, LONG = 1024, 8192  # strips remembered, and the characters of one that isn't
JOINER = "\N{ZERO WIDTH JOINER}"
_SPLIT = re.compile(r"\x1b\[([0-9;]*)m")
# Of which every terminal agrees that they take one cell: Latin, Greek and Cyrillic, lines and blocks, braille.
_RANGES = (0x20, 0x7F), (0xA0, 0xAD), (0xAE, 0x300), (0x370, 0x483), (0x2500, 0x25FD), (0x2800, 0x2900)
_NARROW = frozenset(chr(code) for low, high in _RANGES for code in range(low, high))
_SURE = frozenset("…–—‘’“”•→←↑↓�")


@lru_cache(1024)
def blank(back: str) -> Cell:
    """Return the cell that shows nothing but a colour."""
    return " ", Pen(back=back)


class _Written(dict[str, Cell]):
    """The cells of single narrow characters written with one pen."""

    def __init__(self, pen: Pen) -> None:
        super().__init__()
        self._pen = pen
        self._blank = blank(pen.back) if pen.fills else (" ", pen)
        self._solid = pen.solid

    def __missing__(self, char: str) -> Cell:
        made = self[char] = self._blank if char == " " or self._solid else (char, self._pen)
        return made


@lru_cache(1024)
def _written(pen: Pen) -> _Written:
    return _Written(pen)


def strip(text: str, unicode: bool = True) -> Row:
    """Return the cells of text with SGR codes in it, from the plain pen on."""
    return _strip(text, unicode) if len(text) < LONG else _strip.__wrapped__(text, unicode)


@lru_cache(KEPT)
def _strip(text: str, unicode: bool) -> Row:
    made: list[Cell] = []
    pen = pens.PLAIN
    for place, part in enumerate(_SPLIT.split(text)):
        if place % 2:
            pen = pens.read(part)
        elif part:
            cells = _written(pen)
            if not _NARROW.issuperset(part):
                made += _clusters(part, cells, pen, unicode)
            else:
                made += map(cells.__getitem__, part if unicode else glyphs.ascii_only(part))
    return tuple(made)


def _clusters(text: str, cells: _Written, pen: Pen, unicode: bool) -> list[Cell]:
    made: list[Cell] = []
    for start, end, width in split_graphemes(text)[0]:
        glyph = _cleaned(text[start : end if end - start < 64 else start + 64])
        if not width:
            continue
        if not unicode:
            made += [cells[glyphs.ascii_only(glyph[0])[:1]], *[cells[" "]] * (width - 1)]
        elif width == 1 and len(glyph) == 1:
            made.append(cells[glyph])
        else:
            made += [(glyph, pen), *[("", pen)] * (width - 1)]
    return made


def _cleaned(cluster: str) -> str:
    """Return a character with a few of its marks and of what is joined to it; a control character is replaced, or left out as a mark."""
    made = glyphs.clean(cluster[0]) if unicodedata.category(cluster[0]) not in ("Cc", "Cf", "Cs") else glyphs.LOST
    marks, joined = 0, 1
    rest = iter(cluster[1:])
    for char in rest:
        if char == JOINER:
            after = next(rest, "")
            if after and joined < JOINED and unicodedata.category(after) == "So":
                made, marks, joined = made + JOINER + after, 0, joined + 1
        elif unicodedata.category(char) in ("Mn", "Me", "Mc", "Sk") and marks < MARKS:
            made, marks = made + char, marks + 1
    return made


@lru_cache(4096)
def spill(glyph: str) -> int:
    """Return how many cells past its own a terminal may draw a glyph over; -1 where every terminal agrees on its width."""
    if len(glyph) == 1 and (glyph in _NARROW or glyph in _SURE or unicodedata.category(glyph) == "Lo"):
        return -1
    if len(glyph) > 1 and glyph[0] in _NARROW and all(unicodedata.combining(char) for char in glyph[1:]):
        return -1
    return max(0, sum(max(1, cell_len(char)) for char in glyph if char != JOINER) - cell_len(glyph)) if len(glyph) > 1 else 1

"""The cells of a map: codes of colour by pixel become glyphs and styles, what stands on top last, and runs of one style lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from rich.style import Style

from console.app.drawing import glyphs, ink
from console.app.map.palette import HATCH, KINDS, MANY, Palette

Array = np.ndarray[Any, Any]
Over = Mapping[tuple[int, int], tuple[str, str]]
PIXELS = {"half": (1, 2), "braille": (2, 4), "plain": (1, 1), "signs": (1, 1), "sextant": (2, 3), "octant": (2, 4)}
_BRAILLE = np.array((0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80), np.uint32)  # the dots of a cell, row by row
_PAIRS = MANY * MANY
_QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"  # upper left 1, upper right 2, lower left 4, lower right 8
_SINGLE = {0x01: 0x1CEA8, 0x02: 0x1CEAB, 0x40: 0x1CEA3, 0x80: 0x1CEA0, 0x03: 0x1FB82, 0x3F: 0x1FB85, 0xC0: 0x2582, 0xFC: 0x2586,
           0x14: 0x1FBE6, 0x28: 0x1FBE7}  # fmt: skip


def _sextants() -> Array:
    """Return the glyph of each pattern of six pixels, as Unicode orders them: those that are half blocks stand elsewhere."""
    elsewhere = {0: ord(" "), 21: ord("▌"), 42: ord("▐"), 63: ord("█")}
    rest = iter(range(0x1FB00, 0x1FB3C))
    return np.array([elsewhere.get(each) or next(rest) for each in range(64)], np.uint32)


def _octants() -> Array:
    """Return the glyph of each pattern of eight pixels: of quadrants, quarters and single ones, those that Unicode had before octants."""
    elsewhere = dict(_SINGLE)
    for pattern, glyph in enumerate(_QUADRANTS):
        parts = (0x05, 0x0A, 0x50, 0xA0)
        elsewhere[sum(part for bit, part in enumerate(parts) if pattern >> bit & 1)] = ord(glyph)
    rest = iter(range(0x1CD00, 0x1CDE6))
    return np.array([elsewhere.get(each) or next(rest) for each in range(256)], np.uint32)


class Painter:
    """Paints cells with one palette; each style is made once."""

    def __init__(self, palette: Palette) -> None:
        """Paint with these colours."""
        self.palette = palette
        self._styles: dict[int, Style] = {}
        self._glyphs = np.array([ord(each) for each in palette.glyphs], np.uint32)
        self._hatched = np.isin(np.arange(MANY), list(palette.hatched))
        self._dotted = np.isin(np.arange(MANY), list(palette.dotted))

    def lines(self, symbol: str, codes: Array, over: Over, dots: Array | None = None) -> list[ink.Line]:
        """Return the lines of a map: `codes` of colour a pixel, `over` a glyph and its kind by (x, y), `dots` a braille pattern a cell."""
        chars, styles, ground = getattr(self, f"_{symbol}")(codes) if dots is None else self._dots(codes, dots)
        high, wide = chars.shape
        places = np.arange(wide) % 2 == 0
        if self._hatched.any():
            there = self._hatched[ground]
            chars = np.where(there, np.where(places, ord(HATCH), ord(" ")), chars)
            styles = np.where(there, _PAIRS + KINDS.index("hatch") * MANY + ground, styles)
        if self._dotted.any():
            there = self._dotted[ground] & (chars == ord(" "))
            chars = np.where(there, np.where(places, ord("·"), ord(" ")), chars)
            styles = np.where(there, _PAIRS + KINDS.index("bare") * MANY + ground, styles)
        for (x, y), (glyph, kind) in over.items():
            if 0 <= x < wide and 0 <= y < high:
                chars[y, x] = ord(glyph)
                styles[y, x] = _PAIRS + KINDS.index(kind) * MANY + ground[y, x]
        return self._runs(chars, styles)

    def _runs(self, chars: Array, styles: Array) -> list[ink.Line]:
        """Return rows of glyphs as runs of one style."""
        high, wide = chars.shape
        text = chars.astype("<u4").tobytes().decode("utf-32-le")
        begins = np.ones(chars.shape, bool)
        begins[:, 1:] = styles[:, 1:] != styles[:, :-1]
        starts = np.flatnonzero(begins)
        ends = np.append(starts[1:], high * wide).tolist()
        lines: list[ink.Line] = [[] for _ in range(high)]
        for start, end, style in zip(starts.tolist(), ends, styles.ravel()[starts].tolist(), strict=True):
            lines[start // wide].append((text[start:end], self._styles.get(style) or self._style(style)))
        return lines

    def _style(self, style: int) -> Style:
        if style < _PAIRS:
            made = self.palette.pair(style // MANY, style % MANY)
        else:
            kind, ground = divmod(style - _PAIRS, MANY)
            made = self.palette.mark(KINDS[kind], ground)
        self._styles[style] = made
        return made

    def sample(self, code: int) -> ink.Run:
        """Return two cells of a colour, or its sign, for the legend."""
        coloured = self.palette.coloured
        lines = self.lines("plain" if coloured else "signs", np.full((1, 2 if coloured else 1), code, np.int64), {})
        return "".join(text for text, _ in lines[0]), lines[0][0][1]

    def _plain(self, codes: Array) -> tuple[Array, Array, Array]:
        return np.full(codes.shape, ord(" "), np.uint32), codes * MANY + codes, codes

    def _signs(self, codes: Array) -> tuple[Array, Array, Array]:
        return self._glyphs[codes], codes * MANY + codes, codes

    def _half(self, codes: Array) -> tuple[Array, Array, Array]:
        upper, lower = codes[::2], codes[1::2]
        chars = np.where(upper == lower, ord(" "), ord(glyphs.UPPER)).astype(np.uint32)
        return chars, upper * MANY + lower, np.where(lower > 0, lower, upper)

    def _dots(self, codes: Array, dots: Array) -> tuple[Array, Array, Array]:
        """Return cells of one colour, that of their middle, with braille over it."""
        codes = codes[2::4, 1::2]
        chars = np.where(dots > 0, 0x2800 + dots, ord(" ") if self.palette.coloured else self._glyphs[codes]).astype(np.uint32)
        return chars, _PAIRS + KINDS.index("dots") * MANY + codes, codes

    def _sextant(self, codes: Array) -> tuple[Array, Array, Array]:
        return _two_colours(codes, 2, 3, _sextants())

    def _octant(self, codes: Array) -> tuple[Array, Array, Array]:
        return _two_colours(codes, 2, 4, _octants())


def blocks(codes: Array, across: int, down: int) -> Array:
    """Return codes by cell: rows, columns, and a cell's pixels row by row."""
    high, wide = codes.shape
    return codes.reshape(high // down, down, wide // across, across).swapaxes(1, 2).reshape(high // down, wide // across, down * across)


def _two_colours(codes: Array, across: int, down: int, patterns: Array) -> tuple[Array, Array, Array]:
    """Return cells of the two colours that most of their pixels have."""
    held = blocks(codes, across, down)
    alike = (held[..., :, None] == held[..., None, :]).sum(axis=-1)
    back = np.take_along_axis(held, alike.argmax(axis=-1)[..., None], axis=-1)[..., 0]
    others = np.where(held == back[..., None], 0, alike)
    front = np.take_along_axis(held, others.argmax(axis=-1)[..., None], axis=-1)[..., 0]
    bits = ((held == front[..., None]) & (held != back[..., None])) @ (1 << np.arange(across * down))
    return patterns[bits], np.where(bits > 0, front, back) * MANY + back, back


def edges(labels: Array) -> Array:
    """Return the braille pattern of each cell that has a border of places in it, from labels of 2 x 4 pixels a cell."""
    border = np.zeros(labels.shape, bool)
    border[:, 1:] |= labels[:, 1:] != labels[:, :-1]
    border[1:] |= labels[1:] != labels[:-1]
    found: Array = blocks(border.astype(np.uint32), 2, 4) @ _BRAILLE
    return found

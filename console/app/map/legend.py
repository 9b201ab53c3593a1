"""The lines under a map: the place under the cursor with its numbers and coordinates, the classes, and how it is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from console.app.drawing import ink
from console.app.map.cells import Painter
from console.app.map.shading import Shading

LEAST = 36  # cells of the line about the cursor's place
SYMBOLS = {
    "half": "half blocks", "braille": "borders in braille", "plain": "one colour a cell", "signs": "signs for colours",
    "sextant": "sextants", "octant": "octants",
}  # fmt: skip


def coordinates(lon: float, lat: float) -> str:
    """Return a point in degrees to four places."""
    return f"{abs(lat):.4f} {'N' if lat >= 0 else 'S'} {abs(lon):.4f} {'E' if lon >= 0 else 'W'}"


def beside(left: ink.Line, right: str, width: int) -> ink.Line:
    """Return a line with the cursor's coordinates at its end, if that leaves what is on the left enough to say what it is about."""
    if ink.length(left) + len(right) > width and width - len(right) < LEAST:
        return ink.cut(left, width)
    return ink.spread(left, [(f"{right} ", ink.DIM)], width)


def classes(painter: Painter, shading: Shading, of: str, things: str, width: int) -> ink.Line:
    """Return the classes with their colours, how many places have nothing, and what is shaded with its unit, as far as there is room."""
    line: ink.Line = [(" ", ink.DIM)]
    for code, said in shading.legend:
        line += [painter.sample(code), (f"{said} " if painter.palette.coloured else f" {said}  ", ink.DIM)]
    none = [f"{shading.without} of {shading.of} {things} have none", f"{shading.without} of {shading.of} none", f"{shading.without} none"]
    tails = [f"{of}; {said}" for said in none] + [*none, ""] if shading.of else [of, ""]
    room = width - ink.length(line)
    return [*line, (next(tail for tail in tails if ink.width_of(tail) <= max(0, room)), ink.DIM)]


def drawn(parts: Sequence[str], width: int) -> ink.Line:
    """Return in words how the map is drawn, as many parts as fit."""
    while parts and ink.width_of("; ".join(parts)) + 1 > width:
        parts = parts[:-1]
    return [(f" {'; '.join(parts)}", ink.FAINT)]

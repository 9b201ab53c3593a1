"""Names on the map: placed one after the other by rank, never over each other, cut to what fits; the scale and the north mark."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence

from console.app.drawing import glyphs, ink
from console.app.map.landmarks import Name
from console.app.map.raster import View

Cell = tuple[int, int]
Over = dict[Cell, tuple[str, str]]
SHORTEST = 4  # cells of a name that is cut
ROOM = 100  # cells of map for each name
DOT = "•"
NORTH = "↑"


class Naming:
    """Places names; one that fits where it stood stays there."""

    def __init__(self) -> None:
        """Nothing is placed yet."""
        self._stood: dict[Name, int] = {}

    def over(self, names: Iterable[Name], view: View, taken: Collection[Cell], busy: Collection[Cell], rooms: Sequence[int]) -> Over:
        """Return the names' cells, none of `taken` nor beside one of `busy` (markers); a name that finds no place isn't shown.

        `rooms` are the cells that each place that names itself is wide; such a name isn't placed unless it fits in.
        """
        made: Over = {}
        used, stood = set(taken), {}
        left = view.width * view.height // ROOM
        own = 0
        for name in names:
            room = view.width
            if not name.dot:
                room, own = rooms[own] if own < len(rooms) else 0, own + 1
            x, y = view.cell(name.lon, name.lat)
            if left <= 0 or not view.holds(x, y) or (name.dot and (x, y) in used):
                continue
            found = self._place(name, x, y, room, view, used, busy)
            if found is None:
                continue
            choice, cells = found
            stood[name], left = choice, left - 1
            if name.dot:
                cells[x, y] = (DOT, "town")
            made |= cells
            used |= {(x + n, y) for x, y in cells for n in (-1, 0, 1)}
        self._stood = stood
        return made

    def _place(
        self, name: Name, x: int, y: int, room: int, view: View, used: Collection[Cell], busy: Collection[Cell]
    ) -> tuple[int, Over] | None:
        ways = list(enumerate(_ways(name, x, y, view, room)))
        if (stood := self._stood.get(name)) is not None:
            ways.sort(key=lambda way: way[0] != stood)
        for choice, (text, left, row) in ways:
            cells = {(left + n, row): (char, "town" if name.dot else "name") for n, char in enumerate(text) if char != " "}
            covered = [(left + n, row) for n in range(len(text))]
            if not text or any(not view.holds(*cell) or cell in used for cell in covered):
                continue
            if not any((left + n, row) in busy for n in range(-1, len(text) + 1)):
                return choice, cells
        return None


def _ways(name: Name, x: int, y: int, view: View, room: int) -> Iterator[tuple[str, int, int]]:
    """Yield where a name may stand, the best way first: its text as far as it fits, the first column, the row."""
    text = glyphs.clean(name.text)
    if ink.width_of(text) != len(text):
        return
    if not name.dot:
        if len(text) <= room - 2:
            yield text, x - len(text) // 2, y
        return
    right, left = view.width - x - 2, x - 1
    middle = max(0, min(x - len(text) // 2, view.width - len(text)))
    yield from ((text, x + 2, y), (text, x - 1 - len(text), y), (text, middle, y - 1), (text, middle, y + 1))
    yield from ((text, x + 1 + side, y + down) for down in (-1, 1) for side in (0, -len(text) - 1))
    if SHORTEST <= right < len(text):
        yield text[: right - 1] + glyphs.CUT, x + 2, y
    if SHORTEST <= left < len(text):
        yield text[: left - 1] + glyphs.CUT, x - 1 - left, y


def furniture(view: View) -> Over:
    """Return the scale bar at the lower left and the north mark at the upper right, if there is room for them."""
    if view.width < 24 or view.height < 5:
        return {}
    metres, wide = scale(view)
    said = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
    bar = "├" + "─" * max(0, wide - 2) + "┤" + said
    made: Over = {(n, view.height - 1): (char, "bar") for n, char in enumerate(bar)}
    return made | {(view.width - 1, 0): ("N", "bar"), (view.width - 1, 1): (NORTH, "bar")}


def scale(view: View) -> tuple[float, int]:
    """Return the longest round distance (m) that is at most a quarter of the view wide, and its cells."""
    most = view.metres * view.width / 4
    power = 10 ** math.floor(math.log10(most))
    metres = next(step * power for step in (5, 2, 1) if step * power <= most)
    return float(metres), max(2, round(metres / view.metres))

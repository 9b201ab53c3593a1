"""A sheet of map: all of it that depends on where it looks alone, made off the screen's thread and coloured anew for each answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from console.app.map.cells import PIXELS, edges
from console.app.map.grid import Grid, Outlines
from console.app.map.landmarks import Road
from console.app.map.look import Look
from console.app.map.palette import CLASS, GROUND
from console.app.map.raster import View

Array = np.ndarray[Any, Any]
Over = dict[tuple[int, int], tuple[str, str]]
_BITS = np.array(((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80)), np.uint32)


@dataclass(frozen=True, eq=False)
class Sheet:
    """The labels, the braille of the borders where the symbol is that, the roads, and how many cells wide each place is at its point."""

    look: Look
    grid: Grid
    dots: Array | None
    roads: Over
    rooms: tuple[int, ...]

    def coloured(self, codes: Sequence[int]) -> Array:
        """Return the code of each pixel from those of the places; where none are known yet all have nothing."""
        known = codes if len(codes) == len(self.rooms) else (CLASS,) * len(self.rooms)
        found: Array = np.array((GROUND, *known), np.int64)[self.grid.labels]
        return found

    def squares(self, side: tuple[float, float], classed: Mapping[tuple[int, int], int]) -> Array:
        """Return the code of each pixel from those of the squares (columns and rows of `side` degrees, from 0, 0)."""
        grid, view = self.grid, self.look.view
        lons = view.lon + ((np.arange(grid.labels.shape[1]) + 0.5) / grid.across - view.width / 2) * view.across
        lats = view.lat - ((np.arange(grid.labels.shape[0]) + 0.5) * 2 / grid.down - view.height) * view.degrees
        columns, rows = np.floor(lons / side[0]).astype(int), np.floor(lats / side[1]).astype(int)
        table = np.zeros((rows[0] - rows[-1] + 1, columns[-1] - columns[0] + 1), np.int64)
        for (x, y), code in classed.items():
            if columns[0] <= x <= columns[-1] and rows[-1] <= y <= rows[0]:
                table[y - rows[-1], x - columns[0]] = code
        found = table[np.ix_(rows - rows[-1], columns - columns[0])]
        return np.where(found > 0, found, np.where(grid.labels > 0, CLASS, GROUND))


def sheet(outlines: Outlines, look: Look, points: Sequence[tuple[float, float]], roads: Sequence[Road], dotted: bool) -> Sheet:
    """Return the sheet of a look; `points` are each place's own, roads are braille where `dotted`."""
    grid = outlines.grid(look.view, *PIXELS[look.symbol])
    dots = edges(grid.labels) if look.symbol == "braille" else None
    return Sheet(look, grid, dots, _roads(look.view, roads, dotted) if look.roads else {}, _rooms(grid, points))


def _rooms(grid: Grid, points: Sequence[tuple[float, float]]) -> tuple[int, ...]:
    """Return how many cells of the row through its point each place has."""
    cells = grid.cells()
    found = []
    for n, point in enumerate(points, 1):
        x, y = grid.view.cell(*point)
        found.append(int((cells[y] == n).sum()) if grid.view.holds(x, y) else 0)
    return tuple(found)


def _roads(view: View, roads: Sequence[Road], dotted: bool) -> Over:
    """Return the cells that roads go through, motorways last."""
    made: Over = {}
    for kinds, kind in ((False, "road"), (True, "motorway")):
        image = Image.new("1", (view.width * 2, view.height * 4), 0)
        pen = ImageDraw.Draw(image)
        for road in roads:
            if (road.kind == "motorway") == kinds:
                pen.line([(x * 2, y * 2) for x, y in (view.pixel(*point) for point in road.line)], fill=1)
        bits = np.asarray(image, np.uint32).reshape(view.height, 4, view.width, 2)
        patterns = np.einsum("ydxc,dc->yx", bits, _BITS)
        for y, x in zip(*(each.tolist() for each in np.nonzero(patterns)), strict=True):
            made[x, y] = (chr(0x2800 + int(patterns[y, x])) if dotted else ":", kind)
    return made

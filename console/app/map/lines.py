"""Which cells of a map the lines of an outline go through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from console.app.map.raster import View

Point = tuple[float, float]
Cell = tuple[int, int]


def cells(lines: Iterable[Sequence[Point]], view: View, every: int = 1) -> set[Cell]:
    """Return the cells of a view that lines between points (lon, lat) go through, or every so manieth of each line."""
    found: set[Cell] = set()
    for line in lines:
        placed = [_placed(point, view) for point in line]
        if len(placed) == 1:
            found |= {(int(x), int(y)) for x, y in placed if 0 <= x < view.width and 0 <= y < view.height}
        for one, other in pairwise(placed):
            found.update(list(_between(one, other, view))[::every])
    return found


def _placed(point: Point, view: View) -> Point:
    x, y = view.pixel(*point)
    return x, y / 2


def _between(one: Point, other: Point, view: View) -> Iterator[Cell]:
    """Yield the cells from one point to another, as far as they are in the view (Liang and Barsky 1984)."""
    across, down = other[0] - one[0], other[1] - one[1]
    first, last = 0.0, 1.0
    for step, room in ((-across, one[0]), (across, view.width - one[0]), (-down, one[1]), (down, view.height - one[1])):
        if step == 0:
            if room < 0:
                return
        elif step < 0:
            first = max(first, room / step)
        else:
            last = min(last, room / step)
    if first > last:
        return
    count = max(1, round(max(abs(across), abs(down)) * (last - first)))
    for n in range(count + 1):
        part = first + (last - first) * n / count
        x, y = int(one[0] + across * part), int(one[1] + down * part)
        if x < view.width and y < view.height:
            yield x, y

"""What is being drawn on a map: a circle round the cursor, a box from a corner to it, or a lasso of corners marked one by one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from console.app.drawing import bound, words
from console.desk import sphere
from console.desk.selection import Area, Box, Circle, Polygon, Shape

Point = tuple[float, float]
RADII = (50, 100, 200, 300, 500, 800, 1000, 1500, 2000, 3000, 5000, 8000, 12000, 20000, 30000, 50000)  # metres
WIDEST = 100_000  # metres
LASSO = "{drawing.corner} marks a corner, {drawing.undo} takes it back, {drawing.finish} closes, {drawing.stop} stops"
PLACES = 5  # of a degree: a metre


class Pen:
    """Draws nothing until it starts a shape; the radius is kept for the next circle."""

    def __init__(self) -> None:
        """Rest."""
        self.drawing = ""  # "", "circle", "box" or "lasso"
        self.corners: list[Point] = []
        self.metres = 2000
        self.typed = ""
        self.free = False  # drawn by mouse
        self._about: tuple[Point, str] = ((0.0, 0.0), "")

    def start(self, drawing: str, at: Point, about: str = "") -> None:
        """Begin a shape with the cursor at a point; a box has its first corner there. `about` names what stands there."""
        self.drawing, self.typed, self.free, self._about = drawing, "", False, (at, about)
        self.corners = [at] if drawing == "box" else []

    def about(self, at: Point) -> str:
        """Return what the shape was begun at, if that stands at a point."""
        return self._about[1] if self._about[0] == at else ""

    def stop(self) -> None:
        """Draw no more."""
        self.drawing, self.corners, self.typed = "", [], ""

    def mark(self, at: Point) -> str:
        """Mark a corner of the lasso; return why not, or ""."""
        corner = _rounded(at)
        if corner in self.corners[-1:]:
            return "this corner is marked: move the cursor to the next"
        if len(self.corners) > 2 and corner == self.corners[0]:
            return "this is the first corner: {drawing.finish} closes the lasso"
        self.corners.append(corner)
        return ""

    def trace(self, points: Sequence[Point]) -> None:
        """Take the corners of a lasso drawn freely."""
        self.corners = list(dict.fromkeys(map(_rounded, points)))

    def undo(self) -> str:
        """Take the last corner back, or the last digit of the metres; return why not, or ""."""
        if self.drawing == "circle" and self.typed:
            self.typed = self.typed[:-1]
            self.metres = int(self.typed) if self.typed else self.metres
            return ""
        if self.drawing == "lasso" and self.corners:
            self.corners.pop()
            return ""
        nothing = {
            "lasso": "no corner is marked yet: {drawing.stop} stops",
            "circle": "nothing has been typed: {drawing.resize} change the size",
        }
        return nothing.get(self.drawing, "there is nothing to take back: {drawing.stop} stops")

    def resize(self, by: int) -> None:
        """Make the circle larger or smaller by a step."""
        self.typed = ""
        steps = [each for each in RADII if (each > self.metres if by > 0 else each < self.metres)]
        self.metres = (steps[0] if by > 0 else steps[-1]) if steps else self.metres

    def digit(self, digit: str) -> str:
        """Type a digit of the circle's metres; return why not, or ""."""
        typed = self.typed + digit
        if typed == "0":
            return "a circle is a metre wide or more: type another digit first"
        if int(typed) > WIDEST:
            return f"a circle here is {WIDEST // 1000} km at most: {{drawing.undo}} takes a digit back"
        self.typed, self.metres = typed, int(typed)
        return ""

    def shape(self, at: Point) -> Shape | None:
        """Return what is drawn with the cursor at a point, or None while it has no breadth."""
        if self.drawing == "circle":
            return Circle(*_rounded(at), float(self.metres))
        if self.drawing == "box":
            (x1, y1), (x2, y2) = _rounded(self.corners[0]), _rounded(at)
            return Box(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)) if x1 != x2 and y1 != y2 else None
        if self.drawing == "lasso" and len(set(self.corners)) > 2:
            made = Polygon(tuple(self.corners))
            return made if sphere.square_metres(Area((made,))) >= 1 else None
        return None

    def lacks(self, at: Point) -> str:
        """Return why what is drawn can't be selected yet, or ""."""
        if self.shape(at) is not None:
            return ""
        if self.drawing == "box":
            return "move the cursor first: the box has no breadth yet"
        if len(set(self.corners)) > 2:
            return "the corners stand in one line: the lasso holds no ground yet"
        marked = {0: "none is", 1: "one is"}.get(len(self.corners), "two are")
        return f"a lasso takes three corners, and {marked} marked: {{drawing.corner}} marks one"

    def says(self, at: Point, held: str = "") -> str:
        """Return what is being drawn in words, what it holds, and its size."""
        made = self.shape(at)
        parts = [self._named(at)]
        if made is not None:
            parts += [held, words.square_km(sphere.square_metres(Area((made,))) / 1e6)]
        return ", ".join(filter(None, parts)) + ("; crosses itself: what it goes round twice is out" if self._crossed(made) else "")

    def _named(self, at: Point) -> str:
        if self.drawing == "circle":
            return f"circle of {words.metres(self.metres)} round {self.about(at) or 'the cursor'}"
        if self.drawing == "box":
            (x1, y1), (x2, y2) = self.corners[0], at
            across, up = sphere.metres((x1, y2), (x2, y2)), sphere.metres((x2, y1), (x2, y2))
            return f"box of {words.metres(across)} by {words.metres(up)}"
        count = len(self.corners)
        return "lasso: walk to its first corner" if not count else f"lasso of {count} corner{'s' if count > 1 else ''}"

    def keys(self, width: int) -> str:
        """Return the keys of drawing, in as many words as there is room for."""
        ends = "{drawing.finish} selects, {drawing.stop} stops"
        ways = {
            "circle": (
                f"{{drawing.resize}} or {{drawing.size}} size in metres, {{move}} move, {ends}",
                f"{{drawing.resize}} {{drawing.size}} size, {ends}",
            ),
            "box": (f"{{move}} move the other corner, {ends}", ends),
        }.get(self.drawing, (LASSO, "{drawing.corner} corner, {drawing.finish} closes, {drawing.stop}"))
        said = [bound.said(way) for way in ways]
        return next((way for way in said if len(way) < width), said[-1])

    def outline(self, at: Point) -> list[tuple[Point, ...]]:
        """Return the lines of what is being drawn, as points."""
        if self.drawing == "lasso":
            closed = (*self.corners, self.corners[0]) if len(self.corners) > 2 else tuple(self.corners)
            return [closed] if self.corners else []
        made = self.shape(at)
        return outlines(made) if made is not None else []

    def band(self, at: Point) -> list[tuple[Point, ...]]:
        """Return the lines that a corner at the cursor would add to a lasso."""
        if self.drawing != "lasso" or self.free or not self.corners:
            return []
        return [(self.corners[-1], at), *([(at, self.corners[0])] if len(self.corners) > 1 else [])]

    def _crossed(self, made: Shape | None) -> bool:
        return isinstance(made, Polygon) and not self.free and crosses(made.corners)


def _rounded(at: Point) -> Point:
    return round(at[0], PLACES), round(at[1], PLACES)


def outlines(of: Shape) -> list[tuple[Point, ...]]:
    """Return a shape's rings, closed."""
    return [(*ring, ring[0]) for ring in sphere.rings(of)]


@lru_cache(maxsize=4)
def crosses(corners: tuple[Point, ...]) -> bool:
    """Return whether a ring of corners crosses itself."""
    edges = list(zip(corners, (*corners[1:], corners[0]), strict=True))
    return any(_cross(*one, *other) for n, one in enumerate(edges) for other in edges[n + 2 : len(edges) - (n == 0)])


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _side(a, b, c) * _side(a, b, d) < 0 and _side(c, d, a) * _side(c, d, b) < 0


def _side(a: Point, b: Point, c: Point) -> float:
    return math.copysign(1.0, turn) if (turn := (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) else 0.0


def simplified(points: Sequence[Point], most: int, near: float) -> list[Point]:
    """Return the points of a line that is nowhere farther from the given one than `near`, or as much as leaves at most so many.

    Ramer 1972, Douglas and Peucker 1973.
    """
    while len(made := _kept(points, near)) > most:
        near *= 1.5
    return made


def _kept(points: Sequence[Point], near: float) -> list[Point]:
    keep, open_ = {0, len(points) - 1}, [(0, len(points) - 1)]
    while open_:
        first, last = open_.pop()
        found = max(((_from(points[n], points[first], points[last]), n) for n in range(first + 1, last)), default=(0.0, 0))
        if found[0] > near:
            keep.add(found[1])
            open_ += [(first, found[1]), (found[1], last)]
    return [points[n] for n in sorted(keep)]


def _from(point: Point, one: Point, other: Point) -> float:
    """Return the distance from a point to a line between two."""
    along = (other[0] - one[0], other[1] - one[1])
    length = along[0] ** 2 + along[1] ** 2
    part = 0.0 if not length else max(0.0, min(1.0, ((point[0] - one[0]) * along[0] + (point[1] - one[1]) * along[1]) / length))
    return math.hypot(point[0] - one[0] - part * along[0], point[1] - one[1] - part * along[1])

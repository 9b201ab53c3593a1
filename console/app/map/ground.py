"""Where a map looks and where its cursor stands, and the circle or box being drawn there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from console.app.drawing import bound
from console.app.map import raster
from console.desk.answer import Marker
from console.desk.selection import Box, Circle, Shape

RADII = (0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 30.0)  # km
METRES = 111_195.0  # a degree of latitude, on the sphere
MOST_ZOOM = 6


class Ground:
    """The places of a field, a cursor at (lon, lat), a zoom, and what is being drawn."""

    def __init__(self, field: str) -> None:
        """Stand in the middle of the first place; raises OSError if the field has no geography."""
        self.field = field
        self.places: Sequence[raster.Place] = raster.places(field)
        self.at = (self.places[0].lon, self.places[0].lat)
        self.zoom = 0
        self.drawing = ""  # "", "circle" or "box"
        self._corner = self.at
        self._radius = 2
        self._middle = self.at
        self._place: tuple[tuple[float, float], int | None] | None = None

    def view(self, width: int, height: int) -> raster.View:
        """Return the view for so many cells."""
        return raster.fitted(raster.whole(self.places), width, height, self.zoom, self._middle)

    def place(self) -> int | None:
        """Return the index of the place under the cursor, exactly, or None outside."""
        if self._place is None or self._place[0] != self.at:
            self._place = (self.at, next((n for n, place in enumerate(self.places) if place.holds(*self.at)), None))
        return self._place[1]

    def go(self, index: int) -> None:
        """Put the cursor on a place."""
        place = self.places[index]
        self.at = self._middle = (place.lon, place.lat)

    def step(self, across: int, down: int, view: raster.View) -> None:
        """Move by cells, within the force's frame; the view follows when the cursor leaves it."""
        x, y = view.cell(*self.at)
        lon, lat = view.ground(x + across, y + down)
        west, south, east, north = raster.whole(self.places)
        self.at = min(max(lon, west), east), min(max(lat, south), north)
        x, y = view.cell(*self.at)
        if not (0 <= x < view.width and 0 <= y < view.height):
            self._middle = self.at

    def closer(self, by: int) -> bool:
        """Zoom in or out about the cursor; return whether it could."""
        zoom = max(0, min(self.zoom + by, MOST_ZOOM))
        if zoom == self.zoom:
            return False
        self.zoom, self._middle = zoom, self.at
        return True

    def start(self, shape: str) -> None:
        """Begin a circle or a box at the cursor."""
        self.drawing, self._corner = shape, self.at

    def resize(self, by: int) -> None:
        """Make the circle larger or smaller."""
        self._radius = max(0, min(self._radius + by, len(RADII) - 1))

    def shape(self) -> Shape | None:
        """Return what is being drawn, or None for a box without breadth."""
        (x1, y1), (x2, y2) = self._corner, self.at
        if self.drawing == "circle":
            return Circle(round(x2, 5), round(y2, 5), RADII[self._radius] * 1000)
        if self.drawing == "box" and x1 != x2 and y1 != y2:
            return Box(*(round(one, 5) for one in (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))))
        return None

    def finish(self) -> Shape | None:
        """Return what was drawn, and stop drawing."""
        made = self.shape()
        if made is not None:
            self.drawing = ""
        return made

    def says(self) -> str:
        """Return what is being drawn in words."""
        if self.drawing == "circle":
            return f"circle of {RADII[self._radius]:g} km round the cursor"
        return "box from the first corner to the cursor"

    def keys(self) -> str:
        """Return the keys of drawing."""
        rest = "{drawing.finish_drawing} selects, {drawing.stop_drawing} stops"
        return bound.said(f"{{drawing.resize}} size, {{move}} move, {rest}" if self.drawing == "circle" else f"{{move}} move, {rest}")

    def outline(self, view: raster.View) -> list[tuple[int, int]]:
        """Return the cells of the outline of what is being drawn."""
        made = self.shape() if self.drawing else None
        if isinstance(made, Circle):
            up = made.metres / METRES
            across = up / math.cos(math.radians(made.lat))
            turns = [n * math.tau / 72 for n in range(72)]
            points = [(made.lon + across * math.cos(turn), made.lat + up * math.sin(turn)) for turn in turns]
        elif isinstance(made, Box):
            parts = [n / 60 for n in range(61)]
            points = [(made.west + (made.east - made.west) * p, lat) for p in parts for lat in (made.south, made.north)]
            points += [(lon, made.south + (made.north - made.south) * p) for p in parts for lon in (made.west, made.east)]
        else:
            return []
        return [(x, y) for x, y in (view.cell(*point) for point in points) if 0 <= x < view.width and 0 <= y < view.height]

    def nearest(self, markers: Iterable[Marker], view: raster.View | None) -> Marker | None:
        """Return the marker in the cursor's cell or one beside it, the nearest first, incidents before units."""
        if view is None:
            return None
        x, y = view.cell(*self.at)
        near = []
        for marker in markers:
            mx, my = view.cell(marker.lon, marker.lat)
            if abs(mx - x) <= 1 and abs(my - y) <= 1:
                near.append((abs(mx - x) + abs(my - y), marker.kind != "incident", marker.key, marker))
        return min(near)[-1] if near else None

    def turn(self, field: str) -> None:
        """Take the places of another field; the cursor and the view stay. Raises OSError if it has no geography."""
        self.field, self.places, self._place = field, raster.places(field), None

    def pan(self, across: int, down: int, view: raster.View) -> None:
        """Move the view by halves of its size, and the cursor with it, within the force's frame."""
        moved = view.shifted(across * view.width / 2, down * view.height / 2)
        x, y = view.cell(*self.at)
        west, south, east, north = raster.whole(self.places)
        lon, lat = moved.ground(x, y)
        self._middle = min(max(moved.lon, west), east), min(max(moved.lat, south), north)
        self.at = min(max(lon, west), east), min(max(lat, south), north)

"""Where a map looks, and where its cursor stands."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from console.app.map import raster
from console.app.map.ways import Choice, toward, ways
from console.desk.answer import Marker

MOST_ZOOM = 6.0  # doublings
AROUND = 0.02  # degrees of latitude about a single point that are shown: some two kilometres each way
MARGIN = 0.08  # of a frame, left free on each side


class Ground:
    """The places of a field, a cursor at (lon, lat), and a zoom (doublings of the whole) about a middle."""

    def __init__(self, field: str) -> None:
        """Stand in the middle of the first place; raises OSError if the field has no geography."""
        self.field = field
        self.places: Sequence[raster.Place] = raster.places(field)
        self.at = (self.places[0].lon, self.places[0].lat)
        self.zoom = 0.0
        self._middle = self.at
        self._place: tuple[tuple[float, float], Sequence[raster.Place], int | None] | None = None
        self._ways: tuple[Sequence[raster.Place], Choice] | None = None

    @property
    def middle(self) -> tuple[float, float]:
        """The middle of what is shown, where that isn't the whole."""
        return self._middle

    def stand(self, at: tuple[float, float], middle: tuple[float, float], zoom: float) -> None:
        """Look where was looked before."""
        self.at, self._middle, self.zoom = at, middle, max(0.0, min(zoom, MOST_ZOOM))

    def view(self, width: int, height: int) -> raster.View:
        """Return the view for so many cells."""
        return raster.fitted(raster.whole(self.places), width, height, self.zoom, self._middle)

    def place(self) -> int | None:
        """Return the index of the place under the cursor, exactly, or None outside."""
        if self._place is None or self._place[0] != self.at or self._place[1] is not self.places:
            self._place = (self.at, self.places, next((n for n, place in enumerate(self.places) if place.holds(*self.at)), None))
        return self._place[2]

    def go(self, index: int) -> None:
        """Put the cursor on a place, at the middle of the view."""
        place = self.places[index]
        self.at = self._middle = (place.lon, place.lat)
        self._place = (self.at, self.places, index)

    def step(self, across: int, down: int, view: raster.View) -> None:
        """Move by cells, within the force's frame; the view follows when the cursor leaves it."""
        x, y = view.cell(*self.at)
        lon, lat = view.ground(x + across, y + down)
        west, south, east, north = raster.whole(self.places)
        self.at = min(max(lon, west), east), min(max(lat, south), north)
        self._follow(view)

    def _follow(self, view: raster.View) -> None:
        x, y = view.cell(*self.at)
        if not (0 <= x < view.width and 0 <= y < view.height):
            self._middle = self.at

    def next_place(self, way: str, view: raster.View) -> bool:
        """Go to the place next that way (left, right, up, down); return whether there is one."""
        here = self.place()
        if here is None:
            wide = math.cos(math.radians(self.at[1]))
            points = [(number, (place.lon * wide, place.lat)) for number, place in enumerate(self.places)]
            found = toward(way, (self.at[0] * wide, self.at[1]), points)
        else:
            if self._ways is None or self._ways[0] is not self.places:
                self._ways = (self.places, ways(self.places))
            found = self._ways[1][way][here]
        if found is None:
            return False
        middle = self._middle
        self.go(found)
        self._middle = middle
        self._follow(view)
        return True

    def closer(self, by: int, view: raster.View) -> bool:
        """Zoom in or out by a doubling, about the cursor, which stays where it is on the screen; return whether it could."""
        steps = math.floor(self.zoom) + by if by > 0 else math.ceil(self.zoom) + by
        zoom = max(0.0, min(float(steps), MOST_ZOOM))
        if zoom == self.zoom:
            return False
        less, (lon, lat) = 2.0 ** (self.zoom - zoom), self.at
        self._middle = lon + (view.lon - lon) * less, lat + (view.lat - lat) * less
        self.zoom = zoom
        return True

    @property
    def closest(self) -> bool:
        """Whether it shows as little ground, as large, as it can."""
        return self.zoom >= MOST_ZOOM

    def holds(self, frame: raster.Frame) -> bool:
        """Return whether a frame (west, south, east, north) meets that of any place."""
        west, south, east, north = frame
        frames = (place.frame for place in self.places)
        return any(west <= right and left <= east and south <= top and bottom <= north for left, bottom, right, top in frames)

    def fit(self, frame: raster.Frame, view: raster.View) -> None:
        """Show a frame, as large as it goes; a single point with what lies around it."""
        west, south, east, north = frame
        up = max((north - south) * MARGIN, AROUND - (north - south) / 2, 0.0)
        across = max((east - west) * MARGIN, AROUND / math.cos(math.radians(north)) - (east - west) / 2, 0.0)
        whole = raster.fitted(raster.whole(self.places), view.width, view.height)
        wanted = raster.fitted((west - across, south - up, east + across, north + up), view.width, view.height)
        self.zoom = max(0.0, min(math.log2(whole.degrees / wanted.degrees), MOST_ZOOM))
        self._middle = (west + east) / 2, (south + north) / 2
        x, y = self.view(view.width, view.height).cell(*self.at)
        if not (0 <= x < view.width and 0 <= y < view.height):
            self.at = self._middle

    def show(self, point: tuple[float, float], view: raster.View) -> None:
        """Put the cursor on a point, and show what lies around it; closer it stays as it is."""
        zoom = self.zoom
        self.at = point
        self.fit((*point, *point), view)
        self.zoom = max(zoom, self.zoom)

    def everything(self) -> bool:
        """Show the whole force; return whether that changed anything."""
        changed = self.zoom != 0
        self.zoom = 0.0
        return changed

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

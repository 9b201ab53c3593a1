"""The places of a map: polygons from GeoJSON, the grid of labels that shades them, and which place holds a point."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from console import files

Ring = tuple[tuple[float, float], ...]
Frame = tuple[float, float, float, float]  # west, south, east, north
OUTSIDE = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A polygon with the value of the field it stands for; `frame` holds it."""

    value: str
    name: str
    rings: tuple[Ring, ...]
    frame: Frame
    lon: float
    lat: float

    def holds(self, lon: float, lat: float) -> bool:
        """Return whether the point is inside, by the even-odd rule."""
        west, south, east, north = self.frame
        if not (west <= lon <= east and south <= lat <= north):
            return False
        inside = False
        for ring in self.rings:
            for (x1, y1), (x2, y2) in pairwise(ring):
                if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
                    inside = not inside
        return inside


@cache
def places(field: str) -> tuple[Place, ...]:
    """Return the polygons of a field from `data/geography/FIELDs.geojson`; raises OSError, KeyError."""
    path: Path = files.data() / "geography" / f"{field}s.geojson"
    body = json.loads(path.read_text(encoding="utf-8"))
    made = []
    for feature in body["features"]:
        said, shape = feature["properties"], feature["geometry"]
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        rings = tuple(tuple((float(x), float(y)) for x, y, *_ in ring) for polygon in polygons for ring in polygon)
        frame = _frame(rings)
        middle = ((frame[0] + frame[2]) / 2, (frame[1] + frame[3]) / 2)
        lon, lat = said.get("lon", middle[0]), said.get("lat", middle[1])
        made.append(Place(str(said[field]), str(said.get("name", said[field])), rings, frame, float(lon), float(lat)))
    return tuple(made)


def force() -> str:
    """Return the name of the force, as its outline has it, or "" without one."""
    try:
        body = json.loads((files.data() / "geography" / "outline.geojson").read_text(encoding="utf-8"))
        return str(body["features"][0]["properties"]["name"])
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def _frame(rings: Sequence[Ring]) -> Frame:
    xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


def _size(frame: Frame) -> float:
    west, south, east, north = frame
    return (east - west) * (north - south)


def whole(of: Sequence[Place]) -> Frame:
    """Return the frame that holds every place."""
    frames = [place.frame for place in of]
    return min(f[0] for f in frames), min(f[1] for f in frames), max(f[2] for f in frames), max(f[3] for f in frames)


@dataclass(frozen=True, slots=True)
class View:
    """The part of the ground shown in so many cells; a cell is two square pixels, one above the other."""

    lon: float
    lat: float
    degrees: float  # of latitude, a pixel
    width: int
    height: int

    def cell(self, lon: float, lat: float) -> tuple[int, int]:
        """Return the cell of a point; it may lie outside the view."""
        x, y = self.pixel(lon, lat)
        return math.floor(x), math.floor(y / 2)

    def pixel(self, lon: float, lat: float) -> tuple[float, float]:
        """Return a point in pixels from the upper left."""
        return (
            (lon - self.lon) * math.cos(math.radians(self.lat)) / self.degrees + self.width / 2,
            (self.lat - lat) / self.degrees + self.height,
        )

    def ground(self, x: float, y: float) -> tuple[float, float]:
        """Return the (lon, lat) at a cell's middle."""
        lat = self.lat - (y * 2 + 1 - self.height) * self.degrees
        lon = self.lon + (x + 0.5 - self.width / 2) * self.degrees / math.cos(math.radians(self.lat))
        return lon, lat


def fitted(frame: Frame, width: int, height: int, zoom: int = 0, at: tuple[float, float] | None = None) -> View:
    """Return the view that shows a whole frame, or doubled `zoom` times, about a point."""
    west, south, east, north = frame
    lat = (south + north) / 2
    across = (east - west) * math.cos(math.radians(lat)) / max(1, width)
    degrees = max(across, (north - south) / max(1, 2 * height)) * 1.02
    lon, lat = at if zoom and at else ((west + east) / 2, lat)
    return View(lon, lat, degrees / 2**zoom, width, height)


def labels(of: Sequence[Place], view: View) -> tuple[tuple[int, ...], ...]:
    """Return, for each pixel (two a cell), 1 + the index of the place there, or 0 outside; of several the smallest."""
    from PIL import Image, ImageDraw

    wide, high = view.width, view.height * 2
    image = Image.new("I", (wide, high), OUTSIDE)
    pen = ImageDraw.Draw(image)
    for index, place in sorted(enumerate(of, 1), key=lambda item: -_size(item[1].frame)):
        for ring in place.rings:
            pixels = [view.pixel(*point) for point in ring]
            if max(x for x, _ in pixels) >= 0 and min(x for x, _ in pixels) < wide:
                pen.polygon(pixels, fill=index)
    flat = memoryview(image.tobytes()).cast("i")
    return tuple(tuple(flat[y * wide : (y + 1) * wide]) for y in range(high))

"""The places of a map: polygons from GeoJSON, which of them holds a point, and the view they are seen in."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from console import files

Ring = tuple[tuple[float, float], ...]
Frame = tuple[float, float, float, float]  # west, south, east, north
METRES = 111_195.0  # a degree of latitude, on the sphere


@dataclass(frozen=True, slots=True)
class Place:
    """Polygons (a ring and its holes each) with the value of the field they stand for; `frame` holds them, (lon, lat) is in one."""

    value: str
    name: str
    polygons: tuple[tuple[Ring, ...], ...]
    frame: Frame
    lon: float
    lat: float

    @property
    def rings(self) -> tuple[Ring, ...]:
        """Every ring, holes among them."""
        return tuple(ring for polygon in self.polygons for ring in polygon)

    def holds(self, lon: float, lat: float) -> bool:
        """Return whether the point is inside, by the even-odd rule."""
        west, south, east, north = self.frame
        if not (west <= lon <= east and south <= lat <= north):
            return False
        return sum(lon < x for x in _crossings(self.rings, lat)) % 2 == 1


def _crossings(rings: Sequence[Ring], lat: float) -> list[float]:
    """Return where the edges of some rings cross a parallel, from the west."""
    found = []
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > lat) != (y2 > lat):
                found.append((x2 - x1) * (lat - y1) / (y2 - y1) + x1)
    return sorted(found)


@cache
def places(field: str) -> tuple[Place, ...]:
    """Return the polygons of a field from `data/geography/FIELDs.geojson`; raises OSError, KeyError."""
    return read(files.data() / "geography" / f"{field}s.geojson", field)


def read(path: Path, field: str, name: str = "name") -> tuple[Place, ...]:
    """Return the polygons of a GeoJSON file, by the properties that say a place's value and name; raises OSError, KeyError."""
    body = json.loads(path.read_text(encoding="utf-8"))
    return tuple(made(each["properties"], each["geometry"], field, name) for each in body["features"] if each["geometry"])


def made(said: Mapping[str, Any], shape: Mapping[str, Any], field: str, name: str = "name") -> Place:
    """Return the place of a GeoJSON feature's properties and its Polygon or MultiPolygon; raises KeyError."""
    several = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
    polygons = tuple(tuple(map(_ring, polygon)) for polygon in several)
    frame = _frame([ring for polygon in polygons for ring in polygon])
    lon, lat = (said["lon"], said["lat"]) if "lon" in said and "lat" in said else _inside(polygons, frame)
    return Place(str(said[field]), str(said.get(name, said[field])), polygons, frame, float(lon), float(lat))


def _ring(pairs: Iterable[Sequence[float]]) -> Ring:
    ring = tuple((float(x), float(y)) for x, y, *_ in pairs)
    return ring if ring[0] == ring[-1] else (*ring, ring[0])


def _inside(polygons: Sequence[Sequence[Ring]], frame: Frame) -> tuple[float, float]:
    """Return a point inside: the middle of the widest stretch of the middle parallel."""
    lat = (frame[1] + frame[3]) / 2
    ends = _crossings([ring for polygon in polygons for ring in polygon], lat)
    if len(ends) < 2:
        return (frame[0] + frame[2]) / 2, lat
    _, west, east = max((b - a, a, b) for a, b in zip(ends[::2], ends[1::2], strict=False))
    return (west + east) / 2, lat


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
    across: float = field(init=False, compare=False)  # degrees of longitude, a pixel

    def __post_init__(self) -> None:
        """Reckon how wide a pixel is."""
        object.__setattr__(self, "across", self.degrees / math.cos(math.radians(self.lat)))

    def cell(self, lon: float, lat: float) -> tuple[int, int]:
        """Return the cell of a point; it may lie outside the view."""
        x, y = self.pixel(lon, lat)
        return math.floor(x), math.floor(y / 2)

    def pixel(self, lon: float, lat: float) -> tuple[float, float]:
        """Return a point in pixels from the upper left."""
        return (lon - self.lon) / self.across + self.width / 2, (self.lat - lat) / self.degrees + self.height

    def ground(self, x: float, y: float) -> tuple[float, float]:
        """Return the (lon, lat) at a cell's middle."""
        return self.lon + (x + 0.5 - self.width / 2) * self.across, self.lat - (y * 2 + 1 - self.height) * self.degrees

    def holds(self, x: int, y: int) -> bool:
        """Return whether a cell is in view."""
        return 0 <= x < self.width and 0 <= y < self.height

    @property
    def metres(self) -> float:
        """How many metres a cell is across."""
        return self.degrees * METRES

    def shifted(self, across: float, down: float) -> View:
        """Return the view that lies so many cells further on."""
        return View(self.lon + across * self.across, self.lat - 2 * down * self.degrees, self.degrees, self.width, self.height)


def fitted(frame: Frame, width: int, height: int, zoom: float = 0, at: tuple[float, float] | None = None) -> View:
    """Return the view that shows a whole frame, or doubled `zoom` times, about a point."""
    west, south, east, north = frame
    lat = (south + north) / 2
    across = (east - west) * math.cos(math.radians(lat)) / max(1, width)
    degrees = max(across, (north - south) / max(1, 2 * height)) * 1.02
    lon, lat = at if zoom and at else ((west + east) / 2, lat)
    return View(lon, lat, degrees / 2**zoom, width, height)

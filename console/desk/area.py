"""Areas as the grammar writes them: `circle(...)`, `box(...)`, `polygon(...)`, or the polygons of a GeoJSON file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from console.desk import geojson as files
from console.desk import shapes, sphere
from console.desk.selection import Area, Box, Circle, Polygon, Shape

written = shapes.written
_closed = False


def close_files() -> None:
    """Read no file of areas from now on, whoever names one."""
    global _closed
    _closed = True


def read_in(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return texts of the grammar in which `area=@FILE` says the shapes of the file: it is read where it is typed, and nowhere else.

    Raises ValueError.
    """
    made: list[str] = []
    for text in texts:
        name, _, rest = text.partition("=")
        if name.strip().rpartition(".")[2] != "area" or not rest.startswith("@"):
            made.append(text)
        elif _closed:
            raise ValueError("area: no file is read here: write circle(lon,lat,metres), box(w,s,e,n) or polygon(lon lat,...)")
        else:
            try:
                made += [f"{name}={written(shape)}" for shape in area(rest).shapes]
            except ValueError as error:
                raise ValueError(f"area: {error}") from None
    return tuple(made)


def area(text: str) -> Area:
    """Return the area of `circle(lon,lat,metres)`, `box(w,s,e,n)`, `polygon(lon lat,...;hole,...)` or `@FILE`; raises ValueError."""
    if text.startswith("@"):
        return Area(files.read(Path(text[1:])))
    try:
        found = shapes.shape(text)
    except shapes.Misshapen as error:
        raise ValueError(f"{text}: its numbers don't make a {shapes.kind(text)}: {error}") from None
    if found is None:
        raise ValueError(f"{text}: write circle(lon,lat,metres), box(w,s,e,n), polygon(lon lat,...) or @file.geojson")
    return Area((found,))


def geojson(of: Area, properties: Mapping[str, str | float | None] = MappingProxyType({})) -> str:
    """Return an area as GeoJSON that `area=@FILE` takes for the same; `properties` (marking, selection, time) go with each shape."""
    return files.written(of, properties)


def square_km(of: Area) -> float:
    """Return how much ground the shapes cover together."""
    return sphere.square_metres(of) / 1e6


def exchanged(of: Area, frame: sphere.Frame) -> bool:
    """Return whether an area lies wholly outside a frame, and with longitude and latitude exchanged would not."""
    return not _meets(of.shapes, frame, False) and _meets(of.shapes, frame, True)


def _meets(of: tuple[Shape, ...], frame: sphere.Frame, turned: bool) -> bool:
    west, south, east, north = frame
    for one in map(_turned, of) if turned else of:
        left, bottom, right, top = sphere.frame((one,))
        if left <= east and right >= west and bottom <= north and top >= south:
            return True
    return False


def _turned(of: Shape) -> Shape:
    if isinstance(of, Circle):
        return Circle(of.lat, of.lon, of.metres)
    if isinstance(of, Box):
        return Box(of.south, of.west, of.north, of.east)
    return Polygon(tuple((y, x) for x, y in of.corners))

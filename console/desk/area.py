"""Areas as the grammar writes them: `circle(...)`, `box(...)`, `polygon(...)`, or the polygons of a GeoJSON file."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from console.desk.selection import Area, Box, Circle, Polygon, Shape

Ring = tuple[tuple[float, float], ...]
_SHAPE = re.compile(r"(circle|box|polygon)\(([^()]*)\)$")


def area(text: str) -> Area:
    """Return the area of `circle(lon,lat,metres)`, `box(w,s,e,n)`, `polygon(lon lat,...;hole,...)` or `@FILE`; raises ValueError."""
    if text.startswith("@"):
        return Area(_from_geojson(Path(text[1:])))
    found = _SHAPE.match(text.strip())
    if not found:
        raise ValueError(f"{text}: write circle(lon,lat,metres), box(w,s,e,n), polygon(lon lat,...) or @file.geojson")
    try:
        return Area((_MADE[found[1]](found[2]),))
    except ValueError as error:
        raise ValueError(f"{text}: its numbers don't make a {found[1]}{error.args[0] if error.args else ''}") from None


def written(shape: Shape) -> str:
    """Return a shape as the text that means it again."""
    if isinstance(shape, Circle):
        return f"circle({_listed((shape.lon, shape.lat, shape.metres))})"
    if isinstance(shape, Box):
        return f"box({_listed((shape.west, shape.south, shape.east, shape.north))})"
    return f"polygon({';'.join(','.join(_listed(corner, ' ') for corner in ring) for ring in (shape.corners, *shape.holes))})"


def _listed(numbers: Iterable[float], between: str = ",") -> str:
    return between.join(repr(float(number)).removesuffix(".0") for number in numbers)


def _numbers(texts: Iterable[Any]) -> tuple[float, ...]:
    made = tuple(float(text) for text in texts)
    if not all(map(math.isfinite, made)):
        raise ValueError
    return made


def _circle(text: str) -> Circle:
    lon, lat, metres = _numbers(text.split(","))
    if metres <= 0:
        raise ValueError
    return Circle(lon, lat, metres)


def _box(text: str) -> Box:
    west, south, east, north = _numbers(text.split(","))
    if west >= east or south >= north:
        raise ValueError
    return Box(west, south, east, north)


def _written_polygon(text: str) -> Polygon:
    return _polygon([pair.split() for pair in ring.split(",")] for ring in text.split(";"))


_MADE: dict[str, Callable[[str], Shape]] = {"circle": _circle, "box": _box, "polygon": _written_polygon}


def _polygon(rings: Iterable[Iterable[Any]]) -> Polygon:
    outline, *holes = map(_ring, rings)
    return Polygon(outline, tuple(holes))


def _ring(pairs: Iterable[Any]) -> Ring:
    corners = tuple((lon, lat) for lon, lat in (_numbers(pair[:2]) for pair in pairs))
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners = corners[:-1]
    if len(corners) < 3:
        raise ValueError(": a ring has three corners or more")
    return corners


def _from_geojson(path: Path) -> tuple[Polygon, ...]:
    try:
        found = tuple(map(_polygon, _polygons(json.loads(path.read_text(encoding="utf-8")))))
    except OSError as error:
        raise ValueError(f"@{path}: {error.strerror}") from error
    except (KeyError, IndexError, TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"@{path}: not a GeoJSON file of polygons") from error
    if not found:
        raise ValueError(f"@{path}: no polygon in it")
    return found


def _polygons(body: Any) -> Iterator[Any]:
    """Yield the rings of every polygon in a GeoJSON value; what else it holds is passed over."""
    kind = body["type"]
    if kind == "Polygon":
        yield body["coordinates"]
    elif kind == "MultiPolygon":
        yield from body["coordinates"]
    elif kind == "Feature":
        yield from _polygons(body["geometry"]) if body["geometry"] else ()
    else:
        for each in body.get("features") or body.get("geometries") or ():
            yield from _polygons(each)

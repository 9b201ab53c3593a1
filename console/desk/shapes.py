"""A shape as the grammar writes it: `circle(lon,lat,metres)`, `box(w,s,e,n)`, `polygon(lon lat,...;hole,...)`, in WGS84 degrees."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable

from console.desk.selection import Box, Circle, Polygon, Shape

Ring = tuple[tuple[float, float], ...]
_SHAPE = re.compile(r"(circle|box|polygon)\(([^()]*)\)$")


class Misshapen(ValueError):
    """Numbers that make no shape; the message says why, for the viewer."""


def shape(text: str) -> Shape | None:
    """Return the shape that a text means, or None if it isn't written as one; raises Misshapen."""
    found = _SHAPE.match(text.strip())
    return _MADE[found[1]](found[2]) if found else None


def kind(text: str) -> str:
    """Return what a text calls its shape."""
    return text.strip().partition("(")[0]


def written(of: Shape) -> str:
    """Return a shape as the text that means it again."""
    if isinstance(of, Circle):
        return f"circle({_listed((of.lon, of.lat, of.metres))})"
    if isinstance(of, Box):
        return f"box({_listed((of.west, of.south, of.east, of.north))})"
    return f"polygon({';'.join(','.join(_listed(corner, ' ') for corner in ring) for ring in (of.corners, *of.holes))})"


def polygon(rings: Iterable[Iterable[tuple[float, float]]]) -> Polygon:
    """Return the polygon of an outline and its holes; a ring's last corner may be its first again. Raises Misshapen."""
    outline, *holes = (_ring(tuple(ring)) for ring in rings)
    return Polygon(outline, tuple(holes))


def degrees(lon: float, lat: float) -> tuple[float, float]:
    """Return a point as it is; raises Misshapen where it is none on the sphere."""
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise Misshapen("it has no finite numbers")
    if abs(lat) > 90 and abs(lat) <= 180 and abs(lon) <= 90:
        raise Misshapen(f"{lat:g} is no latitude: longitude comes first, then latitude")
    if abs(lon) > 180 or abs(lat) > 90:
        raise Misshapen(f"{lon:g} {lat:g} are not degrees of longitude and latitude (WGS84)")
    return lon, lat


def _listed(numbers: Iterable[float], between: str = ",") -> str:
    return between.join(repr(float(number)).removesuffix(".0") for number in numbers)


def _numbers(texts: Iterable[str], wanted: str) -> list[float]:
    given = list(texts)
    try:
        made = [float(text) for text in given]
    except ValueError:
        made = []
    if len(made) != len(wanted.split(", ")):
        raise Misshapen(f"it takes {wanted}")
    return made


def _circle(text: str) -> Circle:
    lon, lat, metres = _numbers(text.split(","), "longitude, latitude, metres")
    if not 0 < metres < math.inf:
        raise Misshapen("its radius is a number of metres above 0")
    return Circle(*degrees(lon, lat), metres)


def _box(text: str) -> Box:
    west, south, east, north = _numbers(text.split(","), "west, south, east, north")
    for corner in ((west, south), (east, north)):
        degrees(*corner)
    if west >= east or south >= north:
        raise Misshapen("west comes before east, south before north; one over the antimeridian is written as two")
    return Box(west, south, east, north)


def _written_polygon(text: str) -> Polygon:
    pairs = ((_numbers(pair.split(), "longitude, latitude") for pair in ring.split(",")) for ring in text.split(";"))
    return polygon([(lon, lat) for lon, lat in ring] for ring in pairs)


_MADE: dict[str, Callable[[str], Shape]] = {"circle": _circle, "box": _box, "polygon": _written_polygon}


def _ring(corners: Ring) -> Ring:
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners = corners[:-1]
    for corner in corners:
        degrees(*corner)
    if len(set(corners)) < 3:
        raise Misshapen("a ring has three corners or more")
    if any(abs(one[0] - other[0]) > 180 for one, other in zip(corners, (*corners[1:], corners[0]), strict=True)):
        raise Misshapen("an edge goes more than halfway round the earth: cut the polygon in two at the antimeridian")
    return corners

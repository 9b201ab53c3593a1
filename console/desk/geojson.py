"""Areas in GeoJSON (RFC 7946): the polygons of a file, and an area as a file that means it again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from console.desk import shapes, sphere
from console.desk.selection import Area, Polygon, Shape

PLACES = 7  # of a degree: a centimetre
MOST = 100_000  # corners
HOLDERS = {"FeatureCollection": "features", "GeometryCollection": "geometries"}
OTHERS = ("Point", "MultiPoint", "LineString", "MultiLineString")


def read(path: Path) -> tuple[Shape, ...]:
    """Return every polygon of a file, circles and boxes that `written` made as such; raises ValueError naming file and fault."""
    try:
        body = json.loads(path.read_text(encoding="utf-8-sig"))
        found = tuple(_shapes(body))
    except OSError as error:
        raise ValueError(f"@{path}: {error.strerror}") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"@{path}: not JSON, and so without a polygon: {error.msg} in line {error.lineno}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"@{path}: not a text in UTF-8, and so without a polygon") from error
    except RecursionError as error:
        raise ValueError(f"@{path}: nested too deep for a file of polygons") from error
    except shapes.Misshapen as error:
        raise ValueError(f"@{path}: not the polygons of a GeoJSON file: {error}") from error
    if not found:
        raise ValueError(f"@{path}: no polygon in it")
    corners = sum(len(ring) for each in found if isinstance(each, Polygon) for ring in (each.corners, *each.holes))
    if corners > MOST:
        raise ValueError(f"@{path}: its polygons have {corners:,} corners: simplify them to {MOST:,} or fewer")
    return found


def written(of: Area, properties: Mapping[str, str | float | None] = MappingProxyType({})) -> str:
    """Return an area as a FeatureCollection, a polygon a shape; each carries the properties, its size and its text.

    A circle is a polygon of 128 corners; by its text `read` takes it for the circle it was.
    """
    features = []
    for each in of.shapes:
        said = {**properties, "km2": round(sphere.square_metres(Area((each,))) / 1e6, 4), "shape": shapes.written(each)}
        geometry = {"type": "Polygon", "coordinates": _coordinates(each)}
        features.append({"type": "Feature", "properties": said, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1) + "\n"


def _coordinates(of: Shape) -> list[list[list[float]]]:
    """Return the rings as GeoJSON has them: closed, the outline anticlockwise, holes clockwise; a polygon's corners as they are."""
    made = []
    for number, ring in enumerate(sphere.rings(of)):
        corners = [[x, y] if isinstance(of, Polygon) else [round(x, PLACES), round(y, PLACES)] for x, y in ring]
        if (_turning(corners) < 0) == (number == 0):
            corners = [corners[0], *corners[:0:-1]]
        made.append([*corners, corners[0]])
    return made


def _turning(corners: list[list[float]]) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True))


def _shapes(body: Any, properties: Any = None) -> Iterator[Shape]:
    """Yield the shapes of every polygon in a GeoJSON value; points and lines are passed over."""
    kind = body.get("type") if isinstance(body, dict) else None
    if kind in HOLDERS:
        held = body.get(HOLDERS[kind])
        if not isinstance(held, list):
            raise shapes.Misshapen(f"a {kind} without {HOLDERS[kind]}")
        for each in held:
            yield from _shapes(each, properties)
    elif kind == "Feature":
        if body.get("geometry") is not None:
            yield from _shapes(body["geometry"], body.get("properties"))
    elif kind == "Polygon":
        yield _polygon(body.get("coordinates"), properties)
    elif kind == "MultiPolygon":
        yield from (_polygon(each, None) for each in _list(body.get("coordinates"), "a MultiPolygon"))
    elif kind not in OTHERS:
        raise shapes.Misshapen(f"{kind!r} is no type of GeoJSON" if kind else "it has no type")


def _polygon(rings: Any, properties: Any) -> Shape:
    """Return a polygon, or the circle or box that its text says if these are that one's corners."""
    text = properties.get("shape") if isinstance(properties, dict) else None
    if isinstance(text, str):
        try:
            said = shapes.shape(text)
        except shapes.Misshapen:
            said = None
        if said is not None and _coordinates(said) == rings:
            return said
    return shapes.polygon([_corner(pair) for pair in _list(ring, "a ring")] for ring in _list(rings, "a Polygon"))


def _list(given: Any, name: str) -> list[Any]:
    if not isinstance(given, list) or not given:
        raise shapes.Misshapen(f"{name} without coordinates")
    return given


def _corner(pair: Any) -> tuple[float, float]:
    numbers = pair[:2] if isinstance(pair, list) else []
    if len(numbers) != 2 or not all(isinstance(each, int | float) and not isinstance(each, bool) for each in numbers):
        raise shapes.Misshapen(f"a corner is [longitude, latitude], not {json.dumps(pair)[:40]}")
    return float(numbers[0]), float(numbers[1])

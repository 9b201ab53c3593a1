"""Places to draw: beats made up of neighbours' shared borders, and the real boundaries of published files where they are at hand."""

from __future__ import annotations

import json
import math
import os
import random
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

from console import files
from console.app.map.raster import Place, made, read

WEST, SOUTH, WIDE, HIGH = -3.8, 50.85, 1.55, 0.82
Corner = tuple[float, float]


def folder() -> Path:
    """Return where the real boundaries lie: CONSOLE_TEST_DATA, else ../shared/data beside the checkout."""
    held = os.environ.get("CONSOLE_TEST_DATA")
    return (Path(held) if held else files.queries().parents[1] / "shared" / "data") / "boundaries"


def generated(across: int = 12, down: int = 10, corners: int = 100, seed: int = 1) -> tuple[Place, ...]:
    """Return a force of across x down beats of so many corners each, no two with a gap or an overlap between them."""
    draw = random.Random(seed)
    side = corners // 4
    wide, high = WIDE / across, HIGH / down

    def knot(x: int, y: int) -> Corner:
        inner = 0 < x < across and 0 < y < down
        off = [draw.uniform(-0.3, 0.3) if inner else 0.0 for _ in range(2)]
        return WEST + (x + off[0]) * wide, SOUTH + (y + off[1]) * high

    def border(one: Corner, other: Corner) -> list[Corner]:
        lines = []
        for n in range(side):
            part, sway = n / side, draw.uniform(-0.04, 0.04) * min(n, side - n) / side
            lines.append((one[0] + (other[0] - one[0]) * part + sway * wide, one[1] + (other[1] - one[1]) * part + sway * high))
        return [*lines, other]

    knots = {(x, y): knot(x, y) for x in range(across + 1) for y in range(down + 1)}
    level = {(x, y): border(knots[x, y], knots[x + 1, y]) for x in range(across) for y in range(down + 1)}
    upright = {(x, y): border(knots[x, y], knots[x, y + 1]) for x in range(across + 1) for y in range(down)}
    places = []
    for y in range(down):
        for x in range(across):
            ring = [*level[x, y][:-1], *upright[x + 1, y][:-1], *level[x, y + 1][:0:-1], *upright[x, y][:0:-1]]
            name = f"B{y * across + x + 1:03}"
            places.append(made({"beat": name}, {"type": "Polygon", "coordinates": [ring]}, "beat"))
    return tuple(places)


def census(folder: Path) -> tuple[Place, ...]:
    """Return the middle-layer census areas of a folder's files; raises OSError, KeyError."""
    return tuple(place for path in sorted(folder.glob("msoa_*.json")) for place in read(path, "MSOA11CD", "MSOA11NM"))


def authorities(folder: Path) -> tuple[Place, ...]:
    """Return the local authorities of a folder's topology; raises OSError, KeyError."""
    body = json.loads((folder / "topo_lad.json").read_text(encoding="utf-8"))
    arcs = [_arc(arc, **body["transform"]) for arc in body["arcs"]]
    found = []
    for each in body["objects"]["lad"]["geometries"]:
        several = [each["arcs"]] if each["type"] == "Polygon" else each["arcs"]
        polygons = [[list(_ring(ring, arcs)) for ring in polygon] for polygon in several]
        found.append(made(each["properties"], {"type": "MultiPolygon", "coordinates": polygons}, "LAD13CD", "LAD13NM"))
    return tuple(found)


def _arc(steps: Sequence[Sequence[int]], scale: Corner, translate: Corner) -> list[Corner]:
    """Return an arc's points from its steps on the topology's raster (TopoJSON 1.0, 2.1.2)."""
    xs, ys = (accumulate(step[axis] for step in steps) for axis in (0, 1))
    return [(x * scale[0] + translate[0], y * scale[1] + translate[1]) for x, y in zip(xs, ys, strict=True)]


def _ring(numbers: Sequence[int], arcs: Sequence[list[Corner]]) -> Iterator[Any]:
    """Yield a ring's points: arcs one after the other, ~n being n backwards, without the point that two share."""
    for n, number in enumerate(numbers):
        points = arcs[number] if number >= 0 else arcs[~number][::-1]
        yield from points[1 if n else 0 :]


def corners(places: Sequence[Place]) -> int:
    """Return how many corners some places have."""
    return sum(len(ring) - 1 for place in places for ring in place.rings)


def about(places: Sequence[Place], draw: random.Random) -> Corner:
    """Return a point of some place."""
    place = draw.choice(places)
    return place.lon + math.cos(draw.random()) * 0.001, place.lat

"""Shapes on the mean sphere: the frame that holds one, its outline as corners, and the ground that several cover together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from console.desk.selection import Area, Box, Circle, Shape

Point = tuple[float, float]
Ring = tuple[Point, ...]
Frame = tuple[float, float, float, float]  # west, south, east, north
Edge = tuple[float, float, float, float, int, int]  # from x, y up to x, y, in radians; whose shape, and which of its rings

RADIUS = 6371008.8  # metres, IUGG mean
ROUND = 128  # corners of a circle drawn as a polygon


def metres(one: Point, other: Point) -> float:
    """Return the great-circle distance between two points (lon, lat), by the haversine (Sinnott 1984)."""
    (x1, y1), (x2, y2) = ((math.radians(lon), math.radians(lat)) for lon, lat in (one, other))
    a = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
    return 2 * RADIUS * math.asin(math.sqrt(min(1.0, a)))


def circle(of: Circle, corners: int = ROUND) -> Ring:
    """Return points on a circle, anticlockwise from the east; a longitude may pass 180 beyond the antimeridian."""
    far, lat = of.metres / RADIUS, math.radians(of.lat)
    made = []
    for turn in (n * math.tau / corners for n in range(corners)):
        north = math.asin(max(-1.0, min(1.0, math.sin(lat) * math.cos(far) + math.cos(lat) * math.sin(far) * math.sin(turn))))
        east = math.atan2(math.cos(turn) * math.sin(far) * math.cos(lat), math.cos(far) - math.sin(lat) * math.sin(north))
        made.append((of.lon + math.degrees(east), math.degrees(north)))
    return tuple(made)


def rings(of: Shape) -> tuple[Ring, ...]:
    """Return a shape's outline and holes as corners, none closed twice."""
    if isinstance(of, Circle):
        return (circle(of),)
    if isinstance(of, Box):
        return (((of.west, of.south), (of.east, of.south), (of.east, of.north), (of.west, of.north)),)
    return (of.corners, *of.holes)


def frame(of: Iterable[Shape]) -> Frame:
    """Return the frame that holds the shapes."""
    points = [point for shape in of for point in rings(shape)[0]]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


@lru_cache(maxsize=64)
def square_metres(of: Area) -> float:
    """Return the ground that the shapes cover together, each place once, by the rules that points are tested by.

    Edges are straight in longitude and latitude, as the test has them: between two parallels, where none meets another, the
    ground between two edges is the integral of the distance between them times the cosine of the latitude.
    """
    if len(of.shapes) == 1 and isinstance(alone := of.shapes[0], Circle):
        return math.tau * RADIUS**2 * (1 - math.cos(min(math.pi, alone.metres / RADIUS)))
    edges = sorted(_edges(of.shapes), key=lambda edge: edge[1])
    levels = sorted({y for edge in edges for y in (edge[1], edge[3])})
    total, begun, here = 0.0, 0, list[Edge]()
    for low, high in pairwise(levels):
        here = [edge for edge in here if edge[3] > low]
        while begun < len(edges) and edges[begun][1] <= low:
            here.append(edges[begun])
            begun += 1
        total += sum(_strip(here, bottom, top) for bottom, top in _unmixed(here, low, high))
    return total * RADIUS**2


def _edges(shapes: Sequence[Shape]) -> Iterator[Edge]:
    for number, shape in enumerate(shapes):
        for which, ring in enumerate(rings(shape)):
            points = [(math.radians(x), math.radians(y)) for x, y in ring]
            for one, other in zip(points, (*points[1:], points[0]), strict=True):
                if one[1] != other[1]:
                    (x1, y1), (x2, y2) = sorted((one, other), key=lambda point: point[1])
                    yield x1, y1, x2, y2, number, which


def _across(edge: Edge, y: float) -> float:
    x1, y1, x2, y2, *_ = edge
    return x1 + (x2 - x1) * (y - y1) / (y2 - y1)


def _unmixed(edges: Sequence[Edge], low: float, high: float) -> list[tuple[float, float]]:
    """Return the parts of a strip of latitude in which no edge meets another."""
    ends = sorted((_across(edge, low), _across(edge, high)) for edge in edges)
    cuts = {low, high}
    if any(one[1] > other[1] for one, other in pairwise(ends)):
        for n, (left, right) in enumerate(ends):
            for other_left, other_right in ends[n + 1 :]:
                if right > other_right:
                    cuts.add(low + (high - low) * (other_left - left) / ((other_left - left) + (right - other_right)))
    held = sorted(cuts)
    return list(pairwise(held))


def _strip(edges: Sequence[Edge], low: float, high: float) -> float:
    """Return the ground inside any shape between two parallels, on the unit sphere."""
    middle = (low + high) / 2
    odd, inside, total, since = dict[int, set[int]](), set[int](), 0.0, None
    for edge in sorted(edges, key=lambda each: _across(each, middle)):
        odd[edge[4]] = odd.get(edge[4], set()) ^ {edge[5]}
        (inside.add if odd[edge[4]] == {0} else inside.discard)(edge[4])
        if inside and since is None:
            since = edge
        elif not inside and since is not None:
            bottom, top = (_across(edge, y) - _across(since, y) for y in (low, high))
            total += top * math.sin(high) - bottom * math.sin(low) + (top - bottom) / (high - low) * (math.cos(high) - math.cos(low))
            since = None
    return total

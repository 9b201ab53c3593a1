"""Which place comes next to the left, right, up and down of each: a neighbour where there is one, and none out of reach."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from console.app.map.raster import Place

Point = tuple[float, float]
Choice = dict[str, list[int | None]]  # by way, a place for each
WAYS: dict[str, Callable[[float, float], Point]] = {  # east and north as ahead and aside, each a quarter turn from the last
    "right": lambda x, y: (x, y), "up": lambda x, y: (y, -x), "left": lambda x, y: (-x, -y), "down": lambda x, y: (-y, x),
}  # fmt: skip
ASIDE = 2.0  # how much farther a step aside counts than one ahead


def toward(way: str, start: Point, others: Iterable[tuple[int, Point]]) -> int | None:
    """Return which of the points lies best that way: the nearest in a quarter of the compass, else on that side; or None."""
    offsets = _offsets(way, start, others)
    ahead = [each for each in offsets if _within(each)] or [each for each in offsets if each[0] > 0]
    return min(ahead, key=_far)[2] if ahead else None


def ways(places: Sequence[Place]) -> Choice:
    """Return the next place each way from each, so that a sequence of steps leads from any place to any other.

    A place that touches comes first, then the nearest. Where that would leave some out of reach, a step there takes the place
    least far ahead in its quarter: the directed theta-4 graph, in which every point has a path to every other (Bose, De Carufel,
    Hill and Smid 2019, "On the Spanning and Routing Ratio of the Directed Theta-Four Graph").
    """
    points = _plane(places)
    everyone = list(enumerate(points))
    touching = _touching(places)
    made: Choice = {way: [] for way in WAYS}
    sure: Choice = {way: [] for way in WAYS}
    for number, start in enumerate(points):
        others = [each for each in everyone if each[1] != start]
        near = [each for each in others if each[0] in touching[number]]
        for way in WAYS:
            beside = [each for each in _offsets(way, start, near) if _within(each)]
            made[way].append(min(beside, key=_far)[2] if beside else toward(way, start, others))
            quarter = [each for each in _offsets(way, start, others) if _within(each)]
            sure[way].append(min(quarter)[2] if quarter else None)
    while (cut := _closed(made, len(points))) is not None and (leaves := _leaving(sure, cut)) is not None:
        way, number = leaves
        made[way][number] = sure[way][number]
    return made


def _plane(places: Sequence[Place]) -> list[Point]:
    """Return where the places are named, in degrees of latitude."""
    wide = math.cos(math.radians(sum(place.lat for place in places) / max(1, len(places))))
    return [(place.lon * wide, place.lat) for place in places]


def _offsets(way: str, start: Point, others: Iterable[tuple[int, Point]]) -> list[tuple[float, float, int]]:
    turn = WAYS[way]
    return [(*turn(x - start[0], y - start[1]), number) for number, (x, y) in others]


def _within(offset: tuple[float, float, int]) -> bool:
    ahead, aside, _ = offset
    return -ahead < aside <= ahead


def _far(offset: tuple[float, float, int]) -> tuple[float, int]:
    return math.hypot(offset[0], ASIDE * offset[1]), offset[2]


def _touching(places: Sequence[Place]) -> list[set[int]]:
    """Return the places that share a corner with each."""
    holders: dict[Point, set[int]] = {}
    for number, place in enumerate(places):
        for corner in chain.from_iterable(place.rings):
            holders.setdefault(corner, set()).add(number)
    found: list[set[int]] = [set() for _ in places]
    for shared in holders.values():
        for number in shared:
            found[number] |= shared - {number}
    return found


def _closed(of: Choice, count: int) -> set[int] | None:
    """Return places that no step leaves, though there are others, or None where every place reaches every other."""
    steps = [{step for way in WAYS if (step := of[way][number]) is not None} for number in range(count)]
    back: list[set[int]] = [set() for _ in range(count)]
    for number, to in enumerate(steps):
        for each in to:
            back[each].add(number)
    if len(reached := _reached(steps)) < count:
        return reached
    return set(range(count)) - coming if len(coming := _reached(back)) < count else None


def _reached(steps: Sequence[set[int]]) -> set[int]:
    found, edge = {0}, {0}
    while edge:
        edge = set().union(*(steps[number] for number in edge)) - found
        found |= edge
    return found


def _leaving(sure: Choice, cut: set[int]) -> tuple[str, int] | None:
    return next(((way, number) for number in sorted(cut) for way in WAYS if sure[way][number] not in (None, *cut)), None)

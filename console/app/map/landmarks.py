"""What people find their way by: towns by rank and main roads of `data/geography`, where there are any."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from console import files
from console.app.map.raster import Place

PLACES = 9  # the rank of places' own names, behind every town's


@dataclass(frozen=True, slots=True)
class Name:
    """A name on the map; rank 1 goes first. `dot` is whether its point is marked, else the name stands on it."""

    text: str
    lon: float
    lat: float
    rank: int
    dot: bool = True


@dataclass(frozen=True, slots=True)
class Road:
    """A main road: its number, `motorway` or another class, and its points from end to end."""

    name: str
    kind: str
    line: tuple[tuple[float, float], ...]


@cache
def towns() -> tuple[Name, ...]:
    """Return the towns, the first in rank and size first."""
    found = []
    for said, shape in _features("towns"):
        lon, lat = shape["coordinates"]
        found.append((said.get("rank", PLACES - 1), -said.get("population", 0), Name(str(said["name"]), lon, lat, said.get("rank", 8))))
    return tuple(name for _, _, name in sorted(found, key=lambda each: each[:2]))


@cache
def roads() -> tuple[Road, ...]:
    """Return the main roads."""
    return tuple(
        Road(str(said["road"]), str(said["class"]), tuple((x, y) for x, y, *_ in shape["coordinates"]))
        for said, shape in _features("roads")
    )


def names(places: Sequence[Place]) -> tuple[Name, ...]:
    """Return the towns, then the places' own names."""
    return (*towns(), *(Name(place.name, place.lon, place.lat, PLACES, dot=False) for place in places))


def _features(name: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    path = files.data() / "geography" / f"{name}.geojson"
    body = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"features": []}
    for feature in body["features"]:
        yield feature["properties"], feature["geometry"]

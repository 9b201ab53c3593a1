"""Which beat holds a point, exactly, and which district a beat or a census area's name is of."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import shapely

from console import files

Column = np.ndarray[Any, Any]


@cache
def _beats() -> tuple[shapely.STRtree, Column, dict[str, str]]:
    body = json.loads((files.data() / "geography" / "beats.geojson").read_text(encoding="utf-8"))
    shapes = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in body["features"]]
    told = [feature["properties"] for feature in body["features"]]
    return shapely.STRtree(shapes), np.array([each["beat"] for each in told], object), {each["beat"]: each["district"] for each in told}


def beats_of(lons: Column, lats: Column) -> Column:
    """Return the beat code that holds each point (WGS84 degrees), None outside all or where a coordinate is NaN.

    A point on a border is of the first beat in the file that touches it.
    """
    tree, codes, _ = _beats()
    found = np.full(len(lons), None, dtype=object)
    whole = np.flatnonzero(np.isfinite(lons) & np.isfinite(lats))
    points, back = np.unique(lons[whole] + 1j * lats[whole], return_inverse=True)
    at = np.full(len(points), len(codes))
    indices, shapes = tree.query(shapely.points(points.real, points.imag), predicate="intersects")
    np.minimum.at(at, indices, shapes)
    inside = at[back] < len(codes)
    found[whole[inside]] = codes[at[back][inside]]
    return found


def district_of_beat() -> dict[str, str]:
    """Return each beat's district."""
    return _beats()[2]


@cache
def _areas() -> dict[str, str]:
    with (files.data() / "reference" / "lsoa_area.csv").open(encoding="utf-8", newline="") as file:
        return {row["name_prefix"]: row["district"] for row in csv.DictReader(file)}


def districts_of_lsoa(names: Iterable[str]) -> list[str | None]:
    """Return the district of each census area by its name less the last word, None where it is of no district here."""
    areas = _areas()
    return [areas.get(name.rpartition(" ")[0]) for name in names]

"""Which beat holds a point, exactly, and which district a census area's name is of."""

from __future__ import annotations

import csv
import json
from functools import cache
from typing import Any

import numpy as np
import shapely

from console import files


@cache
def _beats() -> tuple[shapely.STRtree, np.ndarray[Any, Any], dict[str, str]]:
    body = json.loads((files.data() / "geography" / "beats.geojson").read_text(encoding="utf-8"))
    shapes = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in body["features"]]
    told = [feature["properties"] for feature in body["features"]]
    return shapely.STRtree(shapes), np.array([each["beat"] for each in told], object), {each["beat"]: each["district"] for each in told}


def beats_of(lons: np.ndarray[Any, Any], lats: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the beat code that holds each point (WGS84 degrees), None outside all or where a coordinate is NaN."""
    tree, codes, _ = _beats()
    found = np.full(len(lons), None, dtype=object)
    whole = np.flatnonzero(np.isfinite(lons) & np.isfinite(lats))
    points, back = np.unique(np.column_stack([lons[whole], lats[whole]]), axis=0, return_inverse=True)
    at = np.full(len(points), -1)
    indices, shapes = tree.query(shapely.points(points), predicate="intersects")
    at[indices[::-1]] = shapes[::-1]
    beat = at[back.ravel()]
    found[whole[beat >= 0]] = codes[beat[beat >= 0]]
    return found


def district_of_beat() -> dict[str, str]:
    """Return each beat's district."""
    return _beats()[2]


@cache
def district_of_area() -> dict[str, str]:
    """Return the district of each prefix of census area names."""
    with (files.data() / "reference" / "lsoa_area.csv").open(encoding="utf-8", newline="") as file:
        return {row["name_prefix"]: row["district"] for row in csv.DictReader(file)}

"""Which beat and district a place is of, against the outlines taken one by one."""

from __future__ import annotations

import json

import numpy as np
import shapely

from console import files
from console.feed import places


def shapes(name: str) -> dict[str, shapely.Geometry]:
    body = json.loads((files.data() / "geography" / f"{name}.geojson").read_text(encoding="utf-8"))
    key = "beat" if name == "beats" else "name"
    return {each["properties"][key]: shapely.from_geojson(json.dumps(each["geometry"])) for each in body["features"]}


def test_a_point_is_of_the_beat_that_covers_it() -> None:
    """Random points over the force and around it: the beat covers the point; without a beat, none does."""
    beats = shapes("beats")
    rng = np.random.default_rng(5)
    lons, lats = rng.uniform(-4.0, -2.1, 400), rng.uniform(50.7, 51.8, 400)
    found = places.beats_of(lons, lats)
    for lon, lat, beat in zip(lons, lats, found, strict=True):
        point = shapely.Point(lon, lat)
        covering = {name for name, shape in beats.items() if shapely.covers(shape, point)}
        assert beat in covering if covering else beat is None
    assert 100 < sum(beat is not None for beat in found) < 300


def test_a_border_point_is_always_of_the_same_beat() -> None:
    """A corner shared by beats is of the first of them in the file, wherever it stands among other points."""
    beats = shapes("beats")
    points = np.unique([shapely.get_coordinates(shape)[0] for shape in beats.values()], axis=0)
    found = places.beats_of(points[:, 0], points[:, 1])
    expected = [next((name for name, shape in beats.items() if shapely.intersects(shape, shapely.Point(*each))), None) for each in points]
    assert found.tolist() == expected
    assert any(sum(bool(shapely.intersects(shape, shapely.Point(*each))) for shape in beats.values()) > 1 for each in points)
    assert places.beats_of(points[::-1, 0], points[::-1, 1]).tolist() == expected[::-1]


def test_no_coordinate_is_of_no_beat() -> None:
    """NaN, infinity and places beyond the outline are of none; no points give none; repeats agree."""
    nan, inf = float("nan"), float("inf")
    lons = np.array([nan, -2.595, -2.595, inf, 0.5, -2.595])
    lats = np.array([51.454, nan, 51.454, 51.454, 53.9, 51.454])
    assert places.beats_of(lons, lats).tolist() == [None, None, "BC01", None, None, "BC01"]
    assert places.beats_of(np.array([]), np.array([])).tolist() == []


def test_districts() -> None:
    """Every beat has one of the districts; an area's name gives its district, commas, old names and all."""
    districts = set(shapes("districts"))
    assert set(places.district_of_beat()) == set(shapes("beats"))
    assert set(places.district_of_beat().values()) == districts
    given = {
        "Bristol 001A": "Bristol", "Bristol, City of 001A": "Bristol", "Bath and North East Somerset 022D": "Bath and North East Somerset",
        "North Somerset 001A": "North Somerset", "South Somerset 001A": "Somerset", "Taunton Deane 013B": "Somerset",
        "Bournemouth, Christchurch and Poole 044G": None, "Bristolian 001A": None, "Bristol": None, "": None,
    }  # fmt: skip
    assert places.districts_of_lsoa(list(given)) == list(given.values())

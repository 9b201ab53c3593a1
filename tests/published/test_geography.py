"""The force's geography: it tiles, nests, rebuilds from its seeds, and agrees with published boundaries."""

from __future__ import annotations

import csv
import json
import os
import runpy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from shapely import Point, union_all
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

ROOT = Path(__file__).parents[2]
GEOGRAPHY = ROOT / "data" / "geography"
PUBLISHED = Path(os.environ.get("CONSOLE_TEST_DATA", ROOT.parent / "shared" / "data")) / "boundaries"
LAYERS = ("outline", "beats", "sectors", "districts", "towns", "roads")
DISTRICTS = {
    "Bath and North East Somerset": 193_400,
    "Bristol": 472_400,
    "North Somerset": 216_700,
    "Somerset": 571_500,
    "South Gloucestershire": 290_400,
}
AUTHORITIES = {
    "E06000022": "Bath and North East Somerset",
    "E06000023": "Bristol",
    "E06000024": "North Somerset",
    "E06000025": "South Gloucestershire",
}

Layer = list[tuple[dict[str, Any], BaseGeometry]]

needs_published = pytest.mark.skipif(not PUBLISHED.is_dir(), reason="no published boundaries: see CONSOLE_TEST_DATA")


def read(path: Path) -> Layer:
    """Return the properties and shape of each feature of a file."""
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return [(feature["properties"], shape(feature["geometry"])) for feature in features]


@pytest.fixture(scope="module")
def layers() -> dict[str, Layer]:
    return {name: read(GEOGRAPHY / f"{name}.geojson") for name in LAYERS}


@pytest.fixture(scope="module")
def outline(layers: dict[str, Layer]) -> BaseGeometry:
    return layers["outline"][0][1]


def test_every_shape_is_valid(layers: dict[str, Layer]) -> None:
    for name, layer in layers.items():
        for properties, geometry in layer:
            assert geometry.is_valid, (name, properties)
            assert not geometry.is_empty, (name, properties)


def test_one_feature_a_line_and_five_places() -> None:
    for name in LAYERS:
        text = (GEOGRAPHY / f"{name}.geojson").read_text(encoding="utf-8")
        assert "\r" not in text
        first, *lines, last = text.splitlines()
        assert (first, last) == ('{"type":"FeatureCollection","features":[', "]}")
        for line in lines:
            feature = json.loads(line.removesuffix(","), parse_float=str)
            numbers = json.dumps(feature["geometry"]).replace('"', "").replace("[", " ").replace("]", " ").split()
            assert all(len(n.strip(",").partition(".")[2]) <= 5 for n in numbers if "." in n), name


def test_counts(layers: dict[str, Layer]) -> None:
    assert len(layers["outline"]) == 1
    assert 110 <= len(layers["beats"]) <= 140
    assert 11 <= len(layers["sectors"]) <= 15
    assert {properties["district"] for properties, _ in layers["districts"]} == set(DISTRICTS)
    assert len(layers["districts"]) == 5
    assert 40 <= len(layers["towns"]) <= 55
    assert {"M4", "M5", "M32", "A4", "A37", "A38", "A46", "A303", "A39", "A358", "A361", "A30"} <= {
        properties["road"] for properties, _ in layers["roads"]
    }


def test_names_and_codes_are_unique(layers: dict[str, Layer]) -> None:
    for layer, keys in (
        ("beats", ("beat", "name")),
        ("sectors", ("sector", "code")),
        ("districts", ("district", "code")),
        ("towns", ("name",)),
        ("roads", ("road",)),
    ):
        for key in keys:
            values = Counter(properties[key] for properties, _ in layers[layer])
            assert max(values.values()) == 1, (layer, values.most_common(1))
    for properties, _ in layers["beats"]:
        beat = properties["beat"]
        assert len(beat) == 4, beat
        assert beat[:2].isupper(), beat
        assert beat[2:].isdigit(), beat


def test_beats_tile_the_outline(layers: dict[str, Layer], outline: BaseGeometry) -> None:
    shapes = [geometry for _, geometry in layers["beats"]]
    whole = union_all(shapes)
    assert sum(geometry.area for geometry in shapes) == pytest.approx(outline.area, rel=1e-3)
    assert sum(geometry.area for geometry in shapes) == pytest.approx(whole.area, rel=1e-5), "beats overlap"
    assert whole.symmetric_difference(outline).area / outline.area < 1e-3


def test_each_seed_lies_in_its_own_beat_alone(layers: dict[str, Layer]) -> None:
    for properties, _ in layers["beats"]:
        seed = Point(properties["lon"], properties["lat"])
        holders = [other["beat"] for other, geometry in layers["beats"] if geometry.contains(seed)]
        assert holders == [properties["beat"]]


@pytest.mark.parametrize(("level", "layer"), [("sector", "sectors"), ("district", "districts")])
def test_levels_are_the_unions_of_their_beats(layers: dict[str, Layer], level: str, layer: str) -> None:
    names = {properties[level] for properties, _ in layers["beats"]}
    assert {properties[level] for properties, _ in layers[layer]} == names
    for properties, geometry in layers[layer]:
        assert properties["name"] == properties[level]
        own = union_all([part for beat, part in layers["beats"] if beat[level] == properties[level]])
        assert geometry.symmetric_difference(own).area / own.area < 1e-4


def test_each_sector_lies_in_one_district_and_has_one_prefix(layers: dict[str, Layer]) -> None:
    sectors = {properties["sector"]: properties for properties, _ in layers["sectors"]}
    for properties, _ in layers["beats"]:
        sector = sectors[properties["sector"]]
        assert (sector["district"], sector["code"]) == (properties["district"], properties["beat"][:2])


def test_population_and_night(layers: dict[str, Layer]) -> None:
    population: Counter[str] = Counter()
    for properties, _ in layers["beats"]:
        population[properties["district"]] += properties["population"]
        assert properties["population"] > 0
        assert 0 <= properties["night"] <= 1
    assert population == DISTRICTS
    assert population.total() == pytest.approx(1_744_400, rel=0.01)
    liveliest = max(layers["beats"], key=lambda beat: float(beat[0]["night"]))
    assert liveliest[0]["name"] == "City Centre"


def test_towns_and_roads_belong_to_the_force(layers: dict[str, Layer], outline: BaseGeometry) -> None:
    for properties, town in layers["towns"]:
        assert outline.contains(town), properties["name"]
        assert properties["rank"] in (1, 2, 3, 4)
    for properties, road in layers["roads"]:
        assert road.intersection(outline).length / road.length > 0.7, properties["road"]  # the A30 runs through Dorset
        assert properties["class"] in ("motorway", "primary")
        assert 40 <= properties["speed_kmh"] <= 120


def test_the_files_rebuild_from_the_seeds(tmp_path: Path) -> None:
    runpy.run_path(str(GEOGRAPHY / "build.py"))["build"](tmp_path)
    for name in LAYERS:
        made = (tmp_path / f"{name}.geojson").read_bytes()
        assert made == (GEOGRAPHY / f"{name}.geojson").read_bytes(), f"{name}: run data/geography/build.py"


def test_every_place_of_a_csv_is_used(layers: dict[str, Layer]) -> None:
    for name, layer in (("seeds", "beats"), ("towns", "towns"), ("roads", "roads")):
        with (GEOGRAPHY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert len(list(csv.DictReader(file))) == len(layers[layer])


@needs_published
def test_outline_agrees_with_the_published_one(outline: BaseGeometry) -> None:
    forces = read(PUBLISHED / "police_boundaries_wgs84.geojson")
    published = next(geometry for properties, geometry in forces if "Avon" in properties["pfa16nm"]).buffer(0)
    assert outline.intersection(published).area / outline.union(published).area >= 0.93


@needs_published
def test_districts_agree_with_the_published_ones(layers: dict[str, Layer]) -> None:
    right = total = 0
    for path in sorted(PUBLISHED.glob("msoa_E*.json")):
        expected = AUTHORITIES.get(path.stem.removeprefix("msoa_"), "Somerset")
        for _, area in read(path):
            total += 1
            right += any(
                properties["district"] == expected and geometry.contains(area.centroid) for properties, geometry in layers["districts"]
            )
    assert total > 200
    assert right / total >= 0.95

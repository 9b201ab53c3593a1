"""Areas: every polygon of a file is taken, holes are left out, and what is written means the same again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given

from console import files
from console.desk import area, grammar
from console.desk.selection import Area, Box, Circle, Polygon
from console.engine.reading import load
from console.engine.scope import Scope
from console.store import sql
from console.store.database import Store, open_store
from tests.laws.worlds import NOW, shapes

SQUARE = [[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]
HOLE = [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]
AWAY = [[[10, 10], [11, 10], [11, 11], [10, 10]]]


def inside(store: Store, held: Area, lon: float, lat: float) -> bool:
    """Return whether a point lies in an area, by its predicate."""
    scope = Scope(load(files.queries() / "model.toml"), NOW)
    text = scope.clause(scope.model.fields["area"], "lon, lat", held)
    with store.reader() as cursor:
        found = sql.run(cursor, f"select {text} from (select {lon} as lon, {lat} as lat)", scope.parameters).fetchone()
    assert found
    return bool(found[0])


def test_every_polygon_of_a_file(tmp_path: Path) -> None:
    """Of a collection of features, of several polygons and of geometries; a hole is no part of it, and nothing else is."""
    features = [
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [SQUARE, HOLE]}},
        {"type": "Feature", "geometry": None},
        {"type": "Feature", "geometry": {"type": "GeometryCollection", "geometries": [{"type": "MultiPolygon", "coordinates": [AWAY]}]}},
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [50, 50]}},
    ]
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    held = area.area(f"@{path}")
    assert len(held.shapes) == 2
    store = open_store(tmp_path / "a.duckdb")
    points = [(0.5, 0.5), (1.5, 1.5), (3.0, 3.0), (10.9, 10.5), (10.1, 10.9), (50.0, 50.0)]
    assert [inside(store, held, *point) for point in points] == [True, False, True, True, False, False]
    store.close()


def test_the_districts(tmp_path: Path) -> None:
    """All the districts of the force, not the first."""
    path = files.data() / "geography" / "districts.geojson"
    rings = json.loads(path.read_text(encoding="utf-8"))["features"]
    assert len(area.area(f"@{path}").shapes) >= len(rings) == 5


@pytest.mark.parametrize(
    "body",
    ["{}", "[]", "nothing", '{"type": "Point", "coordinates": [1, 2]}', '{"type": "Polygon", "coordinates": [[[NaN, 1], [2, 3], [4, 5]]]}'],
)
def test_what_is_no_area(tmp_path: Path, body: str) -> None:
    """A file without a polygon of finite corners is refused."""
    path = tmp_path / "a.geojson"
    path.write_text(body, encoding="utf-8")
    with pytest.raises(ValueError, match="polygon"):
        area.area(f"@{path}")


HOLED = Polygon(((0.0, 0.0), (4.0, 0.0), (4.0, 4.0)), (((1.0, 0.5), (2.0, 0.5), (2.0, 1.25)),))


@given(shapes)
def test_written_and_read(shape: Circle | Box | Polygon) -> None:
    """A shape's text means exactly that shape."""
    for each in (shape, HOLED):
        (text,) = grammar.texts("area", Area((each,)))
        assert area.area(text.removeprefix("area=")) == Area((each,))

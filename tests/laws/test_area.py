"""Areas: what lies in one by every way of asking, how large it is, and that what is written means the same again."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from console import files
from console.desk import area, grammar, sphere
from console.desk.selection import Area, Box, Circle, Polygon
from console.engine.index import clauses
from console.engine.index.kernel import Kernel
from console.engine.index.kernel import load as load_kernel
from console.engine.index.numbers import Numbers
from console.engine.reading import load
from console.engine.scope import Scope
from console.store import sql
from console.store.database import Store, open_store
from tests.laws.worlds import NOW, shapes

Array = np.ndarray[Any, Any]
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


FAULTS = {
    "its type": ('{"type": "Topology", "objects": {}}', "'Topology' is no type of GeoJSON"),
    "no type": ("[1, 2]", "it has no type"),
    "text": ("lon,lat", "not JSON"),
    "no features": ('{"type": "FeatureCollection"}', "without features"),
    "corner of words": ('{"type": "Polygon", "coordinates": [[["a", 1], [2, 3], [4, 5]]]}', "a corner is"),
    "corner of one": ('{"type": "Polygon", "coordinates": [[[1], [2, 3], [4, 5]]]}', "a corner is"),
    "flat list": ('{"type": "Polygon", "coordinates": [[1, 2, 3, 4]]}', "a corner is"),
    "two corners": ('{"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [1, 1]]]}', "three corners"),
    "grid of a country": ('{"type": "Polygon", "coordinates": [[[358000, 173000], [359000, 173000], [359000, 174000]]]}', "not degrees"),
    "latitude first": ('{"type": "Polygon", "coordinates": [[[51, -102], [51, -103], [52, -102]]]}', "longitude comes first"),
    "antimeridian": ('{"type": "Polygon", "coordinates": [[[170, 1], [-170, 1], [-170, 2], [170, 2]]]}', "antimeridian"),
    "no coordinates": ('{"type": "Polygon"}', "without coordinates"),
    "only a line": ('{"type": "LineString", "coordinates": [[1, 1], [2, 2]]}', "no polygon in it"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_file_is_refused_with_its_name_and_fault(tmp_path: Path, fault: str) -> None:
    """The reason names the file and what is wrong in it."""
    path = tmp_path / "beats of mine.geojson"
    body, said = FAULTS[fault]
    path.write_text(body, encoding="utf-8")
    with pytest.raises(ValueError, match=said) as refused:
        area.area(f"@{path}")
    assert str(path) in str(refused.value)


def test_a_file_that_can_not_be_read(tmp_path: Path) -> None:
    """One that isn't there, a folder, one that is no text."""
    (tmp_path / "b.geojson").write_bytes(b"\xff\xfe\x00")
    for name, said in (("none.geojson", "No such file"), ("", "directory"), ("b.geojson", "UTF-8")):
        with pytest.raises(ValueError, match=said):
            area.area(f"@{tmp_path / name}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("circle(-2.5,51)", "longitude, latitude, metres"), ("circle(-2.5,51,0)", "above 0"), ("circle(51,-102,10)", "longitude comes first"),
        ("box(1,2,1,3)", "west comes before east"), ("box(170,1,-170,2)", "antimeridian"), ("box(1,2,a,3)", "west, south, east, north"),
        ("polygon(1 2,3 4)", "three corners"), ("polygon(1 2 3,4 5,6 7)", "longitude, latitude"), ("round(1,2,3)", "write circle"),
    ],
)  # fmt: skip
def test_a_wrong_text_is_refused_with_its_fault(text: str, said: str) -> None:
    """The reason says what the text takes."""
    with pytest.raises(ValueError, match=said):
        area.area(text)


HOLED = Polygon(((0.0, 0.0), (4.0, 0.0), (4.0, 4.0)), (((1.0, 0.5), (2.0, 0.5), (2.0, 1.25)),))


@given(shapes)
def test_written_and_read(shape: Circle | Box | Polygon) -> None:
    """A shape's text means exactly that shape."""
    for each in (shape, HOLED):
        (text,) = grammar.texts("area", Area((each,)))
        assert area.area(text.removeprefix("area=")) == Area((each,))


anywhere = st.tuples(st.floats(-89, 89), st.floats(-89, 89))
rings = st.lists(anywhere, min_size=3, max_size=40, unique=True).map(tuple)
drawn = st.one_of(
    shapes,
    st.builds(Polygon, rings, st.lists(rings, max_size=2).map(tuple)),
    st.builds(Circle, st.floats(-180, 180), st.floats(-90, 90), st.floats(1e-3, 1e7)),
)


@given(st.lists(drawn, min_size=1, max_size=4).map(lambda held: Area(tuple(held))))
def test_any_area_goes_out_and_comes_in(held: Area) -> None:
    """By its texts and by a GeoJSON file; a circle stays that circle, corners keep every digit and their order."""
    texts = grammar.texts("area", held)
    assert Area(tuple(shape for text in texts for shape in area.area(text.removeprefix("area=")).shapes)) == held
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.geojson"
        path.write_text(area.geojson(held, {"marking": "OFFICIAL", "time": "2026-11-23T21:40Z"}), encoding="utf-8")
        assert area.area(f"@{path}") == held
    body = json.loads(area.geojson(held, {"marking": "OFFICIAL"}))
    for feature, shape in zip(body["features"], held.shapes, strict=True):
        assert feature["properties"]["marking"] == "OFFICIAL"
        assert feature["properties"]["shape"] == area.written(shape)
        for ring in feature["geometry"]["coordinates"]:
            assert ring[0] == ring[-1]
            assert len(ring) == 129 if isinstance(shape, Circle) else len(ring) >= 4


def test_a_circle_that_was_changed_elsewhere_is_the_polygon_it_became(tmp_path: Path) -> None:
    """Its text stands for it only as long as its corners are the circle's."""
    path = tmp_path / "a.geojson"
    body = json.loads(area.geojson(Area((Circle(-2.5, 51.4, 2000.0),))))
    body["features"][0]["geometry"]["coordinates"][0][3][0] += 0.01
    path.write_text(json.dumps(body), encoding="utf-8")
    (shape,) = area.area(f"@{path}").shapes
    assert isinstance(shape, Polygon)
    assert len(shape.corners) == 128


def test_shapely_takes_what_is_written(tmp_path: Path) -> None:
    """Another reader of GeoJSON finds the same ground, outlines anticlockwise and holes clockwise."""
    held = Area((Circle(-2.5, 51.4, 2000.0), Box(-2.7, 51.4, -2.5, 51.5), HOLED))
    made: list[Any] = [shapely.from_geojson(json.dumps(each["geometry"])) for each in json.loads(area.geojson(held))["features"]]
    assert all(each.is_valid and each.exterior.is_ccw for each in made)
    assert not made[2].interiors[0].is_ccw
    assert made[1].bounds == (-2.7, 51.4, -2.5, 51.5)
    assert made[2].area == pytest.approx(8.0 - 0.375)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store to ask of."""
    held = open_store(tmp_path_factory.mktemp("area") / "a.duckdb")
    yield held
    held.close()


@pytest.fixture(scope="module")
def kernels() -> tuple[Kernel, Kernel]:
    """The compiled loops, and those of a machine without a compiler."""
    return load_kernel(compiled=True), load_kernel(compiled=False)


def by_sql(store: Store, held: Area, xs: list[float], ys: list[float]) -> list[bool]:
    """Return which points lie in an area, by its predicate."""
    scope = Scope(load(files.queries() / "model.toml"), NOW)
    text = scope.clause(scope.model.fields["area"], "lon, lat", held)
    with store.reader() as cursor:
        query = f"select {text} from (select unnest($xs) as lon, unnest($ys) as lat)"
        return [bool(one) for (one,) in sql.run(cursor, query, {**scope.parameters, "xs": xs, "ys": ys}).fetchall()]


def by_index(kernel: Kernel, held: Area, xs: Array, ys: Array, packed: bool) -> list[bool]:
    """Return the same by the index's loops, over points held as they are or as whole numbers of a millionth."""
    x, y = (Numbers(np.rint(each * 1e6).astype(np.int32), scale=1e6) if packed else Numbers(each) for each in (xs, ys))
    words = -(-xs.size // 64)
    flags = np.zeros(words * 64, bool)
    for shape in held.shapes:
        filled = np.zeros(words, np.uint64)
        clauses.shaped(kernel, x, y, shape)(x.held, y.held, filled, 0, words)
        flags |= np.unpackbits(filled.view(np.uint8), bitorder="little").astype(bool)
    return [bool(one) for one in flags[: xs.size]]


# Corners on few lines, so that rings touch and cross themselves, edges are level and upright, and points lie on edges and corners.
few = st.tuples(st.integers(0, 8), st.integers(0, 8)).map(lambda at: (at[0] / 8 - 3, at[1] / 8 + 51))
fine = st.tuples(st.integers(-3_000_000, -2_000_000), st.integers(51_000_000, 52_000_000)).map(lambda at: (at[0] / 1e6, at[1] / 1e6))
outlines = st.one_of(
    *(
        st.lists(points, min_size=3, max_size=most, unique=True).map(tuple)
        for points, most in ((few, 12), (fine, 40), (st.one_of(few, fine), 12))
    )
)
polygons = st.builds(Polygon, outlines, st.lists(outlines, max_size=2).map(tuple))


@pytest.mark.parametrize("examples", [60, pytest.param(5000, marks=pytest.mark.long)])
def test_every_way_of_asking_says_the_same(store: Store, kernels: tuple[Kernel, Kernel], examples: int) -> None:
    """Of any polygon: both kernels, over points held either way, and SQL say the same of every point, shapely of all but those on an edge."""

    @settings(max_examples=examples, deadline=None)
    @given(polygons, st.lists(st.one_of(few, fine), max_size=80), st.integers(0, 2**32))
    def check(shape: Polygon, points: list[tuple[float, float]], seed: int) -> None:
        draw = np.random.default_rng(seed)
        near = [
            (x + dx * 1e-6, y + dy * 1e-6)
            for ring in (shape.corners, *shape.holes)
            for x, y in ring
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
        ]
        spread = np.column_stack((draw.uniform(-3.1, -1.9, 300), draw.uniform(50.9, 52.1, 300)))
        found = np.round(np.concatenate((np.array([*points, *near]), spread)), 6)
        xs, ys = np.ascontiguousarray(found[:, 0]), np.ascontiguousarray(found[:, 1])
        held = Area((shape,))
        told = by_sql(store, held, xs.tolist(), ys.tolist())
        for kernel in kernels:
            for packed in (False, True):
                assert by_index(kernel, held, xs, ys, packed) == told
        rings = [shapely.Polygon(ring) for ring in (shape.corners, *shape.holes)]
        if all(ring.is_valid for ring in rings):
            outline, *holes = rings
            theirs = shapely.contains_xy(outline, xs, ys)
            for hole in holes:
                theirs &= ~shapely.contains_xy(hole, xs, ys)
            clear = np.min([shapely.distance(ring.exterior, shapely.points(xs, ys)) for ring in rings], axis=0) > 1e-9
            assert theirs[clear].tolist() == np.array(told)[clear].tolist()

    check()


def test_of_neighbours_a_point_on_their_border_is_in_one(store: Store, kernels: tuple[Kernel, Kernel]) -> None:
    """Half-open: squares side by side share no point and leave none out, corners and edges of them included."""
    sides = [n / 4 for n in range(5)]
    squares = [Polygon(((x, y), (x + 0.25, y), (x + 0.25, y + 0.25), (x, y + 0.25))) for x in sides[:-1] for y in sides[:-1]]
    xs, ys = (np.array(each, float) for each in zip(*((x / 8, y / 8) for x in range(8) for y in range(8)), strict=True))
    for kernel in kernels:
        told = [by_index(kernel, Area((each,)), xs, ys, False) for each in squares]
        assert [sum(column) for column in zip(*told, strict=True)] == [1] * 64
        assert told == [by_sql(store, Area((each,)), xs.tolist(), ys.tolist()) for each in squares]


@pytest.mark.parametrize(
    "of", [Circle(179.99, 51.4, 5000.0), Circle(-179.99, -16.0, 90_000.0), Circle(0.0, 89.99, 30_000.0), Circle(-2.5, 51.4, 2e7)]
)
def test_a_circle_over_the_antimeridian_or_a_pole(store: Store, kernels: tuple[Kernel, Kernel], of: Circle) -> None:
    """It holds the points beyond, by either way."""
    draw = np.random.default_rng(1)
    xs = np.round(np.concatenate((draw.uniform(-180, 180, 2000), draw.uniform(179.8, 180, 500), draw.uniform(-180, -179.8, 500))), 6)
    ys = np.round(np.concatenate((draw.uniform(-90, 90, 1000), np.clip(of.lat + draw.uniform(-0.6, 0.6, 2000), -90, 90))), 6)
    told = by_sql(store, Area((of,)), xs.tolist(), ys.tolist())
    assert sum(told) > 20
    for kernel in kernels:
        assert by_index(kernel, Area((of,)), xs, ys, False) == told


def dense(ring: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """Return a ring's edges as many points in the cylindrical equal-area projection (Lambert 1772), on the unit sphere."""
    pairs = zip(ring, (*ring[1:], ring[0]), strict=True)
    return [
        (math.radians(x1 + (x2 - x1) * n / 80), math.sin(math.radians(y1 + (y2 - y1) * n / 80)))
        for (x1, y1), (x2, y2) in pairs
        for n in range(80)
    ]


def even_odd(ring: tuple[tuple[float, float], ...]) -> shapely.Geometry:
    """Return the ground that a ring goes round an odd number of times, by shapely."""
    points = dense(ring)
    made = shapely.Polygon()
    for part in shapely.get_parts(shapely.polygonize([shapely.node(shapely.LineString([*points, points[0]]))])):
        at = part.representative_point()
        pairs = zip(points, (*points[1:], points[0]), strict=True)
        crossed = sum((y1 > at.y) != (y2 > at.y) and at.x < (x2 - x1) * (at.y - y1) / (y2 - y1) + x1 for (x1, y1), (x2, y2) in pairs)
        made = made.union(part) if crossed % 2 else made
    return made


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.builds(Polygon, st.lists(fine, min_size=3, max_size=9, unique=True).map(tuple), st.lists(outlines, max_size=1).map(tuple)),
        min_size=1,
        max_size=3,
    )
)
def test_how_large_an_area_is(held: list[Polygon]) -> None:
    """Holes and what is gone round twice left out, what several shapes cover counted once: as shapely has it in equal area."""
    ground = [shapely.difference(even_odd(each.corners), shapely.union_all([even_odd(hole) for hole in each.holes])) for each in held]
    theirs = shapely.union_all(ground).area * sphere.RADIUS**2 / 1e6
    assert area.square_km(Area(tuple(held))) == pytest.approx(theirs, rel=2e-4, abs=1e-3)


def test_how_large_a_box_and_a_circle_are() -> None:
    """By their formulas: a zone's share, and a cap."""
    zone = sphere.RADIUS**2 * math.radians(1) * (math.sin(math.radians(52)) - math.sin(math.radians(51))) / 1e6
    assert area.square_km(Area((Box(-3.0, 51.0, -2.0, 52.0),))) == pytest.approx(zone, rel=1e-12)
    cap = 2 * math.pi * sphere.RADIUS**2 * (1 - math.cos(5000 / sphere.RADIUS)) / 1e6
    circle = Circle(-2.5, 51.4, 5000.0)
    assert area.square_km(Area((circle,))) == pytest.approx(cap, rel=1e-12)
    assert area.square_km(Area((circle, circle))) == pytest.approx(cap, rel=1e-3)


def test_exchanged_longitude_and_latitude_are_told() -> None:
    """An area that lies in the force only with its numbers exchanged is refused, by file, circle and box; one elsewhere is not."""
    for text in ("circle(51.45,-2.59,2000)", "box(51.3,-2.7,51.5,-2.5)", "polygon(51.4 -2.6,51.5 -2.6,51.5 -2.5)"):
        (shape,) = area.area(text).shapes
        assert area.exchanged(Area((shape,)), (-3.84, 50.82, -2.24, 51.68))
    for text in ("circle(-2.59,51.45,2000)", "circle(-0.12,51.5,2000)", "circle(20,40,2000)"):
        assert not area.exchanged(area.area(text), (-3.84, 50.82, -2.24, 51.68))

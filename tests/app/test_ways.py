"""The cursor of a map goes from place to place: the next one that way, none out of reach."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from console.app.map import raster
from console.app.map.ground import Ground
from console.app.map.raster import Place
from console.app.map.ways import Choice, ways

AHEAD = {"right": (1, 0), "left": (-1, 0), "up": (0, 1), "down": (0, -1)}


def reached(of: Choice, start: int, count: int) -> set[int]:
    """Return the places that steps lead to from one."""
    found, edge = {start}, {start}
    while edge:
        edge = {step for number in edge for way in of if (step := of[way][number]) is not None} - found
        found |= edge
    return found


def holds(places: tuple[Place, ...]) -> Choice:
    """Check the laws of going from place to place, and return the steps."""
    found = ways(places)
    for way, (x, y) in AHEAD.items():
        for number, step in enumerate(found[way]):
            offset = [(p.lon - places[number].lon) * x + (p.lat - places[number].lat) * y for p in places]
            if step is None:
                assert max(offset) <= 0, "stuck, although a place lies that way"
            else:
                assert offset[step] > 0, "a step goes back"
    for start in range(len(places)):
        assert len(reached(found, start, len(places))) == len(places), "a place is out of reach"
    return found


@pytest.mark.parametrize("field", ["beat", "sector", "district"])
def test_the_force(field: str) -> None:
    """Every beat, sector and district is reached from every other, and each step goes the way of its key."""
    places = raster.places(field)
    found = holds(places)
    corners = [{corner for ring in place.rings for corner in ring} for place in places]
    steps = [(number, step) for of in found.values() for number, step in enumerate(of) if step is not None]
    beside = sum(bool(corners[number] & corners[step]) for number, step in steps)
    assert beside > 0.75 * len(steps), "neighbours come first"


def voronoi(points: list[tuple[int, int]]) -> tuple[Place, ...]:
    """Return the cells of points on a fine grid, each named at its point."""
    held = [(x / 1000 - 3, y / 1000 + 51) for x, y in points]
    frame = shapely.box(-3.2, 50.8, -1.8, 52.2)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(held), extend_to=frame))
    made = []
    for n, (x, y) in enumerate(held):
        cell = next(each for each in cells if shapely.intersects_xy(each, x, y))
        said = {"cell": n, "lon": x, "lat": y}
        made.append(place(said, [(float(a), float(b)) for a, b in shapely.get_coordinates(cell)]))
    return tuple(made)


def place(said: dict[str, float], ring: list[tuple[float, float]]) -> Place:
    """Return a place of one ring."""
    xs, ys = zip(*ring, strict=True)
    return Place(str(said["cell"]), "", ((tuple(ring),),), (min(xs), min(ys), max(xs), max(ys)), said["lon"], said["lat"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=3, max_size=40, unique=True))
def test_any_ground(points: list[tuple[int, int]]) -> None:
    """Of any places, also many in one line or at one distance."""
    holds(voronoi(points))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=49, unique=True))
def test_places_in_rows(points: list[tuple[int, int]]) -> None:
    """Of places that stand in straight rows and columns, touching none."""
    holds(tuple(place({"cell": n, "lon": x, "lat": y}, [(x, y)]) for n, (x, y) in enumerate(points)))


def test_a_large_ground() -> None:
    """Two hundred places, many close together as in towns."""
    draw = np.random.default_rng(4)
    towns = draw.integers(100, 900, (6, 2))
    close = [tuple(map(int, towns[n % 6] + draw.integers(-40, 40, 2))) for n in range(150)]
    wide = [tuple(map(int, draw.integers(0, 1000, 2))) for _ in range(50)]
    holds(voronoi(list(dict.fromkeys((x, y) for x, y in (*close, *wide)))))


def test_from_outside_the_force_a_step_leads_in() -> None:
    """The cursor on the sea goes to the nearest beat that way; at the edge of the force it says that there is none."""
    ground = Ground("beat")
    view = ground.view(80, 30)
    west, south, *_ = raster.whole(ground.places)
    ground.at = (west, south)
    assert ground.place() is None
    assert not ground.next_place("left", view)
    assert ground.next_place("right", view)
    assert ground.place() is not None
    for _ in range(200):
        if not ground.next_place("up", view):
            break
    else:
        raise AssertionError("up never ends")


def test_zoom_keeps_the_cursor_where_it_is_on_the_screen() -> None:
    """In and out about the cursor; a frame is shown whole; a point with two kilometres round it; everything is everything."""
    ground = Ground("beat")
    ground.go(30)
    ground._middle = ground.at
    ground.zoom = 1.0
    for by in (1, 1, -1, 1, 1):
        view = ground.view(80, 30)
        before = view.pixel(*ground.at)
        assert ground.closer(by, view)
        assert ground.view(80, 30).pixel(*ground.at) == pytest.approx(before, abs=1.0)
    place = ground.places[12]
    ground.fit(place.frame, ground.view(80, 30))
    view = ground.view(80, 30)
    west, south, east, north = place.frame
    for corner in ((west, south), (east, north)):
        x, y = view.cell(*corner)
        assert 0 <= x < 80
        assert 0 <= y < 30
    assert 0 <= view.cell(*ground.at)[0] < 80
    ground.zoom = 0.0
    ground.show((-2.59, 51.45), ground.view(80, 30))
    view = ground.view(80, 30)
    assert view.cell(-2.59, 51.45 + 0.015)[1] >= 0
    assert view.cell(-2.59, 51.45 + 0.06)[1] < 0
    assert ground.everything()
    assert not ground.everything()

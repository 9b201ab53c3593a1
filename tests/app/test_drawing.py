"""Areas drawn on the map: circles, boxes and lassos, by keyboard and by mouse, told in the bar and counted exactly."""

from __future__ import annotations

import pytest

from console.app.map.panel import Map
from console.desk import area
from console.desk.selection import Area, Box, Circle, Polygon, Selection, Shape
from tests.app.fake import FakeDesk
from tests.app.sitting import Console, console


def the_map(held: Console) -> Map:
    """Return the map."""
    panel = held.page.panels["map"]
    assert isinstance(panel, Map)
    return panel


def shapes(held: Console) -> tuple[Shape, ...]:
    """Return the shapes selected."""
    clause = held.page.sitting.selection.clause("area")
    return clause.shapes if isinstance(clause, Area) else ()


def inside(held: Console, *drawn: Shape) -> int:
    """Return how many incidents lie in some shapes, under no other clause."""
    return len(held.desk.passing("incident", Selection().with_clause("area", Area(drawn))))


async def go(held: Console, across: int, down: int) -> None:
    """Move the cursor by cells."""
    await held.press(*["right" if across > 0 else "left"] * abs(across), *["down" if down > 0 else "up"] * abs(down))


async def test_a_lasso_by_keyboard() -> None:
    """Corners are marked as the cursor walks, taken back, and closed; what it holds is counted as it is drawn, and then selected."""
    async with console((120, 40)) as held:
        await held.press("apostrophe", "m", "f", "l")
        panel = the_map(held)
        assert "walk to its first corner" in panel.text
        await held.press("enter")
        assert "takes three corners, and none is marked" in held.foot
        await held.press("backspace")
        assert "no corner is marked" in held.foot
        await held.press("space", "space")
        assert "this corner is marked" in held.foot
        await go(held, 12, 0)
        await held.press("space", "enter")
        assert "two are marked" in held.foot
        assert "lasso of 2 corners" in panel.text
        await go(held, 0, 8)
        await held.press("space")
        await go(held, -12, 0)
        await held.press("space")
        assert "lasso of 4 corners" in panel.text
        shape = panel.pen.shape(panel.ground.at)
        assert isinstance(shape, Polygon)
        assert f"holds {inside(held, shape)} open" in panel.text
        await held.press("backspace")
        assert "lasso of 3 corners" in panel.text
        shape = panel.pen.shape(panel.ground.at)
        assert shape is not None
        assert f"holds {inside(held, shape)} open" in panel.text
        await held.press("enter")
        assert shapes(held) == (shape,)
        assert not panel.pen.drawing
        count = inside(held, shape)
        assert count
        assert f"{count} of 312" in held.page.clauses.text
        assert f"km² within 3 corners, {count}" in held.page.clauses.text


async def test_a_lasso_that_crosses_itself_says_what_is_out() -> None:
    """It is taken by the even-odd rule, and says so; three corners in a line are no lasso; esc selects nothing."""
    async with console((120, 40)) as held:
        await held.press("apostrophe", "m", "f", "w", "l")
        panel = the_map(held)
        for across, down in ((1, 0), (10, 0), (10, 0)):
            await go(held, across, down)
            await held.press("space")
        await held.press("enter")
        assert "stand in one line" in held.foot
        await held.press("escape", "l")
        for across, down in ((0, 0), (-16, 6), (0, -6), (16, 6)):
            await go(held, across, down)
            await held.press("space")
        assert "crosses itself: what it goes round twice is out" in panel.text
        await held.press("c")
        assert "esc stops it" in held.foot
        await held.press("escape")
        assert not panel.pen.drawing
        assert not shapes(held)


async def test_a_circle_is_sized_by_steps_and_by_metres() -> None:
    """+ and - go through the sizes, digits type metres and backspace takes them back; it stands round the mark at the cursor."""
    async with console((120, 40)) as held:
        await held.press("apostrophe", "m", "f", "i", "c")
        panel = the_map(held)
        assert panel.answer is not None
        mark = next(each for each in panel.answer.markers if (each.lon, each.lat) == panel.ground.at)
        assert f"circle of 2 km round {mark.key}" in panel.text
        await held.press("plus")
        assert "circle of 3 km" in panel.text
        await held.press("minus", "minus")
        assert "circle of 1.5 km" in panel.text
        await held.press("7", "5", "0", "3", "backspace")
        assert "circle of 750 m" in panel.text
        await held.press("equals_sign")
        assert "circle of 800 m" in panel.text
        await held.press("0")
        assert "a metre wide or more" in held.foot
        await held.press("1", "2", "3", "4", "5", "6")
        assert "100 km at most" in held.foot
        await held.press("backspace", "backspace", "backspace")
        assert "circle of 12 m" in panel.text
        await held.press("6", "7", "space")
        (circle,) = shapes(held)
        assert circle == Circle(round(mark.lon, 5), round(mark.lat, 5), 1267.0)
        assert f"within 1.267 km of {mark.lat:.3f} N" in held.page.clauses.text
        await held.press("b", "5")
        assert "only a circle has a radius" in held.foot
        await held.press("plus", "backspace")
        assert "nothing to take back" in held.foot


async def test_shapes_add_up_and_come_off() -> None:
    """Two shapes are counted together and their ground once; backspace takes the last off, [ brings it back; a lock refuses all."""
    async with console((160, 40)) as held:
        await held.press(
            "apostrophe", "m", "f", "w", "n", "c", "5", "0", "0", "0", "enter", "b", "right", "right", "right", "down", "down", "enter"
        )
        circle, box = shapes(held)
        assert isinstance(circle, Circle)
        assert isinstance(box, Box)
        assert "2 shapes" in held.page.clauses.text
        assert f", {inside(held, circle, box)} " in held.page.clauses.text
        assert f"{inside(held, circle, box)} of 312" in held.page.clauses.text
        await held.press("backspace")
        assert shapes(held) == (circle,)
        await held.press("left_square_bracket")
        assert shapes(held) == (circle, box)
        await held.press("L")
        for key in ("l", "c", "b", "backspace"):
            await held.press(key)
            assert "is locked" in held.foot, key
        await held.press("L", "x")
        assert not shapes(held)
        await held.press("backspace")
        assert "no area is selected" in held.foot


async def test_the_bar_says_what_the_area_alone_holds() -> None:
    """Beside the area stands its own count, at the right the count of all that is selected together."""
    async with console((200, 50), select=("type=Violence",)) as held:
        await held.press("apostrophe", "m", "n", "c", "9", "0", "0", "0", "enter")
        alone, both = inside(held, *shapes(held)), len(held.desk.passing("incident", held.page.sitting.selection))
        assert 0 < both < alone
        assert f" W, {alone} " in held.page.clauses.text
        assert f"{both} of 312" in held.page.clauses.text
        held.desk.incidents.append({**held.desk.passing("incident", held.page.sitting.selection)[0], "ref": "J-999999"})
        held.desk.change("incident")
        await held.tick()
        assert f" W, {alone + 1} " in held.page.clauses.text
        assert f"{both + 1} of 313" in held.page.clauses.text


async def test_the_map_exempts_the_area_and_its_own_field() -> None:
    """Under an area and a beat every place keeps its count on the map, and a place's rows are as many as its number."""
    async with console((120, 40)) as held:
        panel = the_map(held)
        before = {row.at: row.values for row in panel.rows}
        await held.press("apostrophe", "m", "n", "space", "n", "n", "c", "enter")
        assert shapes(held)
        assert {row.at: row.values for row in panel.rows} == before


@pytest.mark.parametrize("size", [(200, 50), (120, 40), (80, 24), (40, 20)])
async def test_drawing_is_told_at_every_size(size: tuple[int, int]) -> None:
    """What is drawn, how to select it and how to stop are on the screen."""
    async with console(size) as held:
        await held.press("apostrophe", "m", "c")
        assert "circle of 2 km" in held.text
        for said in ("enter selects", "esc stop"):
            assert said in held.text, size
        await held.press("escape", "l", "space", "right", "space")
        assert "lasso of 2 corners" in held.text
        for said in ("enter closes", "esc"):
            assert said in held.text


async def drag(held: Console, cells: list[tuple[int, int]], *, shift: bool = False) -> None:
    """Press the mouse in the first cell of the map, drag it through the others and let go."""
    panel = the_map(held)
    at = [(x, y + panel.head) for x, y in cells]
    await held.pilot.mouse_down(panel, offset=at[0], shift=shift)
    for offset in at[1:]:
        await held.pilot.hover(panel, offset=offset)
    await held.pilot.mouse_up(panel, offset=at[-1], shift=shift)
    await held.settle()


async def test_a_lasso_by_mouse() -> None:
    """A drag draws a lasso along its way, in few corners; what it holds is selected when the button is let go."""
    async with console((120, 40)) as held:
        panel = the_map(held)
        way = [(x, 1) for x in range(5, 30)] + [(30, y) for y in range(1, 6)] + [(x, 6) for x in range(29, 4, -1)]
        await drag(held, way)
        (shape,) = shapes(held)
        assert isinstance(shape, Polygon)
        view = panel.view
        assert view is not None
        assert {view.cell(*corner) for corner in shape.corners} >= {(5, 1), (5, 6)}
        assert len(shape.corners) <= 6
        assert f"{inside(held, shape)} of 312" in held.page.clauses.text
        assert held.page.sitting.focus == "map"
        assert held.page.sitting.selection.fields() == ("area",), "the press that began the drag selects nothing"


async def test_a_box_and_a_circle_by_mouse() -> None:
    """With shift a drag draws a box, after c a circle from its middle; a press without a drag stays a press."""
    async with console((120, 40)) as held:
        panel = the_map(held)
        view = panel.view
        assert view is not None
        await drag(held, [(8, 2), (12, 5), (20, 6)], shift=True)
        (box,) = shapes(held)
        assert isinstance(box, Box)
        (west, north), (east, south) = view.ground(8, 2), view.ground(20, 6)
        assert (box.west, box.south, box.east, box.north) == pytest.approx((west, south, east, north), abs=1e-5)
        await held.press("x", "c")
        await drag(held, [(20, 5), (22, 5), (24, 5)])
        (circle,) = shapes(held)
        assert isinstance(circle, Circle)
        assert (circle.lon, circle.lat) == pytest.approx(view.ground(20, 5), abs=1e-5)
        assert circle.metres > 1000
        await held.press("x")
        await held.pilot.click(panel, offset=(20, 6))
        await held.settle()
        assert not shapes(held)
        assert view.cell(*panel.ground.at) == (20, 5)
        await drag(held, [(8, 2), (9, 2)])
        assert "holds no ground" in held.foot
        await held.press("L")


async def test_esc_during_a_drag_selects_nothing() -> None:
    """And a locked area stays as it is."""
    async with console((120, 40)) as held:
        panel = the_map(held)
        await held.press("apostrophe", "m")
        await held.pilot.mouse_down(panel, offset=(5, 4))
        for x in range(6, 16):
            await held.pilot.hover(panel, offset=(x, 4 + x % 3))
        await held.press("escape")
        await held.pilot.mouse_up(panel, offset=(16, 9))
        await held.settle()
        assert not shapes(held)
        await held.press("n", "c", "enter", "L")
        before = shapes(held)
        await drag(held, [(5, 3), (15, 3), (15, 9), (5, 9)])
        assert shapes(held) == before
        assert "locked" in held.foot


async def test_what_is_drawn_goes_out_and_comes_in(tmp_path: object) -> None:
    """The selection's area as a file selects the same incidents again."""
    async with console((120, 40)) as held:
        await held.press("apostrophe", "m", "n", "c", "4", "5", "0", "0", "enter")
        clause = held.page.sitting.selection.clause("area")
        assert isinstance(clause, Area)
        path = f"{tmp_path}/area.geojson"
        with open(path, "w", encoding="utf-8") as file:
            file.write(area.geojson(clause, {"marking": held.page.top.marking}))
        count = inside(held, *clause.shapes)
    async with console((120, 40), desk=FakeDesk(), select=(f"area=@{path}",)) as held:
        assert shapes(held) == clause.shapes
        assert f"{count} of 312" in held.page.clauses.text

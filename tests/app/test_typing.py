"""What a map and a typed line say at their edges: areas typed, shapes outside the force, the closest view, a foot that waits."""

from __future__ import annotations

from console.app.map.panel import Map
from console.desk.selection import Area, Box, Circle, Polygon, Values
from tests.app.sitting import Console, console


async def typed(held: Console, text: str) -> None:
    """Open the line, type and enter."""
    await held.press("colon")
    view = held.page.view
    assert view is not None
    for character in text:
        view.press(character, character)
    await held.press("enter")
    await held.settle()


async def test_a_selection_is_typed() -> None:
    """Areas of each shape and values, beside what is selected of other fields; what is none is refused with its reason."""
    async with console() as held:
        await typed(held, "area=circle(-2.59,51.45,800)")
        assert held.page.sitting.selection.clause("area") == Area((Circle(-2.59, 51.45, 800.0),))
        await typed(held, "area=polygon(-2.6 51.4,-2.5 51.4,-2.5 51.5)")
        area = held.page.sitting.selection.clause("area")
        assert isinstance(area, Area)
        assert isinstance(area.shapes[0], Polygon)
        await typed(held, "grade=Immediate area=box(-2.7,51.4,-2.5,51.5)")
        assert held.page.sitting.selection.clause("area") == Area((Box(-2.7, 51.4, -2.5, 51.5),))
        assert held.page.sitting.selection.clause("grade") == Values(frozenset(("Immediate",)))
        assert held.page.view is None
        before = held.page.sitting.selection
        await typed(held, "area=circle(-2.59)")
        assert "can't be selected" in held.foot.replace("\n", " ")
        assert held.page.sitting.selection == before
        await held.press("escape")
        assert held.page.view is None


async def test_outside_the_force_nothing_is_selected() -> None:
    """A shape that no place is near says so, and the selection stays."""
    async with console() as held:
        await held.press("apostrophe", "m")
        panel = held.page.panel
        assert isinstance(panel, Map)
        panel.ground.at = (3.0, 45.0)
        await held.press("c", "5", "0", "0", "enter")
        assert "outside the force" in held.foot.replace("\n", " ")
        assert held.page.sitting.selection.clause("area") is None
        assert not panel.pen.drawing


async def test_the_closest_view_is_said() -> None:
    """When zooming has come to its end, the foot says so at once, not only at the next press."""
    async with console() as held:
        await held.press("apostrophe", "m")
        panel = held.page.panel
        assert isinstance(panel, Map)
        while not panel.ground.closest:
            assert "as close as it goes" not in held.foot
            await held.press("z")
            await held.settle()
        assert "as close as it goes" in held.foot


async def test_the_foot_and_the_title_wait_while_the_cursor_walks() -> None:
    """What can be done where the map's cursor stands is said when it rests."""
    async with console() as held:
        await held.press("apostrophe", "m")
        panel = held.page.panel
        assert isinstance(panel, Map)
        await held.pilot.pause(0.3)
        assert "enter select" in held.foot
        panel.ground.at = (3.0, 45.0)
        panel.walk()
        held.page.redraw_foot()
        assert "enter select" in held.foot
        panel._rest()
        await held.settle()
        assert "enter select" not in held.foot

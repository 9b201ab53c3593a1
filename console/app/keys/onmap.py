"""What the commands of a map do: looking, going from place to place, and drawing what is to be selected."""

from __future__ import annotations

from console.app.drawing import bound
from console.app.keys import acts
from console.app.map.panel import Map
from console.app.page.page import Page
from console.desk import sphere
from console.desk.selection import Area, Shape

WAY_OF = {"comma": "left", "full_stop": "right"}


def pick(page: Page, key: str) -> None:
    """Select the place under the cursor; where it is selected, or locked, show its rows."""
    panel = on(page)
    index = panel.ground.place()
    held = index is not None and panel.ground.places[index] in panel.chosen()
    if held or panel.ground.field in page.sitting.selection.locks:
        acts.rows(page, key)
    else:
        acts.select(page, key)


def on(page: Page) -> Map:
    """Return the map that has the keys; these commands are found nowhere else."""
    panel = page.panel
    assert isinstance(panel, Map)
    return panel


def neighbour(page: Page, key: str) -> None:
    """Go to the next place that way."""
    panel, way = on(page), WAY_OF.get(key, key.removeprefix("ctrl+"))
    if panel.view is None:
        return
    if panel.ground.next_place(way, panel.view):
        panel.redraw()
    else:
        said = {"left": "west", "right": "east", "up": "north", "down": "south"}[way]
        page.say(f"no {panel.ground.field} lies farther {said}")


def next_place(page: Page, key: str) -> None:
    """Go to the next place that has anything."""
    _jump_place(page, 1)


def previous_place(page: Page, key: str) -> None:
    """Go to the place before that has anything."""
    _jump_place(page, -1)


def _jump_place(page: Page, by: int) -> None:
    panel = on(page)
    if not panel.jump(by):
        page.say("no place has anything under this selection")
    panel.redraw()


def closer(page: Page, key: str) -> None:
    """Zoom in."""
    _zoom(page, 1)


def farther(page: Page, key: str) -> None:
    """Zoom out."""
    _zoom(page, -1)


def _zoom(page: Page, by: int) -> None:
    panel = on(page)
    if panel.view is not None and panel.ground.closer(by, panel.view):
        panel.redraw()
        if by > 0 and panel.ground.closest:
            page.say("this is as close as it goes")


def whole(page: Page, key: str) -> None:
    """Show the whole force."""
    panel = on(page)
    panel.ground.everything()
    panel.redraw()


def selected(page: Page, key: str) -> None:
    """Show what is selected, or what other selections leave, as large as it goes."""
    panel, selection = on(page), page.sitting.selection
    area = selection.clause("area")
    frames = [place.frame for place in panel.chosen()]
    frames += [sphere.frame((shape,)) for shape in (area.shapes if isinstance(area, Area) else ())]
    frames = frames or [place.frame for place in panel.busy()]
    if not frames or panel.view is None:
        page.say("no place has anything under this selection")
        return
    west, south, east, north = zip(*frames, strict=True)
    panel.ground.fit((min(west), min(south), max(east), max(north)), panel.view)
    panel.redraw()
    if panel.ground.closest:
        page.say("this is as close as it goes")


def nearest(page: Page, key: str) -> None:
    """Go to the incident nearest to the cursor, closer; where a map marks none, to the nearest mark."""
    panel = on(page)
    marked = panel.answer.markers if panel.answer else ()
    wanted = [each for each in marked if each.kind == "incident"] or marked
    if not wanted:
        page.say("nothing is marked on this map under this selection")
        return
    found = min(wanted, key=lambda each: (sphere.metres(panel.ground.at, (each.lon, each.lat)), each.key))
    panel.look((found.lon, found.lat))


def circle(page: Page, key: str) -> None:
    """Begin a circle, round what is marked at the cursor or the cursor."""
    panel = on(page)
    mark = panel.ground.nearest(panel.answer.markers if panel.answer else (), panel.view)
    if mark is not None:
        panel.ground.at = (mark.lon, mark.lat)
    _draw(page, "circle", mark.key if mark else "")


def box(page: Page, key: str) -> None:
    """Begin a box."""
    _draw(page, "box")


def lasso(page: Page, key: str) -> None:
    """Begin a lasso."""
    _draw(page, "lasso")


def _draw(page: Page, drawing: str, about: str = "") -> None:
    panel = on(page)
    panel.pen.start(drawing, panel.ground.at, about)
    _drawn(page)


def _drawn(page: Page, why: str = "") -> None:
    """Draw what changed, or say why nothing did."""
    on(page).redraw()
    if why:
        page.say(bound.said(why))
    else:
        page.redraw_foot()


def corner(page: Page, key: str) -> None:
    """Mark a corner of a lasso; a circle or a box is selected."""
    panel = on(page)
    if panel.pen.drawing == "lasso":
        _drawn(page, panel.pen.mark(panel.ground.at))
    else:
        finish(page, key)


def undo(page: Page, key: str) -> None:
    """Take back the last corner, or the last digit."""
    _drawn(page, on(page).pen.undo())


def resize(page: Page, key: str) -> None:
    """Make the circle larger or smaller."""
    on(page).pen.resize(-1 if key == "minus" else 1)
    _drawn(page)


def size(page: Page, key: str) -> None:
    """Type the circle's metres."""
    _drawn(page, on(page).pen.digit(key))


def finish(page: Page, key: str) -> None:
    """Select what was drawn."""
    panel = on(page)
    shape = panel.pen.shape(panel.ground.at)
    if shape is None:
        page.say(bound.said(panel.pen.lacks(panel.ground.at)))
        return
    panel.pen.stop()
    take(page, panel, shape)


def take(page: Page, panel: Map, shape: Shape) -> None:
    """Add a shape that was drawn to the area, unless it lies outside the force, where nothing is."""
    if not panel.ground.holds(sphere.frame((shape,))):
        panel.redraw()
        page.redraw_foot()
        page.say("what was drawn lies outside the force: nothing is selected by it")
        return
    page.change(lambda: page.sitting.add_shape(shape))
    panel.redraw()
    page.redraw_foot()


def stop(page: Page, key: str) -> None:
    """Stop drawing."""
    on(page).pen.stop()
    _drawn(page)


def less(page: Page, key: str) -> None:
    """Take the last shape off the area."""
    page.change(page.sitting.drop_shape)


def find(page: Page, key: str) -> None:
    """Show what is under the cursor on the app's map."""
    page.locate()

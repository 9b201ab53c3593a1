"""Why a command can't act now, in a sentence; an empty one when it can. A key it names stands as its command in braces."""

from __future__ import annotations

from console.app.drawing import words
from console.app.map.panel import Map
from console.app.page import absence, picked
from console.app.page.page import Page
from console.app.panels.headlines import Headlines
from console.app.panels.table import Table
from console.app.views.rows import RowsView

ASKS = frozenset((
    "select", "extend", "rows", "open_profile", "lock", "back", "forward", "clear", "clear_all", "deeper", "up", "search", "acknowledge",
    "see_alert", "again", "open_app", "sort", "columns", "pick", "selected", "nearest", "corner", "finish", "less", "find", "next_layer",
    "previous_layer", "level", "difference", "density",
))  # fmt: skip


def away(page: Page, command: str) -> str:
    """What needs the Desk needs it reached."""
    return absence.refusal(page.asking.desk.away()) if command in ASKS else ""


def nothing_here(page: Page) -> str:
    """Space needs a value that can be selected."""
    target = page.target()
    if target is None:
        return "there is nothing here to select yet"
    return target.refusal


def no_rows(page: Page) -> str:
    """Enter needs a number."""
    panel = page.panel
    if isinstance(panel, Headlines):
        return "" if panel.specs else "this app has no headlines"
    if panel is None or panel.answer is None:
        return "nothing is counted here yet"
    if not panel.counted:
        return "" if no_profile(page) == "" else "this line has no rows and no page of its own"
    if not panel.rows or panel.answer.error:
        return "there is no number here to open"
    if isinstance(panel, Table) and panel.worked_out:
        return "these lines are worked out from many rows: they open none of their own"
    target = panel.target()
    return target.refusal if target is not None and not target.at and target.refusal else ""


def no_profile(page: Page) -> str:
    """A page needs a value that has one."""
    return "" if page.opens() else "nothing under the cursor has a page of its own"


def no_deeper(page: Page) -> str:
    """Going deeper needs a level below."""
    panel = page.panel
    if panel is None or not panel.spec.drill:
        return "this panel has no levels: {select} selects, {rows} opens the rows"
    depth = len(page.sitting.path(panel.spec.name))
    if depth + 1 >= len(panel.spec.fields):
        return "this is the deepest level"
    return "" if panel.target() else "there is no value here to go into"


def no_up(page: Page) -> str:
    """Going up needs a level above."""
    panel = page.panel
    return "" if panel is not None and page.sitting.path(panel.spec.name) else "this is the top level"


def chosen(page: Page) -> list[str]:
    """Return the focused panel's fields that have a clause."""
    return [name for name in page.fields() if page.sitting.selection.clause(name) is not None]


def nothing_to_lock(page: Page) -> str:
    """A lock needs a clause in this panel."""
    return "" if chosen(page) else "nothing is selected in this panel to lock: {select} selects"


def nothing_to_clear(page: Page) -> str:
    """Clearing needs an unlocked clause in this panel."""
    fields = chosen(page)
    if not fields:
        return "nothing is selected in this panel"
    locked = [name for name in fields if name in page.sitting.selection.locks]
    return f"{words.field(locked[0], page.sitting.titles)} is locked: {{lock}} unlocks it" if locked else ""


def nothing_selected(page: Page) -> str:
    """Clearing all needs an unlocked clause."""
    selection = page.sitting.selection
    if not selection.clauses:
        return "nothing is selected"
    return "" if selection.clear_all() != selection else "all that is selected is locked: {lock} unlocks it"


def no_back(page: Page) -> str:
    """Back needs a past."""
    return "" if page.sitting.history.past else "this is the first selection"


def no_forward(page: Page) -> str:
    """Forward needs a future."""
    return "" if page.sitting.history.future else "this is the last selection"


def nothing_left(page: Page) -> str:
    """Going on needs a sitting that was left."""
    if page.left is not None:
        return ""
    return "your last sitting is being looked for: press again" if page.looking else "no sitting of yours was left in the last 12 hours"


def nothing_hidden(page: Page) -> str:
    """A reason is for something hidden."""
    return "" if page.hidden() else "nothing personal is hidden here"


def no_alert(page: Page) -> str:
    """Seeing an alert's page needs an alert."""
    return "" if page.alerts else "nothing waits to be acknowledged"


def no_acknowledging(page: Page) -> str:
    """Acknowledging needs an alert, the present, and a viewer who may."""
    if page.sitting.replay is not None:
        return "this is a replay: nothing can be acknowledged in it; {live} goes back to the present"
    return page.asking.refusal("acknowledge") or no_alert(page)


def area_locked(page: Page) -> str:
    """Drawing changes the area."""
    return "Area is locked: {lock} unlocks it" if "area" in page.sitting.selection.locks else ""


def cannot_draw(page: Page) -> str:
    """Drawing begins where none goes on, and changes the area."""
    panel = page.panel
    if isinstance(panel, Map) and len(panel.pen.corners) > 1:
        return "a lasso is being drawn: {drawing.finish} closes it, {drawing.stop} stops it"
    return area_locked(page)


def no_shape(page: Page) -> str:
    """A shape can be taken off an area that has any."""
    return area_locked(page) or (
        "" if page.sitting.selection.clause("area") is not None else "no area is selected: {map.lasso}, {map.circle} and {map.box} draw one"
    )


def no_circle(page: Page) -> str:
    """Only a circle has a size to set."""
    panel = page.panel
    return "" if isinstance(panel, Map) and panel.pen.drawing == "circle" else "only a circle has a radius to set"


def no_map(page: Page) -> str:
    """Showing on the map needs a map, and a thing that may stand on it."""
    if page.map is None:
        return "this app has no map"
    return "" if page.things() else "nothing under the cursor has a place on the map"


def nothing_to_show(page: Page) -> str:
    """Zooming to the selection needs one."""
    return "" if page.sitting.selection.clauses else "nothing is selected: {map.whole} shows the whole force"


def closest(page: Page) -> str:
    """Zooming in has an end."""
    panel = page.panel
    return "this is as close as it goes" if isinstance(panel, Map) and panel.ground.closest else ""


def farthest(page: Page) -> str:
    """Zooming out has an end."""
    panel = page.panel
    return "the whole force is shown" if isinstance(panel, Map) and panel.ground.zoom == 0 else ""


def always_alone(page: Page) -> str:
    """A narrow window always shows one panel."""
    if isinstance(page.panel, Headlines):
        return "the headlines are always shown"
    return "" if page.wide else "this window has room for one panel only"


def no_value(page: Page) -> str:
    """Copying a value needs one."""
    return "" if picked.value(page) else "there is nothing under the cursor to copy"


def no_row(page: Page) -> str:
    """Copying a row needs one."""
    return "" if picked.row(page).rows else "there is no row under the cursor to copy"


def no_table(page: Page) -> str:
    """A table needs rows."""
    if isinstance(page.view, RowsView):
        return "" if page.view.total else "there are no rows here yet"
    if page.panel is not None and page.panel.answer is not None and page.panel.answer.error:
        return "this panel failed: {again} asks again"
    return "" if picked.table(page).rows else "this panel holds nothing yet"


def no_selection(page: Page) -> str:
    """Copying the selection needs one."""
    return "" if page.sitting.selection.clauses else "nothing is selected"


def no_export(page: Page) -> str:
    """Exporting needs a folder that this sitting may write to, an answer, and no other export under way."""
    if page.exports is None:
        return "this console writes no files: exporting is switched off"
    if page.taking is not None:
        return "rows are being exported: {stop_export} stops that first"
    return "" if page.answer is not None else "nothing is counted here yet"


def no_area(page: Page) -> str:
    """Exporting the area needs one."""
    return "" if page.sitting.selection.clause("area") else "no area is selected: draw one on the map"


def no_places(page: Page) -> str:
    """GeoJSON needs places."""
    here = page.panel if page.view is None else None
    if not isinstance(here, Map):
        return "only a map has places to export: {jump} jumps to it"
    return "" if here.rows or (here.answer and here.answer.squares) else "the map holds nothing yet"


def nothing_to_leave(page: Page) -> str:
    """Esc needs something to leave."""
    return "" if page.wide and page.alone else "there is nothing to leave: {leave_console} quits"

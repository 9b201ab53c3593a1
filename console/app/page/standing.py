"""How a page stands, as a value, and a page put as one stood: cursors, maps, views, and the ways back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from console.app.map.panel import Map
from console.app.page.page import Page
from console.app.page.way import Way
from console.app.panels.bars import Bars
from console.app.panels.headlines import Headlines
from console.app.panels.panel import Panel
from console.app.panels.pivot import Pivot
from console.app.panels.profile import Profile
from console.app.panels.series import Series
from console.app.panels.table import Table
from console.app.views.name import Name
from console.app.views.rows import RowsView
from console.app.views.search import Search
from console.app.views.view import View
from console.desk.kept import At, PanelKept, Screen, Sight, ViewKept, WayKept

HEADLINES = "headlines"


def screen(page: Page) -> Screen:
    """Return how a page stands."""
    sitting = page.sitting
    focus, panels = sitting.left()
    held = {(each.app, each.panel): each for each in panels}
    for name, panel in (*page.panels.items(), (HEADLINES, page.headlines)):
        which, at, sight = (sitting.app.name, name), cursors(panel), _sight(panel)
        if at or sight is not None:
            held[which] = replace(held.get(which, PanelKept(*which)), cursors=at, sight=sight)
    ways = tuple(WayKept(way.to, way.focus, way.alone, way.wide, _kept(way.views), way.subject) for way in page.ways)
    views = _kept((*page.under, *((page.view,) if page.view is not None else ())))
    return Screen(sitting.app.name, focus, tuple(held.values()), views, ways, page.alone, page.wide, page.foot.held, sitting.at)


def stand(page: Page, of: Screen) -> None:
    """Put a page, whose panels are made but not laid out yet, as one stood."""
    app = page.sitting.app
    for each in of.panels:
        panel = page.headlines if each.panel == HEADLINES else page.panels.get(each.panel)
        if each.app == app.name and panel is not None:
            if isinstance(panel, Profile):
                panel.about(each.subject)
            _seek(panel, each.cursors)
            if isinstance(panel, Map) and each.sight is not None:
                _look(panel, each.sight)
    page.alone = of.alone if of.wide == page.wide else ""
    page.foot.held = of.foot
    page.ways = [_way(page, way) for way in of.ways]
    if page.ways and not page.alone:
        page.alone = page.ways[-1].to if page.ways[-1].to in page.panels else ""
    for view in of.views:
        page.open_view(_view(page, view))


def cursors(panel: Panel) -> tuple[At, ...]:
    """Return where the cursors of a panel stand."""
    match panel:
        case Bars() | Profile():
            return (panel.cursor.at,)
        case Pivot():
            return panel.down.at, panel.across.at
        case Table():
            return panel.cursor.at, At(panel.column)
        case Series():
            row = panel.rows[panel.index] if 0 <= panel.index < len(panel.rows) else None
            return (At(panel.index, key=repr(row.at) if row is not None else panel.sought),)
        case Headlines():
            return (At(panel.index),)
        case _:
            return ()


def _seek(panel: Panel, at: Sequence[At]) -> None:
    """Have the cursors of a panel stand there once it is answered."""
    match panel, at:
        case (Bars() | Profile(), (there,)):
            panel.cursor.seek(there)
        case (Pivot(), (down, across)):
            panel.down.seek(down)
            panel.across.seek(across)
        case (Table(), (there, column)):
            panel.cursor.seek(there)
            panel.column = column.index
        case (Series(), (there,)):
            panel.index, panel.sought = there.index, there.key
        case (Headlines(), (there,)):
            panel.index = there.index


def _sight(panel: Panel) -> Sight | None:
    if not isinstance(panel, Map):
        return None
    ground, choice, pen = panel.ground, panel.choice, panel.pen
    drawing = pen.drawing if not pen.free else ""
    corners, about = (tuple(pen.corners), pen.about(ground.at)) if drawing else ((), "")
    return Sight(ground.at, ground.middle, ground.zoom, choice.symbol, choice.named, choice.markers, drawing, corners, pen.metres, about)


def _look(panel: Map, sight: Sight) -> None:
    panel.ground.stand(sight.at, sight.middle, sight.zoom)
    choice, pen = panel.choice, panel.pen
    choice.symbol = sight.symbol if sight.symbol in choice.symbols else choice.symbol
    choice.named, choice.markers = sight.named or choice.named, sight.markers
    pen.metres = sight.metres or pen.metres
    if sight.drawing:
        pen.start(sight.drawing, sight.at, sight.about)
        pen.corners = list(sight.corners)


def _kept(views: Sequence[View]) -> tuple[ViewKept, ...]:
    """Return what can be kept of views: the choice of columns and the help are opened again at a key."""
    made = []
    for view in views:
        match view:
            case RowsView():
                asked, row = view.question, view.row(view.index)
                key = repr(row.at) if row is not None else view.sought
                at = At(view.index, view.top, key), At(view.column)
                made.append(ViewKept("rows", view.said, asked.panel, asked.at_values, asked.sort, asked.columns, at))
            case Search():
                made.append(ViewKept("search", view.sought, cursors=(view.cursor.at,)))
            case Name():
                made.append(ViewKept("name", view.name_typed))
    return tuple(made)


def _view(page: Page, of: ViewKept) -> View:
    if of.kind == "rows":
        view = RowsView(page, replace(page.sitting.rows_question(of.panel, of.at), sort=of.sort, columns=of.columns), of.text)
        if len(of.cursors) == 2:
            row, column = of.cursors
            view.index, view.top, view.sought, view.column = row.index, row.top, row.key, column.index
        return view
    if of.kind == "search":
        search = Search(page)
        search.sought, search.at = of.text, of.cursors[0] if of.cursors else None
        search.words = "searching..." if of.text.strip() else ""
        return search
    name = Name(page)
    name.name_typed = of.text
    return name


def _way(page: Page, of: WayKept) -> Way:
    views = [_view(page, view) for view in of.views]
    for view in views:
        view.display = False
        page.body.mount(view)
    return Way(of.to, of.focus, of.alone, of.wide, views[-1] if views else None, tuple(views[:-1]), of.subject)

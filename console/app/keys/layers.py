"""What the keys do to what a map shows, and why one can't act now."""

from __future__ import annotations

from console.app.map.panel import Map
from console.app.page.page import Page
from console.desk.page import Shown


def _map(page: Page) -> Map:
    """Return the map that has the keys."""
    panel = page.panel
    assert isinstance(panel, Map)
    return panel


def _show(page: Page, shown: Shown) -> None:
    page.show_on(_map(page), shown)
    page.redraw_foot()


def next_layer(page: Page, key: str) -> None:
    """Shade by the next layer."""
    _show(page, _map(page).choice.layer_by(1))


def previous_layer(page: Page, key: str) -> None:
    """Shade by the layer before."""
    _show(page, _map(page).choice.layer_by(-1))


def level(page: Page, key: str) -> None:
    """Show the places of the next level."""
    _show(page, _map(page).choice.next_level())


def density(page: Page, key: str) -> None:
    """Shade squares, or places again."""
    panel = _map(page)
    if panel.choice.by_squares:
        _show(page, panel.choice.places())
    elif panel.view is not None:
        _show(page, panel.squares(panel.view))


def difference(page: Page, key: str) -> None:
    """Set the layer against earlier weeks, or no longer."""
    _show(page, _map(page).choice.difference())


def markers(page: Page, key: str) -> None:
    """Show markers or not."""
    choice = _map(page).choice
    choice.markers = not choice.markers
    _map(page).redraw()


def names(page: Page, key: str) -> None:
    """Show names, then roads too, then neither."""
    _map(page).choice.next_named()
    _map(page).redraw()
    page.say(f"the map shows {_map(page).choice.named}")


def symbols(page: Page, key: str) -> None:
    """Draw places by the next symbol."""
    from console.app.map.legend import SYMBOLS

    choice = _map(page).choice
    choice.next_symbol()
    _map(page).redraw()
    page.say(f"drawn in {SYMBOLS[choice.symbol]}")


def one_layer(page: Page) -> str:
    """Another layer needs two."""
    return "" if len(_map(page).spec.layers) > 1 else "this map has one layer"


def one_level(page: Page) -> str:
    """Another level needs two."""
    return "" if len(_map(page).choice.levels) > 1 else "this map has one level of places"


def not_drawn(page: Page) -> str:
    """Squares suit a view."""
    return "" if _map(page).view is not None else "the map isn't drawn yet"


def no_weeks(page: Page) -> str:
    """A difference needs a layer that is known of earlier weeks."""
    layer = _map(page).choice.layer
    if layer is not None and layer.weeks:
        return ""
    return f"what {layer.title} was at this hour of earlier weeks isn't known" if layer is not None else "this map has no layers"


def no_markers(page: Page) -> str:
    """Markers need some."""
    panel = _map(page)
    return "" if panel.answer is not None and panel.answer.markers else "this map has no markers now"


def one_symbol(page: Page) -> str:
    """Another symbol needs two."""
    return "" if len(_map(page).choice.symbols) > 1 else "without colour and Unicode places are drawn in signs only"

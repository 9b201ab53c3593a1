"""What each command does to a page; the key that was pressed comes along."""

from __future__ import annotations

from console.app.drawing import ink, words
from console.app.drawing.cursor import Cursor
from console.app.page import keeping
from console.app.page.page import Page
from console.app.panels.bars import Bars
from console.app.panels.headlines import Headlines
from console.app.views.columns import Columns
from console.app.views.name import Name
from console.app.views.rows import RowsView
from console.app.views.search import Search
from console.app.views.typing import Typing


def select(page: Page, key: str) -> None:
    """Toggle the value under the cursor."""
    target = page.target()
    if target is not None:
        page.change(lambda: page.sitting.toggle(target.toggles))


def extend(page: Page, key: str) -> None:
    """Move the cursor; select what it was on and what it comes to."""
    before = page.target()
    page.move(key.removeprefix("shift+"))
    after = page.target()
    pairs = [pair for target in (before, after) if target is not None and not target.refusal for pair in target.toggles]
    page.change(lambda: page.sitting.extend(pairs))


def rows(page: Page, key: str) -> None:
    """Open the rows behind the number under the cursor; a profile's line opens its page."""
    panel = page.panel
    if panel is None:
        return
    if not panel.counted:
        open_profile(page, key)
        return
    if isinstance(panel, Headlines) and panel.on is not None:
        if opened := dict(panel.on.options).get("opens"):
            page.focus_on(opened)
            return
        page.open_rows(panel.on.name, (), panel.on.title)
        return
    target = panel.target()
    at = target.at if target is not None and panel.spec.fields else ()
    page.open_rows(
        panel.spec.name,
        at,
        ", ".join([panel.title() if panel.spec.kind == "map" else panel.spec.title, *(words.value(value) for _, value in at)]),
    )


def open_profile(page: Page, key: str) -> None:
    """Open the page of what is under the cursor."""
    found = page.opens()
    if found is not None:
        page.show_profile(*found)


def lock(page: Page, key: str) -> None:
    """Lock or free the panel's fields."""
    fields = [name for name in page.fields() if page.sitting.selection.clause(name) is not None]
    done = page.sitting.lock(fields)
    page.selected()
    page.say(f"{', '.join(words.field(name, page.sitting.titles) for name in fields)} {done}")


def back(page: Page, key: str) -> None:
    """Step back."""
    page.change(page.sitting.back)


def forward(page: Page, key: str) -> None:
    """Step forward."""
    page.change(page.sitting.forward)


def clear(page: Page, key: str) -> None:
    """Clear the panel's fields."""
    page.change(lambda: page.sitting.clear(page.fields()))


def clear_all(page: Page, key: str) -> None:
    """Clear all but the locked."""
    page.change(lambda: page.sitting.go(page.sitting.selection.clear_all()))


def deeper(page: Page, key: str) -> None:
    """Go into the value under the cursor."""
    panel = page.panel
    target = panel.target() if panel is not None else None
    if isinstance(panel, Bars) and target is not None and page.sitting.deeper(panel.spec, target.at[0][1]):
        panel.cursor = Cursor()
        page.drilled(panel)


def up(page: Page, key: str) -> None:
    """Go up a level, onto the value come from."""
    panel = page.panel
    if isinstance(panel, Bars):
        came = page.sitting.path(panel.spec.name)[-1]
        if page.sitting.up(panel.spec):
            level = panel.spec.fields[len(page.sitting.path(panel.spec.name))]
            panel.cursor.key = ((level, came),)
            page.drilled(panel)


def move(page: Page, key: str) -> None:
    """Move the cursor."""
    page.move(key)


def next_panel(page: Page, key: str) -> None:
    """Focus the next panel."""
    page.focus_by(1)


def previous_panel(page: Page, key: str) -> None:
    """Focus the panel before."""
    page.focus_by(-1)


def jump(page: Page, key: str) -> None:
    """Wait for a panel's letter."""
    page.jumping = True
    page.say("jump to: " + ", ".join(f"{spec.key}{ink.NO_BREAK}{spec.short or spec.title.lower()}" for spec in page.jumps()))


def full(page: Page, key: str) -> None:
    """Show the panel alone, or all."""
    page.show_alone("" if page.alone else page.sitting.focus)


def leave(page: Page, key: str) -> None:
    """Leave the rows, or the panel shown alone."""
    if page.view is not None:
        page.close_view()
    else:
        page.show_alone("")


def come_back(page: Page, key: str) -> None:
    """Go back to where the page was opened."""
    page.come_back()


def next_tab(page: Page, key: str) -> None:
    """Show the next panel alone."""
    page.tab_by(1)


def previous_tab(page: Page, key: str) -> None:
    """Show the panel before alone."""
    page.tab_by(-1)


def search(page: Page, key: str) -> None:
    """Open the search."""
    page.open_view(Search(page))


def type_selection(page: Page, key: str) -> None:
    """Open a line to type a selection in."""
    page.open_view(Typing(page))


def give_reason(page: Page, key: str) -> None:
    """Say why, to see what is hidden."""
    page.give_reason()


def acknowledge(page: Page, key: str) -> None:
    """Acknowledge the first alert; ask for a name the first time."""
    if page.sitting.signer:
        page.acknowledge(page.sitting.signer)
    else:
        page.open_view(Name(page))


def see_alert(page: Page, key: str) -> None:
    """Open the page of the first alert."""
    alert = page.alerts[0]
    panel = page.profile_for("unit" if alert.kind == "emergency" else "incident")
    if panel is None:
        page.say("this app has no page for it")
    else:
        page.show_profile(panel, alert.key)


def redraw(page: Page, key: str) -> None:
    """Draw the screen anew, whatever the terminal shows by now."""
    page.app.redraw()  # type: ignore[attr-defined]


def again(page: Page, key: str) -> None:
    """Ask for everything again."""
    page.say("asking again...")
    page.ask_everything()


def go_on(page: Page, key: str) -> None:
    """Go on with the sitting that was left."""
    page.call_later(keeping.go_on, page)


def open_app(page: Page, key: str) -> None:
    """Open another app."""
    for app in page.sitting.apps.values():
        if app.key == key:
            page.open_app(app.name)
            return
    keys = ", ".join(f"{app.key} {app.title.lower()}" for app in page.sitting.apps.values())
    page.say(f"no app has the key {key}: {keys}")


def leave_console(page: Page, key: str) -> None:
    """Quit at once."""
    page.app.exit(0)


def sort(page: Page, key: str) -> None:
    """Sort the rows by the cursor's column."""
    if isinstance(page.view, RowsView):
        page.view.sort()


def columns(page: Page, key: str) -> None:
    """Choose the rows' columns."""
    if isinstance(page.view, RowsView):
        page.open_view(Columns(page, page.view))

"""What of a page is picked to leave it: the value or row under the cursor, all that a panel or the rows fetched hold, and what it is."""

from __future__ import annotations

from dataclasses import replace

from console.app.export.about import About
from console.app.export.cells import Cells, listed, of_headlines, of_panel
from console.app.page.page import Page
from console.app.panels.headlines import Headlines
from console.app.panels.profile import Profile
from console.app.panels.table import Table
from console.app.views.rows import RowsView
from console.desk.answer import Answer, Row
from console.desk.desk import Leaving

NOTHING = Cells((), ())


def value(page: Page) -> str:
    """Return what the cursor is on as text, "" where there is nothing."""
    return page.view.value() if isinstance(page.view, RowsView) else page.panel.value() if page.panel else ""


def row(page: Page) -> Cells:
    """Return the row under the cursor; of a pivot's name the row of each cell beside it."""
    view, panel = page.view, page.panel
    if isinstance(view, RowsView):
        held = view.row(view.index)
        return Cells(listed(view.columns, view.fact), (held.columns,) if held else ())
    if isinstance(panel, Headlines):
        answer = panel.answers.get(panel.on.name) if panel.on is not None else None
        return of_headlines([answer]) if answer is not None else NOTHING
    return of_panel(replace(panel.answer, rows=panel.picked())) if panel is not None and panel.answer is not None else NOTHING


def table(page: Page) -> Cells:
    """Return all that the panel, or the rows fetched, hold."""
    view, panel = page.view, page.panel
    if isinstance(view, RowsView):
        return Cells(listed(view.columns, view.fact), tuple(held.columns for held in view.held()))
    if isinstance(panel, Headlines):
        return of_headlines([panel.answers[spec.name] for spec in panel.specs if spec.name in panel.answers])
    return of_panel(panel.answer) if panel is not None and panel.answer is not None else NOTHING


def leaving(page: Page, action: str, to: str, what: str, held: Cells = NOTHING) -> Leaving:
    """Return what is about to leave the page: cells, or with none all that is on the screen."""
    view, panel, sitting = page.view, page.panel, page.sitting
    shown = [page.panels[name].answer for name in page.on_screen()] if not held.columns else [panel.answer if panel else None]
    named = {name for answer in shown if answer is not None and view is None for name in answer.personal}
    columns = held.columns or (view.columns if isinstance(view, RowsView) else ())
    name, fact = sitting.focus, panel.spec.fact if panel is not None and panel is not page.headlines else ""
    if isinstance(view, RowsView):
        name, fact = view.question.panel, view.fact
    holds, about = tuple(sorted({*named, *(each.name for each in columns)})), _about(page, len(held.rows))
    return Leaving(action, sitting.app.name, to, what, name, fact, holds, about, sitting.selection, len(held.rows), sitting.case)


def _about(page: Page, count: int) -> tuple[str, ...]:
    """Return the keys of the things that the rows picked are about."""
    view, panel = page.view, page.panel
    if isinstance(view, RowsView):
        row = view.row(view.index)
        rows: tuple[Row, ...] = view.held() if count != 1 else (row,) if row is not None else ()
        return tuple(str(each.at[0][1]) for each in rows if each.at)
    if isinstance(panel, Profile):
        return (panel.subject,) if panel.subject else ()
    return tuple(str(each.at[0][1]) for each in panel.rows if each.at) if isinstance(panel, Table) else ()


def personal(page: Page, held: Cells = NOTHING) -> bool:
    """Return whether what leaves may hold personal data."""
    named = any(each.personal for each in (*held.columns, *(page.view.columns if isinstance(page.view, RowsView) else ())))
    return named or any(panel.answer is not None and bool(panel.answer.personal) for panel in page.panels.values())


def title(page: Page) -> str:
    """Return what it is in words."""
    if isinstance(page.view, RowsView):
        return page.view.said
    panel = page.panel
    return page.sitting.app.title if panel is None else panel.spec.title if isinstance(panel, Table) else panel.title()


def about(page: Page, answer: Answer, title: str) -> About:
    """Return what leaves with an answer of this page, under the present selection."""
    sitting = page.sitting
    return About(
        page.top.marking, answer.app, title, sitting.viewer.user, sitting.selection, answer.as_of, answer.version, answer.sources,
        sitting.at,
    )  # fmt: skip


def about_panel(page: Page, answer: Answer) -> About:
    """Return what leaves with the panel's numbers, which may be of an earlier selection and moment than the page's."""
    of, panel = about(page, answer, title(page)), page.panel
    return of if panel is None else replace(of, selection=panel.selection, as_of=panel.as_of or answer.as_of)

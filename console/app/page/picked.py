"""What of a page is picked to leave it: the value or row under the cursor, all that a panel or the rows fetched hold, and what it is."""

from __future__ import annotations

from dataclasses import replace

from console.app.export.about import About
from console.app.export.cells import Cells, listed, of_headlines, of_panel
from console.app.page.page import Page
from console.app.panels.headlines import Headlines
from console.app.panels.table import Table
from console.app.views.rows import RowsView
from console.desk.answer import Answer

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

"""What `console ask` asks of a Desk, whichever it has."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import datetime
from typing import Any

from console.desk import area
from console.desk.answer import Answer, PanelAnswer
from console.desk.desk import Cross, Desk, Question, RowsQuestion, Viewer
from console.desk.page import App
from console.desk.selection import Selection


def asked(desk: Desk, options: Any, at: datetime | None) -> Answer:
    """Return the answer that `console ask` is for, and write to usage who asked for it, in the words of the command line.

    An app, one of its panels, or a fact crossed or listed.
    """
    viewer = desk.viewer()
    whole = bool(options.by or options.rows)
    name, panel = (options.target, "") if whole else options.target.partition("/")[::2]
    if not whole and name in desk.facts() and name not in {app.name for app in desk.apps(viewer)}:
        raise ValueError(f"{name} is a fact, not an app: add --by FIELD[,FIELD] or --rows")
    if options.limit is not None and options.limit < 1:
        raise ValueError("--limit is 1 or more")
    selection = desk.resolve(viewer, area.read_in(tuple(options.select)), tuple(options.lock), name, at)
    if options.rows:
        answer = _listed(desk, viewer, name, selection, at, options.limit)
    elif options.by:
        answer = desk.cross(viewer, Cross(name, tuple(options.by.split(",")), tuple(options.measure.split(",")), selection, at))
    else:
        answer = desk.ask(viewer, Question(name, selection, at, (panel,) if panel else None))
        app = next(app for app in desk.apps(viewer) if app.name == name)
        answer = replace(answer, panels=tuple(_choosing(app, each) for each in answer.panels))
    desk.used(viewer, "ask" if options.format == "text" else "export", _typed(options), name)
    return answer


def _choosing(app: App, panel: PanelAnswer) -> PanelAnswer:
    """Return a panel; a profile of nothing says what to select."""
    fields = [field for field, name in app.profiles if name == panel.name]
    if panel.kind != "profile" or panel.rows or not fields:
        return panel
    return replace(panel, note=f"select one value of {' or '.join(fields)} to see its page")


def _typed(options: Any) -> str:
    """Return what was asked as it is typed."""
    said = [options.target, *(word for text in options.select for word in ("--select", text))]
    said += [word for name in options.lock for word in ("--lock", name)]
    for name in ("at", "by", "measure", "limit", "format", "out"):
        if (value := getattr(options, name)) is not None and (name != "measure" or options.by):
            said += [f"--{name}", str(value)]
    return shlex.join([*said, "--rows"] if options.rows else said)


def _listed(desk: Desk, viewer: Viewer, fact: str, selection: Selection, at: datetime | None, limit: int | None) -> Answer:
    empty = desk.cross(viewer, Cross(fact, (), ("count",), selection, at))
    listed = desk.rows(viewer, RowsQuestion("", "", fact, (), selection, at or empty.as_of, 0, limit or 2**40))
    table = PanelAnswer(fact, empty.panels[0].title, "table", fact, (), (), listed.rows, (), listed.columns, total=listed.total)
    return replace(empty, panels=(table,))

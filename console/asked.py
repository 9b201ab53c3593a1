"""What `console ask` asks of a Desk, whichever it has, and how that is printed."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from console import reasoning
from console.app import plain
from console.app.export.about import About
from console.desk import area
from console.desk.answer import Answer, PanelAnswer
from console.desk.desk import Cross, Desk, Leaving, Question, RowsQuestion, Viewer
from console.desk.page import App
from console.desk.selection import Selection
from console.options import FORMATS


def run(options: Any, opened: Callable[[], Desk], at: datetime | None, say: Callable[[str], None]) -> int:
    """Ask, print or write the answer; return the exit status (1 where a panel failed). Raises what the Desk does, ValueError, OSError."""
    if options.format == "parquet" and not options.out:
        raise ValueError("Parquet is no text: name a file with --out")
    if options.format == "text" and options.out:
        raise ValueError(f"--out takes a --format for programs: {', '.join(FORMATS[1:])}")
    desk = opened()
    try:
        viewer = desk.viewer()
        answer, selection = _asked(desk, viewer, options, at)
        marking = desk.marking(viewer)
    finally:
        desk.close()
    about = About(marking, answer.app, options.target, viewer.user, selection, answer.as_of, answer.version, answer.sources, at)
    _print(answer, about, options)
    failed = [panel for panel in answer.panels if panel.error]
    for panel in failed if options.format == "csv" else ():
        say(f"console: {panel.title}: {panel.error}")
    return 1 if failed else 0


def _print(answer: Answer, about: About, options: Any) -> None:
    zone = ZoneInfo("Europe/London")
    if options.out:
        print(f"{plain.write(answer, options.format, zone, about, options.out)} written", file=sys.stderr)
    elif options.format == "geojson":
        print(plain.as_geojson(answer, about), end="")
    elif options.format == "json":
        print(plain.as_json(answer, zone))
    elif options.format == "csv":
        print(plain.as_csv(answer, zone), end="")
    else:
        from rich.console import Console

        width = None if sys.stdout.isatty() else plain.WIDE
        Console(highlight=False, markup=False, width=width).print(plain.as_text(answer, zone, about.marking))


def _asked(desk: Desk, viewer: Viewer, options: Any, at: datetime | None) -> tuple[Answer, Selection]:
    """Return the answer that `console ask` is for, under what selection; who asked is in usage, in the words of the command line.

    An app, one of its panels, or a fact crossed or listed.
    """
    reasoning.explain(desk, viewer, options)
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
    if options.format == "text":
        desk.used(viewer, "ask", _typed(options), name)
    else:
        desk.disclose(viewer, _leaving(answer, options, name, selection))
    return answer, selection


def _leaving(answer: Answer, options: Any, name: str, selection: Selection) -> Leaving:
    """Return what an answer takes along in a form for programs."""
    panels = answer.panels
    columns = {column.name for panel in panels for column in panel.columns} | {field for panel in panels for field in panel.fields}
    named = {field for panel in panels for field in panel.personal}
    subjects = tuple(str(row.at[0][1]) for panel in panels if panel.kind == "table" for row in panel.rows)
    one = panels[0] if len(panels) == 1 else None
    return Leaving(
        "export", name, "", _typed(options), one.name if one else "", one.fact if one else "", tuple(sorted(columns | named)), subjects,
        selection, sum(len(panel.rows) for panel in panels),
    )  # fmt: skip


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
    title, wanted = empty.panels[0].title, listed.wanted
    table = PanelAnswer(fact, title, "table", fact, (), (), listed.rows, (), listed.columns, total=listed.total, wanted=wanted)
    return replace(empty, panels=(table,))

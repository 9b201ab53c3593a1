"""An answer without a screen: text for people and screen readers, JSON and CSV for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from console.app.drawing import words
from console.app.drawing.glyphs import GLYPHS
from console.app.export import cells, folder, places, tables
from console.app.export.about import About
from console.app.export.cells import plain, short
from console.app.export.folder import Draft
from console.desk.answer import Answer, Column, PanelAnswer, Row, SourceState, Value
from console.desk.grammar import NONE

if TYPE_CHECKING:
    from rich.console import JustifyMethod, RenderableType
    from rich.table import Table
    from rich.text import Text


PADDING = (0, 2, 0, 0)  # no boxes: they are read out
WIDE = 100_000  # where there is no terminal, nothing is cut
OPENS = ("field", "key")  # the last columns of a profile, which say what a screen opens


def as_json(answer: Answer, zone: ZoneInfo, about: About | None = None) -> str:
    """Return an answer as one JSON object, instants in the force's zone; with what it is where it goes into a file."""
    body = {
        **({"about": about.body()} if about else {}),
        "app": answer.app or None,
        "as_of": plain(answer.as_of, zone),
        "shown": answer.shown,
        "of": answer.of,
        "hidden_immediate": answer.hidden_immediate,
        "panels": [_panel(panel, zone) for panel in answer.panels],
    }
    return cells.escaped(json.dumps(body, ensure_ascii=False, indent=1))


def _panel(panel: PanelAnswer, zone: ZoneInfo) -> dict[str, Any]:
    body: dict[str, Any] = {
        "name": panel.name,
        "title": panel.title,
        "kind": panel.kind,
        "fact": panel.fact,
        "fields": [short(name, panel.fact) for name in panel.fields],
        "measures": [{"name": measure.name, "unit": measure.unit} for measure in panel.measures],
        "unreached": [short(name, panel.fact) for name in panel.unreached],
        "rows": [_row(panel, row, zone) for row in panel.rows],
    }
    if panel.total is not None:
        body["total"] = panel.total
    if panel.note:
        body["note"] = panel.note
    if panel.wanted:
        body["hidden"] = panel.wanted
    if panel.error:
        body["error"] = panel.error
    return body


def _row(panel: PanelAnswer, row: Row, zone: ZoneInfo) -> dict[str, Any]:
    body: dict[str, Any] = {
        "at": {short(name, panel.fact): plain(value, zone) for name, value in row.at},
        "state": row.state.value if row.state else None,
        "values": {measure.name: value for measure, value in zip(panel.measures, row.values, strict=False)},
    }
    if panel.columns:
        names = (short(column.name, panel.fact) for column in panel.columns)
        body["columns"] = {name: plain(value, zone) for name, value in zip(names, row.columns, strict=True)}
    return body


def as_csv(answer: Answer, zone: ZoneInfo) -> str:
    """Return an answer as CSV: one panel in its own columns, several as one long table with a panel column.

    The column `selection_state` has the state of a value under the selection, one of the six; `state` is a unit's. Texts are
    written as `cells.safe` has them.
    """
    return cells.as_csv(_wide(answer.panels[0]) if len(answer.panels) == 1 else _long(answer.panels, zone), zone)


def _wide(panel: PanelAnswer) -> Iterable[Sequence[Value]]:
    held = cells.of_panel(panel)
    yield [column.name for column in held.columns]
    yield from held.rows


def _long(panels: Iterable[PanelAnswer], zone: ZoneInfo) -> Iterable[list[Value]]:
    yield ["panel", "at", cells.STATE, "name", "value"]
    for panel in panels:
        for row in panel.rows:
            at = "; ".join(f"{short(name, panel.fact)}={NONE if value is None else plain(value, zone)}" for name, value in row.at)
            names = [*(m.name for m in panel.measures), *(short(c.name, panel.fact) for c in panel.columns)]
            for name, value in zip(names, (*row.values, *row.columns), strict=False):
                yield [panel.name, at, row.state or "", name, value]


def write(answer: Answer, kind: str, zone: ZoneInfo, about: About, out: Path) -> Path:
    """Write an answer to a new file with what it is, and return its path: parquet, geojson, csv, json or text.

    Raises ValueError for a file that is there, for no folder and for a form that the answer hasn't, OSError where it can't be written.
    """
    if out.exists() or not out.parent.is_dir():
        raise ValueError(f"{out} is there already: name another" if out.exists() else f"{out.parent} is no folder")
    try:
        return _written(answer, kind, zone, about, out)
    except OSError as error:
        raise OSError(folder.refused(out.parent, error)) from error


def _written(answer: Answer, kind: str, zone: ZoneInfo, about: About, out: Path) -> Path:
    if kind in ("parquet", "csv") and len(answer.panels) == 1:
        held = cells.of_panel(answer.panels[0])
        return tables.write(tables.WRITERS[kind](Draft(out.parent, out.stem, out.suffix), about, held.columns), held.rows)
    if kind == "parquet":
        raise ValueError("a Parquet file holds one panel: write APP/PANEL")
    if kind == "csv":
        head, *rows = _long(answer.panels, zone)
        columns = [Column(str(name), str(name), "text") for name in head]
        return tables.write(tables.Csv(Draft(out.parent, out.stem, out.suffix), about, columns), rows)
    text = as_geojson(answer, about) if kind == "geojson" else as_json(answer, zone, about)
    return folder.write(out.parent, out.stem, out.suffix, text)


def as_geojson(answer: Answer, about: About) -> str:
    """Return the places of the one map of an answer; raises ValueError if it has none."""
    maps = [panel for panel in answer.panels if panel.kind == "map" and panel.fields and not panel.error]
    if len(maps) != 1:
        raise ValueError("GeoJSON is of a map: write APP/PANEL of one, such as control/map")
    return places.places(short(maps[0].fields[0], maps[0].fact), maps[0], about)


def _word(value: Value, zone: ZoneInfo) -> str:
    if value is None:
        return NONE
    if isinstance(value, datetime):
        here = value.replace(tzinfo=UTC).astimezone(zone)
        return here.strftime("%d %b %H:%M %Z" if here.year == datetime.now(zone).year else "%d %b %Y %H:%M %Z")
    if isinstance(value, float):
        return f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else words.clean(str(value))


def as_text(answer: Answer, zone: ZoneInfo, marking: str) -> RenderableType:
    """Return an answer as rich text: what is shown and hidden, then each panel as a table with its states and notes."""
    from rich.console import Group

    said = f"{answer.shown:,} of {answer.of:,} {answer.noun} shown".replace("  ", " ")
    if answer.hidden_immediate:
        said += f"; {answer.hidden_immediate} Immediate hidden"
    as_of = _word(answer.as_of, zone)
    parts: list[RenderableType] = [_text(f"{marking}  {answer.app}  as of {as_of}"), _text(said)]
    parts += [_text(f"{source.title}: {line}") for source in answer.sources for line in _amiss(source)]
    headlines = [panel for panel in answer.panels if panel.kind == "kpi"]
    if headlines:
        parts += [*_headlines(headlines), *(_text(f"{panel.title}: {note}") for panel in headlines for note in _notes(panel))]
    for panel in answer.panels:
        if panel.kind != "kpi":
            parts += [*_titled(panel, zone), *map(_text, _notes(panel))]
    return Group(*parts)


def _amiss(source: SourceState) -> list[str]:
    """Return what is wrong with a source: that it is stale, what is missing of it."""
    stale = source.live and source.stale and source.age_s is not None
    said = [f"stale, no news for {words.duration(source.age_s)}" if stale and source.age_s is not None else "", words.missing(source)]
    return [line for line in said if line]


def _notes(panel: PanelAnswer) -> list[str]:
    """Return what must be said of a panel beside its numbers: what the selection doesn't reach, and its note."""
    fields = ", ".join(words.field(name).lower() for name in panel.unreached)
    said = f"{fields} {'do' if len(panel.unreached) > 1 else 'does'}n't reach {panel.fact}s" if fields else ""
    wanted = f"{panel.wanted}: hidden until --reason and --case say what for" if panel.wanted else ""
    return [line for line in (said, wanted, panel.note) if line]


def _headlines(panels: Iterable[PanelAnswer]) -> list[RenderableType]:
    from rich.table import Table

    table = Table("headline", "selection", "force", box=None, padding=PADDING)
    for panel in panels:
        values = [text for row in panel.rows for text in _measured(panel, row)]
        table.add_row(*map(_text, (panel.title, *(values or [panel.error or "no rows"])[:2])))
    return [_text("Headlines"), table]


def _measured(panel: PanelAnswer, row: Row) -> list[str]:
    return [words.measured(value, measure) for value, measure in zip(row.values, panel.measures, strict=False)]


def _cell(value: Value, column: Column, zone: ZoneInfo) -> str:
    return _word(value, zone) if isinstance(value, datetime) else words.cell(value, column)


def _titled(panel: PanelAnswer, zone: ZoneInfo) -> list[RenderableType]:
    """Return a panel's title and its table; a title alone says why there is none."""
    if panel.error or not panel.rows:
        return [_text(f"{panel.title}: {panel.error or 'no rows'}")]
    cut = f" ({len(panel.rows):,} of {panel.total:,})" if panel.total is not None and panel.total > len(panel.rows) else ""
    return [_text(panel.title + cut), _listing(panel, zone) if panel.columns else _counts(panel, zone)]


def _listing(panel: PanelAnswer, zone: ZoneInfo) -> Table:
    from rich.markup import escape
    from rich.table import Table

    columns = panel.columns[: -len(OPENS)] if panel.kind == "profile" else panel.columns
    table = Table(*(escape(column.title) for column in columns), box=None, padding=PADDING)
    for row in panel.rows:
        table.add_row(*(_text(_cell(value, column, zone)) for value, column in zip(row.columns, columns, strict=False)))
    return table


def _counts(panel: PanelAnswer, zone: ZoneInfo) -> Table:
    from rich.markup import escape
    from rich.table import Table

    heads = [short(name, panel.fact) for name in panel.fields] + [measure.title for measure in panel.measures]
    table = Table("", *map(escape, heads), box=None, padding=PADDING)
    for row in panel.rows:
        at = [_text(_word(value, zone)) for _, value in row.at]
        state = f"{GLYPHS[row.state]} {row.state or ''}".strip()
        table.add_row(state, *at, *(_text(text, justify="right") for text in _measured(panel, row)))
    return table


def _text(said: str, justify: JustifyMethod = "default") -> Text:
    """Return text without markup, in which nothing steers a terminal."""
    from rich.text import Text

    return Text(words.clean(said), justify=justify)

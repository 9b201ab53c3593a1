"""What is shown as a table of plain cells: the one form that CSV, Parquet, the clipboard and `console ask` are written from."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from console.app.drawing import glyphs
from console.desk.answer import Column, PanelAnswer, Value

STATE = "selection_state"
FORMULA = tuple("=+-@\t\r\n'＝＋－＠")  # at the beginning of a cell; the last four are theirs in full width
_STEERS = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\uffff\U000e0000-\U000e007f]"
)


@dataclass(frozen=True, slots=True)
class Cells:
    """Columns by name, type and unit, and rows of as many values."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


def short(field: str, fact: str) -> str:
    """Return a field's name as its own fact says it: `crime.category` is `category` beside crimes."""
    return field.removeprefix(f"{fact}.")


def listed(columns: Sequence[Column], fact: str) -> tuple[Column, ...]:
    """Return a fact's columns by their short names."""
    return tuple(replace(column, name=short(column.name, fact)) for column in columns)


def of_panel(panel: PanelAnswer) -> Cells:
    """Return a panel's rows: a table's in its own columns, else each value with its state and its measures."""
    if panel.columns:
        return Cells(listed(panel.columns, panel.fact), tuple(row.columns for row in panel.rows))
    rows = tuple((*(value for _, value in row.at), row.state.value if row.state else "", *row.values) for row in panel.rows)
    names = [short(name, panel.fact) for name in panel.fields or [name for name, _ in (panel.rows[0].at if panel.rows else ())]]
    heads = [*(Column(name, name, "text") for name in names), Column(STATE, "State under the selection", "text")]
    heads += [Column(measure.name, measure.title, "number", measure.unit) for measure in panel.measures]
    made = [replace(head, type=_type(row[n] for row in rows if n < len(row))) for n, head in enumerate(heads)]
    return Cells(tuple(made), rows)


def of_headlines(panels: Iterable[PanelAnswer]) -> Cells:
    """Return headlines as a row each: the figure under the selection, the force's, their unit."""
    columns = (
        Column("headline", "Headline", "text"),
        Column("selection", "Under the selection", "number"),
        Column("force", "Force", "number"),
    )
    rows = []
    for panel in panels:
        values = (*(panel.rows[0].values if panel.rows else ()), None, None)
        rows.append((panel.title, values[0], values[1], panel.measures[0].unit if panel.measures else ""))
    return Cells((*columns, Column("unit", "Unit", "text")), tuple(rows))


def _type(values: Iterable[Value]) -> str:
    """Return the type of a column that holds these values, as the model names types."""
    kinds = {type(value) for value in values if value is not None}
    for type_, of in (("boolean", {bool}), ("integer", {int}), ("number", {int, float}), ("instant", {datetime})):
        if kinds and kinds <= of:
            return type_
    return "text"


def plain(value: Value, zone: ZoneInfo) -> str | int | float | bool | None:
    """Return a value as text formats have it; an instant (naive UTC) as local ISO 8601 with its offset."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC).astimezone(zone).isoformat()
    return value


def safe(text: str) -> str:
    """Return a text as a cell that a spreadsheet takes for text and a terminal for nothing else.

    One that would be read as a formula, or begins with an apostrophe itself, gets one before it, which is to be taken off once;
    what would steer a terminal is replaced (`glyphs.harmless`).
    """
    return ("'" if text.lstrip(" \xa0\ufeff").startswith(FORMULA) else "") + glyphs.harmless(text)


def written(row: Iterable[Value], zone: ZoneInfo) -> list[str | int | float | bool | None]:
    """Return a row as it is written: texts safe, numbers as numbers."""
    return [safe(value) if isinstance(value, str) else plain(value, zone) for value in row]


def as_csv(rows: Iterable[Sequence[Value]], zone: ZoneInfo) -> str:
    """Return rows as CSV by RFC 4180, but that a line ends in a newline alone."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(written(row, zone) for row in rows)
    return out.getvalue()


def as_tabbed(rows: Iterable[Sequence[Value]], zone: ZoneInfo) -> list[str]:
    """Return rows as lines of text between tabs, for a spreadsheet to paste; no cell holds a tab or a newline."""
    return ["\t".join("" if value is None else str(value) for value in written(row, zone)) for row in rows]


def escaped(json: str) -> str:
    r"""Return JSON in which what JSON leaves bare and a terminal would obey, or hide, is written as `\u....`: it means the same."""
    return _STEERS.sub(lambda found: "".join(f"\\u{unit:04x}" for unit in _units(found[0])), json)


def _units(char: str) -> list[int]:
    """Return a character's UTF-16 units."""
    raw = char.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(raw[n : n + 2]) for n in range(0, len(raw), 2)]

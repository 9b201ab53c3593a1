"""What the Desk gives: frozen plain values that could cross a socket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from console.desk.page import Shown

Value = str | int | float | bool | datetime | None


class State(StrEnum):
    """Where a value of a field stands under a selection (design: the six states)."""

    SELECTED = "selected"
    POSSIBLE = "possible"
    ALTERNATIVE = "alternative"
    EXCLUDED = "excluded"
    SELECTED_EXCLUDED = "selected-excluded"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Measure:
    """A number a panel shows: its name in the model, its title, and its unit ("", "%", "s", "days", ...)."""

    name: str
    title: str
    unit: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its field or name, its title, its type (text, integer, number, instant, ...), whether it is about persons."""

    name: str
    title: str
    type: str
    unit: str = ""
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One value, cell or row of a panel.

    `at` says which: (field, value) pairs, empty for a headline, a table row's key for a table. `values` follow
    the panel's measures, `columns` the table's columns.
    """

    at: tuple[tuple[str, Value], ...]
    state: State | None = None
    values: tuple[float | int | None, ...] = ()
    columns: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Marker:
    """A point on a map: an incident or a unit, with the glyph that says its grade or state."""

    kind: str  # "incident" or "unit"
    key: str
    lon: float
    lat: float
    glyph: str
    text: str


@dataclass(frozen=True, slots=True)
class PanelAnswer:
    """One panel's answer: its rows, or the reason it failed.

    A kpi has one row: its figure under the selection, then the force figure. A series has a row a step of its first
    field. A pivot has a row a cell of its two fields. A profile has columns section, label, value, detail, field, key
    (the last two name a value that can be opened or selected, or are None). A table's rows carry their key in `at`.
    `fields` are those shown now (a drill-down shows the level it stands at), `levels` the whole drill-down.
    `unreached` are the selected fields whose clause doesn't reach this panel's fact. `note` is a sentence for
    the viewer (a definition, an exclusion, "grade does not reach units"). A map shades by its first measure; those behind it are
    what that was made of. It says as what it was `shown`; `squares` are columns and rows eastwards and northwards, and their points.
    `wanted` names personal fields that are hidden, or for which there are no rows, until a reason is given; `personal` those shown.
    """

    name: str
    title: str
    kind: str
    fact: str
    fields: tuple[str, ...]
    measures: tuple[Measure, ...]
    rows: tuple[Row, ...]
    unreached: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    levels: tuple[str, ...] = ()
    markers: tuple[Marker, ...] = ()
    total: int | None = None
    note: str = ""
    error: str | None = None
    shown: Shown | None = None
    squares: tuple[tuple[int, int, int], ...] = ()
    wanted: str = ""
    personal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """Something announced under any selection until a named user acknowledges it."""

    kind: str  # "immediate" or "emergency"
    key: str  # incident ref or callsign
    at: datetime
    text: str
    hidden: bool  # the selection hides it


@dataclass(frozen=True, slots=True)
class SourceState:
    """How one source stands: when it was last heard (UTC) and whether that is later than it allows.

    `gaps` is how many of its events are known to be missing; with `filling`, because its older history is still being made.
    """

    name: str
    title: str
    heard_at: datetime | None
    age_s: float | None
    stale: bool
    live: bool
    gaps: int
    quarantined: int
    filling: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """A page's answer at one data version."""

    app: str
    as_of: datetime  # UTC
    live: bool
    version: int
    shown: int
    of: int
    hidden_immediate: int | None
    panels: tuple[PanelAnswer, ...]
    alerts: tuple[Alert, ...] = ()
    sources: tuple[SourceState, ...] = ()
    noun: str = ""  # what the bar counts, in words: "open", "crimes"
    note: str = ""  # something about all answers that the viewer is to be told once
    section: str = ""  # in words, the only rows that the viewer sees: "Bristol only"


@dataclass(frozen=True, slots=True)
class Rows:
    """A page of the rows behind a number: `total` is the number, `rows` a slice of them from `offset`.

    `wanted` names the personal fields whose values are hidden until a reason is given.
    """

    fact: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    offset: int
    total: int
    as_of: datetime
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A value that matches a search: its field, how many rows have it now, its state, and what a code is the code of."""

    field: str
    title: str
    value: Value
    count: int
    state: State
    name: str = ""

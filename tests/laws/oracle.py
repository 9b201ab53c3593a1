"""The selection laws written plainly over Polars frames: what the engine must agree with, on any model."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

import polars as pl

from console.desk.answer import State
from console.desk.selection import Area, Box, Circle, Clause, Polygon, Range, Selection, Shape, Values, Window

Clauses = Iterable[tuple[str, Clause]]
Cell = tuple[Any, ...]
SHARED = "(shared)"


@dataclass(frozen=True)
class Told:
    """A field: the fact it is of (or SHARED), its short name, its type, and its column in each fact that has it."""

    fact: str
    short: str
    type: str
    columns: dict[str, str]

    @property
    def by_length(self) -> bool:
        """Whether the values are in the order of how long they are, not their own."""
        return self.type == "text" and self.short == "kind"


@dataclass(frozen=True)
class Joined:
    """A link of one step, or a chain of several: (from, to, from_key, to_key, current) each; short names carried."""

    name: str
    steps: tuple[tuple[str, str, str, str, bool], ...]
    carries: frozenset[str]
    chain: tuple[str, ...] = ()


@dataclass(frozen=True)
class Panel:
    """What a panel asks, with its own clauses both as text and as meant."""

    name: str
    kind: str
    fact: str
    fields: tuple[str, ...]
    measures: tuple[str, ...]
    given: tuple[tuple[str, tuple[str, Clause]], ...] = ()
    through: str = ""
    path: tuple[Any, ...] | None = None  # of a drill-down: how deep it has been taken
    sort: tuple[tuple[str, bool], ...] = ()
    limit: int = 1000  # rows that a table shows


@dataclass(frozen=True)
class Force:
    """Frames by fact, each with id, n, since, lon, lat and (of some facts) ended; the model's words; the moment asked of."""

    frames: dict[str, pl.DataFrame]
    fields: dict[str, Told]
    links: tuple[Joined, ...]
    ending: frozenset[str]
    base: dict[str, tuple[tuple[str, tuple[str, Clause]], ...]]
    now: datetime

    def standing(self, fact: str) -> pl.DataFrame:
        """Return a fact's rows that there were at the moment."""
        return self.frames[fact].filter(pl.col("since") <= self.now)

    def link(self, fact: str, name: str, through: str) -> Joined | None:
        """Return the link by which a field of another fact reaches this one: the one named, else one that carries it."""
        told = self.fields[name]
        for link in self.links:
            if link.name == through and {link.steps[0][0], link.steps[-1][1]} == {fact, told.fact}:
                return link
        for link in self.links:
            if (link.steps[0][0], link.steps[-1][1]) == (told.fact, fact) and told.short in link.carries:
                return link
        return None

    def reaches(self, fact: str, name: str, through: str = "") -> bool:
        """Return whether a clause on a field reaches a fact."""
        return fact in self.fields[name].columns or self.link(fact, name, through) is not None

    def passing(self, fact: str, clauses: Clauses, exempt: Collection[str] = (), through: str = "") -> pl.DataFrame:
        """Return the rows that pass every clause that reaches their fact, but for those on the exempt fields."""
        rows = self.standing(fact)
        linked: dict[Joined, pl.DataFrame] = {}
        for name, clause in clauses:
            told = self.fields[name]
            if name in exempt:
                continue
            if fact in told.columns:
                rows = rows.filter(self.holds(clause, told, fact))
            elif (link := self.link(fact, name, through)) is not None:
                held = linked.get(link, self.standing(told.fact))
                linked[link] = held.filter(self.holds(clause, told, told.fact))
        for link, held in linked.items():
            reached = self.across(link, held, backwards=link.steps[0][0] == fact)
            rows = rows.join(reached, on="id", how="semi")
        return rows

    def across(self, link: Joined, rows: pl.DataFrame, backwards: bool) -> pl.DataFrame:
        """Return the rows at a link's other end that some of these are joined to."""
        for start, end, from_key, to_key, current in reversed(link.steps) if backwards else link.steps:
            holds = pl.col("ended").is_null() | (pl.col("ended") > self.now) if current and start in self.ending else pl.lit(True)
            if backwards:
                rows = self.standing(start).filter(holds).join(rows, left_on=from_key, right_on=to_key, how="semi")
            else:
                rows = self.standing(end).join(rows.filter(holds), left_on=to_key, right_on=from_key, how="semi")
        return rows

    def holds(self, clause: Clause, told: Told, fact: str) -> pl.Expr:
        """Return whether each row's value passes a clause."""
        if isinstance(clause, Area):
            return reduce(pl.Expr.or_, (inside(shape) for shape in clause.shapes)).fill_null(False)
        value = pl.col(told.columns[fact])
        if isinstance(clause, Values):
            named = [value.eq_missing(pl.lit(read(told.type, text))) for text in clause.values]
            return reduce(pl.Expr.or_, named)
        if isinstance(clause, Window):
            low, high = (None if end is None else self.now + timedelta(seconds=end) for end in (clause.start, clause.end))
        else:
            low, high = (read(told.type, end) for end in (clause.low, clause.high))
        passes = value.is_not_null()
        passes = passes if low is None else passes & (value >= low)
        return passes if high is None else passes & (value < high)

    def asked(self, panel: Panel, selection: Selection) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the rows a panel is about, and those of them that it counts: by every clause but its own fields'."""
        exempt = {*panel.fields, *(("area",) if panel.kind == "map" else ())}
        own = [clause for _, clause in (*self.base.get(panel.fact, ()), *panel.given)]
        about = self.passing(panel.fact, own, through=panel.through)
        for level, value in zip(panel.fields, panel.path or (), strict=False):
            about = about.filter(pl.col(self.fields[level].columns[panel.fact]).eq_missing(pl.lit(value)))
        counted = self.passing(panel.fact, selection.clauses, exempt, panel.through)
        return about, about.join(counted, on="id", how="semi")

    def shown(self, panel: Panel) -> tuple[str, ...]:
        """Return the fields whose values a panel shows: of a drill-down, the level below the values chosen."""
        return panel.fields if panel.path is None else (panel.fields[len(panel.path)],)

    def counts(self, panel: Panel, selection: Selection) -> dict[Cell, tuple[Cell, State]]:
        """Return the measures and state of each value or cell that the panel shows."""
        about, counted = self.asked(panel, selection)
        names = self.shown(panel)
        columns = [self.fields[name].columns[panel.fact] for name in names]
        held = dict(counted.group_by(columns))
        cells: set[Cell] = set(about.select(columns).unique().rows())
        if len(names) == 1 and isinstance(clause := selection.clause(names[0]), Values):
            present = {text_of(cell[0]) for cell in cells}
            cells |= {(read(self.fields[names[0]].type, text),) for text in clause.values if text not in present}
        made = {}
        for cell in cells:
            rows = held.get(cell, counted.clear())
            state = self.state(names, cell, selection, len(rows))
            made[cell] = tuple(measure(name, rows) for name in panel.measures), state
        return made

    def state(self, names: tuple[str, ...], cell: Cell, selection: Selection, held: int) -> State:
        """Return the state of a value or cell by the definitions of the six states."""
        clauses = {name: clause for name in names if (clause := selection.clause(name)) is not None}
        values = dict(zip(names, cell, strict=True))
        chosen = bool(clauses) and all(self.chooses(clause, self.fields[name], values[name]) for name, clause in clauses.items())
        if chosen and set(clauses) <= selection.locks:
            return State.LOCKED
        if held == 0:
            return State.SELECTED_EXCLUDED if chosen else State.EXCLUDED
        if not clauses:
            return State.POSSIBLE
        return State.SELECTED if chosen else State.ALTERNATIVE

    def chooses(self, clause: Clause, told: Told, value: Any) -> bool:
        """Return whether a clause of values or a range names a value; a window or an area names none."""
        if isinstance(clause, Values):
            return text_of(value) in clause.values
        if not isinstance(clause, Range) or value is None:
            return False
        low, high = (read(told.type, end) for end in (clause.low, clause.high))
        return (low is None or value >= low) and (high is None or value < high)

    def headline(self, panel: Panel, selection: Selection) -> tuple[Any, ...]:
        """Return each measure of the rows in scope, with the force figure beside it."""
        sides = self.asked(panel, selection)[::-1]
        return tuple(measure(name, rows) for name in panel.measures for rows in sides)

    def ordered(self, panel: Panel, selection: Selection) -> list[int]:
        """Return the keys of a table's rows as it sorts them: missing values last, then by key."""
        by = []
        for told in (self.fields[name] for name, _ in panel.sort):
            column = pl.col(told.columns[panel.fact])
            by.append(column.str.len_chars() if told.by_length else column)
        rows = self.asked(panel, selection)[1]
        return rows.sort(*by, "id", descending=[*(down for _, down in panel.sort), False], nulls_last=True)["id"].to_list()

    def lead(self) -> str:
        """Return the fact that the bar counts."""
        return next(iter(self.frames))

    def behind(self, panel: Panel, cell: Cell | None, selection: Selection) -> pl.DataFrame:
        """Return the rows that a value, a cell or (None) a headline counts."""
        counted = self.asked(panel, selection)[1]
        if cell is not None:
            for name, value in zip(self.shown(panel), cell, strict=True):
                counted = counted.filter(pl.col(self.fields[name].columns[panel.fact]).eq_missing(pl.lit(value)))
        return counted.filter(pl.col("n") > 2) if panel.measures[:1] == ("few",) else counted


def measure(name: str, rows: pl.DataFrame) -> Any:
    """Return a measure of rows: `count`; `few`, those with n over 2; `share`, what part of those with n that is, in per cent.

    `n` is the sum; `most` the greatest, `middle` the median, `high` the 90th percentile, `kinds` how many different (none of no rows).
    """
    if name == "count":
        return len(rows)
    if name == "few":
        return len(rows.filter(pl.col("n") > 2))
    if name == "share":
        whole = len(rows) - rows["n"].null_count()
        return 100.0 * len(rows.filter(pl.col("n") > 2)) / whole if whole else None
    if name == "kinds":
        return rows["n"].drop_nulls().n_unique() if len(rows) else None
    if name in ("middle", "high"):
        held = sorted(rows["n"].drop_nulls())
        place = (0.5 if name == "middle" else 0.9) * (len(held) - 1)
        below, above = math.floor(place), place - math.floor(place)
        return held[below] * (1.0 - above) + held[math.ceil(place)] * above if held else None
    if name == "most":
        return rows["n"].max()
    return None if len(rows) and rows["n"].null_count() == len(rows) else rows["n"].sum()


def text_of(value: Any) -> str | None:
    """Return one value as a clause writes it."""
    if isinstance(value, datetime):
        return value.isoformat() + "Z"
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def read(type: str, text: str | None) -> Any:
    """Return the value that a clause writes so."""
    kinds: dict[str, Any] = {"integer": int, "number": float, "instant": instant, "boolean": "true".__eq__}
    return None if text is None else kinds.get(type, str)(text)


def instant(text: str) -> datetime:
    """Return the instant of a clause's text, naive UTC."""
    return datetime.fromisoformat(text.removesuffix("Z"))


def inside(shape: Shape) -> pl.Expr:
    """Return whether each row's point lies in a shape."""
    lon, lat = pl.col("lon"), pl.col("lat")
    if isinstance(shape, Box):
        return (lon >= shape.west) & (lon < shape.east) & (lat >= shape.south) & (lat < shape.north)
    if isinstance(shape, Circle):
        a, b = lat.radians(), math.radians(shape.lat)
        d = ((b - a) / 2).sin() ** 2 + a.cos() * math.cos(b) * ((math.radians(shape.lon) - lon.radians()) / 2).sin() ** 2
        return 2 * 6371008.8 * d.sqrt().arcsin() <= shape.metres
    assert isinstance(shape, Polygon)
    crossings = [
        ((y1 > lat) != (y2 > lat)) & (lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1)
        for (x1, y1), (x2, y2) in zip(shape.corners, shape.corners[1:] + shape.corners[:1], strict=True)
        if y1 != y2
    ]
    return reduce(pl.Expr.xor, crossings, pl.lit(False)) & lon.is_not_null()

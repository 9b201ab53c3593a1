"""The selection laws written plainly over Polars frames: what the engine must agree with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from console.desk.answer import State
from console.desk.selection import Area, Box, Circle, Clause, Polygon, Range, Selection, Shape, Values, Window

Row = dict[str, Any]


@dataclass(frozen=True)
class Force:
    """Frames by fact; which columns each has; and the one link: a clause on `unit` columns reaches `job` by key."""

    frames: dict[str, pl.DataFrame]
    now: datetime

    def rows(self, fact: str) -> list[Row]:
        """Return a fact's rows."""
        return self.frames[fact].to_dicts()

    def passes(self, fact: str, row: Row, selection: Selection, exempt: frozenset[str] = frozenset()) -> bool:
        """Return whether a row passes every clause that reaches its fact, but for the exempt fields."""
        linked: list[tuple[str, Clause]] = []
        for name, clause in selection.clauses:
            if name in exempt:
                continue
            if name == "area":
                if fact in ("job", "unit") and not self.holds(clause, (row["lon"], row["lat"])):
                    return False
            elif name in row:
                if not self.holds(clause, row[name]):
                    return False
            elif fact == "job" and name in self.frames["unit"].columns:
                linked.append((name, clause))
        return not linked or any(
            unit["ref"] == row["ref"] and all(self.holds(clause, unit[name]) for name, clause in linked)
            for unit in self.rows("unit")
            if unit["ref"] is not None
        )

    def holds(self, clause: Clause, value: Any) -> bool:
        """Return whether a value passes a clause."""
        if isinstance(clause, Values):
            return (None if value is None else str(value)) in clause.values
        if isinstance(clause, Area):
            lon, lat = value
            return lon is not None and lat is not None and any(inside(shape, lon, lat) for shape in clause.shapes)
        if value is None:
            return False
        if isinstance(clause, Range):
            low, high = (None if end is None else type(value)(end) for end in (clause.low, clause.high))
            return (low is None or value >= low) and (high is None or value < high)
        assert isinstance(clause, Window)
        start, end = (None if end is None else self.now + timedelta(seconds=end) for end in (clause.start, clause.end))
        return (start is None or value >= start) and (end is None or value < end)

    def counts(self, fact: str, fields: tuple[str, ...], selection: Selection) -> dict[tuple[Any, ...], tuple[int, int, State]]:
        """Return (rows, sum of n, state) of each value or cell that occurs, counted under every clause but its own fields'."""
        made: dict[tuple[Any, ...], tuple[int, int, State]] = {}
        for row in self.rows(fact):
            key = tuple(row[name] for name in fields)
            count, total, _ = made.get(key, (0, 0, State.EXCLUDED))
            if self.passes(fact, row, selection, frozenset(fields)):
                count, total = count + 1, total + row["n"]
            made[key] = (count, total, State.EXCLUDED)
        clauses = {name: clause for name in fields if (clause := selection.clause(name)) is not None}
        if len(fields) == 1 and isinstance(clause := clauses.get(fields[0]), Values):
            for value in clause.values:
                if value not in {None if key[0] is None else str(key[0]) for key in made}:
                    kind = self.frames[fact].schema[fields[0]]
                    made[(value if value is None or kind == pl.String else int(value),)] = (0, 0, State.EXCLUDED)
        return {
            key: (count, total, self.state(dict(zip(fields, key, strict=True)), clauses, selection, count))
            for key, (count, total, _) in made.items()
        }

    def state(self, at: Row, clauses: dict[str, Clause], selection: Selection, count: int) -> State:
        """Return the state of a value or cell by the definitions of the six states."""
        chosen = bool(clauses) and all(
            not isinstance(clause, Window | Area) and self.holds(clause, at[name]) for name, clause in clauses.items()
        )
        if chosen and set(clauses) <= selection.locks:
            return State.LOCKED
        if count == 0:
            return State.SELECTED_EXCLUDED if chosen else State.EXCLUDED
        if not clauses:
            return State.POSSIBLE
        return State.SELECTED if chosen else State.ALTERNATIVE


def inside(shape: Shape, lon: float, lat: float) -> bool:
    """Return whether a point lies in a shape."""
    if isinstance(shape, Box):
        return shape.west <= lon < shape.east and shape.south <= lat < shape.north
    if isinstance(shape, Circle):
        a, b = math.radians(lat), math.radians(shape.lat)
        d = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(shape.lon - lon) / 2) ** 2
        return 2 * 6371008.8 * math.asin(math.sqrt(min(1.0, d))) <= shape.metres
    assert isinstance(shape, Polygon)
    odd = False
    corners = shape.corners
    for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd

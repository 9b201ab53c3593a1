"""A chart by the hour that is told from memory: what each row of its fact asks for, and the shifts of those who are there for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from console.desk.selection import Clause
from console.store import sql
from console.store.database import Cursor

Array = np.ndarray[Any, Any]
_NAMED = re.compile(r"\b(\w+)\(\$now\)")


@dataclass(frozen=True, slots=True)
class Hourly:
    """How a chart's own SQL, which stays what it means, is told from memory.

    `worth` is SQL: by values of fields of the chart's fact, what a row asks for, in thousandths of a unit-hour. `shifts` is SQL: rows of
    `of`, by key, with the instants of their start, planned end and end. What is asked is counted under all clauses but those of `exempt`;
    what waits are the base rows that pass `waiting`.
    """

    worth: str
    shifts: str
    of: str
    exempt: frozenset[str]
    waiting: tuple[tuple[str, Clause], ...]

    def details(self, among: Collection[str]) -> frozenset[str]:
        """Return the details that the shifts are read from."""
        return frozenset(_NAMED.findall(self.shifts)) & frozenset(among)


@dataclass(frozen=True)
class Shifts:
    """What is held for a chart by the hour: worth by the values of `fields`, and shifts by the place of their key.

    Starts and ends are in microseconds since 1970; an end that hasn't come is the planned one. `mark` is another where any of it is.
    """

    mark: Any
    fields: tuple[str, ...]
    worth: tuple[tuple[tuple[Any, ...], int], ...]
    keys: tuple[str, ...]
    key: Array
    started: Array
    ended: Array


def held(cursor: Cursor, hourly: Hourly, now: datetime, before: Shifts | None) -> Shifts:
    """Return what is held as of now; the same as before where nothing of it is new."""
    at: Mapping[str, Any] = {"now": now}
    asked = sql.select(cursor, hourly.worth, at)
    fields = tuple(column[0] for column in asked.description[:-1])
    worth = tuple((tuple(values), int(each)) for *values, each in asked.fetchall())
    marked = sql.select(cursor, sql.text("engine/hours/mark").format(shifts=hourly.shifts.rstrip().rstrip(";")), at).fetchall()
    mark = (fields, worth, *marked[0])
    if before is not None and before.mark == mark:
        return before
    key, started, until, ended = (np.ma.asarray(column) for column in sql.select(cursor, hourly.shifts, at).fetchnumpy().values())
    last = np.where(np.ma.getmaskarray(ended), until.filled(), ended.filled())
    keys, codes = np.unique(key.filled().astype(str), return_inverse=True)
    return Shifts(mark, fields, worth, tuple(keys.tolist()), codes, _micros(started.filled()), _micros(last))


def _micros(moments: Array) -> Array:
    made: Array = moments.astype("datetime64[us]").astype(np.int64)
    return made

"""The rows that pages ask again and again, kept in memory as they stood at the index's moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

from console.desk.answer import Column, Marker, Row
from console.desk.selection import Window
from console.engine.apps import AppPlan, Clauses, Plan
from console.engine.hourly import Shifts
from console.engine.model import Model
from console.engine.scope import Scope
from console.store import sql
from console.store.database import Cursor

Base = tuple[str, Clauses]
"""A fact and the clauses it stands under whatever is selected, none of one that has few rows."""


_NUMBERS = count(1)


@dataclass(frozen=True, slots=True)
class List:
    """All the rows that a table panel may show, in order, with their columns."""

    columns: tuple[Column, ...]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Held:
    """The tables, all made at one moment (naive UTC), that hold the rows of each base.

    `lists` are table panels' rows, in order, `marks` maps' markers, `shifts` what charts by the hour are told from.
    """

    now: datetime
    tables: Mapping[Base, str]
    lists: dict[Plan, List] = field(default_factory=dict, compare=False)
    marks: dict[Plan, Sequence[Marker]] = field(default_factory=dict, compare=False)
    shifts: dict[Plan, Shifts] = field(default_factory=dict, compare=False)


def bases(model: Model, apps: Mapping[str, AppPlan]) -> tuple[Base, ...]:
    """Return what pages ask again and again: the bases of their facts, and the facts that have few rows."""
    found: list[Base] = [(fact.name, ()) for fact in model.facts.values() if fact.few]
    found += [(fact, clauses) for app in apps.values() for fact, clauses in app.base.items() if not model.facts[fact].few]
    return tuple(dict.fromkeys(found))


def steady(clauses: Clauses) -> bool:
    """Return whether time alone makes no settled row pass: no window ends."""
    return not any(isinstance(clause, Window) and clause.end is not None for _, clause in clauses)


def hold(
    cursor: Cursor, model: Model, wanted: Iterable[Base], now: datetime, since: Mapping[Base, datetime | None],
    pause: Callable[[], None] = lambda: None,
) -> Held:  # fmt: skip
    """Make the tables of these bases as they stand now; none of a base's rows is before its `since`. `pause` is called before each."""
    tables, number = {}, next(_NUMBERS)
    for place, base in enumerate(wanted):
        pause()
        fact, clauses = base
        scope = Scope(model, now)
        predicate = scope.predicate(fact, clauses)
        scope.parameters["since"] = since.get(base)
        name = f"memory.main.held_{fact}_{place}_{number}"
        asked = {"name": name, "fact": fact, "base": predicate, "window": window(model, fact, since.get(base))}
        sql.run(cursor, sql.text("engine/index/hold").format(**asked), scope.parameters)
        tables[base] = name
    return Held(now, tables)


def window(model: Model, fact: str, since: datetime | None) -> str:
    """Return the predicate that a row's time is at or after `$since`, if there is one."""
    return "true" if since is None else f"{model.facts[fact].time} >= $since"


def let_go(cursor: Cursor, held: Held) -> None:
    """Drop the tables."""
    for name in held.tables.values():
        sql.run(cursor, sql.text("engine/index/let_go").format(name=name))

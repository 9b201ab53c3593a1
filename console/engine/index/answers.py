"""Panels' counts from the index, in the shape that their SQL gives them."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from console.desk.answer import Alert
from console.desk.selection import Clause, Values
from console.engine.announced import OF
from console.engine.apps import Plan
from console.engine.context import Context, exempted, shown_fields
from console.engine.index.dimension import Dimension, alike
from console.engine.index.index import Focusing, Index
from console.engine.index.measures import ROWS, added, adding
from console.engine.index.measuring import Sides, measured
from console.engine.index.passing import Keys
from console.engine.index.plain import positions
from console.engine.model import MeasureSpec

Array = np.ndarray[Any, Any]
Cells = list[tuple[tuple[Any, ...], int, Any, list[Any]]]


@dataclass(frozen=True, slots=True)
class Counted:
    """By cell of dimensions: the rows a panel is about, those of them in scope, and each measure."""

    by: tuple[Dimension, ...]
    present: Array
    held: Array
    numbers: list[Array]


def counted(
    index: Index, plan: Plan, context: Context, columns: Sequence[str], measures: Sequence[MeasureSpec],
    path: Sequence[tuple[str, Clause]] = (),
) -> Counted | None:  # fmt: skip
    """Return what a panel counts by cell of the columns, or None where the index can't say; hold its lock."""
    sides = sides_of(index, plan, context, path)
    if sides is None or any(column not in sides.fact.rows.dimensions or not index.shows(plan.spec.fact, column) for column in columns):
        return None
    by = tuple([sides.fact.rows.dimensions[column] for column in columns])
    held = sides.fact.count(sides.counted, by)
    numbers = []
    for each in measures:
        told = held if adding(each.sql) == ROWS else measured(index, plan.spec.fact, sides, each, by)
        if told is None:
            return None
        numbers.append(told)
    return Counted(by, sides.fact.count(sides.about, by), held, numbers)


def values(
    index: Index, plan: Plan, context: Context, columns: Sequence[str], orders: Sequence[bool], measures: Sequence[MeasureSpec],
    path: Sequence[tuple[str, Clause]],
) -> Cells | None:  # fmt: skip
    """Return each cell of the columns among the rows a panel is about: its values, rows in scope, place in order, measures.

    None where the columns can't say.
    """
    with index.lock:
        told = counted(index, plan, context, columns, measures, path)
        if told is None:
            return None
        by, found = told.by, []
        numbers = [each.tolist() for each in told.numbers]
        for cell in np.flatnonzero(told.present).tolist():
            codes = divmod(cell, by[1].size) if len(by) == 2 else (cell,)
            places = tuple(each.places[code] for each, code, ordered in zip(by, codes, orders, strict=True) if ordered)
            said = tuple(each.values[code] for each, code in zip(by, codes, strict=True))
            found.append((said, int(told.held[cell]), places or None, [each[cell] for each in numbers]))
        return found


def ready(index: Index, plans: Sequence[Plan], context: Context) -> None:
    """Count all that several panels are to be told of the same rows in one pass over these."""
    with index.lock:
        together: dict[str, dict[Keys, set[int]]] = {}
        for plan in plans:
            if plan.sql or (sides := sides_of(index, plan, context, ())) is None:
                continue
            counts = together.setdefault(plan.spec.fact, {})
            for by, keys in _asked(index, plan, context, sides):
                if by and alike(by) and sides.fact.focused(keys, by) is None:
                    counts.setdefault(keys, set()).add(by[0].column)
        for fact, counts in together.items():
            rows = index.facts[fact]
            rows.tallied([(rows.passing(keys), columns) for keys, columns in counts.items()])


def _asked(index: Index, plan: Plan, context: Context, sides: Sides) -> Iterator[tuple[Sequence[Dimension], Keys]]:
    columns = [index.column(plan.spec.fact, each.name, plan.through) for each in shown_fields(plan, context)]
    dimensions = sides.fact.rows.dimensions
    by = [dimensions[column] for column in columns if column in dimensions]
    if len(by) == len(columns):
        yield by, sides.about
        for keys, cells in _tables(index, plan.spec.fact, sides, plan, context, by):
            yield cells, keys


def headline(index: Index, plan: Plan, context: Context, measures: Sequence[MeasureSpec]) -> list[tuple[Any, ...]] | None:
    """Return the measures of the rows in scope and how many those are, then of all the rows a headline is about."""
    with index.lock:
        sides = sides_of(index, plan, context, ())
        if sides is None:
            return None
        made: list[tuple[Any, ...]] = []
        for keys in (sides.counted, sides.about):
            side = Sides(sides.fact, sides.about, keys)
            told = [measured(index, plan.spec.fact, side, each, ()) for each in measures]
            if any(each is None for each in told):
                return None
            made.append((*(each.tolist()[0] for each in told if each is not None), sides.fact.passing(keys).rows, len(made) + 1))
        return made


def ratio(index: Index, plan: Plan, context: Context) -> tuple[float | None, float | None] | None:
    """Return the one count of a headline divided by the other, to one decimal, under the selection and of the force.

    None instead of one where there is nothing to divide by; None where the columns can't say.
    """
    with index.lock:
        made: list[float | None] = []
        for clauses in (context.clauses(), ()):
            counts = []
            for fact, given in plan.counts:
                base = index.keys(fact, (*context.base.get(fact, ()), *given), context.now, through=plan.through)
                chosen = index.keys(fact, clauses, context.now, through=plan.through)
                if base is None or chosen is None or not index.stands(fact, context.now):
                    return None
                counts.append(index.facts[fact].passing(base | chosen).rows)
            some, of = counts
            made.append(math.floor(some / of * 10 + 0.5) / 10 if of else None)
        return made[0], made[1]


def can(index: Index, plan: Plan) -> bool:
    """Return whether the index counts what a panel shows, whatever is selected in what it holds."""
    spec = plan.spec
    if spec.kind == "table":
        return index.held is not None and plan in index.held.lists
    if plan.hourly is not None:
        return plan in index.shifts
    if plan.counts:
        return all(fact in index.facts and fact in index.model.facts for fact, _ in plan.counts)
    if plan.markers and (index.held is None or (plan.root or plan) not in index.held.marks):
        return False
    if plan.sql or (plan.shown is not None and plan.shown.difference) or spec.kind in ("table", "profile") or spec.fact not in index.facts:
        return False
    dimensions = index.facts[spec.fact].rows.dimensions
    columns = [index.column(spec.fact, name, plan.through) for name in spec.fields]
    measures = [index.model.measure(spec.fact, name).sql for name in spec.measures]
    wanted = [part for sql in measures for made in added(sql) for part in (made.value, made.where and f"({made.where})") if part]
    return all(column in dimensions for column in (*columns, *wanted)) and all(map(added, measures))


def bar(index: Index, fact: str, context: Context) -> tuple[int, int, int] | None:
    """Return the base rows in scope, all the base rows, and those of the base that are Immediate and out of scope."""
    with index.lock:
        if not index.stands(fact, context.now):
            return None
        base = index.keys(fact, context.base.get(fact, ()), context.now)
        chosen = index.keys(fact, context.clauses(), context.now)
        grade = context.model.facts[fact].grade
        field = context.model.facts[fact].fields[grade].name if grade else ""
        immediate = index.keys(fact, [(field, Values(frozenset(("Immediate",))))], context.now) if grade else frozenset()
        if base is None or chosen is None or immediate is None:
            return None
        rows = index.facts[fact]
        shown, of = rows.passing(base | chosen).rows, rows.passing(base).rows
        hidden = rows.passing(base | immediate).rows - rows.passing(base | chosen | immediate).rows if grade else 0
        return shown, of, hidden


def squares(index: Index, plan: Plan, context: Context, rows: MeasureSpec) -> list[tuple[int, int, int]] | None:
    """Return how many of the rows that a measure counts lie in each square of a map's; None where the columns can't say."""
    assert plan.shown is not None
    assert plan.shown.square is not None
    with index.lock:
        sides, fact = sides_of(index, plan, context, ()), plan.spec.fact
        told = adding(rows.sql)
        columns = index.column(fact, "area") or ""
        if sides is None or told is None or any(name not in sides.fact.rows.numbers for name in columns.split(", ")):
            return None
        flagged = index.flagged(fact, told.where) if told.where else frozenset[Hashable]()
        if flagged is None:
            return None
        held = sides.fact.rows
        places = positions(sides.fact.passing(sides.counted | flagged).words[: held.words])
        made = []
        for name, side in zip(columns.split(", "), plan.shown.square, strict=True):
            numbers = held.numbers[name]
            codes = numbers.held[places]
            missing = np.isnan(codes) if codes.dtype.kind == "f" else codes == numbers.missing
            made.append(np.where(missing, np.nan, np.floor(codes / numbers.divisor / side)))
        there = ~(np.isnan(made[0]) | np.isnan(made[1]))
        cells, counts = np.unique(np.stack([each[there].astype(np.int64) for each in made], axis=1), axis=0, return_counts=True)
        return [(x, y, many) for (x, y), many in zip(cells.tolist(), counts.tolist(), strict=True)]


def alerts(index: Index, context: Context) -> tuple[Alert, ...] | None:
    """Return what is announced, and whether the selection hides it; None if the index stands at another moment."""
    with index.lock:
        if index.now != context.now or index.announced is None:
            return None
        keys = {fact: index.keys(fact, (*context.base.get(fact, ()), *context.clauses()), context.now) for fact in OF.values()}
        if any(each is None for each in keys.values()):
            return None
        made = []
        for kind, key, at, text in index.announced:
            clauses = keys[OF[kind]]
            made.append(Alert(kind, key, at, text, clauses is None or not index.inside(OF[kind], key, clauses)))
        return tuple(made)


def focusing(index: Index, focused: Plan, plans: Sequence[Plan], context: Context) -> Focusing | None:
    """Return the tables that make presses in a panel sums of few rows; None where it counts by anything but one dimension."""
    fields = shown_fields(focused, context)
    fact = focused.spec.fact
    with index.lock:
        if len(fields) != 1 or not index.stands(fact, context.now):
            return None
        rows, name = index.facts[fact].rows, fields[0].name
        dimension = rows.dimensions.get(index.column(fact, name, focused.through) or "")
        if dimension is None:
            return None
        wanted: dict[tuple[Keys, tuple[str, ...]], tuple[Dimension, ...]] = {}
        for plan in plans:
            if plan.spec.fact != fact or plan.sql or name in exempted(plan) or (sides := sides_of(index, plan, context, ())) is None:
                continue
            columns = [index.column(fact, each.name, plan.through) for each in shown_fields(plan, context)]
            by = [rows.dimensions[column] for column in columns if column in rows.dimensions]
            if len(by) != len(columns) or not alike(by):
                continue
            for keys, cells in _tables(index, fact, sides, plan, context, by):
                rest = frozenset(key for key in keys if not (isinstance(key, tuple) and key[0] == dimension.name))
                wanted[rest, tuple(each.name for each in cells)] = tuple(cells)
        return Focusing(fact, dimension, tuple((rest, by) for (rest, _), by in wanted.items()))


def _tables(
    index: Index, fact: str, sides: Sides, plan: Plan, context: Context, by: Sequence[Dimension]
) -> Iterator[tuple[Keys, Sequence[Dimension]]]:
    """Yield the rows and cells that a panel's numbers are counted from: those of the values, then each measure's."""
    yield sides.counted, by
    for name in plan.spec.measures:
        made = adding(context.model.measure(fact, name).sql)
        if made is None or not (made.value or made.where):
            continue
        flagged = index.flagged(fact, made.where) if made.where else frozenset[Hashable]()
        weight = sides.fact.rows.dimensions.get(made.value) if made.value else None
        if flagged is not None and (weight is None or not by):
            yield sides.counted | flagged, by if weight is None else [weight]


def sides_of(index: Index, plan: Plan, context: Context, path: Sequence[tuple[str, Clause]]) -> Sides | None:
    """Return the rows that a panel is about and those it counts, None where the index can't say; hold its lock."""
    key = (plan.spec.name, tuple(path), index.generation)
    if key not in context.sides:
        context.sides[key] = _found(index, plan, context, path)
    found: Sides | None = context.sides[key]
    return found


def _found(index: Index, plan: Plan, context: Context, path: Sequence[tuple[str, Clause]]) -> Sides | None:
    fact = plan.spec.fact
    if not index.stands(fact, context.now):
        return None
    base = (*context.base.get(fact, ()), *plan.given, *path)
    about = index.keys(fact, base, context.now, through=plan.through)
    chosen = _chosen(index, plan, context)
    return None if about is None or chosen is None else Sides(index.facts[fact], about, about | chosen if about else chosen)


def _chosen(index: Index, plan: Plan, context: Context) -> Keys | None:
    """Return the keys of the selection's clauses under which a panel counts; those on the fact itself are looked up once a question."""
    asked = (plan.spec.fact, plan.through, index.generation)
    if asked not in context.sides:
        context.sides[asked] = index.own(plan.spec.fact, context.clauses(), context.now, plan.through)
    own, exempt = context.sides[asked], exempted(plan)
    if own is None:
        return index.keys(plan.spec.fact, context.clauses(), context.now, exempt=exempt, through=plan.through)
    return frozenset([key for name, key in own if name not in exempt])

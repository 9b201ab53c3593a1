"""A panel's answer by its kind: headline, values and cells with their states, map, table, series, profile."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from console.desk.answer import Column, Marker, Measure, PanelAnswer, Row, Value
from console.engine import counting, maps, states
from console.engine.apps import Plan
from console.engine.context import Context, exempted, shown_fields
from console.engine.held import List
from console.engine.index import answers, hours, lists
from console.engine.index.top import Top, costly, topmost
from console.engine.scope import Scope
from console.engine.slices import place_of, slice_of

NUMBERS = (int, float)
MOST = 5000  # rows of a table that are kept in order
HOUR = "hour"  # the first column of a chart by the hour
NOTE = "note"  # the column of a table's own SQL that says in words what its rows mean


def answer(plan: Plan, context: Context) -> PanelAnswer:
    """Return a panel's answer; raises what the database or a wrong clause raises."""
    return _KINDS[plan.spec.kind](plan, context)


def _made(plan: Plan, context: Context, rows: Sequence[Row], **more: Any) -> PanelAnswer:
    spec = plan.spec
    said: dict[str, Any] = {
        "fields": tuple(each.name for each in shown_fields(plan, context)),
        "measures": tuple(
            Measure(each.name, each.title, each.unit) for each in (context.model.measure(spec.fact, name) for name in spec.measures)
        )
        if not plan.sql
        else (),
        "unreached": context.scope().unreached(spec.fact, context.clauses(), plan.through),
        "levels": spec.fields if spec.drill else (),
        "note": plan.note,
    }
    return PanelAnswer(name=spec.name, title=spec.title, kind=spec.kind, fact=spec.fact, rows=tuple(rows), **(said | more))


def _measures(plan: Plan, context: Context) -> list[tuple[str, str]]:
    specs = [context.model.measure(plan.spec.fact, name) for name in plan.spec.measures]
    return [(each.name, each.sql) for each in specs]


def _counted(held: int, numbers: Sequence[Any], plan: Plan, context: Context) -> tuple[Any, ...]:
    """Return the measures of a value: where it has no rows, what adds up is 0 and the rest unknown."""
    if held:
        return tuple(numbers)
    return tuple(0 if context.model.measure(plan.spec.fact, name).additive else None for name in plan.spec.measures)


def _bars(plan: Plan, context: Context) -> PanelAnswer:
    fields = shown_fields(plan, context)
    rows = []
    for value, held, place, numbers in counting.values(plan, context, _measures(plan, context)):
        counted = _counted(held, numbers, plan, context)
        at = tuple((each.name, one) for each, one in zip(fields, value, strict=True))
        rows.append((place, counted, Row(at, states.state(fields, value, held, context.selection), counted)))
    placed = any(each.order for each in fields) or plan.spec.kind == "series" or len(fields) > 1
    rows.sort(key=lambda item: _order(item[0], item[1], item[2], placed))
    made = [row for _, _, row in rows]
    markers = _markers(plan, context) if plan.markers else ()
    return _made(plan, context, made, markers=markers)


def _map(plan: Plan, context: Context) -> PanelAnswer:
    made, shown = replace(_bars(plan, context), shown=plan.shown), plan.shown
    if shown is not None and shown.square is not None:
        scope = context.scope()
        made = replace(
            made, squares=maps.squares(plan, context, scope, counting.base(plan, context, scope), counting.selected(plan, context, scope))
        )
    if shown is not None and shown.difference and plan.weeks:
        fields, measures = shown_fields(plan, context), _measures(plan, context)
        made = maps.against(made, plan, context, lambda then: counting.asked(plan, context.at(then), fields, measures, ()).values())
    return maps.rated(made, plan, context) if plan.per else made


def _order(place: Any, counted: Sequence[Any], row: Row, placed: bool) -> tuple[Any, ...]:
    name = tuple((value is None, value if isinstance(value, NUMBERS) else 0, str(value)) for _, value in row.at)
    if placed:
        return (place is None, tuple((one is None, one or 0) for one in place or ()), name)
    first = counted[0] if counted and isinstance(counted[0], NUMBERS) else 0
    return (-first, name)


def _headline(plan: Plan, context: Context) -> PanelAnswer:
    if plan.sql:
        name, title, _, unit = plan.columns[0]
        if plan.counts and context.index is not None and (ratio := answers.ratio(context.index, plan, context)) is not None:
            figure, force = ratio
        else:
            figure, force = (_first(name, *_own(plan, context, selected=which)) for which in (True, False))
        measures = (Measure(name, title, unit), Measure("force", "Force", unit))
        return _made(plan, context, [Row((), None, (figure, force))], measures=measures)
    scope = context.scope()
    specs = [context.model.measure(plan.spec.fact, name) for name in plan.spec.measures]
    told = None if context.index is None else answers.headline(context.index, plan, context, specs)
    rows = (
        told
        if told is not None
        else context.rows(
            "headline",
            scope,
            measures=", ".join(each.sql for each in specs),
            fact=plan.spec.fact,
            base=counting.base(plan, context, scope),
            scope=counting.selected(plan, context, scope),
        )
    )
    sides = [_counted(held, numbers, plan, context) for *numbers, held, _ in [*[(0, None)] * (2 - len(rows)), *rows]]
    numbers = tuple(side[n] for n in range(len(specs)) for side in sides)
    measured = tuple(made for each in specs for made in (Measure(each.name, each.title, each.unit), Measure("force", "Force", each.unit)))
    return _made(plan, context, [Row((), None, numbers)], measures=measured)


def _own(plan: Plan, context: Context, *, selected: bool = True) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Return the columns and rows of a panel's own SQL; panels of one question that have the same SQL ask it once."""
    asked = (plan.sql, plan.through, context.now, selected and bool(context.clauses()))
    if asked not in context.sides:
        cursor = context.own(plan, plan.sql, selected=selected)
        context.sides[asked] = tuple(column[0] for column in cursor.description), cursor.fetchall()
    made: tuple[tuple[str, ...], list[tuple[Any, ...]]] = context.sides[asked]
    return made


def _first(name: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> Any:
    """Return a column of the first row, None where there is no row."""
    return rows[0][names.index(name)] if rows else None


def _markers(plan: Plan, context: Context) -> tuple[Marker, ...]:
    told = None if context.index is None else lists.marked(context.index, plan, context)
    return tuple(Marker(*row) for row in context.own(plan, plan.markers).fetchall()) if told is None else tuple(told)


def marks(plan: Plan, context: Context) -> Sequence[Marker] | None:
    """Return all the markers of a map, whatever is selected; None where there are more of a fact than it shows."""
    found = [Marker(*row) for row in context.own(plan, plan.markers, selected=False).fetchall()]
    most = [int(each) for each in re.findall(r"\blimit (\d+)", plan.markers)]
    return None if any(list(map(_kind, found)).count(fact) in most for fact in set(map(_kind, found))) else found


def _kind(marker: Marker) -> str:
    return marker.kind


def _series(plan: Plan, context: Context) -> PanelAnswer:
    if not plan.sql:
        return _bars(plan, context)
    if plan.hourly is not None and context.index is not None and (told := hours.told(context.index, plan, context)) is not None:
        names, found = [HOUR, *(name for name, *_ in plan.columns)], told
    else:
        cursor = context.own(plan, plan.sql)
        names, found = [column[0] for column in cursor.description], cursor.fetchall()
    titles = {name: (title, unit) for name, title, _, unit in plan.columns}
    measures = tuple(Measure(name, *titles.get(name, (name, ""))) for name in names[1:])
    rows = [Row(((names[0], row[0]),), None, tuple(row[1:])) for row in found]
    return _made(plan, context, rows, fields=(names[0],), measures=measures)


def _table(plan: Plan, context: Context) -> PanelAnswer:
    if plan.sql:
        names, found = _own(plan, context)
        columns = tuple(Column(name, title, type, unit) for name, title, type, unit in plan.columns)
        places = [names.index(column.name) for column in columns]
        rows = [Row(((names[0], row[0]),), None, (), tuple(row[n] for n in places)) for row in found]
        said = _first(NOTE, names, found) if NOTE in names else None
        return _made(plan, context, rows, columns=columns, total=len(found), note=said or plan.note)
    if context.index is not None and (told := lists.listed(context.index, plan, context)) is not None:
        held, many, rows = told
        return _made(plan, context, rows, columns=held.columns, total=many)
    top = None if context.index is None else topmost(context.index, plan, context)
    if top is not None and (top.last is not None or top.hashes is not None or not top.total):
        columns, rows = _sliced(plan, context, *_bounded(top, plan, context))
        if len(rows) == min(plan.limit, top.total):  # no other row can come before any of these
            return _made(plan, context, rows, columns=columns, total=top.total)
    scope, where = _scoped(plan, context)
    total = context.rows("total", scope, **where)[0][0] if top is None else top.total
    columns, rows = _sliced(plan, context, scope, where)
    return _made(plan, context, rows, columns=columns, total=total)


def _sliced(plan: Plan, context: Context, scope: Scope, where: dict[str, str]) -> tuple[tuple[Column, ...], list[Row]]:
    return slice_of(plan.spec.fact, plan.spec.columns, plan.sort, context, scope, where, 0, plan.limit)


def _scoped(plan: Plan, context: Context) -> tuple[Scope, dict[str, str]]:
    scope = context.scope()
    return scope, {"base": counting.base(plan, context, scope), "scope": counting.selected(plan, context, scope), "fact": plan.spec.fact}


def _bounded(top: Top, plan: Plan, context: Context) -> tuple[Scope, dict[str, str]]:
    """Return the predicates of few rows that all those a table shows are among; where these are named, costly clauses aren't looked at."""
    fact = plan.spec.fact
    scope, where = _scoped(plan, context)
    parts = [where["scope"] if top.total else "false"]
    if top.hashes is not None:
        scope.parameters["hashes"] = top.hashes
        others = [each for each in context.clauses() if not costly(each[1])]
        named = f"hash({context.model.facts[fact].key}::varchar) in (select unnest($hashes::ubigint[]))"
        parts = [scope.predicate(fact, others, exempt=exempted(plan), through=plan.through), named]
    if top.last is not None:
        scope.parameters["last"] = top.last
        (name, down), *_ = plan.sort
        parts.append(f"{place_of(name, fact, context)} {'>=' if down else '<='} $last")
    return scope, where | {"scope": " and ".join(parts)}


def listing(plan: Plan, context: Context) -> List | None:
    """Return all the rows that a table panel may show, whatever is selected; None where they are many."""
    scope = context.scope()
    where = {"base": counting.base(plan, context, scope), "scope": "true", "fact": plan.spec.fact}
    columns, rows = slice_of(plan.spec.fact, plan.spec.columns, plan.sort, context, scope, where, 0, MOST + 1)
    return List(columns, rows) if len(rows) <= MOST else None


def _profile(plan: Plan, context: Context) -> PanelAnswer:
    columns = tuple(Column(name, name, "text") for name in ("section", "label", "value", "detail", "field", "key"))
    if context.subject is None:
        return _made(plan, context, [], columns=columns, note=plan.note or "Choose one with o to see its page.")
    rows: list[Row] = []
    for row in context.own(plan, plan.sql).fetchall():
        cells: tuple[Value, ...] = tuple(row)
        rows.append(Row((), None, (), cells))
    return _made(plan, context, rows, columns=columns)


_KINDS: dict[str, Callable[[Plan, Context], PanelAnswer]] = {
    "kpi": _headline,
    "bars": _bars,
    "pivot": _bars,
    "series": _series,
    "map": _map,
    "table": _table,
    "profile": _profile,
}

"""What a panel counts: the rows it is about, those under the selection, and both for each value or cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from console.desk.selection import Values
from console.engine import states
from console.engine.apps import Plan
from console.engine.context import Context, exempted, shown_fields
from console.engine.index import answers
from console.engine.model import Field
from console.engine.scope import Scope, as_text, typed


def base(plan: Plan, context: Context, scope: Scope) -> str:
    """Return the predicate of the rows a panel is about, whatever is selected."""
    return scope.predicate(plan.spec.fact, (*context.base.get(plan.spec.fact, ()), *plan.given), through=plan.through)


def selected(plan: Plan, context: Context, scope: Scope) -> str:
    """Return the predicate of the rows that a panel counts: every clause that reaches it, but its own fields'."""
    return scope.predicate(plan.spec.fact, context.clauses(), exempt=exempted(plan), through=plan.through)


def values(plan: Plan, context: Context, measures: Sequence[tuple[str, str]]) -> list[tuple[list[Any], int, Any, list[Any]]]:
    """Return, for each value or cell among the base rows: its values, the rows in scope, its place in order, its measures."""
    fields = shown_fields(plan, context)
    path = context.path(plan.spec.name) if plan.spec.drill else ()
    deeper = [(name, Values(frozenset((value,)))) for name, value in zip(plan.spec.fields, path, strict=False)]
    cells = None
    if context.index is not None:
        specs = [context.model.measure(plan.spec.fact, name) for name, _ in measures]
        columns, orders = [_column(context, plan, each) for each in fields], [each.order for each in fields]
        if all(context.index.shows(plan.spec.fact, each) for each in orders if each):
            cells = answers.values(context.index, plan, context, columns, list(map(bool, orders)), specs, deeper)
    found = {key: (list(key), held, place, numbers) for key, held, place, numbers in cells or ()}
    if cells is None:
        found = asked(plan, context, fields, measures, deeper)
    if len(fields) == 1:
        empty = [None] * len(measures)
        for value in states.chosen_values(fields, context.selection).get(fields[0].name, ()):
            if not any(as_text(fields[0], key[0]) == value for key in found):
                made = None if value is None else typed(fields[0], value)
                found[(made,)] = ([made], 0, None, empty)
    return list(found.values())


def asked(
    plan: Plan, context: Context, fields: Sequence[Field], measures: Sequence[tuple[str, str]], path: Sequence[tuple[str, Values]]
) -> dict[tuple[Any, ...], tuple[list[Any], int, Any, list[Any]]]:
    """Return the same of each value or cell among the base rows, by SQL."""
    scope = context.scope()
    columns = [_column(context, plan, each) for each in fields]
    order = ", ".join(f"min({each.order})" for each in fields if each.order)
    of = context.model.fields
    deeper = [scope.clause(of[name], _column(context, plan, of[name]), clause) for name, clause in path]
    rows = context.rows(
        "values",
        scope,
        fields=", ".join(f"{column} as f{n}" for n, column in enumerate(columns)),
        keys=", ".join(f"f{n}" for n in range(len(columns))),
        order=f"row({order})" if order else "null",
        measures=", ".join(text for _, text in measures),
        fact=plan.spec.fact,
        base=" and ".join([base(plan, context, scope), *deeper]),
        scope=selected(plan, context, scope),
    )
    found: dict[tuple[Any, ...], tuple[list[Any], int, Any, list[Any]]] = {}
    width = len(columns)
    empty = [None] * len(measures)
    for row in rows:
        key, within, place, held, numbers = row[:width], row[width], row[width + 1], row[width + 2], list(row[width + 3 :])
        if within:
            found[key] = (list(key), held, place, numbers)
        else:
            found.setdefault(key, (list(key), 0, place, empty))
    return found


def _column(context: Context, plan: Plan, field: Field) -> str:
    route = context.model.route(plan.spec.fact, field.name, plan.through)
    assert route is not None
    return route.column

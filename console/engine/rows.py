"""The rows behind a number: a panel's value, cell, bar or headline, or a whole fact."""

from __future__ import annotations

from console.desk.answer import Rows
from console.desk.desk import RowsQuestion
from console.desk.selection import Clause, Values
from console.engine import counting, maps
from console.engine.apps import AppPlan, Plan
from console.engine.context import Context, exempted
from console.engine.scope import Scope
from console.engine.slices import slice_of


def rows(context: Context, app: AppPlan | None, question: RowsQuestion) -> Rows:
    """Return the page asked for; its `total` is the number that was pressed."""
    scope = context.scope()
    columns, sort = question.columns, question.sort
    if app is None or not question.panel:
        fact = context.model.fact(question.fact or (app.app.fact if app else "")).name
        base = scope.predicate(fact, context.base.get(fact, ()))
        where = {"fact": fact, "base": base, "scope": scope.predicate(fact, context.clauses())}
    else:
        plan = maps.chosen(app.plans[question.panel], question.maps)
        fact = plan.spec.fact
        where = _behind(plan, context, question, scope)
        columns, sort = columns or plan.spec.columns, sort or plan.sort
    total = context.rows("total", scope, **where)[0][0]
    shown, found = slice_of(fact, columns, sort, context, scope, where, question.offset, question.limit)
    return Rows(fact, shown, tuple(found), question.offset, total, context.now)


def _behind(plan: Plan, context: Context, question: RowsQuestion, scope: Scope) -> dict[str, str]:
    fact = plan.spec.fact
    exempt = set(exempted(plan)) if question.at_values else set()
    cell: list[tuple[str, Clause]] = []
    for name, value in question.at_values:
        field = context.model.field(name, fact)
        cell.append((field.name, Values(frozenset((value,)))))
        exempt |= {field.name}
    path = context.path(plan.spec.name) if plan.spec.drill and question.at_values else ()
    cell += [(name, Values(frozenset((value,)))) for name, value in zip(plan.spec.fields, path, strict=False)]
    parts = [
        scope.predicate(fact, context.clauses(), exempt=exempt, through=plan.through),
        scope.predicate(fact, cell, through=plan.through),
    ]
    counted = [context.model.measure(fact, name).rows for name in plan.spec.measures[:1] if not plan.sql]
    return {"fact": fact, "base": counting.base(plan, context, scope), "scope": " and ".join([*parts, *filter(None, counted)])}

"""What a map shows beside its counts: the layer and level chosen, rates, differences against earlier weeks, points by square."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from console.desk.answer import Measure, PanelAnswer, Row
from console.desk.desk import Unknown
from console.desk.grammar import ZONE
from console.desk.page import Shown
from console.engine import states
from console.engine.apps import Plan
from console.engine.context import Context, shown_fields
from console.engine.index import answers
from console.engine.model import unknown
from console.engine.scope import Scope
from console.store import sql

STEP = 15  # minutes: what was at the same hour before is asked no finer
KEPT = 64  # answers of earlier weeks that are kept
Values = Iterable[tuple[list[Any], int, Any, list[Any]]]


def chosen(plan: Plan, maps: Iterable[Shown]) -> Plan:
    """Return the plan of what a viewer has a panel show; raises Unknown for a layer or level that it hasn't."""
    shown = next((each for each in maps if each.panel == plan.spec.name), None)
    if shown is None or plan.spec.kind != "map":
        return plan
    layers = {each.layer: each for each in plan.layers}
    if shown.layer and shown.layer not in layers:
        raise unknown(f"layer of {plan.spec.name}", shown.layer, layers)
    if shown.level and shown.level not in plan.spec.levels:
        raise unknown(f"level of {plan.spec.name}", shown.level, plan.spec.levels)
    made = layers.get(shown.layer, plan)
    if shown.difference and not made.weeks:
        raise Unknown(f"layer {shown.layer!r} of {plan.spec.name} isn't known of earlier weeks")
    level = shown.level or made.spec.fields[0]
    return replace(made, spec=replace(made.spec, fields=(level,)), layers=plan.layers, root=plan, shown=shown)


def squares(plan: Plan, context: Context, scope: Scope, base: str, within: str) -> tuple[tuple[int, int, int], ...]:
    """Return the squares that have rows in scope, each by how many east and north of (0, 0) it lies, and how many rows."""
    assert plan.shown is not None
    assert plan.shown.square is not None
    spec = context.model.measure(plan.spec.fact, plan.spec.measures[0])
    route = context.model.route(plan.spec.fact, "area") if "area" in context.model.fields else None
    if route is None:
        raise ValueError(f"where a {plan.spec.fact} is isn't shown: it can't be counted in squares")
    told = None if context.index is None else answers.squares(context.index, plan, context, spec)
    if told is None:
        lon, lat = route.column.split(", ")
        scope.parameters["across"], scope.parameters["up"] = plan.shown.square
        words = {"lon": lon, "lat": lat, "base": base, "scope": within, "rows": spec.rows or "true", "fact": plan.spec.fact}
        told = context.rows("squares", scope, **words)
    return tuple((x, y, many) for x, y, many in told)


def rated(made: PanelAnswer, plan: Plan, context: Context) -> PanelAnswer:
    """Return an answer whose first measure is so many for each so many of a place's denominator, which is the last one."""
    assert plan.per is not None
    column, of, each = plan.per
    text = sql.text("engine/denominator").format(level=plan.spec.fields[0], column=column)
    every = dict(sql.run(context.cursor, text).fetchall())

    def rate(row: Row) -> Row:
        many, held = row.values[0], every.get(row.at[0][1])
        return replace(row, values=(many * each / held if many is not None and held else None, *row.values, held))

    title = f"{made.measures[0].title} per {each:,} {of}"
    measures = (Measure("rate", title, f"per {each:,} {of}"), *made.measures, Measure(column, of.capitalize(), ""))
    return replace(made, measures=measures, rows=tuple(map(rate, made.rows)))


def against(made: PanelAnswer, plan: Plan, context: Context, count: Callable[[datetime], Values]) -> PanelAnswer:
    """Return an answer whose first measure is how much more there is than the mean of earlier weeks, then that of now and the mean.

    A week counts in which anything stands under the panel's own clauses; without any nothing is said to be more.
    """
    means, weeks = _mean(plan, context, count)
    fields, measure = shown_fields(plan, context), made.measures[0]
    here = {row.at[0][1] for row in made.rows}
    more = [
        Row(((fields[0].name, value),), states.state(fields, [value], 0, context.selection), (0,)) for value in means if value not in here
    ]

    def set_against(row: Row) -> Row:
        now, before = row.values[0] or 0, means.get(row.at[0][1], 0.0) if weeks else None
        return replace(row, values=(None if before is None else now - before, now, before))

    many = f"{weeks} earlier week{'' if weeks == 1 else 's'}"
    titles = (Measure("difference", f"{measure.title} against the mean of {many}", measure.unit), measure)
    note = f"against the mean of the same hour of {many}" if weeks else "the file has no earlier week to set this against"
    rows = tuple(map(set_against, (*made.rows, *more)))
    return replace(made, measures=(*titles, Measure("before", "Mean before", measure.unit)), rows=rows, note=note)


def _mean(plan: Plan, context: Context, count: Callable[[datetime], Values]) -> tuple[dict[Any, float], int]:
    """Return the mean by value, and of how many weeks; kept for as long as the hour is the same."""
    moments = before(context.now, plan.weeks)
    fact = plan.spec.fact
    base = context.base.get(fact, ())
    key = (fact, plan.spec.fields, plan.spec.measures, plan.given, plan.through, base, tuple(context.clauses()), moments)
    if key not in context.past:
        sums: dict[Any, float] = {}
        weeks = 0
        for then in moments:
            found = [(value, held, numbers[0]) for (value,), held, _, numbers in count(then)]
            weeks += bool(found)
            for value, held, number in found:
                sums[value] = sums.get(value, 0.0) + (number or 0 if held else 0)
        while len(context.past) >= KEPT:
            context.past.pop(next(iter(context.past)), None)
        context.past[key] = {value: total / weeks for value, total in sums.items()}, weeks
    found_before: tuple[dict[Any, float], int] = context.past[key]
    return found_before


def before(now: datetime, weeks: int) -> tuple[datetime, ...]:
    """Return the same local hour of so many weeks before an instant (naive UTC both), the nearest first."""
    local = now.replace(tzinfo=UTC).astimezone(ZONE).replace(tzinfo=None)
    local = local.replace(minute=local.minute - local.minute % STEP, second=0, microsecond=0)
    moments = [(local - timedelta(weeks=n)).replace(tzinfo=ZONE) for n in range(1, weeks + 1)]
    return tuple(each.astimezone(UTC).replace(tzinfo=None) for each in moments)

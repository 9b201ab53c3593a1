"""Which columns of a fact the index holds: what its apps count by and select, what its measures add up, what its links join."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from console.engine.apps import AppPlan, Plan
from console.engine.index.measures import added
from console.engine.model import Field, Model

EXACT = ("instant", "number", "integer")


@dataclass(frozen=True)
class Needs:
    """Columns (SQL over the fact) that may become dimensions, with what orders their values; numbers; link keys; pairs counted together."""

    fact: str
    coded: Mapping[str, str]
    numbers: Mapping[str, str]
    keys: frozenset[str]
    together: tuple[tuple[str, str], ...]


def needs(model: Model, apps: Mapping[str, AppPlan], fact: str) -> Needs:
    """Return what the index is to hold of a fact."""
    coded: dict[str, str] = {}
    numbers: dict[str, str] = {}
    wanted = _used(apps, fact)
    carried = {short for link in model.links.values() if link.from_fact == fact for short in link.carries}
    for each in model.fields_of(fact):
        column = _column(model, fact, each)
        if each.type == "area":
            numbers |= dict.fromkeys(column.split(", "), "number")
            continue
        if each.name in wanted or each.fact is None or each.values or each.reference or each.type == "boolean" or each.short in carried:
            coded[column] = each.order or coded.get(column, "")
        if each.type in EXACT and (each.name in wanted or each.fact is None):
            numbers[column] = each.type
    for measure in model.facts[fact].measures.values():
        for made in added(measure.sql):
            coded |= {text: coded.get(text, "") for text in (made.value, made.where and f"({made.where})") if text}
    steps = [step for link in model.links.values() for step in link.steps]
    for step in steps:
        if step.ended and step.from_fact == fact:
            numbers[step.ended] = "instant"
    keys = {step.from_key for step in steps if step.from_fact == fact} | {step.to_key for step in steps if step.to_fact == fact}
    return Needs(fact, coded, numbers, frozenset(keys), _pairs(model, apps, fact))


def key_spaces(model: Model) -> list[frozenset[tuple[str, str]]]:
    """Return the columns, as (fact, column), that are joined with one another, whether directly or by way of others."""
    spaces: list[frozenset[tuple[str, str]]] = []
    for link in model.links.values():
        for step in link.steps:
            ends = frozenset(((step.from_fact, step.from_key), (step.to_fact, step.to_key)))
            touching = [space for space in spaces if space & ends]
            spaces = [space for space in spaces if not space & ends] + [ends.union(*touching)]
    return spaces


def _column(model: Model, fact: str, field: Field) -> str:
    route = model.route(fact, field.name)
    assert route is not None
    return route.column


def _plans(apps: Mapping[str, AppPlan], fact: str) -> Iterable[Plan]:
    return (
        plan for app in apps.values() for panel in app.plans.values() for plan in panel.every() if plan.spec.fact == fact and not plan.sql
    )


def _used(apps: Mapping[str, AppPlan], fact: str) -> frozenset[str]:
    """Return the fields that apps count by and stand under; what else may be selected is asked by SQL, if its values have no end."""
    used = [name for app in apps.values() for name, _ in app.base.get(fact, ())]
    used += [name for plan in _plans(apps, fact) for name in (*plan.spec.fields, *(name for name, _ in plan.given))]
    return frozenset(used)


def _pairs(model: Model, apps: Mapping[str, AppPlan], fact: str) -> tuple[tuple[str, str], ...]:
    """Return the columns of the fields that pivots cross, and those that panels sum with those they sum by."""
    made = []
    for plan in _plans(apps, fact):
        columns = [_column(model, fact, model.fields[name]) for name in plan.spec.fields]
        if plan.spec.kind == "pivot" and len(columns) == 2:
            made.append((columns[0], columns[1]))
    return tuple(made)

"""Search across all fields."""

from __future__ import annotations

from collections.abc import Collection

from console.desk.answer import Hit, State
from console.engine import states
from console.engine.apps import AppPlan
from console.engine.context import Context
from console.engine.model import Field, Model

LIMIT = 12
SEARCHED = ("text", "month")


def fields(model: Model, app: AppPlan) -> dict[str, str]:
    """Return the fields that a search of an app looks through, each with the fact it is looked through beside."""
    facts = dict.fromkeys([app.app.fact, *(plan.spec.fact for plan in app.plans.values())])
    made: dict[str, str] = {}
    for fact in facts:
        for field in model.fields_of(fact):
            if field.type in SEARCHED:
                made.setdefault(field.name, fact)
    return made


def hits(context: Context, app: AppPlan, text: str, without: Collection[str] = ()) -> tuple[Hit, ...]:
    """Return the values that hold the text, over the fields of the app's facts but some, best first."""
    if not text.strip():
        return ()
    found: list[Hit] = []
    for name, fact in fields(context.model, app).items():
        if name not in without:
            found += _in_field(context, fact, context.model.fields[name], text.strip().lower())
    starts = text.strip().lower()
    found.sort(key=lambda hit: (not any(said.lower().startswith(starts) for said in (str(hit.value), hit.name)), -hit.count))
    return tuple(found[:100])


def _in_field(context: Context, fact: str, field: Field, text: str) -> list[Hit]:
    route = context.model.route(fact, field.name)
    assert route is not None
    scope = context.scope()
    where = {
        "base": scope.predicate(fact, context.base.get(fact, ())),
        "scope": scope.predicate(fact, context.clauses(), exempt=(field.name,)),
    }
    scope.parameters |= {"text": text, "limit": LIMIT}
    made = []
    for value, count, name in context.rows("search", scope, column=route.column, label=field.label or "null", fact=fact, **where):
        state: State = states.state([field], [value], count, context.selection)
        made.append(Hit(field.name, field.title, value, count, state, name or ""))
    return made

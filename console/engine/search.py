"""Search across all fields, and the check that a typed value exists."""

from __future__ import annotations

from console.desk.answer import Hit, State
from console.desk.selection import Clause, Values
from console.engine import states
from console.engine.apps import AppPlan
from console.engine.context import Context
from console.engine.model import Field, unknown
from console.engine.scope import typed
from console.store import sql

LIMIT = 12
SEARCHED = ("text", "month")


def hits(context: Context, app: AppPlan, text: str) -> tuple[Hit, ...]:
    """Return the values that hold the text, over the fields of the app's facts, best first."""
    if not text.strip():
        return ()
    facts = dict.fromkeys([app.app.fact, *(plan.spec.fact for plan in app.plans.values())])
    seen: set[str] = set()
    found: list[Hit] = []
    for fact in facts:
        for field in context.model.fields_of(fact):
            if field.type in SEARCHED and field.name not in seen:
                seen.add(field.name)
                found += _in_field(context, fact, field, text.strip().lower())
    starts = text.strip().lower()
    found.sort(key=lambda hit: (not str(hit.value).lower().startswith(starts), -hit.count, hit.field, str(hit.value)))
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
    for value, count, _ in context.rows("search", scope, column=route.column, fact=fact, **where):
        state: State = states.state([field], [value], count, context.selection)
        made.append(Hit(field.name, field.title, value, count, state))
    return made


def checked(context: Context, field: Field, clause: Clause) -> Clause:
    """Return the clause if its values are of the field's type and, of text, are there; raises ValueError, Unknown.

    A value written in other capitals becomes the one that is there.
    """
    if not isinstance(clause, Values):
        _typed(context, field, clause)
        return clause
    given = {value for value in clause.values if value is not None}
    for value in given:
        typed(field, value)
    if field.type not in SEARCHED:
        return clause
    known = set(field.values) | (_known(context, field) if given - set(field.values) else set())
    folded = {value.casefold(): value for value in known}
    made: set[str | None] = {value for value in clause.values if value is None}
    for value in given:
        match = value if value in known else folded.get(value.casefold())
        if match is None:
            raise unknown(f"value of {field.name}", value, known)
        made.add(match)
    return Values(frozenset(made))


def _typed(context: Context, field: Field, clause: Clause) -> None:
    context.scope().clause(field, "", clause)


def _known(context: Context, field: Field) -> set[str]:
    model = context.model
    columns = model.shared[field.short][1] if field.fact is None else {field.fact: field.column}
    found: set[str] = set()
    for fact, column in columns.items():
        text = sql.text("engine/distinct").format(column=column, fact=fact)
        found |= {value for (value,) in sql.run(context.cursor, text, {"now": context.now}).fetchall()}
    return found

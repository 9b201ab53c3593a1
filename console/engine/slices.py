"""A page of the rows of a fact, sorted, with their columns."""

from __future__ import annotations

from collections.abc import Sequence

from console.desk.answer import Column, Row
from console.engine.context import Context
from console.engine.model import Field
from console.engine.scope import Scope


def slice_of(
    name: str, columns: Sequence[str], sort: Sequence[tuple[str, bool]], context: Context, scope: Scope,
    where: dict[str, str], offset: int, limit: int,
) -> tuple[tuple[Column, ...], list[Row]]:  # fmt: skip
    """Return the columns and a page of the rows of a fact in scope."""
    fact = context.model.fact(name)
    fields = [context.model.field(each, name) for each in columns or fact.columns]
    scope.parameters |= {"limit": limit, "offset": offset}

    order = [f"{place_of(one, name, context)} {'desc' if down else 'asc'} nulls last" for one, down in sort]
    shown = ", ".join(_own(each, name, context) for each in fields)
    found = context.rows("rows", scope, key=fact.key, columns=shown, sort=", ".join([*order, fact.key]), **where)
    made = tuple(Column(each.name, each.title, each.type, each.unit, bool(each.personal)) for each in fields)
    return made, [Row(((fact.key, row[0]),), None, (), tuple(row[1:])) for row in found]


def _own(field: Field, fact: str, context: Context) -> str:
    route = context.model.route(fact, field.name)
    if route is None or route.link is not None:
        raise ValueError(f"{field.name} is no column of {fact}")
    return route.column


def place_of(name: str, fact: str, context: Context) -> str:
    """Return the column that sorts a fact's rows by a field."""
    field = context.model.field(name, fact)
    column = _own(field, fact, context)
    return field.order or column

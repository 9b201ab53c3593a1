"""Which values a field can have and has, and the check that a clause names such ones."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from console import files
from console.desk.area import area, exchanged
from console.desk.grammar import NONE
from console.desk.selection import Clause, Range, Values, Window
from console.desk.sphere import Frame, frame
from console.engine.context import Context
from console.engine.model import Field, unknown
from console.engine.scope import as_text, typed
from console.store import sql
from console.store.database import Cursor, Failure

COUNTABLE = ("text", "integer", "boolean", "month")
LARGEST = 2**63
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])$")


def closed(cursor: Cursor, field: Field) -> frozenset[str]:
    """Return every value there can be of a field whose values are listed or stand in a reference table, else none.

    Raises ValueError if there is no such table or column.
    """
    if field.type == "boolean":
        return frozenset(("true", "false"))
    if not field.reference:
        return frozenset(field.values)
    table, _, column = field.reference.partition(".")
    try:
        found = sql.select(cursor, sql.text("engine/reference").format(table=table, column=column))
    except Failure as error:
        raise ValueError(f"no column {field.reference!r} of the reference tables") from error
    return frozenset(field.values) | {value for (value,) in found.fetchall()}


def listed(cursor: Cursor, field: Field, clause: Clause) -> None:
    """Raise Unknown if a clause names a value that the field, having all its values listed, can't have."""
    every = closed(cursor, field)
    for value in clause.values if every and isinstance(clause, Values) else ():
        if value is not None and value not in every:
            raise unknown(f"value of {field.name}", value, every)


def checked(context: Context, field: Field, clause: Clause) -> Clause:
    """Return the clause if its values are of the field's type and, of what can be counted, are there; raises ValueError, Unknown.

    A value written in other capitals becomes the one that is there.
    """
    if isinstance(clause, Values):
        return _values(context, field, clause)
    if isinstance(clause, Window):
        _forward(field, clause.start, clause.end)
    elif isinstance(clause, Range):
        _forward(field, *(None if end is None else _made(field, end) for end in (clause.low, clause.high)))
    elif (force := _force()) and exchanged(clause, force):
        raise ValueError(f"{field.name} lies outside the force, and with its numbers exchanged inside: longitude comes first")
    return clause


@cache
def _force() -> Frame | None:
    """Return the frame of the force's outline, where there is one."""
    path = files.data() / "geography" / "outline.geojson"
    return frame(area(f"@{path}").shapes) if path.exists() else None


def _made(field: Field, text: str) -> Any:
    """Return a value of the field's type; raises ValueError if it isn't one, or no finite number."""
    made = typed(field, text)
    if field.type == "month" and not _MONTH.match(text):
        raise ValueError(f"{field.name}: {text!r} is not a month, such as 2024-01")
    if isinstance(made, float | int) and not abs(made) < LARGEST:
        raise ValueError(f"{field.name}: {text!r} is no number that a row could have")
    return made


def _forward(field: Field, low: Any, high: Any) -> None:
    if low is not None and high is not None and low > high:
        raise ValueError(f"{field.name}: the range ends before it begins")


def _values(context: Context, field: Field, clause: Values) -> Values:
    given = {None if value is None else as_text(field, _made(field, value)) for value in clause.values}
    if field.type not in COUNTABLE:
        return clause
    there: set[str | None] = set(closed(context.cursor, field))
    if not given <= there:
        there |= _found(context, field, "known", given=[value.lower() for value in given if value is not None])
    folded = {value.casefold(): value for value in there if value is not None}
    made: set[str | None] = set()
    for value in given:
        match = value if value is None or value in there else folded.get(value.casefold())
        if match not in there:
            near = _found(context, field, "nearest", text=value or "")
            raise unknown(f"value of {field.name}", NONE if value is None else value, there | near)
        made.add(match)
    return Values(frozenset(made))


def _found(context: Context, field: Field, name: str, **given: Any) -> set[str | None]:
    """Return the values that a query of `queries/engine/` finds of the field, over every fact that has it."""
    columns = context.model.shared[field.short][1] if field.fact is None else {field.fact: field.column}
    scope = context.scope()
    scope.parameters |= given
    return {value for fact, column in columns.items() for (value,) in context.rows(name, scope, column=column, fact=fact)}

"""The six states of a value under a selection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from console.desk.answer import State, Value
from console.desk.selection import Area, Clause, Range, Selection, Values, Window
from console.engine.model import Field
from console.engine.scope import as_text, typed


def state(fields: Sequence[Field], values: Sequence[Value], held: int, selection: Selection) -> State:
    """Return the state of a value, or of a cell of several fields' values, that `held` rows pass the other clauses with.

    Of a cell: excluded without rows; possible if none of its fields has a clause; selected (or locked) if it is in
    all of them; else alternative. What a lock selects shows as locked whether or not it has rows.
    """
    clauses = {each.name: clause for each in fields if (clause := selection.clause(each.name)) is not None}
    chosen = bool(clauses) and all(
        inside(each, value, clauses[each.name]) for each, value in zip(fields, values, strict=True) if each.name in clauses
    )
    if chosen and all(name in selection.locks for name in clauses):
        return State.LOCKED
    if not held:
        return State.SELECTED_EXCLUDED if chosen else State.EXCLUDED
    if not clauses:
        return State.POSSIBLE
    return State.SELECTED if chosen else State.ALTERNATIVE


def inside(of: Field, value: Value, clause: Clause) -> bool:
    """Return whether a value lies in a clause of values or a range; windows and areas choose no single value."""
    if isinstance(clause, Values):
        return as_text(of, value) in clause.values
    if isinstance(clause, Range):
        if value is None:
            return False
        low, high = (None if end is None else typed(of, end) for end in (clause.low, clause.high))
        return bool((low is None or value >= low) and (high is None or value < high))
    assert isinstance(clause, Window | Area)
    return False


def chosen_values(fields: Sequence[Field], selection: Selection) -> Mapping[str, frozenset[str | None]]:
    """Return the values that the selection names of each field."""
    return {each.name: clause.values for each in fields if isinstance(clause := selection.clause(each.name), Values)}

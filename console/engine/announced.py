"""What is announced under any selection until somebody acknowledges it: emergency buttons, new Immediate incidents."""

from __future__ import annotations

from datetime import datetime

from console.desk.answer import Alert
from console.desk.selection import Values
from console.engine.context import Context

OF = {"emergency": "unit", "immediate": "incident"}  # of which fact an announcement of a kind is
OPEN = (("condition", Values(frozenset({"open"}))),)


def alerts(context: Context) -> tuple[Alert, ...]:
    """Return what is announced, and whether the selection hides it."""
    return tuple(Alert(kind, key, at, text, not inside) for kind, key, at, text, inside in announced(context))


def announced(context: Context) -> list[tuple[str, str, datetime, str, bool]]:
    """Return what is announced: its kind, key, time and words, and whether it is within the selection."""
    scope = context.scope()
    texts = {
        f"{fact}_scope": scope.predicate(fact, (*context.base.get(fact, ()), *context.clauses()))
        if fact in context.model.facts
        else "false"
        for fact in ("unit", "incident")
    }
    incidents = context.facts("incident", base=context.base.get("incident") == OPEN)
    return context.rows("alerts", scope, units=context.facts("unit"), incidents=incidents, **texts)

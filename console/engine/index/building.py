"""The index made: of the store's rows all at once, or of what was held of another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from console.engine.apps import AppPlan
from console.engine.held import bases
from console.engine.index.encode import Encoded, changes, encoded, ready, to_come
from console.engine.index.fact import FactIndex
from console.engine.index.index import Index
from console.engine.index.kernel import Kernel
from console.engine.index.keys import KeySpace, shared
from console.engine.index.needs import key_spaces, needs
from console.engine.index.rows import Change, gathered
from console.engine.model import Model
from console.store.database import Cursor


def build(kernel: Kernel, cursor: Cursor, model: Model, apps: Mapping[str, AppPlan], now: datetime) -> Index:
    """Return the index of all facts as they stand at `now`, read from one state of the store."""
    cursor.begin()
    try:
        ready(cursor)
        held = {name: encoded(cursor, fact, needs(model, apps, name), now) for name, fact in model.facts.items()}
        unsettled = {name: changes(cursor, fact, held[name].columns, (), now) for name, fact in model.facts.items()}
        waiting = {name: to_come(cursor, fact, now) for name, fact in model.facts.items()}
    finally:
        cursor.rollback()
    made = assembled(kernel, model, apps, held, {name: found for name, (found, _) in unsettled.items()}, waiting, now)
    made.since = {name: since for name, (_, since) in unsettled.items()}
    return made


def restored(kernel: Kernel, model: Model, apps: Mapping[str, AppPlan], held: Mapping[str, Any]) -> Index:
    """Return the index that was held."""
    facts = {name: FactIndex(kernel, rows) for name, rows in held["rows"].items()}
    for name, index in facts.items():
        index.knows(held["known"][name])
    made = Index(kernel, model, facts, held["columns"], held["waiting"], held["now"], bases(model, apps))
    made.since = held["since"]
    return made


def assembled(
    kernel: Kernel, model: Model, apps: Mapping[str, AppPlan], held: Mapping[str, Encoded], unsettled: Mapping[str, list[Change]],
    waiting: Mapping[str, set[str]], now: datetime,
) -> Index:  # fmt: skip
    """Return the index of encoded facts, with what is not settled."""
    spaces: dict[tuple[str, str], KeySpace] = {}
    for space in key_spaces(model):
        made = shared([held[fact].linked[column] for fact, column in space])
        spaces |= dict.fromkeys(space, made)
    facts = {}
    for name, each in held.items():
        linked = {column: spaces[name, column] for column in each.linked}
        rows = gathered(each.dimensions.values(), each.coded, each.numbers, each.keys, list(needs(model, apps, name).together))
        rows.link({column: space.codes(each.linked[column]) for column, space in linked.items()}, linked)
        for change, place in zip(unsettled[name], rows.places(unsettled[name]), strict=True):
            rows.unsettled[change.key] = int(place)
        facts[name] = FactIndex(kernel, rows)
    return Index(kernel, model, facts, {name: each.columns for name, each in held.items()}, waiting, now, bases(model, apps))

"""Rows from the index: those of tables and maps that are held in order."""

from __future__ import annotations

import numpy as np

from console.desk.answer import Marker, Row
from console.engine.apps import Plan
from console.engine.context import Context
from console.engine.held import List
from console.engine.index.answers import sides_of
from console.engine.index.index import Index


def listed(index: Index, plan: Plan, context: Context) -> tuple[List, int, list[Row]] | None:
    """Return a table panel's list, how many of its rows are in scope, and as many of these as it shows; None where they aren't held."""
    with index.lock:
        held = index.held.lists.get(plan) if index.held is not None and index.now == context.now else None
        sides = None if held is None else sides_of(index, plan, context, ())
        if held is None or sides is None:
            return None
        unsettled = sides.fact.rows.unsettled
        places = [unsettled.get(str(row.at[0][1]), -1) for row in held.rows]
        if -1 in places:
            return None
        inside = np.flatnonzero(sides.fact.passing(sides.counted).holds(np.array(places, np.int64))).tolist()
        return held, len(inside), [held.rows[n] for n in inside[: plan.limit]]


def marked(index: Index, plan: Plan, context: Context) -> list[Marker] | None:
    """Return the markers of a map that are in scope; None where they aren't held."""
    with index.lock:
        every = index.held.marks.get(plan.root or plan) if index.held is not None and index.now == context.now else None
        if every is None:
            return None
        found = []
        for fact, names in context.scoped(plan.markers).items():
            exempt = {context.model.field(name, fact).name for name in names}
            keys = index.keys(fact, context.clauses(), context.now, exempt=exempt, through=plan.through)
            here = [each for each in every if each.kind == fact]
            unsettled = index.facts[fact].rows.unsettled
            places = [unsettled.get(each.key, -1) for each in here]
            if keys is None or -1 in places:
                return None
            inside = np.flatnonzero(index.facts[fact].passing(keys).holds(np.array(places, np.int64)))
            found += [here[n] for n in inside.tolist()]
        return found

"""Events into state: each touched thing folded in the order (occurred_at, source, sequence)."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np

from console.store import sql
from console.store.database import Cursor

Column = np.ndarray[Any, Any]

MESSAGES = range(12, 17)
WORKING = frozenset((17, 5, 6, 7, 8, 9))
EMERGENCY, OFF = 0, 11

FACTS = {
    "contact": "contact",
    "incident": "incident",
    "unit": "unit",
    "crime": "crime",
    "officer": "unit",
    "duty": "unit",
    "objective": "unit",
    "source": "source",
}
"""The fact that each thing's events touch."""


def fold(cursor: Cursor, received_at: datetime) -> set[str]:
    """Fold every thing that the events received at that moment speak of; return the facts touched."""
    sql.run(cursor, sql.text("feed/touched"), {"received_at": received_at})
    things = {name for (name,) in sql.rows(cursor, "feed/things")}
    if "unit" in things:
        _units(cursor)
        things |= {name for (name,) in sql.rows(cursor, "feed/things")}
    for thing, since in sql.rows(cursor, "feed/since"):
        if thing in things:
            sql.run(cursor, sql.text("feed/story"), {"thing": thing, "since": since})
            sql.run(cursor, sql.text(f"feed/{thing}"))
            sql.run(cursor, sql.text("feed/faults"))
    if "duty" in things:
        sql.run(cursor, sql.text("feed/duty"))
        sql.run(cursor, sql.text("feed/faults"))
    for thing in ("officer", "objective"):
        if thing in things:
            sql.run(cursor, sql.text(f"feed/{thing}"))
    sql.run(cursor, sql.text("feed/sources"), {"received_at": received_at})
    return {FACTS[thing] for thing in things if thing in FACTS}


def _units(cursor: Cursor) -> None:
    legal = frozenset(sql.rows(cursor, "feed/unit_moves"))
    sql.run(cursor, sql.text("feed/unit_until"))
    judged, astray = _judge(sql.run(cursor, sql.text("feed/unit_said")).fetchnumpy(), legal)
    if astray:
        with sql.staged(cursor, "astray", {"callsign": np.array(astray, dtype=object)}):
            sql.run(cursor, sql.text("feed/unit_beyond"))
        judged, _ = _judge(sql.run(cursor, sql.text("feed/unit_said")).fetchnumpy(), legal)
    with sql.staged(cursor, "judged", judged):
        sql.run(cursor, sql.text("feed/unit"))
    sql.run(cursor, sql.text("feed/faults"))
    sql.run(cursor, sql.text("feed/unit_rest"))


def _judge(said: dict[str, Column], legal: frozenset[tuple[Any, ...]]) -> tuple[dict[str, Column], list[str]]:
    """Return the statuses with the incident each is about and its fault, each unit's walked in order.

    With them the units whose walk was to end at a booking-off, and doesn't: what follows may change as well.
    """
    incidents: list[str | None] = []
    faults: list[str | None] = []
    astray: list[str] = []
    columns = (said[name].tolist() for name in ("callsign", "prior_state", "prior_incident", "bounded", "state", "incident"))
    for (callsign, state, working, bounded), told in groupby(zip(*columns, strict=True), key=itemgetter(0, 1, 2, 3)):
        for _, _, _, _, new, incident in told:
            about, fault = None, None
            if new in MESSAGES:
                pass
            elif new != state and (state, new) not in legal:
                fault = f"illegal move {state} to {new}"
            else:
                if new in WORKING:
                    working = incident
                elif new != EMERGENCY:
                    working = None
                state, about = new, working
            incidents.append(about)
            faults.append(fault)
        if bounded and state != OFF:
            astray.append(callsign)
    kept = {name: said[name] for name in ("callsign", "occurred_at", "source", "sequence", "state")}
    made = {"incident": incidents, "fault": faults, "had": said["had"].tolist()}
    return kept | {name: np.array(values, dtype=object) for name, values in made.items()}, astray

"""Events into state: each touched thing folded in the order (occurred_at, source, sequence)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np

from console.store import sql
from console.store.database import Cursor

Column = np.ndarray[Any, Any]

MESSAGES = range(12, 17)
WORKING = frozenset((17, 5, 6, 7, 8, 9))
EMERGENCY = 0

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
    for thing in ("contact", "incident", "crime", "duty"):
        if thing in things:
            sql.run(cursor, sql.text(f"feed/{thing}"))
            sql.run(cursor, sql.text("feed/faults"))
    for thing in ("officer", "objective"):
        if thing in things:
            sql.run(cursor, sql.text(f"feed/{thing}"))
    sql.run(cursor, sql.text("feed/sources"), {"received_at": received_at})
    return {FACTS[thing] for thing in things if thing in FACTS}


def _units(cursor: Cursor) -> None:
    legal = frozenset(sql.rows(cursor, "feed/unit_moves"))
    said = sql.run(cursor, sql.text("feed/unit_said")).fetchnumpy()
    with sql.staged(cursor, "judged", _judge(said, legal)):
        sql.run(cursor, sql.text("feed/unit"))
    sql.run(cursor, sql.text("feed/faults"))
    sql.run(cursor, sql.text("feed/unit_rest"))


def _judge(said: dict[str, Column], legal: frozenset[tuple[Any, ...]]) -> dict[str, Column]:
    """Return the statuses with the incident each is about and its fault, each unit's walked in order."""
    incidents: list[str | None] = []
    faults: list[str | None] = []
    unit: str | None = None
    state, working = 11, None
    walked = (said[name].tolist() for name in ("callsign", "state", "incident", "prior_state", "prior_incident"))
    for callsign, new, incident, prior_state, prior_incident in zip(*walked, strict=True):
        if callsign != unit:
            unit, state, working = callsign, prior_state, prior_incident
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
    kept = {name: said[name] for name in ("callsign", "occurred_at", "source", "sequence", "state")}
    made = {"incident": incidents, "fault": faults, "had": said["had"].tolist()}
    return kept | {name: np.array(values, dtype=object) for name, values in made.items()}

"""Events into state: each touched thing folded in the order (occurred_at, source, sequence)."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from console.feed.walk import Walked, walk
from console.store import sql
from console.store.database import Cursor, Touched

FACTS = {
    "contact": "contact",
    "incident": "incident",
    "assignment": "incident",
    "unit": "unit",
    "crime": "crime",
    "officer": "unit",
    "duty": "unit",
    "objective": "unit",
    "source": "source",
}
"""The fact that each thing's events touch."""

TOLD = frozenset(("contact", "incident", "crime"))
"""The things with a beginning and an end, of which one that isn't plain is told from its beginning."""

LATELY = timedelta(days=8)
"""How far back the state that a unit stood in is looked for at first."""


FEW = 50_000
"""Above so many touched things it isn't said which."""


def fold(cursor: Cursor, received_at: datetime) -> Touched:
    """Fold every thing that the events received at that moment speak of; return the facts touched, with keys where these are few."""
    sql.run(cursor, sql.text("feed/touched"), {"received_at": received_at})
    things = _things(cursor)
    told = things & TOLD
    if told:
        sql.run(cursor, sql.text("feed/held"))
    if "unit" in things:
        _units(cursor)
        things |= _things(cursor)
    if things & {"incident", "assignment"}:
        sql.run(cursor, sql.text("feed/worked"))
    begun = dict(sql.rows(cursor, "feed/since")) if told else {}
    for thing in sorted(told):
        sql.run(cursor, sql.text("feed/story"), {"thing": thing, "since": begun[thing]})
        sql.run(cursor, sql.text(f"feed/{thing}"), {"received_at": received_at})
        sql.run(cursor, sql.text("feed/faults"))
    if "duty" in things:
        sql.run(cursor, sql.text("feed/duty"))
        sql.run(cursor, sql.text("feed/faults"))
    for thing in ("listed", "officer", "objective"):
        if thing in things:
            sql.run(cursor, sql.text(f"feed/{thing}"), {"received_at": received_at})
    sql.run(cursor, sql.text("feed/sources"), {"received_at": received_at})
    return _touched(cursor, things)


def _touched(cursor: Cursor, things: set[str]) -> Touched:
    """Return the facts touched, with the keys of those that have a beginning and an end, None if those are many."""
    made: Touched = {FACTS[thing]: frozenset() for thing in things if thing in FACTS}
    found = sql.rows(cursor, "feed/keys", {"limit": FEW + 1})
    for fact in {FACTS[thing] for thing, _ in found}:
        made[fact] = frozenset(key for thing, key in found if FACTS[thing] == fact) if len(found) <= FEW else None
    return made


def _things(cursor: Cursor) -> set[str]:
    return {name for (name,) in sql.rows(cursor, "feed/things")}


def _units(cursor: Cursor) -> None:
    since: datetime = sql.rows(cursor, "feed/unit_since")[0][0]
    sql.run(cursor, sql.text("feed/unit_until"), {"since": since})
    walked = _walked(cursor, since)
    if walked.astray:
        with sql.staged(cursor, "astray", {"callsign": np.array(walked.astray, dtype=object)}):
            sql.run(cursor, sql.text("feed/unit_beyond"))
        walked = _walked(cursor, since)
    with sql.staged(cursor, "judged", walked.judged), sql.staged(cursor, "assigned", walked.assigned):
        sql.run(cursor, sql.text("feed/unit"), {"since": since})
    sql.run(cursor, sql.text("feed/faults"))
    sql.run(cursor, sql.text("feed/unit_rest"), {"since": since})


def _walked(cursor: Cursor, since: datetime) -> Walked:
    sql.run(cursor, sql.text("feed/unit_heard"), {"since": since})
    said = sql.run(cursor, sql.text("feed/unit_said")).fetchnumpy()
    before = sql.rows(cursor, "feed/unit_prior", {"began": since - LATELY})
    if any(state is None for _, _, state, *_ in before):
        before = sql.rows(cursor, "feed/unit_prior", {"began": datetime.min})
    return walk(said, before, frozenset(sql.rows(cursor, "feed/unit_moves")))

"""What retention has erased doesn't come back: an old event about what the file no longer holds isn't taken."""

from __future__ import annotations

from console.feed.decode import Arrived
from console.store import sql
from console.store.database import Cursor

MOVED = "unit.moved"
Lines = list[tuple[int, bytes, Arrived]]


def kept(cursor: Cursor, arrived: Lines) -> Lines:
    """Return the lines but those of events of a time that isn't kept, about what isn't held any more; positions whatever is held."""
    horizons = dict(sql.rows(cursor, "feed/horizons"))
    if not horizons:
        return arrived

    def old(event: Arrived) -> bool:
        before = horizons.get(event.kind if event.kind == MOVED else event.kind.partition(".")[0])
        return before is not None and event.occurred_at < before

    past = [event for _, _, event in arrived if old(event)]
    if not past:
        return arrived
    things = [event.kind.partition(".")[0] for event in past]
    held = set(sql.rows(cursor, "feed/known_keys", {"things": things, "keys": [event.key for event in past]}))
    return [
        line for line in arrived
        if not old(line[2]) or (line[2].kind != MOVED and (line[2].kind.partition(".")[0], line[2].key) in held)
    ]  # fmt: skip

"""A batch into the store: one transaction, in place of the batch of the same kind, force and year before it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from console.feed.published import batches
from console.feed.stats19.grouping import Batch
from console.feed.stats19.report import Blend, Compared, Loaded
from console.store import sql
from console.store.database import Store

IMPORTER = "stats19"
FACTS = frozenset(("collision", "vehicle", "casualty"))


def load(store: Store, batch: Batch, folder: Path) -> Loaded:
    """Store a batch unless the very same is held. `folder` is for the rows on their way."""
    key = batches.Key(IMPORTER, batch.kind, batch.force, batch.year)
    held = batches.held(store, key)
    if held == [batch.name]:
        return Loaded(batch.name, len(batch.rows), held=True)
    flagged = len(batch.rows) - batch.rows["flags"].null_count()
    against = None
    facts = set(FACTS) if batch.kind == "collision" else {batch.kind}  # when and where it was is the collision's to say
    facts |= {"source"} if batch.bad else set()
    with batches.waiting(folder, batch.name, batch.rows) as file, store.write(facts) as cursor:
        given = {"file": file, "batch": batch.name, "old": held[0] if held else None}
        if held:
            against = Compared(*sql.rows(cursor, f"sources/stats19/compare_{batch.kind}", given)[0])
            sql.run(cursor, sql.text(f"sources/stats19/remove_{batch.kind}"), given)
        sql.run(cursor, sql.text(f"sources/stats19/{batch.kind}"), given)
        batches.record(cursor, key, batches.Counts(batch.name, batch.file, batch.digest, len(batch.rows), flagged), batch.bad)
    return Loaded(batch.name, len(batch.rows), against)


def met(store: Store, parts: Iterable[tuple[str, str]]) -> Blend:
    """Return how what is held of some forces and years fits together."""
    with store.reader() as cursor:
        (found,) = sql.rows(cursor, "sources/stats19/met", {"parts": [f"{force}/{year}" for force, year in parts]})
    collisions, vehicles, vehicles_alone, vehicles_differ, casualties, casualties_alone, casualties_differ, lacking = found
    return Blend(
        collisions, vehicles, vehicles_alone, vehicles_differ, casualties, casualties_alone, casualties_differ,
        {each["kind"]: tuple(each["years"]) for each in lacking or ()},
    )  # fmt: skip

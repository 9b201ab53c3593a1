"""Bulk history: columnar batches of the simulator's events, stored and folded by the same queries as lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from console.feed.fold import fold
from console.feed.ingest import SimulatorState, clock, received, remember
from console.store import sql
from console.store.database import Store, Touched

Columns = Mapping[str, "np.ndarray[Any, Any]"]
Frames = Mapping[str, Columns]
HEAD = frozenset(("sequence", "occurred_at", "key"))
MOVED = "unit.moved"
SILENT = np.timedelta64(10, "m")  # after which a unit that tells nothing is unknown, had it a way to tell


def load(store: Store, frames: Frames, source: str, state: SimulatorState, *, after: int | None = None) -> int:
    """Store and fold a batch's frames (by kind) in one transaction with the simulator's state; return the events stored.

    The caller vouches that none of them is held yet, or that those up to the sequence `after` are, which are left out then.
    """
    facts: Touched = {}
    frames = (
        frames if after is None else {kind: columns for kind, each in frames.items() if len((columns := _beyond(each, after))["sequence"])}
    )
    with store.write(facts) as cursor:
        moment = received(cursor, clock())
        for kind, columns in frames.items():
            said = set(columns) - HEAD
            query = "feed/store_kind_with_skills" if "skills" in said else "feed/store_kind" if said else "feed/store_bare_kind"
            with sql.staged(cursor, "arrived", {name: _missing(column) for name, column in columns.items()}):
                sql.run(cursor, sql.text(query), {"source": source, "kind": kind, "received_at": moment})
        facts |= fold(cursor, moment)
        remember(cursor, None, state)
        if (told_from := _positions_from(frames)) is not None:
            sql.run(cursor, sql.text("feed/kept"), {"kind": MOVED, "from_at": told_from})
    return sum(len(columns["sequence"]) for columns in frames.values())


def _beyond(columns: Columns, after: int) -> Columns:
    wanted = columns["sequence"] > after
    return columns if wanted.all() else {name: column[wanted] for name, column in columns.items()}


def _positions_from(frames: Frames) -> datetime | None:
    """Return from when on a batch tells where units are, if units gave statuses for a while before that; of none, its last status."""
    if "unit.status" not in frames or not len(stated := frames["unit.status"]["occurred_at"]):
        return None
    moved = frames[MOVED]["occurred_at"] if MOVED in frames else stated[:0]
    first = moved.min() if len(moved) else stated.max()
    made: datetime = first.astype("datetime64[us]").item()
    return made if first - stated.min() > SILENT else None


def _missing(column: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.ma.masked_invalid(column) if column.dtype.kind == "f" else column

"""The folded state of a file as plain rows, for comparing two files whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from console.store.database import open_store

TABLES = (
    "contact", "incident", "grading", "incident_log", "unit", "unit_status", "unit_position", "unit_objective",
    "unit_acknowledgement", "assignment", "officer", "duty", "objective", "listing", "crime", "outcome",
)  # fmt: skip


def state(path: Path, *, events: bool = True) -> dict[str, list[tuple[Any, ...]]]:
    """Return every state table's rows, sorted, and the events without when they were received or how they were written."""
    store = open_store(path)
    try:
        with store.reader() as cursor:
            found = {table: cursor.execute(f"from base.{table} order by all").fetchall() for table in TABLES}
            if events:
                found["event"] = cursor.execute(
                    "select source, sequence, occurred_at, kind, key, fault from base.event order by all"
                ).fetchall()
            return found
    finally:
        store.close()

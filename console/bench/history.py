"""A file of the simulated force with a long history: eight days told in full, and copies of them for as far back as wanted."""

from __future__ import annotations

import math
from pathlib import Path

from console.embedded import make_history
from console.store import sql
from console.store.database import open_store

DAYS, SHARE = 8, 95  # days told in full; per cent of them that each copy keeps
COPIED = ("assignment", "grading", "contact", "crime", "incident")


def make(path: Path, rows: int, seed: int) -> int:
    """Make a file of about so many incidents, with their contacts, gradings, assignments and crimes; return how many there are.

    What is long past has no events, unit states and log lines: nothing on a page reads those of so long ago.
    """
    store = open_store(path)
    try:
        make_history(store, days=DAYS, seed=seed, progress=lambda words, share: None)
        with store.reader() as cursor:
            ((told, closed),) = sql.rows(cursor, "bench/told")
        weeks = max(0, math.ceil((rows - told) / (closed * SHARE / 100)))
        with store.write(set()) as cursor:
            for table in COPIED:
                sql.run(cursor, sql.text(f"bench/older/{table}"), {"weeks": weeks, "share": SHARE})
        store.checkpoint()
        with store.reader() as cursor:
            return int(sql.rows(cursor, "bench/told")[0][0])
    finally:
        store.close()


def rate(path: Path) -> tuple[float, int]:
    """Return how many events a second the file's last ten minutes brought, and how many it holds."""
    store = open_store(path)
    try:
        with store.reader() as cursor:
            ((lately, every),) = sql.rows(cursor, "bench/rate")
            return lately / 600.0, every
    finally:
        store.close()

"""How the sources stand: when each was last heard, and whether that is later than it allows."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from console.desk.answer import SourceState
from console.store import sql
from console.store.database import Cursor

LATENESS_S = 60.0
FORGOTTEN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Source:
    """A source folder's words: its name, title, whether it is live, the lateness it allows in seconds, its master."""

    name: str
    title: str
    live: bool
    lateness_s: float
    master: str


@cache
def described(folder: Path) -> dict[str, Source]:
    """Return the sources that `queries/sources/` describes; raises ValueError naming the file."""
    found = {}
    for path in sorted(folder.glob("*/source.toml")):
        try:
            body = tomllib.loads(path.read_text(encoding="utf-8"))
            made = Source(body["name"], body["title"], body["live"], float(body["lateness_s"]), body["master"])
        except (KeyError, ValueError, TypeError) as error:
            raise ValueError(f"{path}: {type(error).__name__}: {error}") from error
        found[made.name] = made
    return found


def states(cursor: Cursor, folder: Path, wall: datetime) -> tuple[SourceState, ...]:
    """Return each live source's state at this moment of the wall clock (naive UTC)."""
    known = described(folder)
    made = []
    for name, heard_at, gaps, quarantined in sql.rows(cursor, "engine/sources"):
        source = known.get(name, Source(name, name, True, LATENESS_S, name))
        age = (wall - heard_at).total_seconds() if heard_at else None
        live = source.live and age is not None and age < FORGOTTEN.total_seconds()
        stale = live and age is not None and age > source.lateness_s
        made.append(SourceState(name, source.title, heard_at, age, stale, live, gaps, quarantined or 0))
    return tuple(made)

"""How the sources stand: when each was last heard, and whether that is later than it allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from console.desk.answer import SourceState
from console.engine.model import unknown
from console.engine.toml import Document
from console.governance.policy import highest
from console.store import sql
from console.store.database import Cursor

OFFICIAL = "OFFICIAL"
LATENESS_S = 60.0
OLD_NEWS_S = 600.0
FORGOTTEN = timedelta(days=1)
TYPES = {
    "text": "varchar",
    "month": "varchar",
    "integer": "bigint",
    "number": "double",
    "boolean": "boolean",
    "instant": "timestamp",
    "date": "date",
}
_SOURCE = {
    "name!": str, "title!": str, "live!": bool, "cadence!": str, "lateness_s!": float, "owner!": str, "key!": str, "master!": str,
    "marking": str, "where": str, "kinds": [str], "staged": {"*": {"*": str}},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A source folder's words: its name, title, whether it is live, the lateness it allows in seconds, its master, its marking."""

    name: str
    title: str
    live: bool
    lateness_s: float
    master: str
    marking: str = ""


@cache
def described(folder: Path) -> dict[str, Source]:
    """Return the sources that `queries/sources/` describes; raises Faults naming the file and line."""
    found = {}
    for path in sorted(folder.glob("*/source.toml")):
        document = Document(path)
        made = read(document)
        document.done()
        found[made.name] = made
    return found


def read(document: Document) -> Source:
    """Return the source of a document, what is wrong with its words noted; raises Faults if it isn't so shaped."""
    document.shaped(_SOURCE)
    document.done()
    said = document.body
    folder = document.path.parent.name
    if said["name"] != folder:
        document.blame(("name",), f"is {said['name']!r}, and the folder's name is {folder!r}")
    if said["lateness_s"] <= 0:
        document.blame(("lateness_s",), "is to be more than 0 seconds")
    for name, columns in said.get("staged", {}).items():
        for column, type in columns.items():
            if type not in TYPES:
                document.blame(("staged", name, column), str(unknown("type", type, TYPES)))
    return Source(said["name"], said["title"], said["live"], float(said["lateness_s"]), said["master"], said.get("marking", ""))


def states(
    cursor: Cursor, folder: Path, wall: datetime, present: datetime, unheard: Callable[[str, datetime], float] = lambda name, heard_at: 0.0
) -> tuple[SourceState, ...]:
    """Return each source's state at this moment of the wall clock, and of the feed's present (both naive UTC).

    `unheard` is for how many seconds at least a source wasn't heard after a moment, which the wall clock may deny: it is set back.
    News is as old as it came, and as what it tells of where that is long ago: lines of yesterday that come now are no news of today.
    """
    known = described(folder)
    made = []
    for name, heard_at, occurred_at, gaps, quarantined in sql.rows(cursor, "engine/sources"):
        source = known.get(name, Source(name, name, True, LATENESS_S, name))
        age, told = (wall - heard_at).total_seconds(), (present - occurred_at).total_seconds()
        age = max(age, unheard(name, heard_at))
        if told > max(source.lateness_s, OLD_NEWS_S):
            age = max(age, told)
        live = source.live and age < FORGOTTEN.total_seconds()
        stale = live and age > source.lateness_s
        missing = gaps if source.live else 0
        made.append(SourceState(name, source.title, heard_at, age, stale, live, missing, quarantined or 0))
    return tuple(made)


def then(cursor: Cursor, folder: Path, at: datetime) -> tuple[SourceState, ...]:
    """Return how the sources stood at a past moment (naive UTC) by what they are now known to have told by then.

    What is missing or quarantined of them is as it is now known. A source that had told nothing yet isn't there.
    """
    known = described(folder)
    now = {name: (gaps, quarantined) for name, _, _, gaps, quarantined in sql.rows(cursor, "engine/sources")}
    told = dict(sql.rows(cursor, "engine/told", {"at": at, "since": at - FORGOTTEN}))
    if now.keys() - told.keys():
        told = dict(sql.rows(cursor, "engine/told", {"at": at, "since": datetime.min}))
    made = []
    for name, heard_at in sorted(told.items()):
        source, (gaps, quarantined) = known.get(name, Source(name, name, True, LATENESS_S, name)), now.get(name, (0, 0))
        age = (at - heard_at).total_seconds()
        live = source.live and age < FORGOTTEN.total_seconds()
        stale = live and age > source.lateness_s
        made.append(SourceState(name, source.title, heard_at, age, stale, live, gaps if source.live else 0, quarantined or 0))
    return tuple(made)


def marking(cursor: Cursor, folder: Path, least: str = "") -> str:
    """Return the protective marking of what the file holds, as its sources say: `OFFICIAL (SYNTHETIC)`; not below `least`."""
    known = described(folder)
    said = sorted({known[name].marking for (name,) in sql.rows(cursor, "engine/origins") if name in known} - {""})
    tier = highest((OFFICIAL, least))
    return f"{tier} ({', '.join(said)})" if said else tier

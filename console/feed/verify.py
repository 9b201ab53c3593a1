"""A data file looked through: its blocks, its log, what is counted of it, and whether its state is the fold of its events."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from console.feed.fold import fold
from console.feed.ingest import clock, received
from console.store import blocks, lasting, log, mending, sql
from console.store.database import Cursor, Failure, Store, StoreError, open_store
from console.store.faults import opening, said

Progress = Callable[[str, float], None]
EVENTS = 300_000  # folded anew in one transaction, about
READING = 0.2  # of the time that it all takes
SHOWN = 5

TABLES = {
    "contact": "contact", "incident": "ref", "grading": "ref", "incident_log": "ref", "unit": "callsign", "unit_status": "callsign",
    "unit_position": "callsign", "unit_objective": "callsign", "unit_acknowledgement": "callsign", "assignment": "callsign",
    "officer": "officer", "duty": "officer", "objective": "objective", "listing": "callsign", "crime": "crime", "outcome": "crime",
    "event": "source || ' ' || sequence",
}  # fmt: skip
"""The tables that the fold makes, with what a row is of; of events it makes the fault."""
_IMPORTED = ("crime", "outcome")


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, whether it is as it should be (None: it is only said), and in words what was found."""

    name: str
    sound: bool | None
    words: str


def verify(path: Path, progress: Progress = lambda words, share: None, *, whole: bool = True) -> Iterator[Check]:
    """Yield what is found of a file that nobody has open; not `whole`, its state isn't folded anew.

    Raises StoreError if it can't be looked through at all: it isn't there, it is in use, or it is of another program.
    """
    if not path.exists():
        raise StoreError(f"{path}: no such file")
    try:
        kept = lasting.Lasting(path)
    except BlockingIOError:
        raise StoreError(f"{path} is in use by another process: verify a backup of it, or close it first") from None
    except OSError as error:
        raise opening(path, error) from error
    try:
        yield (found := _blocks(kept.file, progress))
        logged = _log(path, kept.file)
        yield logged
    finally:
        kept.close()
    if found.sound is False or logged.sound is False:
        return
    with (
        tempfile.TemporaryDirectory(prefix=f".{path.name}.verify-", dir=path.parent) as folder,
        closing(open_store(Path(folder) / "anew")) as anew,
    ):
        try:
            anew.holding(path)
            yield from _held(anew, path, progress, whole)
        except Failure as error:
            yield Check("reading", False, f"{said(error)}")


def _blocks(file: int, progress: Progress) -> Check:
    bad: list[int] = []
    many, size = 0, os.fstat(file).st_size
    try:
        for read, many, number in blocks.broken(file):
            bad += [] if number is None else [number]
            progress(f"reading {size / 1e6:,.0f} MB", READING * read / many)
    except blocks.Damaged as error:
        return Check("blocks", False, str(error))
    if bad:
        return Check(
            "blocks", False, f"{len(bad):,} of {many:,} aren't whole: {', '.join(map(str, bad[:SHOWN]))}{' …' if bad[SHOWN:] else ''}"
        )
    return Check("blocks", True, f"{many:,} blocks, {size / 1e6:,.1f} MB, all whole")


def _log(path: Path, file: int) -> Check:
    try:
        done = mending.mend(path, file)
    except StoreError as error:
        return Check("log", False, str(error))
    held = log.read(log.beside(path))
    return Check(
        "log", True, "; ".join([*done, f"{held.commits:,} commits, {held.bytes / 1e6:,.1f} MB, all whole" if held else "folded in"])
    )


def _held(anew: Store, path: Path, progress: Progress, whole: bool) -> Iterator[Check]:
    with anew.reader() as cursor:
        ((schema,),) = sql.rows(cursor, "feed/verify/schema")
        newest = sql.migrations()[-1][0]
        if schema != newest:
            yield Check("schema", False, f"{schema}; this program's is {newest}: open the file once with it, then verify")
            return
        ((events, quarantined, imports, files, sources),) = sql.rows(cursor, "feed/verify/held")
        bad = [f"{name}: {told} said, {found} held" for name, told, found in sql.rows(cursor, "feed/verify/sources")]
        yield _check("sources", bad, f"{sources:,} sources, counted as their {events:,} events are")
        bad = [f"{source} {sequence} is held {often} times" for source, sequence, often in sql.rows(cursor, "feed/verify/doubled")]
        yield _check("once", bad, "no event is held twice")
        bad = [f"{name}: {told}" for name, told in sql.rows(cursor, "feed/verify/positions")]
        yield _check("positions", bad, f"{files:,} files read, each to a place in it")
        bad = [_import(*row) for row in sql.rows(cursor, "feed/verify/batches")]
        yield _check("imports", bad, f"{imports:,} imports, rows and {quarantined:,} quarantined lines as counted")
        gaps = [(name, missing) for name, missing in sql.rows(cursor, "feed/verify/gaps")]
        told = ", ".join(f"{name} {missing:,}" for name, missing in gaps[:SHOWN])
        yield Check("gaps", None, f"{sum(missing for _, missing in gaps):,} sequences missing" + (f" ({told})" if gaps else ""))
        ((same,),) = sql.rows(cursor, "feed/verify/reference")
    if whole:
        _fold(anew, progress)
        yield _state(anew, same, progress)


def _check(name: str, bad: list[str], sound: str) -> Check:
    return Check(name, not bad, "; ".join(bad) if bad else sound)


def _import(batch: str, counted: int, rows: int, refused: int, lines: int, told: bool) -> str:
    return f"{batch}: {counted:,} rows counted, {rows:,} held; {refused:,} lines refused, {lines:,} held" + (
        "" if told else "; no event tells of it"
    )


def _fold(anew: Store, progress: Progress) -> None:
    """Fold the held events anew, in stretches of time."""
    with anew.reader() as cursor:
        hours = sql.rows(cursor, "feed/verify/stretches")
    total, done, began = sum(count for _, count in hours), 0, time.monotonic()
    for start, end, count in _stretches(hours):
        with anew.write(set()) as cursor:
            moment = received(cursor, clock())
            sql.run(cursor, sql.text("feed/verify/events"), {"received_at": moment, "from_at": start, "until": end})
            fold(cursor, moment)
        done += count
        left = (time.monotonic() - began) / done * (total - done)
        progress(f"folding {total:,} events anew, about {left:,.0f} s left", READING + (0.9 - READING) * done / total)


def _stretches(hours: list[tuple[datetime, int]]) -> Iterator[tuple[datetime, datetime, int]]:
    """Yield stretches of whole hours with some events each: from when, until when, how many."""
    start, many = None, 0
    for hour, count in hours:
        start, many = start or hour, many + count
        if many >= EVENTS:
            yield start, hour + timedelta(hours=1), many
            start, many = None, 0
    if start is not None:
        yield start, hours[-1][0] + timedelta(hours=1), many


def _state(anew: Store, same: bool, progress: Progress) -> Check:
    bad, rows = [], 0
    with anew.reader() as cursor:
        for n, (table, key) in enumerate(TABLES.items()):
            progress(f"comparing {table}", 0.9 + 0.1 * n / len(TABLES))
            told = {
                "table": table, "key": key, "columns": "source, sequence, fault" if table == "event" else "*",
                "where": "batch is null" if table in _IMPORTED else "true",
            }  # fmt: skip
            ((equal, held, _),) = sql.run(cursor, sql.text("feed/verify/summed").format(**told)).fetchall()
            rows += held
            if not equal:
                bad.append(_differing(cursor, told))
    if bad and not same:
        bad.append("it was last opened with other reference tables than this program's: open it once, then verify")
    return _check("state", bad, f"{rows:,} rows of {len(TABLES)} tables are the fold of the events")


def _differing(cursor: Cursor, told: dict[str, str]) -> str:
    found = sql.run(cursor, sql.text("feed/verify/differing").format(**told)).fetchall()
    keys = ", ".join(f"{key} ({held} held, {folded} folded)" for key, held, folded, _ in found)
    return f"{told['table']} differs for {found[0][3] if found else 0:,}: {keys}"

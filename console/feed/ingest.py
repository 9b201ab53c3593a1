"""Exactly once, by (source, sequence): events stored and folded into state in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from console.feed.decode import Arrived, Cut, Unreadable, decode, refused, too_long
from console.feed.fold import fold
from console.feed.horizon import kept
from console.store import sql
from console.store.database import BadData, Cursor, Store, Touched
from console.store.faults import said
from console.store.steady import CLOCK

_Line = tuple[int, bytes, Arrived]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of some lines: how many were read, stored, held already, unreadable (by reason)."""

    read: int = 0
    stored: int = 0
    duplicates: int = 0
    quarantined: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Report) -> Report:
        """Return both together."""
        return Report(
            self.read + other.read,
            self.stored + other.stored,
            self.duplicates + other.duplicates,
            self.quarantined + other.quarantined,
            self.reasons + other.reasons,
        )

    def __str__(self) -> str:
        """Say it in a line or two."""
        said = (
            f"{self.read:,} lines read: {self.stored:,} events stored, {self.duplicates:,} held already, {self.quarantined:,} quarantined"
        )
        return "\n".join([said, *(f"  {count:,} x {reason}" for reason, count in self.reasons.most_common(20))])


@dataclass(frozen=True, slots=True)
class Position:
    """How far a file has been read: bytes and lines, and the fingerprint of its beginning."""

    path: str
    bytes: int
    lines: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class SimulatorState:
    """Where the simulator stood (naive UTC) after the events taken with it, how to go on, and where to stop, if at all."""

    source: str
    until: datetime
    state: bytes
    stops_at: datetime | None = None


def clock() -> datetime:
    """Return the present as naive UTC; it never goes back, also where the wall clock was set back."""
    return CLOCK.now()


@dataclass(frozen=True, slots=True)
class Parcel:
    """Lines of one place that are stored together, with the position reached by them or where the simulator stood after them.

    `first_line` is the number of the first there, None where lines have no number that means anything later. No event of a source
    in `reserved` is taken: these are this program's own.
    """

    lines: Sequence[bytes | Cut]
    place: str
    first_line: int | None = 1
    position: Position | None = None
    state: SimulatorState | None = None
    reserved: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Refused:
    """A line of a parcel (the first is 0) that went to quarantine, with the source and sequence it claims, if it does."""

    line: int
    source: str
    sequence: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a parcel, once that is durably stored; `reached` is the highest sequence of each source in it."""

    report: Report
    reached: dict[str, int]
    refused: tuple[Refused, ...]
    told_at: datetime | None


_Lines = list[tuple[int, Unreadable]]


@dataclass(frozen=True, slots=True)
class _Take:
    parcel: Parcel
    arrived: list[_Line]
    unreadable: _Lines
    wall: datetime


class Ingest:
    """Takes lines into the store. One at a time writes; each take is a transaction of its own."""

    def __init__(self, store: Store) -> None:
        """Take into this store."""
        self._store = store
        with store.reader() as cursor:
            self._heard: datetime = sql.rows(cursor, "feed/last_received")[0][0] or datetime.min

    def take(
        self,
        lines: Iterable[bytes | Cut],
        place: str,
        *,
        first_line: int = 1,
        position: Position | None = None,
        state: SimulatorState | None = None,
    ) -> Report:
        """Store and fold the events of the lines, quarantine the rest, with the position reached, or do nothing at all.

        `place` names where the lines come from, `first_line` the number of the first there. An event that the database
        refuses is found and quarantined too; only then is the take more than one transaction.
        """
        (receipt,) = self.take_together([Parcel(list(lines), place, first_line, position, state)])
        return receipt.report

    def take_together(self, parcels: Sequence[Parcel]) -> list[Receipt]:
        """Take parcels in one transaction, which is synced to the disk before this returns; return what became of each.

        Raises StoreError where the file can't be written.
        """
        wall = max(clock(), self._heard)  # of a clock that was set back while nothing ran, what is known
        takes = [_read(parcel, wall) for parcel in parcels]
        if not any(take.arrived or take.unreadable or take.parcel.position or take.parcel.state for take in takes):
            return [_receipt(take, 0, []) for take in takes]
        if len(takes) > 1:
            try:
                return [_receipt(take, stored, []) for take, stored in zip(takes, self._write(takes), strict=True)]
            except BadData:
                pass
        return [_receipt(take, *self._keep(take)) for take in takes]

    def _keep(self, take: _Take) -> tuple[int, _Lines]:
        """Store a take, or each half of it where the database refuses its data; return how many were stored, and the refused."""
        try:
            return self._write([take])[0], []
        except BadData as error:
            if not take.arrived:
                raise
            if len(take.arrived) == 1:
                ((number, line, event),) = take.arrived
                refusal = number, refused(line, f"the database refuses it: {said(error)}", event.source, event.sequence)
                self._write([replace(take, arrived=[], unreadable=[*take.unreadable, refusal])])
                return 0, [refusal]
            middle = len(take.arrived) // 2
            unmoved = replace(take.parcel, position=None, state=None)
            first, some = self._keep(replace(take, parcel=unmoved, arrived=take.arrived[:middle], unreadable=[]))
            rest, others = self._keep(replace(take, arrived=take.arrived[middle:]))
            return first + rest, some + others

    def _write(self, takes: Sequence[_Take]) -> list[int]:
        facts: Touched = {}
        stored = [0] * len(takes)
        with self._store.write(facts) as cursor:
            moment = received(cursor, takes[0].wall)
            if any(take.arrived for take in takes):
                stored, duplicates = _store(cursor, [kept(cursor, take.arrived) for take in takes], moment)
                facts |= fold(cursor, moment) if any(stored) else {}
                for source, count in duplicates.items():
                    sql.run(cursor, sql.text("feed/duplicates"), {"source": source, "duplicates": count})
            if any(take.unreadable for take in takes):
                _quarantine(cursor, takes, moment)
                facts["source"] = None
            for take in takes:
                remember(cursor, take.parcel.position, take.parcel.state)
        return stored


def _read(parcel: Parcel, wall: datetime) -> _Take:
    """Return the lines of a parcel as events, or as what they can't be."""
    take = _Take(parcel, [], [], wall)
    for number, line in enumerate(parcel.lines):
        if isinstance(line, Cut):
            take.unreadable.append((number, too_long(line.start, len(line) - 1)))
            continue
        text = line.rstrip(b"\r\n")
        if not text.strip():
            continue
        made = decode(text, wall)
        if isinstance(made, Arrived) and made.source in parcel.reserved:
            made = refused(text, f"{made.source} is this console's own source", "", None)
        if isinstance(made, Arrived):
            take.arrived.append((number, text, made))
        else:
            take.unreadable.append((number, made))
    return take


def _receipt(take: _Take, stored: int, refusals: _Lines) -> Receipt:
    unreadable = sorted([*take.unreadable, *refusals], key=lambda each: each[0])
    reasons = Counter(item.reason for _, item in unreadable)
    read = len(take.arrived) + len(take.unreadable)
    report = Report(read, stored, read - stored - len(unreadable), len(unreadable), reasons)
    reached: dict[str, int] = {}
    for _, _, event in take.arrived:
        reached[event.source] = max(event.sequence, reached.get(event.source, 0))
    for _, item in unreadable:
        if item.source and item.sequence is not None:
            reached[item.source] = max(item.sequence, reached.get(item.source, 0))
    told_at = max((event.occurred_at for _, _, event in take.arrived), default=None)
    return Receipt(report, reached, tuple(Refused(n, item.source, item.sequence, item.reason) for n, item in unreadable), told_at)


def received(cursor: Cursor, wall: datetime) -> datetime:
    """Return the moment of this take: the wall clock, or just after the take before where the clock went back."""
    before = sql.rows(cursor, "feed/last_received")[0][0]
    return wall if before is None or wall > before else before + timedelta(microseconds=1)


def remember(cursor: Cursor, position: Position | None, state: SimulatorState | None) -> None:
    """Keep the reading position and the simulator's state in this transaction."""
    if position:
        held = {"path": position.path, "bytes": position.bytes, "lines": position.lines, "fingerprint": position.fingerprint}
        sql.run(cursor, sql.text("feed/position"), held)
    if state:
        kept = {"source": state.source, "until": state.until, "state": state.state, "stops_at": state.stops_at}
        sql.run(cursor, sql.text("feed/simulator_state"), kept)


def _store(cursor: Cursor, parcels: Sequence[list[_Line]], moment: datetime) -> tuple[list[int], Counter[str]]:
    """Store the events that aren't held yet, of two alike the first; return how many of each parcel, and of each source how many not."""
    arrived = [(n, item) for n, lines in enumerate(parcels) for _, _, item in lines]
    columns: dict[str, Any] = {
        "line": np.arange(len(arrived), dtype=np.int64),
        "parcel": np.array([n for n, _ in arrived], dtype=np.int64),
        "source": np.array([item.source for _, item in arrived], dtype=object),
        "sequence": np.array([item.sequence for _, item in arrived], dtype=np.int64),
        "occurred_at": np.array([item.occurred_at for _, item in arrived], dtype="datetime64[us]"),
        "kind": np.array([item.kind for _, item in arrived], dtype=object),
        "key": np.array([item.key for _, item in arrived], dtype=object),
        "payload": np.array([item.payload for _, item in arrived], dtype=object),
    }
    bounds = {"first": columns["sequence"].min().item(), "last": columns["sequence"].max().item()}
    with sql.staged(cursor, "arrived", columns):
        ((stored,),) = sql.run(cursor, sql.text("feed/store_events"), {"received_at": moment, **bounds}).fetchall()
        if stored == len(arrived):
            return [len(lines) for lines in parcels], Counter()
        taken = sql.rows(cursor, "feed/taken", {"received_at": moment})
    missing = Counter(item.source for _, item in arrived)
    each = [0] * len(parcels)
    for parcel, source, count in taken:
        each[parcel] += count
        missing[source] -= count
    return each, +missing


def _quarantine(cursor: Cursor, takes: Sequence[_Take], moment: datetime) -> None:
    """Keep what can't be read, and of each source how far it has come with that."""
    unreadable = [(take.parcel, number, item) for take in takes for number, item in take.unreadable]
    numbered = [None if parcel.first_line is None else parcel.first_line + number for parcel, number, _ in unreadable]
    columns: dict[str, Any] = {
        "source": np.array([item.source for _, _, item in unreadable], dtype=object),
        "place": np.array([parcel.place for parcel, _, _ in unreadable], dtype=object),
        "line": np.ma.masked_array([n or 0 for n in numbered], mask=[n is None for n in numbered], dtype=np.int64),
        "reason": np.array([item.reason for _, _, item in unreadable], dtype=object),
        "bytes": np.array([item.kept.hex() for _, _, item in unreadable], dtype=object),
        "length": np.array([item.length for _, _, item in unreadable], dtype=np.int64),
        "sequence": np.ma.masked_array(
            [item.sequence or 0 for _, _, item in unreadable], mask=[item.sequence is None for _, _, item in unreadable], dtype=np.int64
        ),
    }
    with sql.staged(cursor, "unreadable", columns):
        sql.run(cursor, sql.text("feed/quarantine"), {"received_at": moment})
        sql.run(cursor, sql.text("feed/refused"), {"received_at": moment})

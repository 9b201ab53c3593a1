"""Exactly once, by (source, sequence): events stored and folded into state in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from console.feed.decode import Arrived, Cut, Unreadable, decode, refused, too_long
from console.feed.fold import fold
from console.store import sql
from console.store.database import BadData, Cursor, Store, Touched
from console.store.faults import said

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
    """Return the wall clock as naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class _Take:
    arrived: list[_Line]
    unreadable: list[tuple[int, Unreadable]]
    place: str
    wall: datetime
    position: Position | None
    state: SimulatorState | None


class Ingest:
    """Takes lines into the store. One at a time writes; each take is a transaction of its own."""

    def __init__(self, store: Store) -> None:
        """Take into this store."""
        self._store = store

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
        take = _Take([], [], place, clock(), position, state)
        for number, line in enumerate(lines, first_line):
            if isinstance(line, Cut):
                take.unreadable.append((number, too_long(line.start, len(line) - 1)))
                continue
            text = line.rstrip(b"\r\n")
            if not text.strip():
                continue
            made = decode(text, take.wall)
            if isinstance(made, Arrived):
                take.arrived.append((number, text, made))
            else:
                take.unreadable.append((number, made))
        read = len(take.arrived) + len(take.unreadable)
        if not (read or position or state):
            return Report()
        stored, refusals = self._keep(take)
        reasons = Counter(item.reason for item in [*(item for _, item in take.unreadable), *refusals])
        quarantined = reasons.total()
        return Report(read, stored, read - stored - quarantined, quarantined, reasons)

    def _keep(self, take: _Take) -> tuple[int, list[Unreadable]]:
        """Store a take, or each half of it where the database refuses its data; return how many were stored, and the refused."""
        try:
            return self._write(take), []
        except BadData as error:
            if not take.arrived:
                raise
            if len(take.arrived) == 1:
                ((number, line, event),) = take.arrived
                refusal = refused(line, f"the database refuses it: {said(error)}", event.source)
                self._write(replace(take, arrived=[], unreadable=[*take.unreadable, (number, refusal)]))
                return 0, [refusal]
            middle = len(take.arrived) // 2
            first, some = self._keep(replace(take, arrived=take.arrived[:middle], unreadable=[], position=None, state=None))
            rest, others = self._keep(replace(take, arrived=take.arrived[middle:]))
            return first + rest, some + others

    def _write(self, take: _Take) -> int:
        facts: Touched = {}
        stored = 0
        with self._store.write(facts) as cursor:
            moment = received(cursor, take.wall)
            if take.arrived:
                stored = _store(cursor, take.arrived, moment)
                facts |= fold(cursor, moment) if stored else {}
            if take.unreadable:
                _quarantine(cursor, take.unreadable, take.place, moment)
                facts["source"] = None
            remember(cursor, take.position, take.state)
        return stored


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


def _store(cursor: Cursor, arrived: list[_Line], moment: datetime) -> int:
    columns: dict[str, Any] = {
        "line": np.array([number for number, _, _ in arrived], dtype=np.int64),
        "source": np.array([item.source for _, _, item in arrived], dtype=object),
        "sequence": np.array([item.sequence for _, _, item in arrived], dtype=np.int64),
        "occurred_at": np.array([item.occurred_at for _, _, item in arrived], dtype="datetime64[us]"),
        "kind": np.array([item.kind for _, _, item in arrived], dtype=object),
        "key": np.array([item.key for _, _, item in arrived], dtype=object),
        "payload": np.array([item.payload for _, _, item in arrived], dtype=object),
    }
    bounds = {"first": columns["sequence"].min().item(), "last": columns["sequence"].max().item()}
    with sql.staged(cursor, "arrived", columns):
        sql.run(cursor, sql.text("feed/store_events"), {"received_at": moment, **bounds})
    stored = dict(sql.rows(cursor, "feed/taken", {"received_at": moment}))
    for source, count in Counter(item.source for _, _, item in arrived).items():
        if (duplicates := count - stored.get(source, 0)) > 0:
            sql.run(cursor, sql.text("feed/duplicates"), {"source": source, "duplicates": duplicates})
    return sum(stored.values())


def _quarantine(cursor: Cursor, unreadable: list[tuple[int, Unreadable]], place: str, moment: datetime) -> None:
    columns: dict[str, Any] = {
        "source": np.array([item.source for _, item in unreadable], dtype=object),
        "place": np.array([place] * len(unreadable), dtype=object),
        "line": np.array([number for number, _ in unreadable], dtype=np.int64),
        "reason": np.array([item.reason for _, item in unreadable], dtype=object),
        "bytes": np.array([item.kept.hex() for _, item in unreadable], dtype=object),
        "length": np.array([item.length for _, item in unreadable], dtype=np.int64),
    }
    with sql.staged(cursor, "unreadable", columns):
        sql.run(cursor, sql.text("feed/quarantine"), {"received_at": moment})

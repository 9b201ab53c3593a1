"""The event format: every kind, its payload as a type, decoding and encoding of NDJSON lines.

`docs/events.md` lists the same; a test holds the two together.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal, TypeAlias

import msgspec

VERSION = 1
WEST, EAST, SOUTH, NORTH = -9.0, 3.0, 49.0, 61.5
"""The box around the United Kingdom, WGS84 degrees; a place elsewhere can't be."""

Lon: TypeAlias = Annotated[float, msgspec.Meta(description=f"{WEST:g} to {EAST:g}")]
Lat: TypeAlias = Annotated[float, msgspec.Meta(description=f"{SOUTH:g} to {NORTH:g}")]


class Payload(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What an event of one kind says; fields that a kind doesn't know are kept with the event and not used."""


class ContactOffered(Payload, frozen=True):
    """A call or message reached the queue."""

    line: Literal["999", "101", "online"]
    beat: str | None = None


class ContactAnswered(Payload, frozen=True):
    """An operator answered it."""


class ContactAbandoned(Payload, frozen=True):
    """The caller left before an answer."""


class ContactEnded(Payload, frozen=True):
    """The conversation ended; `incident` if it made or concerned one."""

    incident: str | None = None


class IncidentCreated(Payload, frozen=True):
    """The control room opened an incident and graded it."""

    type: str
    grade: str
    lon: Lon
    lat: Lat
    beat: str | None = None
    location: str = ""
    contact: str | None = None
    call_at: datetime | None = None
    answered_at: datetime | None = None
    in_progress: bool = False
    suspect_nearby: bool = False
    weapon: bool = False
    child: bool = False
    domestic_high: bool = False
    disability: bool = False
    repeat_victim: bool = False
    repeat_place: bool = False


class IncidentGraded(Payload, frozen=True):
    """The grade was changed."""

    grade: str
    reason: str = ""


class IncidentLogged(Payload, frozen=True):
    """A line in the incident's log."""

    author: str
    text: str


class IncidentAcknowledged(Payload, frozen=True):
    """A named user acknowledged a new Immediate incident."""

    by: str


class IncidentClosed(Payload, frozen=True):
    """The incident was closed."""

    result: str
    crime: str | None = None


class UnitListed(Payload, frozen=True):
    """A unit exists: what it is and where it belongs."""

    kind: str
    team: str
    district: str
    crew: Annotated[int, msgspec.Meta(ge=0, le=100)] = 1
    skills: tuple[str, ...] = ()
    lon: Lon | None = None
    lat: Lat | None = None
    beat: str | None = None


class UnitStatus(Payload, frozen=True):
    """A unit's state by code (0-11, 17 assigned; 12-16 are messages), with the incident it works and its place."""

    state: Annotated[int, msgspec.Meta(ge=0, le=17)]
    incident: str | None = None
    lon: Lon | None = None
    lat: Lat | None = None
    beat: str | None = None


class UnitMoved(Payload, frozen=True):
    """A unit's position."""

    lon: Lon
    lat: Lat
    beat: str | None = None


class UnitTasked(Payload, frozen=True):
    """A unit was given an objective, or relieved of one."""

    objective: str | None = None


class UnitAcknowledged(Payload, frozen=True):
    """A named user acknowledged a unit's emergency button."""

    by: str


class OfficerListed(Payload, frozen=True):
    """An officer exists."""

    name: str
    rank: str
    team: str
    district: str
    skills: tuple[str, ...] = ()


class DutyStarted(Payload, frozen=True):
    """An officer came on duty, on a unit, until a planned end."""

    unit: str
    until: datetime


class DutyEnded(Payload, frozen=True):
    """An officer went off duty."""


class ObjectiveSet(Payload, frozen=True):
    """What units are tasked with, where and when."""

    title: str
    kind: str
    start: datetime
    end: datetime
    district: str | None = None
    beat: str | None = None


class CrimeRecorded(Payload, frozen=True):
    """A crime was recorded."""

    offence: str
    lon: Lon | None = None
    lat: Lat | None = None
    beat: str | None = None
    location: str = ""
    incident: str | None = None
    committed_at: datetime | None = None


class CrimeAllocated(Payload, frozen=True):
    """An officer in the case was named."""

    officer: str
    team: str = ""


class CrimeOutcome(Payload, frozen=True):
    """An outcome was given (codes 1-22)."""

    code: Annotated[int, msgspec.Meta(ge=1, le=22)]


class SourceHeartbeat(Payload, frozen=True):
    """The source is alive, whatever it has to say."""


class BatchImported(Payload, frozen=True):
    """A file was imported as a batch; its rows live under the batch."""

    importer: str
    kind: str
    force: str
    month: str
    file: str
    sha256: str
    rows: Annotated[int, msgspec.Meta(ge=0)]


KINDS: dict[str, type[Payload]] = {
    "contact.offered": ContactOffered,
    "contact.answered": ContactAnswered,
    "contact.abandoned": ContactAbandoned,
    "contact.ended": ContactEnded,
    "incident.created": IncidentCreated,
    "incident.graded": IncidentGraded,
    "incident.logged": IncidentLogged,
    "incident.acknowledged": IncidentAcknowledged,
    "incident.closed": IncidentClosed,
    "unit.listed": UnitListed,
    "unit.status": UnitStatus,
    "unit.moved": UnitMoved,
    "unit.tasked": UnitTasked,
    "unit.acknowledged": UnitAcknowledged,
    "officer.listed": OfficerListed,
    "duty.started": DutyStarted,
    "duty.ended": DutyEnded,
    "objective.set": ObjectiveSet,
    "crime.recorded": CrimeRecorded,
    "crime.allocated": CrimeAllocated,
    "crime.outcome": CrimeOutcome,
    "source.heartbeat": SourceHeartbeat,
    "batch.imported": BatchImported,
}
"""The kinds an event may be of, and what each carries. `key` is the contact id, incident ref, callsign, officer
id, objective id, crime ref, source or batch id that the kind's first word names (duty: the officer)."""


class Event(msgspec.Struct, frozen=True):
    """One event as it stands on a line. `occurred_at` carries its zone; `sequence` rises within a source."""

    v: int
    source: str
    sequence: int
    occurred_at: datetime
    kind: str
    key: str
    payload: Payload


def utc(moment: datetime) -> datetime:
    """Return an instant as UTC without its zone, the form the store keeps. Raises ValueError if it has none."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC).replace(tzinfo=None)


_encoder = msgspec.json.Encoder()


def encode(event: Event) -> bytes:
    """Return an event as one NDJSON line, newline included."""
    return _encoder.encode(event) + b"\n"

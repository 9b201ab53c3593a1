"""Lines into events, or into the reason they can't be: the one place where what arrives is judged readable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from console.feed.events import EAST, KINDS, NORTH, SOUTH, VERSION, WEST, Payload, utc

LINE_LIMIT = 1_000_000
TEXT_LIMIT = 20_000
KEY_LIMIT = 200
KEPT_BYTES = 65_536
EARLIEST = datetime(1990, 1, 1)
LATEST = datetime(2100, 1, 1)
AHEAD = timedelta(days=1)
SIMULATED = "simulator"
SEQUENCES = 2**62

_SUSPECT = re.compile(rb"\\[bfnrtu]|\x7f|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class Head(msgspec.Struct):
    """An event whose payload is still text."""

    v: int
    source: str
    sequence: int
    occurred_at: datetime
    kind: str
    key: str
    payload: msgspec.Raw


@dataclass(frozen=True, slots=True)
class Arrived:
    """A readable event: its columns as the store keeps them (occurred_at naive UTC, payload as JSON text of our own writing)."""

    source: str
    sequence: int
    occurred_at: datetime
    kind: str
    key: str
    payload: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that can't be read or can never be valid: the reason, as much of its bytes as is kept, whose it is if it says so."""

    reason: str
    kept: bytes
    length: int
    source: str = ""
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """A line too long to be held: its first bytes, and its length with its newline."""

    start: bytes
    length: int

    def __len__(self) -> int:
        """Return the length of the line as it was."""
        return self.length


_head = msgspec.json.Decoder(Head)
_encoder = msgspec.json.Encoder()
_payloads: dict[str, msgspec.json.Decoder[Payload]] = {kind: msgspec.json.Decoder(type) for kind, type in KINDS.items()}


class _Wrong(Exception):
    pass


def decode(line: bytes, received_at: datetime) -> Arrived | Unreadable:
    """Return the event on a line (without its newline), or why there is none."""
    head: Head | None = None
    if len(line) > LINE_LIMIT:
        return too_long(line, len(line))
    try:
        line.decode("utf-8")
        head = _head.decode(line)
        return _checked(head, line, received_at)
    except UnicodeDecodeError as error:
        reason = f"not UTF-8 at byte {error.start + 1}"
    except msgspec.ValidationError as error:
        reason = str(error)
    except msgspec.DecodeError as error:
        reason = f"not JSON: {error}"
    except (ValueError, OverflowError, RecursionError, _Wrong) as error:
        reason = str(error)
    source = head.source if head and not _CONTROL.search(head.source) else ""
    sequence = head.sequence if head and 0 <= head.sequence < SEQUENCES else None
    return refused(line, reason, source[:KEY_LIMIT], sequence)


def refused(line: bytes, reason: str, source: str, sequence: int | None) -> Unreadable:
    """Return a line as it goes to quarantine."""
    return Unreadable(_CONTROL.sub("?", reason), line[:KEPT_BYTES], len(line), source, sequence)


def too_long(start: bytes, length: int) -> Unreadable:
    """Return a line over the limit, of which this is the start, as it goes to quarantine."""
    return Unreadable(f"a line of {length:,} bytes; the limit is {LINE_LIMIT:,}", start[:KEPT_BYTES], length)


def _checked(head: Head, line: bytes, received_at: datetime) -> Arrived:
    if head.v != VERSION:
        raise _Wrong(f"version {head.v} of the format; this program reads {VERSION}")
    decoder = _payloads.get(head.kind)
    if decoder is None:
        raise _Wrong(f"unknown kind {head.kind[:80]!r}")
    if head.kind == "batch.imported":
        raise _Wrong("a batch comes by import, not by a line")
    if not head.source or not head.key or max(len(head.source), len(head.key)) > KEY_LIMIT:
        raise _Wrong("source and key are 1 to 200 characters")
    if not 0 <= head.sequence < SEQUENCES:
        raise _Wrong(f"impossible sequence {head.sequence}")
    moment = _instant(head.occurred_at, "occurred_at")
    if moment > received_at + AHEAD and not head.source.startswith(SIMULATED):
        raise _Wrong(f"impossible time: {moment.isoformat()}Z is more than a day after it was received")
    payload = decoder.decode(head.payload)
    _sane(payload, moment)
    if _SUSPECT.search(line) and _unsafe(msgspec.json.decode(line)):
        raise _Wrong("a control character in its text")
    return Arrived(head.source, head.sequence, moment, head.kind, head.key, _written(payload, bytes(head.payload)).decode("utf-8"))


def _written(payload: Payload, given: bytes) -> bytes:
    """Return what was understood as this program writes it, with the fields that its kind doesn't know beside.

    Of a field given twice the last counts, as it does when the payload is decoded.
    """
    own = _encoder.encode(payload)
    if own == given:
        return own
    unknown = {name: value for name, value in msgspec.json.decode(given).items() if name not in payload.__struct_fields__}
    return _encoder.encode(msgspec.json.decode(own) | unknown) if unknown else own


def _instant(moment: datetime, name: str) -> datetime:
    if moment.tzinfo is None:
        raise _Wrong(f"{name} has no zone")
    if not EARLIEST.replace(tzinfo=UTC) <= moment < LATEST.replace(tzinfo=UTC):
        raise _Wrong(f"impossible time: {name} {moment.isoformat()}")
    return utc(moment)


def _sane(payload: Payload, occurred_at: datetime) -> None:
    for name in payload.__struct_fields__:
        value = getattr(payload, name)
        if isinstance(value, datetime):
            moment = _instant(value, name)
            if name in ("call_at", "answered_at", "committed_at") and moment > occurred_at:
                raise _Wrong(f"impossible time: {name} is after the event")
        elif isinstance(value, str) and len(value) > TEXT_LIMIT:
            raise _Wrong(f"{name} of {len(value):,} characters; the limit is {TEXT_LIMIT:,}")
    _placed(getattr(payload, "lon", None), getattr(payload, "lat", None))


def _placed(lon: float | None, lat: float | None) -> None:
    if (lon is None or WEST <= lon <= EAST) and (lat is None or SOUTH <= lat <= NORTH):
        return
    swapped = lon is not None and lat is not None and WEST <= lat <= EAST and SOUTH <= lon <= NORTH
    raise _Wrong(
        f"impossible place: lon {lon}, lat {lat} is outside the United Kingdom (lon {WEST:g} to {EAST:g}, lat {SOUTH:g} to {NORTH:g})"
        + (": swapped?" if swapped else "")
    )


def _unsafe(value: Any) -> bool:
    if isinstance(value, str):
        return _CONTROL.search(value) is not None
    if isinstance(value, dict):
        return any(_unsafe(key) or _unsafe(item) for key, item in value.items())
    return isinstance(value, list) and any(map(_unsafe, value))

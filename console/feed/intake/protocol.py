"""What a sender and the hub say to each other beside events: one JSON line each (docs/feeds.md)."""

from __future__ import annotations

from typing import Annotated

import msgspec

FIRST_LIMIT = 65_536  # bytes of a line that names sources
NAMED = 200  # sources that one sender may name


class Hello(msgspec.Struct, frozen=True):
    """A sender names the sources that it sends, and says the door's secret where it has one."""

    sources: Annotated[tuple[Annotated[str, msgspec.Meta(min_length=1, max_length=200)], ...], msgspec.Meta(max_length=NAMED)]
    secret: str = ""


class Quarantined(msgspec.Struct, frozen=True):
    """A line of this connection (its first is 1) that is quarantined, with the source and sequence it claims, and why."""

    line: int
    source: str
    sequence: int | None
    reason: str


class Ack(msgspec.Struct, frozen=True, omit_defaults=True):
    """By source the highest sequence that is stored or quarantined for good, and how many lines of this connection are."""

    ack: dict[str, int | None]
    lines: int
    quarantined: tuple[Quarantined, ...] = ()


class Refusal(msgspec.Struct, frozen=True):
    """Why the hub closes the connection, and whether to try it again is of use."""

    error: str
    again: bool


_encoder = msgspec.json.Encoder()
_hello = msgspec.json.Decoder(Hello)


def line(message: Hello | Ack | Refusal) -> bytes:
    """Return a message as its line."""
    return _encoder.encode(message) + b"\n"


def hello(said: bytes) -> Hello | None:
    """Return the sources that a line names, None if it is another line."""
    if len(said) > FIRST_LIMIT or b'"sources"' not in said or b'"kind"' in said:
        return None
    try:
        return _hello.decode(said)
    except msgspec.DecodeError:
        return None

"""What is said on the line, one message a frame. The first message of each side is laid out for ever as it is here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from console import __version__
from console.desk.answer import Answer, Marker, PanelAnswer, Row
from console.hub.protocol.crossing import ENCODER, crossing
from console.hub.protocol.frames import framed

ANSWER, PANEL, ROW, MARKER = map(crossing, (Answer, PanelAnswer, Row, Marker))
if TYPE_CHECKING:
    from typing import Any as AnswerWire
    from typing import Any as MarkerWire
    from typing import Any as PanelWire
    from typing import Any as RowWire
else:
    AnswerWire, PanelWire, RowWire, MarkerWire = ANSWER.wire, PANEL.wire, ROW.wire, MARKER.wire

MAJOR, MINOR = 1, 0  # another major can't be spoken to; a minor one may leave out or pass over fields at the end


class Hello(msgspec.Struct, array_like=True, frozen=True, tag="hello"):
    """Who calls: what it speaks, which program it is, and at which of its user's seats it sits."""

    major: int
    minor: int
    program: str
    seat: str = ""


class Call(msgspec.Struct, array_like=True, frozen=True, tag="call"):
    """A method of the Desk with what it is given; one of number 0 isn't answered."""

    number: int
    name: str
    given: msgspec.Raw


class Listen(msgspec.Struct, array_like=True, frozen=True, tag="listen"):
    """Whether to be told of new data versions."""

    on: bool


class Welcome(msgspec.Struct, array_like=True, frozen=True, tag="welcome"):
    """The hub's first message: what it speaks, who the caller is to it, and what each command is refused for."""

    major: int
    minor: int
    program: str
    user: str = ""
    roles: tuple[str, ...] = ()
    refusals: dict[str, str] = {}


class Refusal(msgspec.Struct, array_like=True, frozen=True, tag="refused"):
    """The hub's last message, in a sentence; `again` says whether it is worth to call again by and by."""

    words: str
    again: bool = False


class Result(msgspec.Struct, array_like=True, frozen=True, tag="result"):
    """What a call gave."""

    number: int
    value: msgspec.Raw


class Failure(msgspec.Struct, array_like=True, frozen=True, tag="failure"):
    """What a call raised: the kind of exception, and its words."""

    number: int
    kind: str
    words: str


class Part(msgspec.Struct, array_like=True, frozen=True):
    """What differs in a panel from what was sent of it before; None: that is as it was.

    `fresh` sets it against an empty panel. `head` is the panel without rows and markers. Rows and markers are stretches (from, to,
    more): so much of those held, then those that are new.
    """

    app: str
    panel: str
    fresh: bool
    head: PanelWire | None = None
    rows: tuple[tuple[int, int, tuple[RowWire, ...]], ...] | None = None
    markers: tuple[tuple[int, int, tuple[MarkerWire, ...]], ...] | None = None


class Answered(msgspec.Struct, array_like=True, frozen=True, tag="answered"):
    """A page's answer: without its panels, and what differs in them."""

    number: int
    head: AnswerWire
    parts: tuple[Part, ...]


class Changed(msgspec.Struct, array_like=True, frozen=True, tag="changed"):
    """A new data version."""

    change: msgspec.Raw


class Quick(msgspec.Struct, array_like=True, frozen=True, tag="quick"):
    """The panels of an app that are answered from memory now."""

    app: str
    panels: tuple[str, ...]


class Beat(msgspec.Struct, array_like=True, frozen=True, tag="beat"):
    """The hub is there, with nothing else to say."""


FromClient = Hello | Call | Listen
FromHub = Welcome | Refusal | Result | Failure | Answered | Changed | Quick | Beat


def said(message: FromClient | FromHub) -> bytes:
    """Return a message as a frame."""
    return framed(ENCODER.encode(message))


def hello(seat: str) -> bytes:
    """Return a client's first frame."""
    return said(Hello(MAJOR, MINOR, __version__, seat))


def stranger(major: int, program: str, *, hub: bool) -> str:
    """Return why the two ends can't talk; `hub` says that it is the hub that speaks."""
    here, there = f"protocol {MAJOR} (console {__version__})", f"protocol {major} (console {program[:40]})"
    ours, theirs = ("this hub", "that console") if hub else ("this console", "the hub")
    return f"{ours} speaks {here}, {theirs} {there}: both need a version of one protocol"

"""How a hub stands, for whoever looks after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from console.desk.answer import SourceState


@dataclass(frozen=True, slots=True)
class Feed:
    """What brings events, since the hub started. Instants are naive UTC.

    `connected` is how many senders or files it reads now, `lag_s` how long before it came the newest event was, `waiting` the lines
    that aren't stored yet, `behind` the bytes that wait to be read where that is known, `acknowledged` the highest sequence of each
    source; `failure` says why nothing comes.
    """

    name: str
    kind: str
    connected: int
    heard_at: datetime | None
    lag_s: float | None
    lines: int
    events: int
    duplicates: int
    quarantined: int
    waiting: int
    behind: int | None
    acknowledged: tuple[tuple[str, int], ...]
    failure: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What a hub keeps, in bytes, and what it is fed from; `failure` says why nothing can be stored."""

    file: str
    size: int
    log: int  # what isn't folded into the file yet
    free: int  # on its disk
    version: int  # of the data
    failure: str
    sources: tuple[SourceState, ...] = ()
    feeds: tuple[Feed, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts since the hub started, and what goes on now; times of answers are of the last 1,024, in ms from question to reply."""

    program: str
    process: int
    since: datetime  # naive UTC
    clients: int
    waiting: int  # questions that wait for their turn
    running: int  # questions that are being answered
    p50_ms: float
    p95_ms: float
    computed: int  # answers worked out
    shared: int  # answers given again
    overdue: int  # questions ended by the deadline
    bytes_out: int
    dropped: int  # clients that were let go: too slow, or not understood
    refused: int  # callers not let in
    resident: int  # bytes of memory
    kept: Kept | None = None

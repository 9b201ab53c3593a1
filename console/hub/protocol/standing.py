"""How a hub stands, for whoever looks after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
    feeds: tuple[tuple[str, str], ...] = ()  # each feed's name, and how it stands in words

"""How a feed stands: what it brought, how far it is acknowledged, and why it brings nothing."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime

from console.feed.ingest import Receipt


@dataclass(frozen=True, slots=True)
class FeedState:
    """A feed at a moment. Instants are naive UTC.

    `connected` is how many senders or files it reads now, `heard_at` when the last line came, `lag_s` by how much the newest event
    told of then was older than that, `waiting` the lines that aren't stored yet, `behind` the bytes that wait to be read, where that
    is known. `acknowledged` is the highest sequence of each source that is durably stored or quarantined. `failure` says in words
    why nothing comes, "" if that isn't known to be so.
    """

    name: str
    kind: str
    connected: int = 0
    heard_at: datetime | None = None
    lag_s: float | None = None
    lines: int = 0
    events: int = 0
    duplicates: int = 0
    quarantined: int = 0
    waiting: int = 0
    behind: int | None = None
    acknowledged: dict[str, int] = field(default_factory=dict)
    failure: str = ""


class Tally:
    """Counts what one feed brings; written by its threads and by the writer's."""

    def __init__(self, name: str, kind: str) -> None:
        """Count for the feed of this name and kind."""
        self.name, self.kind = name, kind
        self._lock = threading.Lock()
        self._connected = self._waiting = self._lines = self._events = self._duplicates = self._quarantined = 0
        self._heard_at: datetime | None = None
        self._lag_s: float | None = None
        self._behind: int | None = None
        self._acknowledged: dict[str, int] = {}
        self._failure = ""

    def heard(self, lines: int, at: datetime) -> None:
        """Count lines that came just now (naive UTC)."""
        with self._lock:
            self._waiting += lines
            self._heard_at = at

    def dropped(self, lines: int) -> None:
        """Count lines no more that will not be stored, since the feed stopped."""
        with self._lock:
            self._waiting -= lines

    def settled(self, lines: int, receipt: Receipt, at: datetime) -> None:
        """Count what became of lines (naive UTC)."""
        report = receipt.report
        with self._lock:
            self._waiting -= lines
            self._lines += report.read
            self._events += report.stored
            self._duplicates += report.duplicates
            self._quarantined += report.quarantined
            if receipt.told_at is not None:
                self._lag_s = (at - receipt.told_at).total_seconds()
            for source, sequence in receipt.reached.items():
                self._acknowledged[source] = max(sequence, self._acknowledged.get(source, -1))

    def connect(self, count: int) -> None:
        """Keep how many senders or files it reads now."""
        with self._lock:
            self._connected = count

    def reading(self, behind: int | None, failure: str = "") -> None:
        """Keep how many bytes wait to be read, and why nothing comes, if so."""
        with self._lock:
            self._behind, self._failure = behind, failure

    def failed(self, words: str) -> None:
        """Keep why nothing comes, or "" when it comes again."""
        with self._lock:
            self._failure = words

    def state(self) -> FeedState:
        """Return how the feed stands."""
        with self._lock:
            return FeedState(
                self.name, self.kind, self._connected, self._heard_at, self._lag_s, self._lines, self._events, self._duplicates,
                self._quarantined, self._waiting, self._behind, dict(self._acknowledged), self._failure,
            )  # fmt: skip

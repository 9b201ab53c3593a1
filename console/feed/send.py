"""Lines sent to a hub's door, and sent again after a break until they are acknowledged."""

from __future__ import annotations

import json
import os
import select
import socket
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from console.feed.lines import Splitter

NAMED = 100
WINDOW = 5_000  # lines that may be unacknowledged
CHUNK = 1 << 16
SOONEST_S, LATEST_S = 0.1, 2.0  # between attempts to connect
SILENT_S = 30.0  # without an acknowledgement that is owed, after which the connection is taken for dead
HELD = 1_000_000  # bytes of one answer
Say = Callable[[str], None]


class Unsent(Exception):
    """Lines are left that were not acknowledged; the message says how many, and why."""


@dataclass(slots=True)
class Sent:
    """What became of the lines: how many were acknowledged, skipped as held already, and quarantined (by reason)."""

    acknowledged: int = 0
    skipped: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        """Say it in a line or two."""
        said = f"{self.acknowledged:,} lines acknowledged, {self.skipped:,} held already, {self.quarantined.total():,} quarantined"
        return "\n".join([said, *(f"  {count:,} x {reason}" for reason, count in self.quarantined.most_common(20))])


@dataclass(frozen=True, slots=True)
class _Line:
    """A line on its way; `sequence` is None where it is sent again whatever its source has reached."""

    text: bytes
    source: str = ""
    sequence: int | None = None


class _Broken(Exception):
    pass


class Sending:
    """Sends what a file descriptor gives to one door."""

    def __init__(
        self, to: str, *, secret: str = "", patience: float = 60.0, everything: bool = False, say: Say = lambda words: None
    ) -> None:
        """Send to `tcp:HOST:PORT` or `unix:PATH`; give up after so many seconds without the door.

        With `everything` also what the hub has said it holds. Raises ValueError if `to` is neither.
        """
        self._family, self._address = address(to)
        self._to, self._secret, self._patience, self._everything, self._say = to, secret, patience, everything, say
        self._socket: socket.socket | None = None
        self._splitter = Splitter()
        self._coming: deque[bytes] = deque()  # read, not judged yet
        self._unacknowledged: deque[_Line | None] = deque()  # on this connection in order; None is a line that names sources
        self._again: deque[_Line] = deque()  # to be sent on this connection again
        self._out = bytearray()
        self._answers = bytearray()
        self._settled = 0  # lines of this connection
        self._known: dict[str, int | None] = {}
        self._highest: dict[str, int] = {}
        self._asked: set[str] = set()
        self._heard = 0.0
        self._went_on, self._wait = time.monotonic(), SOONEST_S
        self._word = self._said = ""  # why the hub closes the connection, why it is made again
        self._refused = False
        self.sent = Sent()

    def run(self, file: int) -> Sent:
        """Send all that the descriptor gives until it ends and all is acknowledged. Raises Unsent, OSError of the descriptor."""
        ended = False
        while True:
            try:
                if self._socket is None:
                    self._connect()
                ended = self._step(file, ended)
                if ended and not (self._coming or self._again or any(self._unacknowledged)):
                    return self.sent
            except _Broken as error:
                self._break(str(error))

    def close(self) -> None:
        """Let go of the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _connect(self) -> None:
        made = socket.socket(self._family)
        try:
            made.settimeout(5.0)
            made.connect(self._address)
        except OSError as error:
            made.close()
            raise _Broken(error.strerror or str(error)) from error
        made.setblocking(False)
        self._socket, self._heard = made, time.monotonic()
        known = sorted(self._known)
        for at in range(0, max(1, len(known)), NAMED):
            self._name(known[at : at + NAMED])

    def _left(self) -> int:
        return len(self._coming) + len(self._again) + sum(each is not None for each in self._unacknowledged)

    def _break(self, words: str) -> None:
        """Begin anew after a while, with what was not acknowledged; raises Unsent if that is to no purpose."""
        self.close()
        left = [each for each in self._unacknowledged if each is not None]
        self._again.extendleft(reversed(left))
        self._unacknowledged.clear()
        self._asked.clear()
        self._out, self._answers, self._settled, self._word = bytearray(), bytearray(), 0, ""
        if self._refused or time.monotonic() - self._went_on + self._wait > self._patience:
            raise Unsent(f"{self._to}: {words}; {self._left():,} lines are not acknowledged")
        if words != self._said:
            self._said = words
            self._say(f"{self._to}: {words}; trying again, with what is not acknowledged")
        time.sleep(self._wait)
        self._wait = min(2 * self._wait, LATEST_S)

    def _name(self, sources: Sequence[str]) -> None:
        """Name sources, and wait for what is known of them."""
        self._asked |= set(sources)
        self._put(None, json.dumps({"sources": sources, **({"secret": self._secret} if self._secret else {})}).encode() + b"\n")

    def _put(self, line: _Line | None, text: bytes) -> None:
        self._unacknowledged.append(line)
        self._out += text

    def _step(self, file: int, ended: bool) -> bool:
        """Send and receive what can be now; return whether the input has ended."""
        assert self._socket is not None
        self._fill()
        wanting = not ended and len(self._coming) < WINDOW
        reading: list[socket.socket | int] = [self._socket, *([file] if wanting else [])]
        can_read, can_write, _ = select.select(reading, [self._socket] if self._out else [], [], 1.0)
        try:
            if self._socket in can_write:
                del self._out[: self._socket.send(self._out[:CHUNK])]
            if self._socket in can_read:
                self._receive(self._socket.recv(CHUNK))
        except OSError as error:
            raise _Broken(self._word or error.strerror or str(error)) from error
        if file in can_read:
            ended = self._read(file)
        if not self._unacknowledged:
            self._heard = time.monotonic()
        elif time.monotonic() - self._heard > SILENT_S:
            raise _Broken(f"nothing acknowledged for {SILENT_S:g} s")
        return ended

    def _read(self, file: int) -> bool:

        piece = os.read(file, CHUNK)
        whole = self._splitter.split(piece) if piece else self._splitter.rest()
        for each in whole:
            if not isinstance(each, bytes):
                self.sent.quarantined[f"a line of {len(each):,} bytes is not sent"] += 1
            elif each.strip():
                self._coming.append(each)
        return not piece

    def _fill(self) -> None:
        """Put lines on their way, up to the window, unless the hub is to say first how far a new source is."""
        while len(self._unacknowledged) < WINDOW and not self._asked and (self._again or self._coming):
            line = self._again.popleft() if self._again else self._judged()
            if line is None:
                return
            reached = self._known.get(line.source) if line.source else None
            if line.sequence is not None and reached is not None and line.sequence <= reached:
                self.sent.skipped += 1
            else:
                self._put(line, line.text)

    def _judged(self) -> _Line | None:
        """Return the next line with what it says of itself, None if its source is to be asked about first."""
        text = self._coming[0]
        try:
            said = json.loads(text)
            source, sequence = said["source"], said["sequence"]
            source.encode()
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            source, sequence = "", None
        if not isinstance(sequence, int) or not 0 < len(source) <= 200:
            source, sequence = "", None
        if source and source not in self._known:
            self._name([source])
            return None
        self._coming.popleft()
        if sequence is None:
            return _Line(text)
        in_order = sequence > self._highest.get(source, -1)
        self._highest[source] = max(sequence, self._highest.get(source, -1))
        return _Line(text, source, sequence if in_order and not self._everything else None)

    def _receive(self, piece: bytes) -> None:
        if not piece:
            raise _Broken(self._word or "the hub has closed the connection")
        self._heard = time.monotonic()
        self._answers += piece
        *lines, rest = self._answers.split(b"\n")
        self._answers = bytearray(rest)
        if len(rest) > HELD:
            raise _Broken("an answer without an end")
        for line in lines:
            self._answered(json.loads(line))

    def _answered(self, said: dict[str, object]) -> None:
        if isinstance(said.get("error"), str):
            self._word, self._refused = str(said["error"]), not said.get("again")
            return
        reached, lines, refused = said.get("ack"), said.get("lines"), said.get("quarantined", [])
        if not isinstance(reached, dict) or not isinstance(lines, int) or not isinstance(refused, list):
            raise _Broken("an answer that isn't one")
        for source, sequence in reached.items():
            if source in self._asked or self._known.get(source) is None or (sequence or 0) > (self._known[source] or 0):
                self._known[source] = sequence
        self._asked -= set(reached)
        for each in refused:
            self.sent.quarantined[each["reason"]] += 1
        while self._settled < lines and self._unacknowledged:
            self._settled += 1
            if self._unacknowledged.popleft() is not None:
                self.sent.acknowledged += 1
                self._went_on, self._wait, self._said = time.monotonic(), SOONEST_S, ""


def address(to: str) -> tuple[socket.AddressFamily, str | tuple[str, int]]:
    """Return the family and address of `tcp:HOST:PORT` or `unix:PATH`. Raises ValueError."""
    kind, _, rest = to.partition(":")
    host, _, port = rest.rpartition(":")
    if kind == "unix" and rest:
        return socket.AF_UNIX, str(Path(rest))
    if kind == "tcp" and port.isascii() and port.isdigit():
        return (socket.AF_INET6 if ":" in host else socket.AF_INET), (host.strip("[]") or "127.0.0.1", int(port))
    raise ValueError(f"{to!r} is no door: tcp:HOST:PORT or unix:PATH")

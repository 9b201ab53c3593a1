"""One sender at a door: its lines on their way to the writer, and the acknowledgements on their way back."""

from __future__ import annotations

import asyncio
import hmac
import socket
import struct
from collections.abc import Iterable
from concurrent.futures import Future
from typing import Protocol, cast

from console.feed.ingest import Parcel, Receipt
from console.feed.intake import protocol
from console.feed.intake.writer import Lane, Stopped
from console.feed.lines import Line, Splitter

WINDOW = 512 * 1024  # bytes that one sender may have waiting before the hub reads no more of it
ANSWERS = 1 << 20  # bytes of acknowledgements that a sender may leave unread
ENDLESS = 16_000_000  # bytes without a newline after which a sender is sent away
BAD = 1_000  # quarantined lines, if more than good ones, after which it is
RESERVED = frozenset(("console", "import"))


class Keeper(Protocol):
    """The door that senders came in by."""

    place: str
    secret: bytes

    def admit(self, sender: Sender) -> str:
        """Return "" if a sender may come in, else why not."""
        ...

    def lane(self) -> Lane:
        """Return a way to the writer."""
        ...

    def acknowledged(self, source: str) -> int | None:
        """Return how far a source is acknowledged."""
        ...

    def claim(self, sender: Sender, sources: Iterable[str]) -> None:
        """Have these sources come from this sender alone."""
        ...

    def gone(self, sender: Sender, words: str) -> None:
        """Let go of a sender, for this reason if it was sent away."""
        ...


class Sender(asyncio.Protocol):
    """A connection. It first names its sources; every line after is an event, or names more."""

    def __init__(self, door: Keeper) -> None:
        """Come in by this door."""
        self._door = door
        self._loop = asyncio.get_running_loop()
        self._splitter = Splitter()
        self._lane: Lane | None = None
        self._reached: dict[str, int | None] = {}
        self._owed: set[str] = set()
        self._quarantined: list[protocol.Quarantined] = []
        self._settled = self._good = self._bad = self._lines = self._held = 0
        self._paused = self._ended = self._owing = self._closing = False
        self.heard = self._loop.time()
        self.sources: set[str] = set()
        self.peer = ""

    @property
    def introduced(self) -> bool:
        """Whether it has named its sources."""
        return self._lane is not None

    @property
    def waited_for(self) -> bool:
        """Whether it waits for the hub, and not the hub for it."""
        return self._held > 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = cast(asyncio.Transport, transport)
        self.peer = _peer(self._transport)
        if refused := self._door.admit(self):
            self.send_away(refused, again=True)

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        if self._closing:
            return
        self.heard = self._loop.time()
        lines = self._splitter.split(data)
        if lines and not self.introduced and not self._introduce(lines[0]):
            return
        if not self.introduced and self._splitter.held > protocol.FIRST_LIMIT:
            self.send_away("the first line names the sources")
            return
        if self._splitter.held > ENDLESS:
            self.send_away(f"more than {ENDLESS:,} bytes without a newline")
            return
        begun = 0
        for number, each in enumerate(lines):
            if isinstance(each, bytes) and (hello := protocol.hello(each)) is not None:
                self._pass_on(lines[begun:number])
                self._name(hello)
                begun = number + 1
        self._pass_on(lines[begun:])

    def _introduce(self, first: Line) -> bool:
        hello = protocol.hello(first) if isinstance(first, bytes) else None
        if hello is None:
            self.send_away("the first line names the sources")
        elif self._door.secret and not hmac.compare_digest(hello.secret.encode(), self._door.secret):
            self.send_away("another secret than this door's")
        else:
            self._lane = self._door.lane()
        return self.introduced

    def _name(self, hello: protocol.Hello) -> None:
        """Answer how far each source is acknowledged by now."""
        self._lines += 1
        if not self._held:
            self._settled = self._lines
        self.sources |= set(hello.sources)
        self._door.claim(self, hello.sources)
        named = {source: self._door.acknowledged(source) for source in hello.sources}
        self._reached |= named
        self._write(protocol.line(protocol.Ack(named, self._settled)))

    def _pass_on(self, lines: list[Line]) -> None:
        if not lines or self._lane is None:
            return
        size, first = sum(map(len, lines)), self._lines + 1
        self._lines += len(lines)
        upto = self._lines
        self._held += size
        if self._held > WINDOW and not self._paused:
            self._paused = True
            self._transport.pause_reading()
        try:
            outcome = self._lane.offer(Parcel(lines, self._door.place, None, reserved=RESERVED))
        except Stopped:
            self.send_away("the hub stops", again=True)
            return
        outcome.add_done_callback(lambda done: self._later(done, first, upto, size))

    def _later(self, done: Future[Receipt], first: int, upto: int, size: int) -> None:
        """Hear, in the writer's thread, what became of lines."""
        try:
            self._loop.call_soon_threadsafe(self._hear, done, first, upto, size)
        except RuntimeError:  # the door has closed meanwhile: the sender sends them again
            return

    def _hear(self, done: Future[Receipt], first: int, upto: int, size: int) -> None:
        self._held -= size
        if (error := done.exception()) is not None:
            stopping = isinstance(error, Stopped)
            self.send_away("the hub stops" if stopping else f"not stored: {error}", again=stopping)
            return
        receipt = done.result()
        self._settled = upto if self._held else self._lines
        self._good += receipt.report.stored + receipt.report.duplicates
        self._bad += receipt.report.quarantined
        for source, sequence in receipt.reached.items():
            self._reached[source] = max(sequence, self._reached.get(source) or 0)
        self._quarantined += [protocol.Quarantined(first + each.line, each.source, each.sequence, each.reason) for each in receipt.refused]
        self._owed |= set(receipt.reached)
        if not self._owing:
            self._owing = True
            self._loop.call_soon(self._acknowledge)
        if self._paused and self._held < WINDOW // 2 and not (self._closing or self._ended):
            self._paused = False
            self._transport.resume_reading()

    def _acknowledge(self) -> None:
        """Say what became of all that was settled since."""
        self._owing = False
        owed, self._owed = self._owed, set()
        told, self._quarantined = tuple(self._quarantined), []
        self._write(protocol.line(protocol.Ack({source: self._reached[source] for source in sorted(owed)}, self._settled, told)))
        if self._bad > BAD and self._bad > self._good:
            self.send_away(f"{self._bad:,} lines that can't be read")
        elif self._ended and not self._held:
            self._closing = True
            self._transport.close()

    def _write(self, said: bytes) -> None:
        if self._transport.is_closing():
            return
        self._transport.write(said)
        if self._transport.get_write_buffer_size() > ANSWERS:
            self.cut()

    def eof_received(self) -> bool:
        """See asyncio.Protocol: what it sent is acknowledged before the connection ends."""
        self._ended = True
        return self._held > 0

    def send_away(self, words: str, *, again: bool = False) -> None:
        """Close the connection, say why, and whether it may come again; lines that it sent are stored still."""
        if not self._closing:
            self._closing = True
            self._write(protocol.line(protocol.Refusal(words, again)))
            self._transport.close()
            self._door.gone(self, words)

    def finish(self) -> None:
        """Read no more; end the connection once what it sent is acknowledged."""
        self._ended = True
        self._transport.pause_reading()
        if not self._held:
            self.send_away("the hub stops", again=True)

    def cut(self) -> None:
        """End the connection whether or not the sender has read what it was told."""
        self._closing = True
        self._transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        """See asyncio.Protocol."""
        if self._lane is not None:
            self._lane.close()
        self._door.gone(self, "")


def _peer(transport: asyncio.Transport) -> str:
    """Return who is at the other end, for the log."""
    name = transport.get_extra_info("peername")
    if isinstance(name, tuple):
        return f"{name[0]}:{name[1]}"
    held = transport.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    process, user, _ = struct.unpack("3i", held)
    return f"process {process} of user {user}"

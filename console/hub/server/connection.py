"""One client's line: who is there, what it calls, and what it is sent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Hashable
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from console.desk.desk import Away, Change, Failed, Interrupted, Unaudited, Unknown, Viewer
from console.desk.reason import ReasonWanted
from console.desk.selection import Refused
from console.hub.protocol.crossing import crossing, decoding
from console.hub.protocol.frames import ASKED, Frames, Oversized
from console.hub.protocol.messages import (
    MAJOR,
    Beat,
    Call,
    Changed,
    Failure,
    FromClient,
    FromHub,
    Hello,
    Listen,
    Quick,
    Refusal,
    Result,
    said,
    stranger,
)  # fmt: skip
from console.hub.protocol.methods import methods
from console.hub.protocol.parts import Page, Sent
from console.hub.server.orders import MEASURED, Reading, ticket_of
from console.hub.server.outgoing import Outgoing
from console.hub.server.peer import Peer, peer_of

if TYPE_CHECKING:
    from console.hub.server.server import Server

FIRST = 4096  # bytes that a caller's first message may have
OPEN = 32  # calls of a client that may be unanswered
NOTED = frozenset(("used", "pace", "keep"))  # calls that aren't answered
PACE = 500  # messages of a client that are taken in a second
KINDS: tuple[type[Exception], ...] = (Unknown, Refused, Interrupted, Failed, Away, Unaudited, ReasonWanted, ValueError)
BEAT = said(Beat())
CHANGE = crossing(Change)
_message: Callable[[bytes], Any] = decoding(FromClient)
_anything: Callable[[bytes], Any] = decoding(Any)


class Connection(asyncio.Protocol):
    """A client, from its call to its end."""

    def __init__(self, server: Server) -> None:
        """Belong to a server."""
        self.server = server
        self.peer = Peer(-1, -1, -1)
        self.viewer: Viewer | None = None
        self.section: Hashable = None
        self.listening = False
        self.reading = Reading()
        self.since = time.monotonic()
        self._frames = Frames(FIRST)
        self._open: dict[int, tuple[str, asyncio.Task[Any]]] = {}  # a call's ticket and task by its number
        self._sent = Sent()
        self._quick: dict[str, frozenset[str]] = {}
        self._change: Change | None = None
        self._second, self._taken = 0, 0
        self._held_back = self._greeting = self.gone = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See Protocol."""
        assert isinstance(transport, asyncio.Transport)
        self._transport, self.out = transport, Outgoing(transport)
        try:
            self.peer = peer_of(transport.get_extra_info("socket"))
        except OSError:
            transport.abort()
            return
        self.server.called(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """See Protocol: what the client still asks is let go of."""
        self.gone = True
        for _, task in tuple(self._open.values()):
            task.cancel()
        self.server.left(self)

    def pause_writing(self) -> None:
        """See Protocol."""
        self.out.pause()

    def resume_writing(self) -> None:
        """See Protocol."""
        self.out.resume()
        self._go_on()

    def data_received(self, data: bytes) -> None:
        """See Protocol."""
        self._take(data)

    def _take(self, data: bytes = b"") -> None:
        """Take whole messages, as many as may be taken now."""
        if self.gone:
            return
        try:
            for body in self._frames.take(data):
                self._said(body)
                if self.gone or self._too_many():
                    break
        except (Oversized, msgspec.MsgspecError, ValueError, UnicodeDecodeError) as error:
            self.end("unread", f"sent what isn't understood ({error})", Refusal("this hub doesn't understand that message"))
        else:
            self.server.holds(self, len(self._frames))

    def _too_many(self) -> bool:
        """Stop reading where the client asks faster than it is answered or than anybody types; return whether."""
        second = int(time.monotonic())
        self._second, self._taken = second, self._taken + 1 if second == self._second else 1
        if self._taken > PACE and not self._held_back:
            asyncio.get_running_loop().call_later(1.0, self._go_on, True)
        if self._taken > PACE or self._full():
            self._held_back = True
            self._transport.pause_reading()
        return self._held_back

    def _full(self) -> bool:
        return len(self._open) + self.out.waiting >= OPEN

    def _go_on(self, rested: bool = False) -> None:
        """Read again, if there is room and the client has rested."""
        if self._held_back and not self.gone and not self._full() and (rested or self._taken <= PACE):
            self._held_back, self._taken = False, 0
            self._transport.resume_reading()
            self._take()

    def _said(self, body: bytes) -> None:
        if self.viewer is None:
            self._hello(body)
            return
        message = _message(body)
        if isinstance(message, Call):
            self._call(message)
        elif isinstance(message, Listen):
            self.listening = message.on
        else:
            raise ValueError("a second hello")

    def _hello(self, body: bytes) -> None:
        if self._greeting:
            raise ValueError("a call before the welcome")
        first = _anything(body)
        if not isinstance(first, list) or len(first) < 4 or first[0] != "hello" or not isinstance(first[1], int):
            raise ValueError("no hello")
        if first[1] != MAJOR:
            words = stranger(first[1], str(first[3]), hub=True)
            self.end("stranger", words, Refusal(words, again=True))
            return
        hello = _message(body)
        assert isinstance(hello, Hello)
        self._greeting = True
        self.server.greet(self, hello)

    def greeted(self, viewer: Viewer, section: Hashable) -> None:
        """Let the caller in as a viewer."""
        self.viewer, self.section = viewer, section
        self._frames.allow(ASKED)
        self._take()

    def _call(self, call: Call) -> None:
        assert self.viewer is not None
        method = methods().get(call.name)
        if method is None:
            self._failed(call.number, Unknown(f"this hub has no {call.name[:40]!r}"))
            return
        try:
            given = method.arguments(call.given)
        except (msgspec.MsgspecError, ValueError) as error:
            self._failed(call.number, ValueError(f"{call.name}: {error}"))
            return
        if call.name == "cancel":
            self._cancel(given[0])
        elif call.name in NOTED:
            self.server.note(self, call.name, given)
        elif call.number in self._open:
            raise ValueError("a number that is under way")
        else:
            ticket = ticket_of(call.name, given)
            self._cancel(ticket)
            self.reading.asks(call.name, given, self.server.leads, self.server.panels)
            task = asyncio.create_task(self.server.answer(self, call.name, given))
            self._open[call.number] = ticket, task
            task.add_done_callback(partial(self._answered, call.number, call.name, given, time.monotonic()))

    def _cancel(self, ticket: str) -> None:
        for held, task in tuple(self._open.values()) if ticket else ():
            if held == ticket:
                task.cancel()

    def _answered(self, number: int, name: str, given: tuple[Any, ...], began: float, task: asyncio.Task[Any]) -> None:
        """Send what a call came to."""
        ticket, _ = self._open.pop(number)
        error = Interrupted() if task.cancelled() else task.exception()
        if self.gone:
            return
        if error is not None:
            self._failed(number, error)
        else:
            if name == "ask":
                self._quickly(given[0].app)
            self._reply(number, ticket, task.result())
            if name in MEASURED:
                self.server.measured(time.monotonic() - began)
        self._go_on()

    def _quickly(self, app: str) -> None:
        """Tell which panels are answered from memory, where that changed."""
        assert self.viewer is not None
        now = self.server.quick(self.viewer, self.section, app)
        if now != self._quick.get(app, frozenset()):
            self._quick[app] = now
            self.out.send(("quick", app), lambda: said(Quick(app, tuple(sorted(now)))))

    def _reply(self, number: int, ticket: str, made: Page | bytes) -> None:
        key = ("ticket", ticket) if ticket else ("call", number)
        if isinstance(made, Page):
            self.out.send(key, lambda: said(self._sent.answered(number, made)), lambda: said(Failure(number, "Interrupted", "")))
        else:
            self.out.send(key, lambda: said(Result(number, msgspec.Raw(made))), lambda: said(Failure(number, "Interrupted", "")))

    def _failed(self, number: int, error: BaseException) -> None:
        kind = next((each for each in KINDS if isinstance(error, each)), None)
        if kind is None:
            self.server.log.say("fault", f"a question of {self.peer} failed: {type(error).__name__}: {error}")
        words = str(error) if kind is not None else f"the hub failed at it ({type(error).__name__})"
        failure = Failure(number, (kind or Failed).__name__, words)
        if number:
            self.out.send(("call", number), lambda: said(failure))

    def changed(self, change: Change) -> None:
        """Tell of a new data version, together with what wasn't told yet."""
        if self._change is not None:
            change = Change(change.version, change.facts | self._change.facts, change.panels | self._change.panels)
        self._change = change
        self.out.send("change", self._changed)

    def _changed(self) -> bytes:
        assert self._change is not None
        change, self._change = self._change, None
        return said(Changed(msgspec.Raw(CHANGE.encoded(change))))

    def beat(self) -> None:
        """Say that the hub is there."""
        if not self.out.stuck:
            self.out.send("beat", lambda: BEAT)

    def welcome(self, message: FromHub) -> None:
        """Send a message at once."""
        self.out.send(object(), lambda: said(message))

    def end(self, kind: str, why: str, last: Refusal | None = None) -> None:
        """Let the client go with one line in the log, and a last sentence if it reads."""
        if self.gone:
            return
        self.gone = True
        self.server.log.say(kind, f"{self.peer} let go: {why}")
        if last is not None and not self.out.stuck:
            self.out.send(object(), lambda: said(last))
            self._transport.close()
        else:
            self._transport.abort()

"""A client's end of the line: calls from several threads over one socket, and the way back when the hub has been away."""

from __future__ import annotations

import itertools
import os
import random
import select
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from console.desk.desk import Absence, Away, Failed, Interrupted, Unaudited, Unknown
from console.desk.reason import ReasonWanted
from console.desk.selection import Refused
from console.hub.protocol.crossing import decoding
from console.hub.protocol.frames import ANSWERED, Frames
from console.hub.protocol.messages import (
    MAJOR,
    Answered,
    Call,
    Failure,
    FromClient,
    FromHub,
    Refusal,
    Result,
    Welcome,
    hello,
    said,
    stranger,
)  # fmt: skip

SILENT = 1.5  # seconds without a word, of a hub that says one each half second, after which it is said to be away
DEAF = 8.0  # and after which the line is given up
MEETS = 2.0  # seconds for a hub to greet, or to take a message
SOONEST, LATEST = 0.1, 2.0  # seconds between two tries to reach a hub that is away, at first and at last
RAISED = (Unknown, Refused, Interrupted, Failed, Away, Unaudited, ReasonWanted, ValueError)
KINDS: dict[str, type[Exception]] = {each.__name__: each for each in RAISED}
_message: Callable[[bytes], Any] = decoding(FromHub)
_anything: Callable[[bytes], Any] = decoding(Any)


class Barred(Exception):
    """The hub won't have this client, and won't soon; the message says why."""


@dataclass(slots=True)
class Waiting:
    """A call that waits for its answer."""

    done: threading.Event = field(default_factory=threading.Event)
    value: Any = None
    error: Exception | None = None


class Line(threading.Thread):
    """Keeps a line to the hub at a path; what comes that no call waits for is given to `take`, in its order."""

    def __init__(self, path: Path, seat: str, take: Callable[[Any], Any], turned: Callable[[], None]) -> None:
        """Sit at a seat; `take` makes of a message what its call is to have, `turned` is called when the hub goes or is back."""
        super().__init__(name="hub-line", daemon=True)
        self._path, self._seat, self._take, self._turned = path, seat, take, turned
        self._lock, self._sending = threading.Lock(), threading.Lock()
        self._calls: dict[int, Waiting] = {}
        self._numbers = itertools.count(1)
        self._socket: socket.socket | None = None
        self._halt = threading.Event()
        self.met = threading.Event()  # the hub has greeted, or bars the way
        self.welcome: Welcome | None = None
        self.barred = ""
        self.knocked = False  # something serves there, busy as it may be
        self.absence: Absence | None = Absence(_now(), f"the hub at {path} hasn't been reached yet")

    def run(self) -> None:
        """Reach the hub, listen, and reach it again, until closed."""
        wait = SOONEST
        while not self._halt.is_set():
            try:
                line, frames = self._meet()
            except (OSError, Away, Barred) as error:
                self._lost(str(error))
                if isinstance(error, Barred):
                    self.barred = str(error)
                    self.met.set()
                self._halt.wait(wait * random.uniform(0.5, 1.5))
                wait = min(2 * wait, LATEST)
                continue
            wait = SOONEST
            why = self._listen(line, frames)
            with suppress(OSError):
                line.close()
            self._lost(why)

    def call(self, name: str, given: bytes) -> Any:
        """Call a method and return what its answer was made into. Raises Away and what the hub says it raised."""
        number, waiting = next(self._numbers), Waiting()
        with self._lock:
            if self._halt.is_set():
                raise Interrupted
            if self._socket is None:
                raise Away(self.absence.words if self.absence else "the hub is gone")
            self._calls[number] = waiting
        self._send(said(Call(number, name, msgspec.Raw(given))))
        waiting.done.wait()
        if waiting.error is not None:
            raise waiting.error
        return waiting.value

    def tell(self, message: FromClient) -> bool:
        """Send a message that isn't answered; return whether there was a hub to send it to."""
        there = self._socket is not None
        self._send(said(message))
        return there

    def close(self) -> None:
        """Leave; calls that wait are interrupted."""
        self._halt.set()
        self._fail(Interrupted())
        with self._lock:
            line, self._socket = self._socket, None
        if line is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _meet(self) -> tuple[socket.socket, Frames]:
        """Return a line to a hub that has greeted. Raises OSError, Away, Barred with a sentence."""
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(MEETS)
        try:
            line.connect(os.fspath(self._path))
            self.knocked = True
            line.sendall(hello(self._seat))
            frames, bodies = Frames(ANSWERED), list[bytes]()
            while not bodies:
                data = line.recv(1 << 16)
                if not data:
                    raise Away("the hub closed the line")
                bodies += frames.take(data)
            self.welcome = _welcomed(bodies[0])
            self._take(self.welcome)
            for body in bodies[1:]:
                self._came(body)
        except BaseException as error:
            line.close()
            if isinstance(error, PermissionError):
                raise Barred(f"{self._path} can't be opened: it is for its owner and its group") from None
            if isinstance(error, FileNotFoundError | ConnectionRefusedError):
                raise Away(f"no hub serves at {self._path}") from None
            if isinstance(error, TimeoutError):
                raise Away("the hub doesn't answer") from None
            raise
        with self._lock:
            self._socket = line
        self._back()
        return line, frames

    def _listen(self, line: socket.socket, frames: Frames) -> str:
        """Take what the hub says until it goes; return why, in words."""
        ready = select.poll()
        ready.register(line, select.POLLIN)
        heard = time.monotonic()
        while not self._halt.is_set():
            if not ready.poll(1e3 * SILENT):
                if time.monotonic() - heard > DEAF:
                    return "the hub doesn't answer"
                self._lost("the hub doesn't answer", still=True)
                continue
            try:
                data = line.recv(1 << 18)
                if not data:
                    return "the hub is gone"
                heard = time.monotonic()
                self._back()
                for body in frames.take(data):
                    if isinstance(parted := self._came(body), Refusal):
                        return parted.words
            except (OSError, msgspec.MsgspecError, ValueError) as error:
                return "the hub is gone" if isinstance(error, OSError) else f"the hub isn't understood ({error})"
        return "the line was closed"

    def _came(self, body: bytes) -> Refusal | None:
        message = _message(body)
        if isinstance(message, Refusal):
            return message
        made = self._take(message)
        if isinstance(message, Result | Failure | Answered):
            with self._lock:
                waiting = self._calls.pop(message.number, None)
            if waiting is not None:
                if isinstance(message, Failure):
                    waiting.error = KINDS.get(message.kind, Failed)(message.words)
                else:
                    waiting.value = made
                waiting.done.set()
        return None

    def _send(self, frame: bytes) -> None:
        line = self._socket
        if line is None:
            return
        with self._sending:
            try:
                line.sendall(frame)
            except OSError:  # half a message was taken: nothing after it could be read
                with suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)

    def _back(self) -> None:
        with self._lock:
            away, self.absence = self.absence is not None, None
        if away:
            self.met.set()
            self._turned()

    def _lost(self, why: str, *, still: bool = False) -> None:
        """Note that the hub is away, and have every call that waits know.

        One that is `still` there, silent, may answer them yet.
        """
        with self._lock:
            before = self.absence
            self.absence = Absence(before.since if before else _now(), why)
            if not still:
                self._socket = None
        if not still:
            self._fail(Away(why))
        if before is None and not self._halt.is_set():
            self._turned()

    def _fail(self, error: Exception) -> None:
        with self._lock:
            calls, self._calls = self._calls, {}
        for waiting in calls.values():
            waiting.error = error
            waiting.done.set()


def _welcomed(body: bytes) -> Welcome:
    """Return the hub's welcome. Raises Away or Barred where it is none."""
    first = _anything(body)
    if not isinstance(first, list) or not first or first[0] not in ("welcome", "refused"):
        raise Barred("what serves there is no hub of this console")
    if first[0] == "refused":
        refusal = _message(body)
        raise (Away if refusal.again else Barred)(refusal.words)
    if first[1] != MAJOR:
        raise Away(stranger(first[1], str(first[3]), hub=False))
    welcome = _message(body)
    assert isinstance(welcome, Welcome)
    return welcome


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)

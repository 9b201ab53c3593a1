"""The doors that senders come in by: TCP and Unix sockets, served by one thread, with limits."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from console.feed.intake.sender import Sender
from console.feed.intake.tally import Tally
from console.feed.intake.writer import Intake, Lane

SENDERS = 64
NAMING_S = 10.0  # a sender that hasn't named its sources by then is sent away
IDLE_S = 300.0  # as is one that says nothing at all for so long
LINGER_S = 5.0  # that a sender sent away has to read why
SAYING_S = 10.0  # for which what is said of a door is counted before it is said again
MODE = 0o660
Say = Callable[[str], None]


class Doors(threading.Thread):
    """Serves the doors until stopped; a source comes from one sender at a time, the one that named it last."""

    def __init__(self, intake: Intake, say: Say) -> None:
        """Pass what comes in on to the intake; say what is amiss, a line each."""
        super().__init__(name="doors", daemon=True)
        self._intake, self._say = intake, say
        self._doors: list[Door] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._halt: asyncio.Event | None = None
        self._serving = threading.Event()
        self._said: dict[tuple[str, str], _Said] = {}
        self._leaving: dict[Sender, float] = {}
        self.senders: dict[Sender, Door] = {}

    def open(self, name: str, kind: str, at: socket.socket, secret: bytes) -> Tally:
        """Have a door at a listening socket, before the thread starts; return what is counted of it."""
        tally = Tally(name, kind)
        self._doors.append(Door(self, self._intake, name, tally, at, secret))
        return tally

    def run(self) -> None:
        """Serve until stopped."""
        asyncio.run(self._serve())

    def stop(self) -> None:
        """Let nobody in and read no more; return when what came is stored and acknowledged, or in five seconds."""
        if self.is_alive():
            self._serving.wait()
            if self._loop is not None and self._halt is not None:
                self._loop.call_soon_threadsafe(self._halt.set)
            self.join(2 * LINGER_S)
        for door in self._doors:
            if door.at.family == socket.AF_UNIX:
                Path(door.path).unlink(missing_ok=True)
            door.at.close()

    async def _serve(self) -> None:
        self._loop, self._halt = asyncio.get_running_loop(), asyncio.Event()
        servers = []
        for door in self._doors:
            servers.append(await _served(self._loop, door))
        self._serving.set()
        while not self._halt.is_set():
            try:
                await asyncio.wait_for(self._halt.wait(), 1.0)
            except TimeoutError:
                self._sweep(self._loop.time())
        for server in servers:
            server.close()
        until = self._loop.time() + LINGER_S
        for sender in list(self.senders):
            sender.finish()
        while self.senders and self._loop.time() < until:
            await asyncio.sleep(0.02)
        for sender in [*self.senders, *self._leaving]:
            sender.cut()
        self._flush(self._loop.time() + SAYING_S)

    def _sweep(self, now: float) -> None:
        for sender in list(self.senders):
            if not sender.introduced and now - sender.heard > NAMING_S:
                sender.send_away(f"no sources named for {NAMING_S:g} s", again=True)
            elif not sender.waited_for and now - sender.heard > IDLE_S:
                sender.send_away(f"nothing said for {IDLE_S:g} s", again=True)
        for sender in [sender for sender, since in self._leaving.items() if now - since > LINGER_S]:
            sender.cut()
        self._flush(now)

    def came(self, door: Door, sender: Sender) -> str:
        """Return "" if one more may come in, else why not; who stands at a door and says nothing gives way."""
        if len(self.senders) >= SENDERS:
            silent = next((each for each in self.senders if not each.introduced), None)
            if silent is None:
                return f"{SENDERS} senders are connected already"
            silent.send_away("named no sources before others came", again=True)
        self.senders[sender] = door
        self._count(door)
        return ""

    def claim(self, by: Sender, sources: Iterable[str]) -> None:
        """Have these sources come from this sender alone: who sent them before is gone, or a leftover of a broken line."""
        for sender in list(self.senders):
            if sender is not by and sender.sources.intersection(sources):
                sender.send_away("another sender has named a source of its")

    def went(self, door: Door, sender: Sender, words: str) -> None:
        """Let go of a sender; one that is sent away is heard no more, and has a moment to read why."""
        if self.senders.pop(sender, None) is not None:
            self._count(door)
        if words:
            self._leaving[sender] = asyncio.get_running_loop().time()
            if self._halt is None or not self._halt.is_set():
                self._note(door.name, words, sender.peer)
        else:
            self._leaving.pop(sender, None)

    def _count(self, door: Door) -> None:
        door.tally.connect(sum(other is door for other in self.senders.values()))

    def _note(self, door: str, words: str, peer: str) -> None:
        held = self._said.get((door, words))
        if held is None:
            self._said[door, words] = _Said(asyncio.get_running_loop().time())
            self._say(f"{door}: {peer} sent away: {words}")
        else:
            held.more += 1

    def _flush(self, now: float) -> None:
        for (door, words), held in list(self._said.items()):
            if now - held.at >= SAYING_S:
                del self._said[door, words]
                if held.more:
                    self._say(f"{door}: {held.more:,} more sent away: {words}")


@dataclass(slots=True)
class _Said:
    at: float
    more: int = 0


@dataclass(eq=False)
class Door:
    """One socket that senders come in by."""

    doors: Doors
    intake: Intake
    name: str
    tally: Tally
    at: socket.socket
    secret: bytes
    place: str = field(init=False)
    path: str = field(init=False)

    def __post_init__(self) -> None:
        """Its name is where its lines come from."""
        self.place, self.path = self.name, str(self.at.getsockname())

    def admit(self, sender: Sender) -> str:
        """See Doors.came."""
        return self.doors.came(self, sender)

    def lane(self) -> Lane:
        """Return a way to the writer."""
        return self.intake.lane(self.tally)

    def acknowledged(self, source: str) -> int | None:
        """See Intake.acknowledged."""
        return self.intake.acknowledged(source)

    def claim(self, sender: Sender, sources: Iterable[str]) -> None:
        """See Doors.claim."""
        self.doors.claim(sender, sources)

    def gone(self, sender: Sender, words: str) -> None:
        """See Doors.went."""
        self.doors.went(self, sender, words)


async def _served(loop: asyncio.AbstractEventLoop, door: Door) -> asyncio.Server:
    def met() -> Sender:
        return Sender(door)

    if door.at.family == socket.AF_UNIX:
        return await loop.create_unix_server(met, sock=door.at, backlog=128)
    return await loop.create_server(met, sock=door.at, backlog=128)


def at_port(host: str, port: int) -> socket.socket:
    """Return a socket that listens at a TCP port; 0 is any free one. Raises OSError naming it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise OSError(error.errno, f"no feed at {host}:{port}: {error.strerror or error}") from error


def at_path(path: Path) -> socket.socket:
    """Return a socket that listens at a path, open to its owner and group. Raises OSError if a process listens there already."""
    made = socket.socket(socket.AF_UNIX)
    try:
        if path.is_socket() and not _listens(path):
            path.unlink()
        mask = os.umask(0o777 & ~MODE)
        try:
            made.bind(str(path))
        finally:
            os.umask(mask)
        made.listen(128)
    except OSError as error:
        made.close()
        words = "a process listens there already" if error.errno == errno.EADDRINUSE else error.strerror or str(error)
        raise OSError(error.errno, f"no feed at {path}: {words}") from error
    return made


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as other:
        other.settimeout(2.0)
        try:
            other.connect(str(path))
        except ConnectionRefusedError:
            return False
    return True

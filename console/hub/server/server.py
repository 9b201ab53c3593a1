"""The hub's server: lets callers in, has each distinct question answered once, and tells whom it concerns of what changed."""

from __future__ import annotations

import asyncio
import math
import os
import time
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from console import __version__
from console.desk.desk import Change, Viewer
from console.desk.page import App
from console.desk.selection import Refused
from console.hub.protocol.crossing import crossing
from console.hub.protocol.messages import MAJOR, MINOR, Hello, Refusal, Welcome
from console.hub.protocol.standing import Kept, Standing
from console.hub.server.connection import Connection
from console.hub.server.flights import Flights
from console.hub.server.log import Log
from console.hub.server.orders import Served, order
from console.hub.server.peer import viewer_of

BEATS = 0.5  # seconds between two beats to a client that hears nothing else
PUSHED = 0.2  # seconds between two tellings of what changed, at least
GREETED = 5.0  # seconds in which a caller has to say who it is
STUCK = 20.0  # seconds after which a client that reads nothing is let go
FOCI = 4  # clients above which nothing is made ready for the panel that one looks at: the next would undo it
HELD = 32 << 20  # bytes of messages that aren't whole yet, of all clients together
REFUSABLE = ("acknowledge", "export")  # commands whose refusals a client is told at once
STANDING = crossing(Standing)
ViewerOf = Callable[[int, int, int], Viewer]


@dataclass(slots=True)
class Section:
    """Those who may see the same: what they are told of together, and how often it changed."""

    viewer: Viewer
    clients: set[Connection] = field(default_factory=set)
    changes: int = 0
    untold: Change | None = None
    pushing: bool = False
    deafen: Callable[[], None] = lambda: None


class Server:
    """Serves a desk to the clients of a Unix socket."""

    def __init__(
        self, desk: Served, *, limit: int = 4, deadline: float = 30.0, clients: int = 512, log: Log | None = None,
        viewer_of: ViewerOf = viewer_of, section_of: Callable[[Viewer], Hashable] = lambda viewer: (),
        kept: Callable[[], Kept | None] = lambda: None,
    ) -> None:  # fmt: skip
        """Serve; `viewer_of` says who a process is, `section_of` what makes the rights of viewers differ, `kept` what is kept and fed."""
        self.desk, self.most, self.log = desk, clients, log or Log()
        self.flights = Flights(limit, deadline)
        self._viewer_of, self._section_of, self._kept = viewer_of, section_of, kept
        self._aside = ThreadPoolExecutor(1, thread_name_prefix="hub-aside")
        self._callers: set[Connection] = set()
        self._sections: dict[Hashable, Section] = {}
        self._quick: dict[Hashable, tuple[Hashable, frozenset[str]]] = {}
        self._times: deque[float] = deque(maxlen=1024)
        self._since = datetime.now(UTC).replace(tzinfo=None)
        self._bytes = self._dropped = self._refused = self._held = 0
        self._holding: dict[Connection, int] = {}
        self._greeting: set[asyncio.Task[None]] = set()
        self.leads: dict[str, str] = {}
        self.panels: dict[str, tuple[str, ...]] = {}

    def _opens(self, apps: Sequence[App]) -> None:
        """Know what the apps that somebody may open are made of."""
        self.leads |= {app.name: app.fact for app in apps}
        self.panels |= {app.name: tuple(spec.name for spec in app.panels) for app in apps}

    async def serve(self, door: Any, ready: Callable[[], None], ended: asyncio.Event) -> None:
        """Serve by an open door until it is ended; clients are told that the hub stops."""
        self._loop = asyncio.get_running_loop()
        serving = await self._loop.create_unix_server(lambda: Connection(self), sock=door, backlog=1024)
        beating = asyncio.create_task(self._beat())
        try:
            ready()
            await ended.wait()
        finally:
            beating.cancel()
            serving.close()
            for each in tuple(self._callers):
                each.end("stop", "the hub stops", Refusal("the hub was stopped", again=True))
            await asyncio.sleep(0.05)
            for section in self._sections.values():
                section.deafen()
            self.flights.close()
            self._aside.shutdown(wait=False, cancel_futures=True)

    def called(self, caller: Connection) -> None:
        """Take a caller, unless there are too many."""
        self._callers.add(caller)
        if len(self._callers) > self.most:
            self._refused += 1
            caller.end("full", f"{self.most} clients are served already", Refusal("the hub serves as many terminals as it may", again=True))

    def left(self, client: Connection) -> None:
        """Forget a client."""
        self._callers.discard(client)
        self._bytes += client.out.bytes
        self._held -= self._holding.pop(client, 0)
        section = self._sections.get(client.section)
        if client.viewer is None or section is None:
            return
        section.clients.discard(client)
        self.note(client, "pace", (math.inf,))
        if not section.clients:
            section.deafen()
            del self._sections[client.section]

    def holds(self, client: Connection, size: int) -> None:
        """Note how much of a message that isn't whole a client has sent; with too much of all together, the one goes."""
        self._held += size - self._holding.get(client, 0)
        self._holding[client] = size
        if self._held > HELD and size > HELD // max(1, len(self._callers)):
            self._dropped += 1
            client.end("flood", "sent too much of messages that never end")

    def greet(self, caller: Connection, hello: Hello) -> None:
        """Find out who calls, and let them in."""
        task = asyncio.ensure_future(self._greet(caller, hello))
        self._greeting.add(task)
        task.add_done_callback(self._greeting.discard)

    async def _greet(self, caller: Connection, hello: Hello) -> None:
        peer = caller.peer
        try:
            viewer = await asyncio.to_thread(self._viewer_of, peer.uid, peer.gid, peer.pid)
            viewer = replace(viewer, seat=f"{peer.pid}.{hello.seat[:40]}")
            key = self._section_of(viewer)
            refusals = {name: self.desk.refusal(viewer, name) for name in REFUSABLE}
            self._opens(self.desk.apps(viewer))
        except Exception as error:
            self._refused += 1
            caller.end("refused", str(error), Refusal(f"not let in: {error}"))
            return
        if caller.gone:
            return
        if key not in self._sections:
            section = self._sections[key] = Section(viewer)
            section.deafen = self.desk.subscribe(viewer, lambda change: self._heard(section, change))
        self._sections[key].clients.add(caller)
        caller.welcome(Welcome(MAJOR, MINOR, __version__, viewer.user, tuple(sorted(viewer.roles)), refusals))
        caller.greeted(viewer, key)

    async def answer(self, client: Connection, name: str, given: tuple[Any, ...]) -> Any:
        """Return what a call gives, as bytes."""
        assert client.viewer is not None
        if name == "status":
            owner = client.viewer.uid == os.geteuid()  # reads the file as it likes
            if not owner and (why := self.desk.refusal(client.viewer, name)):
                raise Refused(why)
            kept = await self._loop.run_in_executor(self._aside, self._kept)
            return STANDING.encoded(self.standing(kept))
        if name == "focus" and len(self._callers) > FOCI:
            return b"\xc0"
        wanted = order(self.desk, client.viewer, client.section, name, given)
        return await self.flights.answer(wanted, self._stamp(client.section))

    def _stamp(self, key: Hashable) -> Hashable:
        """Return what stays the same as long as nothing changes for a section."""
        section = self._sections.get(key)
        return (section.changes if section else -1), self.desk.version

    def quick(self, viewer: Viewer, section: Hashable, app: str) -> frozenset[str]:
        """Return the panels of an app that are answered from memory now."""
        stamp, key = self._stamp(section), (section, app)
        held = self._quick.get(key)
        if held is None or held[0] != stamp or not held[1]:  # none is looked for again: an index may have been built since
            held = self._quick[key] = stamp, self.desk.quick(viewer, app)
        return held[1]

    def note(self, client: Connection, name: str, given: tuple[Any, ...]) -> None:
        """Pass on what isn't answered, off the loop and in order."""
        self._aside.submit(getattr(self.desk, name), client.viewer, *given)

    def measured(self, seconds: float) -> None:
        """Note how long an answer took."""
        self._times.append(seconds)

    def _heard(self, section: Section, change: Change) -> None:
        """Hear of a change, in the thread of whoever made it."""
        section.changes += 1
        self._loop.call_soon_threadsafe(self._push, section, change)

    def _push(self, section: Section, change: Change) -> None:
        old = section.untold
        section.untold = change if old is None else Change(change.version, change.facts | old.facts, change.panels | old.panels)
        if not section.pushing:
            section.pushing = True
            self._loop.call_later(PUSHED, self._pushed, section)
            self._tell(section)

    def _pushed(self, section: Section) -> None:
        section.pushing = section.untold is not None
        if section.pushing:
            self._loop.call_later(PUSHED, self._pushed, section)
            self._tell(section)

    def _tell(self, section: Section) -> None:
        change, section.untold = section.untold, None
        if change is None:
            return
        for client in tuple(section.clients):
            if client.listening and client.reading.reads(change.facts, change.panels):
                client.changed(change)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEATS)
            now = time.monotonic()
            for each in tuple(self._callers):
                if each.viewer is None and now - each.since > GREETED:
                    self._refused += 1
                    each.end("silent", "said nothing")
                elif each.out.stuck_since is not None and now - each.out.stuck_since > STUCK:
                    self._dropped += 1
                    each.end("slow", f"read nothing for {STUCK:g} s")
                elif each.viewer is not None and now - each.out.wrote_at >= BEATS - 0.1:
                    each.beat()

    def standing(self, kept: Kept | None = None) -> Standing:
        """Return how the hub stands, with what it keeps."""
        times = sorted(self._times) or [0.0]
        flights, clients = self.flights, [each for each in self._callers if each.viewer is not None]
        return Standing(
            __version__, os.getpid(), self._since, len(clients), flights.waiting, flights.running,
            1e3 * times[len(times) // 2], 1e3 * times[len(times) * 95 // 100], flights.computed, flights.shared, flights.overdue,
            self._bytes + sum(each.out.bytes for each in clients), self._dropped, self._refused, _resident(), kept,
        )  # fmt: skip


def _resident() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")

"""Who builds the index behind the first answers, and keeps it up with the store."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from console.engine.apps import AppPlan
from console.engine.held import Held, let_go
from console.engine.index import plain
from console.engine.index.building import build, restored
from console.engine.index.dimension import Full
from console.engine.index.index import Announce, Index
from console.engine.index.kept import Found, Kept, Spoiled, digest
from console.engine.index.kernel import Kernel, load
from console.engine.index.memory import afford
from console.engine.index.turns import Turns
from console.engine.model import Model
from console.store.database import NOTED, Cursor, Failure, Interrupt, Listener, Store, Touched

OFTEN = 1.0  # seconds between two looks at a live store, at least
SHARE = 5.0  # and so many times what a look takes
SELDOM = 4.0  # seconds between two looks, at most, while somebody is at the keys
QUIET = 4.0  # seconds without rows in bulk before the facts are encoded anew
MANY = 5000  # touched keys above which the facts are encoded anew
BACK = 15.0  # seconds that the present may be before what the index stands at, before it is built anew
LATE = 20_000  # touched keys above which what is kept on disk is written anew
AWAITED = 2.0  # seconds that the first page waits for what is kept, at most
CHECKED = 0.1  # seconds that are spent on checking it before it is used; the rest is checked behind

HELD = 3  # moments of which what is held may still be read
FRESH = 6.0  # seconds beyond those between two looks for which a live index may answer for the present


@dataclass(frozen=True, slots=True)
class Standing:
    """The moment that the index is to stand at, whether it moves on, and how to ask what is announced then."""

    now: datetime
    live: bool
    announce: Announce


Moved = Callable[[Index], None]
Stood = Callable[[Cursor], Standing]


class Keeper(threading.Thread):
    """Builds the index once it is started, then follows the store; `index` is the one to ask, None while there is none."""

    def __init__(self, store: Store, model: Model, apps: Mapping[str, AppPlan], stood: Stood) -> None:
        """Keep an index of this store; `stood` says at what moment it is to stand."""
        super().__init__(name="index", daemon=True)
        self._store, self._model, self._apps, self._stood = store, model, apps, stood
        self._touched: dict[str, frozenset[str]] = {}
        self._listeners: list[Listener] = []
        self._untold: Touched = {}  # by commits that listeners will hear of once the index stands at them
        self._pace = OFTEN
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._halt = threading.Event()
        self._deafen: Callable[[], None] = lambda: None
        self._stirred = 0.0  # when rows last came in bulk, by the monotonic clock
        self._cursor: Cursor | None = None
        self._held: list[Held] = []
        self._kept: Kept | None = None
        self._found: Found | None = None
        self._upto: int | None = None  # the data version up to which all that was touched is known
        self._saving: Iterator[None] = iter(())
        self._back = 0.0  # since when the present is before what the index stands at
        self._resumed, self._asked = threading.Event(), threading.Event()
        self.turns = Turns()
        self.index: Index | None = None
        self.followed = 0.0  # when, by the monotonic clock
        self.live = False
        self.note = ""
        self._hearing = False
        self._moved: Moved = lambda index: None
        self._unfollowed: Callable[[Touched], None] = lambda touched: None

    def resume(self) -> None:
        """Take up the index kept on disk, if it fits the file as it was opened; the caller waits for that, at most for a while."""
        with self._store.reader() as cursor:
            self._kept = Kept(self._store.path, digest(cursor, self._model, self._apps))
        if (found := self._kept.find(self._store.opened[1])) is not None:
            self._begin(found)
            self._resumed.wait(AWAITED)

    def begin(self) -> None:
        """Build, unless there is an index already; the page has been answered once."""
        self._begin(None)
        self._asked.set()

    def _begin(self, found: Found | None) -> None:
        with self._lock:
            if self.ident is None and not self._halt.is_set():
                self._found, self._touched = found, dict(found.touched) if found else {}
                self._deafen = self._store.listen(self._heard, since=True)
                if found is None:  # what is built is built of all there is by now
                    self._touched, self._stirred = {}, 0.0
                self.start()

    def now(self) -> datetime | None:
        """Return the moment that a live index answers for, or None if there is no such one."""
        index = self.index
        return index.now if index is not None and self.live and time.monotonic() - self.followed < self._pace + FRESH else None

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call the listener, from any thread, once answers can be of what a commit brought; return the way to stop."""
        self._hear()
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def sections(self, moved: Moved, unfollowed: Callable[[Touched], None]) -> None:
        """Call these for what the index saw move by section, and for what was touched that the index doesn't follow."""
        self._hear()
        self._moved, self._unfollowed = moved, unfollowed

    def _hear(self) -> None:
        if not self._hearing:
            self._hearing = True
            self._store.listen(self._committed)

    def pace(self, seconds: float) -> None:
        """Look again each so many seconds, and when something is committed, which whoever commits holds back as long."""
        sooner, self._pace = seconds < self._pace, seconds
        if sooner:
            self._wake.set()

    def _committed(self, version: int, facts: Touched) -> None:
        with self._lock:
            self._untold |= facts
            at_once = self.index is None or not self.live
        if at_once:
            self._tell(())
            self._unfollowed(facts)

    def _tell(self, followed: Iterable[str]) -> Touched:
        """Tell listeners of the facts that were followed, and of what else was committed before that; return these."""
        with self._lock:
            told, self._untold = dict.fromkeys(followed) | self._untold, {}
        for listener in tuple(self._listeners) if told else ():
            listener(self._store.version, told)
        return told

    def run(self) -> None:
        """Build and follow until stopped; what goes wrong is kept in `note`, and answers are made by SQL."""
        try:
            kernel = Kernel(plain)
            checks = self._resume(kernel)
            self._asked.wait(AWAITED)
            kernel.become(load())
            self.note = kernel.note
            for sound in takewhile(lambda _: not self._halt.is_set(), checks):
                if not sound:
                    self._spoiled()
            while not self._halt.is_set():
                if (rest := self._stirred + QUIET - time.monotonic()) > 0:
                    self._halt.wait(rest)
                    continue
                if not (built := self.index is None):
                    self.turns.begin()
                began = time.monotonic()
                self._step(kernel)
                spent = 0.0 if built else time.monotonic() - began
                if built or (self._kept is not None and self._kept.late > LATE):
                    self._keep()
                self._rest(min(max(OFTEN, SHARE * spent), SELDOM), until_kept=not self.live)
                if self.live and (left := self._pace - (time.monotonic() - began)) > OFTEN:
                    self._wake.wait(left)
                if self.index is not None and not self.live and not self._back:
                    self._wake.wait()
        except Interrupt:
            self.index = None
        except Exception as error:
            self.index = None
            self.note = f"no index, answers take longer: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
        finally:
            self._tell(())

    def stop(self) -> None:
        """Stop, and wait for the present step to end."""
        self._halt.set()
        self._wake.set()
        self._asked.set()
        with suppress(Failure):
            if self._cursor is not None:
                self._cursor.interrupt()
        if self.is_alive():
            self.join(0.1)

    def leave(self) -> None:
        """Hear no more, and note on disk how the file is left, which nobody writes to any more."""
        self._deafen()
        with suppress(Failure), self._store.reader() as cursor:
            version, stamp = self._store.standing(cursor)
            if self._kept is not None and version == self._upto:
                self._kept.leave(stamp)

    def _heard(self, version: int, facts: Touched) -> None:
        """Note what was touched; what came in bulk makes the index void, and it is built again when no more comes."""
        told = {fact: keys for fact, keys in facts.items() if fact in self._model.facts}
        with self._lock:
            many = NOTED if self._upto is None else MANY  # the first tells of all since the opening
            self._upto = version if self._upto is None else self._upto + 1
            if any(keys is None or len(keys) > many for keys in told.values()):
                self.index, self._found, self._stirred = None, None, time.monotonic()
            for fact, keys in told.items():
                self._touched[fact] = self._touched.get(fact, frozenset()) | (keys or frozenset())
            if self._kept is not None:
                self._kept.touch(told)
        self._wake.set()

    def _resume(self, kernel: Kernel) -> Iterator[bool]:
        """Take up what was found, and return the checks of it that are still to be made."""
        try:
            if self._found is None:
                return iter(())
            until, checks = time.monotonic() + CHECKED, self._found.checks
            while time.monotonic() < until and (sound := next(checks, None)) is not None:
                if not sound:
                    raise Spoiled
            index = restored(kernel, self._model, self._apps, self._found.held)
            with self._store.reader() as self._cursor:
                stood = self._stood(self._cursor)
                index.whole = stood.now >= index.now
                if index.whole:
                    self._follow(index, self._cursor, stood)
            with self._lock:
                self.index = index if self._found is not None else None
            return checks
        except Interrupt:
            raise
        except Exception:
            self._spoiled()
            return iter(())
        finally:
            self._resumed.set()

    def _spoiled(self) -> None:
        self.index = None
        if self._kept is not None:
            self._kept.drop()

    def _keep(self) -> None:
        """Write the index to disk; it doesn't change meanwhile, since this thread is the one to follow."""
        with self._lock:
            index, kept = self.index, self._kept
            if index is None or kept is None:
                return
            kept.begin(self._touched)
        with index.lock:
            held = index.made_of()
        self._saving = kept.save(held, lambda: not self._halt.is_set() and self.index is index)
        next(self._saving, None)

    def _rest(self, seconds: float, until_kept: bool) -> None:
        """Wait so long, or until the index is on disk, which the time is used for."""
        until = time.monotonic() + seconds
        while (until_kept or time.monotonic() < until) and next(self._saving, self) is not self:
            pass
        self._halt.wait(until - time.monotonic())

    def _step(self, kernel: Kernel) -> None:
        with self._store.reader() as cursor:
            self._cursor = cursor
            stood = self._stood(cursor)
            if (index := self.index) is not None:
                if stood.now < index.now and not self._back_long():
                    return  # a source that is late may yet be heard; until then nothing is answered for another moment
                with suppress(Full):
                    self._follow(index, cursor, stood)
                    return
            self.index = None
            self._taken()
            afford(cursor, self._model, self._apps, stood.now)
            stirred = self._stirred
            made = build(kernel, cursor, self._model, self._apps, stood.now)
            self._bring(made, cursor, {}, stood, built=True)
            with self._lock:
                self.index = made if stirred == self._stirred else None

    def _back_long(self) -> bool:
        """Return whether the present has been before what the index stands at for so long that it is to be built anew."""
        self._back = self._back or time.monotonic()
        return time.monotonic() - self._back > BACK

    def _follow(self, index: Index, cursor: Cursor, stood: Standing) -> None:
        if stood.now < index.now:
            raise Full("time")
        self._back = 0.0
        self._bring(index, cursor, self._taken(), stood)

    def _taken(self) -> dict[str, frozenset[str]]:
        """Take the keys touched so far."""
        with self._lock:
            touched, self._touched = self._touched, {}
            self._wake.clear()
        return touched

    def _bring(self, index: Index, cursor: Cursor, touched: Mapping[str, Iterable[str]], stood: Standing, *, built: bool = False) -> None:
        """Bring an index to where it is to stand; what was held of some moments before is let go of, for questions may still read it."""
        index.follow(cursor, touched, stood.now, stood.announce, self.turns.pause)
        index.latest = index.newest(cursor)
        self.live, self.followed = stood.live, time.monotonic()
        told = self._tell(touched)
        if built:
            self._unfollowed(dict.fromkeys(told))
        self._moved(index)
        if index.held is not None:
            self._held.append(index.held)
        while len(self._held) > HELD:
            let_go(cursor, self._held.pop(0))

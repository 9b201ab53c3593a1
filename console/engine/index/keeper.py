"""Who builds the index behind the first answers, and keeps it up with the store."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from console.engine.apps import AppPlan
from console.engine.held import Held, let_go
from console.engine.index.dimension import Full
from console.engine.index.encode import cost
from console.engine.index.index import Announce, Index, build
from console.engine.index.kernel import Kernel, load
from console.engine.index.needs import needs
from console.engine.model import Model
from console.store.database import Cursor, Failure, Interrupt, Store, Touched

OFTEN = 1.0  # seconds between two looks at a live store, at least
SHARE = 5.0  # and so many times what a look takes
SELDOM = 4.0  # seconds between two looks, at most
QUIET = 4.0  # seconds without rows in bulk before the facts are encoded anew
MANY = 5000  # touched keys above which the facts are encoded anew

AFFORDED = 0.5  # of the memory left
HELD = 4  # moments of which what is held may still be read
FRESH = 6.0  # seconds for which a live index may answer for the present


@dataclass(frozen=True, slots=True)
class Standing:
    """The moment that the index is to stand at, whether it moves on, and how to ask what is announced then."""

    now: datetime
    live: bool
    announce: Announce


Stood = Callable[[Cursor], Standing]


class Keeper(threading.Thread):
    """Builds the index once it is started, then follows the store; `index` is the one to ask, None while there is none."""

    def __init__(self, store: Store, model: Model, apps: Mapping[str, AppPlan], stood: Stood) -> None:
        """Keep an index of this store; `stood` says at what moment it is to stand."""
        super().__init__(name="index", daemon=True)
        self._store, self._model, self._apps, self._stood = store, model, apps, stood
        self._touched: dict[str, frozenset[str]] = {}
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._halt = threading.Event()
        self._deafen: Callable[[], None] = lambda: None
        self._stirred = 0.0  # when rows last came in bulk, by the monotonic clock
        self._cursor: Cursor | None = None
        self._held: list[Held] = []
        self.index: Index | None = None
        self.followed = 0.0  # when, by the monotonic clock
        self.live = False
        self.note = ""

    def begin(self) -> None:
        """Start, unless it has been."""
        with self._lock:
            if self.ident is None and not self._halt.is_set():
                self._deafen = self._store.listen(self._heard)
                self.start()

    def now(self) -> datetime | None:
        """Return the moment that a live index answers for, or None if there is no such one."""
        index = self.index
        return index.now if index is not None and self.live and time.monotonic() - self.followed < FRESH else None

    def run(self) -> None:
        """Build and follow until stopped; what goes wrong is kept in `note`, and answers are made by SQL."""
        try:
            kernel = load()
            self.note = kernel.note
            while not self._halt.is_set():
                if (rest := self._stirred + QUIET - time.monotonic()) > 0:
                    self._halt.wait(rest)
                    continue
                built, began = self.index is None, time.monotonic()
                self._step(kernel)
                spent = 0.0 if built else time.monotonic() - began
                self._halt.wait(min(max(OFTEN, SHARE * spent), SELDOM))
                if self.index is not None and not self.live:
                    self._wake.wait()
        except Interrupt:
            self.index = None
        except Exception as error:
            self.index = None
            self.note = f"no index, answers take longer: {str(error).splitlines()[0] if str(error) else type(error).__name__}"

    def stop(self) -> None:
        """Stop, and wait for the present step to end."""
        self._halt.set()
        self._wake.set()
        self._deafen()
        with suppress(Failure):
            if self._cursor is not None:
                self._cursor.interrupt()
        if self.is_alive():
            self.join(0.1)

    def _heard(self, version: int, facts: Touched) -> None:
        """Note what was touched; what came in bulk makes the index void, and it is built again when no more comes."""
        told = {fact: keys for fact, keys in facts.items() if fact in self._model.facts}
        with self._lock:
            if any(keys is None or len(keys) > MANY for keys in told.values()):
                self.index, self._stirred = None, time.monotonic()
            for fact, keys in told.items():
                self._touched[fact] = self._touched.get(fact, frozenset()) | (keys or frozenset())
        self._wake.set()

    def _step(self, kernel: Kernel) -> None:
        with self._lock:
            touched, self._touched = self._touched, {}
            self._wake.clear()
        with self._store.reader() as cursor:
            self._cursor = cursor
            stood = self._stood(cursor)
            now, index = stood.now, self.index
            if index is not None:
                try:
                    self._bring(index, cursor, touched, stood)
                    return
                except Full:
                    pass
            self.index = None
            self._afford(cursor, now)
            stirred = self._stirred
            made = build(kernel, cursor, self._model, self._apps, now)
            self._bring(made, cursor, {}, stood)
            with self._lock:
                self.index = made if stirred == self._stirred else None

    def _afford(self, cursor: Cursor, now: datetime) -> None:
        """Raise MemoryError, saying what it would cost, if the facts would take more than half of the memory there is left."""
        facts = self._model.facts
        wanted = sum(cost(cursor, fact, needs(self._model, self._apps, name), now) for name, fact in facts.items())
        if wanted > (left := available()) * AFFORDED:
            raise MemoryError(f"it would take {wanted / 1e9:.1f} GB of the {left / 1e9:.1f} GB of memory left")

    def _bring(self, index: Index, cursor: Cursor, touched: Mapping[str, Iterable[str]], stood: Standing) -> None:
        """Bring an index to where it is to stand; what was held of some moments before is let go of, for questions may still read it."""
        index.follow(cursor, touched, stood.now, stood.announce)
        index.latest = index.newest(cursor)
        self.live, self.followed = stood.live, time.monotonic()
        if index.held is not None:
            self._held.append(index.held)
        while len(self._held) > HELD:
            let_go(cursor, self._held.pop(0))


def available() -> int:
    """Return the memory left on this machine, in bytes."""
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 1 << 32

"""Sittings kept for their users: at once in memory, behind in the file, where they outlast the process for some hours."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import NamedTuple

import msgspec
import numpy as np

from console.desk import grammar
from console.desk.kept import FOR, LONGEST, Kept, Screen, shortened, without_steps
from console.engine.present import wall_clock
from console.store import sql
from console.store.database import Failure, Store, StoreError

EACH = 2.0  # seconds between two writes
MOST = 4  # sittings of a user


class Steps(msgspec.Struct, frozen=True):
    """A history of selections, each as it is typed after a command: time windows stay relative."""

    past: tuple[str, ...]
    now: str
    future: tuple[str, ...]


class Sitting(NamedTuple):
    """A sitting as the file has it."""

    seat: str
    left_at: datetime
    selections: str
    screen: str


def written(kept: Kept) -> Sitting:
    """Return a sitting as the file has it."""
    history = shortened(kept.history)
    steps = Steps(
        tuple(map(grammar.typed, history.past)),
        grammar.typed(history.now),
        tuple(map(grammar.typed, history.future)),
    )
    return Sitting(kept.seat, kept.left_at, msgspec.json.encode(steps).decode(), msgspec.json.encode(kept.screen).decode())


def read(held: Sitting) -> tuple[Steps, Screen] | None:
    """Return the selections and the screen of a sitting, None where another program wrote them otherwise."""
    try:
        return msgspec.json.decode(held.selections, type=Steps), msgspec.json.decode(held.screen, type=Screen)
    except msgspec.DecodeError:
        return None


def _size(held: Sitting) -> int:
    return len(held.seat) + len(held.selections) + len(held.screen)


class Sittings:
    """The sittings of a file, and the thread that writes them; closing writes what is left."""

    def __init__(self, store: Store) -> None:
        """Keep them in this store."""
        self._store = store
        self._changed = threading.Condition()
        self._unwritten: dict[tuple[str, str], Sitting] = {}
        self._thread: threading.Thread | None = None
        self._closing = False

    def keep(self, user: str, kept: Kept) -> None:
        """Take a sitting; returns at once."""
        made = written(kept)
        if _size(made) > LONGEST:
            made = written(without_steps(kept))
        if _size(made) > LONGEST:
            return
        with self._changed:
            if self._closing:
                return
            self._unwritten[(user, made.seat)] = made
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="sittings", daemon=True)
                self._thread.start()
            self._changed.notify()

    def newest(self, user: str) -> Sitting | None:
        """Return the sitting that a user left last, if it is kept still."""
        since = wall_clock() - FOR
        with self._changed:
            found = {key: held for key, held in self._unwritten.items() if key[0] == user and held.left_at >= since}
        with self._store.reader() as cursor:
            for row in sql.rows(cursor, "engine/sitting/newest", {"viewer": user, "since": since}):
                found.setdefault((user, row[0]), Sitting(*row))
        return max(found.values(), key=lambda held: held.left_at, default=None)

    def close(self) -> None:
        """Write what is left and stop."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(5)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._unwritten and not self._closing:
                    self._changed.wait()
                if not self._closing:
                    self._changed.wait_for(lambda: self._closing, EACH)
                taken, last = dict(self._unwritten), self._closing
            if taken:
                try:
                    self._write(taken)
                except (Failure, StoreError):
                    taken = {}
            with self._changed:
                for key, held in taken.items():
                    if self._unwritten.get(key) is held:
                        del self._unwritten[key]
            if last:
                return

    def _write(self, taken: dict[tuple[str, str], Sitting]) -> None:
        columns = {
            "viewer": np.array([user for user, _ in taken], dtype=object),
            "seat": np.array([held.seat for held in taken.values()], dtype=object),
            "left_at": np.array([held.left_at for held in taken.values()], dtype="datetime64[us]"),
            "selections": np.array([held.selections for held in taken.values()], dtype=object),
            "screen": np.array([held.screen for held in taken.values()], dtype=object),
        }
        limits = {"since": wall_clock() - FOR, "most": MOST}
        with self._store.write(set()) as cursor, sql.staged(cursor, "sittings", columns):
            sql.run(cursor, sql.text("engine/sitting/keep"), limits)

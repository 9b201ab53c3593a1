"""Data versions by section: one is new where a row came, changed or went that the section shows, and whoever subscribed hears of it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from console.engine.model import Model
from console.engine.section import Sectioned
from console.store import sql
from console.store.database import Cursor, Failure, Store, Touched

Heard = Callable[[int, frozenset[str]], None]
Now = Callable[[Cursor, str], datetime]


@dataclass(eq=False)
class Ear:
    """A section that hears: its model, its present, its data version, and who is told."""

    sectioned: Sectioned
    model: Model
    now: Now
    version: int = 1
    listeners: list[Heard] = field(default_factory=list)
    prints: dict[str, Any] = field(default_factory=dict)
    before: dict[str, datetime] = field(default_factory=dict)


class Hearing:
    """Hears of each commit, by the index where that followed it, else by asking the store behind the writer's back."""

    def __init__(self, store: Store) -> None:
        """Ask this store."""
        self._store = store
        self._ears: list[Ear] = []
        self._told: queue.SimpleQueue[tuple[Ear | None, Touched] | threading.Event | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def take(self, ear: Ear) -> None:
        """Have a section hear from now on."""
        self._ears.append(ear)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="sections", daemon=True)
            self._thread.start()
        self._told.put((ear, {}))

    def followed(self, moved: Mapping[str, Collection[str]], unsaid: Mapping[tuple[str, str], frozenset[str]]) -> None:
        """Take the facts of which the index saw rows move, by the schema of a section that shows them, and keys that it can't judge."""
        for ear in tuple(self._ears):
            self._tell(ear, frozenset(moved.get(ear.sectioned.schema, ())))
            left: Touched = {fact: keys for (section, fact), keys in unsaid.items() if section == ear.sectioned.schema}
            if left:
                self._told.put((ear, left))

    def committed(self, touched: Touched) -> None:
        """Take what a commit touched; which sections that concerns is found out behind."""
        if self._ears:
            self._told.put((None, dict(touched)))

    def settle(self) -> None:
        """Wait until all that was committed so far has been told."""
        if self._thread is not None:
            done = threading.Event()
            self._told.put(done)
            done.wait(30)

    def close(self) -> None:
        """Hear no more."""
        self._told.put(None)

    def _tell(self, ear: Ear, facts: frozenset[str]) -> None:
        if facts:
            ear.version += 1
            for listener in tuple(ear.listeners):
                listener(ear.version, facts)

    def _run(self) -> None:
        while (told := self._told.get()) is not None:
            if isinstance(told, threading.Event):
                told.set()
                continue
            one, touched = told
            with suppress(Failure), self._store.reader() as cursor:
                if one is not None and not touched:  # it is new: what it shows now is what changes are set against
                    self._hear(cursor, one, dict.fromkeys(one.model.facts))
                for ear in tuple(self._ears) if one is None else (one,):
                    self._tell(ear, self._hear(cursor, ear, touched))

    def _hear(self, cursor: Cursor, ear: Ear, touched: Touched) -> frozenset[str]:
        """Return the facts of which rows that a section shows, or showed before, were touched."""
        found = set()
        ear.sectioned.enter(cursor)
        for name, keys in touched.items():
            if name in ear.model.facts:
                now = ear.now(cursor, name)
                if keys is None:
                    fact = ear.model.facts[name]
                    mark = _one(cursor, "print", {"now": now}, fact=name, of="t" if fact.settled == "true" else fact.key)
                    if ear.prints.get(name) != mark:
                        found.add(name)
                    ear.prints[name] = mark
                elif self._among(cursor, ear, name, keys, (now, ear.before.get(name))):
                    found.add(name)
                ear.before[name] = now
        return frozenset(found)

    def _among(self, cursor: Cursor, ear: Ear, name: str, keys: Iterable[str], moments: Iterable[datetime | None]) -> bool:
        key = ear.model.facts[name].key
        return any(among(cursor, name, key, keys, at) for at in moments if at is not None)


def among(cursor: Cursor, fact: str, key: str, keys: Iterable[str], now: datetime) -> bool:
    """Return whether any of a fact's rows of these keys is shown on this cursor at a moment."""
    return bool(_one(cursor, "among", {"keys": sorted(keys), "now": now}, fact=fact, key=key)[0])


def _one(cursor: Cursor, query: str, given: Mapping[str, Any], /, **identifiers: str) -> tuple[Any, ...]:
    row: tuple[Any, ...] = sql.run(cursor, sql.text(f"engine/section/{query}").format(**identifiers), given).fetchall()[0]
    return row

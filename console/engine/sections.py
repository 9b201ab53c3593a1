"""Who answers each section: few distinct ones, shared by all who see the same."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from console.engine.answering import Answering
from console.engine.apps import AppPlan
from console.engine.hearing import Ear, Heard, Hearing
from console.engine.index.index import Index
from console.engine.index.keeper import Keeper
from console.engine.judged import refused
from console.engine.model import Model
from console.engine.present import Present
from console.engine.section import Sectioned, seen
from console.governance.policy import Section
from console.store.database import Store


class Sections:
    """The sections that anybody has asked for, each with who answers it and what it hears."""

    def __init__(
        self, store: Store, model: Model, apps: Mapping[str, AppPlan], keeper: Keeper, indexed: bool, present: Callable[[Model], Present],
    ) -> None:  # fmt: skip
        """Have none yet; `present` makes what tells the present of what is left of a model."""
        self._store, self._model, self._apps, self._keeper, self._indexed, self._present = store, model, apps, keeper, indexed, present
        self._made: dict[Section, tuple[Answering, Ear]] = {}
        self._hearing = Hearing(store)
        self._refused: frozenset[str] | None = None
        self._deafen: Callable[[], None] = lambda: None
        self._lock = threading.Lock()

    def answering(self, section: Section) -> Answering:
        """Return who answers a section."""
        return self._one(section)[0]

    def listen(self, section: Section, heard: Heard) -> Callable[[], None]:
        """Call with each new data version of a section and the facts that moved in it; return the way to stop."""
        listeners = self._one(section)[1].listeners
        listeners.append(heard)
        return lambda: listeners.remove(heard)

    def followed(self, index: Index) -> None:
        """Take what an index saw when it was last followed."""
        self._hearing.followed(index.moved, index.unsaid)

    def settle(self) -> None:
        """Wait until all that was committed so far has been told."""
        self._hearing.settle()

    def close(self) -> None:
        """Hear no more."""
        self._deafen()
        self._hearing.close()

    def _one(self, section: Section) -> tuple[Answering, Ear]:
        with self._lock:
            if section not in self._made:
                with self._store.reader() as cursor:
                    self._refused = refused(cursor, self._apps, self._model) if self._refused is None else self._refused
                    sectioned = Sectioned(section, self._model, f"section_{len(self._made) + 1}", self._refused)
                    sectioned.make(cursor)
                left = seen(self._model, section)
                present = self._present(left)
                ear = Ear(sectioned, left, lambda cursor, fact: present.of(cursor, fact)[0])
                answering = Answering(self._store, left, self._apps, present, self._keeper, sectioned, lambda: ear.version)
                if not self._made:
                    if self._indexed:
                        self._keeper.sections(self.followed, self._hearing.committed)
                    else:
                        self._deafen = self._store.listen(lambda version, touched: self._hearing.committed(touched))
                self._made[section] = answering, ear
                self._hearing.take(ear)
            return self._made[section]

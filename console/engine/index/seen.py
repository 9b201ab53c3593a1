"""The index as a section shows it: every question's rows met with those that are permitted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from console.desk.selection import Clause, Values
from console.engine.held import Held
from console.engine.index.clauses import Definition, Fill, defined
from console.engine.index.index import Announced, Clauses, Focusing, Index
from console.engine.index.passing import Keys
from console.engine.model import Field, Model, Route
from console.engine.section import Sectioned

Stood = Callable[[], tuple[Held, tuple[Announced, ...]] | None]
Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Permitted:
    """The key of the bitmap of a fact's rows that a section shows, by the schema of its macros."""

    schema: str


class Seen(Index):
    """An index of which only a section's rows are counted, and no column that the section keeps back.

    All but what differs is the index's own.
    """

    def __init__(self, of: Index, sectioned: Sectioned, model: Model, stood: Stood) -> None:
        """Show this section of an index; `model` is what is left of its model, `stood` gives what it holds and what is announced of it."""
        self._stood = stood
        self.of, self._sectioned, self.model = of, sectioned, model
        self._kept_back = {fact: sectioned.kept_back(fact) for fact in of.model.facts}
        self._routes: dict[tuple[str, str, str], Route | None] = {}
        of.sections[sectioned.schema] = self._showing

    @property
    def held(self) -> Held | None:  # type: ignore[override]
        """What is held of the section's rows as of the index's moment, None if that isn't made."""
        made = self._stood()
        return None if made is None or made[0].now != self.now else made[0]

    @property
    def announced(self) -> tuple[Announced, ...] | None:  # type: ignore[override]
        """What is announced of the section's rows as of the index's moment, None if that isn't known."""
        made = self._stood()
        return None if made is None or made[0].now != self.now else made[1]

    def __getattr__(self, name: str) -> Any:
        """Return what the index itself has."""
        return getattr(self.of, name)

    def permitted(self, fact: str) -> Keys | None:
        """Return the key of the rows of a fact that are shown, at hand, none where all are; None where the columns can't say."""
        if self._sectioned.every_row(fact):
            return frozenset()
        index, key = self.facts[fact], Permitted(self._sectioned.schema)
        if not index.bitmaps.has(key):
            fill = self._permitting(fact)
            if fill is None:
                return None
            index.bitmaps.define(key, Definition(fill))
        return frozenset((key,))

    def _showing(self, fact: str) -> Keys | None:
        """Return the same of any fact; nothing of one that isn't seen."""
        return self.permitted(fact)

    def _permitting(self, fact: str) -> Fill | None:
        """Return what fills the bitmap of a fact's rows that pass one of the alternatives of what is seen of it."""
        sight, rows = self._sectioned.sight(fact), self.facts[fact].rows
        several: list[list[Definition]] = []
        for each in sight.rows or () if sight is not None else ():
            found = []
            for short, values in each:
                field = next(field for field in self.of.model.fields_of(fact) if field.short == short)
                definition = defined(self.kernel, rows, field, self._sectioned.column(fact, short), Values(values))
                if definition is None:
                    return None
                found.append(definition)
            several.append(found)

        def fill(words: Array, start: int, stop: int) -> None:
            passing, more = np.empty(stop, np.uint64), np.empty(stop, np.uint64)
            words[start:stop] = 0
            for each in several:
                passing[start:stop] = ~np.uint64(0)
                for definition in each:
                    definition.fill(more, start, stop)
                    passing[start:stop] &= more[start:stop]
                words[start:stop] |= passing[start:stop]

        return fill

    def keys(
        self, fact: str, clauses: Clauses, now: datetime, *, exempt: Collection[str] = (), through: str = ""
    ) -> Keys | None:  # fmt: skip
        """See Index; what is permitted is among them."""
        permitted = self.permitted(fact)
        made = None if permitted is None else super().keys(fact, clauses, now, exempt=exempt, through=through)
        return None if made is None or permitted is None else made | permitted

    def column(self, fact: str, name: str, through: str = "") -> str | None:
        """See Index; none of what is kept back."""
        column = super().column(fact, name, through)
        return column if column is not None and self.shows(fact, column) else None

    def own_key(self, fact: str, of: Field, column: str, clause: Clause, now: datetime) -> Hashable | None:
        """See Index; None for a column that is kept back."""
        if not self.shows(fact, column):
            return None
        return super().own_key(fact, of, column, clause, now)

    def shows(self, fact: str, column: str) -> bool:
        """See Index; none that is hidden, masked, or names rows that may be denied."""
        return not self._kept_back[fact] & set(column.split(", "))

    def joins(self, fact: str, column: str) -> bool:
        """See Index; not by a column that a section hides or masks."""
        return column not in self._sectioned.gone(fact)

    def tells(self, details: Collection[str], of: str) -> bool:
        """See Index; none with a masked column, or that is of rows of another fact that may be denied."""
        masked = dict(self._sectioned.section.details)
        every = [fact for name in details for _, fact, _ in self.of.model.details[name].of if fact != of]
        return not any(masked.get(name) for name in details) and all(map(self._sectioned.every_row, every))

    def focus(self, asked: Focusing) -> bool:
        """See Index."""
        return self.of.focus(asked)

    def stands(self, fact: str, now: datetime) -> bool:
        """See Index."""
        return fact in self.model.facts and self.of.stands(fact, now)

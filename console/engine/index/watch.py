"""Which sections see that the index is brought on: those that show a touched row, before or after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from console.engine.index.fact import FactIndex
from console.engine.index.passing import Keys
from console.engine.index.rows import Change

Permits = Callable[[str], Keys | None]  # of a fact the keys of the rows that a section shows, None where the columns can't say


class Watch:
    """Looks at the touched rows as they stand, once before a step and once after; hold the index's lock meanwhile.

    `moved` are the facts by section of which it shows any, `unsaid` the touched keys by section and fact where that can't be said.
    """

    def __init__(
        self, sections: Mapping[str, Permits], facts: Mapping[str, FactIndex], told: Mapping[str, Sequence[Change]],
        touched: Mapping[str, Iterable[str]],
    ) -> None:  # fmt: skip
        """Watch what is told of the touched keys."""
        self._sections, self._facts = sections, facts
        keys = {name: set(some) for name, some in touched.items() if name in told} if sections else {}
        self._changes = {name: [each for each in told[name] if each.key in some] for name, some in keys.items()}
        self.moved: dict[str, set[str]] = {section: set() for section in sections}
        self.unsaid: dict[tuple[str, str], frozenset[str]] = {}

    def look(self) -> None:
        """Look."""
        for section, permits in self._sections.items():
            for name, changes in self._changes.items():
                index, shown = self._facts[name], permits(name)
                places = index.rows.places(changes)
                if shown is None:
                    self.unsaid[section, name] = frozenset(each.key for each in changes)
                elif index.passing(shown).holds(places[places >= 0]).any():
                    self.moved[section].add(name)

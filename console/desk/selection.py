"""The Selection: what the viewer has chosen, as one frozen value, and the history of them.

A Selection holds at most one clause a field, and the names of the locked fields. Field names are canonical:
the bare name where it is unique in the model, else `fact.field`. Values are kept as text, exactly as typed in
the grammar; the engine types them by the field. `None` is "no value".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace


class Refused(Exception):
    """A change that the selection can't take; the message says why, for the viewer."""


@dataclass(frozen=True, slots=True)
class Values:
    """Rows whose field is one of these values; None stands for a missing value."""

    values: frozenset[str | None]


@dataclass(frozen=True, slots=True)
class Range:
    """Rows whose field is at or after `low` and before `high`; either end may be open."""

    low: str | None
    high: str | None


@dataclass(frozen=True, slots=True)
class Window:
    """Rows whose instant is in [now + start, now + end), in seconds; either end may be open."""

    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Circle:
    """Points within `metres` of (lon, lat) on the great circle."""

    lon: float
    lat: float
    metres: float


@dataclass(frozen=True, slots=True)
class Box:
    """Points with west <= lon < east and south <= lat < north."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Polygon:
    """Points inside a ring of (lon, lat) corners by the even-odd rule, and in none of its holes; no ring closed twice."""

    corners: tuple[tuple[float, float], ...]
    holes: tuple[tuple[tuple[float, float], ...], ...] = ()


Shape = Circle | Box | Polygon


@dataclass(frozen=True, slots=True)
class Area:
    """Rows whose point lies in any of the shapes, tested by exact coordinates."""

    shapes: tuple[Shape, ...]


Clause = Values | Range | Window | Area


@dataclass(frozen=True, slots=True)
class Selection:
    """Clauses by field, in field order, and the locked fields."""

    clauses: tuple[tuple[str, Clause], ...] = ()
    locks: frozenset[str] = frozenset()

    def clause(self, name: str) -> Clause | None:
        """Return the clause on a field, or None."""
        return dict(self.clauses).get(name)

    def fields(self) -> tuple[str, ...]:
        """Return the fields that have a clause, in order."""
        return tuple(name for name, _ in self.clauses)

    def with_clause(self, name: str, clause: Clause | None) -> Selection:
        """Return the selection with that field's clause set, or removed if None.

        Raises Refused if the field is locked and the clause would change.
        """
        if isinstance(clause, Values) and not clause.values:
            clause = None
        if self.clause(name) == clause:
            return self
        if name in self.locks:
            raise Refused(f"{name} is locked: unlock it first (L)")
        kept = {key: value for key, value in self.clauses if key != name}
        if clause is not None:
            kept[name] = clause
        return replace(self, clauses=tuple(sorted(kept.items(), key=lambda item: item[0])))

    def toggle(self, name: str, value: str | None) -> Selection:
        """Return the selection with one value of a field added, or taken out if it was in.

        A range, window or area on the field is replaced by the value. Raises Refused if the field is locked.
        """
        clause = self.clause(name)
        held = clause.values if isinstance(clause, Values) else frozenset[str | None]()
        return self.with_clause(name, Values(held ^ {value}))

    def clear(self, name: str) -> Selection:
        """Return the selection without a clause on that field; raises Refused if it is locked."""
        return self.with_clause(name, None)

    def clear_all(self) -> Selection:
        """Return the selection with only its locked fields' clauses."""
        return replace(self, clauses=tuple(item for item in self.clauses if item[0] in self.locks))

    def lock(self, name: str) -> Selection:
        """Return the selection with that field's clause frozen; raises Refused if the field has none."""
        if self.clause(name) is None:
            raise Refused(f"{name} has no selection to lock")
        return replace(self, locks=self.locks | {name})

    def unlock(self, name: str) -> Selection:
        """Return the selection with that field free again."""
        return replace(self, locks=self.locks - {name})


@dataclass(frozen=True, slots=True)
class History:
    """The selections of a sitting, with the present one; stepping past a lock is allowed."""

    past: tuple[Selection, ...] = ()
    now: Selection = field(default_factory=Selection)
    future: tuple[Selection, ...] = ()

    def go(self, selection: Selection) -> History:
        """Return the history with a new present; the same selection again changes nothing."""
        if selection == self.now:
            return self
        return History((*self.past, self.now)[-200:], selection, ())

    def back(self) -> History:
        """Return the history one step back, or itself at its beginning."""
        if not self.past:
            return self
        return History(self.past[:-1], self.past[-1], (self.now, *self.future))

    def forward(self) -> History:
        """Return the history one step forward, or itself at its end."""
        if not self.future:
            return self
        return History((*self.past, self.now), self.future[0], self.future[1:])

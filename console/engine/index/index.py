"""The index of a model's facts: built from the store, followed as it changes, and asked for rows that pass clauses."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from console.desk.selection import Clause
from console.engine.apps import Plan
from console.engine.held import Base, Held, hold, let_go, steady
from console.engine.hourly import Shifts
from console.engine.index.clauses import EPOCH, absolute, coded, defined
from console.engine.index.dimension import Dimension
from console.engine.index.encode import Columns, changes, ready
from console.engine.index.fact import FactIndex
from console.engine.index.focus import Focus
from console.engine.index.kernel import Kernel
from console.engine.index.links import Linked, linked
from console.engine.index.numbers import MISSING
from console.engine.index.passing import Keys
from console.engine.index.plain import positions
from console.engine.index.rows import Change
from console.engine.index.watch import Permits, Watch
from console.engine.model import Field, Link, Model, Route
from console.store import sql
from console.store.database import Cursor

Array = np.ndarray[Any, Any]
Clauses = Iterable[tuple[str, Clause]]
Announced = tuple[str, str, datetime, str]
Announce = Callable[[Cursor, Held], tuple[Announced, ...] | None]


@dataclass(frozen=True, slots=True)
class Focusing:
    """A focused dimension of a fact, and the other clauses (keys) and cells of each panel that its presses change."""

    fact: str
    dimension: Dimension
    wanted: tuple[tuple[Keys, tuple[Dimension, ...]], ...]


class Index:
    """Facts in memory as they stood at `now` (naive UTC); hold `lock` from the first question of an answer to the last.

    After `latest`, the time of the newest event, what is settled changes no more.
    """

    def __init__(
        self, kernel: Kernel, model: Model, facts: Mapping[str, FactIndex], columns: Mapping[str, Columns], waiting: Mapping[str, set[str]],
        now: datetime, bases: Sequence[Base] = (),
    ) -> None:  # fmt: skip
        """Take facts built together, the keys of what is there but not yet, and what is held of them for pages; use `build`."""
        self.kernel, self.model, self.facts, self.now = kernel, model, facts, now
        self.generation, self.whole, self.bases = 0, True, bases
        self.latest = datetime.max
        self.announced: tuple[Announced, ...] | None = None
        self.held: Held | None = None
        self.shifts: Mapping[Plan, Shifts] = {}
        self.hours: dict[Any, Any] = {}  # what charts by the hour are told from, as made last
        self.lock = threading.RLock()
        self.columns = columns
        self._focusing: Focus | None = None
        self.waiting = dict(waiting)
        self._routes: dict[tuple[str, str, str], Route | None] = {}
        self.since: dict[str, Any] = {}
        self.sections: dict[str, Permits] = {}
        self.moved: Mapping[str, set[str]] = {}  # of the last step: see Watch
        self.unsaid: Mapping[tuple[str, str], frozenset[str]] = {}
        self._before: dict[str, dict[str, Mapping[str, Any] | None]] = {}  # unsettled rows as they stood when they were last looked at

    def keys(
        self, fact: str, clauses: Clauses, now: datetime, *, exempt: Collection[str] = (), through: str = ""
    ) -> Keys | None:  # fmt: skip
        """Return the keys of the bitmaps that together are the rows of a fact passing the clauses that reach it.

        Each is at hand afterwards. None where the columns can't say. Raises ValueError if a value isn't of its field's type.
        """
        made: set[Hashable] = set()
        over: dict[tuple[str, bool], tuple[Link, list[tuple[Field, str, Clause]]]] = {}
        for name, clause in clauses:
            route = None if name in exempt else self._route(fact, name, through)
            if route is None:
                continue
            asked = (route.field, route.column, clause)
            if route.link is not None:
                over.setdefault((route.link.name, route.backwards), (route.link, []))[1].append(asked)
            elif (key := self.own_key(fact, *asked, now)) is not None:
                made.add(key)
            else:
                return None
        for (_, backwards), (link, several) in over.items():
            key = linked(self, link, backwards, several, now)
            if key is None:
                return None
            made.add(key)
        return frozenset(made)

    def own(self, fact: str, clauses: Clauses, now: datetime, through: str = "") -> list[tuple[str, Hashable]] | None:
        """Return each clause's field and the key of its bitmap, at hand afterwards, where all that reach a fact are on its own columns.

        None where one isn't, or the columns can't say. Raises ValueError if a value isn't of its field's type.
        """
        made = []
        for name, clause in clauses:
            route = self._route(fact, name, through)
            if route is None:
                continue
            key = None if route.link is not None else self.own_key(fact, route.field, route.column, clause, now)
            if key is None:
                return None
            made.append((name, key))
        return made

    def column(self, fact: str, name: str, through: str = "") -> str | None:
        """Return the fact's own column of a field, or None if it is another's."""
        route = self._route(fact, name, through)
        return None if route is None or route.link is not None else route.column

    def _route(self, fact: str, name: str, through: str) -> Route | None:
        asked = (fact, name, through)
        if asked not in self._routes:
            self._routes[asked] = self.model.route(fact, name, through)
        return self._routes[asked]

    def focus(self, asked: Focusing) -> bool:
        """Make the tables of a focus, without holding up who asks meanwhile; return whether they are in use.

        They aren't if rows changed under way, or another focus was asked for.
        """
        fact = self.facts[asked.fact]
        with self.lock:
            focus = Focus(fact.rows, asked.dimension)
            if fact.focus is not None and fact.focus.serves(asked.dimension, asked.wanted):
                return True
            if self._focusing is not None:
                self._focusing.give_up()
            self._focusing, before = focus, fact.changes
            wanted = [(fact.passing(rest), by) for rest, by in asked.wanted]
        made = focus.build(self.kernel, wanted)
        with self.lock:
            if made and fact.changes == before:
                fact.focus = focus
            if self._focusing is focus:
                self._focusing = None
            return fact.focus is focus

    def permitted(self, fact: str) -> Keys | None:
        """Return the keys of the bitmap of the rows of a fact that may be seen; None where the columns can't say."""
        return frozenset()

    def shows(self, fact: str, column: str) -> bool:
        """Return whether a column is to be told as it is."""
        return True

    def joins(self, fact: str, column: str) -> bool:
        """Return whether a link's column holds what questions may join by."""
        return True

    def tells(self, details: Collection[str], of: str) -> bool:
        """Return whether rows of these details are shown, as they are, wherever those of a fact are."""
        return True

    def flagged(self, fact: str, condition: str) -> Keys | None:
        """Return the key of the bitmap of the rows for which a measure's condition holds, at hand; None if it isn't a column."""
        index, column = self.facts[fact], f"({condition})"
        if column not in index.rows.dimensions:
            return None
        key = ("condition", condition)
        if not index.bitmaps.has(key):

            def holding(dimension: Dimension) -> Array:
                flags = np.zeros(dimension.size, np.uint8)
                flags[[code for code, value in enumerate(dimension.values) if value is True]] = 1
                return flags

            index.bitmaps.define(key, coded(self.kernel, index.rows, index.rows.dimensions[column], holding))
        return frozenset((key,))

    def own_key(self, fact: str, of: Field, column: str, clause: Clause, now: datetime) -> Hashable | None:
        """Return the key of the rows of a fact that pass a clause on a column of its own; None where the columns can't say."""
        index = self.facts[fact]
        sure = absolute(of, clause, now)
        key = (column, sure)
        if not index.bitmaps.has(key):
            definition = defined(self.kernel, index.rows, of, column, sure)
            if definition is None:
                return None
            index.bitmaps.define(key, definition)
        return key

    def follow(
        self, cursor: Cursor, touched: Mapping[str, Iterable[str]], now: datetime, announce: Announce = lambda cursor, held: None,
        pause: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        """Bring the facts, and what is held of them, up to `now`: the rows of the touched keys, and those that time may change.

        `pause` is called between its pieces, for others to go first. Raises Full where a fact is to be encoded anew.
        """
        cursor.begin()
        try:
            ready(cursor)
            since = {base: self._since(base, ()) for base in self.bases}
            held = hold(cursor, self.model, self.bases, now, since, pause)
            told = {}
            for name in self.model.facts:
                pause()
                told[name] = self._told(cursor, name, touched, now, held)
            if earlier := self._earlier(since, told):  # a row of long ago that came back
                let_go(cursor, Held(now, {base: held.tables[base] for base in earlier}))
                held = replace(held, tables={**held.tables, **hold(cursor, self.model, earlier, now, earlier).tables})
            pause()
            announced = announce(cursor, held)
            pause()
        except BaseException:
            cursor.rollback()
            raise
        cursor.commit()
        moved = {name: [each for each in found if not self.facts[name].rows.same(each)] for name, found in told.items()}
        for name, found in moved.items():
            if found:
                self.facts[name].sift()
        watch = Watch(self.sections, self.facts, told, touched)
        with self.lock:
            self.generation += 1
            self.latest, self.whole = datetime.max, False
            watch.look()
            for name, found in moved.items():
                if self.facts[name].change(found):
                    self._unlink(name)
            watch.look()
            self.moved, self.unsaid = watch.moved, watch.unsaid
            self.now, self.held, self.announced, self.whole = now, held, announced, True
            self.shifts = held.shifts
            for fact, clauses in self.bases:
                if (keys := self.keys(fact, clauses, now)) is not None:
                    self.facts[fact].passing(keys)  # each press of this moment begins with them

    def _earlier(self, since: Mapping[Base, datetime | None], told: Mapping[str, Sequence[Change]]) -> dict[Base, datetime | None]:
        """Return the bases of which changes may have brought rows from before what was held, with the time from which they are."""
        found = {base: self._since(base, told.get(base[0], ())) for base, before in since.items() if before is not None}
        return {base: moment for base, moment in found.items() if moment is None or moment < since[base]}  # type: ignore[operator]

    def _told(self, cursor: Cursor, name: str, touched: Mapping[str, Iterable[str]], now: datetime, held: Held) -> list[Change]:
        """Return the rows of a fact to look at again, from what is held of it as far as it is."""
        few = self.model.facts[name].few
        some = None if few else next((table for (fact, _), table in held.tables.items() if fact == name), None)
        told, self.since[name] = changes(
            cursor, self.model.facts[name], self.columns[name], set(touched.get(name, ())), now,
            of=held.tables[name, ()] if few else None, some=some,
            unsettled=self.facts[name].rows.unsettled.keys(), waiting=self.waiting[name], since=self.since.get(name),
        )  # fmt: skip
        self.waiting[name] = {each.key for each in told if each.values is None}
        before, self._before[name] = self._before.get(name, {}), {each.key: each.values for each in told if not each.settled}
        return [each for each in told if each.settled or before.get(each.key) != each.values]

    def _since(self, base: Base, told: Sequence[Change]) -> datetime | None:
        """Return a time before which none of a base's rows can be, once these changes are made; None if there is none."""
        fact, clauses = base
        time = self.model.facts[fact].time
        if time not in self.columns[fact].kinds or not steady(clauses):
            return None
        rows = self.facts[fact].rows
        with self.lock:
            keys = self.keys(fact, clauses, self.now)
            if keys is None:
                return None
            passing = positions(self.facts[fact].passing(keys).words[: rows.words])
        unsettled = np.fromiter(rows.unsettled.values(), np.int64, len(rows.unsettled))
        known = self._earliest(fact, np.concatenate([passing, unsettled]))
        moments = [each.values[time] for each in told if each.values is not None]
        if known is None or MISSING in moments:
            return None
        return min([known, *(EPOCH + timedelta(microseconds=each) for each in moments)])

    def _earliest(self, fact: str, places: Array) -> datetime | None:
        """Return the earliest time of some rows, None if there is none or one of them has none."""
        time = self.model.facts[fact].time
        if time not in self.columns[fact].kinds or self.columns[fact].kinds[time] != "instant":
            return None
        numbers = self.facts[fact].rows.numbers[time]
        if not places.size:
            return self.now
        first = int(numbers.held[places].min())
        return None if first == numbers.missing else EPOCH + timedelta(microseconds=numbers.whole(first))

    def made_of(self) -> dict[str, Any]:
        """Return all that it is made of, from which `restored` makes it again: the rows as they are, not a copy."""
        known = {name: index.everything() for name, index in self.facts.items()}
        rows = {name: index.rows for name, index in self.facts.items()}
        return {"rows": rows, "known": known, "columns": self.columns, "waiting": self.waiting, "since": self.since, "now": self.now}

    def newest(self, cursor: Cursor) -> datetime:
        """Return the time of the newest event that the store holds."""
        ((moment,),) = sql.rows(cursor, "engine/index/newest")
        return moment or datetime.min

    def stands(self, fact: str, now: datetime) -> bool:
        """Return whether the fact is the same now as it is in the index."""
        if fact not in self.facts or not self.whole:
            return False
        if self.now == now:
            return True
        return min(now, self.now) >= self.latest and not self.facts[fact].rows.unsettled and not self.waiting[fact]

    def _unlink(self, name: str) -> None:
        """Let go of the bitmaps of links that start at, or lead over, a fact that changed."""
        over = {link.name for link in self.model.links.values() for step in link.steps if name in (step.from_fact, step.to_fact)}
        for index in self.facts.values():
            index.forget(lambda key: isinstance(key, Linked) and key.link in over)

    def inside(self, fact: str, key: str, keys: Keys) -> bool:
        """Return whether an unsettled row passes clauses."""
        row = self.facts[fact].rows.unsettled.get(key)
        return row is not None and bool(self.facts[fact].passing(keys).holds(np.array([row]))[0])

    def spare(self) -> int:
        """Return the memory that bitmaps, counts and tables take beside the rows."""
        return sum(index.bytes() for index in self.facts.values())

    def bytes(self) -> int:
        """Return the memory that the rows take."""
        return sum(index.rows.bytes() for index in self.facts.values())

"""A fact's index: bitmaps of the rows that pass clauses, and counts corrected from the nearest ones known."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence, Set
from typing import Any

import numpy as np

from console.engine.index.bitmaps import SPARE, Bitmaps, kept
from console.engine.index.dimension import Dimension, alike, marginal
from console.engine.index.focus import Focus
from console.engine.index.kernel import Kernel
from console.engine.index.passing import Keys, Passing
from console.engine.index.rows import Change, FactRows

Array = np.ndarray[Any, Any]
PASSING, KNOWN = 32, 6
APART = 1 << 15  # words from which bitmaps are met and compared by all cores


class FactIndex:
    """Answers how many of a fact's rows have each value under clauses. For one thread at a time."""

    def __init__(self, kernel: Kernel, rows: FactRows) -> None:
        """Index these rows."""
        self.kernel, self.rows = kernel, rows
        self.focus: Focus | None = None
        self.changes = 0
        self.bitmaps = Bitmaps(kernel, rows)
        self._passing: OrderedDict[Keys, Passing] = OrderedDict()
        self._known: list[Passing] = []
        self._joint: OrderedDict[Hashable, Any] = OrderedDict()
        self._zeros = np.zeros(rows.alive.size, np.uint64)

    def passing(self, keys: Keys) -> Passing:
        """Return the rows that pass all these clauses, whose bitmaps can be had."""
        held = self._passing.get(keys)
        if held is None:
            several = [self.bitmaps.words(key) for key in keys]
            words = self.rows.alive.copy()

            def meet(start: int, stop: int) -> int:
                here = words[start:stop]
                for each in several:
                    here &= each[start:stop]
                return int(np.bitwise_count(here).sum(dtype=np.int64))

            held = Passing(keys, words, sum(self.kernel.spread(self.rows.words, meet, alone=APART)))
            self._passing[keys] = held
            while len(self._passing) > kept(PASSING, words.nbytes):
                self._passing.popitem(last=False)
        self._passing.move_to_end(keys)
        return held

    def tallied(self, asked: Sequence[tuple[Passing, Set[int]]]) -> None:
        """Count the rows of each code of some columns, several sets of rows at once, from the counts known of the rows most like each."""
        works = [(wanted, np.array(sorted(missing), np.int64)) for wanted, columns in asked if (missing := columns - wanted.counts.keys())]
        if not works:
            return
        bases = [self._nearest(wanted, columns) for wanted, columns in works]
        sizes = [np.array([self._cells(column) for column in columns.tolist()]) for _, columns in works]
        ends = np.cumsum([0, *(int(each.sum()) for each in sizes)]).tolist()

        def count(start: int, stop: int) -> Array:
            out = np.zeros(ends[-1], np.int32)
            for (wanted, columns), base, size, first in zip(works, bases, sizes, ends, strict=False):
                known = self._zeros if base is None else base.words
                self.kernel.loops.tally(wanted.words, known, self._codes(), columns, first + np.cumsum(size) - size, out, start, stop)
            return out

        found, *others = self.kernel.spread(self.rows.words, count)
        for other in others:
            found += other
        for (wanted, columns), base, size, first in zip(works, bases, sizes, ends, strict=False):
            parts = np.split(found[first : first + int(size.sum())], np.cumsum(size)[:-1])
            for column, counts in zip(columns.tolist(), parts, strict=True):
                wanted.counts[column] = counts.copy() if base is None else counts + base.counts[column]
            self._know(wanted)

    def _nearest(self, wanted: Passing, columns: Array) -> Passing | None:
        """Return the rows most like these of which these columns are known, None if no rows at all are more like them."""
        base, distance = None, wanted.rows
        for each in sorted(self._known, key=lambda known: abs(known.rows - wanted.rows)):
            least = abs(each.rows - wanted.rows)
            if least >= distance:
                break
            if all(column in each.counts for column in columns.tolist()):
                nested = each.keys <= wanted.keys or wanted.keys <= each.keys
                if (apart := least if nested else self._apart(each, wanted)) < distance:
                    base, distance = each, apart
        return base

    def _know(self, held: Passing) -> None:
        self._known = [each for each in self._known if each is not held]
        self._known.append(held)
        spare = [each for each in self._known if each.keys]  # what is known of all rows stays
        if len(spare) > KNOWN:
            self._known = [each for each in self._known if each is not spare[0]]

    def _apart(self, one: Passing, other: Passing) -> int:
        def differing(start: int, stop: int) -> int:
            return int(self.kernel.loops.differing(one.words, other.words, start, stop))

        return sum(self.kernel.spread(self.rows.words, differing, alone=APART))

    def _cells(self, column: int) -> int:
        return next(each.cells for each in self.rows.dimensions.values() if each.column == column)

    def _codes(self) -> Array:
        held: Array = self.rows.codes[:, : self.rows.count]
        return held

    def count(self, keys: Keys, by: Sequence[Dimension]) -> Array:
        """Return the rows that pass by cell of none, one or two dimensions, row by row of the first; from the focus where it knows."""
        return found if (found := self.focused(keys, by)) is not None else self.cells(self.passing(keys), by)

    def focused(self, keys: Keys, by: Sequence[Dimension]) -> Array | None:
        """Return the same from the tables of the focus, or None where they don't say."""
        focus = self.focus
        return None if focus is None else focus.answer(keys, tuple([each.name for each in by]), self.bitmaps.flags, self.kernel)

    def cells(self, held: Passing, by: Sequence[Dimension]) -> Array:
        """Return the same of rows at hand."""
        if not by:
            return np.array([held.rows])
        if alike(by):
            names = tuple([each.name for each in by])
            if names not in held.cells:
                if by[0].column not in held.counts:
                    self.tallied([(held, {by[0].column})])
                held.cells[names] = marginal(held.counts[by[0].column], by)
            return held.cells[names]
        one, two = by
        key = ("cells", held.keys, one.name, two.name)
        if key not in self._joint:
            width = two.size

            def count(start: int, stop: int) -> Array:
                out = np.zeros(one.size * width, np.int32)
                a, b = self.rows.column(one.column), self.rows.column(two.column)
                self.kernel.loops.joint(held.words, a, one.decoded(), b, two.decoded(), width, out, start, stop)
                return out

            self._remember(key, sum(self.kernel.spread(self.rows.words, count)))
        return np.asarray(self._joint[key])

    def sums(self, keys: Keys, by: Sequence[Dimension], weight: Dimension) -> tuple[Array, Array]:
        """Return the sum of a dimension's own values by cell of the others, and how many rows had one."""
        amounts = weight.amounts()
        if not by:
            counts, known = self.count(keys, [weight])[: amounts.size], ~np.isnan(amounts)
            return np.array([counts @ np.where(known, amounts, 0.0)]), np.array([counts @ known])
        held = self.passing(keys)
        if len({each.column for each in (*by, weight)}) == 1:
            joint = self._cells_by(held, by, weight)[:, : amounts.size]
            known = ~np.isnan(amounts)
            return joint[:, known] @ amounts[known], joint[:, known].sum(axis=1)
        key = ("sums", held.keys, *(each.name for each in by), weight.name)
        if key not in self._joint:
            padded = np.concatenate([amounts, np.full(weight.size - amounts.size, np.nan)])[weight.decoded()]
            one, two = (*by, None, None)[:2]
            width = two.size if two else 1
            cells = (one.size if one else 1) * width

            def add(start: int, stop: int) -> tuple[Array, Array]:
                sums, counts = np.zeros(cells), np.zeros(cells, np.int64)
                a, places = self._placed(one or weight, one is not None)
                b, inner = self._placed(two or weight, two is not None)
                weights = self.rows.column(weight.column)
                self.kernel.loops.weigh(held.words, a, places, b, inner, width, weights, padded, sums, counts, start, stop)
                return sums, counts

            made = self.kernel.spread(self.rows.words, add)
            self._remember(key, (sum(each for each, _ in made), sum(each for _, each in made)))
        made_sums, made_counts = self._joint[key]
        return made_sums, made_counts

    def _cells_by(self, held: Passing, by: Sequence[Dimension], last: Dimension) -> Array:
        """Return the rows by cell of some dimensions, and by code of one more, all of one column."""
        self.tallied([(held, {last.column})])
        return marginal(held.counts[last.column], (*by, last)).reshape(-1, last.size)

    def _placed(self, dimension: Dimension, told: bool) -> tuple[Array, Array]:
        decoded = dimension.decoded()
        return self.rows.column(dimension.column), decoded if told else np.zeros_like(decoded)

    def _remember(self, key: Hashable, made: Any) -> None:
        self._joint[key] = made
        while len(self._joint) > 1 and (len(self._joint) > PASSING or self._crossed() > SPARE):
            self._joint.popitem(last=False)

    def _crossed(self) -> int:
        return sum(np.asarray(each).nbytes for each in self._joint.values())

    def everything(self) -> Passing:
        """Return what is known of all rows, those of every column's codes counted."""
        held = self.passing(frozenset())
        self.tallied([(held, {each.column for each in self.rows.dimensions.values()})])
        return held

    def knows(self, held: Passing) -> None:
        """Take what is known of all rows."""
        self._passing[held.keys] = held
        self._know(held)

    def bytes(self) -> int:
        """Return the memory that bitmaps, counts and the focus take."""
        words = self.bitmaps.bytes() + self._zeros.nbytes
        counts = sum(each.bytes() for each in self._watched())
        return words + counts + self._crossed() + (self.focus.bytes() if self.focus else 0)

    def forget(self, which: Callable[[Hashable], bool] | None = None) -> None:
        """Let go of the bitmaps of these keys, or of those made elsewhere, and of all that was made with them."""
        gone = self.bitmaps.forget(which)
        for held in [each for each in self._watched() if each.keys & gone]:
            self._let_go(held)
        self._joint.clear()

    def _let_go(self, held: Passing) -> None:
        if self._passing.get(held.keys) is held:
            del self._passing[held.keys]
        self._known = [each for each in self._known if each is not held]
        if self.focus and any(part.held is held for part in self.focus.parts.values()):
            self.focus = None

    def sift(self) -> None:
        """Make ready to tell rows that are new, without holding up who asks meanwhile."""
        self.rows.sieve.fill(self.rows.keys[: self.rows.count], self.kernel.loops)

    def change(self, changes: Sequence[Change]) -> bool:
        """Fold rows in as they stand now; return whether that changed anything. Raises Full.

        What is known of other rows stays: only the bits and counts of these change.
        """
        rows = self.rows
        if rows.room(changes):
            self._begin_anew()
        found = zip(changes, rows.places(changes).tolist(), strict=True)
        told = [(change, place) for change, place in found if change.values is not None or place >= 0]
        if not told:
            return False
        first, room = rows.count, rows.keys.size
        new = sum(place < 0 for _, place in told)
        fresh = iter(range(first, first + new))
        told = [(change, place if place >= 0 else next(fresh)) for change, place in told]
        touched = np.unique([place for _, place in told])
        self.changes += 1
        self.forget()
        self._recount(touched[touched < first], -1)
        rows.grow(new)
        for change, place in told:
            rows.put(place, change)
        if rows.keys.size != room or rows.alive.size != self._zeros.size:
            self._begin_anew()
            self._zeros = np.zeros(rows.alive.size, np.uint64)
        else:
            self._refill(np.unique(touched // 64))
            self._recount(touched, 1)
        return True

    def _begin_anew(self) -> None:
        """Let go of all that was made of the columns as they were."""
        self.changes += 1
        self.bitmaps = Bitmaps(self.kernel, self.rows)
        self._passing.clear()
        self._known.clear()
        self._joint.clear()
        self.focus = None

    def _refill(self, words: Array) -> None:
        runs = np.split(words, np.flatnonzero(np.diff(words) > 1) + 1)
        spans = [(int(run[0]), int(run[-1]) + 1) for run in runs]
        self.bitmaps.refill(spans)
        for held in self._watched():
            bitmaps = self.bitmaps.held(held.keys)
            if bitmaps is None:
                self._let_go(held)
                continue
            before = int(np.bitwise_count(held.words[words]).sum())
            held.words[words] = self.rows.alive[words]
            for each in bitmaps:
                held.words[words] &= each[words]
            held.rows += int(np.bitwise_count(held.words[words]).sum()) - before

    def _recount(self, places: Array, sign: int) -> None:
        """Add these rows, as they stand, to the counts of all that hold them, or take them away."""
        for held in self._watched():
            inside = places[held.holds(places)]
            held.cells.clear()
            for column, counts in held.counts.items():
                np.add.at(counts, self.rows.codes[column, inside], sign)
        if self.focus is not None and not self.focus.recount(places, sign):
            self.focus = None

    def _watched(self) -> list[Passing]:
        parts = self.focus.parts.values() if self.focus else ()
        every = (*self._passing.values(), *self._known, *(part.held for part in parts))
        return list({id(each): each for each in every}.values())

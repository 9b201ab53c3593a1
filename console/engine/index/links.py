"""Clauses that reach a fact over a link: a semi-join, as flags over the keys that both ends share."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from console.desk.selection import Clause
from console.engine.index.clauses import microseconds
from console.engine.index.fact import FactIndex
from console.engine.index.kernel import Kernel
from console.engine.index.passing import Keys
from console.engine.model import Field, Link

if TYPE_CHECKING:
    from console.engine.index.index import Index

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Linked:
    """The key of a link's bitmap: clauses on the fact at its other end, and what is permitted of the facts in between."""

    link: str
    backwards: bool
    clauses: Keys
    now: datetime | None
    over: tuple[Keys, ...] = ()


def linked(index: Index, link: Link, backwards: bool, asked: list[tuple[Field, str, Clause]], now: datetime) -> Hashable | None:
    """Return the key of the rows at the end of a link for which some row at the other end passes these clauses; None if it can't be said.

    Only rows that may be seen join.
    """
    steps = link.steps[::-1] if backwards else link.steps
    far = steps[0].to_fact if backwards else steps[0].from_fact
    own = [index.own_key(far, *each, now) if far in index.facts else None for each in asked]
    if any(key is None for key in own):
        return None
    ends = [(step.from_fact, step.from_key) for step in steps] + [(step.to_fact, step.to_key) for step in steps]
    if not all(fact in index.facts and index.joins(fact, column) for fact, column in ends):
        return None
    permitted = [index.permitted(far), *(index.permitted(step.from_fact if backwards else step.to_fact) for step in steps[:-1])]
    if any(each is None for each in permitted):
        return None
    first, *over = [each for each in permitted if each is not None]
    clauses = frozenset(key for key in own if key is not None) | first
    key = Linked(link.name, backwards, clauses, now if any(step.ended for step in steps) else None, tuple(over))
    near = index.facts[steps[-1].from_fact if backwards else steps[-1].to_fact]
    if near.bitmaps.has(key):
        return key
    words = index.facts[far].passing(clauses).words
    for n, step in enumerate(steps):
        start, end = index.facts[step.from_fact], index.facts[step.to_fact]
        holding = _holding(index.kernel, start, step.ended, now)
        if backwards:
            words = _across(index.kernel, end, step.to_key, words, start, step.from_key) & holding
        else:
            words = _across(index.kernel, start, step.from_key, words & holding, end, step.to_key)
        if n < len(over) and over[n]:
            words = words & (start if backwards else end).passing(over[n]).words
    near.bitmaps.keep(key, words)
    return key


def _holding(kernel: Kernel, index: FactIndex, ended: str, now: datetime) -> Array:
    """Return the rows of a fact that haven't ended."""
    rows = index.rows
    if not ended:
        return rows.alive
    done = np.zeros(rows.alive.size, np.uint64)
    low, high = rows.numbers[ended].between(None, microseconds(now) + 1)
    kernel.loops.between(rows.number(ended), low, high, done, 0, rows.words)
    made: Array = rows.alive & ~done
    return made


def _across(kernel: Kernel, start: FactIndex, from_key: str, words: Array, end: FactIndex, to_key: str) -> Array:
    """Return the rows of one fact whose key is that of some of these rows of another."""
    flags = np.zeros(len(start.rows.spaces[from_key]), np.uint8)
    kernel.spread(start.rows.words, lambda first, last: kernel.loops.mark(words, start.rows.link_codes(from_key), flags, first, last))
    made = np.zeros(end.rows.alive.size, np.uint64)
    codes = end.rows.link_codes(to_key)
    kernel.spread(end.rows.words, lambda first, last: kernel.loops.passing(codes, flags, made, first, last))
    return made

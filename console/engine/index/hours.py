"""A chart by the hour from the index: each hour's demand, availability and what is expected, as the chart's own SQL says them.

Sums are of whole numbers (thousandths of a unit-hour, milliseconds), so that they are the same in any order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from console.engine.apps import Plan
from console.engine.context import Context
from console.engine.hourly import Shifts
from console.engine.index.clauses import EPOCH, microseconds
from console.engine.index.index import Index
from console.engine.index.numbers import Numbers
from console.engine.index.passing import Passing
from console.engine.index.plain import positions
from console.store import sql

Array = np.ndarray[Any, Any]
HOUR = 3_600_000_000  # microseconds
BAND = 1.2816  # standard deviations from the mean to the ends of an 80 % band
Told = list[tuple[Any, ...]]


@dataclass(frozen=True)
class Weeks:
    """The hours that a chart shows, and the hours (`was`, microseconds) that each is made of: itself, and those of weeks before.

    `place` is the place among `was` by hour shown and week; `slots` that of each hour from the first, -1 where it is none of them.
    """

    hours: tuple[datetime, ...]
    was: Array
    place: Array
    slots: Array

    def slot(self, hours: Array) -> Array:
        """Return the places of hours, given in microseconds, -1 where they are none of these."""
        since = hours // HOUR - self.was[0] // HOUR
        made: Array = np.where((since >= 0) & (since < self.slots.size), self.slots[np.clip(since, 0, self.slots.size - 1)], -1)
        return made


@dataclass(frozen=True)
class Asked:
    """Rows that ask for something in one of these hours: their places, those of the hours, and how much."""

    places: Array
    slots: Array
    worth: Array


def told(index: Index, plan: Plan, context: Context) -> Told | None:
    """Return a row an hour: its start (naive UTC), then what the chart's SQL has in this order; None where the index can't say."""
    hourly = plan.hourly
    assert hourly is not None
    with index.lock:
        shifts = index.shifts.get(plan)
        if shifts is None or index.now != context.now or not _shown(index, plan, shifts):
            return None
        weeks = _weeks(index, context)
        demand, units = _demand(index, plan, context, weeks, shifts), _units(index, plan, context, weeks, shifts)
        begun, waiting = _begun(index, plan, context, weeks), _waiting(index, plan, context)
    if demand is None or units is None or waiting is None or begun is None:
        return None
    return _rows(weeks, microseconds(context.now), begun, demand, units, waiting)


def _shown(index: Index, plan: Plan, shifts: Shifts) -> bool:
    """Return whether all that the chart is made of is shown as it is."""
    hourly, fact, facts = plan.hourly, plan.spec.fact, index.model.facts
    assert hourly is not None
    if fact not in facts or hourly.of not in facts or not index.tells(hourly.details(index.model.details), hourly.of):
        return False
    rows = index.facts[fact].rows
    return (
        all(column in rows.dimensions for column in _columns(index, fact, shifts))
        and facts[fact].time in rows.numbers
        and index.shows(fact, facts[fact].time)
        and index.shows(hourly.of, facts[hourly.of].key)
    )


def _weeks(index: Index, context: Context) -> Weeks:
    hour = context.now.replace(minute=0, second=0, microsecond=0)
    kept = index.hours.get("weeks")
    if kept is None or kept[0] != hour:
        found = sql.rows(context.cursor, "engine/hours/weeks", {"now": hour})
        shown = tuple(dict.fromkeys(hour for hour, _, _ in found))
        every = np.array([microseconds(was) for _, _, was in found], np.int64)
        was, place = np.unique(every, return_inverse=True)
        slots = np.full(int((was[-1] - was[0]) // HOUR) + 1, -1, np.int64)
        slots[(was - was[0]) // HOUR] = np.arange(was.size)
        kept = index.hours["weeks"] = hour, Weeks(shown, was, place.reshape(len(shown), -1), slots)
    made: Weeks = kept[1]
    return made


def _demand(index: Index, plan: Plan, context: Context, weeks: Weeks, shifts: Shifts) -> Array | None:
    """Return what the rows under the selection ask for, by hour."""
    fact, hourly = plan.spec.fact, plan.hourly
    assert hourly is not None
    keys = index.keys(fact, context.clauses(), context.now, exempt=hourly.exempt, through=plan.through)
    if keys is None:
        return None
    held = index.facts[fact]
    stamp = held.changes, weeks.hours[0], shifts.mark
    kept = index.hours.get(("asked", plan.spec))
    if kept is None or kept[0] != stamp:
        kept = index.hours["asked", plan.spec] = stamp, _asked(index, fact, weeks, shifts)
    asked: Asked = kept[1]
    passing = held.passing(keys).holds(asked.places)
    return np.bincount(asked.slots[passing], weights=asked.worth[passing], minlength=weeks.was.size).astype(np.int64)


def _columns(index: Index, fact: str, shifts: Shifts) -> list[str]:
    fields = index.model.facts[fact].fields
    return [(index.column(fact, fields[name].name) or "") if name in fields else "" for name in shifts.fields]


def _asked(index: Index, fact: str, weeks: Weeks, shifts: Shifts) -> Asked:
    rows, time = index.facts[fact].rows, index.model.facts[fact].time
    numbers = rows.numbers[time]
    places = np.flatnonzero(rows.number(time) >= numbers.between(int(weeks.was[0]), None)[0])
    slots = weeks.slot(_whole(numbers, places))
    places, slots = places[slots >= 0], slots[slots >= 0]
    dimensions = [rows.dimensions[column] for column in _columns(index, fact, shifts)]
    by = np.zeros([each.size for each in dimensions], np.int64)
    for values, worth in shifts.worth:
        codes = tuple(each.codes.get(value, -1) for each, value in zip(dimensions, values, strict=True))
        if -1 not in codes:
            by[codes] += worth
    worths: Array = by[tuple(each.decoded()[rows.column(each.column)[places]] for each in dimensions)]
    some = worths > 0
    return Asked(places[some], slots[some], worths[some])


def _whole(numbers: Numbers, places: Array) -> Array:
    held = numbers.held[places].astype(np.int64)
    return numbers.origin + held * numbers.unit if numbers.unit else held


def _units(index: Index, plan: Plan, context: Context, weeks: Weeks, shifts: Shifts) -> Array | None:
    """Return for how long units under the selection were there, in milliseconds by hour."""
    hourly = plan.hourly
    assert hourly is not None
    of = index.facts[hourly.of]
    keys = index.keys(hourly.of, context.clauses(), context.now, through=plan.through)
    stamp = shifts.mark, context.now, of.changes
    kept = index.hours.get(("units", plan.spec))
    if kept is None or kept[0] != stamp:
        if len(of.rows.unsettled) != of.passing(frozenset()).rows:
            return None
        places = np.array([of.rows.unsettled.get(key, -1) for key in shifts.keys], np.int64)
        kept = index.hours["units", plan.spec] = stamp, places, _manned(shifts, weeks, microseconds(context.now))
    _, places, manned = kept
    if keys is None:
        return None
    passing = (places >= 0) & of.passing(keys).holds(np.maximum(places, 0))
    made: Array = manned[passing].sum(axis=0)
    return made


def _manned(shifts: Shifts, weeks: Weeks, now: int) -> Array:
    """Return for how many milliseconds each unit was there by hour, until now."""
    ended = np.minimum(shifts.ended, np.maximum(now, shifts.started))
    order = np.lexsort((ended, shifts.started, shifts.key))
    key, started, ended = shifts.key[order], shifts.started[order], ended[order]
    several = np.stack([key, started, ended])
    differs = np.ones(key.size, bool)
    differs[1:] = (several[:, 1:] != several[:, :-1]).any(axis=0)
    key, started, ended = key[differs], started[differs], ended[differs]
    hours = np.maximum(0, -(-ended // HOUR) - started // HOUR)  # that it has a part of
    shift = np.repeat(np.arange(key.size), hours)
    was = (np.arange(shift.size) - np.repeat(np.cumsum(hours) - hours, hours) + (started // HOUR)[shift]) * HOUR
    slot = weeks.slot(was)
    shift, was, slot = shift[slot >= 0], was[slot >= 0], slot[slot >= 0]
    lasted = np.minimum(ended[shift], was + HOUR) // 1000 - np.maximum(started[shift], was) // 1000
    cells = np.bincount(key[shift] * weeks.was.size + slot, weights=lasted, minlength=len(shifts.keys) * weeks.was.size)
    return cells.astype(np.int64).reshape(len(shifts.keys), weeks.was.size)


def _begun(index: Index, plan: Plan, context: Context, weeks: Weeks) -> int | None:
    """Return the time of the first row there is, or of one before all these hours; after every time where there is none."""
    fact = plan.spec.fact
    held, keys = index.facts[fact], index.keys(fact, (), context.now)
    if keys is None:
        return None
    stamp, key = (held.changes, weeks.hours[0]), ("begun", plan.spec, keys)
    kept = index.hours.get(key)
    if kept is None or kept[0] != stamp:
        for old in [each for each in index.hours if isinstance(each, tuple) and each[0] == "begun" and index.hours[each][0] != stamp]:
            del index.hours[old]
        kept = index.hours[key] = stamp, _first(held.passing(keys), held.rows.numbers[index.model.facts[fact].time], int(weeks.was[0]))
    made: int = kept[1]
    return made


def _first(passing: Passing, numbers: Numbers, before: int) -> int:
    """Return the first time of some rows, or any of theirs that is so early."""
    if not passing.rows:
        return int(np.iinfo(np.int64).max)
    word = int(np.argmax(passing.words != 0))
    early = _whole(numbers, positions(passing.words, word, word + 1) % 64 + word * 64)
    return int(early[0]) if early[0] <= before else int(_whole(numbers, positions(passing.words)).min())


def _waiting(index: Index, plan: Plan, context: Context) -> int | None:
    fact, hourly = plan.spec.fact, plan.hourly
    assert hourly is not None
    base = index.keys(fact, (*context.base.get(fact, ()), *hourly.waiting), context.now, through=plan.through)
    chosen = index.keys(fact, context.clauses(), context.now, exempt=hourly.exempt, through=plan.through)
    return None if base is None or chosen is None else index.facts[fact].passing(base | chosen).rows


def _rows(weeks: Weeks, now: int, begun: int, demand: Array, units: Array, waiting: int) -> Told | None:
    was, asked, there = weeks.was[weeks.place], demand[weeks.place].astype(np.float64), units[weeks.place].astype(np.float64)
    past, lasted = was[:, 0] < now, now // 1000 - was[:, 0] // 1000
    if not lasted[past].all():  # less than a millisecond
        return None
    held = ((was < now) & (was >= begun))[:, 1:]
    with np.errstate(invalid="ignore", divide="ignore"):
        many = held.sum(axis=1)
        mean, manned = ((each[:, 1:] * held).sum(axis=1) / many for each in (asked, there))
        apart = np.where(held, asked[:, 1:] - mean[:, None], 0.0)
        spread = np.where(many > 1, np.sqrt((apart * apart).sum(axis=1) / (many - 1)), np.nan)
        columns = [
            np.where(past, asked[:, 0] / 1e3, np.nan),
            np.where(past, there[:, 0] / 3.6e6 / np.minimum(1.0, lasted / 3.6e6), np.nan),
            mean / 1e3,
            np.fmax(0.0, (mean - BAND * spread) / 1e3),
            (mean + BAND * spread) / 1e3,
            manned / 3.6e6,
        ]
        told = [[None if each != each else each for each in _rounded(column).tolist()] for column in columns]
    present = EPOCH + timedelta(microseconds=now // HOUR * HOUR)
    return [(hour, *numbers, waiting if hour == present else None) for hour, *numbers in zip(weeks.hours, *told, strict=True)]


def _rounded(values: Array) -> Array:
    """Return numbers to one decimal, halves away from zero."""
    tenths = values * 10
    whole = np.trunc(tenths)
    made: Array = (whole + np.copysign(np.abs(tenths - whole) >= 0.5, values)) / 10
    return made

"""What a day asks for, drawn at once: who calls when and where, and what it is about."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, lru_cache

import numpy as np

from console.feed.simulator.hours import Column, local
from console.feed.simulator.tables import ADDRESSES, GRADES, beats, holidays, types
from console.feed.simulator.world import DAY, HOUR

INCIDENTS_A_DAY = 937
CONTACTS_A_DAY = 2350
CALLED = 0.93  # incidents that begin with a contact; the rest officers find themselves
LINES = ("999", "101", "online")
LINE_SHARE = (0.245, 0.645, 0.11)
LINE_OF_GRADE = ((0.80, 0.19, 0.01), (0.40, 0.53, 0.07), (0.08, 0.70, 0.22), (0.10, 0.65, 0.25))

_DAY_SHAPE = np.array([42, 34, 28, 24, 22, 24, 32, 52, 78, 98, 106, 110, 114, 112, 112, 118, 124, 130, 130, 126, 116, 100, 80, 58], float)
_DAY_SHAPE /= _DAY_SHAPE.mean()
_NIGHT_SHAPE = np.array([150, 140, 120, 90, 60, 30, 20, 20, 30, 40, 50, 60, 70, 75, 80, 90, 100, 115, 130, 145, 155, 165, 175, 170], float)
_NIGHT_SHAPE /= _NIGHT_SHAPE.mean()
_WEEKDAY_NIGHT = np.array([0.80, 0.80, 0.84, 0.92, 1.18, 1.42, 1.04])


@dataclass(frozen=True, slots=True)
class Plan:
    """A day's calls as columns in order of time: instants in ms, lines (-1 for none), beats, draws, and whether each makes
    an incident; and of those that do, in the same order, what it is about, and draws for its course.
    """

    offered: Column
    line: Column
    beat: Column
    incident: Column
    draws: Column
    kind: Column
    grade: Column
    address: Column
    flags: Column
    course: Column


@cache
def _steps() -> Column:
    """Return where incidents of each type are: by type and beat the type's number plus the cumulative share."""
    force, night = beats(), np.array(types()["night"])
    weights = force.population[None, :] * (1 + 9 * night[:, None] * force.night[None, :] ** 1.5)
    made: Column = np.arange(len(night))[:, None] + np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    return made


def _shapes(day: int) -> Column:
    """Return by hour how much more than on average is asked of the day and of the night."""
    shapes = np.empty((2, 24))
    for hour in range(24):
        there = local(day * 24 + hour)
        season = 1 + 0.07 * math.cos(2 * math.pi * (there.timetuple().tm_yday - 190) / 365.25)
        bank = 1.05 if there.date().isoformat() in holidays() else 1.0
        plain, late = _DAY_SHAPE[there.hour] * (1.03 if there.weekday() < 5 else 0.93), _NIGHT_SHAPE[there.hour]
        shapes[:, hour] = plain * season * bank, late * _WEEKDAY_NIGHT[(there - timedelta(hours=6)).weekday()] * season * bank
    return shapes


@lru_cache(maxsize=32)
def _places(seed: int, day: int) -> tuple[Column, ...]:
    """Return the day's incidents before near repeats, in order of time: instants (ms), kinds, beats, addresses."""
    rng = np.random.default_rng((seed, day, 1))
    share, night = np.array(types()["share"]), np.array(types()["night"])
    plain, late = (shape[:, None] for shape in _shapes(day))
    counts = rng.poisson(INCIDENTS_A_DAY / 24 * share * ((1 - night * 0.8) * plain + night * 0.8 * late))
    hours, kinds = (np.repeat(axis, counts.ravel()) for axis in np.indices(counts.shape).reshape(2, -1))
    when = day * DAY + hours * HOUR + rng.integers(0, HOUR, len(hours))
    steps = _steps()
    where = np.searchsorted(steps.ravel(), kinds + rng.random(len(kinds))) - kinds * steps.shape[1]
    address = (ADDRESSES * rng.random(len(kinds)) ** 1.6).astype(int)
    order = np.argsort(when, kind="stable")
    return when[order], kinds[order], where.clip(0, steps.shape[1] - 1)[order], address[order]


def _repeated(rng: np.random.Generator, seed: int, day: int) -> tuple[Column, ...]:
    """Return the day's incidents, some where others of their kind were in the three days before."""
    when, kinds, where, address = (column.copy() for column in _places(seed, day))
    repeat = np.array(types()["repeat"])[kinds] * 0.16
    for back in (1, 2, 3):
        _, old_kinds, old_where, old_address = _places(seed, day - back)
        order = np.argsort(old_kinds, kind="stable")
        counts = np.bincount(old_kinds, minlength=len(types()["repeat"]))[kinds]
        again = np.flatnonzero((rng.random(len(kinds)) < repeat / 3) & (counts > 0))
        nth = (rng.random(len(again)) * counts[again]).astype(int)
        source = order[np.searchsorted(old_kinds[order], kinds[again]) + nth]
        where[again] = old_where[source]
        address[again] = (old_address[source] + rng.integers(-1, 2, len(again))) % ADDRESSES
    return when, kinds, where, address


def plan(seed: int, day: int) -> Plan:
    """Return the plan of a UTC day (days since 1970)."""
    rng = np.random.default_rng((seed, day, 2))
    when, kinds, where, address = _repeated(rng, seed, day)
    chances = np.array([types()[f"p_{grade.lower()}"] for grade in GRADES]).T
    grades = (rng.random(len(kinds))[:, None] > np.cumsum(chances, axis=1)[kinds]).sum(axis=1).clip(0, 3)
    lines = (rng.random(len(kinds))[:, None] > np.cumsum(LINE_OF_GRADE, axis=1)[grades]).sum(axis=1).clip(0, 2)
    lines[rng.random(len(kinds)) >= CALLED] = -1
    flags = _flags(rng, kinds, grades)
    extra = int(rng.poisson(max(0.0, (CONTACTS_A_DAY / INCIDENTS_A_DAY - CALLED)) * len(kinds)))
    others = (rng.choice(when, extra) + rng.integers(-HOUR, HOUR, extra)).clip(day * DAY, (day + 1) * DAY - 1)
    made = (lines >= 0).sum()
    left = [
        max(1.0, share * CONTACTS_A_DAY - (lines == index).sum() * CONTACTS_A_DAY / max(1, made + extra))
        for index, share in enumerate(LINE_SHARE)
    ]
    other_lines = rng.choice(3, extra, p=np.array(left) / sum(left))
    other_beats = rng.choice(len(beats().codes), extra, p=beats().population / beats().population.sum())
    offered = np.concatenate([when, others])
    order = np.argsort(offered, kind="stable")
    return Plan(
        offered[order], np.concatenate([lines, other_lines])[order], np.concatenate([where, other_beats])[order],
        order < len(when), rng.random((4, len(order))), kinds, grades, address, flags,
        rng.random((17, len(kinds))),
    )  # fmt: skip


def _flags(rng: np.random.Generator, kinds: Column, grades: Column) -> Column:
    """Return each incident's flags, by flag: in progress, suspect nearby, weapon, child, domestic abuse of high risk,
    disability, repeat victim, repeat place.
    """
    table = types()
    violent = np.array([category in ("Violence", "Acquisitive", "Disorder") for category in table["category"]])[kinds]
    domestic = np.array([name == "Domestic" for name in table["type"]])[kinds]
    armed = np.array([name in ("Weapons", "Robbery", "Violence now") for name in table["type"]])[kinds]
    welfare = np.array([category == "Welfare" for category in table["category"]])[kinds]
    urgent = grades == 0
    chances = [
        np.where(urgent & violent, 0.62, 0.03), np.where(violent & (grades <= 1), 0.22, 0.02), np.where(armed, 0.24, 0.012),
        np.where(domestic | welfare, 0.20, 0.05), np.where(domestic, 0.24, 0.0), np.where(welfare, 0.16, 0.04),
        np.where(domestic, 0.42, 0.08), np.full(len(kinds), 0.09),
    ]  # fmt: skip
    return rng.random((len(chances), len(kinds))) < np.array(chances)


def spread(uniform: float, median: float, p90: float) -> float:
    """Return the lognormal of that median and 90th percentile at a uniform draw."""
    clipped = 0.005 if uniform < 0.005 else 0.995 if uniform > 0.995 else uniform
    normal = math.log(clipped / (1 - clipped)) / 1.702  # the standard normal quantile, within 0.02 between 2 and 98 %
    return float(median * (p90 / median) ** (normal / 1.2816))


def spreads(uniform: Column, median: Column | float, p90: Column | float) -> Column:
    """Return the same at many draws."""
    clipped = uniform.clip(0.005, 0.995)
    made: Column = median * (p90 / np.asarray(median)) ** (np.log(clipped / (1 - clipped)) / (1.702 * 1.2816))
    return made

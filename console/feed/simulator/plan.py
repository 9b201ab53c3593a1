"""What a day asks for, drawn at once: who calls when and where, and what it is about."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from console.feed.simulator.tables import ADDRESSES, GRADES, beats, holidays, types
from console.feed.simulator.world import DAY, HOUR

ZONE = ZoneInfo("Europe/London")
EPOCH = datetime(1970, 1, 1)
INCIDENTS_A_DAY = 937
CONTACTS_A_DAY = 2350
CALLED = 0.93  # incidents that begin with a contact; the rest officers find themselves
LINES = ("999", "101", "online")
LINE_SHARE = (0.245, 0.645, 0.11)
LINE_OF_GRADE = ((0.80, 0.19, 0.01), (0.40, 0.53, 0.07), (0.08, 0.70, 0.22), (0.10, 0.65, 0.25))

_DAY_SHAPE = np.array([42, 34, 28, 24, 22, 24, 32, 52, 78, 98, 106, 110, 114, 112, 112, 118, 124, 130, 130, 126, 116, 100, 80, 58], float)
_NIGHT_SHAPE = np.array([150, 140, 120, 90, 60, 30, 20, 20, 30, 40, 50, 60, 70, 75, 80, 90, 100, 115, 130, 145, 155, 165, 175, 170], float)
_WEEKDAY_NIGHT = np.array([0.80, 0.80, 0.84, 0.92, 1.18, 1.42, 1.04])


@dataclass(frozen=True)
class Plan:
    """A day's calls in order of time: instants in ms, and for those that make an incident what it is about."""

    offered: list[int]
    line: list[int]
    incident: list[bool]
    beat: list[int]
    address: list[int]
    kind: list[int]
    grade: list[int]
    draws: list[list[float]]
    flags: list[int]


@lru_cache(maxsize=32)
def _places(seed: int, day: int) -> tuple[np.ndarray[Any, Any], ...]:
    """Return the day's incidents before near repeats: instants (ms), kinds, beats, addresses."""
    rng = np.random.default_rng((seed, day, 1))
    table, force = types(), beats()
    share, night = np.array(table["share"]), np.array(table["night"])
    rates = np.empty((24, len(share)))
    for hour in range(24):
        local = (EPOCH + timedelta(milliseconds=day * DAY + hour * HOUR)).replace(tzinfo=UTC).astimezone(ZONE)
        evening = (local - timedelta(hours=6)).weekday()
        late = _NIGHT_SHAPE[local.hour] / _NIGHT_SHAPE.mean() * _WEEKDAY_NIGHT[evening]
        plain = _DAY_SHAPE[local.hour] / _DAY_SHAPE.mean() * (1.03 if local.weekday() < 5 else 0.93)
        season = 1 + 0.07 * math.cos(2 * math.pi * (local.timetuple().tm_yday - 190) / 365.25)
        bank = 1.05 if local.date().isoformat() in holidays() else 1.0
        rates[hour] = INCIDENTS_A_DAY / 24 * share * ((1 - night * 0.8) * plain + night * 0.8 * late) * season * bank
    counts = rng.poisson(rates)
    hours, kinds = (np.repeat(axis, counts.ravel()) for axis in np.indices(counts.shape).reshape(2, -1))
    when = day * DAY + hours * HOUR + rng.integers(0, HOUR, len(hours))
    weights = force.population[None, :] * (1 + 9 * night[:, None] * force.night[None, :] ** 1.5)
    steps = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    where = (rng.random(len(kinds))[:, None] > steps[kinds]).sum(axis=1).clip(0, len(force.codes) - 1)
    address = (ADDRESSES * rng.random(len(kinds)) ** 1.6).astype(int)
    return when, kinds, where, address


def plan(seed: int, day: int) -> Plan:
    """Return the plan of a UTC day (days since 1970)."""
    rng = np.random.default_rng((seed, day, 2))
    when, kinds, where, address = (column.copy() for column in _places(seed, day))
    table = types()
    repeat = np.array(table["repeat"])[kinds] * 0.16
    for back in (1, 2, 3):
        _, old_kinds, old_where, old_address = _places(seed, day - back)
        again = rng.random(len(kinds)) < repeat / 3
        for index in np.flatnonzero(again):
            like = np.flatnonzero(old_kinds == kinds[index])
            if len(like):
                source = like[int(rng.integers(len(like)))]
                where[index] = old_where[source]
                address[index] = (old_address[source] + rng.integers(-1, 2)) % ADDRESSES
    chances = np.array([table[f"p_{grade.lower()}"] for grade in GRADES]).T
    grades = (rng.random(len(kinds))[:, None] > np.cumsum(chances, axis=1)[kinds]).sum(axis=1).clip(0, 3)
    lines = (rng.random(len(kinds))[:, None] > np.cumsum(LINE_OF_GRADE, axis=1)[grades]).sum(axis=1).clip(0, 2)
    lines[rng.random(len(kinds)) >= CALLED] = -1
    flags = _flags(rng, kinds, grades)
    extra = rng.poisson(max(0.0, (CONTACTS_A_DAY / INCIDENTS_A_DAY - CALLED)) * len(kinds))
    others = np.sort(rng.choice(when, extra) + rng.integers(-HOUR, HOUR, extra)).clip(day * DAY, (day + 1) * DAY - 1)
    made = (lines >= 0).sum()
    left = [
        max(1.0, share * CONTACTS_A_DAY - (lines == index).sum() * CONTACTS_A_DAY / max(1, made + extra))
        for index, share in enumerate(LINE_SHARE)
    ]
    other_lines = rng.choice(3, extra, p=np.array(left) / sum(left))
    other_beats = rng.choice(len(beats().codes), extra, p=beats().population / beats().population.sum())
    offered = np.concatenate([when, others])
    order = np.argsort(offered, kind="stable")

    def joined(first: np.ndarray[Any, Any], second: np.ndarray[Any, Any] | int) -> list[Any]:
        rest = np.full(extra, second) if isinstance(second, int) else second
        made: list[Any] = np.concatenate([first, rest])[order].tolist()
        return made

    draws = rng.random((len(order), 24))
    return Plan(
        offered[order].tolist(), joined(lines, other_lines), joined(np.ones(len(when), bool), np.zeros(extra, bool)),
        joined(where, other_beats), joined(address, 0), joined(kinds, 0), joined(grades, 0), draws.tolist(), joined(flags, 0),
    )  # fmt: skip


FLAGS = ("in_progress", "suspect_nearby", "weapon", "child", "domestic_high", "disability", "repeat_victim", "repeat_place")


def _flags(rng: np.random.Generator, kinds: np.ndarray[Any, Any], grades: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return each incident's flags as bits, in the order of FLAGS."""
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
    bits = np.zeros(len(kinds), int)
    for index, chance in enumerate(chances):
        bits |= (rng.random(len(kinds)) < chance).astype(int) << index
    return bits


def spread(uniform: float, median: float, p90: float) -> float:
    """Return the lognormal of that median and 90th percentile at a uniform draw."""
    clipped = 0.005 if uniform < 0.005 else 0.995 if uniform > 0.995 else uniform
    normal = math.log(clipped / (1 - clipped)) / 1.702  # the standard normal quantile, within 0.02 between 2 and 98 %
    return float(median * (p90 / median) ** (normal / 1.2816))

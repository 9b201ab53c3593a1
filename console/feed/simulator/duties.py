"""Who is on duty when: the list of units and officers, shifts by rota, objectives of the day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from console.feed.simulator import words
from console.feed.simulator.force import Force
from console.feed.simulator.tables import beats, holidays, rows
from console.feed.simulator.world import DAY, HOUR, MINUTE, Unit

ZONE = ZoneInfo("Europe/London")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLY, LATE, NIGHT, DAYS, EVENINGS = (6.75, 16.25), (15.75, 25), (22, 31), (8, 16), (15, 22.5)
ROTA = (EARLY, EARLY, LATE, LATE, NIGHT, NIGHT, None, None, None)
CALLED_TO_COURT = 14  # units on an early shift; those that are free then go
ALL_HOURS = ("response", "roads", "firearms", "dogs")


@lru_cache(maxsize=4096)
def _local_hour(hour: int) -> int:
    return (EPOCH + timedelta(hours=hour)).astimezone(ZONE).hour


def local_hour(at: int) -> int:
    """Return the local hour of day of an instant (ms)."""
    return _local_hour(at // HOUR)


def waking(at: int, draw: float) -> int:
    """Return the instant, or one of the next morning if it is at night: appointments and desks keep to the day."""
    hour = local_hour(at)
    if 8 <= hour < 21:
        return at
    ahead = (8 - hour) % 24
    return (at // HOUR + ahead) * HOUR + int(draw * 5 * HOUR)


def units() -> list[Unit]:
    """Return every unit of the force, off duty at its station, with the officers who crew it."""
    rng = np.random.default_rng(7)
    force = beats()
    made: list[Unit] = []
    officer = 1000
    for team in rows("team"):
        stations = [index for index, sector in enumerate(force.sectors) if sector == team["sector"]]
        for number in range(1, int(team["units"]) + 1):
            home = stations[number % len(stations)]
            lon, lat = float(force.lon[home, 0]), float(force.lat[home, 0])
            crew = 2 if rng.random() < float(team["double_crew"]) else 1
            officers = [str(officer + index) for index in range(crew)]
            officer += crew
            callsign = f"{team['prefix']}{number:02d}"
            made.append(Unit(callsign, team["kind"], team["team"], team["district"], crew, home, lon, lat, officers, lon, lat, home))
    return made


def listing(force: Force, at: int) -> None:
    """Make the events that say which units and officers there are."""
    for unit in force.world.units:
        skills = words.SKILLS[unit.kind][: 1 + len(unit.callsign) % 2]
        force.emit(
            at, "unit.listed", unit.callsign, unit.kind, unit.team, unit.district, unit.crew, skills, unit.home_lon, unit.home_lat,
            force.beats.codes[unit.home],
        )  # fmt: skip
        for officer in unit.officers:
            number = int(officer)
            name = f"{words.FIRST[number % 20]} {words.LAST[number // 20 % 24]}"
            rank = words.RANKS[number % len(words.RANKS)]
            force.emit(at, "officer.listed", officer, name, rank, unit.team, unit.district, skills)


def day(force: Force, day: int) -> None:
    """Put a UTC day's shifts on the agenda, and set its objectives."""
    date = (EPOCH + timedelta(days=day)).date()
    early: list[str] = []
    for index, unit in enumerate(force.world.units):
        if unit.kind in ALL_HOURS:
            shift = ROTA[(day + index) % len(ROTA)]
        else:
            shift = ((DAYS, EVENINGS)[(day // 7 + index) % 2]) if (day + index) % 7 < 5 else None
        if shift is None:
            continue
        if shift in (EARLY, DAYS):
            early.append(unit.callsign)
        start, end = (_at(date, hour) for hour in shift)
        force.plan_item(start + (index * 37 % 25 - 12) * MINUTE, "shift", unit.callsign, end + index * 17 % 20 * MINUTE)
    if date.weekday() < 5 and date.isoformat() not in holidays():
        _court(force, day, _at(date, 9.5), early)
    _objectives(force, day, date)


@lru_cache(maxsize=256)
def _at(date: object, hour: float) -> int:
    local = datetime.fromisoformat(f"{date}T00:00").replace(tzinfo=None) + timedelta(hours=hour)
    return int((local.replace(tzinfo=ZONE).astimezone(UTC) - EPOCH).total_seconds()) * 1000


def _court(force: Force, day: int, opens: int, early: list[str]) -> None:
    rng = np.random.default_rng((force.world.seed, day, 4))
    for callsign in rng.choice(early, CALLED_TO_COURT, replace=False).tolist():
        force.plan_item(opens + int(rng.integers(0, 60)) * MINUTE, "court", callsign, int(rng.integers(60, 240)))


def _objectives(force: Force, day: int, date: object) -> None:
    rng = np.random.default_rng((force.world.seed, day, 3))
    weights = force.beats.population * (1 + 4 * force.beats.night)
    for number, (title, kind, start, end) in enumerate(words.OBJECTIVES):
        for place in rng.choice(len(force.beats.codes), 3, replace=False, p=weights / weights.sum()):
            key = f"O-{day - 18000}-{number}-{force.beats.codes[place]}"
            begin = _at(date, start)
            force.emit(
                day * DAY, "objective.set", key, f"{title}, {force.beats.names[place]}", kind, begin, _at(date, end),
                force.beats.districts[place], force.beats.codes[place],
            )  # fmt: skip
            near = [
                unit
                for unit in force.world.units
                if unit.district == force.beats.districts[place] and unit.kind in ("response", "neighbourhood")
            ]
            for unit in rng.choice(len(near), min(6, len(near)), replace=False):
                force.emit(begin + 5 * MINUTE, "unit.tasked", near[unit].callsign, key)

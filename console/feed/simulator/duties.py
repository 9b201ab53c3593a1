"""Who is on duty when: the list of units and officers, shifts by rota, objectives of the day."""

from __future__ import annotations

from datetime import date

import numpy as np

from console.feed.simulator import words
from console.feed.simulator.force import Force
from console.feed.simulator.hours import instant
from console.feed.simulator.tables import beats, holidays, rows
from console.feed.simulator.world import DAY, MINUTE, Unit

EPOCH = date(1970, 1, 1).toordinal()
EARLY, LATE, NIGHT, DAYS, EVENINGS = (6.75, 16.25), (15.75, 25), (22, 31), (8, 16), (15, 22.5)
ROTA = (EARLY, EARLY, LATE, LATE, NIGHT, NIGHT, None, None, None)
CALLED_TO_COURT = 14  # units on an early shift; those that are free then go
ALL_HOURS = ("response", "roads", "firearms", "dogs")


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
            name = f"{team['prefix']}{number:02d}"
            made.append(Unit(len(made), name, team["kind"], team["team"], team["district"], crew, home, lon, lat, officers, lon, lat, home))
    return made


def listing(force: Force, at: int) -> None:
    """Make the events that say which units and officers there are."""
    for unit in force.units:
        skills = words.SKILLS[unit.kind][: 1 + len(unit.callsign) % 2]
        home = unit.home_lon, unit.home_lat, force.beats.codes[unit.home]
        force.emit("unit.listed", (at, unit.callsign, unit.kind, unit.team, unit.district, unit.crew, skills, *home))
        for officer in unit.officers:
            number = int(officer)
            name = f"{words.FIRST[number % 20]} {words.LAST[number // 20 % 24]}"
            rank = words.RANKS[number % len(words.RANKS)]
            force.emit("officer.listed", (at, officer, name, rank, unit.team, unit.district, skills))


def day(force: Force, day: int) -> None:
    """Put a UTC day's shifts down, and set its objectives."""
    today = date.fromordinal(EPOCH + day)
    times = {shift: (instant(today, shift[0]), instant(today, shift[1])) for shift in (EARLY, LATE, NIGHT, DAYS, EVENINGS)}
    early: list[int] = []
    for index, unit in enumerate(force.units):
        if unit.kind in ALL_HOURS:
            shift = ROTA[(day + index) % len(ROTA)]
        else:
            shift = ((DAYS, EVENINGS)[(day // 7 + index) % 2]) if (day + index) % 7 < 5 else None
        if shift is None:
            continue
        if shift is EARLY or shift is DAYS:
            early.append(index)
        start, end = times[shift]
        force.plan(start + (index * 37 % 25 - 12) * MINUTE, "shift", index, end + index * 17 % 20 * MINUTE)
    if today.weekday() < 5 and today.isoformat() not in holidays():
        _court(force, day, instant(today, 9.5), early)
    _objectives(force, day, today)


def _court(force: Force, day: int, opens: int, early: list[int]) -> None:
    rng = np.random.default_rng((force.world.seed, day, 4))
    for index in rng.choice(early, CALLED_TO_COURT, replace=False).tolist():
        force.plan(opens + int(rng.integers(0, 60)) * MINUTE, "court", index, int(rng.integers(60, 240)))


def _objectives(force: Force, day: int, today: date) -> None:
    rng = np.random.default_rng((force.world.seed, day, 3))
    weights = force.beats.population * (1 + 4 * force.beats.night)
    first = np.argsort(rng.exponential(1 / weights, (len(words.OBJECTIVES), len(weights))))[:, :3].tolist()
    for number, (title, kind, start, end) in enumerate(words.OBJECTIVES):
        begin, until = instant(today, start), instant(today, end)
        for place in first[number]:
            code, district = force.beats.codes[place], force.beats.districts[place]
            key = f"O-{day - 18000}-{number}-{code}"
            force.emit("objective.set", (day * DAY, key, f"{title}, {force.beats.names[place]}", kind, begin, until, district, code))
            near = force.patrols[district]
            for chosen in rng.permutation(len(near))[:6].tolist():
                force.emit("unit.tasked", (begin + 5 * MINUTE, near[chosen].callsign, key))

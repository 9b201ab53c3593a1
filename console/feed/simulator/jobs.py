"""Incidents: graded, given units in priority, closed, and the crimes recorded from them."""

from __future__ import annotations

from bisect import bisect_left, insort

import numpy as np

from console.feed.simulator import duties, units, words
from console.feed.simulator.force import NOWHERE, Force
from console.feed.simulator.openings import OPENING
from console.feed.simulator.plan import spread
from console.feed.simulator.tables import GRADES, offences, outcomes
from console.feed.simulator.world import ASSIGNED, DAY, EN_ROUTE, HOUR, MINUTE, SECOND, Job, Unit

FAR_KM = (60.0, 30.0, 18.0, 0.0)
SPARE = 14  # free units below which an appointment waits


def create(force: Force, at: int, ref: str) -> None:
    """Open the log of an incident, and put its next step on the agenda: the desk, an appointment, or units."""
    job = force.world.jobs[ref]
    opening = OPENING[force.types["type"][job.kind]]
    author = f"CR{1 + int(job.draws[5] * 60):02d}"
    force.emit(at + SECOND, "incident.logged", ref, author, opening[int(job.draws[6] * len(opening))])
    if job.draws[7] < 0.7:
        lines = words.GRADED[job.grade], *words.MIDDLE[force.types["category"][job.kind]]
        line = lines[int(job.draws[7] / 0.7 * len(lines))]
        force.emit(at + int((60 + 600 * job.draws[8]) * SECOND), "incident.logged", ref, author, line)
    if job.draws[9] < 0.025 and job.grade in (1, 2):
        job.grade += -1 if job.draws[9] < 0.015 else 1
        force.emit(at + 20 * SECOND, "incident.graded", ref, GRADES[job.grade], "reassessed on new information")
    if job.grade == 3:
        hours = spread(job.draws[10], 3.5, 16)
        force.plan_item(duties.waking(at + int(hours * HOUR), job.draws[11]), "close", ref)
        return
    delay = (25 + 70 * job.draws[10]) * SECOND if job.grade == 0 else spread(job.draws[10], 7, 28) * MINUTE
    if job.grade == 2:
        delay = spread(job.draws[10], 6, 24) * HOUR
        force.plan_item(duties.waking(at + int(delay), job.draws[11]), "send", ref)
    else:
        force.plan_item(at + int(delay), "send", ref)


def send(force: Force, at: int, ref: str) -> None:
    """Look for units for an incident that is due."""
    job = force.world.jobs.get(ref)
    if job is None:
        return
    job.held = False
    dispatch(force, at, job)
    if len(job.units) < job.need and not job.attended:
        wait(force, job)


def dispatch(force: Force, at: int, job: Job) -> None:
    """Assign the nearest free units; an Immediate with none near takes one that is on its way to something less."""
    if job.grade == 2 and np.count_nonzero(force.lon < NOWHERE) < SPARE:
        return
    while len(job.units) < job.need:
        unit = units.nearest_free(force, job, at)
        if unit is None or units.km(unit, job) > FAR_KM[job.grade]:
            break
        assign(force, at, unit, job)
    if job.grade == 0 and not job.units:
        moving = [
            unit for unit in force.world.units
            if unit.state == EN_ROUTE and force.world.jobs[unit.ref].grade > 0 and units.km(unit, job) < 25
        ]  # fmt: skip
        if moving:
            unit = units.nearest(job, moving)
            units.place(force, unit, at)
            drop(force, unit)
            assign(force, at, unit, job)


def assign(force: Force, at: int, unit: Unit, job: Job) -> None:
    """Assign a unit to a job."""
    job.units.append(unit.callsign)
    unit.ref = job.ref
    force.status(at, unit, ASSIGNED)
    unit.step += 1
    turnout = int((15 + 45 * draw(force, job)) * SECOND) if unit.state != EN_ROUTE else 5 * SECOND
    force.plan_item(at + turnout, "step", unit.callsign, unit.step)


def draw(force: Force, job: Job) -> float:
    """Return the next of a job's own draws."""
    job.used += 1
    return job.draws[12 + job.used % 12]


def drop(force: Force, unit: Unit) -> None:
    """Take a unit off its job, which waits again."""
    job = force.world.jobs[unit.ref]
    job.units.remove(unit.callsign)
    unit.ref = ""
    if not job.units and not job.attended:
        wait(force, job)


def wait(force: Force, job: Job) -> None:
    """Let a job wait for units, behind what is more urgent and what has waited longer."""
    place = (job.grade, job.created, job.ref)
    if place not in force.world.waiting:
        insort(force.world.waiting, place)


def settle(force: Force, job: Job) -> None:
    """Let a job wait no more."""
    place = (job.grade, job.created, job.ref)
    if place in force.world.waiting:
        force.world.waiting.remove(place)


def close(force: Force, at: int, ref: str) -> None:
    """Close an incident, with a crime recorded if one was found."""
    job = force.world.jobs.pop(ref, None)
    if job is None:
        return
    settle(force, job)
    recorded = None
    if job.draws[20] < force.types["p_crime"][job.kind]:
        recorded = crime(force, at, job)
    force.emit(at, "incident.closed", ref, "Crime recorded" if recorded else _result(force, job), recorded)


def _result(force: Force, job: Job) -> str:
    name = force.types["type"][job.kind]
    attended = words.RESULTS.get(name) or words.RESULTS[force.types["category"][job.kind]]
    results = attended if job.attended else words.CALLBACKS.get(name, words.DESK)
    return results[int(job.draws[21] * len(results))]


def crime(force: Force, at: int, job: Job) -> str:
    """Record a crime, with its allocation and outcome to come; return its reference."""
    name = force.types["type"][job.kind]
    names, shares = offences()[name]
    force.world.number += 1
    ref = f"52{at // DAY - 18000:04d}{force.world.number % 100000:05d}"
    offence = names[min(len(names) - 1, bisect_left(shares, job.draws[22] * shares[-1]))]
    past = (
        int(spread(job.draws[21], 0.6, 16) * HOUR)
        if name in ("Violence past", "Burglary dwelling", "Burglary other", "Theft", "Vehicle crime")
        else 10 * MINUTE
    )
    force.emit(
        at, "crime.recorded", ref, offence, job.lon, job.lat, force.beats.codes[job.beat],
        force.beats.places[job.beat][job.address][2], job.ref, job.created - past,
    )  # fmt: skip
    officer = force.world.units[int(job.draws[19] * len(force.world.units))]
    force.emit(at + int(spread(job.draws[18], 9, 60) * HOUR), "crime.allocated", ref, officer.officers[0], officer.team)
    codes, steps, days = outcomes()
    chosen = bisect_left(steps, job.draws[17])
    if chosen < len(codes):
        later = at + int(spread(job.draws[16], days[chosen], days[chosen] * 3) * DAY)
        force.emit(max(later, at + HOUR), "crime.outcome", ref, codes[chosen])
    return ref

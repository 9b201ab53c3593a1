"""Incidents: graded, given units in priority, closed."""

from __future__ import annotations

from bisect import insort

import numpy as np

from console.feed.simulator import crimes, duties, units, words
from console.feed.simulator.force import Force
from console.feed.simulator.openings import OPENING
from console.feed.simulator.plan import spread
from console.feed.simulator.tables import GRADES
from console.feed.simulator.world import ASSIGNED, EN_ROUTE, HOUR, MINUTE, SECOND, Job, Unit

FAR_KM = (60.0, 30.0, 18.0, 0.0)
NEAR_KM = 7.0  # an Immediate takes no unit from its way to another if one this near can be sent
SPARE = 14  # free units below which an appointment waits
CALLED_OFF = 0.07  # of calls that wait for a unit
PATIENCE = 11 * MINUTE  # before which none is called off, and after which its log has all of its opening
RECEIVED = 15


def create(force: Force, at: int, ref: str) -> None:
    """Open the log of an incident, and put its next step on the agenda: the desk, an appointment, or units."""
    job = force.world.jobs[ref]
    draws = job.draws
    opening = OPENING[force.types["type"][job.kind]]
    author = f"CR{1 + int(draws[5] * 60):02d}"
    force.emit(at + SECOND, "incident.logged", ref, author, opening[int(draws[6] * len(opening))])
    if draws[9] < 0.025 and job.grade in (1, 2):
        job.grade += -1 if draws[9] < 0.015 else 1
        force.emit(at + 20 * SECOND, "incident.graded", ref, GRADES[job.grade], "reassessed on new information")
    if draws[7] < 0.7:
        lines = words.GRADED[job.grade], *words.MIDDLE[force.types["category"][job.kind]]
        line = lines[int(draws[7] / 0.7 * len(lines))]
        force.emit(at + int((60 + 600 * draws[8]) * SECOND), "incident.logged", ref, author, line)
    if job.grade == 3:
        hours = spread(draws[10], 3.5, 16)
        force.plan_item(duties.waking(at + int(hours * HOUR), draws[11]), "close", ref)
        return
    if job.grade == 0:
        force.plan_item(at + int((25 + 70 * draws[10]) * SECOND), "send", ref)
        return
    minutes = spread(draws[10], 7, 28) if job.grade == 1 else spread(draws[10], 360, 1440)
    due = at + int(minutes * MINUTE)
    force.plan_item(due if job.grade == 1 else duties.waking(due, draws[11]), "send", ref)
    if job.called and draws[1] < CALLED_OFF:
        force.plan_item(at + PATIENCE + int(minutes * draws[4] * MINUTE), "call off", ref)


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
    """Assign units as long as it needs any and there is one to send."""
    if job.grade == 2 and np.count_nonzero(np.isfinite(force.free)) < SPARE:
        return
    while len(job.units) < job.need and (unit := choose(force, at, job)):
        assign(force, at, unit, job)


def choose(force: Force, at: int, job: Job) -> Unit | None:
    """Return the unit to send: the nearest free one, or for what is urgent one committed, or on its way to something less."""
    km, unit = units.nearest(force, force.free if job.grade else force.sendable, job, at)
    if job.grade == 1 and km > FAR_KM[1]:
        km, unit = units.nearest(force, force.sendable, job, at)
    if job.grade == 0 and km > NEAR_KM and not job.units:
        other_km, other = units.nearest_moving(force, job, at)
        if other_km * 2 < km:
            km, unit = other_km, other
    return unit if km <= FAR_KM[job.grade] else None


def assign(force: Force, at: int, unit: Unit, job: Job) -> None:
    """Assign a unit to a job; one on its way to another is diverted."""
    drawn = draw(force, job)
    turnout = int((15 + 45 * drawn) * SECOND)
    if unit.state == EN_ROUTE:
        turnout = 5 * SECOND
        units.place(force, unit, at)
        drop(force, at, unit)
    job.units.append(unit.callsign)
    unit.ref = job.ref
    force.status(at, unit, ASSIGNED)
    unit.step += 1
    force.plan_item(at + turnout, "step", unit.callsign, unit.step)
    if drawn < 0.06:
        force.message(at + 4 * SECOND, unit, RECEIVED)


def draw(force: Force, job: Job) -> float:
    """Return the next of a job's own draws."""
    job.used += 1
    return job.draws[12 + job.used % 12]


def drop(force: Force, at: int, unit: Unit) -> None:
    """Take a unit off its job, which waits again if nothing is done there, or is closed soon if it is done."""
    job = force.world.jobs[unit.ref]
    job.units.remove(unit.callsign)
    unit.ref = ""
    if job.units:
        return
    if job.attended and not job.left:
        force.plan_item(at + int(spread(job.draws[11], 14, 80) * MINUTE), "close", job.ref)
    else:
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
    crime = crimes.record(force, at, job) if job.draws[20] < force.types["p_crime"][job.kind] else None
    force.emit(at, "incident.closed", ref, "Crime recorded" if crime else _result(force, job), crime)


def _result(force: Force, job: Job) -> str:
    name = force.types["type"][job.kind]
    attended = words.RESULTS.get(name) or words.RESULTS[force.types["category"][job.kind]]
    results = attended if job.attended else words.CALLBACKS.get(name, words.DESK)
    return results[int(job.draws[21] * len(results))]

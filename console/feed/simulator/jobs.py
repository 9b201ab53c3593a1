"""Incidents under way: given units in priority, waiting for them, closed."""

from __future__ import annotations

from bisect import insort

import numpy as np

from console.feed.simulator import crimes, units, words
from console.feed.simulator.force import Force
from console.feed.simulator.world import ASSIGNED, EN_ROUTE, SECOND, Job, Unit

FAR_KM = (60.0, 30.0, 18.0, 0.0)
NEAR_KM = 7.0  # an Immediate takes no unit from its way to another if one this near can be sent
SPARE = 14  # free units below which an appointment waits
RECEIVED = 15


def send(force: Force, at: int, number: int, _: int) -> None:
    """Look for units for an incident that is due."""
    job = force.world.jobs.get(number)
    if job is None:
        return
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
    drawn = force.draw()
    turnout = int((15 + 45 * drawn) * SECOND)
    if unit.state == EN_ROUTE:
        turnout = 5 * SECOND
        units.place(force, unit, at)
        drop(force, at, unit, force.world.jobs[unit.job])
    job.units.append(unit.index)
    unit.job = job.number
    force.status(at, unit, ASSIGNED)
    unit.step += 1
    force.plan(at + turnout, "step", unit.index, unit.step)
    if drawn < 0.06:
        force.message(at + 4 * SECOND, unit, RECEIVED)


def drop(force: Force, at: int, unit: Unit, job: Job) -> None:
    """Take a unit off its job, which waits again if nothing is done there, or closes in a while if it is done."""
    job.units.remove(unit.index)
    unit.job = 0
    if job.units:
        return
    if job.attended and not job.left:
        del force.world.jobs[job.number]
        close(force, at + job.wraps_up, job)
    else:
        wait(force, job)


def wait(force: Force, job: Job) -> None:
    """Let a job wait for units, behind what is more urgent and what has waited longer."""
    place = (job.grade, job.created, job.number)
    if place not in force.world.waiting:
        insort(force.world.waiting, place)


def settle(force: Force, job: Job) -> None:
    """Let a job wait no more."""
    waiting = force.world.waiting
    if waiting and (place := (job.grade, job.created, job.number)) in waiting:
        waiting.remove(place)


def close(force: Force, at: int, job: Job) -> None:
    """Close an incident, now or at a time to come, with a crime recorded if one was found."""
    if job.crime:
        force.emit("incident.closed", (at, job.ref, "Crime recorded", crimes.record(force, at, job)))
    else:
        force.emit("incident.closed", (at, job.ref, _result(force, job), None))


def _result(force: Force, job: Job) -> str:
    name = force.types["type"][job.kind]
    attended = words.RESULTS.get(name) or words.RESULTS[force.types["category"][job.kind]]
    results = attended if job.attended else words.CALLBACKS.get(name, words.DESK)
    return results[int(force.draw() * len(results))]

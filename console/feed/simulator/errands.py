"""The errands of a unit: sent, travelling, at the scene, stood down, free again."""

from __future__ import annotations

from console.feed.simulator import jobs, units, words
from console.feed.simulator.force import SENT, Force
from console.feed.simulator.hours import local_hour
from console.feed.simulator.jobs import FAR_KM
from console.feed.simulator.plan import spread
from console.feed.simulator.tables import speeds
from console.feed.simulator.world import (
    ASSIGNED,
    AT_SCENE,
    COMMITTED,
    DEPLOYABLE,
    EMERGENCY,
    EN_ROUTE,
    ESCORT,
    MINUTE,
    OFF,
    PATROL,
    SECOND,
    STATION,
    Job,
    Unit,
)

CALL_BACK, URGENT_CALL_BACK = 13, 14


def step(force: Force, at: int, index: int, step: int) -> None:
    """Do what a unit's present errand comes to; an errand since overtaken is left."""
    unit = force.units[index]
    if step == unit.step:
        NEXT.get(unit.state, release)(force, at, unit)


def wait(force: Force, at: int, unit: Unit) -> None:
    """Do nothing as long as the emergency lasts."""
    force.plan(at + 2 * MINUTE, "step", unit.index, unit.step)


def set_off(force: Force, at: int, unit: Unit) -> None:
    """Set off to the job, at the road's speed."""
    job = force.world.jobs[unit.job]
    km = units.km(unit.lon, unit.lat, job)
    day, night = speeds()["urban" if km < 9 and force.beats.urban[job.beat] else "rural"]
    kmh = (day if 6 <= local_hour(at) < 21 else night) * (1.12 if job.grade == 0 else 0.8)
    minutes = 1.0 + km / kmh * 60 * (0.85 + 0.4 * force.draw())
    unit.from_lon, unit.from_lat, unit.to_lon, unit.to_lat = unit.lon, unit.lat, job.lon, job.lat
    unit.set_off, unit.arrive = at, at + int(minutes * MINUTE)
    force.status(at, unit, EN_ROUTE)
    unit.step += 1
    force.plan(unit.arrive, "step", unit.index, unit.step)


def arrive(force: Force, at: int, unit: Unit) -> None:
    """Arrive, and stay as long as the type takes, or as what units relieved have left there."""
    job = force.world.jobs[unit.job]
    unit.lon, unit.lat, unit.beat = job.lon, job.lat, job.beat
    force.status(at, unit, AT_SCENE)
    share = 0.6 if job.attended else 1.0
    if not job.attended:
        job.attended, job.by = True, unit.index
        if unit.crew > 1 and job.eased:
            suffice(force, at, job, unit)
    jobs.settle(force, job)
    drawn = force.draw()
    stay = spread(drawn, *force.stays[job.kind]) * share
    unit.done = at + (job.left or int(max(240, stay) * SECOND))
    job.left = 0
    unit.step += 1
    force.plan(unit.done, "step", unit.index, unit.step)
    if drawn < 0.5:
        lines = words.SCENE[force.types["category"][job.kind]]
        force.emit("incident.logged", (at + 3 * MINUTE, job.ref, unit.callsign, lines[int(drawn * 2 * len(lines))]))
    elif job.grade == 0 and drawn < 0.52:
        force.message(at + 200 * SECOND, unit, URGENT_CALL_BACK)
    if drawn > 1 - 1.6 / 1000:
        force.plan(at + 100 * SECOND, "press", unit.index, unit.step)


def suffice(force: Force, at: int, job: Job, unit: Unit) -> None:
    """Stand down the units still to come: the one at the scene needs no help."""
    coming = [other for index in job.units if (other := force.units[index]).state in (ASSIGNED, EN_ROUTE)]
    job.need = len(job.units) - len(coming)
    if coming:
        force.emit("incident.logged", (at, job.ref, unit.callsign, words.NOT_NEEDED))
    for other in coming:
        job.units.remove(other.index)
        stand_down(force, at, other)


def call_off(force: Force, at: int, number: int, _: int) -> None:
    """Close an incident that its caller calls off, if no unit has been there."""
    job = force.world.jobs.get(number)
    if job is None or job.attended:
        return
    del force.world.jobs[number]
    jobs.settle(force, job)
    force.emit("incident.logged", (at, job.ref, job.author, words.CALLED_OFF))
    force.emit("incident.closed", (at, job.ref, words.CANCELLED, None))
    for index in job.units:
        stand_down(force, at, force.units[index])


def stand_down(force: Force, at: int, unit: Unit) -> None:
    """Free a unit of a job that needs it no more."""
    if unit.state == EN_ROUTE:
        units.place(force, unit, at)
    unit.job = 0
    unit.step += 1
    release(force, at, unit)


def press(force: Force, at: int, index: int, step: int) -> None:
    """Press the emergency button."""
    unit = force.units[index]
    if unit.state == AT_SCENE and step == unit.step:
        force.status(at, unit, EMERGENCY)
        force.plan(at + 85 * SECOND, "back", index)


def back(force: Force, at: int, index: int, _: int) -> None:
    """End the emergency."""
    unit = force.units[index]
    if unit.state == EMERGENCY:
        force.status(at, unit, AT_SCENE)


def clear(force: Force, at: int, unit: Unit) -> None:
    """Leave the scene: an escort, what is to be written up (half of it by a unit that can be sent), or free at once."""
    job = force.world.jobs[unit.job]
    jobs.drop(force, at, unit, job)
    drawn = force.draw()
    unit.step += 1
    if not job.units and force.draw() < (0.16 if job.grade == 0 else 0.05):
        force.status(at, unit, ESCORT)
        force.plan(at + int((20 + 25 * drawn) * MINUTE), "step", unit.index, unit.step)
    elif drawn < 0.78:
        force.status(at, unit, DEPLOYABLE if force.draw() < 0.5 else COMMITTED)
        force.plan(at + int(spread(drawn / 0.78, 42, 110) * MINUTE), "step", unit.index, unit.step)
        if drawn < 0.02:
            force.message(at + 5 * MINUTE, unit, CALL_BACK)
    else:
        release(force, at, unit)


def escorted(force: Force, at: int, unit: Unit) -> None:
    """Hand the prisoner over, and write it up."""
    unit.step += 1
    force.status(at, unit, COMMITTED)
    force.plan(at + (70 + unit.step * 13 % 70) * MINUTE, "step", unit.index, unit.step)


def release(force: Force, at: int, unit: Unit) -> None:
    """Make a unit available, and send it where it is most needed."""
    if at >= unit.leave:
        if unit.state in (PATROL, STATION):
            units.book_off(force, at, unit)
            return
        force.status(at, unit, STATION)
        force.plan(at + 2 * MINUTE, "leave", unit.index)
        return
    force.status(at, unit, PATROL if unit.step % 4 else STATION)
    if unit.kind not in SENT or unit.leave - at <= units.LEAVING:
        return
    for _, _, number in force.world.waiting:
        job = force.world.jobs[number]
        if len(job.units) < job.need and units.km(unit.lon, unit.lat, job) <= FAR_KM[job.grade]:
            jobs.assign(force, at, unit, job)
            if len(job.units) >= job.need:
                jobs.settle(force, job)
            return
    if unit.hungry:
        force.plan(at + 5 * MINUTE, "refs", unit.index)


def rest(force: Force, at: int, unit: Unit) -> None:
    """Do nothing: the unit is off duty."""


NEXT = {EMERGENCY: wait, ASSIGNED: set_off, EN_ROUTE: arrive, AT_SCENE: clear, ESCORT: escorted, OFF: rest}
"""By state, what follows it in time; any other ends in being free."""

"""The errands of a unit: sent, travelling, at the scene, stood down, free again."""

from __future__ import annotations

from console.feed.simulator import duties, jobs, units, words
from console.feed.simulator.force import SENT, Force
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


def step(force: Force, at: int, callsign: str, step: int) -> None:
    """Do what a unit's present errand comes to; an errand since overtaken is left."""
    unit = force.units[callsign]
    if step != unit.step:
        return
    if unit.state == EMERGENCY:
        force.plan_item(at + 2 * MINUTE, "step", callsign, step)
    elif unit.state == ASSIGNED:
        set_off(force, at, unit)
    elif unit.state == EN_ROUTE:
        arrive(force, at, unit)
    elif unit.state == AT_SCENE:
        clear(force, at, unit)
    elif unit.state == ESCORT:
        unit.step += 1
        force.status(at, unit, COMMITTED)
        force.plan_item(at + (70 + unit.step * 13 % 70) * MINUTE, "step", callsign, unit.step)
    elif unit.state != OFF:
        release(force, at, unit)


def set_off(force: Force, at: int, unit: Unit) -> None:
    """Set off to the job, at the road's speed."""
    job = force.world.jobs[unit.ref]
    dark = not 6 <= duties.local_hour(at) < 21
    km = units.km((unit.lon, unit.lat), job)
    road = "urban" if km < 9 and force.beats.urban[job.beat] else "rural"
    kmh = speeds()[road][dark] * (1.12 if job.grade == 0 else 0.8)
    minutes = 1.0 + km / kmh * 60 * (0.85 + 0.4 * jobs.draw(force, job))
    unit.from_lon, unit.from_lat, unit.to_lon, unit.to_lat = unit.lon, unit.lat, job.lon, job.lat
    unit.set_off, unit.arrive = at, at + int(minutes * MINUTE)
    force.status(at, unit, EN_ROUTE)
    unit.step += 1
    force.plan_item(unit.arrive, "step", unit.callsign, unit.step)


def arrive(force: Force, at: int, unit: Unit) -> None:
    """Arrive, and stay as long as the type takes, or as what units relieved have left there."""
    job = force.world.jobs[unit.ref]
    unit.lon, unit.lat, unit.beat = job.lon, job.lat, job.beat
    force.status(at, unit, AT_SCENE)
    share = 0.6 if job.attended else 1.0
    if not job.attended:
        job.attended, job.by = True, unit.callsign
        if unit.crew > 1 and job.draws[4] < 0.5:
            suffice(force, at, job)
    jobs.settle(force, job)
    draw = jobs.draw(force, job)
    stay = spread(draw, force.types["on_scene_median_s"][job.kind], force.types["on_scene_p90_s"][job.kind]) * share
    unit.done = at + (job.left or int(max(240, stay) * SECOND))
    job.left = 0
    unit.step += 1
    force.plan_item(unit.done, "step", unit.callsign, unit.step)
    if draw < 0.5:
        lines = words.SCENE[force.types["category"][job.kind]]
        force.emit(at + 3 * MINUTE, "incident.logged", job.ref, unit.callsign, lines[int(draw * 2 * len(lines))])
    elif job.grade == 0 and draw < 0.52:
        force.message(at + 200 * SECOND, unit, URGENT_CALL_BACK)
    if draw > 1 - 1.6 / 1000:
        force.plan_item(at + 100 * SECOND, "press", unit.callsign, unit.step)


def suffice(force: Force, at: int, job: Job) -> None:
    """Stand down the units still to come: the one at the scene needs no help."""
    coming = [unit for unit in map(force.units.__getitem__, job.units) if unit.state in (ASSIGNED, EN_ROUTE)]
    job.need = len(job.units) - len(coming)
    if coming:
        force.emit(at, "incident.logged", job.ref, job.by, words.NOT_NEEDED)
    for unit in coming:
        job.units.remove(unit.callsign)
        stand_down(force, at, unit)


def call_off(force: Force, at: int, ref: str) -> None:
    """Close an incident that its caller calls off, if no unit has been there."""
    job = force.world.jobs.get(ref)
    if job is None or job.attended:
        return
    del force.world.jobs[ref]
    jobs.settle(force, job)
    force.emit(at, "incident.logged", ref, f"CR{1 + int(job.draws[5] * 60):02d}", words.CALLED_OFF)
    force.emit(at, "incident.closed", ref, words.CANCELLED, None)
    for callsign in job.units:
        stand_down(force, at, force.units[callsign])


def stand_down(force: Force, at: int, unit: Unit) -> None:
    """Free a unit of a job that needs it no more."""
    if unit.state == EN_ROUTE:
        units.place(force, unit, at)
    unit.ref = ""
    unit.step += 1
    release(force, at, unit)


def press(force: Force, at: int, callsign: str, step: int) -> None:
    """Press the emergency button."""
    unit = force.units[callsign]
    if unit.state == AT_SCENE and step == unit.step:
        force.status(at, unit, EMERGENCY)
        force.plan_item(at + 85 * SECOND, "back", callsign)


def back(force: Force, at: int, callsign: str) -> None:
    """End the emergency."""
    unit = force.units[callsign]
    if unit.state == EMERGENCY:
        force.status(at, unit, AT_SCENE)


def clear(force: Force, at: int, unit: Unit) -> None:
    """Leave the scene: an escort, what is to be written up (half of it by a unit that can be sent), or free at once."""
    job = force.world.jobs[unit.ref]
    jobs.drop(force, at, unit)
    draw = jobs.draw(force, job)
    unit.step += 1
    if not job.units and job.draws[23] < (0.16 if job.grade == 0 else 0.05):
        force.status(at, unit, ESCORT)
        force.plan_item(at + int((20 + 25 * draw) * MINUTE), "step", unit.callsign, unit.step)
    elif draw < 0.78:
        force.status(at, unit, DEPLOYABLE if jobs.draw(force, job) < 0.5 else COMMITTED)
        force.plan_item(at + int(spread(draw / 0.78, 42, 110) * MINUTE), "step", unit.callsign, unit.step)
        if draw < 0.02:
            force.message(at + 5 * MINUTE, unit, CALL_BACK)
    else:
        release(force, at, unit)


def release(force: Force, at: int, unit: Unit) -> None:
    """Make a unit available, and send it where it is most needed."""
    if at >= unit.leave:
        if unit.state in (PATROL, STATION):
            units.book_off(force, at, unit)
            return
        force.status(at, unit, STATION)
        force.plan_item(at + 2 * MINUTE, "leave", unit.callsign)
        return
    force.status(at, unit, PATROL if unit.step % 4 else STATION)
    if unit.kind not in SENT or unit.leave - at <= units.LEAVING:
        return
    for _, _, ref in force.world.waiting:
        job = force.world.jobs[ref]
        if len(job.units) < job.need and units.km((unit.lon, unit.lat), job) <= FAR_KM[job.grade]:
            jobs.assign(force, at, unit, job)
            if len(job.units) >= job.need:
                jobs.settle(force, job)
            return
    if unit.hungry:
        force.plan_item(at + 5 * MINUTE, "refs", unit.callsign)

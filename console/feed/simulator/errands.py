"""The life of a unit: on duty, sent, travelling, at the scene, free again, off duty."""

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
    EMERGENCY,
    EN_ROUTE,
    ESCORT,
    HOUR,
    MINUTE,
    OFF,
    PATROL,
    REFS,
    SECOND,
    STATION,
    Unit,
)

TICK = 30 * SECOND


def shift(force: Force, at: int, callsign: str, leave: int) -> None:
    """Bring a unit on duty."""
    unit = force.units[callsign]
    if unit.state != OFF:
        return
    unit.lon, unit.lat, unit.beat = unit.home_lon, unit.home_lat, unit.home
    unit.leave, unit.refreshed, unit.hungry = leave, False, False
    unit.step += 1
    force.status(at, unit, 1)
    for officer in unit.officers[: unit.crew]:
        force.emit(at, "duty.started", officer, callsign, unit.leave)
    force.plan_item(at + (4 + unit.step % 9) * MINUTE, "step", callsign, unit.step)
    force.plan_item(unit.leave, "leave", callsign)
    if unit.leave - at > 5 * HOUR:
        force.plan_item(at + (unit.leave - at) * (35 + unit.step % 30) // 100, "refs", callsign)


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
    dark = duties.local_hour(at) in (21, 22, 23, 0, 1, 2, 3, 4, 5)
    km = units.km(unit, job)
    urban, rural = (speeds()[name][dark] for name in ("urban", "rural"))
    kmh = urban if force.beats.urban[job.beat] and km < 9 else rural
    kmh *= 1.12 if job.grade == 0 else 0.8
    minutes = 1.0 + km / kmh * 60 * (0.85 + 0.4 * jobs.draw(force, job))
    unit.from_lon, unit.from_lat, unit.to_lon, unit.to_lat = unit.lon, unit.lat, job.lon, job.lat
    unit.set_off, unit.arrive = at, at + int(minutes * MINUTE)
    force.status(at, unit, EN_ROUTE)
    unit.step += 1
    force.plan_item(unit.arrive, "step", unit.callsign, unit.step)


def arrive(force: Force, at: int, unit: Unit) -> None:
    """Arrive, and stay as long as the type takes."""
    job = force.world.jobs[unit.ref]
    unit.lon, unit.lat, unit.beat = job.lon, job.lat, job.beat
    force.status(at, unit, AT_SCENE)
    share = 0.6 if job.attended else 1.0
    job.attended = True
    jobs.settle(force, job)
    draw = jobs.draw(force, job)
    stay = spread(draw, force.types["on_scene_median_s"][job.kind], force.types["on_scene_p90_s"][job.kind]) * share
    unit.step += 1
    force.plan_item(at + int(max(240, stay) * SECOND), "step", unit.callsign, unit.step)
    if draw < 0.5:
        lines = words.SCENE[force.types["category"][job.kind]]
        line = lines[int(draw * 2 * len(lines))]
        force.emit(at + 3 * MINUTE, "incident.logged", job.ref, unit.callsign, line)
    if draw > 1 - 1.6 / 1000:
        force.plan_item(at + 100 * SECOND, "press", unit.callsign, unit.step)


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
    """Leave the scene: an escort, paperwork, or free at once."""
    job = force.world.jobs[unit.ref]
    job.units.remove(unit.callsign)
    last = not job.units
    unit.ref = ""
    draw = jobs.draw(force, job)
    arrest = job.draws[23] < (0.16 if job.grade == 0 else 0.05) and last
    unit.step += 1
    if arrest:
        force.status(at, unit, ESCORT)
        force.plan_item(at + int((20 + 25 * draw) * MINUTE), "step", unit.callsign, unit.step)
    elif draw < 0.78:
        force.status(at, unit, COMMITTED)
        force.plan_item(at + int(spread(draw / 0.78, 42, 110) * MINUTE), "step", unit.callsign, unit.step)
    else:
        release(force, at, unit)
    if last:
        force.plan_item(at + int(spread(job.draws[11], 14, 80) * MINUTE), "close", job.ref)


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
        if len(job.units) < job.need and units.km(unit, job) <= FAR_KM[job.grade]:
            jobs.assign(force, at, unit, job)
            if len(job.units) >= job.need:
                jobs.settle(force, job)
            return
    if unit.hungry:
        force.plan_item(at + 5 * MINUTE, "refs", unit.callsign)


def refs(force: Force, at: int, callsign: str) -> None:
    """Take refreshments when free."""
    unit = force.units[callsign]
    if unit.state in (PATROL, STATION) and not unit.refreshed and at < unit.leave - HOUR:
        unit.refreshed, unit.hungry = True, False
        unit.step += 1
        force.status(at, unit, REFS)
        force.plan_item(at + (30 + unit.step % 16) * MINUTE, "step", callsign, unit.step)
    elif not unit.refreshed and at < unit.leave - 2 * HOUR:
        unit.hungry = True


def leave(force: Force, at: int, callsign: str) -> None:
    """Go off duty at the end of the shift, if free."""
    unit = force.units[callsign]
    if at >= unit.leave and unit.state in (PATROL, STATION):
        units.book_off(force, at, unit)


def tick(force: Force, at: int) -> None:
    """Say where units are: those on the way every time, those that stand still every eighth."""
    force.plan_item(at + TICK, "tick", "")
    turn = at // TICK % 8
    for index, unit in enumerate(force.world.units):
        if unit.state == OFF:
            continue
        if unit.state == EN_ROUTE:
            units.place(force, unit, at)
        elif index % 8 != turn:
            continue
        force.emit(at + index % 30 * SECOND, "unit.moved", unit.callsign, unit.lon, unit.lat, force.beats.codes[unit.beat])

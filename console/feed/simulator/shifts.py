"""The shift of a unit around its errands: on duty, refreshments, court, relieved, off duty; and where it is meanwhile."""

from __future__ import annotations

from console.feed.simulator import jobs, units, words
from console.feed.simulator.force import FREE, Force
from console.feed.simulator.world import AT_SCENE, COURT, EMERGENCY, EN_ROUTE, HOUR, MINUTE, OFF, ON, REFS, SECOND, STATION

TICK = 30 * SECOND
OVERTIME = 2 * HOUR
LITTLE = 15 * MINUTE  # of work that is not handed over


def start(force: Force, at: int, index: int, leave: int) -> None:
    """Bring a unit on duty."""
    unit = force.units[index]
    if unit.state != OFF:
        return
    unit.lon, unit.lat, unit.beat = unit.home_lon, unit.home_lat, unit.home
    unit.leave, unit.refreshed, unit.hungry = leave, False, False
    unit.step += 1
    force.status(at, unit, ON)
    for officer in unit.officers:
        force.emit("duty.started", (at, officer, unit.callsign, leave))
    force.plan(at + (4 + unit.step % 9) * MINUTE, "step", index, unit.step)
    force.plan(leave, "leave", index)
    if leave - at > 5 * HOUR:
        force.plan(at + (leave - at) * (35 + unit.step % 30) // 100, "refs", index)


def refs(force: Force, at: int, index: int, _: int) -> None:
    """Take refreshments when free."""
    unit = force.units[index]
    if unit.state in FREE and not unit.refreshed and at < unit.leave - HOUR:
        unit.refreshed, unit.hungry = True, False
        unit.step += 1
        force.status(at, unit, REFS)
        force.plan(at + (30 + unit.step % 16) * MINUTE, "step", index, unit.step)
    elif not unit.refreshed and at < unit.leave - 2 * HOUR:
        unit.hungry = True


def court(force: Force, at: int, index: int, minutes: int) -> None:
    """Go to court for some time, if free."""
    unit = force.units[index]
    if unit.state in FREE and at + minutes * MINUTE < unit.leave:
        unit.step += 1
        force.status(at, unit, COURT)
        force.plan(at + minutes * MINUTE, "step", index, unit.step)


def leave(force: Force, at: int, index: int, _: int) -> None:
    """Go off duty at the end of the shift, if free; if not, be relieved in a while."""
    unit = force.units[index]
    if at >= unit.leave and unit.state in FREE:
        units.book_off(force, at, unit)
    elif at == unit.leave:
        force.plan(at + OVERTIME, "relieve", index, at)


def relieve(force: Force, at: int, index: int, leave: int) -> None:
    """Relieve a unit long past the end of its shift of whatever it does; what is left at a scene is for another."""
    unit = force.units[index]
    if unit.leave != leave or unit.state == OFF or unit.state in FREE:
        return
    if unit.job:
        job = force.world.jobs[unit.job]
        alone = job.units == [index]
        if alone and unit.state in (AT_SCENE, EMERGENCY) and unit.done - at > LITTLE:
            job.need, job.left = 1, unit.done - at
            force.emit("incident.logged", (at, job.ref, unit.callsign, words.RELIEVED))
        jobs.drop(force, at, unit, job)
        if alone and job.left:
            jobs.dispatch(force, at, job)
    unit.step += 1
    force.status(at, unit, STATION)
    force.plan(at + 2 * MINUTE, "leave", index)


def tick(force: Force, at: int, _: int, __: int) -> None:
    """Say where units are: those on the way every time, those that stand still every eighth."""
    force.plan(at + TICK, "tick")
    turn = at // TICK % 8
    for index, unit in enumerate(force.units):
        if unit.state == OFF:
            continue
        if unit.state == EN_ROUTE:
            units.place(force, unit, at)
        elif index % 8 != turn:
            continue
        force.emit("unit.moved", (at + index % 30 * SECOND, unit.callsign, unit.lon, unit.lat, force.beats.codes[unit.beat]))

"""What units have in common: how far they are, which is nearest, where one on its way is by now."""

from __future__ import annotations

from operator import itemgetter

import numpy as np

from console.feed.simulator.force import NOWHERE, Force, Places, point
from console.feed.simulator.world import EN_ROUTE, MINUTE, OFF, Job, Unit

DETOUR = 1.3
KM = 111.2 * DETOUR  # of road, in a degree of latitude
LEAVING = 10 * MINUTE


def nearest(force: Force, places: Places, job: Job, at: int) -> tuple[float, Unit | None]:
    """Return the nearest unit of those places that isn't about to leave, and its road distance in km."""
    apart = np.abs(places - point(job.lon, job.lat))
    while (least := apart[index := int(apart.argmin())]) < NOWHERE:
        unit = force.world.units[index]
        if unit.leave - at > LEAVING:
            return KM * float(least), unit
        apart[index] = NOWHERE
    return NOWHERE, None


def nearest_moving(force: Force, job: Job, at: int) -> tuple[float, Unit | None]:
    """Return the nearest unit on its way to what is less urgent, and its road distance in km."""
    open_jobs = force.world.jobs
    moving = [unit for unit in force.world.units if unit.state == EN_ROUTE and open_jobs[unit.ref].grade > job.grade]
    return min(((km(whereabouts(unit, at), job), unit) for unit in moving), key=itemgetter(0), default=(NOWHERE, None))


def km(place: tuple[float, float], job: Job) -> float:
    """Return the road distance from a place to a job in km: straight line times the detour."""
    return KM * abs(point(*place) - point(job.lon, job.lat))


def book_off(force: Force, at: int, unit: Unit) -> None:
    """Take a unit and its officers off duty."""
    unit.step += 1
    force.status(at, unit, OFF)
    for officer in unit.officers[: unit.crew]:
        force.emit(at, "duty.ended", officer)
    force.emit(at + 1, "unit.tasked", unit.callsign, None)


def whereabouts(unit: Unit, at: int) -> tuple[float, float]:
    """Return where a travelling unit is on its straight line by now."""
    share = min(1.0, max(0.0, (at - unit.set_off) / max(1, unit.arrive - unit.set_off)))
    return unit.from_lon + share * (unit.to_lon - unit.from_lon), unit.from_lat + share * (unit.to_lat - unit.from_lat)


def place(force: Force, unit: Unit, at: int) -> None:
    """Put a travelling unit where it is by now."""
    lon, lat = whereabouts(unit, at)
    unit.lon, unit.lat = round(lon, 5), round(lat, 5)
    unit.beat = force.beats.nearest(unit.lon, unit.lat)

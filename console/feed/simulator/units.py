"""What units have in common: how far they are, which is nearest, where one on its way is by now."""

from __future__ import annotations

from math import hypot

import numpy as np

from console.feed.simulator.force import NARROW, NOWHERE, Column, Force
from console.feed.simulator.world import MINUTE, OFF, Job, Unit

DETOUR = 1.3
KM = 111.2 * DETOUR  # of road, in a degree of latitude
LEAVING = 10 * MINUTE


def nearest(force: Force, places: Column, job: Job, at: int) -> tuple[float, Unit | None]:
    """Return the nearest unit of those places that isn't about to leave, and its road distance in km."""
    apart = np.abs(places - complex(job.lon * NARROW, job.lat))
    while (least := apart[index := apart.argmin()]) < NOWHERE:
        unit = force.units[index]
        if unit.leave - at > LEAVING:
            return KM * float(least), unit
        apart[index] = NOWHERE
    return NOWHERE, None


def nearest_moving(force: Force, job: Job, at: int) -> tuple[float, Unit | None]:
    """Return the nearest unit on its way to what is less urgent, and its road distance in km."""
    jobs = force.world.jobs
    moving = [unit for unit in force.moving.values() if jobs[unit.job].grade > job.grade]
    apart, index = min(((km(*whereabouts(unit, at), job), unit.index) for unit in moving), default=(NOWHERE, -1))
    return apart, force.moving.get(index)


def km(lon: float, lat: float, job: Job) -> float:
    """Return the road distance from a place to a job in km: straight line times the detour."""
    return KM * hypot((lon - job.lon) * NARROW, lat - job.lat)


def book_off(force: Force, at: int, unit: Unit) -> None:
    """Take a unit and its officers off duty."""
    unit.step += 1
    force.status(at, unit, OFF)
    for officer in unit.officers:
        force.emit("duty.ended", (at, officer))
    force.emit("unit.tasked", (at + 1, unit.callsign, None))


def whereabouts(unit: Unit, at: int) -> tuple[float, float]:
    """Return where a travelling unit is on its straight line by now."""
    share = min(1.0, max(0.0, (at - unit.set_off) / max(1, unit.arrive - unit.set_off)))
    return unit.from_lon + share * (unit.to_lon - unit.from_lon), unit.from_lat + share * (unit.to_lat - unit.from_lat)


def place(force: Force, unit: Unit, at: int) -> None:
    """Put a travelling unit where it is by now."""
    lon, lat = whereabouts(unit, at)
    unit.lon, unit.lat = round(lon, 5), round(lat, 5)
    unit.beat = force.beats.nearest(unit.lon, unit.lat)

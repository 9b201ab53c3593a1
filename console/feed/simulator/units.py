"""What units have in common: how far they are, which is nearest, where one on its way is by now."""

from __future__ import annotations

import math
from collections.abc import Iterable

from console.feed.simulator.force import NOWHERE, Force
from console.feed.simulator.world import MINUTE, OFF, Job, Unit

DETOUR = 1.3
NARROW = 0.626  # a degree of longitude in degrees of latitude, at 51.2 north
LEAVING = 10 * MINUTE


def nearest_free(force: Force, job: Job, at: int) -> Unit | None:
    """Return the nearest unit that can be sent and isn't about to leave."""
    squared = ((force.lon - job.lon) * NARROW) ** 2 + (force.lat - job.lat) ** 2
    while squared[index := int(squared.argmin())] < NOWHERE:
        unit = force.world.units[index]
        if unit.leave - at > LEAVING:
            return unit
        squared[index] = NOWHERE
    return None


def nearest(job: Job, units: Iterable[Unit]) -> Unit:
    """Return the unit nearest to a job."""
    return min(units, key=lambda unit: km(unit, job))


def km(unit: Unit, job: Job) -> float:
    """Return the road distance from a unit to a job in km: straight line times the detour."""
    return 111.2 * math.hypot((unit.lon - job.lon) * NARROW, unit.lat - job.lat) * DETOUR


def book_off(force: Force, at: int, unit: Unit) -> None:
    """Take a unit and its officers off duty."""
    unit.step += 1
    force.status(at, unit, OFF)
    for officer in unit.officers[: unit.crew]:
        force.emit(at, "duty.ended", officer)
    force.emit(at + 1, "unit.tasked", unit.callsign, None)


def place(force: Force, unit: Unit, at: int) -> None:
    """Put a travelling unit where it is on its straight line by now."""
    share = min(1.0, max(0.0, (at - unit.set_off) / max(1, unit.arrive - unit.set_off)))
    unit.lon = round(unit.from_lon + share * (unit.to_lon - unit.from_lon), 5)
    unit.lat = round(unit.from_lat + share * (unit.to_lat - unit.from_lat), 5)
    unit.beat = force.beats.nearest(unit.lon, unit.lat)

"""What units have in common: their state told, their place, how far they are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from console.feed.simulator.world import OFF, PATROL, STATION, Job, Unit

if TYPE_CHECKING:
    from console.feed.simulator.force import Force

SENT = frozenset(("response", "neighbourhood", "roads", "firearms", "dogs"))
DETOUR = 1.3


def free(unit: Unit) -> bool:
    """Return whether a unit can be sent to a call."""
    return unit.state in (PATROL, STATION) and unit.kind in SENT


def nearest(job: Job, units: list[Unit]) -> Unit:
    """Return the unit nearest to a job."""
    lon, lat = job.lon, job.lat
    return min(units, key=lambda unit: ((unit.lon - lon) * 0.626) ** 2 + (unit.lat - lat) ** 2)


def km(unit: Unit, job: Job) -> float:
    """Return the road distance from a unit to a job in km: straight line times the detour."""
    return 111.2 * math.hypot((unit.lon - job.lon) * 0.626, unit.lat - job.lat) * DETOUR


def status(force: Force, at: int, unit: Unit, state: int) -> None:
    """Set and tell a unit's state."""
    unit.state = state
    (force.free.add if free(unit) else force.free.discard)(force.index[unit.callsign])
    force.emit(at, "unit.status", unit.callsign, state, unit.ref or None, unit.lon, unit.lat, force.beats.codes[unit.beat])


def book_off(force: Force, at: int, unit: Unit) -> None:
    """Take a unit and its officers off duty."""
    unit.step += 1
    status(force, at, unit, OFF)
    for officer in unit.officers[: unit.crew]:
        force.emit(at, "duty.ended", officer)
    force.emit(at + 1, "unit.tasked", unit.callsign, None)


def place(force: Force, unit: Unit, at: int) -> None:
    """Put a travelling unit where it is on its straight line by now."""
    share = min(1.0, max(0.0, (at - unit.set_off) / max(1, unit.arrive - unit.set_off)))
    unit.lon = round(unit.from_lon + share * (unit.to_lon - unit.from_lon), 5)
    unit.lat = round(unit.from_lat + share * (unit.to_lat - unit.from_lat), 5)
    unit.beat = force.beats.nearest(unit.lon, unit.lat)

"""Crimes recorded from incidents: what, since when, in whose hands, with what outcome to come."""

from __future__ import annotations

from bisect import bisect_left

from console.feed.simulator.force import INVESTIGATING, Force
from console.feed.simulator.plan import spread
from console.feed.simulator.tables import offences, outcomes
from console.feed.simulator.world import DAY, HOUR, MINUTE, Job, Unit

FOUND_LATER = frozenset(("Violence past", "Burglary dwelling", "Burglary other", "Theft", "Vehicle crime"))


def record(force: Force, at: int, job: Job) -> str:
    """Record a crime, with its allocation and outcome to come; return its reference."""
    name = force.types["type"][job.kind]
    names, shares = offences()[name]
    force.world.number += 1
    ref = f"52{at // DAY - 18000:04d}{force.world.number % 100000:05d}"
    offence = names[min(len(names) - 1, bisect_left(shares, job.draws[22] * shares[-1]))]
    past = int(spread(job.draws[21], 0.6, 16) * HOUR) if name in FOUND_LATER else 10 * MINUTE
    force.emit(
        at, "crime.recorded", ref, offence, job.lon, job.lat, force.beats.codes[job.beat],
        force.beats.places[job.beat][job.address][2], job.ref, job.created - past,
    )  # fmt: skip
    unit = in_the_case(force, job)
    force.emit(at + int(spread(job.draws[18], 9, 60) * HOUR), "crime.allocated", ref, unit.officers[0], unit.team)
    codes, steps, days = outcomes()
    chosen = bisect_left(steps, job.draws[17])
    if chosen < len(codes):
        later = at + int(spread(job.draws[16], days[chosen], days[chosen] * 3) * DAY)
        force.emit(max(later, at + HOUR), "crime.outcome", ref, codes[chosen])
    return ref


def in_the_case(force: Force, job: Job) -> Unit:
    """Return the unit that takes the case: of the crime's district, as often as not the one that was first there."""
    district = force.beats.districts[job.beat]
    first = force.units.get(job.by)
    if first and first.district == district and first.kind in INVESTIGATING and job.draws[0] < 0.5:
        return first
    near = force.investigators[district]
    return near[int(job.draws[19] * len(near))]

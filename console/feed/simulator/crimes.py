"""Crimes recorded from incidents: what, since when, in whose hands, with what outcome to come."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from console.feed.simulator.force import INVESTIGATING, Column, Force
from console.feed.simulator.plan import spreads
from console.feed.simulator.tables import offences, outcomes, types
from console.feed.simulator.world import DAY, HOUR, MINUTE, Job, Unit

FOUND_LATER = frozenset(("Violence past", "Burglary dwelling", "Burglary other", "Theft", "Vehicle crime"))


def courses(kinds: Column, created: Column, draws: Column) -> tuple[Column, Column, Column, Column]:
    """Return of the crimes that may come of incidents when they were committed, how long until each is allocated and until
    it has an outcome (ms), and that outcome's code, 0 for none.
    """
    later = np.array([name in FOUND_LATER for name in types()["type"]])[kinds]
    committed = created - np.where(later, spreads(draws[0], 0.6, 16) * HOUR, 10 * MINUTE).astype(int)
    allocated = (spreads(draws[1], 9, 60) * HOUR).astype(int)
    codes, steps, days = outcomes()
    chosen = np.searchsorted(steps, draws[2])
    median = np.array([*days, 1.0])[chosen]
    outcome_in = np.maximum((spreads(draws[3], median, median * 3) * DAY).astype(int), HOUR)
    return committed, allocated, outcome_in, np.array([*codes, 0])[chosen]


def record(force: Force, at: int, job: Job) -> str:
    """Record a crime, with its allocation and outcome to come; return its reference."""
    names, shares = offences()[force.types["type"][job.kind]]
    ref = f"52{at // DAY - 18000:04d}{job.number % 100000:05d}"
    offence = names[min(len(names) - 1, bisect_left(shares, force.draw() * shares[-1]))]
    street = force.beats.street[job.beat, job.address]
    force.emit("crime.recorded", (at, ref, offence, job.lon, job.lat, force.beats.codes[job.beat], street, job.ref, job.committed))
    unit = in_the_case(force, job)
    force.emit("crime.allocated", (at + job.allocated, ref, unit.officers[0], unit.team))
    if job.outcome:
        force.emit("crime.outcome", (at + job.outcome_in, ref, job.outcome))
    return ref


def in_the_case(force: Force, job: Job) -> Unit:
    """Return the unit that takes the case: of the crime's district, as often as not the one that was first there."""
    district = force.beats.districts[job.beat]
    if job.kept and job.by >= 0 and (first := force.units[job.by]).district == district and first.kind in INVESTIGATING:
        return first
    near = force.investigators[district]
    return near[int(force.draw() * len(near))]

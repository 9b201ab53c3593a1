"""Calls and their answering: who calls in a day, who is answered when, and what becomes an incident."""

from __future__ import annotations

import math
from heapq import heappush, heapreplace

import numpy as np

from console.feed.simulator import duties
from console.feed.simulator.force import Force
from console.feed.simulator.plan import FLAGS, LINES, plan, spread
from console.feed.simulator.tables import GRADES
from console.feed.simulator.world import DAY, SECOND, Job

OPERATORS = (
    [6, 6, 5, 4, 4, 4, 5, 6, 7, 8, 8, 8, 8, 8, 8, 9, 9, 9, 9, 9, 9, 9, 8, 7],
    [7, 6, 5, 4, 4, 4, 5, 8, 12, 14, 15, 15, 15, 15, 15, 15, 16, 16, 15, 15, 13, 12, 10, 8],
    [4] * 24,
)

CONNECTED_S = (((0, 0.67, 0.906, 1), (2, 5, 10, 36)), ((0, 1), (2, 7)), ((0, 1), (2, 7)))
"""By line, shares of calls and the seconds within which they are answered where an operator is free."""
_CONNECTED = [(np.interp(np.arange(0.0005, 1, 0.001), *told) * SECOND).astype(int).tolist() for told in CONNECTED_S]

SET = [tuple(bool(flags >> bit & 1) for bit in range(len(FLAGS))) for flags in range(2 ** len(FLAGS))]


def day(force: Force, at: int) -> None:
    """Put the next day on the agenda, and this day's calls and duties in train."""
    number = at // DAY
    force.plan_item(at + DAY, "day", "")
    drawn = plan(force.world.seed, number)
    calls = list(
        zip(
            drawn.offered,
            drawn.line,
            drawn.incident,
            drawn.beat,
            drawn.address,
            drawn.kind,
            drawn.grade,
            drawn.draws,
            drawn.flags,
            strict=True,
        )
    )
    for told in calls:
        call(force, *told)
    duties.day(force, number)


def call(
    force: Force, at: int, line: int, incident: bool, beat: int, address: int, kind: int, grade: int, draws: list[float], flags: int
) -> None:
    """Take a call: answered or given up, and an incident if it makes one."""
    force.world.number += 1
    number = force.world.number
    contact, call_at, answered, ended = None, None, None, at
    if line >= 0:
        contact, call_at = f"C{number}", at
        force.emit(at, "contact.offered", contact, LINES[line], force.beats.codes[beat])
        answered, ended = answer(force, at, line, incident, draws, contact)
        if answered is None:
            return
    if not incident:
        if contact:
            force.emit(ended, "contact.ended", contact, None)
        return
    ref = f"J-{at // DAY - 18000:04d}-{number % 100000:05d}"
    created = (answered or at) + int((25 + 70 * draws[2]) * SECOND)
    lon, lat, street = force.beats.places[beat][address]
    force.emit(
        created, "incident.created", ref, force.types["type"][kind], GRADES[grade], lon, lat, force.beats.codes[beat],
        street, contact, call_at, answered, *SET[flags],
    )  # fmt: skip
    if contact:
        force.emit(max(ended, created + SECOND), "contact.ended", contact, ref)
    need = 1
    if force.types["units_median"][kind] >= 2 or (grade == 0 and draws[3] < 0.55):
        need = 2 + (grade == 0 and draws[3] < 0.12)
    force.world.jobs[ref] = Job(ref, kind, grade, beat, lon, lat, address, created, draws, need, called=contact is not None)
    force.plan_item(created, "create", ref)


def answer(force: Force, at: int, line: int, incident: bool, draws: list[float], contact: str) -> tuple[int | None, int]:
    """Return when the call was answered (None if given up) and when it ended, by the first operator free."""
    needed = OPERATORS[line][duties.local_hour(at)]
    operators = force.world.lines[line]
    while len(operators) > needed:
        operators.pop()
    while len(operators) < needed:
        heappush(operators, at)
    start = max(at + _CONNECTED[line][int(draws[0] * 1000)], operators[0])
    if not incident:
        patience = (90, 420, 7200)[line] * -math.log(max(1e-6, draws[1])) * SECOND
        if start - at > patience:
            force.emit(at + int(patience), "contact.abandoned", contact)
            return None, at
    length = int(spread(draws[4], (150, 290, 240)[line], (320, 700, 600)[line]) * SECOND)
    heapreplace(operators, start + length)
    force.emit(start, "contact.answered", contact)
    return start, start + length

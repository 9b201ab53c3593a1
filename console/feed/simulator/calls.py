"""Calls and their answering: who calls in a day, and who is answered when."""

from __future__ import annotations

from heapq import heappush, heapreplace

import numpy as np

from console.feed.simulator import duties, incidents
from console.feed.simulator.force import Column, Force
from console.feed.simulator.hours import local_hours
from console.feed.simulator.plan import LINES, Plan, plan, spreads
from console.feed.simulator.world import DAY, SECOND

OPERATORS = np.array((
    [6, 6, 5, 4, 4, 4, 5, 6, 7, 8, 8, 8, 8, 8, 8, 9, 9, 9, 9, 9, 9, 9, 8, 7],
    [7, 6, 5, 4, 4, 4, 5, 8, 12, 14, 15, 15, 15, 15, 15, 15, 16, 16, 15, 15, 13, 12, 10, 8],
    [4] * 24,
))  # fmt: skip

CONNECTED_S = (((0, 0.67, 0.906, 1), (2, 5, 10, 36)), ((0, 1), (2, 7)), ((0, 1), (2, 7)))
"""By line, shares of calls and the seconds within which they are answered where an operator is free."""
PATIENCE_S = (90, 420, 7200)
LENGTH_S = ((150, 320), (290, 700), (240, 600))
"""By line, the median and the 90th percentile."""
EVER = 1000 * DAY
_LINES = np.array(LINES, object)


def day(force: Force, at: int, _: int, __: int) -> None:
    """Put the next day down, and this day's calls and duties in train."""
    force.plan(at + DAY, "day")
    drawn = plan(force.world.seed, at // DAY)
    number = force.world.number + 1 + np.arange(len(drawn.offered))
    force.world.number += len(number)
    answered, gone = _answering(force, drawn)
    made = np.flatnonzero(drawn.incident)
    begun = np.where(answered > 0, answered, drawn.offered)[made] + ((25 + 70 * drawn.draws[3, made]) * SECOND).astype(int)
    gone[made] = np.maximum(gone[made], begun + SECOND)
    start = f"J-{at // DAY - 18000:04d}-"
    refs = np.array([f"{start}{each:05d}" for each in (number[made] % 100000).tolist()], object)
    incident = np.full(len(number), None, object)
    incident[made] = refs
    contact = np.array([f"C{each}" for each in number.tolist()], object)
    called, taken = np.flatnonzero(drawn.line >= 0), np.flatnonzero(answered > 0)
    lost = np.setdiff1d(called, taken)
    lines, codes = _LINES[drawn.line[called]], force.beats.code[drawn.beat[called]]
    force.emit_all("contact.offered", drawn.offered[called], contact[called], lines, codes)
    force.emit_all("contact.answered", answered[taken], contact[taken])
    force.emit_all("contact.abandoned", gone[lost], contact[lost])
    force.emit_all("contact.ended", gone[taken], contact[taken], incident[taken])
    found = drawn.line[made] < 0
    began = contact[made], drawn.offered[made].astype(object), answered[made].astype(object)
    for column in began:
        column[found] = None
    incidents.begin(force, drawn, incidents.Created(number[made], refs, begun, drawn.beat[made], *began))
    duties.day(force, at // DAY)


def _answering(force: Force, drawn: Plan) -> tuple[Column, Column]:
    """Return when each call was answered, 0 for never, and when it ended or was given up, by line."""
    answered, gone = np.zeros((2, len(drawn.offered)), int)
    for line in range(len(LINES)):
        mine = np.flatnonzero(drawn.line == line)
        offered, draws = drawn.offered[mine], drawn.draws[:, mine]
        connected = offered + (np.interp(draws[0], *CONNECTED_S[line]) * SECOND).astype(int)
        patience = (PATIENCE_S[line] * -np.log(draws[1].clip(1e-6)) * SECOND).astype(int)
        gives_up = offered + np.where(drawn.incident[mine], EVER, patience)
        length = (spreads(draws[2], *LENGTH_S[line]) * SECOND).astype(int)
        needed = OPERATORS[line][local_hours(offered)]
        starts = np.array(answer(force.world.lines[line], offered, connected, gives_up, length, needed), int)
        answered[mine] = starts
        gone[mine] = np.where(starts > 0, starts + length, gives_up)
    return answered, gone


def answer(operators: list[int], offered: Column, connected: Column, gives_up: Column, length: Column, needed: Column) -> list[int]:
    """Return when each call of a line was answered by the first operator free, 0 if it was given up before."""
    answered: list[int] = []
    calls = zip(offered.tolist(), connected.tolist(), gives_up.tolist(), length.tolist(), needed.tolist(), strict=True)
    for at, ready, end, lasts, needs in calls:
        while len(operators) != needs:
            if len(operators) < needs:
                heappush(operators, at)
            else:
                operators.pop()
        start = operators[0]
        if start < ready:
            start = ready
        if start > end:
            answered.append(0)
        else:
            heapreplace(operators, start + lasts)
            answered.append(start)
    return answered

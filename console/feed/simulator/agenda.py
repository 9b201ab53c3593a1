"""What happens, one item of the agenda at a time."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop

from console.feed.simulator import calls, errands, jobs, shifts
from console.feed.simulator.force import Force

HANDLERS: dict[str, Callable[[Force, int, str, int], None]] = {
    "day": lambda force, at, key, number: calls.day(force, at),
    "create": lambda force, at, key, number: jobs.create(force, at, key),
    "send": lambda force, at, key, number: jobs.send(force, at, key),
    "close": lambda force, at, key, number: jobs.close(force, at, key),
    "call off": lambda force, at, key, number: errands.call_off(force, at, key),
    "shift": shifts.start,
    "step": errands.step,
    "refs": lambda force, at, key, number: shifts.refs(force, at, key),
    "court": shifts.court,
    "leave": lambda force, at, key, number: shifts.leave(force, at, key),
    "relieve": shifts.relieve,
    "press": errands.press,
    "back": lambda force, at, key, number: errands.back(force, at, key),
    "tick": lambda force, at, key, number: shifts.tick(force, at),
}
"""What is done when an item comes up, by its name."""


def run(force: Force, until: int) -> None:
    """Let everything happen before `until`."""
    agenda = force.world.agenda
    while agenda and agenda[0][0] < until:
        at, _, what, key, number = heappop(agenda)
        force.world.at = at
        HANDLERS[what](force, at, key, number)

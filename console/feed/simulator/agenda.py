"""What happens, one item of the diary at a time."""

from __future__ import annotations

from collections.abc import Callable

from console.feed.simulator import calls, errands, jobs, shifts
from console.feed.simulator.force import Force

HANDLERS: dict[str, Callable[[Force, int, int, int], None]] = {
    "day": calls.day,
    "send": jobs.send,
    "call off": errands.call_off,
    "shift": shifts.start,
    "step": errands.step,
    "refs": shifts.refs,
    "court": shifts.court,
    "leave": shifts.leave,
    "relieve": shifts.relieve,
    "press": errands.press,
    "back": errands.back,
    "tick": shifts.tick,
}
"""What is done when an item comes up, by its name: with when, what it is about, and its number."""


def run(force: Force, until: int) -> None:
    """Let everything happen before `until`."""
    for at, what, about, number in force.world.diary.due(until):
        HANDLERS[what](force, at, about, number)

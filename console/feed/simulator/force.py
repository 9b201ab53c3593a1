"""The world and what happens in it, one agenda item at a time."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from console.feed.simulator import calls, errands, jobs, units
from console.feed.simulator.tables import beats, types
from console.feed.simulator.world import World

HANDLERS: dict[str, Callable[[Force, int, str], None]] = {
    "day": lambda force, at, key: calls.day(force, at),
    "create": jobs.create,
    "send": jobs.send,
    "close": jobs.close,
    "shift": errands.shift,
    "step": errands.step,
    "refs": errands.refs,
    "leave": errands.leave,
    "press": errands.press,
    "back": errands.back,
    "tick": lambda force, at, key: errands.tick(force, at),
}
"""What is done when an item of the agenda comes up, by its name."""


class Force:
    """The world taken up where it stands; `free` are the indices of the units that can be sent."""

    def __init__(self, world: World) -> None:
        """Take the world up."""
        self.world = world
        self.units = {unit.callsign: unit for unit in world.units}
        self.index = {unit.callsign: index for index, unit in enumerate(world.units)}
        self.free = {index for index, unit in enumerate(world.units) if units.free(unit)}
        self.beats = beats()
        self.types = types()

    def plan_item(self, at: int, what: str, key: str) -> None:
        """Put something on the agenda."""
        world = self.world
        world.order += 1
        heappush(world.agenda, (at, world.order, what, key))

    def emit(self, at: int, kind: str, key: str, *values: Any) -> None:
        """Make an event, now or to come; `values` are its payload's fields in order."""
        world = self.world
        world.order += 1
        world.pending.append((at, world.order, kind, key, values))

    def run(self, until: int) -> None:
        """Let everything happen before `until`."""
        agenda = self.world.agenda
        while agenda and agenda[0][0] < until:
            at, _, what, key = heappop(agenda)
            self.world.at = at
            HANDLERS[what](self, at, key)

"""The world taken up where it stands: its agenda, its events, its units and where the free ones are."""

from __future__ import annotations

from heapq import heappush
from typing import Any

import numpy as np

from console.feed.simulator.tables import beats, types
from console.feed.simulator.world import PATROL, STATION, Unit, World

SENT = frozenset(("response", "neighbourhood", "roads", "firearms", "dogs"))
FREE = frozenset((PATROL, STATION))
NOWHERE = np.inf


class Force:
    """The world taken up where it stands; `lon` and `lat` are where each unit that can be sent is, the others nowhere.

    Events before `told_from` (ms) are counted only.
    """

    def __init__(self, world: World) -> None:
        """Take the world up."""
        self.world = world
        self.pending = world.pending
        self.units = {unit.callsign: unit for unit in world.units}
        self.index = {unit.callsign: index for index, unit in enumerate(world.units)}
        self.beats = beats()
        self.types = types()
        self.told_from = 0
        self.lon, self.lat = np.full((2, len(world.units)), NOWHERE)
        self._placed: set[str] = set()
        for unit in world.units:
            self._place(unit)

    def plan_item(self, at: int, what: str, key: str, number: int = 0) -> None:
        """Put something on the agenda, about a key; `number` tells an errand from a later one, or says until when."""
        world = self.world
        world.order += 1
        heappush(world.agenda, (at, world.order, what, key, number))

    def emit(self, at: int, kind: str, key: str, *values: Any) -> None:
        """Make an event, now or to come; `values` are its payload's fields in order."""
        if at < self.told_from:
            self.world.sequence += 1
            return
        self.pending.append((at, kind, key, values))

    def status(self, at: int, unit: Unit, state: int) -> None:
        """Set and tell a unit's state."""
        unit.state = state
        self._place(unit)
        self.emit(at, "unit.status", unit.callsign, state, unit.ref or None, unit.lon, unit.lat, self.beats.codes[unit.beat])

    def _place(self, unit: Unit) -> None:
        callsign = unit.callsign
        if unit.state in FREE and unit.kind in SENT:
            index = self.index[callsign]
            self.lon[index], self.lat[index] = unit.lon, unit.lat
            self._placed.add(callsign)
        elif callsign in self._placed:
            index = self.index[callsign]
            self.lon[index], self.lat[index] = NOWHERE, NOWHERE
            self._placed.remove(callsign)

"""The world taken up where it stands: its agenda, its events, its units and where the free ones are."""

from __future__ import annotations

from collections import defaultdict
from heapq import heappush
from typing import Any

import numpy as np

from console.feed.simulator.tables import beats, types
from console.feed.simulator.world import DEPLOYABLE, PATROL, STATION, Unit, World

SENT = frozenset(("response", "neighbourhood", "roads", "firearms", "dogs"))
FREE = frozenset((PATROL, STATION))
INVESTIGATING = frozenset(("response", "neighbourhood", "investigation"))
NOWHERE = np.inf
NARROW = 0.626  # a degree of longitude in degrees of latitude, at 51.2 north
Places = np.ndarray[Any, Any]


class Force:
    """The world taken up where it stands; `sendable` is where each unit is that can be sent, `free` where it is if it isn't
    committed to anything, as points of the plane; the others are nowhere.

    Events before `told_from` (ms) are counted only.
    """

    def __init__(self, world: World) -> None:
        """Take the world up."""
        self.world = world
        self.pending = world.pending
        self.units = {unit.callsign: unit for unit in world.units}
        self.index = {unit.callsign: index for index, unit in enumerate(world.units) if unit.kind in SENT}
        self.beats = beats()
        self.types = types()
        self.told_from = 0
        self.sendable: Places = np.full(len(world.units), NOWHERE, complex)
        self.free: Places = self.sendable.copy()
        self._placed: set[int] = set()
        self.investigators: defaultdict[str, list[Unit]] = defaultdict(list)
        for unit in world.units:
            self._place(unit)
            if unit.kind in INVESTIGATING:
                self.investigators[unit.district].append(unit)

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

    def message(self, at: int, unit: Unit, code: int) -> None:
        """Tell a message of a unit, now or to come; its state stays what it is."""
        self.emit(at, "unit.status", unit.callsign, code, None, None, None, None)

    def _place(self, unit: Unit) -> None:
        index = self.index.get(unit.callsign)
        if index is None:
            return
        if unit.state in FREE or unit.state == DEPLOYABLE:
            self.sendable[index] = point(unit.lon, unit.lat)
            self.free[index] = self.sendable[index] if unit.state in FREE else NOWHERE
            self._placed.add(index)
        elif index in self._placed:
            self.sendable[index] = self.free[index] = NOWHERE
            self._placed.remove(index)


def point(lon: float, lat: float) -> complex:
    """Return a place as a point of the plane, in degrees of latitude."""
    return complex(lon * NARROW, lat)

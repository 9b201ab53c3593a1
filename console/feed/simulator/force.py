"""The world taken up where it stands: its diary, its events, its units and where those are that can be sent."""

from __future__ import annotations

from collections import defaultdict
from random import Random
from typing import Any

import numpy as np

from console.feed.simulator.tables import beats, types
from console.feed.simulator.world import DEPLOYABLE, EN_ROUTE, PATROL, STATION, Row, Unit, World

SENT = frozenset(("response", "neighbourhood", "roads", "firearms", "dogs"))
FREE = frozenset((PATROL, STATION))
READY = frozenset((PATROL, STATION, DEPLOYABLE))
INVESTIGATING = frozenset(("response", "neighbourhood", "investigation"))
PATROLLING = frozenset(("response", "neighbourhood"))
NOWHERE = np.inf
NARROW = 0.626  # a degree of longitude in degrees of latitude, at 51.2 north
Column = np.ndarray[Any, Any]


class Force:
    """The world taken up where it stands; `sendable` is where each unit is that can be sent, `free` where it is if it isn't
    committed to anything, as points of the plane; the others are nowhere. `moving` are the units on their way,
    `stays` by type the median and the 90th percentile of the seconds at the scene.

    Events before `told_from` (ms) are counted only, in `passed`.
    """

    def __init__(self, world: World) -> None:
        """Take the world up."""
        self.world = world
        self.units = world.units
        self.plan = world.diary.plan
        self._luck = Random()
        self._luck.setstate(world.luck)
        self.draw = self._luck.random
        self.beats = beats()
        self.types = types()
        self.stays = list(zip(self.types["on_scene_median_s"], self.types["on_scene_p90_s"], strict=True))
        self.told_from = 0
        self.passed = 0
        self._moves = world.pending["unit.status"]
        self.sendable: Column = np.full(len(world.units), NOWHERE, complex)
        self.free: Column = self.sendable.copy()
        self.moving: dict[int, Unit] = {}
        self.investigators: defaultdict[str, list[Unit]] = defaultdict(list)
        self.patrols: defaultdict[str, list[Unit]] = defaultdict(list)
        for unit in world.units:
            if unit.state in READY:
                self._ready(unit)
            if unit.state == EN_ROUTE:
                self.moving[unit.index] = unit
            if unit.kind in INVESTIGATING:
                self.investigators[unit.district].append(unit)
            if unit.kind in PATROLLING:
                self.patrols[unit.district].append(unit)

    def keep(self) -> World:
        """Return the world with all that it needs to be taken up again."""
        self.world.luck = self._luck.getstate()
        return self.world

    def emit(self, kind: str, row: Row) -> None:
        """Make an event, now or to come."""
        if row[0] < self.told_from:
            self.passed += 1
        else:
            self.world.pending[kind].append(row)

    def emit_all(self, kind: str, *columns: Column) -> None:
        """Make events of a kind, by columns: when, their keys, their payloads' fields in order."""
        told = np.flatnonzero(columns[0] >= self.told_from)
        self.passed += len(columns[0]) - len(told)
        if len(told):
            self.world.pending[kind] += zip(*(column[told].tolist() for column in columns), strict=True)

    def status(self, at: int, unit: Unit, state: int) -> None:
        """Set and tell a unit's state."""
        before = unit.state
        unit.state = state
        if state in READY:
            self._ready(unit)
        elif before in READY:
            self.sendable[unit.index] = self.free[unit.index] = NOWHERE
        if state == EN_ROUTE:
            self.moving[unit.index] = unit
        elif before == EN_ROUTE:
            del self.moving[unit.index]
        if at < self.told_from:
            self.passed += 1
            return
        ref = self.world.jobs[unit.job].ref if unit.job else None
        self._moves.append((at, unit.callsign, state, ref, unit.lon, unit.lat, self.beats.codes[unit.beat]))

    def message(self, at: int, unit: Unit, code: int) -> None:
        """Tell a message of a unit, now or to come; its state stays what it is."""
        self.emit("unit.status", (at, unit.callsign, code, None, None, None, None))

    def _ready(self, unit: Unit) -> None:
        if unit.kind in SENT:
            self.sendable[unit.index] = point = complex(unit.lon * NARROW, unit.lat)
            self.free[unit.index] = NOWHERE if unit.state == DEPLOYABLE else point

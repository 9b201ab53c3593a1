"""The force as it stands between two moments: plain values that can be kept and taken up again."""

from __future__ import annotations

from typing import Any

import msgspec

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000
OFF, ON, PATROL, STATION, REFS, EN_ROUTE, AT_SCENE, DEPLOYABLE, COMMITTED, ESCORT, COURT = 11, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
EMERGENCY, ASSIGNED = 0, 17
SOURCE = "simulator"

Telling = tuple[int, str, str, tuple[Any, ...]]
"""An event to be: when (ms), its kind, its key, its payload's values."""


class Unit(msgspec.Struct):
    """A unit: where it stands and belongs; times in ms. `leave` is the end of its shift, `step` its latest errand,
    `done` the end of its work at the scene.
    """

    callsign: str
    kind: str
    team: str
    district: str
    crew: int
    home: int
    home_lon: float
    home_lat: float
    officers: list[str]
    lon: float
    lat: float
    beat: int
    state: int = OFF
    ref: str = ""
    leave: int = 0
    step: int = 0
    refreshed: bool = False
    hungry: bool = False
    from_lon: float = 0.0
    from_lat: float = 0.0
    to_lon: float = 0.0
    to_lat: float = 0.0
    set_off: int = 0
    arrive: int = 0
    done: int = 0


class Job(msgspec.Struct):
    """An open incident: what it is, where, what it still needs, and the draws that decide its course.

    `called` is whether it began with a call, `by` the unit that was first at the scene, `left` the work (ms) that a
    unit relieved left there.
    """

    ref: str
    kind: int
    grade: int
    beat: int
    lon: float
    lat: float
    address: int
    created: int
    draws: list[float]
    need: int = 1
    units: list[str] = []
    attended: bool = False
    held: bool = True
    used: int = 0
    called: bool = True
    by: str = ""
    left: int = 0


class World(msgspec.Struct):
    """All that goes on: agenda and pending events as heaps and lists, units, jobs, the queue for
    units by urgency, and by line when each operator on it is free, as a heap.
    """

    seed: int
    at: int
    units: list[Unit]
    order: int = 0
    sequence: int = 0
    number: int = 0
    day: int = -1
    agenda: list[tuple[int, int, str, str, int]] = []
    pending: list[Telling] = []
    jobs: dict[str, Job] = {}
    waiting: list[tuple[int, int, str]] = []
    lines: tuple[list[int], list[int], list[int]] = msgspec.field(default_factory=lambda: ([], [], []))
    positions_from: int | None = None
    opened: bool = False
    source: str = SOURCE

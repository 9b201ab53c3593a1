"""The force as it stands between two moments: plain values that can be kept and taken up again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec

from console.feed.events import KINDS
from console.feed.simulator.diary import Diary

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000
OFF, ON, PATROL, STATION, REFS, EN_ROUTE, AT_SCENE, DEPLOYABLE, COMMITTED, ESCORT, COURT = 11, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
EMERGENCY, ASSIGNED = 0, 17
SOURCE = "simulator"

Row = tuple[Any, ...]
"""An event to be, of a kind known: when (ms), its key, its payload's values in order."""


@dataclass(slots=True)
class Unit:
    """A unit: where it stands and belongs; times in ms. `leave` is the end of its shift, `step` its latest errand,
    `job` the incident it works, `done` the end of its work at the scene.
    """

    index: int
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
    job: int = 0
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
    """An open incident: what it is, where, what it still needs, and what is decided of its course; times in ms.

    `wraps_up` is how long after the last unit has left it is closed, `eased` whether the first unit there needs no help,
    `kept` whether that unit keeps the case. Of the crime that it may be: since when it was committed, how long until it
    is allocated, until its outcome, and that outcome's code or 0. `units` and `by`,
    the unit that was first at the scene, are indices; `left` is the work that a unit relieved left there.
    """

    number: int
    ref: str
    kind: int
    grade: int
    beat: int
    address: int
    lon: float
    lat: float
    author: str
    created: int
    need: int
    wraps_up: int
    eased: bool
    kept: bool
    committed: int
    allocated: int
    outcome_in: int
    outcome: int
    crime: bool
    units: list[int] = []
    attended: bool = False
    by: int = -1
    left: int = 0


class World(msgspec.Struct):
    """All that goes on: the diary of what is to come, pending events by kind, units, jobs by number, where its luck
    stands, the queue for units by urgency, and by line when each operator on it is free, as a heap.
    """

    seed: int
    at: int
    units: list[Unit]
    diary: Diary
    luck: tuple[int, tuple[int, ...], None]
    sequence: int = 0
    number: int = 0
    pending: dict[str, list[Row]] = msgspec.field(default_factory=lambda: {kind: [] for kind in KINDS})
    jobs: dict[int, Job] = {}
    waiting: list[tuple[int, int, int]] = []
    lines: tuple[list[int], list[int], list[int]] = msgspec.field(default_factory=lambda: ([], [], []))
    positions_from: int | None = None
    opened: bool = False
    source: str = SOURCE

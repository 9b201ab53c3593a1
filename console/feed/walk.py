"""Units' statuses walked in order: which are legal, the incident each is about, and the assignments that follow."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Any

import numpy as np

Column = np.ndarray[Any, Any]

MESSAGES = frozenset(range(12, 17))
WORKING = frozenset((17, 5, 6, 7, 8, 9))
EMERGENCY, EN_ROUTE, AT_SCENE, OFF, DIVERTED = 0, 5, 6, 11, 17
NEVER = np.iinfo(np.int64).min
"""Of instants as microseconds: none."""


@dataclass(frozen=True, slots=True)
class Walked:
    """The statuses with the incident each is about and its fault, and the assignments that follow, as columns.

    With them the units whose walk was to end at a booking-off, and doesn't: what follows may change as well.
    """

    judged: dict[str, Column]
    assigned: dict[str, Column]
    astray: list[str]


@dataclass(slots=True)
class _Assignment:
    callsign: str
    ref: str
    assigned_at: int
    enroute_at: int | None = None
    arrived_at: int | None = None
    cleared_at: int | None = None
    ended: str | None = None

    def stood(self, state: int, at: int) -> None:
        if state == EN_ROUTE and self.enroute_at is None:
            self.enroute_at = at
        elif state == AT_SCENE and self.arrived_at is None:
            self.arrived_at = at

    def end(self, state: int, at: int) -> None:
        self.cleared_at = at
        self.ended = "diverted" if state == DIVERTED else "stood down" if self.arrived_at is None else "cleared"


def walk(said: dict[str, Column], before: Iterable[tuple[Any, ...]], legal: Container[tuple[int, int]]) -> Walked:
    """Return what becomes of the statuses said, unit by unit in their order.

    `before` is one row a unit: whether what was said has an end, the state it stood in before, if any, and its assignment then.
    """
    prior = {callsign: rest for callsign, *rest in before}
    columns = (said["callsign"], said["occurred_at"].view(np.int64), said["state"], said["incident"])
    incidents, faults = (np.full(len(said["callsign"]), None, dtype=object) for _ in range(2))
    assigned: list[_Assignment] = []
    astray: list[str] = []
    place = -1
    for callsign, told in groupby(zip(*(column.tolist() for column in columns), strict=True), key=itemgetter(0)):
        bounded, stood, ref, *moments = prior[callsign]
        state = OFF if stood is None else stood
        current = None if ref is None else _Assignment(callsign, ref, *moments)
        assigned += [current] if current else []
        for _, at, new, incident in told:
            place += 1
            if new in MESSAGES:
                continue
            if new != state and (state, new) not in legal:
                faults[place] = f"illegal move {state} to {new}"
                continue
            state = new
            about = incident if new in WORKING else ref if new == EMERGENCY else None
            if about != ref:
                if current:
                    current.end(new, at)
                current, ref = None if about is None else _Assignment(callsign, about, at), about
                assigned += [current] if current else []
            if current:
                incidents[place] = about
                current.stood(new, at)
        if bounded and state != OFF:
            astray.append(callsign)
    kept = {name: said[name] for name in ("callsign", "occurred_at", "source", "sequence", "state")}
    had = np.array(said["had"].tolist(), dtype=object)
    return Walked(kept | {"incident": incidents, "fault": faults, "had": had}, _columns(assigned), astray)


def _columns(assigned: list[_Assignment]) -> dict[str, Column]:
    texts = {name: np.array(list(map(attrgetter(name), assigned)), dtype=object) for name in ("callsign", "ref", "ended")}
    moments = {name: map(attrgetter(name), assigned) for name in ("assigned_at", "enroute_at", "arrived_at", "cleared_at")}
    return texts | {
        name: np.array([NEVER if at is None else at for at in column], dtype=np.int64).view("datetime64[us]")
        for name, column in moments.items()
    }

"""The reasons that viewers gave at each seat, and those they may give."""

from __future__ import annotations

import csv
import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from functools import cache

from console import files
from console.desk.desk import Viewer
from console.desk.reason import ListedReason, Reason
from console.engine.model import unknown
from console.engine.present import wall_clock

LASTS = timedelta(hours=12)
SEATS = 10_000  # of which reasons are remembered; the one that gave the oldest is forgotten first


@cache
def listed() -> tuple[ListedReason, ...]:
    """Return the reasons of `data/reference/reason.csv`, in order."""
    with (files.data() / "reference" / "reason.csv").open(encoding="utf-8", newline="") as file:
        return tuple(ListedReason(row["reason"], row["title"], row["case_wanted"] == "true") for row in csv.DictReader(file))


class Reasons:
    """By seat: each case's reason, and the one given last; each holds for twelve hours."""

    def __init__(self) -> None:
        """Know of none."""
        self._given: OrderedDict[tuple[str, str], dict[str | None, tuple[datetime, Reason]]] = OrderedDict()
        self._lock = threading.Lock()

    def give(self, viewer: Viewer, reason: Reason) -> None:
        """Take a viewer's reason. Raises Unknown for one that isn't listed, ValueError where its case or words are missing."""
        chosen = {each.code: each for each in listed()}.get(reason.code)
        if chosen is None:
            raise unknown("reason", reason.code, [each.code for each in listed()])
        if chosen.cased and not reason.case.strip():
            raise ValueError(f"{chosen.title.lower()}: the reference of a case or incident is wanted")
        with self._lock:
            held = self._given.setdefault((viewer.user, viewer.seat), {})
            self._given.move_to_end((viewer.user, viewer.seat))
            for case in {reason.case, reason.asked, None}:
                held[case] = wall_clock(), reason
            while len(self._given) > SEATS:
                self._given.popitem(last=False)

    def of(self, viewer: Viewer, case: str = "") -> Reason | None:
        """Return the reason that holds for a case, the last given where no case is named; None where none does."""
        with self._lock:
            at, reason = self._given.get((viewer.user, viewer.seat), {}).get(case or None, (datetime.min, None))
        return reason if reason is not None and wall_clock() - at < LASTS else None

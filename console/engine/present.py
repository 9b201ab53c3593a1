"""What now is: asked for, else the clock while a live source beats, else the latest there is of a fact."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from console.desk.answer import SourceState
from console.desk.grammar import ZONE
from console.engine import sources
from console.engine.model import Fact, Model
from console.store import sql
from console.store.database import Cursor, Store
from console.store.steady import CLOCK

END = datetime(2200, 1, 1)
RECENT = 0.5  # seconds for which how the sources stand is not asked again


def wall_clock() -> datetime:
    """Return the present as naive UTC, by which what was heard is aged; it never goes back, also where the wall clock was set back."""
    return CLOCK.now()


class Present:
    """How the sources stand, and with them what now is; `clock` is the present while a live source beats."""

    def __init__(self, store: Store, model: Model, folder: Path, clock: Callable[[], datetime]) -> None:
        """Look at this store, whose sources the folder describes."""
        self._store, self._model, self._folder, self._clock = store, model, folder, clock
        self._told: tuple[int, float, tuple[SourceState, ...]] | None = None
        self._since: dict[str, tuple[datetime | None, float]] = {}
        self._then: tuple[tuple[int, datetime], tuple[SourceState, ...]] | None = None
        self._latest: dict[str, tuple[int, datetime | str | None]] = {}

    def of(self, cursor: Cursor, fact: str) -> tuple[datetime, bool]:
        """Return the instant (naive UTC) to answer a question led by a fact for, and whether it is the clock of a live source."""
        spec = self._model.facts[fact]
        spec = self._model.facts.get(spec.present, spec)
        clock = self._clock()
        if spec.time != "month" and any(state.live and not state.stale for state in self._heard(cursor)):
            return clock, True
        latest = self._newest(cursor, spec) if spec.time else None
        if latest is None:
            return clock, False
        return (latest if isinstance(latest, datetime) else min(_month_end(latest), clock)), False

    def _newest(self, cursor: Cursor, spec: Fact) -> datetime | str | None:
        """Return the latest time (of a monthly fact, month) that a fact holds, which is looked for once a data version."""
        version = self._store.version
        if self._latest.get(spec.name, (None,))[0] != version:
            ((latest,),) = sql.select(cursor, sql.text("engine/latest").format(time=spec.time, fact=spec.name), {"now": END}).fetchall()
            self._latest[spec.name] = version, latest
        return self._latest[spec.name][1]

    def states(self, cursor: Cursor, *, followed: bool = False) -> tuple[SourceState, ...]:
        """Return how the sources stand; what is missing of one whose older history is being made is said to be to come.

        Where they are looked at again and again anyway (`followed`), what was last seen is told.
        """
        return self._told[2] if followed and self._told is not None else self._heard(cursor)

    def then(self, cursor: Cursor, at: datetime) -> tuple[SourceState, ...]:
        """Return how the sources stood at a past moment, which is looked for once a data version."""
        which = self._store.version, at
        if self._then is None or self._then[0] != which:
            self._then = which, _filled(cursor, sources.then(cursor, self._folder, at))
        return self._then[1]

    def _heard(self, cursor: Cursor) -> tuple[SourceState, ...]:
        """Return how the sources stand at this data version, as of at most half a second ago."""
        asked, version = time.monotonic(), self._store.version
        if self._told is None or self._told[0] != version or asked - self._told[1] > RECENT:
            found = sources.states(cursor, self._folder, wall_clock(), self._clock(), partial(self._unheard, asked))
            self._told = version, asked, _filled(cursor, found)
        return self._told[2]

    def _unheard(self, asked: float, name: str, heard_at: datetime) -> float:
        """Return for how many seconds nothing newer has been heard of a source, by a clock that nobody sets."""
        if self._since.get(name, (None, 0.0))[0] != heard_at:
            self._since[name] = heard_at, asked
        return asked - self._since[name][1]


def _filled(cursor: Cursor, found: tuple[SourceState, ...]) -> tuple[SourceState, ...]:
    """Return the states with what is missing of a source whose older history is being made said to be to come."""
    if not any(each.gaps > 0 for each in found):
        return found
    filling = {name.partition(".")[0] for (name,) in sql.rows(cursor, "engine/filling")}
    return tuple(replace(each, filling=each.name in filling) for each in found)


def _month_end(month: str) -> datetime:
    """Return the last microsecond of a local month, as naive UTC."""
    year, number = int(month[:4]), int(month[5:7])
    after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=ZONE)
    return after.astimezone(UTC).replace(tzinfo=None) - timedelta(microseconds=1)

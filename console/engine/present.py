"""What now is: asked for, else the clock while a live source beats, else the latest there is of a fact."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from console.desk.answer import SourceState
from console.desk.grammar import ZONE
from console.engine.model import Model
from console.store import sql
from console.store.database import Cursor

END = datetime(2200, 1, 1)


def present(cursor: Cursor, model: Model, fact: str, clock: datetime, heard: Iterable[SourceState]) -> tuple[datetime, bool]:
    """Return the instant (naive UTC) to answer a question led by a fact for, and whether it is the clock of a live source."""
    spec = model.facts[fact]
    spec = model.facts[spec.present] if spec.present else spec
    if spec.time != "month" and any(state.live and not state.stale for state in heard):
        return clock, True
    if not spec.time:
        return clock, False
    text = sql.text("engine/latest").format(time=spec.time, fact=spec.name)
    ((latest,),) = sql.select(cursor, text, {"now": END}).fetchall()
    if latest is None:
        return clock, False
    return (min(_month_end(latest), clock) if spec.time == "month" else latest), False


def _month_end(month: str) -> datetime:
    """Return the last microsecond of a local month, as naive UTC."""
    year, number = int(month[:4]), int(month[5:7])
    after = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=ZONE)
    return after.astimezone(UTC).replace(tzinfo=None) - timedelta(microseconds=1)

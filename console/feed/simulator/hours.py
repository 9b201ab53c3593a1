"""Local time: the hour of day of an instant, and the instant of an hour of a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from console.feed.simulator.world import HOUR

ZONE = ZoneInfo("Europe/London")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Column = np.ndarray[Any, Any]


def local(hour: int) -> datetime:
    """Return the local time at the start of a UTC hour (hours since 1970)."""
    return (EPOCH + timedelta(hours=hour)).astimezone(ZONE)


@lru_cache(maxsize=4096)
def _of_day(hour: int) -> int:
    return local(hour).hour


def local_hour(at: int) -> int:
    """Return the local hour of day of an instant (ms)."""
    return _of_day(at // HOUR)


def local_hours(at: Column) -> Column:
    """Return the local hours of day of instants (ms)."""
    if not len(at):
        return at
    hours = at // HOUR
    first = int(hours.min())
    of_day = np.array([_of_day(hour) for hour in range(first, int(hours.max()) + 1)])
    return np.take(of_day, hours - first)


def instant(day: date, hour: float) -> int:
    """Return the instant (ms) so many hours by the clock after a day's local midnight."""
    told = (datetime.combine(day, time()) + timedelta(hours=hour)).replace(tzinfo=ZONE)
    return int((told - EPOCH).total_seconds()) * 1000


def waking(at: Column, draws: Column) -> Column:
    """Return the instants, or ones of the next morning for those at night: appointments and desks keep to the day."""
    hours = local_hours(at)
    morning = (at // HOUR + (8 - hours) % 24) * HOUR + (draws * 5 * HOUR).astype(int)
    return np.where((hours >= 8) & (hours < 21), at, morning)

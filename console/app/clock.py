"""The time as the screen takes it."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class Clock:
    """The machine's clocks; a test gives its own."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()

    def utcnow(self) -> datetime:
        """Return the wall clock as naive UTC."""
        return datetime.now(UTC).replace(tzinfo=None)

"""A past moment that the screens stand at, and how it goes on. No Textual, no threads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

SPEEDS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0)


@dataclass(frozen=True, slots=True)
class Replay:
    """The moment shown (naive UTC): while it plays, `speed` seconds of it go by in a second of the viewer's.

    `since` is when that moment was reached, in seconds of a clock that never goes back.
    """

    at: datetime
    speed: float = 1.0
    playing: bool = False
    since: float = 0.0

    def on(self, now: float, present: datetime) -> Replay:
        """Return the same as it stands now, not beyond the present."""
        if not self.playing:
            return self
        return replace(self, at=min(self.at + timedelta(seconds=(now - self.since) * self.speed), present), since=now)

    def to(self, at: datetime, now: float) -> Replay:
        """Return the same at another moment, from which it goes on as it did."""
        return replace(self, at=at, since=now)

    def play(self, playing: bool, now: float) -> Replay:
        """Return the same played on, or paused."""
        return replace(self, playing=playing, since=now)

    def paced(self, by: int, now: float, present: datetime) -> Replay:
        """Return the same faster or slower by steps of `SPEEDS`, as far as these go."""
        over = [speed for speed in SPEEDS if (speed > self.speed if by > 0 else speed < self.speed)]
        speed = self.speed if not over else over[0] if by > 0 else over[-1]
        return replace(self.on(now, present), speed=speed, since=now)

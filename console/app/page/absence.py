"""What is said while the Desk is away: of the picture that is kept, and of keys that need the Desk."""

from __future__ import annotations

from datetime import datetime

from console.app.drawing import ink, words
from console.desk.desk import Absence

OLD = "old: the hub is away"
BACK = "the hub is back: all is counted anew"


def state(absence: Absence, now: datetime, silent_for: float) -> ink.Run:
    """Return how long the Desk has been away and how old the picture is, for the top of the page."""
    gone = max(0.0, (now - absence.since).total_seconds())
    return (f"HUB AWAY {words.duration(gone)}, picture {words.duration(silent_for)} old", ink.ALARM)


def gone(absence: Absence) -> str:
    """Return what is said once when the Desk goes."""
    return f"{absence.words}: the last picture is kept, and all goes on by itself when it is back"


def refusal(absence: Absence | None) -> str:
    """Return why what needs the Desk can't be done now, or ""."""
    return f"not now: {absence.words}; it can be done again when it is back" if absence is not None else ""

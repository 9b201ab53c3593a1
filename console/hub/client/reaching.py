"""The way to a hub: wait for it a while, and say what is in the way."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from console.hub.client.desk import HubDesk

Progress = Callable[[str, float], None]
BUSY = 30.0  # seconds given to a hub that is there and doesn't answer yet
LOOKS = 0.2  # seconds between two words about how long one has waited


def reached(path: Path, patience: float = 10.0, progress: Progress = lambda words, share: None) -> HubDesk:
    """Return the Desk of the hub at a path, which is waited for so many seconds, in which it may be starting.

    Raises OSError with a sentence where none lets this client in.
    """
    desk = HubDesk(path)
    desk.line.start()
    began = time.monotonic()
    while not desk.line.met.wait(LOOKS) and time.monotonic() - began < (BUSY if desk.line.knocked else patience):
        if (absence := desk.away()) is not None:
            progress(f"{absence.words}; trying again", 0.0)
    absence = desk.away()
    if absence is None or (desk.line.met.is_set() and not desk.line.barred):
        return desk
    desk.close()
    more = "" if desk.line.barred or desk.line.knocked else f": console hub --socket {path} starts one"
    raise OSError(f"{absence.words}{more}")

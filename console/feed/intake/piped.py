"""Standard input as a feed: a stream that can't be asked for anything again."""

from __future__ import annotations

import select
import sys
import threading
from contextlib import suppress

from console.feed import follow
from console.feed.intake.tally import Tally
from console.feed.intake.writer import FULL, Lane, Stopped

LOOK_S = 0.2
PLACE = "standard input"


class Piped(threading.Thread):
    """Takes standard input to its end."""

    def __init__(self, lane: Lane) -> None:
        """Bring its lines on this lane."""
        super().__init__(name=PLACE, daemon=True)
        self._lane = lane
        self._halt = threading.Event()
        self.tally: Tally = lane.tally

    def run(self) -> None:
        """Take lines as they come, until it ends or this is stopped."""
        self.tally.connect(1)
        line = 1
        try:
            with suppress(Stopped):
                for lines, _ in follow.batches(self._read, FULL):
                    self._lane.take(lines, PLACE, first_line=line)
                    line += len(lines)
        except OSError as error:
            self.tally.failed(f"{PLACE}: {error.strerror or error}")
        self.tally.connect(0)

    def _read(self, size: int) -> bytes:
        while not self._halt.is_set():
            if select.select([sys.stdin.fileno()], [], [], LOOK_S)[0]:
                return follow.piece(size)
        return b""

    def stop(self) -> None:
        """Stop after the lines on their way."""
        self._halt.set()
        if self.is_alive():
            self.join()

"""The end of a terminal: hung up, closed or silent too long. The app leaves by itself, and if it can't, its process ends all the same."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable

DEAD = 120.0  # seconds of silence, while something waits to be shown, after which a terminal is taken for gone
LOOK = 1.0  # seconds between two looks at that
LEAVES, CLOSES = 4.0, 4.0  # seconds for the app to leave, and then for what is open to close, after which the process ends


class Leaving:
    """Watches the terminal of an app until it is gone."""

    def __init__(self, leave: Callable[[], object], let_go: Callable[[], threading.Thread], silent: Callable[[], float]) -> None:
        """Have the app leave by `leave`, or close what it has open by `let_go`; `silent` tells for how many seconds its terminal was."""
        self._leave, self._let_go, self._silent = leave, let_go, silent
        self._gone = False

    def start(self) -> None:
        """Heed a hang-up and a request to end, and watch the terminal itself; from the main thread, before the app runs."""
        for number in (signal.SIGHUP, signal.SIGTERM):
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, lambda *_: self.gone())
        threading.Thread(target=self._watch, daemon=True, name="console-leaving").start()

    def _watch(self) -> None:
        watched = select.poll()
        for stream in (sys.__stdin__, sys.__stderr__):
            if stream is not None and stream.isatty():
                watched.register(stream.fileno(), 0)  # a hang-up is told unasked
        while not watched.poll(LOOK * 1000) and self._silent() < DEAD:
            pass
        self.gone()

    def gone(self) -> None:
        """Leave, once; for any thread, and from within a signal."""
        if not self._gone:
            self._gone = True
            threading.Thread(target=self._end, daemon=True, name="console-end").start()
            self._leave()

    def _end(self) -> None:
        """End the process if it doesn't by itself: a thread may hang, on a terminal that takes nothing above all."""
        time.sleep(LEAVES)
        self._let_go().join(CLOSES)
        os._exit(1)

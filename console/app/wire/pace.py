"""The pace: how much may be under way to the terminal, by how soon it answers.

What a link doesn't take at once is kept by those in between, ssh above all, and is then as old as their queue is long. So
the terminal is asked where its cursor is, which every terminal answers in its turn: what it has answered has arrived.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

ASK = "\x1b[6n"
EACH = 128  # characters between two questions
QUEUE = 0.3  # seconds that may be spent waiting in between
LEAST, FIRST, MOST = 256, 2048, 65536  # characters under way, once it has answered
PATIENCE = 10.0  # seconds after which an answer is taken for lost
FRESH = 15.0  # seconds for which the link's own delay is taken as known


class Pace:
    """Counts characters sent and answered for; until a terminal answers for the first time it isn't waited for."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with nothing under way; `clock` gives seconds."""
        self._clock = clock
        self._sent = self._arrived = self._asked_at = 0
        self._asked: deque[tuple[int, int, float]] = deque()  # sent by then, under way then, when
        self._delay: float | None = None  # of a little on an idle link, there and back
        self._known = 0.0  # when that was
        self._window = FIRST
        self._unheard = float("inf")

    def sending(self, size: int) -> str:
        """Count what is being sent; return the question to send after it, or ""."""
        self._sent += size
        silent = self._delay is None and len(self._asked) >= 4 and self._clock() - self._asked[0][2] > PATIENCE
        if self._sent - self._asked_at < EACH or silent:
            return ""
        self._sent += len(ASK)
        self._asked_at = self._sent
        self._asked.append((self._sent, self._sent - self._arrived, self._clock()))
        self._unheard = min(self._unheard, self._clock())
        return ASK

    def heard(self) -> None:
        """Take an answer."""
        self._unheard = float("inf")
        if not self._asked:
            return
        sent, under_way, when = self._asked.popleft()
        arrived, self._arrived = sent - self._arrived, sent
        now = self._clock()
        took, first = now - when, self._delay is None
        if self._delay is None or took <= self._delay or under_way <= LEAST + len(ASK):
            self._delay, self._known = took, now
        allowed = self._delay + QUEUE
        if took > allowed:
            self._window = max(LEAST, int(under_way * allowed / took))
        elif under_way * 2 > self._window and not first:
            self._window = min(MOST, self._window + min(arrived, self._window))

    def room(self) -> int:
        """Return how many characters may follow now."""
        if self._delay is None or not self._asked:
            return MOST if self._delay is None else self._most()
        if self._clock() - self._asked[0][2] > PATIENCE:
            self._asked.clear()
            self._arrived, self._window = self._sent, LEAST
            return LEAST
        return self._most() - (self._sent - self._arrived)

    def _most(self) -> int:
        """Return how much may be under way: little for once, where the link's own delay is to be learnt again."""
        return LEAST if self._clock() - self._known > FRESH else self._window

    def lasts(self) -> float:
        """Return the seconds after which there is room even without an answer."""
        return max(0.01, PATIENCE - (self._clock() - self._asked[0][2])) if self._asked else 0.01

    @property
    def unheard(self) -> float:
        """When the first question was asked after the last answer of a terminal that has ever answered; never, if there is none."""
        return self._unheard if self._delay is not None else float("inf")

    @property
    def since(self) -> float:
        """When the oldest question was asked that a terminal which answers hasn't answered; never, if there is none."""
        return self._asked[0][2] if self.awaits else float("inf")

    @property
    def awaits(self) -> bool:
        """Whether a terminal that answers has still to."""
        return bool(self._asked) and self._delay is not None

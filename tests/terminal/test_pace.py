"""The pace on simulated links: what waits in between stays short, and the link is used."""

from __future__ import annotations

from collections import deque

import pytest

from console.app.wire.pace import ASK, LEAST, PATIENCE, QUEUE, Pace


class Link:
    """A link of so many characters a second and so long a way there and back, with a queue without end before it."""

    def __init__(self, rate: float, way: float) -> None:
        self.now = 0.0
        self.rate, self.way = rate, way
        self.pace = Pace(lambda: self.now)
        self.free = 0.0  # when all that was sent will have passed
        self.answers: deque[float] = deque()
        self.sent = 0
        self.oldest = 0.0  # seconds that a character waited, at most

    def send(self, size: int) -> None:
        asked = self.pace.sending(size)
        self.free = max(self.free, self.now) + (size + len(asked)) / self.rate
        self.sent += size
        self.oldest = max(self.oldest, self.free - self.now)
        if asked:
            self.answers.append(self.free + self.way)

    def run(self, seconds: float, busy: bool = True) -> None:
        """Let time pass, and send all that the pace allows if `busy`."""
        until = self.now + seconds
        while self.now < until:
            while self.answers and self.answers[0] <= self.now:
                self.answers.popleft()
                self.pace.heard()
            if busy and self.pace.room() > 0:
                self.send(min(LEAST, self.pace.room()))
            else:
                self.now = min(until, self.answers[0] if self.answers else until, self.now + self.pace.lasts())


@pytest.mark.parametrize(("rate", "way"), [(960, 0.4), (960, 0.05), (7000, 0.6), (12500, 0.4), (100_000, 0.1), (2_000_000, 0.02)])
def test_the_queue_stays_short_and_the_link_busy(rate: float, way: float) -> None:
    """After the first paint has passed nothing waits much longer than it may, and the link is used."""
    link = Link(rate, way)
    for size in (9000, 200, 200):  # the first paint, a key, another
        link.send(size)
        link.run(size / rate + way + 1, busy=False)
    link.run(5)
    link.oldest, link.sent = 0.0, 0
    link.run(60)
    assert link.oldest <= 2 * (way + QUEUE) + 4 * LEAST / rate
    most = min(rate, 65536 / (way + 0.001))
    assert link.sent / 60 > 0.4 * most


def test_a_terminal_that_never_answers_isnt_waited_for() -> None:
    """It gets all that is drawn, and is asked no more after a while."""
    now = [0.0]
    pace = Pace(lambda: now[0])
    asked = 0
    for _ in range(1000):
        assert pace.room() > 0
        asked += pace.sending(200) == ASK
        now[0] += 0.1
    assert asked < 200
    assert not pace.awaits


def test_a_lost_answer_holds_nothing_up_for_ever() -> None:
    """When nothing was heard for long, a little is sent again."""
    now = [0.0]
    pace = Pace(lambda: now[0])
    pace.sending(1000)
    pace.heard()
    while pace.room() > 0:
        pace.sending(1000)
    now[0] += PATIENCE + 1
    assert pace.room() > 0
    pace.sending(1000)
    assert pace.room() <= 0

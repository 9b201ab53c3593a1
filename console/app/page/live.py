"""What time does to a page: live changes, the clock, staleness, marks that fade, the bell.

Changes come at most once a second while somebody types, seldomer while nobody does, and least often while the terminal says that it
has no focus. What is announced comes at once, whoever looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from console.app.drawing import words
from console.app.page import absence, strips
from console.app.page.frame import Frame
from console.desk.desk import Absence, Change

BEAT = 5.0  # seconds after which a quiet live page asks how fresh it is
WHOLE = 10.0  # seconds after which a live page asks for everything: ages and waits move without news
RING = 15.0  # seconds between bells
LOST = 30.0  # seconds after which a question without an answer no longer holds back the next
TYPED, WATCHED, AWAY = 1.0, 10.0, 30.0  # seconds between two looks: while somebody types, nobody does, the terminal has no focus
TYPES_FOR = 60.0  # seconds after a key for which somebody types
GRACE = 1.5  # seconds beyond its pace that a page waits for something to move before it looks all the same
CHARTS = 60.0  # seconds after which charts are asked for by themselves: what they show is of hours
RESTS = 2.0  # times what a replay's answer took, for which it asks nothing
OF_ITS_OWN = ("map", "profile")  # kinds that look at more than their fact


class Live:
    """The clockwork of a page; `tick` is called each second."""

    def __init__(self, page: Frame, ask: Callable[[Iterable[str] | None], None]) -> None:
        """Wind it for a page; `ask` asks again for these panels, None for all that is shown."""
        self._page, self._ask = page, ask
        self._touched: set[str] = set()
        self._asked_at: float | None = None
        self._answered_at = 0.0
        self._whole_at = 0.0
        self._rang_at = 0.0
        self._charted_at = 0.0
        self._typed_at = 0.0
        self.pace = TYPED
        self._stale = ""
        self._known: frozenset[tuple[str, str]] = frozenset()
        self.absence: Absence | None = None
        self.arrive: Callable[[], None] = lambda: None  # brings a replay to the present
        self._rested_at = 0.0  # from when on a replay may ask again
        self._ahead = timedelta(0)  # the present before the wall clock
        self._latest: datetime | None = None  # the present where no time goes by

    def start(self) -> None:
        """Begin to tick."""
        self._answered_at = self._typed_at = self._page.clock.monotonic()
        self._page.set_interval(1.0, self.tick)
        self._page.watch(self._page.app, "app_focus", self._paced, init=False)

    def typed(self) -> None:
        """Remember that somebody is at the keys."""
        self._typed_at = self._page.clock.monotonic()
        self._paced()

    def _paced(self) -> None:
        """Look as often as it is worth, and have the Desk know."""
        page, idle = self._page, self._page.clock.monotonic() - self._typed_at
        pace = AWAY if not page.app.app_focus else TYPED if idle < TYPES_FOR else WATCHED
        if pace != self.pace:
            self.pace = pace
            page.asking.pace(pace)

    def changed(self, change: Change) -> None:
        """Remember which facts a new version touched; one that touched none says that the Desk went or is back."""
        self._touched |= change.facts
        if not change.facts:
            self.reach()

    def reach(self) -> bool:
        """Return whether the Desk can be reached; when it goes the picture is kept and marked, when it is back all is asked for."""
        page, before = self._page, self.absence
        self.absence = page.asking.desk.away()
        if self.absence is not None and before is None:
            for panel in page.panels.values():
                panel.wait(absence.OLD)
            page.say(absence.gone(self.absence), alarm=True)
            self.say_time()
        elif self.absence is None and before is not None:
            page.say(absence.BACK)
            self._ask(None)
        return self.absence is None

    def asked(self, whole: bool) -> None:
        """Remember that a question is on its way."""
        self._asked_at = self._page.clock.monotonic()
        if whole:
            self._whole_at = self._charted_at = self._asked_at
            self._touched.clear()

    def answered(self) -> None:
        """Remember that an answer came, and ring for what is new in it."""
        page, asked = self._page, self._asked_at
        self._answered_at = page.clock.monotonic()
        self._asked_at = None
        if page.sitting.replay is not None:
            took = 0.0 if asked is None else self._answered_at - asked
            self._rested_at = self._answered_at + RESTS * took
        elif page.answer is not None:
            self._latest = None if page.answer.live else page.answer.as_of
            self._ahead = page.answer.as_of - page.clock.utcnow() if page.answer.live else timedelta(0)
        self._ring()

    def tick(self) -> None:
        """Say the time, let old marks go, ring, and ask for what moved."""
        page, now = self._page, self._page.clock.monotonic()
        for panel in (*page.panels.values(), page.headlines):
            panel.fade(now)
        self._paced()
        reached = self.reach()
        self.say_time()
        self._ring()
        if not reached:
            return
        if self._asked_at is not None and now - self._asked_at < LOST:
            return
        if page.sitting.replay is not None:
            self._play(now)
            return
        if page.answer is None:
            return
        if self.pace > TYPED:
            self._look(now)
        elif (page.answer.live and now - self._whole_at >= WHOLE) or (self._touched and now - self._charted_at >= CHARTS):
            self._all(now)
        elif self._touched:
            facts, self._touched = self._touched, set()
            self._ask([name for name in page.needed() if self._moves(name, facts)])
        elif page.answer.live and now - self._answered_at >= BEAT:
            self._ask([])

    def _play(self, now: float) -> None:
        """Ask for the moment that a replay has come to, when the last answer left time for it; at the present it ends."""
        page, replay = self._page, self._page.sitting.replay
        if replay is None or not replay.playing or now < self._rested_at:
            return
        page.sitting.replay = replay = replay.on(now, self.present())
        if replay.at >= self.present():
            self.arrive()
        else:
            self._ask(None)

    def present(self) -> datetime:
        """Return the moment that is the present here: as far from the wall clock as it last was."""
        return self._page.clock.utcnow() + self._ahead if self._latest is None else self._latest

    def _look(self, now: float) -> None:
        """Ask for everything when something moved, which is held back as long as nobody need know, or when it is time to."""
        page = self._page
        live = page.answer is not None and page.answer.live
        if not self._touched and not (live and now - self._whole_at >= self.pace + GRACE):
            return
        self._all(now)

    def _all(self, now: float) -> None:
        """Ask for everything, for charts more seldom: each is made of much, and shows hours."""
        page = self._page
        if now - self._charted_at >= CHARTS:
            self._ask(None)
            return
        self._touched.clear()
        self._whole_at = now
        self._ask([name for name in page.needed() if page.sitting.app.panel(name).kind != "series"])

    def _moves(self, name: str, facts: set[str]) -> bool:
        spec = self._page.sitting.app.panel(name)
        if spec.kind == "series" or dict(spec.options).get("slow"):
            return False
        return spec.fact in facts or spec.kind in OF_ITS_OWN or (not spec.fields and not spec.measures and not spec.columns)

    def say_time(self) -> None:
        """Say the time and how fresh the page is."""
        page = self._page
        now = page.clock.utcnow()
        page.top.clock, page.top.brief = words.clock(now), None
        silent = page.clock.monotonic() - self._answered_at
        if self.absence is not None:
            page.top.state = absence.state(self.absence, now, silent)
        else:
            page.top.state = strips.freshness(page.answer, now, silent, self.pace)
        if page.sitting.replay is not None:
            said, page.top.brief = strips.replaying(page.sitting.replay, page.answer)
            page.top.clock, page.top.state = "", said if self.absence is None else (f"{said[0]}; {page.top.state[0]}", page.top.state[1])
        page.top.late = page.late()
        page.top.sources = page.answer.sources if page.answer else ()
        page.top.redraw()
        stale = page.top.state[0].partition("STALE")[1]
        if stale != self._stale:
            self._stale = stale
            page.tell(page.top.state[0] if stale else "Live again" if page.sitting.replay is None else "Not stale then")

    def _ring(self) -> None:
        if self._page.sitting.replay is not None:
            self._known = frozenset()
            return
        now = self._page.clock.monotonic()
        held = frozenset((alert.kind, alert.key) for alert in self._page.alerts)
        if held and (held - self._known or now - self._rang_at >= RING):
            self._rang_at = now
            self._page.app.bell()
        self._known = held

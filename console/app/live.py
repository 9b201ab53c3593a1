"""What time does to a page: live changes at most once a second, the clock, staleness, marks that fade, the bell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.app import strips, words
from console.app.messages import Changed
from console.desk.desk import Change

if TYPE_CHECKING:
    from console.app.dialogue import Dialogue

BEAT = 5.0  # seconds after which a quiet live page asks how fresh it is
WHOLE = 10.0  # seconds after which a live page asks for everything: ages and waits move without news
RING = 15.0  # seconds between bells
LOST = 30.0  # seconds after which a question without an answer no longer holds back the next
OF_ITS_OWN = ("series", "map", "profile")  # kinds that look at more than their fact


class Live:
    """The clockwork of a page; `tick` is called each second."""

    def __init__(self, page: Dialogue) -> None:
        """Wind it for a page."""
        self._page = page
        self._touched: set[str] = set()
        self._asked_at: float | None = None
        self._answered_at = 0.0
        self._whole_at = 0.0
        self._rang_at = 0.0
        self._known: frozenset[tuple[str, str]] = frozenset()

    def start(self) -> None:
        """Begin to listen to the Desk and to tick."""
        page = self._page

        def notify(change: Change) -> None:
            page.post_message(Changed(change))

        page.console.closing.append(page.asking.desk.subscribe(notify))
        self._answered_at = page.console.monotonic()
        page.set_interval(1.0, self.tick)

    def changed(self, change: Change) -> None:
        """Remember which facts a new version touched."""
        self._touched |= change.facts

    def asked(self, whole: bool) -> None:
        """Remember that a question is on its way."""
        self._asked_at = self._page.console.monotonic()
        if whole:
            self._whole_at = self._asked_at
            self._touched.clear()

    def answered(self) -> None:
        """Remember that an answer came, and ring for what is new in it."""
        self._answered_at = self._page.console.monotonic()
        self._asked_at = None
        self._ring()

    def tick(self) -> None:
        """Say the time, let old marks go, ring, and ask for what moved."""
        page, now = self._page, self._page.console.monotonic()
        for panel in (*page.panels.values(), page.headlines):
            panel.fade(now)
        self.say_time()
        self._ring()
        if self._asked_at is not None and now - self._asked_at < LOST:
            return
        if page.answer is None or page.sitting.at is not None:
            return
        if page.answer.live and now - self._whole_at >= WHOLE:
            page.ask()
        elif self._touched:
            facts, self._touched = self._touched, set()
            page.ask([name for name in page.needed() if self._moves(name, facts)])
        elif page.answer.live and now - self._answered_at >= BEAT:
            page.ask([])

    def _moves(self, name: str, facts: set[str]) -> bool:
        spec = self._page.sitting.app.panel(name)
        return spec.fact in facts or spec.kind in OF_ITS_OWN or (not spec.fields and not spec.measures and not spec.columns)

    def say_time(self) -> None:
        """Say the time and how fresh the page is."""
        page = self._page
        now = page.console.utcnow()
        page.top.clock = words.clock(now)
        page.top.state = strips.freshness(page.answer, now, page.console.monotonic() - self._answered_at)
        page.top.redraw()

    def _ring(self) -> None:
        now = self._page.console.monotonic()
        held = frozenset((alert.kind, alert.key) for alert in self._page.alerts)
        if held and (held - self._known or now - self._rang_at >= RING):
            self._rang_at = now
            self._page.app.bell()
        self._known = held

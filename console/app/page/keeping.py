"""Keeping the sitting while it goes on, and going on with the one that was left."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from textual.timer import Timer

from console.app.drawing import bound, glyphs, words
from console.app.messages import Done
from console.app.page import standing
from console.app.page.page import Page
from console.desk.kept import Kept, Screen
from console.desk.selection import History

SOON = 0.3  # seconds after a key by which the sitting is kept
LATER = 3.0  # seconds after which it is kept once more: what a key asked for has come


class Keeping:
    """Keeps a page's sitting soon after each key, and at the end; a page at which no key was pressed isn't kept."""

    def __init__(self, page: Page) -> None:
        """Keep this page's, at a seat of its own."""
        self._page, self._seat = page, uuid.uuid4().hex
        self._left_at: datetime | None = None
        self._held: tuple[History, Screen, datetime] | None = None  # as kept last
        self._timer: Timer | None = None

    def touched(self) -> None:
        """Remember that something was done."""
        self._left_at = self._page.clock.utcnow()
        if self._timer is None:
            self._timer = self._page.set_timer(SOON, self._soon)

    def _soon(self) -> None:
        self._keep()
        self._timer = self._page.set_timer(LATER - SOON, self._later)

    def _later(self) -> None:
        self._timer = None
        self._keep()

    def _keep(self) -> None:
        keep = self.last()
        if keep is not None:

            def job() -> None:
                keep()

            self._page.asking.job(job, lambda error: None)

    def last(self) -> Callable[[], None] | None:
        """Return what keeps the sitting as it is now, for any thread; None where it is kept so already."""
        page = self._page
        if self._left_at is None:
            return None
        held = page.sitting.history, standing.screen(page), self._left_at
        if held == self._held:
            return None
        self._held = history, screen, left_at = held
        kept = Kept(self._seat, left_at, screen, history)
        return lambda: page.asking.desk.keep(page.asking.viewer, kept)


def look(page: Page) -> None:
    """Look for a sitting that was left, and offer it if no key was pressed meanwhile."""
    page.looking = True

    def found(kept: Kept | None) -> None:
        page.left, page.looking = kept, False
        if kept is not None and not page.touched:
            page.foot.offer = lambda width: offered(page, kept, width)
            page.tell(offered(page, kept, 200))
        page.redraw_foot()

    def ask() -> Done:
        kept = page.asking.desk.kept(page.asking.viewer)
        return Done(lambda: found(kept))

    page.asking.job(ask, lambda error: Done(lambda: found(None)))


def offered(page: Page, kept: Kept, width: int) -> str:
    """Return the offer of a sitting: its key, its app and selection, and how long ago it was left; in three lines at most."""
    age = words.lasting((page.clock.utcnow() - kept.left_at).total_seconds())
    at = f" as of {words.clock(kept.screen.at)}" if kept.screen.at is not None else ""
    said = [
        f"{words.field(name, page.sitting.titles)} {words.clause(clause)}{' locked' if name in kept.history.now.locks else ''}"
        for name, clause in kept.history.now.clauses
    ]
    chosen = glyphs.clean("; ".join(said)) or "nothing selected"
    first = bound.said(f"{{go_on}} goes on with {page.sitting.apps[kept.screen.app].title}{at}, left {age} ago: ")
    then = ". Any other key starts afresh."
    room = max(12, 3 * width - 12 - len(first) - len(then))
    return first + (chosen if len(chosen) <= room else chosen[: room - 3].rstrip() + "...") + then


async def go_on(page: Page) -> None:
    """Be the sitting that was left: its app, selections, panels and views, and say what of it isn't there any more."""
    kept = page.left
    assert kept is not None
    page.left = None
    before = page.sitting.app.name
    page.sitting.go_on(kept.screen, kept.history)
    page.turned()
    page.asking.used("continue", before)
    await page.build(lambda: standing.stand(page, kept.screen))
    if kept.dropped:
        gone = ", ".join(map(glyphs.clean, kept.dropped[:4])) + (f" and {len(kept.dropped) - 4} more" if len(kept.dropped) > 4 else "")
        page.say(f"not there any more, or not for you: {gone}", alarm=True)

"""A console at the keyboard in tests: keys, the settling of its questions, and its screen as text."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from textual.pilot import Pilot

from console.app import clock
from console.app.app import ConsoleApp
from console.app.keys.keyboard import Keyboard
from tests.app.fake import FakeDesk


class Clock(clock.Clock):
    """Time that passes when a test says so."""

    def __init__(self, now: datetime) -> None:
        """Stand at an instant."""
        self.seconds, self._start = 1000.0, now

    def monotonic(self) -> float:
        """Return the seconds."""
        return self.seconds

    def utcnow(self) -> datetime:
        """Return the instant."""
        return self._start + timedelta(seconds=self.seconds - 1000.0)


class Console:
    """A running console over a fake desk."""

    def __init__(self, pilot: Pilot[int], app: ConsoleApp, desk: FakeDesk, clock: Clock) -> None:
        """Hold them."""
        self.pilot, self.app, self.desk, self.clock = pilot, app, desk, clock

    @property
    def page(self) -> Keyboard:
        """The page."""
        return self.app.page

    async def settle(self) -> None:
        """Wait until nothing is being asked and everything that came is drawn."""
        for _ in range(4000):
            await self.pilot.pause()
            if self.app.asking is not None and not self.app.asking.running and self.app.screen is self.app.page:
                await self.pilot.pause()
                if not self.app.asking.running and not (self.page.panel is not None and self.page.panel.walking):
                    return
        raise AssertionError("never settled")

    async def press(self, *keys: str) -> None:
        """Press keys, and settle after each."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def tick(self, seconds: float = 1.0) -> None:
        """Let time pass."""
        await self.pilot.pause()
        self.clock.seconds += seconds
        self.page.live.tick()
        await self.settle()

    @property
    def text(self) -> str:
        """The screen as text."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)

    @property
    def lines(self) -> list[str]:
        """The screen's lines."""
        return self.text.split("\n")

    @property
    def foot(self) -> str:
        """The last line: keys, or what is said."""
        return self.page.foot.text.strip()


@asynccontextmanager
async def console(
    size: tuple[int, int] = (120, 40),
    desk: FakeDesk | None = None,
    select: tuple[str, ...] = (),
    locks: tuple[str, ...] = (),
    app: str = "control",
    at: datetime | None = None,
) -> AsyncIterator[Console]:
    """Run a console of that size, opened and answered."""
    held = desk or FakeDesk()
    shown = ConsoleApp(lambda progress: held, app, at, select, locks, "OFFICIAL (SYNTHETIC)")
    shown.clock = now = Clock(held.now)
    async with shown.run_test(size=size) as pilot:
        made = Console(pilot, shown, held, now)
        await made.settle()
        yield made

"""9,600 baud and 400 ms there and back: no key is lost, what waits on the way stays short, the newest screen comes, its age is said."""

from __future__ import annotations

from tests.terminal import children, pane
from tests.terminal.link import Link

SHORT = 2500  # bytes: what a slow line may have waiting, about two and a half seconds of it


def console(**more: float) -> Link:
    """Start a console at the far end of a line."""
    return Link(children.console(), children.environment(), **more)


def test_keys_are_not_lost_and_updates_coalesce() -> None:
    """Keys typed faster than the line can show all take effect, in order; their screens don't queue, and the last one comes."""
    with console() as far, console(rate=1e7, there_and_back=0.0) as near:
        for link in (far, near):
            link.wait("312 of 312 open shown")
            link.settle()
            link.press("'", "t")
            link.settle()
        far.queued = 0
        before = far.passed, near.passed
        for n in range(30):
            for link in (far, near):
                link.press("down" if n % 3 else "up", "space")
                link.run(0.1)
        for link in (far, near):
            link.settle()
            link.press("/", *"concern")
            link.settle()
        assert far.text == near.text
        assert pane.looks(far.screen) == pane.looks(near.screen)
        assert "concern" in far.text
        assert far.queued < SHORT
        assert far.passed - before[0] < (near.passed - before[1]) / 2, "what was between isn't sent"


def test_a_line_that_stops_loses_nothing_and_says_how_late_it_was() -> None:
    """What is typed while nothing passes takes effect; then the newest screen comes, which says its age, and then no longer does."""
    with console(rate=7000.0) as far:
        far.wait("312 of 312 open shown")
        far.settle()
        far.press("'", "t", "down")
        far.settle()
        far.press("space")
        far.run(0.25)  # it has been typed there
        far.stuck = True
        far.seen.clear()
        far.run(6)
        far.press("down", "space")
        far.stuck = False
        far.settle()
        assert any("link slow: shown" in line for line in far.seen), far.seen
        assert "link slow" not in far.text
        assert "Type *" in far.text
        assert far.text.split("Type *")[1].split("  ")[0].count(",") == 1, "both were selected"

"""What the keys of a replay do, and why they can't."""

from __future__ import annotations

from datetime import timedelta

from console.app.page.page import Page
from console.app.replay import SPEEDS, Replay
from console.app.views.moment import Moment

MINUTES = {
    "left_parenthesis": -1, "right_parenthesis": 1, "less_than_sign": -10, "greater_than_sign": 10,
    "left_curly_bracket": -60, "right_curly_bracket": 60,
}  # fmt: skip


def not_past(page: Page) -> str:
    """These need a replay."""
    return "" if page.sitting.replay is not None else "this is the present: {when} goes to a past moment, < steps back"


def no_later(page: Page) -> str:
    """Stepping needs a moment to step from."""
    return "" if page.sitting.replay is not None or page.answer is not None else "nothing is counted here yet"


def fastest(page: Page) -> str:
    """Faster has an end."""
    replay = page.sitting.replay
    return not_past(page) if replay is None else f"it plays at most {SPEEDS[-1]:g} times as fast" if replay.speed >= SPEEDS[-1] else ""


def slowest(page: Page) -> str:
    """Slower has an end."""
    replay = page.sitting.replay
    return not_past(page) if replay is None else "it plays as time goes: {play} pauses" if replay.speed <= SPEEDS[0] else ""


def play(page: Page, key: str) -> None:
    """Play on, or pause."""
    now = page.clock.monotonic()
    if (held := _now(page)) is not None:
        page.turn(held.play(not held.playing, now))


def step(page: Page, key: str) -> None:
    """Step back or forward, from the present into a replay."""
    held = _now(page)
    if held is None and MINUTES[key] > 0:
        page.say("this is the present: nothing is known of later")
    else:
        page.go_to((held.at if held is not None else page.live.present()) + timedelta(minutes=MINUTES[key]))


def faster(page: Page, key: str) -> None:
    """Play faster."""
    _pace(page, 1)


def slower(page: Page, key: str) -> None:
    """Play slower."""
    _pace(page, -1)


def next_event(page: Page, key: str) -> None:
    """Go to the next event of note."""
    _look(page, True)


def event_before(page: Page, key: str) -> None:
    """Go to the event of note before."""
    _look(page, False)


def when(page: Page, key: str) -> None:
    """Ask for a moment."""
    page.open_view(Moment(page, page.go_to, page.live.present))


def live(page: Page, key: str) -> None:
    """Leave the replay."""
    page.go_live()


def _now(page: Page) -> Replay | None:
    replay = page.sitting.replay
    return replay.on(page.clock.monotonic(), page.live.present()) if replay is not None else None


def _pace(page: Page, by: int) -> None:
    replay = page.sitting.replay
    if replay is not None:
        page.turn(replay.paced(by, page.clock.monotonic(), page.live.present()))


def _look(page: Page, forward: bool) -> None:
    held = _now(page)
    page.say("looking for the next Immediate incident..." if forward else "looking for the Immediate incident before...")
    page.find_event(held.at if held is not None else page.live.present(), forward)

"""A replay at the keyboard: it says what it is, stands, steps and plays, changes nothing, and comes back to the present."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from console.app.replay import SPEEDS, Replay
from console.app.views.moment import moment
from console.desk.answer import Alert
from tests.app.fake import FakeDesk
from tests.app.sitting import Console, console
from tests.app.world import NOW

AT = NOW - timedelta(hours=3)


async def comes_to(held: Console, at: datetime, seconds: float) -> None:
    """Let time pass, and look until the replay stands there: a look may find that an answer is still awaited."""
    held.clock.seconds += seconds
    for _ in range(50):
        await held.tick(0)
        if held.page.sitting.at == at:
            return
    raise AssertionError(f"it stands at {held.page.sitting.at}, not at {at}")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 20), (200, 50)])
async def test_every_screen_says_that_it_is_not_live(size: tuple[int, int]) -> None:
    """The page, another app, rows, help and the line for a moment: each says REPLAY and of when; back at the present none does."""
    async with console(size, at=AT) as held:
        clock = f"{AT:%H:%M}"

        def marked() -> bool:
            return "REPLAY" in held.lines[0] and clock in held.lines[0]

        assert marked()
        assert "LIVE" not in held.text
        for keys in (("enter",), ("escape", "question_mark"), ("escape", "W"), ("escape", "2"), ("1",), ("slash",)):
            await held.press(*keys)
            assert marked(), keys
        await held.press("escape", "X")
        assert "REPLAY" not in held.lines[0]
        assert held.desk.asked[-1].at is None


async def test_it_steps_from_the_present_and_back_to_it() -> None:
    """A minute, ten, an hour; what is asked is of then, the selection stays, and the present is where it ends."""
    async with console() as held:
        await held.press("apostrophe", "t", "space")
        selection = held.page.sitting.selection
        await held.press("less_than_sign")
        assert held.page.sitting.at == NOW - timedelta(minutes=10)
        assert held.desk.asked[-1].at == NOW - timedelta(minutes=10)
        assert held.page.as_of == NOW - timedelta(minutes=10)
        await held.press("left_curly_bracket", "left_parenthesis", "greater_than_sign")
        assert held.page.sitting.at == NOW - timedelta(minutes=61)
        assert held.page.sitting.selection == selection
        assert "x1, paused" in held.lines[0]
        await held.press("right_curly_bracket", "right_parenthesis")
        assert held.page.sitting.at is None
        assert "the present again" in held.foot
        await held.press("greater_than_sign")
        assert held.page.sitting.at is None
        assert "nothing is known of later" in held.foot


async def test_it_plays_at_its_pace_and_never_queues() -> None:
    """At ten times as fast a second is ten; while an answer is awaited nothing more is asked, and afterwards it rests."""
    async with console(at=AT) as held:
        await held.press("F", "F", "F", "P")
        assert "x10" in held.lines[0]
        assert "paused" not in held.lines[0]
        await comes_to(held, AT + timedelta(seconds=10), 1)
        held.desk.gate = threading.Event()
        asked = len(held.desk.asked)
        for _ in range(5):
            held.clock.seconds += 1
            held.page.live.tick()
            await held.pilot.pause()
        while len(held.desk.asked) == asked:
            await held.pilot.pause()
        assert len({question.at for question in held.desk.asked[asked:]}) == 1
        held.desk.gate.set()
        held.desk.gate = None
        await held.settle()
        asked = len(held.desk.asked)
        await held.tick(0.5)
        assert len(held.desk.asked) == asked
        await comes_to(held, AT + timedelta(seconds=10 + 10 * 35.5), 30)
        await held.press("P")
        stood = held.page.sitting.at
        await held.tick(60)
        assert held.page.sitting.at == stood


async def test_it_ends_at_the_present() -> None:
    """A replay that comes to the present is live again, and says so."""
    async with console(at=NOW - timedelta(seconds=30)) as held:
        await held.press(*["F"] * 3, "P")
        for _ in range(20):
            if held.page.sitting.replay is not None:
                await held.tick()
        assert held.page.sitting.replay is None
        assert "REPLAY" not in held.text
        assert held.desk.asked[-1].at is None


async def test_nothing_can_be_done_in_it() -> None:
    """What was announced then is shown; it rings no bell, and acknowledging says why it can't be."""
    desk = FakeDesk()
    desk.alerts = [Alert("immediate", desk.incidents[0]["ref"], AT, "IMMEDIATE J1, Domestic", False)]
    rung = []
    async with console(desk=desk, at=AT) as held:
        held.app.bell = lambda: rung.append(1)  # type: ignore[method-assign]
        assert "IMMEDIATE J1" in held.text
        assert "waited then" in held.text
        await held.press("a")
        assert "nothing can be acknowledged" in held.foot
        held.page.acknowledge("Sgt Ada")
        await held.tick(20)
        assert not desk.commands
        assert not rung
        await held.press("X")
        await held.tick()
        assert rung


async def test_it_goes_to_a_time_that_is_typed() -> None:
    """A wrong one says so and stays; a right one is gone to; esc leaves all as it was."""
    async with console() as held:
        await held.press("W", *"25:99", "enter")
        assert "is no time" in held.foot
        await held.press("ctrl+u", *"-2h", "enter")
        assert held.page.sitting.at == NOW - timedelta(hours=2)
        await held.press("W", "enter")
        assert held.page.sitting.at is None
        await held.press("W", *"-1h", "escape")
        assert held.page.sitting.at is None


async def test_it_goes_to_events_of_note() -> None:
    """To the Immediate incident before, and on to the next; where there is none it says so."""
    async with console() as held:
        created = sorted({NOW - timedelta(seconds=each["waiting"]) for each in held.desk.incidents if each["grade"] == "Immediate"})
        await held.press("B")
        assert held.page.sitting.at == created[-1]
        await held.press("B", "B")
        assert held.page.sitting.at == created[-3]
        await held.press("E")
        assert held.page.sitting.at == created[-2]
        assert "Immediate, was created at" in held.foot
        held.page.go_to(created[0] - timedelta(hours=1))
        await held.press("B")
        assert "no Immediate incident before" in held.foot


async def test_its_keys_say_why_they_cannot_act() -> None:
    """In the present what needs a replay refuses; at the ends of the pace so do faster and slower."""
    async with console() as held:
        for key in ("P", "F", "S", "E", "X"):
            await held.press(key)
            assert "this is the present" in held.foot, key
        await held.press("less_than_sign", "S")
        assert "it plays as time goes" in held.foot
        await held.press(*["F"] * len(SPEEDS))
        assert "at most 600 times" in held.foot


def test_a_typed_moment() -> None:
    """A time of day is the last there was; a moment to come is refused, and so is what isn't one."""
    present = datetime(2026, 11, 24, 9, 30)
    assert moment("14:05", present) == datetime(2026, 11, 23, 14, 5)
    assert moment("9:05", present) == datetime(2026, 11, 24, 9, 5)
    assert moment(" 2026-11-01 10:00 ", present) == datetime(2026, 11, 1, 10)
    assert moment("-90m", present) == datetime(2026, 11, 24, 8)
    assert moment("", present) == present
    for wrong in ("2026-11-25 10:00", "+5m", "later", "14.05"):
        with pytest.raises(ValueError, match=r"still to come|is no time"):
            moment(wrong, present)


def test_a_replay_goes_on() -> None:
    """It stands while paused, moves at its pace, stops at the present, and a new pace begins where the old one had come to."""
    replay = Replay(AT, 5.0, True, 100.0)
    assert replay.on(102.0, NOW).at == AT + timedelta(seconds=10)
    assert replay.play(False, 100.0).on(500.0, NOW).at == AT
    assert replay.on(1e7, NOW).at == NOW
    faster = replay.paced(1, 102.0, NOW)
    assert (faster.speed, faster.on(103.0, NOW).at) == (10.0, AT + timedelta(seconds=20))
    assert replay.paced(-1, 100.0, NOW).speed == 2.0
    assert Replay(AT, 600.0).paced(1, 0.0, NOW).speed == 600.0

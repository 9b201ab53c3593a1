"""A Desk that can't be reached: the screen says so in words, keeps the last picture, and goes on by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from console.app.keys.commands import COMMANDS
from console.app.keys.whynot import ASKS
from console.desk.desk import Absence, Away, Change, Question, Viewer
from tests.app.fake import FakeDesk
from tests.app.sitting import Console, console


class Gone(FakeDesk):
    """A Desk that may be away."""

    def ask(self, viewer: Viewer, question: Question) -> object:  # type: ignore[override]
        """See Desk."""
        if self.absence is not None:
            raise Away(self.absence.words)
        return super().ask(viewer, question)


def go(held: Console) -> None:
    """Have the desk go away, and tell of it."""
    held.desk.absence = Absence(held.clock.utcnow(), "the hub was stopped")
    tell(held)


def tell(held: Console) -> None:
    for notify in held.desk._notify:
        notify(Change(held.desk.version, frozenset()))


async def test_the_last_picture_is_kept_and_all_goes_on_by_itself() -> None:
    """With its age at the top, its panels marked, and the same selection under it when the Desk is back."""
    async with console(desk=Gone()) as held:
        await held.press("apostrophe", "t", "space")
        selected, panel = held.page.sitting.selection, held.page.panels["queue"]
        before = panel.answer
        go(held)
        await held.settle()
        assert "HUB AWAY" in held.page.top.text
        assert "the hub was stopped: the last picture is kept" in held.page.foot.text
        await held.tick(12)
        assert "HUB AWAY 12s, picture 1" in held.page.top.text
        assert panel.answer is before
        assert "old: the hub is away" in panel.text
        held.desk.absence = None
        held.desk.incidents.pop()
        tell(held)
        await held.settle()
        assert "HUB AWAY" not in held.page.top.text
        assert held.page.sitting.selection == selected
        assert panel.answer is not before
        assert "old" not in panel.text
        assert "the hub is back" in held.page.foot.text


async def test_a_question_that_was_under_way_fails_quietly() -> None:
    """Nothing of the picture is taken away by it."""
    async with console(desk=Gone()) as held:
        go(held)
        held.page.ask_everything()
        await held.settle()
        assert all(panel.answer is not None and panel.answer.error is None for panel in held.page.panels.values() if panel.answer)
        assert "failed" not in held.page.panels["queue"].text


@pytest.mark.parametrize("key", ["space", "enter", "slash", "r", "right_square_bracket", "2"])
async def test_keys_that_need_the_desk_say_why_not(key: str) -> None:
    """And change nothing; keys that need none go on."""
    async with console(desk=Gone()) as held:
        go(held)
        await held.settle()
        before, asked = held.page.sitting.selection, len(held.desk.asked)
        await held.press(key)
        assert "not now: the hub was stopped" in held.page.foot.text
        assert held.page.sitting.selection == before
        assert held.page.view is None
        assert len(held.desk.asked) == asked
        await held.press("tab", "question_mark")
        assert held.page.view is not None


async def test_it_is_seen_without_being_told() -> None:
    """At the next tick, with the time that has gone by."""
    async with console(desk=Gone()) as held:
        held.desk.absence = Absence(held.clock.utcnow() - timedelta(minutes=3), "the hub doesn't answer")
        await held.tick()
        assert "HUB AWAY 3m" in held.page.top.text


def test_the_commands_that_need_the_desk_exist() -> None:
    """No name is of a command that isn't there."""
    assert {each.name for held in COMMANDS.values() for each in held} >= ASKS

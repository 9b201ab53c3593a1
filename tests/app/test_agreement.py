"""The numbers on the screen are of one answer, and an old one never passes for a new one."""

from __future__ import annotations

import re
import threading

import pytest

from tests.app.fake import FakeDesk
from tests.app.sitting import Console, console


def bar_and_open(held: Console) -> tuple[str, str]:
    """Return the counts of the bar and of the headline beside it."""
    bar = re.search(r"(\d+) of \d+", held.page.clauses.text)
    figure = re.search(r"OPEN (\d+)", held.page.headlines.text)
    assert bar
    assert figure
    return bar[1], figure[1]


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 20)])
async def test_the_bar_moves_with_the_headline(size: tuple[int, int]) -> None:
    """A beat, a page of a thing, a level gone into or news of units alone leave the bar as it was; all together move it."""
    desk = FakeDesk()
    async with console(size, desk=desk) as held:
        assert bar_and_open(held) == ("312", "312")
        desk.incidents.append({**desk.incidents[3], "ref": "J-999999"})
        await held.tick(5)
        assert bar_and_open(held) == ("312", "312")
        desk.change("unit")
        await held.tick()
        assert bar_and_open(held) == ("312", "312")
        await held.press("apostrophe", "p", "right")
        assert len(set(bar_and_open(held))) == 1
        desk.incidents.append({**desk.incidents[4], "ref": "J-999998"})
        await held.press("apostrophe", "q", "o", "escape")
        assert len(set(bar_and_open(held))) == 1
        desk.change("incident")
        await held.tick()
        assert bar_and_open(held) == ("314", "314")


async def test_what_comes_into_sight_is_old_until_it_is_answered() -> None:
    """After a resize a headline that wasn't shown has no number, and a panel that wasn't says that it is old; both are asked."""
    desk = FakeDesk()
    async with console(desk=desk) as held:
        before = held.page.headlines.answers["longest"].rows[0].values[0]
        await held.pilot.resize_terminal(40, 20)
        await held.settle()
        for each in desk.incidents:
            each["waiting"], each["type"] = 12345, "Flood"
        desk.change("incident", "unit")
        await held.tick()
        desk.gate = threading.Event()
        await held.pilot.resize_terminal(120, 40)
        await held.pilot.pause()
        assert "longest" not in held.page.headlines.answers
        assert "LONGEST WAIT ..." in held.page.headlines.text
        assert "old" in held.page.panels["type"].text.split("\n")[0]
        asked = desk.asked[-1].panels
        assert asked is not None
        assert {"longest", "type", "open"} <= set(asked)
        desk.gate.set()
        await held.settle()
        assert before != 12345
        assert held.page.headlines.answers["longest"].rows[0].values[0] == 12345
        assert "Flood" in held.page.panels["type"].text
        assert "old" not in held.text


async def test_what_was_never_too_small_is_not_asked_again() -> None:
    """A window made larger within its layout asks nothing; one too small for any, and large again, asks for all."""
    desk = FakeDesk()
    async with console(desk=desk) as held:
        asked = len(desk.asked)
        await held.pilot.resize_terminal(130, 44)
        await held.settle()
        assert len(desk.asked) == asked
        await held.pilot.resize_terminal(30, 8)
        await held.settle()
        await held.pilot.resize_terminal(120, 40)
        await held.settle()
        assert "..." not in held.page.headlines.text
        assert "old" not in held.text
        assert "counting" not in held.text

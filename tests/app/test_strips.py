"""The strips round the panels: nothing moves when alerts come and go, and what matters is never cut away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from console.desk.answer import Alert
from tests.app.fake import FakeDesk
from tests.app.sitting import Console, console

ESSENTIAL = ("[ back", "/ search", "q quit", "? help")


def alerts(desk: FakeDesk, count: int) -> list[Alert]:
    """Return alerts as the Desk words them."""
    return [Alert("immediate", each["ref"], desk.now, f"IMMEDIATE {each['ref']}, Violence now", False) for each in desk.incidents[:count]]


@pytest.mark.parametrize(("size", "shown"), [((200, 50), 2), ((120, 40), 1), ((80, 24), 1)])
async def test_the_page_does_not_move_for_an_alert(size: tuple[int, int], shown: int) -> None:
    """The alerts' lines are there before any came, and say so; every other line stays where it is."""
    desk = FakeDesk()
    async with console(size, desk=desk) as held:
        await held.press("apostrophe", "q")

        def places() -> list[object]:
            return [(widget.id, widget.region) for widget in held.page.query("*") if widget.display]

        before, heads = places(), [n for n, line in enumerate(held.lines) if "Queue, in" in line]
        assert held.lines[1] == " no alerts"
        for count in (1, 3, 0):
            desk.alerts = alerts(desk, count)
            await held.press("r")
            assert places() == before
            assert [n for n, line in enumerate(held.lines) if "Queue, in" in line] == heads
            assert held.text.count("IMMEDIATE J-") == min(shown, count)
            assert ("no alerts" in held.text) == (count == 0)
            assert (f"+{count - shown} more" in held.text) == (count > shown)


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 20)])
async def test_an_alert_says_its_kind_once(size: tuple[int, int]) -> None:
    """Also where its text begins with it, on the strip and where it is acknowledged."""
    desk = FakeDesk()
    desk.alerts = alerts(desk, 1)
    async with console(size, desk=desk) as held:
        assert held.text.count("IMMEDIATE J-") == 1
        assert "IMMEDIATE IMMEDIATE" not in held.text
        await held.press("a")
        assert "IMMEDIATE IMMEDIATE" not in held.text


def keys(held: Console) -> str:
    return " ".join(held.page.foot.text.split())


async def test_the_foot_leaves_out_no_key_that_leads_away() -> None:
    """On the map under a selection: two lines where the window is high enough, else what is in the middle goes."""
    for size in ((120, 40), (120, 29), (80, 24), (40, 20)):
        async with console(size, select=("type=Violence",)) as held:
            await held.press("apostrophe", "t", "space", "down", "space", "apostrophe", "m", "n", "space")
            for key in ESSENTIAL:
                assert key in keys(held), size
            if size == (120, 40):
                assert "L lock" in keys(held)
                assert "b box" in keys(held)
                assert held.page.foot.size.height == 2
            else:
                assert held.page.foot.size.height == 1
            await held.press("apostrophe", "q", "enter")
            for key in ("esc leave", *ESSENTIAL):
                assert key in keys(held), size
            await held.press("o")
            for key in ("esc back", *ESSENTIAL):
                assert key in keys(held), size


async def test_the_foot_keeps_the_lines_it_took() -> None:
    """Going from a panel of many keys to one of few moves nothing."""
    async with console(select=("type=Violence",)) as held:
        await held.press("apostrophe", "t", "space", "apostrophe", "m", "n", "space")
        room = held.page.body.size
        await held.press("apostrophe", "d")
        assert held.page.body.size == room
        await held.press("k")
        assert held.page.body.size == room


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 20), (40, 12)])
async def test_the_marking_is_always_whole(size: tuple[int, int]) -> None:
    """However long the words about a past time or stale news are."""
    desk = FakeDesk()
    desk.live, desk.heard, desk.gaps = False, desk.now - timedelta(hours=30), 12345
    for at in (None, desk.now):
        async with console(size, desk=desk, at=at) as held:
            assert held.lines[0].startswith(" OFFICIAL (SYNTHETIC) ")
            assert ("as of" if at is None else "REPLAY") in held.lines[0]

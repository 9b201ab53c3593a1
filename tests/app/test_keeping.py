"""A sitting goes on where it was left: one key brings back its selections, panels, views and drafts; any other starts afresh."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from console.app.drawing import reader
from console.app.map import landmarks
from console.desk.kept import Kept, Screen
from console.desk.selection import History, Selection, Values
from tests.app.fake import FakeDesk
from tests.app.sitting import Console, console

SIZES = WIDE, NARROW, PHONE = (120, 40), (80, 24), (40, 20)


@pytest.fixture(autouse=True)
def nameless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names on the map stay where they stood a moment before, which a screen drawn anew knows nothing of: there are none here."""
    monkeypatch.setattr(landmarks, "names", lambda places: ())


def shown(screen: Console) -> list[str]:
    """Return the screen but for its foot, which says that it goes on."""
    return screen.lines[: -screen.page.foot.size.height]


async def left(desk: FakeDesk, *keys: str, size: tuple[int, int] = (120, 40)) -> list[str]:
    """Sit, press keys, and leave as if the line broke; return the screen as it was left."""
    async with console(size, desk) as screen:
        await screen.press(*keys)
        held = shown(screen)
        screen.app.exit(1)
        screen.app.let_go().join(5)
    return held


@pytest.mark.parametrize(
    ("size", "keys"),
    [
        (WIDE, "down space L tab down down space [ tab"),
        (NARROW, "apostrophe t down right space f"),
        (PHONE, "apostrophe t down right space"),
        (WIDE, "apostrophe l right right down"),
        (WIDE, "apostrophe q down down enter down down right s"),
        (PHONE, "apostrophe q down down enter down down right s"),
        (NARROW, "slash b r i s down down"),
        (WIDE, "apostrophe q down o down"),
        (NARROW, "apostrophe q down o down"),
        (WIDE, "apostrophe m l space right right space down down"),
        (NARROW, "apostrophe m z z right k m c 8 0 0"),
        (PHONE, "2 down space"),
        (WIDE, "apostrophe u right down space"),
    ],
)
async def test_the_same_screen(size: tuple[int, int], keys: str) -> None:
    """Whatever was open, selected, drilled into, sorted, half typed or half drawn is on the screen again after one key."""
    desk = FakeDesk()
    before = await left(desk, *keys.split(), size=size)
    async with console(size, desk) as screen:
        assert "R goes on with" in screen.text
        await screen.press("R")
        assert shown(screen) == before


async def test_the_steps_back_are_there_and_the_lock_holds() -> None:
    """The history of selections comes back whole, and goes on from where it was."""
    desk = FakeDesk()
    await left(desk, "apostrophe", "t", "space", "down", "space", "L", "[", "[")
    async with console(desk=desk) as screen:
        held = desk.sittings[-1].history
        assert held.future
        await screen.press("R")
        assert screen.page.sitting.history == held
        await screen.press("]", "]")
        assert screen.page.sitting.selection == held.future[-1]
        assert screen.page.sitting.selection.locks


async def test_any_other_key_starts_afresh_and_nothing_is_lost() -> None:
    """The key does what it does; the offer goes, R still takes it, and what is kept of the fresh sitting stands beside the old."""
    desk = FakeDesk()
    before = await left(desk, "apostrophe", "t", "space", "tab", "down")
    (old,) = desk.sittings
    async with console(desk=desk) as screen:
        assert "left 0s ago" in screen.text
        await screen.press("apostrophe", "t", "down", "space")
        assert "R goes on with" not in screen.text
        assert screen.page.sitting.selection != old.history.now
        screen.app.exit(0)
        screen.app.let_go().join(5)
    assert old in desk.sittings
    assert len(desk.sittings) == 2
    desk.sittings = [old]
    async with console(desk=desk) as screen:
        await screen.press("down", "R")
        assert shown(screen) == before


async def test_a_sitting_at_which_nothing_was_done_is_not_kept() -> None:
    """Looking alone leaves nothing; nothing is offered, and the key says why it can't act."""
    desk = FakeDesk()
    await left(desk)
    assert not desk.sittings
    async with console(desk=desk) as screen:
        assert "goes on with" not in screen.text
        await screen.press("R")
        assert screen.foot == "no sitting of yours was left in the last 12 hours"


async def test_it_is_kept_while_it_goes_on() -> None:
    """Without any end: a process that is killed has kept what stood soon after the last key."""
    desk = FakeDesk()
    async with console(desk=desk) as screen:
        await screen.press("space")
        for _ in range(100):
            await screen.pilot.pause(0.05)
            if desk.sittings:
                break
        assert desk.sittings[-1].history.now == screen.page.sitting.selection
        screen.app.keeps = False


@pytest.mark.parametrize("size", SIZES)
async def test_the_offer_names_page_selection_and_age(size: tuple[int, int]) -> None:
    """In any window, with a long selection too; control characters of values don't reach the screen."""
    desk = FakeDesk()
    many = frozenset({f"Vehicle crime of kind {n}" for n in range(9)} | {"\x1b[31mred"})
    now = Selection().with_clause("district", Values(frozenset({"Bristol"}))).lock("district").with_clause("type", Values(many))
    desk.sittings = [Kept("a", desk.now - timedelta(minutes=12), Screen("control"), History(now=now), ("District Mercia",))]
    async with console(size, desk) as screen:
        offered = " ".join(" ".join(line.split()) for line in screen.lines[-3:])
        assert "R goes on with Control room, left 12m ago: District Bristol locked; T" in offered
        assert offered.endswith("Any other key starts afresh.")
        assert "\x1b" not in screen.text
        await screen.press("R")
        assert "not there any more, or not for you: District Mercia" in " ".join(screen.page.foot.text.split())


async def test_the_offer_is_told_in_reader_mode() -> None:
    """In a sentence, like all that happens."""
    desk = FakeDesk()
    await left(desk, "space")
    reader.use(True)
    async with console((80, 24), desk) as screen:
        assert "R goes on with Control room" in screen.text


async def test_a_page_no_longer_there_is_left_for_another() -> None:
    """What the Desk hands out is taken as it is: panels and views of it that the app doesn't have are passed over."""
    desk = FakeDesk()
    await left(desk, "space", "apostrophe", "q", "enter")
    (held,) = desk.sittings
    gone = replace(held.screen, views=(), alone="", focus=(("control", "gone"),))
    desk.sittings = [replace(held, screen=gone)]
    async with console(desk=desk) as screen:
        await screen.press("R")
        assert screen.page.sitting.selection == held.history.now
        assert screen.page.sitting.focus in screen.page.panels


async def test_the_console_is_left_from_where_text_is_typed() -> None:
    """Half a word in the search, and a name half typed, are kept when ctrl+c leaves at once."""
    desk = FakeDesk()
    async with console(desk=desk) as screen:
        await screen.press("slash", "b", "r")
        await screen.pilot.press("ctrl+c")
        screen.app.let_go().join(5)
    assert [view.text for view in desk.sittings[-1].screen.views] == ["br"]

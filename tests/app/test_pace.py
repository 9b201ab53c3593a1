"""How often a page looks: each second while somebody types, seldomer while nobody does, least often out of focus."""

from __future__ import annotations

from textual import events

from console.app.page import live, strips
from console.desk.answer import Alert
from tests.app.fake import FakeDesk
from tests.app.sitting import Console, console


async def idle(held: Console) -> None:
    """Type nothing until nobody types."""
    for _ in range(int(live.TYPES_FOR) + 1):
        await held.tick()


async def test_the_desk_is_told_how_often_somebody_looks() -> None:
    """A minute after the last key it is seldomer, out of focus least often, and a key makes it each second again at once."""
    async with console() as held:
        assert held.desk.paces == []
        await idle(held)
        assert held.desk.paces == [live.WATCHED]
        held.app.post_message(events.AppBlur())
        await held.settle()
        assert held.desk.paces[-1] == live.AWAY
        held.app.post_message(events.AppFocus())
        await held.settle()
        assert held.desk.paces[-1] == live.WATCHED
        await held.press("tab")
        assert held.desk.paces[-1] == live.TYPED


async def test_while_nobody_types_what_moved_is_asked_for_at_once_and_charts_seldom() -> None:
    """The Desk holds back what need not be known; what it tells of is looked at within a second, all of it but the charts."""
    async with console() as held:
        await idle(held)
        asked = len(held.desk.asked)
        held.desk.change("incident")
        await held.tick()
        (question,) = held.desk.asked[asked:]
        assert question.panels is not None
        assert {"open", "queue", "units", "map"} <= set(question.panels)
        charts = 0
        for _ in range(int(live.CHARTS)):
            asked = len(held.desk.asked)
            held.desk.change("incident")
            await held.tick()
            charts += sum("demand" in (each.panels or ()) for each in held.desk.asked[asked:])
        assert charts == 1


async def test_a_quiet_page_looks_all_the_same() -> None:
    """Ages move without news: with none the page asks once in its pace."""
    async with console() as held:
        await idle(held)
        asked = len(held.desk.asked)
        for _ in range(3 * int(live.WATCHED + live.GRACE + 1)):
            await held.tick()
        assert 2 <= len(held.desk.asked) - asked <= 4


async def test_out_of_focus_says_how_seldom_and_announces_at_once() -> None:
    """The top line tells the pace and the age of the news; a new Immediate rings and shows within a second."""
    desk = FakeDesk()
    desk.heard = desk.now
    async with console(desk=desk) as held:
        held.app.post_message(events.AppBlur())
        await held.tick()
        assert held.lines[0].endswith("LIVE each 30s")
        for _ in range(14):
            await held.tick()
        assert "LIVE each 30s, news over 10s old" in held.lines[0]
        rung: list[float] = []
        held.app.bell = lambda: rung.append(held.clock.seconds)  # type: ignore[method-assign]
        desk.alerts = [Alert("immediate", "J-104001", desk.now, "J-104001 Violence", False)]
        desk.change("incident")
        await held.tick()
        assert len(rung) == 1
        assert "IMMEDIATE J-104001" in held.text


async def test_a_slow_link_is_said() -> None:
    """How late the terminal shows what is drawn stands on the top line, in fewer words where there is less room; then no more."""
    for width, said in ((120, "link slow: shown 7s late"), (80, "slow 7s")):
        async with console((width, 40)) as held:
            late = [strips.LATE_FROM - 0.1, 7.0]
            held.page.late = late.pop  # type: ignore[method-assign]
            await held.tick()
            assert said in held.lines[0]
            await held.tick()
            assert "slow" not in held.lines[0]

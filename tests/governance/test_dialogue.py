"""The reason at the keyboard: asked in one line where it is wanted, once a case; what was asked goes on by itself, esc goes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.app.drawing import reader
from console.app.views.rows import RowsView
from console.app.views.why import Why
from console.desk.reason import ListedReason, Reason, read
from tests.app.fake import REASONS, FakeDesk
from tests.app.sitting import console
from tests.app.world import CONTROL


def asking(*panels: str, masking: tuple[str, ...] = ()) -> FakeDesk:
    """Return a Desk where some panels hold personal data, and the incident's page is a case."""
    desk = FakeDesk()
    desk.asks, desk.masks = frozenset(panels), frozenset(masking)
    cased = tuple(replace(spec, options=(("case", "True"),)) if spec.name == "incident" else spec for spec in CONTROL.panels)
    desk.apps = lambda viewer: (replace(CONTROL, panels=cased),)  # type: ignore[method-assign]
    return desk


async def test_rows_ask_and_go_on_by_themselves() -> None:
    """A number of a reason without its case is refused with what is missing; with it the rows come, and no second question is asked."""
    async with console(desk=asking("open")) as held:
        await held.press("shift+tab", "enter")
        assert isinstance(held.page.view, Why)
        assert "Officer's name: personal data. Why do you look?" in held.text
        assert "1 Dealing with an incident, with its reference" in held.text
        assert "enter goes on, esc goes back" in held.foot
        await held.press(*"1", "enter")
        assert "of which case or incident" in held.foot
        assert not held.desk.reasoned
        await held.press("space", *"J-7", "space", *"seen", "enter")
        assert held.desk.reasoned == [Reason("incident", "J-7", "seen", "")]
        assert isinstance(held.page.view, RowsView)
        assert held.page.view.total == 312
        await held.press("escape", "enter")
        assert isinstance(held.page.view, RowsView)
        assert held.page.view.total == 312


async def test_escape_goes_back_to_where_it_was_asked() -> None:
    """Nothing is shown, nothing is left open; asked again it asks again."""
    async with console(desk=asking("open", "incident")) as held:
        await held.press("shift+tab", "enter", "escape")
        assert held.page.view is None
        assert "no reason given" in held.foot
        await held.press("apostrophe", "q", "o")
        assert isinstance(held.page.view, Why)
        await held.press("escape")
        assert held.page.view is None
        assert held.page.sitting.focus == "queue"
        assert not held.desk.reasoned


async def test_a_page_is_asked_for_its_case() -> None:
    """A unit's page opened out of an incident's is for that incident: the number is enough, and another incident's is asked anew."""
    async with console(desk=asking("unit")) as held:
        desk = held.desk
        busy = [each["ref"] for each in desk.incidents if each["unit"]][:2]
        for ref in busy:
            held.page.show_profile("incident", ref)
            await held.settle()
            held.page.show_profile("unit", next(each["unit"] for each in desk.incidents if each["ref"] == ref))
            await held.settle()
            assert isinstance(held.page.view, Why)
            assert f"for {ref}?" in held.text
            await held.press(*(["backspace"] * 9), "1", "enter")
            assert desk.reasoned[-1] == Reason("incident", ref, "", ref)
            assert held.page.view is None
            assert f"Unit {held.page.sitting.subject('unit')}" in held.text
            await held.press("escape", "escape")
        assert [each.case for each in desk.reasoned] == busy
        held.page.show_profile("incident", busy[0])
        held.page.show_profile("unit", "BX01")
        await held.settle()
        assert held.page.view is None


async def test_a_masked_page_is_live_work_until_somebody_asks() -> None:
    """It opens without a question and says what is hidden and by which key it is shown; the key says why not where nothing is hidden."""
    async with console(desk=asking(masking=("unit",))) as held:
        await held.press("H")
        assert "nothing personal is hidden here" in held.foot
        held.page.show_profile("unit", "BX01")
        await held.settle()
        assert held.page.view is None
        assert "officer's name hidden: H" in held.text
        await held.press("H", *"2", "enter")
        assert held.desk.reasoned == [Reason("supervision")]
        assert "hidden" not in held.text


async def test_reader_mode_tells_all_of_it() -> None:
    """What is asked, the reasons by number, and what is typed are in the sentence."""
    reader.use(True)
    async with console((80, 24), desk=asking("open")) as held:
        held.page.focus_on("headlines")
        await held.press("enter")
        assert isinstance(held.page.view, Why)
        said = held.page.view.spoken()
        assert "Why do you look?" in said
        assert "2 Supervising my team" in said
        assert "Why do you look" in " ".join(held.lines[:4])
        await held.press("2")
        assert "Reason: 2" in held.page.view.spoken()
        await held.press("enter")
        assert isinstance(held.page.view, RowsView)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 20)])
async def test_it_fits_any_window(size: tuple[int, int]) -> None:
    """The line to type in is on the screen."""
    async with console(size, desk=asking("open")) as held:
        held.page.open_rows("open", (), "Open")
        await held.settle()
        assert "Reason (number" in held.text
        assert "2 Supervising my team" in held.text


async def test_personal_rows_leave_only_when_that_is_recorded() -> None:
    """A copy of a page with names waits for the record; where it can't be written nothing is copied, and the reason is said."""
    async with console(desk=asking(masking=("unit",))) as held:
        held.desk.reasoned.append(Reason("supervision"))
        held.page.show_profile("unit", "BX01")
        await held.settle()
        await held.press("y", "p")
        leaving = held.desk.left[-1]
        assert (leaving.action, leaving.panel, leaving.subjects) == ("copy", "unit", ("BX01",))
        assert "officer_name" in leaving.columns
        assert "copied" in held.foot
        held.app.copy_to_clipboard("as it was")
        held.desk.full = True
        await held.press("y", "p")
        assert "can't be written to the audit: the disk is full" in held.foot
        assert held.app.clipboard == "as it was"


def test_a_line_means_a_reason() -> None:
    """By number, code or its beginning; the case by its number; what is missing is said."""
    listed = (*REASONS, ListedReason("other", "Another reason", False))
    for line, case, made in (
        ("1 J-104233 neighbour called", "", Reason("incident", "J-104233", "neighbour called")),
        ("incident: J-1", "", Reason("incident", "J-1")),
        ("1", "J-9", Reason("incident", "J-9")),
        ("1 J-10 as well", "J-9", Reason("incident", "J-10", "as well")),
        ("super monthly check", "", Reason("supervision", "", "monthly check")),
        ("3 asked by the ICO", "", Reason("other", "", "asked by the ICO")),
    ):
        assert read(line, listed, case) == made
    for line, why in (
        ("", "a reason is one of: 1 incident"),
        ("9", "a reason is one of"),
        ("1", "of which case"),
        ("1 seen", "of which case"),
        ("3", "some words"),
    ):
        with pytest.raises(ValueError, match=why):
            read(line, listed)

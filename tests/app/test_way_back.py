"""From a thing's page back to exactly where it was opened: the panel, its cursor, the rows as they stood."""

from __future__ import annotations

import pytest

from console.app.panels.table import Table
from console.app.views.rows import RowsView
from tests.app.sitting import Console, console

SIZES = ((120, 40), (80, 24), (40, 20))


def queue_of(held: Console) -> Table:
    panel = held.page.panels["queue"]
    assert isinstance(panel, Table)
    return panel


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["escape", "backspace"])
async def test_from_a_panel_and_back(size: tuple[int, int], key: str) -> None:
    """The panel has the keys again, alone or among the others as it was, with the cursor on the same cell."""
    async with console(size) as held:
        await held.press("apostrophe", "q", "down", "down", "right", "o")
        assert "Incident J-" in held.text
        assert "esc back" in held.foot
        wide = held.page.wide
        await held.press(key)
        assert held.page.sitting.focus == "queue"
        assert held.page.alone == ("" if wide else "queue")
        assert (queue_of(held).cursor.index, queue_of(held).column) == (2, 1)
        assert "esc back" not in held.foot


@pytest.mark.parametrize("size", SIZES)
async def test_from_rows_and_back(size: tuple[int, int]) -> None:
    """The rows stand as they did: sort, columns, place and cursor; what was selected meanwhile reaches them."""
    async with console(size) as held:
        await held.press("shift+tab", "enter", "right", "right", "s", "v", "down", "space", "enter", *["down"] * 30, "right")
        view = held.page.view
        assert isinstance(view, RowsView)
        before = (view.index, view.top, view.column, view.question.sort, view.column_names(), view.row(view.index))
        await held.press("o")
        assert held.page.view is None
        assert "Incident J-" in held.text
        await held.press("escape")
        assert held.page.view is view
        assert (view.index, view.top, view.column, view.question.sort, view.column_names(), view.row(view.index)) == before
        assert "by type, A to Z" in held.text or size[0] < 80
        await held.press("o", "end", "space", "backspace")
        assert view.total == len(held.desk.passing("incident", held.page.sitting.selection))
        await held.press("escape")
        assert held.page.sitting.focus == "headlines"


async def test_from_page_to_page_and_back() -> None:
    """Each step leads back to the page before, with its cursor; the last to the panel."""
    async with console() as held:
        job = next(each for each in held.desk.incidents if each["unit"])
        job["points"] = 99
        await held.press("r", "apostrophe", "q", "home", "o", "end", "o")
        assert f"Unit {job['unit']}" in held.text
        await held.press("backspace")
        assert f"> Incident {job['ref']}" in held.text
        target = held.page.target()
        assert target is not None
        assert target.opens == (("callsign", job["unit"]),)
        await held.press("escape")
        assert held.page.sitting.focus == "queue"
        assert not held.page.alone


async def test_another_panel_ends_the_way_back() -> None:
    """Whoever turns elsewhere from a page is there; the rows it was opened from are gone."""
    async with console() as held:
        await held.press("shift+tab", "enter", "o", "tab", "tab")
        assert "esc back" in held.foot
        await held.press("apostrophe", "t")
        assert held.page.ways == []
        assert not held.page.query(RowsView)
        await held.press("escape")
        assert not held.page.alone


async def test_a_page_stays_when_the_window_grows() -> None:
    """A page shown alone in a narrow window is shown alone in a wide one, and leads back there."""
    async with console((80, 24)) as held:
        await held.press("apostrophe", "q", "o")
        await held.pilot.resize_terminal(120, 40)
        await held.settle()
        assert held.page.on_screen() == ["incident"]
        await held.press("escape")
        assert held.page.sitting.focus == "queue"
        assert "Demand" in held.text
        await held.press("apostrophe", "i")
        await held.pilot.resize_terminal(80, 24)
        await held.settle()
        await held.pilot.resize_terminal(120, 40)
        await held.settle()
        assert held.page.on_screen() == ["incident"]

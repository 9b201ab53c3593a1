"""The rows behind a number: as many as the number, fetched as they come into view, re-filtered with the rest."""

from __future__ import annotations

from console.app.views.rows import PAGE, RowsView
from tests.app.fake import FakeDesk
from tests.app.sitting import Console, console


def rows_of(held: Console) -> RowsView:
    """Return the rows shown."""
    view = held.page.view
    assert isinstance(view, RowsView)
    return view


async def test_the_rows_are_as_many_as_the_number_pressed() -> None:
    """Enter on a headline, a bar, a cell, a beat and a table opens exactly the rows counted."""
    async with console(select=("district=Bristol",)) as held:
        for keys in (
            ("apostrophe", "t"),
            ("apostrophe", "g", "right", "down"),
            ("apostrophe", "m", "n", "enter"),  # selects the place first
            ("apostrophe", "p", "down"),
        ):
            await held.press(*keys)
            panel = held.page.panel
            assert panel is not None
            target = panel.target()
            assert target is not None
            (number,) = [row.values[0] for row in panel.rows if row.at == target.at]
            await held.press("enter")
            assert rows_of(held).total == number, keys
            assert f" {number} rows of" in held.text
            await held.press("escape")
        for n, spec in enumerate(held.page.headlines.specs[:5]):
            answer = held.page.headlines.answers[spec.name]
            held.page.focus_on("headlines")
            held.page.headlines.index = n
            await held.press("enter")
            assert rows_of(held).total == answer.rows[0].values[0], spec.name
            await held.press("escape")
        assert ("rows", "Open") in held.desk.usage


async def test_rows_are_fetched_as_they_come_into_view() -> None:
    """The end of many rows is one page fetched, not all."""
    async with console(desk=FakeDesk(5000)) as held:
        await held.press("shift+tab", "enter")
        view = rows_of(held)
        assert view.total == 5000
        assert view.row(0) is not None
        assert view.row(PAGE * 10) is None
        await held.press("end")
        assert view.index == 4999
        assert view.row(4999) is not None
        assert "fetching" not in held.text
        assert "row 5,000" in held.text
        assert view.row(PAGE * 10) is None
        await held.press("home", "pagedown", "down")
        assert view.index > 30


async def test_rows_sort_choose_columns_select_and_open() -> None:
    """s sorts by the cursor's column both ways, v chooses columns, space selects from a cell, o opens the row."""
    async with console() as held:
        await held.press("shift+tab", "enter", "right", "right", "s")
        view = rows_of(held)
        assert "by type, A to Z" in held.text
        first = view.row(0)
        assert first is not None
        assert first.columns[2] == min(each["type"] for each in held.desk.incidents)
        await held.press("s")
        first = view.row(0)
        assert first is not None
        assert first.columns[2] == max(each["type"] for each in held.desk.incidents)
        await held.press("v", "down", "space", "enter")
        assert "grade" not in view.column_names()
        await held.press("right", "space")
        clause = held.page.sitting.selection.clause(view.columns[view.column].name)
        assert clause is not None
        assert view.total == len(held.desk.passing("incident", held.page.sitting.selection))
        assert f"{view.total} of 312" in held.lines[2]
        await held.press("left_square_bracket")
        assert view.total == 312
        await held.press("o")
        assert held.page.view is None
        assert "Incident J-" in held.text


async def test_rows_keep_their_place_when_the_world_moves() -> None:
    """A live change re-asks; the cursor stays on its row."""
    async with console() as held:
        await held.press("shift+tab", "enter", "down", "down")
        view = rows_of(held)
        row = view.row(view.index)
        assert row is not None
        held.desk.incidents.insert(0, {**held.desk.incidents[5], "ref": "J-999999"})
        held.desk.change("incident")
        await held.tick()
        assert view.total == 313
        now = view.row(view.index)
        assert now is not None
        assert now.at == row.at


async def test_rows_that_fail_say_so() -> None:
    """An error is said in the rows, with the way out."""
    desk = FakeDesk()
    async with console(desk=desk) as held:

        def broken(*_: object) -> object:
            raise RuntimeError("the disk is full")

        desk.rows = broken  # type: ignore[method-assign, assignment]
        await held.press("shift+tab", "enter")
        assert "the disk is full" in held.text
        assert "r asks again" in held.text


async def test_columns_are_chosen_from_all_fields_of_the_fact() -> None:
    """v lists every field of the fact under the model's title, also those that no panel shows."""
    async with console() as held:
        await held.press("shift+tab", "enter")
        view = rows_of(held)
        before = view.column_names()
        await held.press("v")
        every = held.desk.fields(held.page.asking.viewer, "incident")
        assert f"({len(before)} of {len(every)} fields)" in held.text
        assert all(f"] {column.title}" in held.text for column in every)
        assert "sector" not in before
        names = [*before, *(column.name for column in every if column.name not in before)]
        await held.press(*["down"] * names.index("sector"), "space", "enter")
        assert set(view.column_names()) == {*before, "sector"}
        assert view.total == 312


async def test_the_mouse_opens_a_headline() -> None:
    """A press on a headline puts the cursor there and says what it counts; a press again opens its rows."""
    async with console((80, 24)) as held:
        line = next(y for y, text in enumerate(held.lines) if "UNRESOURCED" in text)
        x = held.lines[line].index("UNRESOURCED") + 3
        await held.pilot.click(offset=(x, line))
        await held.settle()
        assert held.page.sitting.focus == "headlines"
        assert "Unresourced, counted now." in held.foot
        await held.pilot.click(offset=(x, line))
        await held.settle()
        assert rows_of(held).total == held.page.headlines.answers["unresourced"].rows[0].values[0]

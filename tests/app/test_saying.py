"""What the screen says in words: one and many, titles for names, why there is nothing, nothing to open."""

from __future__ import annotations

import pytest

from console.app.panels.titled import many
from console.desk.answer import Column
from console.desk.desk import Viewer
from tests.app.fake import FakeDesk
from tests.app.sitting import console


@pytest.mark.parametrize(
    ("fact", "count", "said"),
    [
        ("incident", 1, "incident"),
        ("incident", 0, "incidents"),
        ("stop_search", 2, "stop searches"),
        ("stop_search", 1, "stop search"),
        ("casualty", 2, "casualties"),
    ],
)
def test_one_and_many(fact: str, count: int, said: str) -> None:
    """A fact's rows in words."""
    assert many(fact, count) == said


async def test_one_row_is_a_row() -> None:
    """Rows and search say one of a thing as one."""
    async with console(select=("ref=J-104003",)) as held:
        await held.press("shift+tab", "enter")
        assert " 1 row of Open" in held.text
        await held.press("escape", "slash", *"J-104003")
        assert "1 incident" in held.text
        assert "1 incidents" not in held.text


class Titled(FakeDesk):
    """Fields whose titles aren't their names."""

    def fields(self, viewer: Viewer, fact: str) -> tuple[Column, ...]:
        """See Desk."""
        return tuple(
            Column(each.name, "Kind of job" if each.name == "type" else each.title, each.type) for each in super().fields(viewer, fact)
        )


async def test_a_refusal_has_the_title_of_the_field() -> None:
    """Whether the Desk refuses a value or the key a clearing."""
    async with console(desk=Titled(), select=("type=Violence",), locks=("type",)) as held:
        await held.press("apostrophe", "t", "space")
        assert held.foot.startswith("Kind of job is locked")
        await held.press("c")
        assert held.foot.startswith("Kind of job is locked")


async def test_an_empty_panel_has_its_reason() -> None:
    """The selection by its values, a file without a thing, or that nothing hides what isn't there."""
    desk = FakeDesk()
    async with console(desk=desk, select=("ref=J-104000",)) as held:
        desk.incidents[0]["ref"] = "J-1"
        await held.press("r")
        assert "Nothing here under Ref J-104000." in held.page.panels["queue"].text
    desk = FakeDesk()
    async with console(desk=desk) as held:
        desk.passing = lambda fact, selection, exempt=(): []  # type: ignore[method-assign]
        await held.press("r")
        assert "The file has no incidents yet" in " ".join(held.page.panels["queue"].text.split())
        desk.heard = desk.now
        await held.press("r")
        assert "No incidents to show now, and no selection hides any." in " ".join(held.page.panels["queue"].text.split())


async def test_a_line_that_names_nothing_opens_nothing() -> None:
    """A line of a page without a key has no mark that o opens it; a long label isn't cut while there is room."""
    desk = FakeDesk()
    long = "Immediate, Concern for safety of a child"
    desk.lines = [("Unit", "Assignment", "none", "", "unit.ref", None), ("Unit", long, "waiting", "", None, None)]
    async with console(desk=desk) as held:
        await held.press("apostrophe", "q", "o")
        text = held.page.panels["incident"].text
        line = next(line for line in text.split("\n") if "Assignment" in line)
        assert "»" not in line
        assert f"{long}  waiting" in text

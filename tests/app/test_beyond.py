"""What doesn't fit is counted: rows below and above, columns at either side, tabs."""

from __future__ import annotations

import pytest

from console.app.panels.pivot import Pivot
from tests.app import reckoning
from tests.app.sitting import console


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 20)])
async def test_a_table_keeps_its_key_and_says_what_is_hidden(size: tuple[int, int]) -> None:
    """Far to the right the reference is still there, in the queue and in rows; the title says how many columns are not."""
    async with console(size) as held:
        await held.press("apostrophe", "q")
        title = held.page.panels["queue"].text.split("\n")[0]
        assert "right" in title
        assert "below" in title
        assert "'q" in title
        await held.press(*["right"] * 9, "down", "end")
        title, heads, *rows = held.page.panels["queue"].text.split("\n")
        assert "left" in title
        assert "above" in title
        assert "right" not in title
        assert "Ref" in heads
        assert "Status" in heads
        assert all("J-104" in row for row in rows)
        await held.press("enter", *["right"] * 6)
        assert held.page.view is not None
        head, heads, *rows = held.page.view.text.split("\n")
        assert "left" in head or size[0] >= 80  # there all of them fit
        assert "Ref" in heads
        assert all("J-104" in row for row in rows)


async def test_bars_pivots_and_pages_say_what_is_below(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the title, at no cost of a line; nothing is said where everything is shown."""
    monkeypatch.setattr(reckoning, "ORDER", {})
    async with console((80, 24)) as held:
        await held.press("apostrophe", "t")
        assert "below" not in held.text
        for each, unit in zip(held.desk.incidents, range(60), strict=False):
            each["type"] = f"Type {unit}"
            each["age"] = f"{unit} min"
        await held.press("r", "apostrophe", "t", "home")
        panel = held.page.panels["type"]
        hidden = len(panel.rows) - (panel.size.height - 1)
        assert f"{hidden} below" in panel.text.split("\n")[0]
        await held.press("end")
        assert f"{hidden} above" in panel.text.split("\n")[0]
        await held.press("apostrophe", "g")
        pivot = held.page.panels["grade_age"]
        assert isinstance(pivot, Pivot)
        assert "columns right" in pivot.text.split("\n")[0]
    async with console((40, 20)) as held:
        await held.press("apostrophe", "q", "o")
        assert "below" in held.page.panels["incident"].text.split("\n")[0]


async def test_tabs_that_do_not_fit_are_counted() -> None:
    """At either end."""
    async with console((60, 24)) as held:
        names = len(held.page.tabs.specs)
        line = held.page.tabs.text.split("\n")[0]
        assert line.endswith(f"+{names - line.count('|') - 1}")
        first = held.page.tabs.specs[line.count("|") + 1].name
        await held.pilot.click(held.page.tabs, offset=(line.rindex("+"), 1))
        await held.settle()
        assert held.page.alone == first
        await held.press("'", "q", "T")
        line = held.page.tabs.text.split("\n")[0]
        assert line.startswith(f" +{names - line.count('|') - 1} ")
        assert line.endswith("unit")
        x = line.rindex("job") + 1
        await held.pilot.click(held.page.tabs, offset=(x, 0))
        await held.settle()
        assert held.page.alone == "incident"

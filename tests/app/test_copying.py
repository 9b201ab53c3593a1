"""y and a letter: what stands on the clipboard is what was seen, and what is said of it is true."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest
from textual.events import Paste

from console.app.keys import copying
from console.app.views.rows import RowsView
from console.desk import grammar
from console.desk.answer import PanelAnswer
from console.desk.desk import Question, Viewer
from console.desk.page import PanelSpec
from console.desk.selection import Selection, Values
from tests.app.fake import FakeDesk
from tests.app.sitting import Console, console


async def copied(held: Console, *keys: str) -> str:
    """Return what stands on the clipboard after these keys."""
    held.app.copy_to_clipboard("nothing")
    await held.press(*keys)
    return held.app.clipboard


async def test_a_value() -> None:
    """The value under the cursor, of each kind of panel, with its length."""
    async with console() as held:
        await held.press("apostrophe", "t")
        panel = held.page.panel
        assert panel is not None
        target = panel.target()
        assert target is not None
        value = str(target.at[0][1])
        assert await copied(held, "y", "v") == value
        assert f"copied the value, {len(value)} characters: {value}" in held.foot
        assert ("copy", "type: the value") in held.desk.usage
        await held.press("apostrophe", "q", "right")
        assert await copied(held, "y", "v") == held.desk.panel(held.page.sitting.app.panel("queue"), Question("control")).rows[0].columns[1]
        await held.press("apostrophe", "m")
        panel = held.page.panel
        target = panel.target() if panel is not None else None
        assert target is not None
        assert await copied(held, "y", "v") == target.at[0][1]
        held.page.focus_on("headlines")
        assert await copied(held, "y", "v") == "312 of 312"


async def test_a_row_and_a_panel() -> None:
    """Cells between tabs, numbers whole; a panel under a header with its units."""
    async with console() as held:
        await held.press("apostrophe", "q")
        answer = held.desk.panel(held.page.sitting.app.panel("queue"), Question("control"))
        row = (await copied(held, "y", "r")).split("\t")
        assert row == ["" if value is None else str(value) for value in answer.rows[0].columns]
        lines = (await copied(held, "y", "p")).split("\n")
        assert lines[0].split("\t") == [f"{each.title} ({each.unit})" if each.unit else each.title for each in answer.columns]
        assert lines[1].split("\t") == row
        assert len(lines) == len(answer.rows) + 1
        assert f"copied {len(answer.rows)} rows of Queue, in priority, " in held.foot
        await held.press("apostrophe", "g")
        pivot = held.desk.panel(held.page.sitting.app.panel("grade_age"), Question("control"))
        first = [each for each in pivot.rows if each.at[0] == pivot.rows[0].at[0]]
        assert len((await copied(held, "y", "r")).split("\n")) == len(first)
        await held.press("right")
        assert await copied(held, "y", "r") == "\t".join(map(str, [*(value for _, value in first[0].at), first[0].state, *first[0].values]))


async def test_rows_fetched() -> None:
    """In rows the panel is what was fetched, and it says of how many."""
    async with console() as held:
        await held.press("apostrophe", "q", "enter")
        lines = (await copied(held, "y", "p")).split("\n")
        assert len(lines) == 201
        assert "copied 200 of the 312 rows of Queue" in held.foot
        view = held.page.view
        assert isinstance(view, RowsView)
        assert await copied(held, "y", "v") == held.desk.rows(Viewer("test"), view.question).rows[0].columns[0]
        assert "rows of Queue" in held.text


async def test_the_selection_pasted_back() -> None:
    """Copied, cleared and pasted, it is selected again, with its locks; the command line would take the same words."""
    async with console() as held:
        await held.press("apostrophe", "t", "space", "down", "space", "L", "apostrophe", "p", "space")
        before = held.page.sitting.selection
        text = await copied(held, "y", "s")
        texts, locks = grammar.untyped(text)
        assert held.desk.resolve(Viewer("test"), texts, locks, "control") == before
        assert shlex.split(text)[:1] == ["--select"]
        await held.press("L", "c")
        held.page.sitting.go(Selection())
        held.page.selected()
        await held.settle()
        held.page.on_paste(Paste(text))
        await held.settle()
        assert held.page.sitting.selection == before


async def test_what_is_pasted_and_no_selection() -> None:
    """It says so, and selects nothing; a line that is typed in takes it as typed."""
    async with console() as held:
        for text, said in (("rm -rf /\n", "can't be selected"), ("--select nofield=1", "no field"), ("x" * 200_000, "can't be selected")):
            held.page.on_paste(Paste(text))
            await held.settle()
            assert said in held.foot.replace("\n", " ")
            assert held.page.sitting.selection == Selection()
        await held.press("slash")
        held.page.on_paste(Paste("High"))
        await held.settle()
        assert "Search: High" in held.text


async def test_nothing_to_copy_says_so() -> None:
    """Each of the four says why it can't; another key says that it does nothing; esc leaves without a word."""
    async with console() as held:
        assert await copied(held, "y", "s") == "nothing"
        assert "nothing is selected" in held.foot
        assert await copied(held, "y", "k") == "nothing"
        assert "k does nothing here" in held.foot
        assert await copied(held, "y", "escape") == "nothing"
        await held.press("y")
        assert held.foot.startswith("copy:")
        assert "p panel" in held.foot
        await held.press("escape")
        assert "y copy" in held.page.foot.text
        held.desk.failing["type"] = "broken"
        await held.press("r", "apostrophe", "t")
        assert await copied(held, "y", "p") == "nothing"
        assert "this panel failed" in held.foot


@pytest.mark.parametrize("lines", [["head", *(f"{n}\t{'é' * 40}" for n in range(2000))], ["x" * 200_000, "y"], ["é" * 100_000]])
def test_what_terminals_do_not_take_is_cut_and_said(lines: list[str]) -> None:
    """Whole lines where there are any, whole characters else; never more than the limit."""
    text, kept = copying.fitting("\n".join(lines), lines)
    assert len(text.encode()) <= copying.CLIP
    assert "\n".join(lines).startswith(text)
    if len(lines) > 2:
        held = text.split("\n")
        assert held == lines[: len(held)]
        assert kept == f"the first {len(held):,} of {len(lines):,} lines"
        assert len("\n".join(lines[: len(held) + 1]).encode()) > copying.CLIP
    else:
        assert kept == f"the first {len(text):,} of {len(chr(10).join(lines)):,} characters"


def test_what_fits_is_whole() -> None:
    """Up to the last byte nothing is cut."""
    assert copying.fitting("x" * copying.CLIP, []) == ("x" * copying.CLIP, "")
    assert copying.fitting("x" * copying.CLIP, ["x" * copying.CLIP]) == ("x" * copying.CLIP, "")


class Long(FakeDesk):
    """A queue of long addresses, at the end of each a formula."""

    def panel(self, spec: PanelSpec, question: Question) -> PanelAnswer:
        """See Reckoning."""
        made = super().panel(spec, question)
        if spec.name != "queue":
            return made
        return replace(made, rows=tuple(replace(row, columns=("=1+1\t\x1b[2J" + "é" * 300, *row.columns[1:])) for row in made.rows))


async def test_a_cut_copy_says_so() -> None:
    """A panel of more than a terminal takes says how much of it was copied; a cell that is a formula is none any more."""
    async with console(desk=Long()) as held:
        await held.press("apostrophe", "q")
        text = await copied(held, "y", "p")
        assert len(text.encode()) <= copying.CLIP
        said = " ".join(held.page.foot.text.split())
        assert f"cut to the first {len(text.split(chr(10)))} of 313 lines, as terminals take 75 KB: e exports all" in said
        assert all(line.startswith("'=1+1��[2Jé") for line in text.split("\n")[1:])


async def test_a_selection_too_long_is_not_cut() -> None:
    """Half a selection is another one: it is refused."""
    async with console() as held:
        held.page.sitting.go(Selection().with_clause("type", Values(frozenset(f"{n} {'x' * 100}" for n in range(1000)))))
        assert await copied(held, "y", "s") == "nothing"
        assert "not copied" in held.foot

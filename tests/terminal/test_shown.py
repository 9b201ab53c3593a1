"""The difference between two frames, sent, makes the screen that the frames themselves would make."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.app.wire import cells
from console.app.wire.abilities import Abilities
from console.app.wire.cells import Row
from console.app.wire.shown import Shown
from tests.terminal import pane

BARE, FULL = Abilities(), Abilities(fills=True, holes=True, columns=True, rows=True, raw=True)
STYLES = ("", "1", "4", "7", "31", "1;31", "38;5;233", "38;5;252;48;5;233", "38;5;233;48;5;233", "48;5;17", "3;9;38;5;17", "1;7;4")
GLYPHS = [*"abc xyz  ", "▀", "█", "⠿", "é", "e\N{COMBINING ACUTE ACCENT}", "漢", "한", "…", "→"]
style, glyph = st.sampled_from(STYLES), st.sampled_from(GLYPHS)
run = st.tuples(style, st.one_of(st.text(st.sampled_from("ab "), max_size=30), st.lists(glyph, max_size=12).map("".join)))


def written(runs: list[tuple[str, str]], width: int) -> str:
    """Return runs as Textual writes them, in exactly so many cells."""
    from rich.cells import cell_len, set_cell_size

    out, left = [], width
    for sgr, text in [*runs, ("48;5;17", " " * width)]:
        text = text if cell_len(text) <= left else set_cell_size(text, left)
        left -= cell_len(text)
        out.append(f"\x1b[{sgr}m{text}\x1b[0m" if sgr else text)
    return "".join(out)


@st.composite
def frames(draw: st.DrawFn) -> list[tuple[int, list[str]]]:
    """Frames one after another: a new one keeps most rows, and may have another size."""
    made: list[tuple[int, list[str]]] = []
    width, height = draw(st.integers(2, 40)), draw(st.integers(1, 8))
    rows = [written(draw(st.lists(run, max_size=6)), width) for _ in range(height)]
    for _ in range(draw(st.integers(1, 5))):
        made.append((width, list(rows)))
        if draw(st.integers(0, 9)) == 0:
            width, height = draw(st.integers(2, 40)), draw(st.integers(1, 8))
            rows = [written(draw(st.lists(run, max_size=6)), width) for _ in range(height)]
        for y in draw(st.lists(st.integers(0, height - 1), max_size=4)):
            rows[y] = written(draw(st.lists(run, max_size=6)), width)
    return made


@pytest.mark.parametrize("can", [BARE, FULL], ids=["bare", "full"])
@given(sequence=frames())
@settings(max_examples=300, deadline=None)
def test_the_difference_makes_the_same_screen(can: Abilities, sequence: list[tuple[int, list[str]]]) -> None:
    """Whatever the frames, the glyph, colours and attributes of every cell are those of the frame sent whole."""
    shown = Shown(can)
    first = sequence[0]
    there, stream = pane.screen(first[0], len(first[1]))
    for width, rows in sequence:
        frame: list[Row] = [cells.strip(row) for row in rows]
        assert {len(row) for row in frame} == {width}
        out = ""
        if not shown.fits(frame):
            there.resize(len(rows), width)
            out = shown.clear(frame)
        out += "".join(shown.row(y, row) for y, row in enumerate(frame))
        pane.feed(stream, b"\x1b[?7l" + out.encode())
        plain, whole = pane.screen(width, len(rows))
        pane.feed(whole, b"\x1b[?7l" + b"".join(f"\x1b[{y};1H{row}".encode() for y, row in enumerate(rows, 1)))
        assert pane.looks(there) == pane.looks(plain)
        assert not any(shown.row(y, row) for y, row in enumerate(frame)), "nothing is sent twice"


def test_pairs() -> None:
    """Every change of one pen to another gives the pen that the frame has."""
    for old, new in itertools.product(STYLES, STYLES):
        shown = Shown(FULL)
        there, stream = pane.screen(4, 1)
        for row in (cells.strip(written([(old, "ab")], 4)), cells.strip(written([(new, "cd")], 4))):
            out = shown.clear([row]) if not shown.fits([row]) else ""
            pane.feed(stream, (out + shown.row(0, row)).encode())
        plain, whole = pane.screen(4, 1)
        pane.feed(whole, written([(new, "cd")], 4).encode())
        assert pane.looks(there) == pane.looks(plain)

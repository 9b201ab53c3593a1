"""What is drawn of any text: nothing that steers or hides, cells that can be counted, and all the rest as it came."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from console.app.drawing import glyphs, ink
from console.app.export import cells
from tests import hostile


@pytest.mark.parametrize("name", hostile.CORPUS)
def test_nothing_is_left_that_steers_or_hides(name: str) -> None:
    """Cleaned text is harmless, cleaning it again changes nothing, and no text vanishes without a sign."""
    text = hostile.CORPUS[name]
    made = glyphs.clean(text)
    assert hostile.unseen(made) == []
    assert glyphs.clean(made) == made
    assert (made == text) == (not hostile.unseen(text) and not text.startswith("\u0301"))
    if name in hostile.STEERING or name in hostile.HIDING:
        assert glyphs.LOST in made
    assert hostile.harmful(glyphs.harmless(text)) == []
    assert (glyphs.harmless(text) == text) == (not hostile.STEERS.search(text) and "\n" not in text)


@given(st.text(st.characters(exclude_categories=[]), max_size=40), st.integers(0, 30))
@example("\u0301a", 1)
def test_a_cell_is_a_cell(text: str, width: int) -> None:
    """Whatever the text, it takes exactly the cells it is given, harmless, also in ASCII."""
    made = ink.fit(text, width)
    assert hostile.unseen(made) == []
    assert cell_len(made) == width
    segments = ink.segments([(text, ink.TEXT), (text, ink.STRONG)], width, True)
    assert sum(segment.cell_length for segment in segments) == width
    assert hostile.unseen("".join(segment.text for segment in segments)) == []
    plain = "".join(segment.text for segment in ink.segments([(text, ink.TEXT)], width, False))
    assert plain.isascii()
    assert len(plain) == width


def test_what_people_write_stays() -> None:
    """Letters with their accents, other scripts and pictures are drawn as they are."""
    for text in (
        "Café Noël, Łódź",
        "Ağrı",
        "Việt Nam",
        "Ελλάδα",
        "Москва",
        "警察",
        "שלום",
        "한국",
        "e\u0301\u0323",
        "\U0001f693",
        "½ €5 – “x” …",
    ):
        assert glyphs.clean(text) == text


@pytest.mark.parametrize("text", ["x" * 500_000, hostile.MARKS, "\x1b[2J" * 50_000, "\u202e" * 100_000, "\U0001f468\u200d" * 50_000])
def test_a_flood_is_bounded(text: str) -> None:
    """What is drawn of a text however long is no more than its cells with their marks."""
    made = ink.fit(text, 40)
    assert cell_len(made) == 40
    assert len(made) <= 40 * (1 + glyphs.MARKS)


def test_one_glyph() -> None:
    """A marker takes one cell, whatever its text begins with."""
    assert [glyphs.one(text) for text in ("I", "", "警", "\x1b[2J", "\u0301a", "é", "\U0001f693")] == [
        "I",
        "?",
        "?",
        glyphs.LOST,
        glyphs.LOST,
        "é",
        "?",
    ]


@given(st.text(st.characters(exclude_categories=[]), max_size=30))
def test_escaped_json_means_the_same(text: str) -> None:
    """What a terminal would obey is escaped in JSON, and read back it is the same text."""
    import json

    made = cells.escaped(json.dumps(text, ensure_ascii=False))
    assert hostile.harmful(made) == []
    assert json.loads(made) == json.loads(json.dumps(text))

"""A selection typed for a shell, pasted back, is the same selection, whatever its values hold."""

from __future__ import annotations

import shlex
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.desk import grammar
from console.desk.selection import Area, Box, Circle, Clause, Polygon, Range, Selection, Values, Window

TYPES = {
    "type": "text", "incident.type": "text", "points": "number", "crew": "integer", "on_duty": "boolean", "created": "instant",
    "month": "month", "area": "area",
}  # fmt: skip
ODD = [
    "",
    "(none)",
    "\\",
    "\\(none)",
    "a..b",
    "'",
    '"',
    "a b",
    "=x",
    "--lock",
    "$(reboot)",
    "`id`",
    "; rm -rf /",
    "é\u0301",
    "\U0001f468\u200d\U0001f467",
    "-4h..",
    "now",
]
TEXTS = st.one_of(st.sampled_from(ODD), st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
LON, LAT = st.floats(-8, 2), st.floats(50, 60)
CORNER = st.tuples(LON, LAT)
RINGS = st.lists(CORNER, min_size=3, max_size=6, unique=True).map(tuple)
SHAPES = st.one_of(
    st.builds(Circle, LON, LAT, st.floats(0.1, 1e5)),
    st.builds(lambda w, s, wide, high: Box(w, s, w + wide, s + high), LON, LAT, st.floats(0.001, 1), st.floats(0.001, 1)),
    st.builds(Polygon, RINGS, st.lists(RINGS, max_size=2).map(tuple)),
)
SECONDS = st.integers(-200, 200).flatmap(lambda n: st.sampled_from([n, n * 60, n * 3600, n * 86400, n * 604800]))
INSTANTS = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2099, 1, 1)).map(lambda moment: moment.isoformat() + "Z")
NUMBERS = st.integers(-1000, 1000).map(str)
MONTHS = st.integers(2000, 2030).map(lambda year: f"{year}-03")


def ends(of: st.SearchStrategy[str]) -> st.SearchStrategy[Clause]:
    return st.tuples(st.none() | of, st.none() | of).filter(any).map(lambda pair: Range(*pair))


def values(of: st.SearchStrategy[str]) -> st.SearchStrategy[Clause]:
    return st.frozensets(st.none() | of, min_size=1, max_size=4).map(Values)


CLAUSES: dict[str, st.SearchStrategy[Clause]] = {
    "text": values(TEXTS),
    "boolean": values(st.sampled_from(["true", "false"])),
    "number": values(NUMBERS) | ends(NUMBERS),
    "integer": values(NUMBERS) | ends(NUMBERS),
    "month": values(MONTHS) | ends(MONTHS),
    "instant": values(INSTANTS) | ends(INSTANTS) | st.tuples(SECONDS, SECONDS | st.none()).map(lambda pair: Window(*pair)),
    "area": st.lists(SHAPES, min_size=1, max_size=3, unique=True).map(lambda shapes: Area(tuple(shapes))),
}


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    """Return a selection over a few fields of every type, some of them locked."""
    made = Selection()
    for name in draw(st.lists(st.sampled_from(sorted(TYPES)), unique=True, max_size=5)):
        made = made.with_clause(name, draw(CLAUSES[TYPES[name]]))
    for name in made.fields():
        if draw(st.booleans()):
            made = made.lock(name)
    return made


def resolved(texts: tuple[str, ...], locks: tuple[str, ...]) -> Selection:
    """Return what the texts mean, by the grammar alone."""
    made = Selection()
    for text in texts:
        name, rest = grammar.split(text)
        made = made.with_clause(name, grammar.merged(made.clause(name), grammar.clause(rest, TYPES[name])))
    for name in locks:
        made = made.lock(name)
    return made


@given(selections())
def test_typed_and_read_back(selection: Selection) -> None:
    """Read as it was pasted, and as a shell splits it, it is the selection that was copied, locks and all."""
    text = grammar.typed(selection)
    assert resolved(*grammar.untyped(text)) == selection
    words = shlex.split(text)
    assert words[::2] == [word for word in words[::2] if word in ("--select", "--lock")]
    assert (
        resolved(
            tuple(b for a, b in zip(words[::2], words[1::2], strict=True) if a == "--select"),
            tuple(b for a, b in zip(words[::2], words[1::2], strict=True) if a == "--lock"),
        )
        == selection
    )


@given(selections())
def test_one_line(selection: Selection) -> None:
    """Values without newlines are typed in one line."""
    held = [value for _, clause in selection.clauses if isinstance(clause, Values) for value in clause.values if value]
    if not any("\n" in value for value in held):
        assert "\n" not in grammar.typed(selection)


def test_other_ways_of_writing_it() -> None:
    """An option joined to its word, and a text without its option, are taken too."""
    assert grammar.untyped("--select=type=Theft 'district=Bath and North East Somerset' --lock=type") == (
        ("type=Theft", "district=Bath and North East Somerset"),
        ("type",),
    )


@pytest.mark.parametrize("text", ["--select", "--data x", "rm -rf /", "--select type=a --lock", "'open", "hello"])
def test_what_is_no_selection_is_refused(text: str) -> None:
    """Nothing else than a selection is read as one."""
    with pytest.raises(ValueError, match=r"."):
        grammar.untyped(text)

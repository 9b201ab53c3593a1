"""What crosses is the same on the other side: values, frames cut anywhere, and answers told as what differs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.desk.answer import Answer, Marker, PanelAnswer, Row, State
from console.desk.desk import Change, Cross, Desk, Question, RowsQuestion
from console.desk.page import Shown
from console.desk.selection import Area, Box, Circle, Polygon, Range, Selection, Values, Window
from console.hub.client.desk import HubDesk
from console.hub.protocol.crossing import crossing, decoding
from console.hub.protocol.frames import Frames, Oversized, framed
from console.hub.protocol.messages import Answered, said
from console.hub.protocol.methods import methods
from console.hub.protocol.parts import Held, Sent, page

NOW = datetime(2026, 11, 23, 21, 40, 0, 123457)
instants = st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31))
values = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63), st.floats(allow_nan=False), st.text(max_size=9), instants)
rows = st.builds(
    Row,
    st.lists(st.tuples(st.sampled_from(("beat", "hour")), values), max_size=2).map(tuple),
    st.one_of(st.none(), st.sampled_from(State)),
    st.lists(st.one_of(st.none(), st.integers(-5, 5), st.floats(allow_nan=False)), max_size=3).map(tuple),
    st.lists(values, max_size=4).map(tuple),
)
degrees = st.floats(-90, 90)
shapes = st.one_of(
    st.builds(Circle, degrees, degrees, st.floats(1, 1e6)),
    st.builds(Box, degrees, degrees, degrees, degrees),
    st.builds(Polygon, st.lists(st.tuples(degrees, degrees), max_size=4).map(tuple), st.just((((1.0, 2.0), (3.0, 4.0)),))),
)
clauses = st.one_of(
    st.frozensets(st.one_of(st.none(), st.text(max_size=5)), max_size=4).map(Values),
    st.builds(Range, st.none() | st.text(max_size=5), st.none() | st.text(max_size=5)),
    st.builds(Window, st.none() | st.integers(), st.none() | st.integers(-9, 9)),
    st.lists(shapes, max_size=3).map(lambda found: Area(tuple(found))),
)
selections = st.builds(
    Selection, st.lists(st.tuples(st.text(max_size=5), clauses), max_size=3).map(tuple), st.frozensets(st.text(max_size=5), max_size=2)
)


def crossed(kind: Any, value: Any) -> Any:
    """Return a value as it comes out at the other end."""
    way = crossing(kind)
    return way.decoder()(way.encoded(value))


@settings(max_examples=60, deadline=None)
@given(selections, st.none() | instants, rows)
def test_values_come_out_as_they_went_in(selection: Selection, at: datetime | None, row: Row) -> None:
    """Of the same types too: an instant is no text, 1.0 is no 1."""
    shown = (Shown("map", "open", "beat", (0.5, 0.25), True),)
    for kind, value in (
        (Question, Question("control", selection, at, ("a", "b"), maps=shown)), (RowsQuestion, RowsQuestion("control", selection=selection)),
        (Cross, Cross("incident", ("beat",), selection=selection)), (Row, row), (Change, Change(4, frozenset("ab"), frozenset({("a", "b")}))),
    ):  # fmt: skip
        found = crossed(kind, value)
        assert found == value
    for mine, theirs in zip(row.columns, crossed(Row, row).columns, strict=True):
        assert type(mine) is type(theirs)


def test_the_client_is_a_desk() -> None:
    """It has all that a screen may ask, and what is called over the line is what a Desk has."""
    desk: type[Desk] = HubDesk
    assert desk is HubDesk
    assert {"ask", "rows", "command", "cancel", "status"} <= set(methods())


@given(st.lists(st.binary(max_size=40), max_size=6), st.lists(st.integers(1, 30), min_size=1, max_size=20))
def test_frames_cut_anywhere(bodies: list[bytes], cuts: list[int]) -> None:
    """However a stream is cut, the bodies come out whole and in order, and nothing is left."""
    stream, frames, found, at = b"".join(map(framed, bodies)), Frames(40), list[bytes](), 0
    while at < len(stream):
        size = cuts[at % len(cuts)]
        found += frames.take(stream[at : at + size])
        at += size
    assert found == bodies
    assert len(frames) == 0


def test_a_frame_that_is_too_long_is_refused_at_its_first_bytes() -> None:
    """Nothing of it is waited for."""
    with pytest.raises(Oversized):
        list(Frames(10).take((11).to_bytes(4, "big")))


def panels(name: str) -> st.SearchStrategy[PanelAnswer]:
    """A panel of few distinct rows, so that two of them have some in common."""
    few = st.lists(
        st.builds(Row, st.integers(0, 6).map(lambda n: (("beat", n),)), st.none(), st.integers(0, 1).map(lambda n: (n,))), max_size=8
    )
    points = st.lists(
        st.builds(Marker, st.just("unit"), st.sampled_from("abc"), st.just(1.0), st.just(2.0), st.just("x"), st.just("")), max_size=4
    )
    return st.builds(
        lambda rows, marks, note: PanelAnswer(name, name, "bars", "incident", ("beat",), (), tuple(rows), markers=tuple(marks), note=note),
        few, points, st.sampled_from(("", "a note")),
    )  # fmt: skip


answers = st.builds(
    lambda many, version: Answer("control", NOW, True, version, 1, 2, None, tuple(many)),
    st.sampled_from(("a", "ab", "b", "bc", "")).flatmap(lambda names: st.tuples(*map(panels, names))), st.integers(0, 3),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(answers, min_size=1, max_size=6))
def test_what_differs_makes_the_whole_answer_again(told: list[Answer]) -> None:
    """Through any sequence of answers; and what is the same is not sent again."""
    sent, held, read = Sent(), Held(), decoding(Answered)
    for answer in told:
        frame = said(sent.answered(1, page(answer)))
        assert held.answer(read(frame[4:])) == answer
        again = said(sent.answered(1, page(answer)))
        assert len(again) <= len(frame)
        assert held.answer(read(again[4:])) == answer
        assert b"beat" not in again


def test_one_row_of_many_is_sent_alone() -> None:
    """A changed row costs about itself, and a new one at the top moves no other."""
    rows = tuple(Row((("ref", f"J-{n:05}"),), State.POSSIBLE, (n,)) for n in range(300))
    panel = PanelAnswer("queue", "Queue", "table", "incident", (), (), rows)
    first = Answer("control", NOW, True, 1, 1, 2, None, (panel,))
    sent = Sent()
    whole = len(said(sent.answered(1, page(first))))
    changed = replace(panel, rows=(Row((("ref", "new"),), None, (1,)), *rows[:100], replace(rows[100], values=(9,)), *rows[101:]))
    part = len(said(sent.answered(2, page(replace(first, panels=(changed,))))))
    assert part < whole / 20


def test_what_was_never_sent_is_not_made_up() -> None:
    """A part that differs from nothing is an error, not half a panel."""
    frame = said(Answered(1, crossing(Answer).out(Answer("a", NOW, True, 1, 1, 1, None, ())), ()))  # type: ignore[misc]
    read = decoding(Answered)
    assert Held().answer(read(frame[4:])).panels == ()
    sent = Sent()
    panel = PanelAnswer("p", "p", "bars", "incident", (), (), ())
    answer = Answer("a", NOW, True, 1, 1, 1, None, (panel,))
    sent.answered(1, page(answer))
    with pytest.raises(ValueError, match="never sent"):
        Held().answer(read(said(sent.answered(2, page(answer)))[4:]))

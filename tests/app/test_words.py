"""How values are written, how lines are cut, where things lie, and the cursor that stays: all without a screen."""

from __future__ import annotations

import math
from datetime import datetime

import pytest

from console.app.drawing import cursor, glyphs, ink, words
from console.app.map import raster
from console.app.map.grid import Outlines
from console.app.map.shading import classes
from console.app.page import placing
from console.app.panels import chart, panel, table
from console.app.panels.bars import bar
from console.desk.answer import Column, Row
from console.desk.page import Cell, Layout, LayoutRow
from console.desk.selection import Area, Box, Circle, Polygon, Range, Shape, Values, Window
from tests.app.world import CONTROL


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0s"), (45, "45s"), (250, "4m10s"), (4320, "1h12m"), (187200, "2d4h"), (59.6, "1m00s"), (-250, "4m10s")],
)
def test_durations(seconds: float, said: str) -> None:
    """Durations have two units at most."""
    assert words.duration(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(600, "10m left"), (-720, "over by 12m"), (299, "4m59s left"), (0, "0s left"), (-30, "over by 30s"), (7200, "2h00m left")],
)
def test_targets_have_no_sign(seconds: float, said: str) -> None:
    """A target is left or over, and seconds count only in its last 5 minutes."""
    assert words.target(seconds) == said


def test_numbers_carry_their_unit() -> None:
    """Thousands are set apart, percents whole, a missing number is "none"."""
    assert [words.measure(*each) for each in ((1234567, ""), (91.6, "%"), (250, "s"), (12.5, "days"), (None, "%"))] == [
        "1,234,567", "92 %", "4m10s", "12.5 days", "none",
    ]  # fmt: skip
    assert words.number(3742099.5) == "3,742,100"


def test_times_are_local_and_the_doubled_hour_says_its_zone() -> None:
    """01:30 comes twice on the night the clocks go back: each with its zone."""
    first, second = datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 25, 1, 30)
    assert words.moment(first, first) == "01:30 BST"
    assert words.moment(second, second) == "01:30 GMT"
    assert words.moment(datetime(2026, 7, 1, 12, 0), datetime(2026, 7, 1, 13, 0)) == "13:00"
    assert words.moment(datetime(2026, 7, 1, 12, 0), datetime(2026, 7, 2, 13, 0)) == "01 Jul 13:00"
    assert words.clock(datetime(2026, 11, 23, 21, 40)) == "Mon 23 Nov 21:40 GMT"


def test_clauses_in_words() -> None:
    """Each kind of clause reads as a person would say it."""
    assert words.clause(Values(frozenset({"b", "a", None}))) == "(none), a, b"
    assert words.clause(Range("2024-01", "2024-03")) == "2024-01 up to 2024-03"
    assert words.clause(Range("2024-01", None)) == "from 2024-01"
    assert words.clause(Window(-14400, None)) == "last 4h00m"
    assert words.clause(Window(None, 3600)) == "up to 1h00m ahead"
    shapes: tuple[Shape, ...] = (
        Circle(-2.59, 51.45, 2000),
        Box(-2.7, 51.4, -2.5, 51.5),
        Polygon(((0, 0), (1, 0), (1, 1)), (((0.5, 0.1), (0.6, 0.1), (0.6, 0.2)),)),
    )
    said = ("within 2 km of 51.450 N 2.590 W", "box of 154 km²", "6,120 km² within 3 corners and 1 hole")
    for shape, each in zip(shapes, said, strict=True):
        assert words.clause(Area((shape,))) == each
    assert words.clause(Area(shapes)) == "3 shapes, 6,274 km²"
    assert words.clause(Values(frozenset({"2026-11-23T21:40:00Z"}))) == "23 Nov 21:40"


def test_cells_by_column() -> None:
    """A duration, a target, a missing value."""
    assert words.cell(250, Column("waiting", "Waiting", "number", "s")) == "4m10s"
    assert words.cell(-720, Column("incident.to_target", "To target", "number", "s")) == "over by 12m"
    assert words.cell(None, Column("unit", "Unit", "text")) == ""


def test_control_characters_are_replaced_cell_for_cell() -> None:
    """Every control, C1 and bidirectional character becomes one visible one; the rest stays."""
    for code in (*range(32), *range(127, 160), 0x202E, 0x2066, 0xFEFF, 0xD800):
        assert glyphs.clean(f"a{chr(code)}b") == "a�b"
    assert glyphs.clean("Ünïcode ok") == "Ünïcode ok"
    assert glyphs.ascii_only("é█ ▀…") == "e= #$"


def test_no_glyph_of_a_state_has_two_meanings() -> None:
    """The states' glyphs differ from each other and from the marks beside them."""
    marks = [glyphs.CHANGED, glyphs.ALERT, glyphs.HERE, *(glyph for state, glyph in glyphs.GLYPHS.items() if state)]
    assert len(marks) == len(set(marks))


def test_text_takes_exactly_its_cells() -> None:
    """Wide characters and cuts included."""
    for text in ("plain", "日本語の文字", "a\x1b[31mb", "", "longer than that"):
        for width in range(1, 12):
            assert ink.width_of(ink.fit(text, width)) == width
    line = ink.spread([("left" * 9, ink.TEXT)], [("right", ink.TEXT)], 20)
    assert ink.length(line) == 20
    assert ink.plain(line).endswith("right")
    assert [ink.plain(each) for each in ink.paragraph("one two three", 7)] == ["one two", "three"]


def test_bars_never_hide_a_value() -> None:
    """The largest fills the room, the least shows, nothing draws nothing."""
    assert bar(10, 10, 5) == glyphs.FULL * 5
    assert bar(1, 10000, 5) == glyphs.PARTS[1]
    assert bar(0, 10, 5) == ""
    assert bar(3, 0, 5) == ""


def test_the_cursor_stays_on_its_row() -> None:
    """Rows that come, go and change places leave the cursor and the view where they were."""
    held = cursor.Cursor()
    assert held.follow(list("abcdefghij")) == 0
    held.move(5)
    assert list(held.view(4)) == [2, 3, 4, 5]
    assert held.follow(list("xyabcdefghij")) == 2
    assert (held.key, held.index) == ("f", 7)
    assert list(held.view(4)) == [4, 5, 6, 7]
    held.follow(list("abc"))
    assert held.key == "c"
    held.follow([])
    assert held.index == 0
    assert list(held.view(4)) == []


def test_a_list_nobody_reads_stays_at_its_top() -> None:
    """A panel without the keys shows what comes in at its top."""
    held = cursor.Cursor()
    held.follow(list("bcd"))
    assert held.follow(list("abcd"), hold=False) == 0
    assert held.key == "a"
    assert held.follow(list("zabcd"), hold=True) == 1
    assert held.key == "a"


def test_sizes_and_places() -> None:
    """Each size has its layout; the grid fills the room, and panels don't overlap."""
    assert [placing.size_name(*size) for size in ((100, 30), (99, 30), (100, 29), (80, 24), (79, 24), (40, 12), (39, 12))] == [
        "wide", "narrow", "narrow", "narrow", "phone", "phone", "",
    ]  # fmt: skip
    rows = (LayoutRow((Cell("a", 3), Cell("b", 2)), 2), LayoutRow((Cell("c"),), lines=4), LayoutRow((Cell("d"),), 1))
    for width, height in ((120, 35), (100, 25), (201, 61)):
        places = placing.grid(Layout((), rows), width, height)
        assert places["c"].height == 4
        assert sum(places[name].height for name in "acd") == height
        assert places["a"].width + 1 + places["b"].width == width
        assert places["d"].width == width
        assert places["d"].y == places["c"].y + 4
    assert placing.layout_of(CONTROL, "narrow").tabs


def test_the_map_finds_the_place_under_a_point() -> None:
    """Every beat's own point lies in it, and its pixel is labelled with it where the view is near enough."""
    places = raster.places("beat")
    view = raster.fitted(raster.whole(places), 200, 100)
    grid = Outlines(places).grid(view).labels.tolist()
    inside = right = 0
    for n, place in enumerate(places, 1):
        inside += place.holds(place.lon, place.lat)
        x, y = view.pixel(place.lon, place.lat)
        right += grid[int(y)][int(x)] == n
        lon, lat = view.ground(*view.cell(place.lon, place.lat))
        assert view.cell(lon, lat) == view.cell(place.lon, place.lat)
    assert inside == len(places)
    assert right >= 0.95 * len(places)
    assert not any(place.holds(0, 0) for place in places)


def test_classes_are_few_and_rise() -> None:
    """At most five, each once, from the least value that isn't nothing."""
    assert classes([0, 0, 0]) == ()
    edges = classes([0, 1, 1, 1, 2, 5, 9, 30, 30, 31])
    assert edges[0] == 1
    assert list(edges) == sorted(set(edges))
    assert len(edges) <= 5


def test_a_chart_fills_its_cells() -> None:
    """Lines of the size asked for, the axis evenly labelled, the present marked, a gap left where nothing is known."""
    curve = chart.Curve("demand", ink.TEXT, "braille", (1.0, 2.0, None, 4.0, 3.0, 2.0))
    made = chart.draw([curve], [(1, 2)] * 6, [f"{n:02}" for n in range(6)], 2.5, 40, 8)
    assert len(made.lines) == 8
    assert all(ink.length(line) <= 40 for line in made.lines)
    assert "now" in ink.plain(made.lines[-1])
    assert "00" in ink.plain(made.lines[-1])
    gap = made.left + made.columns[2]
    assert all(ink.plain(line).ljust(40)[gap] == " " for line in chart.draw([curve], [], ["00"] * 6, None, 40, 8).lines[:-1])
    assert ink.plain(made.lines[0]).strip().startswith("4")
    assert [chart.ceiling(value) for value in (0, 0.7, 9, 312, 1000)] == [1, 0.8, 10, 400, 1000]


@pytest.mark.parametrize(("seconds", "said"), [(300, "met by 5m"), (0, "met by 0s"), (-45, "missed by 45s"), (-720, "missed by 12m")])
def test_a_target_once_attended_doesnt_run(seconds: float, said: str) -> None:
    """How an attended incident met its target is said for good, beside the running one."""
    assert words.cell(seconds, Column("met_target", "Target met", "number", "s")) == said
    assert words.cell(-720, Column("to_target", "To target", "number", "s")) == "over by 12m"


def test_the_small_places_of_a_town_show_on_a_small_map() -> None:
    """Where several places share a pixel the smallest is drawn: the country round a town doesn't paint it over."""
    places = raster.places("beat")
    view = raster.fitted(raster.whole(places), 79, 12)
    grid = Outlines(places).grid(view).labels.tolist()
    shown = {label for row in grid for label in row if label}
    town = [n for n, place in enumerate(places, 1) if math.dist(place.frame[:2], place.frame[2:]) < view.degrees]
    assert town
    x, y = view.pixel(places[town[0] - 1].lon, places[town[0] - 1].lat)
    assert grid[int(y)][int(x)] in town
    assert len(shown & set(town)) >= 5


def test_two_lines_of_a_chart_are_told_apart_by_letters() -> None:
    """Each line carries its letter here and there, so that no colour is needed."""
    curves = [
        chart.Curve(title, ink.TEXT, "braille", values, title[0])
        for title, values in (("demand", (1.0, 2.0)), ("availability", (3.0, 4.0)))
    ]
    lines = [ink.plain(line) for line in chart.draw(curves, [], ["00", "01"], None, 60, 10).lines[:-1]]
    for letter in "da":
        assert sum(line.count(letter) for line in lines) >= 2


def test_a_column_is_cut_only_if_it_is_of_words() -> None:
    """The last column takes the room that is left when it is of words; a number is whole or not there."""
    text, number = Column("a", "A", "text"), Column("n", "N", "number")
    assert table.in_view((text, text), [20, 20], 0, 36) == ([0, 1], [20, 14])
    assert table.in_view((text, number), [20, 20], 0, 36) == ([0], [20, 20])
    assert table.in_view((text, number), [20, 20], 1, 36) == ([0, 1], [14, 20])
    assert table.in_view((number,), [50], 0, 36) == ([0], [36])


def test_the_column_of_the_key_stays_and_the_hidden_are_counted() -> None:
    """However far right the cursor is, the column that says which row it is stands first."""
    columns = tuple(Column(name, name, "text") for name in ("points", "incident.ref", "a", "b", "c"))
    row = Row((("ref", "J-1"),))
    assert table.key_column(columns, row, "incident") == 1
    assert table.key_column(columns[:1], row, "incident") == 0
    shown, wide = table.in_view(columns, [6, 10, 10, 10, 10], 4, 24, 1)
    assert (shown, wide) == ([1, 4], [6, 10, 10, 10, 10])
    assert table.beyond(shown, 5, range(3, 9), 20) == "3 columns left, 3 above, 11 below"
    shown, _ = table.in_view(columns, [6, 10, 10, 10, 10], 0, 24, 1)
    assert table.beyond(shown, 5, range(20), 20) == "3 columns right"
    assert panel.outside(0, 1, ("left", "right"), "column") == "1 column right"
    assert panel.outside(2, 1, ("left", "right"), "column") == "2 columns left, 1 right"
    assert panel.outside(0, 0) == ""

"""What a map shows: its layers at each level, rates, squares and differences agree with the rows, whether SQL or the index counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from console.desk.answer import PanelAnswer
from console.desk.desk import Question, RowsQuestion, Unknown, Viewer
from console.desk.page import Shown
from console.desk.selection import Selection
from console.embedded import desk_over
from console.engine import maps, panels
from console.engine.context import Context
from console.engine.desk import StoreDesk
from console.engine.index.building import build
from console.engine.index.index import Index
from console.engine.index.kernel import load
from console.feed import bulk
from console.feed.ingest import SimulatorState
from console.feed.simulator import SOURCE, Simulator
from console.store import sql
from console.store.database import Store, open_store

AT = datetime(2026, 11, 13, 22, 20)
VIEWER = Viewer("test")
SQUARE = (0.0144, 0.009)
TEXTS = (
    (),
    ("district=Bristol", "grade=Priority"),
    ("area=circle(-2.59,51.45,9000)", "beat=BC01"),
    ("callsign=RC01",),
    ("sector=Taunton and West Somerset", "incident.type=Domestic"),
)
SHOWN = [
    Shown("map", layer, level, square)
    for layer in ("open", "harm", "breached", "rate", "crime", "collisions")
    for level, square in (("beat", None), ("sector", None), ("district", SQUARE))
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two weeks and a half of the simulated force up to a Friday night."""
    made = open_store(Path(tmp_path_factory.mktemp("map")) / "a.duckdb")
    simulator = Simulator(4, AT - timedelta(days=17), positions_from=AT - timedelta(minutes=40))
    batch = simulator.advance(AT)
    bulk.load(made, batch.frames(), SOURCE, SimulatorState(SOURCE, AT, simulator.state()))
    return made


@pytest.fixture(scope="module")
def desk(store: Store) -> Iterator[StoreDesk]:
    """A desk over it."""
    made = desk_over(store)
    yield made
    made.close()


@pytest.fixture(scope="module")
def index(store: Store, desk: StoreDesk) -> Index:
    """The index of it."""
    with store.reader() as cursor:
        return build(load(), cursor, desk.model, desk.plans, AT)


def shown(desk: StoreDesk, what: Shown, texts: tuple[str, ...] = (), at: datetime = AT, app: str = "control") -> PanelAnswer:
    selection = desk.resolve(VIEWER, texts, app=app) if texts else Selection()
    (answer,) = desk.ask(VIEWER, Question(app, selection, at, ("map",), maps=(what,))).panels
    assert answer.error is None, answer.error
    assert answer.shown == what
    return answer


@pytest.mark.parametrize("what", SHOWN, ids=lambda what: f"{what.layer} by {'square' if what.square else what.level}")
def test_the_index_says_what_sql_says(store: Store, desk: StoreDesk, index: Index, what: Shown) -> None:
    """Of every layer, under every selection: the same rows with the same states, the same squares."""
    app = desk.plans["control"]
    plan = maps.chosen(app.plans["map"], (what,))
    for texts in TEXTS:
        selection = desk.resolve(VIEWER, texts, app="control")
        with store.reader() as cursor:
            asked = Context(cursor, desk.model, AT, selection, app.base)
            by_sql, by_index = panels.answer(plan, asked), panels.answer(plan, replace(asked, index=index))
        told = {row.at: row for row in by_index.rows}
        assert told.keys() == {row.at for row in by_sql.rows}
        for row in by_sql.rows:
            assert told[row.at].state == row.state
            assert told[row.at].values == pytest.approx(row.values)
        assert by_sql.squares == by_index.squares
        assert bool(by_sql.squares) == bool(what.square) or texts or what.layer == "collisions"  # of which the simulator makes none


@pytest.mark.parametrize("level", ["beat", "sector", "district"])
def test_each_number_opens_its_rows(desk: StoreDesk, level: str) -> None:
    """The rows behind a place of any layer are as many as it says, and all places together are all that is in scope."""
    for layer, app in (("open", "control"), ("crime", "control"), ("searches", "crime"), ("incidents", "crime")):
        what = Shown("map", layer, level)
        answer = shown(desk, what, app=app)
        for row in answer.rows[:2]:
            (name, value), *_ = row.at
            assert name == level
            asked = RowsQuestion(app, "map", at_values=((name, str(value)),), at=AT, maps=(what,))
            found = desk.rows(VIEWER, asked)
            assert found.total == row.values[0]
            assert found.fact == answer.fact


def test_a_rate_has_its_denominator(desk: StoreDesk) -> None:
    """So many for each thousand of a place's own people, whom the data of the force count."""
    with desk._store.reader() as cursor:
        people = dict(sql.select(cursor, "select district, sum(population) from ref.place group by all").fetchall())
    for row in shown(desk, Shown("map", "rate", "district")).rows:
        rate, count, held = row.values
        assert held == people[row.at[0][1]]
        assert count is not None
        assert held is not None
        assert rate == pytest.approx(1000 * count / held)


def test_squares_count_points(desk: StoreDesk) -> None:
    """The squares together hold every row in scope that has a place, each within its own square, whatever is selected by place."""
    answer = shown(desk, Shown("map", "open", "beat", SQUARE), ("grade=Priority", "beat=BC01"))
    every = desk.rows(VIEWER, RowsQuestion("control", "", "incident", limit=5000, columns=("ref",), at=AT,
                                           selection=desk.resolve(VIEWER, ("grade=Priority", "condition=open"), app="control")))  # fmt: skip
    assert sum(many for _, _, many in answer.squares) == every.total
    west, south = (side * place for side, place in zip(SQUARE, answer.squares[0][:2], strict=True))
    box = f"area=box({west!r},{south!r},{west + SQUARE[0]!r},{south + SQUARE[1]!r})"
    inside = desk.resolve(VIEWER, ("grade=Priority", "condition=open", box), app="control")
    assert desk.rows(VIEWER, RowsQuestion("control", "", "incident", selection=inside, at=AT)).total == answer.squares[0][2]


def test_a_difference_is_against_the_same_hour_before(desk: StoreDesk) -> None:
    """Each value less the mean of what it was at that hour of the weeks that the file has; the weeks are said."""
    texts = ("grade=Priority",)
    answer = shown(desk, Shown("map", "open", "district", difference=True), texts)
    before = datetime(2026, 11, 6, 22, 15), datetime(2026, 10, 30, 22, 15)
    earlier = [shown(desk, Shown("map", "open", "district"), texts, each) for each in before]
    assert "2 earlier weeks" in answer.note
    for row in answer.rows:
        held = [next((each.values[0] for each in week.rows if each.at == row.at), 0) or 0 for week in earlier]
        now, mean = row.values[1], sum(held) / 2
        assert row.values[2] == pytest.approx(mean)
        assert row.values[0] == pytest.approx((now or 0) - mean)
    first = shown(desk, Shown("map", "open", "district", difference=True), ("beat=BC01",), AT - timedelta(days=14))
    assert "no earlier week" in first.note
    assert {row.values[0] for row in first.rows} == {None}


def test_the_same_hour_is_the_clock_on_the_wall() -> None:
    """Over the end of summer time an hour of the week is the same local hour, to the quarter."""
    weeks = maps.before(datetime(2026, 10, 28, 21, 44, 30), 3)
    assert weeks == (datetime(2026, 10, 21, 20, 30), datetime(2026, 10, 14, 20, 30), datetime(2026, 10, 7, 20, 30))


def test_what_a_map_hasnt_is_refused(desk: StoreDesk) -> None:
    """An unknown layer or level names the nearest; a difference needs a layer that has one."""
    for what, words in (
        (Shown("map", "harms"), "'harm'"),
        (Shown("map", "", "beets"), "'beat'"),
        (Shown("map", "crime", difference=True), "earlier weeks"),
    ):
        with pytest.raises(Unknown, match=words):
            desk.ask(VIEWER, Question("control", at=AT, panels=("map",), maps=(what,)))


def test_a_clause_that_doesnt_reach_a_layer_is_said(desk: StoreDesk) -> None:
    """A grade reaches crimes by their incident; a unit's callsign reaches no stop and search."""
    assert shown(desk, Shown("map", "searches"), ("callsign=RC01",), app="crime").unreached == ("callsign",)
    assert shown(desk, Shown("map", "crime"), ("grade=Priority",)).unreached == ()

"""Counts, states, reach and rows of the engine agree with the plain oracle, on random data, clauses, areas and locks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.desk.desk import Cross, RowsQuestion, Viewer
from console.desk.selection import Area, Box, Circle, Clause, Polygon, Range, Refused, Selection, Values, Window
from console.engine import model
from console.engine.desk import StoreDesk
from console.store.database import Store, open_store
from tests.laws.oracle import Force

NOW = datetime(2026, 11, 23, 21, 40)
VIEWER = Viewer("test")
TEXT = {"type": "text"}
MODEL: dict[str, Any] = {
    "fact": {
        "job": {
            "title": "Jobs", "key": "id", "columns": ["id"],
            "field": {
                "id": {"title": "Id", "type": "integer"}, "ref": {"title": "Ref", "type": "text"}, "grade": {"title": "Grade", "type": "text"},
                "kind": {"title": "Kind", "type": "text"}, "size": {"title": "Size", "type": "integer"}, "began": {"title": "Began", "type": "instant"},
            },
            "measure": {"count": {"title": "Jobs", "sql": "count(*)", "additive": True}, "n": {"title": "n", "sql": "sum(n)", "additive": True}},
        },
        "unit": {
            "title": "Units", "key": "id", "columns": ["call"],
            "field": {"call": {"title": "Call", "type": "text"}, "state": {"title": "State", "type": "text"}},
            "measure": {"count": {"title": "Units", "sql": "count(*)", "additive": True}, "n": {"title": "n", "sql": "sum(n)", "additive": True}},
        },
    },
    "link": {
        "place": {"facts": ["job", "unit"], "field": {"place": {"title": "Place", "type": "text"}, "area": {"title": "Area", "type": "area", "column": "lon, lat"}}},
        "works": {"from": "unit", "to": "job", "from_key": "ref", "to_key": "ref", "carries": ["call", "state"]},
    },
}  # fmt: skip
SCHEMA: dict[str, dict[str, Any]] = {
    "job": {"id": pl.Int64, "ref": pl.String, "grade": pl.String, "kind": pl.String, "size": pl.Int64, "began": pl.Datetime("us"),
            "place": pl.String, "lon": pl.Float64, "lat": pl.Float64, "n": pl.Int64},
    "unit": {"id": pl.Int64, "call": pl.String, "state": pl.String, "ref": pl.String, "place": pl.String, "lon": pl.Float64,
             "lat": pl.Float64, "n": pl.Int64},
}  # fmt: skip

letters = st.sampled_from(["a", "b", "c", "it's", 'q"%', ""])
maybe = st.one_of(st.none(), letters)
refs = st.one_of(st.none(), st.sampled_from(["r1", "r2", "r3", "r4"]))
lon, lat = st.floats(-3.2, -2.2).map(lambda x: round(x, 3)), st.floats(50.9, 51.6).map(lambda x: round(x, 3))
jobs = st.tuples(refs, maybe, maybe, st.one_of(st.none(), st.integers(0, 4)), st.one_of(st.none(), st.integers(-9, 9)), maybe,
                 st.one_of(st.none(), lon), lat, st.integers(-3, 9))  # fmt: skip
units = st.tuples(maybe, maybe, refs, maybe, st.one_of(st.none(), lon), lat, st.integers(-3, 9))
shapes = st.one_of(
    st.builds(Circle, lon, lat, st.floats(500, 60000)),
    st.tuples(lon, lat, st.floats(0.05, 1), st.floats(0.05, 1)).map(lambda t: Box(t[0], t[1], t[0] + t[2], t[1] + t[3])),
    st.lists(st.tuples(lon, lat), min_size=3, max_size=6, unique=True).map(lambda corners: Polygon(tuple(corners))),
)
values = st.frozensets(st.one_of(st.none(), letters.filter(bool)), min_size=1, max_size=3).map(Values)
CLAUSES: dict[str, st.SearchStrategy[Clause]] = {
    "grade": values, "kind": values, "place": values, "call": values, "state": values,
    "size": st.one_of(
        st.frozensets(st.sampled_from(["0", "1", "2", "7"]), min_size=1).map(Values),
        st.tuples(st.one_of(st.none(), st.integers(0, 4).map(str)), st.one_of(st.none(), st.integers(0, 5).map(str))).map(lambda t: Range(*t)),
    ),
    "began": st.tuples(st.one_of(st.none(), st.integers(-30000, 0)), st.one_of(st.none(), st.integers(-3000, 30000))).map(lambda t: Window(*t)),
    "area": st.lists(shapes, min_size=1, max_size=2).map(lambda found: Area(tuple(found))),
}  # fmt: skip


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    """A selection over some fields, some of them locked."""
    names = draw(st.lists(st.sampled_from(sorted(CLAUSES)), unique=True, max_size=4))
    selection = Selection()
    for name in names:
        selection = selection.with_clause(name, draw(CLAUSES[name]))
    for name in names:
        if draw(st.booleans()):
            selection = selection.lock(name)
    return selection


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with two small facts of the test's own."""
    made = open_store(Path(tmp_path_factory.mktemp("engine")) / "a.duckdb")
    kinds = {pl.Int64: "bigint", pl.String: "varchar", pl.Float64: "double"}
    with made.write(set()) as cursor:
        for fact, columns in SCHEMA.items():
            body = ", ".join(f"{name} {kinds.get(kind, 'timestamp')}" for name, kind in columns.items())
            cursor.execute(f"create table base.told_{fact} ({body}); create macro {fact}_(moment) as table from base.told_{fact}")
        cursor.execute("create or replace macro job(moment) as table from base.told_job")
        cursor.execute("create or replace macro unit(moment) as table from base.told_unit")
    yield made
    made.close()


def fill(store: Store, found: tuple[list[Any], list[Any]]) -> Force:
    jobs_, units_ = found
    told: dict[str, list[Any]] = {
        "job": [(i, r, g or None, k or None, s, None if b is None else NOW + timedelta(minutes=60 * b), p or None, x, y, n)
                for i, (r, g, k, s, b, p, x, y, n) in enumerate(jobs_)],
        "unit": [(i, c or None, s or None, r, p or None, x, y, n) for i, (c, s, r, p, x, y, n) in enumerate(units_)],
    }  # fmt: skip
    with store.write(set()) as cursor:
        for fact, rows in told.items():
            cursor.execute(f"delete from base.told_{fact}")
            if rows:
                marks = ", ".join(["(" + ", ".join("?" * len(rows[0])) + ")"] * len(rows))
                cursor.execute(f"insert into base.told_{fact} values {marks}", [value for row in rows for value in row])
    return Force({fact: pl.DataFrame(rows, schema=SCHEMA[fact], orient="row") for fact, rows in told.items()}, NOW)


worlds = st.tuples(st.lists(jobs, max_size=25), st.lists(units, max_size=12))
checked = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@cache
def desk(store: Store) -> StoreDesk:
    return StoreDesk(store, model.read(MODEL), {}, Path("none"))


@checked
@given(worlds, selections(), st.sampled_from([("job", ("grade",)), ("job", ("size",)), ("job", ("grade", "kind")), ("unit", ("state",)),
                                              ("job", ("place",)), ("unit", ("place",)), ("unit", ("place", "call"))]))  # fmt: skip
def test_counts_and_states(
    store: Store, found: tuple[list[Any], list[Any]], selection: Selection, asked: tuple[str, tuple[str, ...]]
) -> None:
    """Every value's count, sum and state are the oracle's, whole tables compared; the bar's numbers too."""
    force = fill(store, found)
    fact, fields = asked
    answer = desk(store).cross(VIEWER, Cross(fact, fields, ("count", "n"), selection, NOW))
    panel = answer.panels[0]
    assert panel.error is None
    mine = {tuple(value for _, value in row.at): (row.values[0], row.values[1] or 0, row.state) for row in panel.rows}
    assert mine == force.counts(fact, fields, selection)
    shown = [row for row in force.rows(fact) if force.passes(fact, row, selection)]
    assert (answer.shown, answer.of) == (len(shown), len(force.rows(fact)))
    reached = {"job": set(CLAUSES), "unit": {"call", "state", "place", "area"}}[fact]
    assert set(panel.unreached) == set(selection.fields()) - reached


@checked
@given(worlds, selections(), st.integers(0, 6))
def test_rows_behind_a_fact(store: Store, found: tuple[list[Any], list[Any]], selection: Selection, limit: int) -> None:
    """The rows are the oracle's, page by page, and their total is the number."""
    force = fill(store, found)
    expected = [row["id"] for row in force.rows("job") if force.passes("job", row, selection)]
    asked = desk(store)
    total = asked.rows(VIEWER, RowsQuestion("", "", "job", (), selection, NOW, 0, 1)).total
    ids: list[Any] = []
    while len(ids) < total:
        page = asked.rows(VIEWER, RowsQuestion("", "", "job", (), selection, NOW, len(ids), limit + 1)).rows
        assert page
        ids += [row.columns[0] for row in page]
    assert ids == expected


def test_ambiguity_is_found() -> None:
    """Two default routes from one fact to another are refused by the check, with both named."""
    from console.engine.check import ambiguities

    assert ambiguities(model.read(MODEL)) == []
    twice = {**MODEL, "link": {**MODEL["link"], "second": {**MODEL["link"]["works"]}}}
    assert any("works and second" in words for words in ambiguities(model.read(twice)))


def test_locks() -> None:
    """A lock needs a clause, freezes it against change and clearing, and stepping back past it is allowed."""
    from console.desk.selection import History

    free = Selection().toggle("grade", "a")
    with pytest.raises(Refused, match="no selection to lock"):
        free.lock("kind")
    locked = free.lock("grade")
    with pytest.raises(Refused, match="locked"):
        locked.toggle("grade", "b")
    with pytest.raises(Refused, match="locked"):
        locked.clear("grade")
    assert locked.toggle("kind", "b").clear_all() == locked
    assert History().go(free).go(locked).back().now == free

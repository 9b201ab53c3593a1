"""The control room's numbers agree with each other, and the plans of every app hold against the schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from console.desk.answer import Answer, PanelAnswer
from console.desk.desk import Command, Question, RowsQuestion, Viewer
from console.desk.selection import Selection, Values
from console.embedded import check, desk_over
from console.engine.desk import StoreDesk
from console.feed import bulk
from console.feed.ingest import SimulatorState
from console.feed.simulator import SOURCE, Simulator
from console.store import sql
from console.store.database import open_store

AT = datetime(2026, 11, 13, 22, 15)
VIEWER = Viewer("test")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreDesk]:
    """Two weeks of the simulated force up to a Friday night."""
    store = open_store(Path(tmp_path_factory.mktemp("control")) / "a.duckdb")
    simulator = Simulator(4, AT - timedelta(days=14), positions_from=AT - timedelta(minutes=40))
    batch = simulator.advance(AT)
    bulk.load(store, batch.frames(), SOURCE, SimulatorState(SOURCE, AT, simulator.state()))
    with store.write({"incident"}) as cursor:
        sql.run(cursor, sql.text("feed/announced"), {"from_at": AT - timedelta(hours=1)})
    made = desk_over(store)
    yield made
    made.close()


def panel(answer: Answer, name: str) -> PanelAnswer:
    found = next(each for each in answer.panels if each.name == name)
    assert found.error is None, (name, found.error)
    return found


def figure(answer: Answer, name: str) -> float:
    value = panel(answer, name).rows[0].values[0]
    assert value is not None
    return value


SELECTIONS = [
    (),
    ("district=Bristol",),
    ("grade=Immediate", "grade=Priority", "district=Somerset"),
    ("incident.type=Domestic",),
    ("callsign=RC01",),
]


@pytest.mark.parametrize("texts", SELECTIONS)
def test_the_numbers_agree(desk: StoreDesk, texts: tuple[str, ...]) -> None:
    """Headlines, bars, cells, map and tables are of the same rows, and the bar counts what it hides."""
    selection = desk.resolve(VIEWER, texts, app="control")
    answer = desk.ask(VIEWER, Question("control", selection, AT))
    every = desk.ask(VIEWER, Question("control", Selection(), AT))
    for each in answer.panels:
        panel(answer, each.name)
    assert figure(answer, "open") == answer.shown == panel(answer, "queue").total
    assert panel(answer, "open").rows[0].values[1] == answer.of == figure(every, "open")
    own = {"type": "incident.type", "place": "district", "map": "beat"}
    for name, field in own.items():
        if not selection.clause(field):
            assert sum(row.values[0] or 0 for row in panel(answer, name).rows) == answer.shown
    if not selection.clause("grade"):
        assert sum(row.values[0] or 0 for row in panel(answer, "grade_age").rows) == answer.shown
    assert sum(row.values[0] or 0 for row in panel(answer, "unit_state").rows) == panel(answer, "units").total
    urgent = sum(row.values[0] or 0 for row in panel(every, "grade_age").rows if row.at[0][1] == "Immediate")
    clause = selection.clause("grade")
    urgent_only = selection.with_clause("grade", Values(frozenset(("Immediate",))))
    kept = desk.rows(VIEWER, RowsQuestion("control", "open", selection=urgent_only, at=AT, limit=1)).total
    assert answer.hidden_immediate == urgent - (kept if clause is None or "Immediate" in str(clause) else 0)
    free = sum(
        row.values[0] or 0
        for row in panel(answer, "unit_state").rows
        if str(row.at[0][1]).startswith(("Available", "Committed deployable"))
    )
    assert figure(answer, "deployable") == free


@pytest.mark.parametrize("texts", SELECTIONS)
def test_a_panel_alone_answers_as_among_all(desk: StoreDesk, texts: tuple[str, ...]) -> None:
    """Whether a page keeps a fact's rows for its panels or one asks them for itself is seen in no answer; hours' sums may round either way."""
    question = Question("control", desk.resolve(VIEWER, texts, app="control", at=AT), AT)
    for among in (each for each in desk.ask(VIEWER, question).panels if each.kind != "series"):
        alone = desk.ask_panel(VIEWER, question, among.name)
        assert replace(alone, markers=()) == replace(among, markers=())
        assert set(alone.markers) == set(among.markers)


def test_a_grade_does_not_reach_units(desk: StoreDesk) -> None:
    """Choosing a grade leaves availability as it is, and the panel says so."""
    plain, graded = (
        desk.ask(VIEWER, Question("control", desk.resolve(VIEWER, texts, app="control"), AT)) for texts in ((), ("grade=Immediate",))
    )
    assert panel(plain, "unit_state").rows == panel(graded, "unit_state").rows
    assert panel(graded, "unit_state").unreached == ("grade",)


@pytest.mark.parametrize("texts", SELECTIONS)
def test_rows_behind_each_number(desk: StoreDesk, texts: tuple[str, ...]) -> None:
    """The rows that a pressed number opens are as many as the number says."""
    selection = desk.resolve(VIEWER, texts, app="control")
    answer = desk.ask(VIEWER, Question("control", selection, AT))
    for name in ("grade_age", "type", "place", "unit_state", "contacts", "map"):
        for row in panel(answer, name).rows[:7]:
            at = tuple(
                (field, None if value is None else value.isoformat() + "Z" if isinstance(value, datetime) else str(value))
                for field, value in row.at
            )
            rows = desk.rows(VIEWER, RowsQuestion("control", name, at_values=at, selection=selection, at=AT, limit=5))
            assert rows.total == row.values[0], (name, row)
    for name in ("open", "unresourced", "breached", "deployable", "waiting_101"):
        rows = desk.rows(VIEWER, RowsQuestion("control", name, selection=selection, at=AT, limit=1))
        assert rows.total == figure(answer, name), name


def test_demand_and_availability(desk: StoreDesk) -> None:
    """The chart runs from 24 h before to 4 h after; ahead there is only what is expected."""
    rows = panel(desk.ask(VIEWER, Question("control", Selection(), AT)), "demand").rows
    hours = [row.at[0][1] for row in rows]
    top = AT.replace(minute=0)
    assert hours == [top + timedelta(hours=step) for step in range(-24, 5)]
    assert all(row.values[0] is not None and row.values[1] is not None for row in rows[:25])
    assert all(row.values[0] is None and row.values[1] is None and row.values[2] is not None for row in rows[25:])
    low, high = rows[26].values[3], rows[26].values[4]
    assert low is None or (high is not None and low <= (rows[26].values[2] or 0) <= high)


def test_an_announcement_stands_until_it_is_acknowledged(desk: StoreDesk) -> None:
    """New Immediate incidents are announced under any selection until a named user acknowledges them, once."""
    selection = desk.resolve(VIEWER, ("grade=Scheduled",), app="control")
    question = Question("control", selection, AT, ("open",))
    first = desk.ask(VIEWER, question).alerts
    assert first
    assert all(alert.hidden for alert in first if alert.kind == "immediate")
    command = Command("0" * 31 + "1", "acknowledge", (("kind", first[0].kind), ("key", first[0].key), ("by", "Sgt Vowles")))
    assert "Sgt Vowles" in desk.command(VIEWER, command)
    another = Command("f" * 32, "acknowledge", (("kind", first[1].kind), ("key", first[1].key), ("by", "Sgt Vowles")))
    assert first[1].key in desk.command(VIEWER, another)
    now = desk.ask(VIEWER, Question("control", selection, None, ("open",)))
    own = [source for source in now.sources if source.name == "console"]
    assert [(source.gaps, source.stale, source.live) for source in own] == [(0, False, False)]
    after = desk.ask(VIEWER, Question("control", selection, datetime(2026, 11, 13, 22, 15) + timedelta(days=30), ("open",))).alerts
    assert not {first[0].key, first[1].key} & {alert.key for alert in after}


def test_a_unit_unheard_is_unknown(desk: StoreDesk) -> None:
    """Eleven minutes after the last word of any unit, none is available and all on duty are unknown."""
    later = desk.ask(VIEWER, Question("control", Selection(), AT + timedelta(minutes=11)))
    assert figure(later, "deployable") == 0
    assert {row.at[0][1] for row in panel(later, "unit_state").rows} <= {"Unknown", "Emergency"}


def test_search_finds_values_over_all_fields(desk: StoreDesk) -> None:
    """A word finds values in several fields, each with its field and its count."""
    hits = desk.search(VIEWER, "control", "brist", Selection(), AT)
    assert ("district", "Bristol") in {(hit.field, hit.value) for hit in hits}
    assert len({hit.field for hit in hits}) > 1
    bristol = next(hit for hit in hits if hit.field == "district")
    assert bristol.count > 0
    beats = [hit for hit in desk.search(VIEWER, "control", "city cen", Selection(), AT) if hit.field == "beat"]
    assert [(hit.value, hit.name) for hit in beats] == [("BC01", "City Centre"), ("BA01", "Bath City Centre")]
    queue = panel(desk.ask(VIEWER, Question("control", Selection(), AT)), "queue")
    ref = queue.rows[0].at[0][1]
    assert desk.search(VIEWER, "control", str(ref), Selection(), AT)[0].field == "incident.ref"


def test_a_failed_panel_fails_alone(desk: StoreDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query that fails shows its words in its own panel, and every other panel answers."""
    plans = desk.plans["control"].plans
    monkeypatch.setitem(plans, "demand", replace(plans["demand"], sql="-- one row\nselect nothing from nowhere"))
    answer = desk.ask(VIEWER, Question("control", Selection(), AT))
    assert {each.name for each in answer.panels if each.error} == {"demand"}
    assert "nowhere" in (next(each for each in answer.panels if each.name == "demand").error or "")


def test_the_apps_hold_against_the_schema(tmp_path: Path) -> None:
    """`console check` has nothing to say of what is shipped."""
    assert check(tmp_path / "check.duckdb") == []

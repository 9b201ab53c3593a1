"""The index of the real model, followed through hours of the simulated force, gives what SQL gives; and when there is none, it is said."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from console.desk.desk import Question, Viewer
from console.desk.selection import Selection
from console.embedded import desk_over
from console.engine.desk import StoreDesk
from console.engine.index import memory
from console.engine.index.building import build
from console.engine.index.dimension import Full
from console.engine.index.index import Index
from console.engine.index.kernel import load
from console.feed import bulk
from console.feed.ingest import Ingest, SimulatorState
from console.feed.simulator import SOURCE, Simulator
from console.store.database import Failure, Store, Touched, open_store

AT = datetime(2026, 11, 13, 18, 0)
VIEWER = Viewer("test")
SELECTIONS = [
    (), ("district=Bristol",), ("grade=Immediate", "grade=Priority", "district=Somerset"), ("callsign=RC01",),
    ("time=-4h..", "area=circle(-2.59,51.45,9000)"), ("incident.type=Domestic", "sector=Bristol Central"),
]  # fmt: skip


@pytest.fixture
def played(tmp_path: Path) -> Iterator[tuple[Store, Simulator]]:
    """Three days of the simulated force, and it as it stands."""
    store = open_store(tmp_path / "a.duckdb")
    simulator = Simulator(5, AT - timedelta(days=3), positions_from=AT - timedelta(minutes=40))
    bulk.load(store, simulator.advance(AT).frames(), SOURCE, SimulatorState(SOURCE, AT, simulator.state()))
    yield store, simulator
    with suppress(Failure):
        store.close()


def test_hours_of_live_events(played: tuple[Store, Simulator]) -> None:
    """Every panel of both apps, under several selections, after each stretch of events, late ones among them."""
    store, simulator = played
    desk, kernel = desk_over(store), load()
    touched: dict[str, set[str]] = {}

    def heard(version: int, facts: Touched) -> None:
        for fact, keys in facts.items():
            touched.setdefault(fact, set()).update(keys or ())

    with store.reader() as cursor:
        index = build(kernel, cursor, desk.model, desk.plans, AT)
    store.listen(heard)
    ingest, held, changed = Ingest(store), list[bytes](), 0
    for step in range(1, 13):
        now = AT + timedelta(minutes=7 * step)
        lines = [*held, *simulator.advance(now).lines()]
        held = lines[: len(lines) // 20]  # come with the next
        ingest.take(lines[len(held) :], SOURCE)
        changed += sum(map(len, touched.values()))
        with store.reader() as cursor:
            try:
                index.follow(cursor, touched, now)
            except Full:
                index = build(kernel, cursor, desk.model, desk.plans, now)
        touched.clear()
        agree(desk, index, now, [SELECTIONS[0], SELECTIONS[step % len(SELECTIONS)]])
    assert changed > 500


def agree(desk: StoreDesk, index: Index, now: datetime, selections: list[tuple[str, ...]]) -> None:
    """Answers with and without the index are the same, and most panels were answered by it."""
    for app in ("control", "crime"):
        for texts in selections:
            selection = desk.resolve(VIEWER, texts, (), app, now) if texts else Selection()
            desk.keeper.index = None
            by_sql = desk.ask(VIEWER, Question(app, selection, now))
            desk.keeper.index = index
            by_index = desk.ask(VIEWER, Question(app, selection, now))
            assert len(desk.quick(VIEWER, app)) >= 10
            assert (by_sql.shown, by_sql.of, by_sql.hidden_immediate) == (by_index.shown, by_index.of, by_index.hidden_immediate)
            for one, other in zip(by_sql.panels, by_index.panels, strict=True):
                assert one.error is None, one.error
                assert [(row.at, row.state, row.columns) for row in other.rows] == [(row.at, row.state, row.columns) for row in one.rows], (
                    one
                )
                for told, counted in zip(one.rows, other.rows, strict=True):
                    assert counted.values == pytest.approx(told.values), (one.name, texts, told.at)


def test_it_stands_at_the_page_s_moment_and_follows(played: tuple[Store, Simulator]) -> None:
    """Behind the first answer it is built; afterwards panels are quick, and a change is followed."""
    store, simulator = played
    desk = desk_over(store, indexed=True, clock=lambda: simulator.until)
    assert not desk.quick(VIEWER, "control")
    assert "no index" in desk.memory(VIEWER)
    before = desk.ask(VIEWER, Question("control"))
    waited(lambda: bool(desk.quick(VIEWER, "control")))
    index = desk.keeper.index
    assert index is not None
    assert f"{sum(each.rows.count for each in index.facts.values()):,} rows in" in desk.memory(VIEWER)
    after = desk.ask(VIEWER, Question("control"))
    assert (after.shown, after.of, after.note) == (before.shown, before.of, "")
    assert not desk.ask(VIEWER, Question("crime")).live  # published by the month, with or without an index
    count = desk.ask(VIEWER, Question("crime")).of
    Ingest(store).take(list(simulator.advance(AT + timedelta(hours=3)).lines()), SOURCE)
    waited(lambda: desk.ask(VIEWER, Question("crime")).of > count)
    desk.close()


def test_what_it_would_cost_is_said_before(played: tuple[Store, Simulator], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where memory is short there is no index, the viewer is told why, and answers are made by SQL."""
    store, _ = played
    monkeypatch.setattr(memory, "available", lambda: 1_000_000)
    desk = desk_over(store, indexed=True)
    count = desk.ask(VIEWER, Question("control")).of
    waited(lambda: "of memory left" in desk.ask(VIEWER, Question("control")).note)
    assert desk.ask(VIEWER, Question("control")).of == count
    assert not desk.quick(VIEWER, "control")
    desk.close()


def waited(true: object) -> None:
    """Wait until something is true."""
    assert callable(true)
    for _ in range(600):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("never came true")

"""The chart by the hour and the free units a job from memory are those by their SQL: for whoever asks, under any selection, as events come."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from console.desk.desk import Viewer
from console.desk.selection import Selection
from console.embedded import desk_over
from console.engine import panels
from console.engine.apps import Plan
from console.engine.context import Context
from console.engine.desk import StoreDesk
from console.engine.held import Held
from console.engine.hourly import Shifts
from console.engine.index import answers, hours
from console.engine.index.building import build
from console.engine.index.index import Announced, Index
from console.engine.index.kernel import load
from console.engine.index.seen import Seen
from console.engine.section import Sectioned, leave, seen
from console.engine.standing import shifts_ready
from console.feed import bulk
from console.feed.ingest import Ingest, SimulatorState
from console.feed.simulator import SOURCE, Simulator
from console.governance.policy import Section, Sight
from console.store.database import Cursor, Store, Touched, open_store

VIEWER = Viewer("test")
NOW = datetime(2026, 10, 26, 2)  # on the hour, the day after the clocks went back
GRADES, DISTRICTS = (
    ("Immediate", "Priority", "Scheduled", "Resolution"),
    ("Bristol", "Somerset", "North Somerset", "Bath and North East Somerset"),
)


@dataclass
class Followed:
    """A store, a desk over it, and an index that follows what the simulated force tells."""

    store: Store
    desk: StoreDesk
    simulator: Simulator
    index: Index
    now: datetime

    def follow(self, minutes: float) -> None:
        """Let some minutes pass, whose events come but for some that are late."""
        touched: dict[str, set[str]] = {}

        def heard(version: int, facts: Touched) -> None:
            for fact, keys in facts.items():
                touched.setdefault(fact, set()).update(keys or ())

        deafen = self.store.listen(heard)
        self.now += timedelta(minutes=minutes)
        if minutes:
            Ingest(self.store).take(self.simulator.advance(self.now).lines(), SOURCE)
        deafen()
        before: Mapping[Plan, Shifts] = self.index.shifts

        def announce(cursor: Cursor, held: Held) -> tuple[Announced, ...]:
            shifts_ready(cursor, self.desk.plans, held, before)
            return ()

        with self.store.reader() as cursor:
            self.index.follow(cursor, touched, self.now, announce)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Followed]:
    """Nine days of the simulated force."""
    store = open_store(Path(tmp_path_factory.mktemp("hours")) / "a.duckdb")
    simulator = Simulator(6, NOW - timedelta(days=9), positions_from=NOW - timedelta(minutes=20))
    bulk.load(store, simulator.advance(NOW).frames(), SOURCE, SimulatorState(SOURCE, NOW, simulator.state()))
    desk = desk_over(store)
    with store.reader() as cursor:
        made = Followed(store, desk, simulator, build(load(), cursor, desk.model, desk.plans, NOW), NOW)
    made.follow(0)
    yield made
    desk.close()


def selections(draw: random.Random) -> list[tuple[str, ...]]:
    return [
        (), (f"district={draw.choice(DISTRICTS)}",), (f"grade={draw.choice(GRADES)}", f"grade={draw.choice(GRADES)}"),
        ("condition=closed", "age=<60m"), ("incident.type=Domestic", f"district={draw.choice(DISTRICTS)}"),
        ("availability=free",), (f"area=circle({draw.uniform(-2.9, -2.3):.3f},{draw.uniform(51.2, 51.5):.3f},{draw.randrange(3000, 15000)})",),
        (f"time=-{draw.randrange(3, 300)}h..",), ("unit.state=Available on patrol",), ("resourcing=unresourced", "time=-90m.."),
    ]  # fmt: skip


def agree(followed: Followed, texts: tuple[str, ...], sectioned: Sectioned | None = None) -> bool:
    """See that memory, where it says anything, says what SQL says; return whether it did."""
    desk, index = followed.desk, followed.index
    plan, model = desk.plans["control"].plans["demand"], desk.model if sectioned is None else seen(desk.model, sectioned.section)
    selection = desk.resolve(VIEWER, texts, (), "control", followed.now) if texts else Selection()
    with followed.store.reader() as cursor:
        if sectioned is not None:
            sectioned.enter(cursor)
            index = Seen(index, sectioned, model, lambda: None)
        context = Context(cursor, model, followed.now, selection, desk.plans["control"].base)
        try:
            by_sql = panels.answer(plan, context)
            said = hours.told(index, plan, replace(context, index=index))
            by_index = panels.answer(plan, replace(context, index=index))
            ratio = desk.plans["control"].plans["free_ratio"]
            free = [panels.answer(ratio, replace(context, index=each, sides={})) for each in (None, index)]
            assert answers.ratio(index, ratio, context) or sectioned is not None
        finally:
            if sectioned is not None:
                leave(cursor)
    assert len(by_sql.rows) == 29
    assert free[0] == free[1], texts
    assert by_index == by_sql, texts
    return said is not None


def test_any_selection_as_events_come(followed: Followed) -> None:
    """Every selection that the index can say at all, to the last digit; hours and shifts end in between."""
    draw = random.Random(3)
    told = [agree(followed, texts) for texts in selections(draw)]
    marks = [followed.index.shifts[plan].mark for plan in followed.index.shifts]
    for minutes in (0.5, 13.25, 31, 190):
        followed.follow(minutes)
        told += [agree(followed, texts) for texts in draw.sample(selections(draw), 4)]
    assert sum(told) > 0.9 * len(told)
    assert [followed.index.shifts[plan].mark for plan in followed.index.shifts] != marks


def test_only_what_a_section_shows(followed: Followed) -> None:
    """A section's chart is of its rows alone, from memory where its columns are as they are, by SQL where one is kept back."""
    bristol = ((("district", frozenset({"Bristol"})),),)
    whole = tuple((name, Sight()) for name in followed.desk.model.facts)

    def section(**sights: Sight) -> Sectioned:
        made = Section(tuple(dict(whole, **sights).items()))
        found = Sectioned(made, followed.desk.model, f"section_{abs(hash(made))}")
        with followed.store.reader() as cursor:
            found.make(cursor)
        return found

    rows = section(incident=Sight(rows=bristol), unit=Sight(rows=bristol))
    assert all(agree(followed, texts, rows) for texts in ((), ("grade=Immediate",), ("district=Somerset",)))
    for kept_back in (
        section(incident=Sight(masked=frozenset({"type"}))), section(incident=Sight(hidden=frozenset({"grade"}))),
        section(unit=Sight(masked=frozenset({"callsign"}))), section(incident=Sight(masked=frozenset({"created"}))),
    ):  # fmt: skip
        assert not agree(followed, (), kept_back)

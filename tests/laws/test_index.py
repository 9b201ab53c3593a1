"""The index gives what SQL gives, on random models, data and selections."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.desk.answer import PanelAnswer
from console.desk.desk import Drill, Question, Viewer
from console.desk.selection import Values
from console.engine import panels
from console.engine.apps import Plan
from console.engine.context import Context
from console.engine.desk import StoreDesk
from console.engine.index import crossing, dimension, encode, focus, numbers
from console.engine.index.answers import focusing
from console.engine.index.building import build
from console.engine.index.dimension import Full
from console.engine.index.index import Index
from console.engine.index.kernel import Kernel, load
from console.engine.index.top import Top, topmost
from console.engine.model import Field
from console.engine.scope import MANY
from console.store.database import Cursor, Store
from tests.laws.oracle import text_of
from tests.laws.worlds import World, opened, worlds

VIEWER = Viewer("test")


@pytest.fixture(scope="module", params=[True, False], ids=["compiled", "numpy"])
def kernel(request: pytest.FixtureRequest) -> Kernel:
    """The compiled loops, and those of a machine without a compiler."""
    return load(compiled=request.param)


@pytest.mark.parametrize("examples", [30, pytest.param(5000, marks=pytest.mark.long)])
def test_any_model(store: Store, tmp_path: Path, kernel: Kernel, examples: int) -> None:
    """Every panel's answer by the index is the one by SQL."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(worlds())
    def check(world: World) -> None:
        desk = opened(store, world, tmp_path)
        with store.reader() as cursor, tables(world.drops[2]):
            index = build(kernel, cursor, desk.model, desk.plans, world.force.now)
        agree(desk, index, world, world.force.now)

    check()


@pytest.mark.parametrize("examples", [12, pytest.param(2000, marks=pytest.mark.long)])
def test_live(store: Store, tmp_path: Path, kernel: Kernel, examples: int) -> None:
    """After rows have come, changed and gone, and time has passed, the index still gives what SQL gives, also in focus."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(worlds(), st.lists(happenings, min_size=1, max_size=4))
    def check(world: World, rounds: list[Happening]) -> None:
        desk = opened(store, world, tmp_path)
        now = world.force.now
        with store.reader() as cursor, tables(world.drops[2]):
            index = build(kernel, cursor, desk.model, desk.plans, now)
            for happening in rounds:
                agree(desk, index, world, now)
                focused(desk, index, world, cursor, now)
                touched = happening.told(store, desk)
                now += timedelta(minutes=happening.minutes)
                try:
                    index.follow(cursor, touched, now)
                except Full:
                    index = build(kernel, cursor, desk.model, desk.plans, now)
            agree(desk, index, world, now)
            focused(desk, index, world, cursor, now)

    check()


@pytest.mark.parametrize("examples", [25, pytest.param(5000, marks=pytest.mark.long)])
def test_a_table_is_cut_anywhere(store: Store, tmp_path: Path, kernel: Kernel, examples: int) -> None:
    """A table is the one by SQL at whatever place of its first order the index says that its last row is."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(worlds(), st.integers(0, 99))
    def check(world: World, number: int) -> None:
        desk = opened(store, world, tmp_path)
        with store.reader() as cursor:
            index = build(kernel, cursor, desk.model, desk.plans, world.force.now)

        def anywhere(index: Index, plan: Plan, context: Context) -> Top | None:
            told = topmost(index, plan, context)
            places = [place for name, _ in plan.sort for place in placed(index, plan, context.model.field(name, plan.spec.fact))]
            return Top(told.total, places[number % len(places)]) if told and places else told

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(panels, "topmost", anywhere)
            agree(desk, index, world, world.force.now)

    check()


def placed(index: Index, plan: Plan, field: Field) -> list[Any]:
    """Return the places in order of a field's values, where the index holds them."""
    held = index.facts[plan.spec.fact].rows.dimensions.get(index.column(plan.spec.fact, field.name) or "")
    return [] if held is None else [place for place in (held.places if field.order else held.values) if place is not None]


@contextmanager
def tables(kind: int) -> Iterator[None]:
    """Give the focus tables of each kind, small as they are here: dense or sorted rows, summed or not, by cells or by codes first.

    Hold numbers in 32 bits where they go in, or as they are.
    """
    kind, narrow = divmod(kind, 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbers, "WORTH", 0 if narrow else numbers.WORTH)
        patch.setattr(focus, "CELLS", (0, 60, focus.CELLS)[kind % 3])
        patch.setattr(focus, "FEW", (1, focus.FEW)[kind // 3 % 2])
        patch.setattr(focus, "MANY", (2, focus.MANY, focus.MANY)[kind // 6 % 3])
        patch.setattr("console.engine.index.top.MANY", (MANY, 1)[kind % 2])
        patch.setattr(crossing, "WORTH", (crossing.WORTH, 1e9)[kind // 18 % 2])
        yield


def focused(desk: StoreDesk, index: Index, world: World, cursor: Cursor, now: datetime) -> None:
    """Presses in a panel that has the focus are answered as any other."""
    plans = list(desk.plans["app"].plans.values())
    context = Context(cursor, desk.model, now, world.selection, desk.plans["app"].base, index=index)
    start = world.drops[0] % len(plans)
    able = [(panel, asked) for panel in plans[start:] + plans[:start] if (asked := focusing(index, panel, plans, context)) is not None]
    if not able:
        return
    panel, asked = max(able, key=lambda each: len(each[1].wanted))
    assert index.focus(asked)
    name = panel.spec.fields[0]
    agree(desk, index, world, now)
    for value in asked.dimension.values[: 1 + world.drops[1] % 4]:
        pressed = world.selection.unlock(name).toggle(name, text_of(value))
        agree(desk, index, replace(world, selection=pressed), now)
    several = Values(frozenset(map(text_of, asked.dimension.values[world.drops[1] % 3 :])))
    agree(desk, index, replace(world, selection=world.selection.unlock(name).with_clause(name, several)), now)


@pytest.mark.parametrize("examples", [8, pytest.param(800, marks=pytest.mark.long)])
def test_values_that_there_is_no_room_for(store: Store, tmp_path: Path, kernel: Kernel, examples: int) -> None:
    """Rows whose values weren't there when the facts were encoded, and have no room: their columns alone are made wider."""
    wider: list[str] = []

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(worlds(), st.integers(1, 3))
    def check(world: World, parts: int) -> None:
        desk = opened(store, world, tmp_path)
        now = world.force.now
        kept = set_aside(store, desk)
        full = dimension.Dimension.wider

        def noted(self: dimension.Dimension, column: int) -> dimension.Dimension:
            wider.append(self.name)
            return full(self, column)

        with (
            store.reader() as cursor, tables(world.drops[2]), patch.object(dimension, "LEAST", 1), patch.object(dimension, "SHARE", 1 << 40),
            patch.object(encode, "ROOM", 0), patch.object(dimension.Dimension, "wider", noted),
        ):  # fmt: skip
            index = build(kernel, cursor, desk.model, desk.plans, now)
            agree(desk, index, world, now)
            for part in range(parts):
                focused(desk, index, world, cursor, now)
                index.follow(cursor, brought_back(store, kept, part, parts), now)
                agree(desk, index, world, now)
            focused(desk, index, world, cursor, now)

    check()
    assert wider


def set_aside(store: Store, desk: StoreDesk) -> dict[str, list[int]]:
    """Take all rows but one of each fact out of its table, and return their ids."""
    kept = {}
    with store.write(set()) as cursor:
        for fact in desk.model.facts:
            table = f"base.told_{fact}"
            cursor.execute(f"create or replace temp table aside_{fact} as from {table}")
            cursor.execute(f"delete from {table} where id > (select min(id) from {table})")
            cursor.execute(f"create or replace table base.aside_{fact} as from aside_{fact} anti join {table} using (id)")
            kept[fact] = [id for (id,) in cursor.execute(f"select id from base.aside_{fact} order by id").fetchall()]
    return kept


def brought_back(store: Store, kept: dict[str, list[int]], part: int, parts: int) -> dict[str, set[str]]:
    """Put a part of these rows back, and return the keys touched."""
    touched = {}
    with store.write(set()) as cursor:
        for fact, ids in kept.items():
            some = ids[part::parts]
            cursor.execute(f"insert into base.told_{fact} from base.aside_{fact} where list_contains($ids, id)", {"ids": some})
            touched[fact] = set(map(str, some))
    return touched


@dataclass(frozen=True)
class Happening:
    """What is written to each fact: rows (by number) made like others, rows added, unsettled rows taken away; and the time that passes."""

    changed: tuple[tuple[int, int], ...]
    added: tuple[int, ...]
    gone: tuple[int, ...]
    minutes: int

    def told(self, store: Store, desk: StoreDesk) -> dict[str, set[str]]:
        """Write it, and return the keys touched."""
        touched: dict[str, set[str]] = {}
        with store.write(set()) as cursor:
            for fact in desk.model.facts:
                table = f"base.told_{fact}"
                here = f"select id from {table} order by id"
                ids = [id for (id,) in cursor.execute(here).fetchall()]
                if not ids:
                    continue
                keys = set()
                for one, other in self.changed:
                    row, like = ids[one % len(ids)], ids[other % len(ids)]
                    if row != like:
                        cursor.execute(
                            f"create or replace temp table kept as select * replace ({row} as id) from {table} where id = {like}"
                        )
                        cursor.execute(f"delete from {table} where id = {row}")
                        cursor.execute(f"insert into {table} from kept")
                        keys.add(row)
                top = max(ids)
                for n, one in enumerate(self.added):
                    cursor.execute(
                        f"insert into {table} select * replace ({top + n + 1} as id) from {table} where id = {ids[one % len(ids)]}"
                    )
                    keys.add(top + n + 1)
                for one in self.gone:
                    cursor.execute(f"delete from {table} where id = {ids[one % len(ids)]}")
                    keys.add(ids[one % len(ids)])
                touched[fact] = {str(key) for key in keys}
        return touched


places = st.integers(0, 30)
happenings = st.builds(
    Happening,
    st.lists(st.tuples(places, places), max_size=3).map(tuple),
    st.lists(places, max_size=3).map(tuple),
    st.lists(places, max_size=2).map(tuple),
    st.integers(0, 70),
)


def agree(desk: StoreDesk, index: Index, world: World, now: datetime) -> None:
    """Answers with and without the index are the same."""
    drills = tuple(Drill(each.name, tuple(map(text_of, each.path))) for each in world.panels if each.path)
    question = Question("app", world.selection, now, drills=drills)
    desk.keeper.index = None
    by_sql = desk.ask(VIEWER, question)
    desk.keeper.index = index
    by_index = desk.ask(VIEWER, question)
    assert (by_sql.shown, by_sql.of, by_sql.hidden_immediate) == (by_index.shown, by_index.of, by_index.hidden_immediate)
    for one, other in zip(by_sql.panels, by_index.panels, strict=True):
        assert told(one) == told(other)


def told(panel: PanelAnswer) -> PanelAnswer:
    """Return the panel as it is to be."""
    assert panel.error is None, panel.error
    return panel

"""The index gives what SQL gives, on random models, data and selections."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from console.desk.answer import PanelAnswer
from console.desk.desk import Drill, Question, Viewer
from console.engine.desk import StoreDesk
from console.engine.index.index import Index, build
from console.engine.index.kernel import Kernel, load
from console.store.database import Store, open_store
from tests.laws.oracle import text_of
from tests.laws.worlds import World, opened, worlds

VIEWER = Viewer("test")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store for the worlds, one after the other."""
    made = open_store(Path(tmp_path_factory.mktemp("index")) / "a.duckdb")
    yield made
    made.close()


@pytest.fixture(scope="module", params=[True, False], ids=["compiled", "numpy"])
def kernel(request: pytest.FixtureRequest) -> Kernel:
    """The compiled loops, and those of a machine without a compiler."""
    return load(compiled=request.param)


@pytest.mark.parametrize("examples", [100, pytest.param(5000, marks=pytest.mark.long)])
def test_any_model(store: Store, tmp_path: Path, kernel: Kernel, examples: int) -> None:
    """Every panel's answer by the index is the one by SQL."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(worlds())
    def check(world: World) -> None:
        desk = opened(store, world, tmp_path)
        with store.reader() as cursor:
            index = build(kernel, cursor, desk.model, desk.plans, world.force.now)
        agree(desk, index, world)

    check()


def agree(desk: StoreDesk, index: Index, world: World) -> None:
    """Answers with and without the index are the same."""
    drills = tuple(Drill(each.name, tuple(map(text_of, each.path))) for each in world.panels if each.path)
    question = Question("app", world.selection, world.force.now, drills=drills)
    desk.index = None
    by_sql = desk.ask(VIEWER, question)
    desk.index = index
    by_index = desk.ask(VIEWER, question)
    assert (by_sql.shown, by_sql.of, by_sql.hidden_immediate) == (by_index.shown, by_index.of, by_index.hidden_immediate)
    for one, other in zip(by_sql.panels, by_index.panels, strict=True):
        assert told(one) == told(other)


def told(panel: PanelAnswer) -> PanelAnswer:
    """Return the panel as it is to be."""
    assert panel.error is None, panel.error
    return panel

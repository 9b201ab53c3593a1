"""Whatever is asked, the Desk over the socket answers what the Desk over the store does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from console.desk.desk import Cross, Drill, Question, RowsQuestion, Unknown, Viewer
from console.desk.selection import Refused
from console.store.database import Store
from tests.hub.serving import client, serving
from tests.laws.conftest import store
from tests.laws.oracle import text_of
from tests.laws.worlds import World, opened, worlds

__all__ = ["store"]
VIEWER = Viewer("test")


@pytest.mark.parametrize("examples", [8, pytest.param(500, marks=pytest.mark.long)])
def test_any_model(store: Store, tmp_path: Path, examples: int) -> None:
    """Pages, crosses, rows, searches and resolved texts over random models, data and selections."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(worlds())
    def check(world: World) -> None:
        desk = opened(store, world, tmp_path)
        with serving(desk, tmp_path / "s") as hub, client(hub.path) as far:
            assert far.apps(VIEWER) == desk.apps(VIEWER)
            assert far.facts() == desk.facts()
            drills = tuple(Drill(each.name, tuple(map(text_of, each.path))) for each in world.panels if each.path)
            for at in (world.force.now, world.force.now - timedelta(minutes=30), world.force.now):
                question = Question("app", world.selection, at, drills=drills)
                assert far.ask(VIEWER, question) == desk.ask(VIEWER, question)
            for each in world.panels:
                rows = RowsQuestion("app", each.name, "", (), world.selection, world.force.now, limit=4)
                assert far.rows(VIEWER, rows) == desk.rows(VIEWER, rows)
            fact = desk.facts()[0]
            assert far.fields(VIEWER, fact) == desk.fields(VIEWER, fact)
            cross = Cross(fact, (), ("count",), world.selection, world.force.now)
            assert far.cross(VIEWER, cross) == desk.cross(VIEWER, cross)
            assert far.search(VIEWER, "app", "a", world.selection, world.force.now) == desk.search(
                VIEWER, "app", "a", world.selection, world.force.now
            )
            with pytest.raises(Unknown, match="no app"):
                far.ask(VIEWER, Question("elsewhere"))
            with pytest.raises(ValueError, match="write FIELD=VALUE"):
                far.resolve(VIEWER, ("nonsense",), (), "app")
            with pytest.raises(Refused):
                far.resolve(VIEWER, (), (desk.fields(VIEWER, fact)[0].name,), fact)

    check()

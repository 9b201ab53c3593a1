"""Counts, states, reach, levels, headlines and rows of the engine agree with the plain oracle, on random models and data."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from console.desk.answer import PanelAnswer
from console.desk.desk import Cross, Drill, Question, RowsQuestion, Viewer
from console.desk.selection import Refused, Selection
from console.engine.desk import StoreDesk
from console.store.database import Store
from tests.laws.oracle import Cell, Panel, text_of
from tests.laws.worlds import World, opened, worlds

VIEWER = Viewer("test")


@pytest.mark.parametrize("examples", [80, pytest.param(5000, marks=pytest.mark.long)])
def test_any_model(store: Store, tmp_path: Path, examples: int) -> None:
    """Whole answers compared: each panel's values, states and reach, the bar's numbers, and the rows behind numbers."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(worlds())
    def check(world: World) -> None:
        desk = opened(store, world, tmp_path)
        drills = tuple(Drill(each.name, tuple(map(text_of, each.path))) for each in world.panels if each.path)
        answer = desk.ask(VIEWER, Question("app", world.selection, world.force.now, drills=drills))
        for panel, told in zip(world.panels, answer.panels, strict=True):
            assert told.error is None, told.error
            unreached = {name for name in world.selection.fields() if not world.force.reaches(panel.fact, name, panel.through)}
            assert set(told.unreached) == unreached
            agree(world, panel, told)
            rows_agree(world, panel, desk, drills)
        about, counted = world.force.asked(Panel("", "kpi", world.force.lead(), (), ()), world.selection)
        assert (answer.shown, answer.of) == (len(counted), len(about))
        if answer.hidden_immediate is not None:
            hidden = about.join(counted, on="id", how="anti")
            assert answer.hidden_immediate == len(hidden.filter(kind_of="Immediate"))
        crossed(world, desk)

    check()


def agree(world: World, panel: Panel, told: PanelAnswer) -> None:
    """A panel's answer is the oracle's."""
    if panel.kind == "kpi":
        assert told.rows[0].values == world.force.headline(panel, world.selection)
    elif panel.kind == "table":
        keys = [str(key) for key in world.force.ordered(panel, world.selection)]
        assert [row.at[0][1] for row in told.rows] == keys[: panel.limit]
        assert told.total == len(keys)
    else:
        assert told.fields == world.force.shown(panel)
        assert told.levels == (panel.fields if panel.path is not None else ())
        mine = {tuple(value for _, value in row.at): (row.values, row.state) for row in told.rows}
        assert len(mine) == len(told.rows)
        assert mine == world.force.counts(panel, world.selection)


def rows_agree(world: World, panel: Panel, desk: StoreDesk, drills: tuple[Drill, ...]) -> None:
    """The rows behind some of a panel's numbers are those the oracle counts, page by page."""
    cells: list[Cell | None] = [None]
    if panel.fields:
        every: list[Cell] = sorted(world.force.counts(panel, world.selection), key=str)
        cells = [every[drop % len(every)] for drop in world.drops if every]
    for cell in cells:
        at = () if cell is None else tuple(zip(world.force.shown(panel), map(text_of, cell), strict=True))
        expected = {str(key) for key in world.force.behind(panel, cell, world.selection)["id"]}
        question = RowsQuestion("app", panel.name, "", at, world.selection, world.force.now, drills=drills, limit=4)
        first = desk.rows(VIEWER, question)
        assert first.total == len(expected)
        keys: list[Any] = [row.at[0][1] for row in first.rows]
        while len(keys) < first.total:
            page = desk.rows(VIEWER, RowsQuestion("app", panel.name, "", at, world.selection, world.force.now, len(keys), 4, drills=drills))
            assert page.rows
            keys += [row.at[0][1] for row in page.rows]
        assert len(keys) == len(set(keys))
        assert set(keys) == expected


def crossed(world: World, desk: StoreDesk) -> None:
    """A cross of the model without an app is the oracle's too."""
    fact = world.panels[0].fact
    here = [name for name, told in world.force.fields.items() if fact in told.columns and told.type != "area"]
    panel = Panel("", "bars", fact, (here[world.drops[0] % len(here)],), ("count", "n"))
    told = desk.cross(VIEWER, Cross(fact, panel.fields, panel.measures, world.selection, world.force.now)).panels[0]
    force = replace(world.force, base={})
    mine = {tuple(value for _, value in row.at): (row.values, row.state) for row in told.rows}
    assert mine == force.counts(panel, world.selection)


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

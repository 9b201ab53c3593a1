"""A press to all ten panels' results in hand: the index against DuckDB, a GROUP BY a panel, over the same incidents."""

from __future__ import annotations

import random
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from console import files
from console.bench import report
from console.bench.figures import median, percentile, timed
from console.bench.report import Budget, Load, Report, resident
from console.bench.script import FIELDS, pressed, selections
from console.desk.page import App, PanelSpec
from console.desk.selection import Area, Circle, Clause, Polygon, Selection, Shape, Values
from console.engine import reading
from console.engine.apps import AppPlan, Plan
from console.engine.context import Context, exempted
from console.engine.index import answers
from console.engine.index.building import build
from console.engine.index.index import Index
from console.engine.index.kernel import Kernel, load
from console.engine.model import Field, Model
from console.engine.panels import answer
from console.engine.scope import MANY, Scope
from console.store import sql
from console.store.database import Cursor, Store, open_store

Array = np.ndarray[Any, Any]
NOW = datetime(2026, 1, 1)
STEPS, RUNS, FOCI, PRESSES = 300, 3, 24, 12
TOPS = 7  # steps, of which one is asked for its first rows in a run
EACH = 35  # steps, of which one is asked of DuckDB in a run: no multiple shares its place in a sitting of six with the next
FACT = "incident"
GOALS = {1_000_000: (8.0, 1.0, 50.0, 25.0, 25.0, 40.0, 15.0), 10_000_000: (50.0, 1.0, 300.0, 150.0, 150.0, 25.0, 8.0)}
TOP = PanelSpec("top", "Top", "table", "incident", columns=("ref", "category", "grade", "beat", "harm"))
BYTES = {10_000_000: 40.0}
PEERS = {"DuckDB over text": "base.bench_incident", "DuckDB over small integers": "base.bench_narrow"}
FEWEST = 1000


class Panels:
    """The ten panels over an index: eight fields, the incidents and their harm."""

    def __init__(self, index: Index, model: Model) -> None:
        """Ask this index."""
        self.index, self.model = index, model
        self.plans = _plans()

    def context(self, selection: Selection) -> Context:
        """Return the surroundings of a selection; nothing here asks the store."""
        return Context(None, self.model, NOW, selection, {}, index=self.index)  # type: ignore[arg-type]

    def ask(self, selection: Selection, plans: Sequence[Plan] | None = None) -> dict[str, tuple[Array, Array, Array]]:
        """Return each panel's rows by value, whether each value has any, and its measure."""
        context, found = self.context(selection), {}
        chosen = self.plans if plans is None else plans
        with self.index.lock:
            answers.ready(self.index, chosen, context)
            for plan in chosen:
                columns = [column for name in plan.spec.fields if (column := self.index.column(FACT, name))]
                measures = [self.model.measure(FACT, name) for name in plan.spec.measures]
                told = answers.counted(self.index, plan, context, columns, measures)
                assert told is not None
                found[plan.spec.name] = told.held, told.held > 0, told.numbers[0]
        return found


def _plans() -> list[Plan]:
    made = [Plan(PanelSpec(name, name, "bars", FACT, (name,), ("count",)), ()) for name in FIELDS]
    return made + [Plan(PanelSpec(name, name, "kpi", FACT, (), (name,)), ()) for name in ("count", "harm")]


def run(rows: int, seed: int) -> Report:
    """Return what a run over so many incidents finds; the script of selections follows from the seed. Raises ValueError."""
    if rows < FEWEST:
        raise ValueError(f"--rows is {FEWEST:,} or more")
    began, kernel = report.load(), load()
    with tempfile.TemporaryDirectory(prefix="console-bench-") as folder:
        path, model = Path(folder) / "bench.duckdb", reading.load(files.queries() / "bench" / "model.toml")
        few = Path(folder) / "few.duckdb"
        make(few, FEWEST)
        Panels(built(kernel, few, model), model).ask(Selection())
        base = resident()  # of a process that has counted, but holds next to nothing
        make(path, rows)
        index, building = timed(lambda: built(kernel, path, model))
        panels = Panels(index, model)
        steps = selections(seed, STEPS, _values(index))
        panels.ask(Selection())
        times: dict[str, list[list[float]]] = {
            "any press, ten panels": [[timed(lambda s=each: panels.ask(s))[1] for _, each in steps] for _ in range(RUNS)]  # type: ignore[misc]
        }
        foci = [_focused(panels, seed + run, steps) for run in range(RUNS)]
        times["a press in the focused panel"] = [presses for _, presses in foci]
        times["the focused panel's tables ready"] = [ready for ready, _ in foci]
        times["median, distinct values and area"] = [
            [timed(lambda s=each: _exact(panels, s))[1] for each in _areas(seed + run, steps)]  # type: ignore[misc]
            for run in range(RUNS)
        ]
        held, grown = index.bytes() + index.spare(), resident() - base
        with _opened(path) as store, store.reader() as cursor:
            chosen = [[each for _, each in steps[run::TOPS]] for run in range(RUNS)]
            times["the 20 rows of most harm"] = [[_top(cursor, panels, n, each) for n, each in enumerate(some)] for some in chosen]
            for name, table in PEERS.items():
                compared = [[each for _, each in steps[run::EACH]] for run in range(RUNS)]
                times[name] = [[_peer(cursor, model, each, table, panels) for each in some] for some in compared]
    return _report(rows, seed, times, {"index": held / rows, "resident": grown / rows}, not kernel.note, building, began)


def _report(
    rows: int, seed: int, times: dict[str, list[list[float]]], memory: dict[str, float], compiled: bool, building: float, began: Load
) -> Report:  # fmt: skip
    size = min(GOALS, key=lambda each: abs(each - rows))
    *milliseconds, over_text, over_narrow = GOALS[size]
    timed = [name for name in times if name not in PEERS]
    budgets = [Budget(f"{name}, p95", goal, median(times[name], 95), "ms") for name, goal in zip(timed, milliseconds, strict=True)]
    ratios = {}
    for name, goal in zip(PEERS, (over_text, over_narrow), strict=True):
        pairs = enumerate(zip(times[name], times["any press, ten panels"], strict=True))
        ratios[name] = statistics.median(
            percentile(peer, 50) / percentile(own[run::EACH], 50) for run, (peer, own) in pairs
        )  # of the same steps
        budgets.append(Budget(f"times faster than {name}, p50", goal, ratios[name], "times", least=True))
    if size in BYTES:
        budgets.append(Budget("memory of the index", BYTES[size], max(memory.values()), "bytes a row"))
    measured = {f"{name}, p{at} (ms)": median(each, at) for name, each in times.items() for at in (50, 95)}
    measured |= {
        "built in (s)": building / 1000,
        "held by the index (bytes a row)": memory["index"],
        "resident memory above the base process (bytes a row)": memory["resident"],
        "compiled": float(compiled),
    }
    return Report("selection", rows, seed, budgets, ratios, measured, began)


def make(path: Path, rows: int) -> None:
    """Make a store of so many incidents."""
    with _opened(path) as store:
        with store.write(set()) as cursor:
            sql.run(cursor, sql.text("bench/incidents"), {"rows": rows, "seed": 1})
            sql.run(cursor, sql.text("bench/narrow"))
        store.checkpoint()


def built(kernel: Kernel, path: Path, model: Model) -> Index:
    """Return the index of a store; the store is closed again, so that what stays in memory is the index."""
    plans = {each.spec.name: each for each in _plans()}
    app = AppPlan(App("bench", "Bench", FACT, "", tuple(each.spec for each in plans.values()), ()), {}, plans, 0)
    with _opened(path) as store, store.reader() as cursor:
        return build(kernel, cursor, model, {"bench": app}, NOW)


@contextmanager
def _opened(path: Path) -> Iterator[Store]:
    store = open_store(path)
    try:
        yield store
    finally:
        store.close()


def _values(index: Index) -> dict[str, list[str]]:
    """Return each field's values as text, in order."""
    dimensions = index.facts[FACT].rows.dimensions
    named = {name: index.column(FACT, name) or "" for name in FIELDS}
    return {name: [str(value) for value in sorted(dimensions[column].values[1:])] for name, column in named.items()}


def _focused(panels: Panels, seed: int, steps: Sequence[tuple[str, Selection]]) -> tuple[list[float], list[float]]:
    """Return how long focused tables took to make, and the presses in them, to all that a press changes (ms)."""
    draw, values = random.Random(seed), _values(panels.index)
    ready, presses = [], []
    for number in range(FOCI):
        field = FIELDS[number % len(FIELDS)]
        selection = draw.choice(steps)[1].clear(field)
        panels.ask(selection)
        plan = next(each for each in panels.plans if each.spec.name == field)
        asked = answers.focusing(panels.index, plan, panels.plans, panels.context(selection))
        assert asked is not None
        ready.append(timed(lambda asked=asked: panels.index.focus(asked))[1])  # type: ignore[misc]
        others = [each for each in panels.plans if each is not plan]
        for _ in range(PRESSES):
            selection = pressed(draw, selection, field, values[field])
            presses.append(timed(lambda s=selection, of=others: panels.ask(s, of))[1])  # type: ignore[misc]
    return ready, presses


def _exact(panels: Panels, selection: Selection) -> None:
    """Ask a median, distinct values and the rows in an area."""
    plans = [Plan(PanelSpec(name, name, "kpi", FACT, (), (name,)), ()) for name in ("response_median", "beats", "count")]
    panels.ask(selection, plans)


def _top(cursor: Cursor, panels: Panels, number: int, selection: Selection) -> float:
    """Return how long a table of the first rows took (ms), once the other panels are counted; some are compared with SQL alone."""
    panels.ask(selection)
    plan, context = Plan(TOP, (), sort=(("harm", True),), limit=20), replace(panels.context(selection), cursor=cursor)
    told, spent = timed(lambda: answer(plan, context))
    if number % 10 == 0:
        assert told == answer(plan, replace(context, index=None))
    return spent


def _areas(seed: int, steps: Sequence[tuple[str, Selection]]) -> list[Selection]:
    """Return selections with an area: a circle or a polygon of forty corners."""
    draw, made = random.Random(seed), []
    for number in range(40):
        lon, lat = -2.0 + 0.8 * draw.random(), 53.0 + 0.4 * draw.random()
        turns = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        reach = [0.05 + 0.1 * draw.random() for _ in turns]
        ring = tuple((lon + far * float(np.cos(turn)), lat + far * float(np.sin(turn))) for far, turn in zip(reach, turns, strict=True))
        shape: Shape = Circle(lon, lat, 2000 + 8000 * draw.random()) if number % 2 else Polygon(ring)
        made.append(draw.choice(steps)[1].with_clause("area", Area((shape,))))
    return made


def _peer(cursor: Cursor, model: Model, selection: Selection, table: str, panels: Panels) -> float:
    """Return how long DuckDB took over the ten panels of a selection (ms), once its counts are seen to be the index's."""
    narrow = table.endswith("narrow")
    queries = []
    for plan in panels.plans[:-1]:
        scope = Scope(model, NOW, many=0 if narrow else MANY)
        clauses = [(name, clause) for name, clause in selection.clauses if name not in exempted(plan)]
        where = " and ".join(_clause(scope, model.fields[name], clause, narrow) for name, clause in clauses) or "true"
        column = next((name if narrow else model.fields[name].column for name in plan.spec.fields), "")
        query = sql.text("bench/panel" if column else "bench/total")
        queries.append((query.format(column=column, table=table, scope=where), scope.parameters))
    found, spent = timed(lambda: [sql.run(cursor, text, given).fetchnumpy() for text, given in queries])
    told = panels.ask(selection)
    for plan, rows in zip(panels.plans[:-1], found, strict=True):
        held = told[plan.spec.name][0]
        assert sorted(held[held > 0].tolist()) == sorted(count for count in rows["incidents"].tolist() if count), plan.spec.name
    return spent


def _clause(scope: Scope, field: Field, clause: Clause, narrow: bool) -> str:
    if not narrow:
        return scope.clause(field, field.column, clause)
    if isinstance(clause, Values):
        clause = Values(frozenset(str(int(value.split()[-1])) for value in clause.values if value is not None))
    return scope.clause(replace(field, type="integer"), field.name, clause)

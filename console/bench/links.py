"""A press that reaches over a link to all six panels' results in hand: the index against DuckDB, a semi-join in every GROUP BY."""

from __future__ import annotations

import random
import statistics
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from console import files
from console.bench import report
from console.bench.figures import median, percentile, timed
from console.bench.report import Budget, Report
from console.desk.page import App, PanelSpec
from console.desk.selection import Selection, Values
from console.engine import reading
from console.engine.apps import AppPlan, Plan
from console.engine.context import Context, exempted
from console.engine.index import answers
from console.engine.index.building import build
from console.engine.index.index import Index
from console.engine.index.kernel import load
from console.engine.model import Model
from console.engine.scope import Scope
from console.store import sql
from console.store.database import Cursor, open_store

NOW = datetime(2024, 12, 1)
PRESSES, RUNS, COMPARED = 60, 3, 3
GOALS = {1_000_000: 25.0, 10_000_000: 250.0}
FEWEST = 1000
PANELS = {"incident": ("category", "grade", "beat", "hour_of_week"), "crime": ("offence", "result", "ward", "month")}
Table = dict[Any, int]


@dataclass(frozen=True, slots=True)
class Way:
    """A way over a link: the fact counted, the fields of the other fact that are pressed, and the link where it isn't the default."""

    name: str
    fact: str
    pressed: tuple[str, ...]
    through: str = ""

    def plans(self) -> list[Plan]:
        """Return its six panels."""
        bars = [PanelSpec(name, name, "bars", self.fact, (name,), ("count",)) for name in PANELS[self.fact]]
        numbers = [PanelSpec(name, name, "kpi", self.fact, (), (name,)) for name in ("count", "harm")]
        return [Plan(each, (), through=self.through) for each in (*bars, *numbers)]


WAYS = (
    Way("incidents' clauses on crimes", "crime", ("category", "grade", "beat")),
    Way("crimes' clauses on incidents", "incident", ("offence", "result", "ward"), "recorded"),
    Way("clauses of who is assigned now on incidents", "incident", ("team", "kind")),
)


def run(rows: int, seed: int) -> Report:
    """Return what a run over so many incidents, crimes and assignments finds; the presses follow from the seed. Raises ValueError."""
    if rows < FEWEST:
        raise ValueError(f"--rows is {FEWEST:,} or more")
    began, model = report.load(), reading.load(files.queries() / "bench" / "links.toml")
    with tempfile.TemporaryDirectory(prefix="console-bench-") as folder:
        store = open_store(Path(folder) / "bench.duckdb")
        try:
            with store.write(set()) as cursor:
                for name in ("incidents", "linked"):
                    sql.run(cursor, sql.text(f"bench/{name}"), {"rows": rows, "seed": 1})
            store.checkpoint()
            with store.reader() as cursor:
                plans = {f"{way.name} {plan.spec.name}": plan for way in WAYS for plan in way.plans()}
                app = AppPlan(App("bench", "Bench", "incident", "", tuple(each.spec for each in plans.values()), ()), {}, plans, 0)
                index = build(load(), cursor, model, {"bench": app}, NOW)
                own: dict[str, list[list[float]]] = {way.name: [] for way in WAYS}
                peer: dict[str, list[list[float]]] = {way.name: [] for way in WAYS}
                for way in WAYS:
                    ask(index, model, way, Selection())
                    for script in scripts(seed, way, index):
                        own[way.name].append([timed(lambda s=each, on=way: ask(index, model, on, s))[1] for each in script])  # type: ignore[misc]
                        peer[way.name].append([_peer(cursor, index, model, way, each) for each in script[:: PRESSES // COMPARED]])
        finally:
            store.close()
    return _report(rows, seed, own, peer, began)


def _report(
    rows: int, seed: int, own: Mapping[str, list[list[float]]], peer: Mapping[str, list[list[float]]], began: report.Load
) -> Report:
    goal = GOALS[min(GOALS, key=lambda each: abs(each - rows))]
    budgets = [Budget(f"{name}, p95", goal, median(times, 95), "ms") for name, times in own.items()]
    ratios = {}
    for name, times in own.items():
        pairs = zip(peer[name], times, strict=True)
        ratios[f"{name}: DuckDB"] = statistics.median(
            percentile(theirs, 50) / percentile(ours[:: PRESSES // COMPARED], 50) for theirs, ours in pairs
        )
    measured = {f"{name}, p{at} (ms)": median(times, at) for name, times in own.items() for at in (50, 95)}
    measured |= {f"{name}, DuckDB, p50 (ms)": median(times, 50) for name, times in peer.items()}
    return Report("links", rows, seed, budgets, ratios, measured, began)


def scripts(seed: int, way: Way, index: Index) -> list[list[Selection]]:
    """Return the selections of each run: one or two clauses on the other fact, never the same twice, and often one of its own."""
    draw, values = random.Random(seed), _values(index)
    made: list[list[Selection]] = []
    seen: set[Selection] = set()
    for _ in range(RUNS):
        script: list[Selection] = []
        while len(script) < PRESSES:
            reaching = Selection()
            for name in draw.sample(way.pressed, draw.choice((1, 2, 2))):
                many = draw.randrange(1, 1 + max(2, len(values[name]) // 3))
                reaching = reaching.with_clause(name, Values(frozenset(draw.sample(values[name], many))))
            if reaching in seen:
                continue
            seen.add(reaching)
            if draw.random() < 0.5:
                name = draw.choice(PANELS[way.fact])
                reaching = reaching.with_clause(name, Values(frozenset(draw.sample(values[name], max(1, len(values[name]) // 4)))))
            script.append(reaching)
        made.append(script)
    return made


def ask(index: Index, model: Model, way: Way, selection: Selection) -> dict[str, answers.Counted]:
    """Return what the index counts in each of a way's panels."""
    context, plans, found = Context(None, model, NOW, selection, {}, index=index), way.plans(), {}  # type: ignore[arg-type]
    with index.lock:
        answers.ready(index, plans, context)
        for plan in plans:
            columns = [column for name in plan.spec.fields if (column := index.column(way.fact, name))]
            told = answers.counted(index, plan, context, columns, [model.measure(way.fact, name) for name in plan.spec.measures])
            assert told is not None
            found[plan.spec.name] = told
    return found


def _peer(cursor: Cursor, index: Index, model: Model, way: Way, selection: Selection) -> float:
    """Return how long DuckDB took over the six panels of a selection (ms), once its answers are seen to be the index's."""
    queries = []
    for plan in way.plans():
        scope = Scope(model, NOW)
        where = scope.predicate(way.fact, selection.clauses, exempt=exempted(plan), through=way.through)
        column = next(iter(plan.spec.fields), "")
        text = sql.text("bench/panel" if column else "bench/total").format(column=column, table=f"{way.fact}($now)", scope=where)
        queries.append((plan, text, scope.parameters))
    found, spent = timed(lambda: [sql.run(cursor, text, given).fetchall() for _, text, given in queries])
    told = ask(index, model, way, selection)
    for (plan, _, _), rows in zip(queries, found, strict=True):
        here, name = told[plan.spec.name], plan.spec.name
        if name == "harm":
            assert (here.numbers[0][0] or 0) == (rows[0][1] or 0), (way.name, name)
        elif name == "count":
            assert int(here.held[0]) == rows[0][0], (way.name, name)
        else:
            ours = {value: int(count) for value, count in zip(here.by[0].values, here.held, strict=False) if count}
            assert ours == {value: count for value, count, _ in rows}, (way.name, name)
    return spent


def _values(index: Index) -> dict[str, list[str]]:
    """Return each field's values as text, in order."""
    names = {(way.fact, name) for way in WAYS for name in PANELS[way.fact]} | {("assignment", "team"), ("assignment", "kind")}
    dimensions = {name: index.facts[fact].rows.dimensions[name] for fact, name in names}
    return {name: [str(value) for value in sorted(each.values[1:])] for name, each in dimensions.items()}

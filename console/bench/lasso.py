"""A lasso to the count of what it holds: the index against shapely, prepared, over the same points in the same run."""

from __future__ import annotations

import math
import random
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from console import files
from console.bench import report
from console.bench.figures import median, timed
from console.bench.report import Budget, Load, Report
from console.bench.selection import FACT, FEWEST, Panels, built, make
from console.desk.page import PanelSpec
from console.desk.selection import Area, Polygon, Selection
from console.engine import reading
from console.engine.apps import Plan
from console.engine.index.kernel import load

Array = np.ndarray[Any, Any]
CORNERS, LASSOS, RUNS = 40, 20, 3
REACH = {"a town": 0.05, "a district": 0.15, "the whole ground": 0.5}  # degrees, the longest from its middle to a corner
GOALS = {1_000_000: 30.0, 10_000_000: 300.0}
COUNT = [Plan(PanelSpec("count", "count", "kpi", FACT, (), ("count",)), ())]


@dataclass(frozen=True, slots=True)
class Told:
    """Times of each run (ms) by how far a lasso reaches: by the index, and of shapely."""

    index: Mapping[str, list[list[float]]]
    shapely: Mapping[str, list[list[float]]]
    compiled: bool

    def budget(self, rows: int) -> Budget:
        """Return the budget, of the reach that takes longest."""
        goal = GOALS[min(GOALS, key=lambda each: abs(each - rows))]
        worst = max(median(times, 95) for times in self.index.values())
        return Budget(f"a lasso of {CORNERS} corners to its count, p95", goal, worst, "ms")

    def measured(self) -> dict[str, float]:
        """Return every percentile (ms)."""
        found: dict[str, float] = {}
        for reach in self.index:
            for who, times in (("", self.index), (", shapely.contains_xy", self.shapely)):
                found |= {f"a lasso over {reach}{who}, p{at} (ms)": median(times[reach], at) for at in (50, 95)}
        return found

    def ratios(self) -> dict[str, float]:
        """Return how many times faster than shapely the index is, by reach."""
        named = "a lasso over {}, shapely's time to the index's, p50"
        return {named.format(reach): median(self.shapely[reach], 50) / median(of, 50) for reach, of in self.index.items()}


def run(rows: int, seed: int) -> Report:
    """Return what a run over so many incidents finds. Raises ValueError."""
    if rows < FEWEST:
        raise ValueError(f"--rows is {FEWEST:,} or more")
    began: Load = report.load()
    told = measure(rows, seed)
    return Report("lasso", rows, seed, [told.budget(rows)], told.ratios(), {**told.measured(), "compiled": float(told.compiled)}, began)


def measure(rows: int, seed: int) -> Told:
    """Return how long lassos took, over an index of so many incidents made for it; both hold the same."""
    import shapely

    kernel = load()
    with tempfile.TemporaryDirectory(prefix="console-bench-") as folder:
        path, model = Path(folder) / "bench.duckdb", reading.load(files.queries() / "bench" / "model.toml")
        make(path, rows)
        panels = Panels(built(kernel, path, model), model)
    held = panels.index.facts[FACT].rows
    xs, ys = (held.number(name)[:rows] / held.numbers[name].divisor for name in ("lon", "lat"))
    panels.ask(Selection(), COUNT)
    draw = random.Random(seed)
    index: dict[str, list[list[float]]] = {}
    other: dict[str, list[list[float]]] = {}
    for reach, degrees in REACH.items():
        runs = [[lasso(draw, degrees) for _ in range(LASSOS)] for _ in range(RUNS)]
        index[reach], other[reach] = [], []
        for shapes in runs:
            both = [(_asked(panels, each), _prepared(shapely, each, xs, ys)) for each in shapes]
            assert all(ours[0] == theirs[0] for ours, theirs in both), "the index and shapely disagree"
            index[reach].append([ours[1] for ours, _ in both])
            other[reach].append([theirs[1] for _, theirs in both])
    return Told(index, other, not kernel.note)


def lasso(draw: random.Random, degrees: float) -> Polygon:
    """Return a star of so many corners about a place of the ground, each at another distance."""
    lon, lat = -1.6 + 0.3 * (draw.random() - 0.5), 53.2 + 0.2 * (draw.random() - 0.5)
    ring = []
    for turn in (n * math.tau / CORNERS for n in range(CORNERS)):
        far = degrees * (0.4 + 0.6 * draw.random())
        ring.append((lon + far * math.cos(turn), lat + far * math.sin(turn)))
    return Polygon(tuple(ring))


def _asked(panels: Panels, shape: Polygon) -> tuple[int, float]:
    selection = Selection((("area", Area((shape,))),))
    told, spent = timed(lambda: panels.ask(selection, COUNT))
    return int(told["count"][0].sum()), spent


def _prepared(shapely: Any, shape: Polygon, xs: Array, ys: Array) -> tuple[int, float]:
    polygon = shapely.Polygon(shape.corners)

    def count() -> int:
        shapely.prepare(polygon)
        return int(np.count_nonzero(shapely.contains_xy(polygon, xs, ys)))

    told, spent = timed(count)
    return told, spent

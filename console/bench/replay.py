"""Whole pages of every app at past moments, against folding all that had happened by one of them."""

from __future__ import annotations

import random
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from console.bench import report
from console.bench.figures import percentile, timed
from console.bench.report import Budget, Load, Report
from console.desk.desk import Question, Viewer
from console.embedded import make_history, open_embedded
from console.engine.desk import StoreDesk
from console.feed.fold import fold
from console.feed.ingest import clock
from console.store import sql
from console.store.database import open_store

A_DAY = 937  # incidents, as the simulated force has them
SHORTEST, LONGEST = 31, 365  # days of history
MOMENTS = 8
GOAL = 2000.0
VIEWER = Viewer("bench")


def run(rows: int, seed: int) -> Report:
    """Return what a run over about so many incidents finds, a year's at most."""
    began: Load = report.load()
    days = min(LONGEST, max(SHORTEST, round(rows / A_DAY)))
    with tempfile.TemporaryDirectory(prefix="console-bench-") as folder:
        path = Path(folder) / "bench.duckdb"
        store = open_store(path)
        make_history(store, days=days, seed=seed, progress=lambda words, share: None)
        store.close()
        draw = random.Random(seed)
        now = clock()
        moments = [now - timedelta(days=30 * draw.random()) for _ in range(MOMENTS)]
        desk = open_embedded(path, feed=False, indexed=False)
        measured: dict[str, float] = {}
        worst = 0.0
        for app in desk.apps(VIEWER):
            first, *rest = [_asked(desk, Question(app.name, at=at)) for at in moments]
            measured |= {f"a page of {app.name}, the first (ms)": first, f"a page of {app.name}, p50 (ms)": percentile(rest, 50)}
            worst = max(worst, first, *rest)
        desk.close()
        baseline = timed(lambda: _folded(path, Path(folder) / "folded.duckdb", moments[0]))[1]
    budget = Budget("a whole page of any app at any moment of the last 30 days, the longest", GOAL, worst, "ms")
    ratios = {"folding the events up to a moment to the longest page": baseline / worst}
    notes = [f"{days} days of history" + (", as many as are made" if days == LONGEST else "")]
    return Report("replay", days * A_DAY, seed, [budget], ratios, {**measured, "folding the events (ms)": baseline}, began, notes)


def _asked(desk: StoreDesk, question: Question) -> float:
    return timed(lambda: desk.ask(VIEWER, question))[1]


def _folded(path: Path, to: Path, at: datetime) -> None:
    """Make a file of what had happened by a moment, by folding it."""
    store = open_store(to)
    received_at = clock()
    with store.reader() as cursor:
        sql.run(cursor, sql.text("bench/attach_held").format(path=str(path).replace("'", "''")))
    with store.write(set()) as cursor:
        sql.run(cursor, sql.text("bench/told_until"), {"received_at": received_at, "at": at})
        fold(cursor, received_at)
    store.close()

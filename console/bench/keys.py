"""A key pressed to the last byte of the repainted screen, over a long history, while events arrive."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from console.bench import history, report, terminal
from console.bench.figures import percentile
from console.bench.report import Budget, Report
from console.bench.terminal import Terminal, screens
from console.desk.desk import Question, Viewer
from console.desk.selection import Selection
from console.embedded import desk_over
from console.engine.index.kept import DESCRIPTION
from console.store.database import open_store

PRESSES, PEERS, EVENTS = 60, 5, 60.0  # events a second that are played, so that fifty come at the least
PANELS = "tgps"  # the letters of the panels pressed in
COUNTING, CHART, BESIDE = "counting...", "Demand and availab", "Map:"
GOALS = {1_000_000: 60.0, 10_000_000: 100.0}
CHART_GOAL, START_GOAL = 200.0, 3.0
CHARTED, CHART_HIGH = 0.45, 8  # seconds after a press in which its chart is looked for; lines of the chart's panel
SETTLING, LONGEST = 5.0, 900.0  # seconds from a start to the first press; seconds given to the first index
VIEWER = Viewer("bench")


@dataclass(frozen=True, slots=True)
class Press:
    """When a key was pressed that changes the selection (seconds), and when all but the chart, and all, was painted anew."""

    at: float
    painted: float
    charted: float


def run(rows: int, seed: int) -> Report:
    """Return what a run over about so many incidents finds; which keys are pressed follows from the seed."""
    began = report.load()
    with tempfile.TemporaryDirectory(prefix="console-bench-") as folder:
        path = Path(folder) / "bench.duckdb"
        rows = history.make(path, rows, 1)
        by_sql = _by_sql(path)
        rate, before = history.rate(path)
        speed = EVENTS / rate
        first = terminal.run(["--data", str(path), "--speed", f"{speed:.1f}"])
        indexed = _kept(first, path)
        lasted = first.leave()
        held = history.rate(path)[1]
        speed *= EVENTS * lasted / max(1, held - before)  # the hours differ, and a played one isn't the last
        again = terminal.run(["--data", str(path), "--speed", f"{speed:.1f}"])
        usable = _usable(again)
        again.read(SETTLING)
        pressed, resident = _pressed(again, seed), again.resident()
        lasted = again.leave()
        came = history.rate(path)[1] - held
    presses = _read(again, pressed)
    painted = [1000 * (each.painted - each.at) for each in presses]
    charted = [1000 * (each.charted - each.at) for each in presses]
    goal = GOALS[min(GOALS, key=lambda each: abs(each - rows))]
    budgets = [
        Budget("a key to the repainted screen, p95", goal, percentile(painted, 95), "ms"),
        Budget("a key to the chart, p95", CHART_GOAL, percentile(charted, 95), "ms"),
        Budget("a later start to a usable screen", START_GOAL, usable, "s"),
        Budget("presses answered", PRESSES, float(len(presses)), "presses", least=True),
    ]
    ratios = {"the page by SQL alone": statistics.median(by_sql) / percentile(painted, 50)}
    measured = {
        "a key to the repainted screen, p50 (ms)": percentile(painted, 50),
        "a key to the chart, p50 (ms)": percentile(charted, 50),
        "the page by SQL alone, p50 (ms)": statistics.median(by_sql),
        "events that came a second": came / lasted,
        "first start to the index (s)": indexed,
        "resident memory (MB)": resident / 1e6,
    }
    return Report("keys", rows, seed, budgets, ratios, measured, began)


def _by_sql(path: Path) -> list[float]:
    """Return how long the Desk takes over the whole page without an index (ms)."""
    desk = desk_over(open_store(path))
    try:
        spent = []
        for _ in range(PEERS):
            start = time.perf_counter()
            desk.ask(VIEWER, Question("control", Selection()))
            spent.append(1000 * (time.perf_counter() - start))
        return spent
    finally:
        desk.close()


def _kept(terminal: Terminal, path: Path) -> float:
    """Wait until the first index is made and on disk; return how long that was since the start (s)."""
    kept = path.with_name(f"{path.name}.index") / DESCRIPTION
    while not kept.exists() and time.monotonic() - terminal.began < LONGEST:
        terminal.read(0.5)
    return time.monotonic() - terminal.began


def _usable(terminal: Terminal) -> float:
    """Return how long after its start the page had numbers everywhere but in the chart (s)."""
    terminal.read(START_GOAL + 2)
    while not (found := [at for at, lines in screens(terminal.heard) if _whole(lines)]):
        terminal.read(1.0)
        if time.monotonic() - terminal.began > LONGEST:
            raise ValueError("the console never had a page with numbers")
    return found[0] - terminal.began


def _pressed(terminal: Terminal, seed: int) -> list[float]:
    """Press keys as an operator does, and return when each was pressed that changes the selection."""
    draw = random.Random(seed)
    times: list[float] = []
    for n in range(PRESSES):
        if n % 6 == 0:
            terminal.type("C")
            terminal.read(0.8)
            terminal.type(f"'{draw.choice(PANELS)}")
            terminal.read(0.6)
        terminal.type("\x1b[B" if draw.random() < 0.7 else "\x1b[A")
        terminal.read(0.25)
        times.append(terminal.type(" "))
        terminal.read(0.5 + 0.4 * draw.random())
    return times


def _read(terminal: Terminal, times: Sequence[float]) -> list[Press]:
    """Return what the screen says of each press: painted when nothing but the chart is being counted any more."""
    seen = list(screens(terminal.heard))
    made = []
    for at, until in zip(times, [*times[1:], float("inf")], strict=True):
        after = [(moment, lines) for moment, lines in seen if at < moment < min(until, at + 5)]
        painted = next((moment for moment, lines in after if _whole(lines)), None)
        if painted is not None:
            before = next((lines for moment, lines in reversed(seen) if moment <= at), [])
            charts = [(moment, _chart(lines)) for moment, lines in after if moment < at + CHARTED]
            earlier = [_chart(before), *(each for _, each in charts)]
            changed = [moment for (moment, now), then in zip(charts, earlier, strict=False) if now != then]
            made.append(Press(at, painted, max([painted, *changed])))
    return made


def _whole(lines: Sequence[str]) -> bool:
    """Return whether the page has numbers, none of them but the chart's being counted."""
    if not any(CHART in line for line in lines):
        return False
    return not any(COUNTING in (line.partition(BESIDE)[2] if CHART in line else line) for line in lines)


def _chart(lines: Sequence[str]) -> list[str]:
    """Return what the chart's panel shows, but for its title."""
    top = next((n for n, line in enumerate(lines) if CHART in line), 0)
    wide = lines[top].find(BESIDE) - 2 if lines else 0
    return [line[:wide] for line in lines[top + 1 : top + CHART_HIGH]]

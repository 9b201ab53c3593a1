"""What a console costs that nobody types at: its processor and memory, watched and out of focus; and how soon it paints."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from console.bench import hour, report, terminal
from console.bench.report import Budget, Report
from console.bench.terminal import Terminal

STARTS = 7
FRAME = b"q quits"  # the last words of the opening frame
TYPED = 75.0  # seconds after a start until nobody types
WATCHED, AWAY, SETTLING = 120.0, 60.0, 5.0
BLUR = "\x1b[O"  # a terminal that has lost its focus
CORE, MEMORY, START = 2.0, 250.0, 0.5


def run(rows: int, seed: int) -> Report:
    """Return what a console costs over the recorded hour, which is the same for each seed and number of rows."""
    began = report.load()
    with tempfile.TemporaryDirectory(prefix="console-bench-") as folder:
        data, recording = Path(folder, "hour.duckdb"), Path(folder, "hour.ndjson")
        events = hour.make(data, recording)
        starts = [_started(data) for _ in range(STARTS)]
        here = terminal.run(["--data", str(data), "--play", str(recording)])
        here.read(TYPED)
        watched, own, resident = _share(here, WATCHED), here.own(), here.resident()
        here.type(BLUR)
        here.read(SETTLING)
        away = _share(here, AWAY)
        here.leave()
        held = data.stat().st_size
    budgets = [
        Budget("of a core, while nobody types", CORE, watched, "%"),
        Budget("of a core, out of focus", watched, away, "%"),
        Budget("memory of its own beyond the data's file", MEMORY, (own - held) / 1e6, "MB"),
        Budget("from the start to the last byte of the opening frame, median", START, statistics.median(at for at, _ in starts), "s"),
    ]
    measured = {
        "of it the processor's (s)": statistics.median(spent for _, spent in starts),
        "resident memory, with the libraries' files (MB)": resident / 1e6,
        "the data's file (MB)": held / 1e6,
    }
    return Report("idle", events, seed, budgets, {}, measured, began)


def _share(here: Terminal, seconds: float) -> float:
    """Return the share of a core it takes over so long, in per cent."""
    before, began = here.spent(), time.monotonic()
    here.read(seconds)
    return 100 * (here.spent() - before) / (time.monotonic() - began)


def _started(data: Path) -> tuple[float, float]:
    """Return when the opening frame was whole after a start, and the processor's time by then (s)."""
    here = terminal.run(["--data", str(data), "--no-feed"])
    heard, taken = b"", 0
    while FRAME not in heard and time.monotonic() - here.began < 60:
        here.read(0.005)
        heard += b"".join(written for _, written in here.heard[taken:])
        taken = len(here.heard)
    found = here.heard[-1][0] - here.began, here.spent()
    here.leave()
    return found

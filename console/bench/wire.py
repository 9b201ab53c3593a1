"""Bytes on the wire: the control room over the recorded hour as it comes in, beside stock Textual and mosh in the same run."""

from __future__ import annotations

import random
import shutil
import statistics
import tempfile
import time
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from console.bench import hour, mosh, report, terminal
from console.bench.report import Budget, Report
from console.bench.terminal import BURST, Terminal

PANELS = "tpg"  # the letters of the panels pressed in, whose values every other panel is counted by
PRESSES, STEPS, WALK = 15, 24, 6  # the cursor rests after each walk
OPENED, SETTLED = 20.0, 1.2  # seconds from the start until the page is whole, though all start at once; seconds that a press is given
MINUTE, AFTER = 60.0, 30.0  # seconds
FIRST, MEDIAN, WORST, SQUEEZED, STEP, LIVE, STILL = 9000, 5000, 9000, 1200, 60, 6000, 1000  # bytes at most, at 256 colours
LEAN = 2 / 3  # of them in the lean profile
RIVALS = {"stock Textual": ["--no-diff"], "256": ["--profile", "256"], "lean": ["--profile", "lean"]}
ARROWS = ("\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D")


@dataclass(frozen=True, slots=True)
class Found:
    """What one terminal was sent, in bytes: at first, by press (plain and compressed), by step on the map, in idle minutes."""

    first: int = 0
    pressed: Sequence[int] = ()
    squeezed: Sequence[int] = ()
    stepped: Sequence[int] = ()
    live: int = 0
    unattended: int = 0
    still: int = 0


def run(rows: int, seed: int) -> Report:
    """Return what is sent in a sitting whose keys follow from the seed; `rows` isn't asked for: the hour has the events it has."""
    began = report.load()
    with tempfile.TemporaryDirectory(prefix="console-bench-") as folder:
        events = hour.make(Path(folder, "hour.duckdb"), Path(folder, "hour.ndjson"))
        names = [*RIVALS, *(["mosh"] if mosh.there() else [])]
        with ThreadPoolExecutor(2 * len(names)) as pool:
            live = {name: pool.submit(_live, Path(folder), name, seed) for name in names}
            still = {name: pool.submit(_still, Path(folder), name, seed) for name in RIVALS}
            fed, quiet = ({name: made.result() for name, made in held.items()} for held in (live, still))
    budgets = [*_budgets("", fed["256"], quiet["256"], 1.0), *_budgets("lean: ", fed["lean"], quiet["lean"], LEAN)]
    return Report("wire", events, seed, budgets, _ratios(fed, quiet), _measured(fed, quiet), began)


def _live(folder: Path, name: str, seed: int) -> Found:
    """Sit at a console that the hour is played to."""
    data = folder / f"live-{name}.duckdb"
    shutil.copy(folder / "hour.duckdb", data)
    options = ["--data", str(data), "--play", str(folder / "hour.ndjson"), *RIVALS.get(name, ())]
    if name == "mosh":
        return _through_mosh(options, seed)
    here = terminal.run(options)
    here.read(OPENED)
    times = _press(here, seed)
    squeezed = _squeezed(here)
    idle = time.monotonic()
    here.read(MINUTE + AFTER)
    here.leave()
    return Found(
        pressed=[here.bytes(at, at + SETTLED) for at in times],
        squeezed=[sum(size for moment, size in squeezed if at <= moment < at + SETTLED) for at in times],
        live=here.bytes(idle, idle + MINUTE),
        unattended=round(here.bytes(idle + MINUTE) * MINUTE / AFTER),
    )


def _still(folder: Path, name: str, seed: int) -> Found:
    """Sit at a console to which nothing comes."""
    data = folder / f"still-{name}.duckdb"
    shutil.copy(folder / "hour.duckdb", data)
    here = terminal.run(["--data", str(data), "--no-feed", *RIVALS[name]])
    here.read(OPENED)
    first = here.bytes(0.0)
    here.type("'m")
    here.read(SETTLED)
    draw, times = random.Random(seed), list[float]()
    for n in range(STEPS):
        times.append(here.type(ARROWS[n // WALK if draw.random() < 0.8 else draw.randrange(4)]))
        here.read(0.12 if (n + 1) % WALK else 2.0)
    idle = time.monotonic()
    here.read(MINUTE)
    here.leave()
    ends = [*times[1:], idle]
    stepped = [here.bytes(at, end) for at, end in zip(times, ends, strict=True)]
    return Found(first=first, stepped=stepped, still=here.bytes(idle, idle + MINUTE))


def _through_mosh(options: Sequence[str], seed: int) -> Found:
    """Sit at one through mosh: its datagrams both ways, with the headers of IP and UDP."""
    with mosh.session(terminal.command([*options, "--no-diff"])) as (here, relay):
        here.read(OPENED)
        times = _press(here, seed)
        idle = time.monotonic()
        here.read(MINUTE + AFTER)
        relay.stop()
    pressed = [relay.bytes(at, at + SETTLED) for at in times]
    return Found(pressed=pressed, live=relay.bytes(idle, idle + MINUTE), unattended=round(relay.bytes(idle + MINUTE) * MINUTE / AFTER))


def _press(here: Terminal, seed: int) -> list[float]:
    """Select and let go, each in one of the panels that all others are counted by; return when each was pressed."""
    draw, times = random.Random(seed), list[float]()
    for n in range(PRESSES):
        if n % 3 == 0:
            if n:
                times.append(here.type("C"))
                here.read(SETTLED)
            here.type(f"'{PANELS[n // 3 % len(PANELS)]}")
            here.read(SETTLED)
        here.type("\x1b[B" if draw.random() < 0.7 else "\x1b[A")
        here.read(0.5)
        times.append(here.type(" "))
        here.read(SETTLED)
    return times


def _squeezed(here: Terminal) -> list[tuple[float, int]]:
    """Return each burst as `ssh -C` would send it: one stream, flushed after each."""
    stream = zlib.compressobj(6)
    made, held = [], b""
    for (at, written), after in zip(here.heard, [*(at for at, _ in here.heard[1:]), float("inf")], strict=True):
        held += written
        if after - at > BURST:
            made.append((at, len(stream.compress(held)) + len(stream.flush(zlib.Z_SYNC_FLUSH))))
            held = b""
    return made


def _budgets(of: str, fed: Found, quiet: Found, share: float) -> list[Budget]:
    pressed, squeezed, stepped = fed.pressed, fed.squeezed, quiet.stepped
    found = [
        ("first paint", FIRST, quiet.first),
        ("a re-filter, median", MEDIAN, statistics.median(pressed)),
        ("a re-filter, worst", WORST, max(pressed)),
        ("a re-filter as ssh -C sends it, median", SQUEEZED, statistics.median(squeezed)),
        ("a cursor step on the map, median", STEP, statistics.median(stepped)),
        ("an idle minute with live updates", LIVE, fed.live),
        ("an idle minute with nothing happening", STILL, quiet.still),
    ]
    return [Budget(f"{of}{name}", round(goal * share), float(value), "bytes") for name, goal, value in found]


def _ratios(fed: dict[str, Found], quiet: dict[str, Found]) -> dict[str, float]:
    made = {"a re-filter, stock Textual": statistics.median(fed["stock Textual"].pressed) / statistics.median(fed["256"].pressed)}
    made["first paint, stock Textual"] = quiet["stock Textual"].first / quiet["256"].first
    made["an idle minute, stock Textual"] = fed["stock Textual"].live / max(1, fed["256"].live)
    if "mosh" in fed:
        made["a re-filter as ssh -C sends it, mosh"] = statistics.median(fed["mosh"].pressed) / statistics.median(fed["256"].squeezed)
        made["an idle minute, mosh"] = fed["mosh"].live / max(1, fed["256"].live)
    return made


def _measured(fed: dict[str, Found], quiet: dict[str, Found]) -> dict[str, float]:
    made: dict[str, float] = {}
    for name, each in fed.items():
        made[f"{name}: a re-filter, median"] = statistics.median(each.pressed)
        made[f"{name}: a re-filter, worst"] = max(each.pressed)
        if each.squeezed:
            made[f"{name}: a re-filter as ssh -C sends it, median"] = statistics.median(each.squeezed)
        made[f"{name}: an idle minute with live updates"] = each.live
        made[f"{name}: a minute after that"] = each.unattended
    for name, each in quiet.items():
        made |= {f"{name}: first paint": each.first, f"{name}: an idle minute with nothing happening": each.still}
        made[f"{name}: a step on the map, median"] = statistics.median(each.stepped)
        made[f"{name}: a step on the map, worst"] = max(each.stepped)
    return {name: float(value) for name, value in made.items()}

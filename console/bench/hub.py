"""A whole control room at one hub: many clients that re-filter, while events arrive, at their answers and what they are told."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from console.bench import history, report, terminal
from console.bench.crowd import Crowd
from console.bench.figures import percentile
from console.bench.report import Budget, Report
from console.bench.sitter import CHART, EVERY, NOBODY, Sitter
from console.bench.stream import Stream, force
from console.bench.terminal import Terminal
from console.bench.terminal import screens as screens_of

CLIENTS, PROCESSES, CONSOLES = 147, 3, 3
RATE, BURST = 50.0, 5000  # events a second; events of the one second
SECONDS, ALONE, AFTER = 60.0, 40, 15.0  # the time of the crowd; presses asked alone; the most seconds in which the burst is seen through
INDEXED, OPENED = 600.0, 60.0  # seconds given to the first index, and to a console's first page
PAGE = "Queue, in priority"  # a title on it
TOGETHER = 150  # live consoles that a host is reckoned for
ANSWER, TOLD, MEMORY, THIN = 100.0, 1.0, 1.2, 70.0
MOVES = ("'t", "\x1b[B", " ", "'p", "\x1b[B", " ", "C")


@dataclass
class Machine:
    """The hub's process, looked at each second: the most memory it held (bytes), and what it used of the processor (s)."""

    process: subprocess.Popen[bytes]
    most: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Look until it is ended."""
        while not self.ended.wait(1.0):
            self.most = max(self.most, Terminal(self.process.pid, -1, 0.0).resident())

    def spent(self) -> float:
        """Return the processor's seconds that it has used."""
        return Terminal(self.process.pid, -1, 0.0).spent()


def run(rows: int, seed: int, seconds: float = SECONDS, clients: int = CLIENTS) -> Report:
    """Return what a run over about so many incidents finds; what is pressed follows from the seed."""
    began = report.load()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="console-bench-")))
        data, socket, door = folder / "bench.duckdb", folder / "hub.sock", folder / "feed.sock"
        rows = history.make(data, rows, 1)
        stream = Stream(door, force(data), RATE)
        words = terminal.command(["hub", "--data", str(data), "--socket", str(socket), "--feed", f"unix:{door}"])
        log = stack.enter_context(open(folder / "hub.log", "wb"))
        hub = Machine(subprocess.Popen(words, stdout=log, stderr=log))
        stack.callback(_end, hub)
        first = Sitter(socket, seed)
        first.meet()
        stack.callback(first.leave)
        stream.start()
        _indexed(first)
        threading.Thread(target=hub.watch, daemon=True).start()
        for _ in range(ALONE):
            first.press()
        alone, first.pages = first.pages, []
        alone_charts, first.charts = first.charts, []
        shares = [clients // PROCESSES + (n < clients % PROCESSES) for n in range(PROCESSES)]
        crowds = [Crowd(socket, count, seed + n) for n, count in enumerate(shares, 1) if count]
        for crowd in crowds:
            stack.callback(crowd.leave)
            crowd.tell("meet")
        met = [each for crowd in crowds for each in crowd.heard()]
        screens = [terminal.run(["--hub", str(socket)]) for _ in range(CONSOLES)]
        for screen in screens:
            stack.callback(screen.leave)
        _open(screens)
        since, spent = time.monotonic(), hub.spent()
        theirs = [screen.spent() for screen in screens]
        pages, charts, failures, told = _sat(crowds, screens, seconds)
        until = time.monotonic()
        lasted = until - since
        cores = (hub.spent() - spent) / lasted
        console = sum(screen.spent() - before for screen, before in zip(screens, theirs, strict=True)) / len(screens) / lasted
        resident, own = (max(getattr(screen, name)() for screen in screens) for name in ("resident", "own"))
        least = stream.least(since, until)
        waits = stream.waits()
        sent = dict(stream.announced)
        burst, after = _burst(stream, crowds, screens, min(AFTER, seconds))
        kept = first.desk.status().kept
        lost = stream.stop()
        arrived = sum(each.events for each in kept.feeds) if kept else 0
    late, unseen = _late(sent, told, since, until)
    budgets = [
        Budget("answers, p95", ANSWER, percentile(pages, 95), "ms"),
        Budget("an event sent until a client has it, p95", TOLD, percentile(late, 95), "s"),
        Budget("events lost", 0.0, float(lost), "events"),
        Budget("announcements that a client never had", 0.0, float(unseen), ""),
        Budget("questions that failed", 0.0, float(len(failures)), ""),
        Budget("events acknowledged a second, the fewest over 10 s", 0.98 * RATE, least, "events", least=True),
        Budget("memory of the hub, at most", MEMORY, hub.most / 1e9, "GB"),
        Budget("memory of a console at the hub", THIN, resident / 1e6, "MB"),
    ]
    ratios = {"the same questions asked alone, p95": percentile(pages, 95) / percentile(alone, 95)}
    measured = {
        "clients": float(clients + CONSOLES), "presses answered": float(len(pages)),
        "answers, p50 (ms)": percentile(pages, 50), "the same alone, p50 (ms)": percentile(alone, 50),
        "the same alone, p95 (ms)": percentile(alone, 95),
        "with the chart, p50 (ms)": percentile(charts, 50), "with the chart, p95 (ms)": percentile(charts, 95),
        "with the chart, alone, p95 (ms)": percentile(alone_charts, 95),
        "an event sent until a client has it, p50 (s)": percentile(late, 50),
        "an event sent until it is acknowledged, p95 (ms)": 1000 * percentile(waits, 95),
        "events that the hub had stored by the end": float(arrived),
        f"{BURST:,} events in a second: the longest until acknowledged (s)": burst,
        "answers meanwhile, p95 (ms)": percentile(after, 95),
        f"{clients} clients starting together, first page, p95 (ms)": percentile(met, 95),
        "cores that the hub takes": cores, "cores that a console takes": console,
        "memory of a console's own (MB)": own / 1e6,
        f"a host of {TOGETHER} live consoles, cores": cores * TOGETHER / (clients + CONSOLES) + TOGETHER * console,
        f"a host of {TOGETHER} live consoles, memory (GB)": (hub.most + TOGETHER * own + resident - own) / 1e9,
    }  # fmt: skip
    notes = [f"{each}" for each in dict.fromkeys(failures)][:5]
    notes += [f"{count:,} lines quarantined: {reason}" for reason, count in stream.became.quarantined.most_common(3)]
    notes.append(f"{seconds:g} s; clients, consoles, feed and hub share this machine's cores; each client also looks once a second")
    return Report("hub", rows, seed, budgets, ratios, measured, began, notes)


def _open(screens: Sequence[Terminal]) -> None:
    """Wait until every console shows its page. Raises ValueError where one doesn't."""
    for screen in screens:
        while not screen.heard or not any(PAGE in line for _, lines in screens_of(screen.heard) for line in lines):
            if time.monotonic() - screen.began > OPENED:
                raise ValueError("a console at the hub never showed its page")
            screen.read(1.0)


def _indexed(sitter: Sitter) -> None:
    """Wait until the hub answers the chart from memory."""
    until = time.monotonic() + INDEXED
    while CHART not in sitter.desk.quick(NOBODY, "control"):
        if time.monotonic() > until:
            raise ValueError("the hub never had an index")
        sitter.press()
        time.sleep(1.0)
    sitter.pages, sitter.charts, sitter.failures = [], [], []


def _sat(
    crowds: Sequence[Crowd], screens: Sequence[Terminal], seconds: float
) -> tuple[list[float], list[float], list[str], list[dict[str, float]]]:
    """Have everybody sit for so long; return what presses and charts took (ms), what failed, and when each client was told what."""
    for crowd in crowds:
        crowd.tell(f"sit {seconds}")
    _type(screens, seconds)
    heard = [crowd.heard() for crowd in crowds]
    pages, charts, failures, told = ([each for one in heard for each in one[name]] for name in ("pages", "charts", "failures", "told"))
    return pages, charts, failures, told


def _burst(stream: Stream, crowds: Sequence[Crowd], screens: Sequence[Terminal], seconds: float) -> tuple[float, list[float]]:
    """Send many events in one second while all sit; return the longest wait (s), and what presses took (ms)."""
    for crowd in crowds:
        crowd.tell(f"sit {seconds}")
    longest = list[float]()
    sending = threading.Thread(target=lambda: longest.append(stream.burst(BURST)))
    sending.start()
    _type(screens, seconds)
    sending.join()
    return longest[0], [each for crowd in crowds for each in crowd.heard()["pages"]]


def _type(screens: Sequence[Terminal], seconds: float) -> None:
    """Press keys at the consoles every few seconds, and read what they draw."""
    until, n = time.monotonic() + seconds, 0
    while (left := until - time.monotonic()) > 0:
        for screen in screens:
            screen.type(MOVES[n % len(MOVES)])
        n += 1
        for screen in screens:
            screen.read(min(EVERY, left) / len(screens))
            screen.heard.clear()


def _late(sent: dict[str, float], told: Sequence[dict[str, float]], since: float, until: float) -> tuple[list[float], int]:
    """Return how long after it was sent (s) each client had each announcement, and how many were never had; the last ones have no time."""
    mine = {key: at for key, at in sent.items() if since + EVERY < at < until - 3 * EVERY}
    late = [client[key] - at for client in told for key, at in mine.items() if key in client]
    return late, len(mine) * len(told) - len(late)


def _end(hub: Machine) -> None:
    hub.ended.set()
    os.kill(hub.process.pid, signal.SIGTERM)
    try:
        hub.process.wait(30)
    except subprocess.TimeoutExpired:
        hub.process.kill()
        hub.process.wait()

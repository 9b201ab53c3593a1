"""The benchmarks run, agree with their baseline, and report in full."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from console.bench import keys
from console.bench.terminal import Terminal, screens


@pytest.mark.parametrize("name", ["selection", "links", "map", "lasso"])
def test_measured(name: str) -> None:
    """At a small size: every budget told with its goal, the ratios and the machine, and a status that says whether all were met."""
    report = reported(name, 20000, 300)
    assert report["bench"] == name
    assert all(ratio > 0 for ratio in report["ratios"].values())


def test_hub() -> None:
    """A hub, its feed, a few clients and three consoles: all that was sent is stored, every press answered, every announcement had."""
    report = reported("hub", 4000, 300, "--seconds", "6", "--clients", "3")
    assert {each["name"]: each["value"] for each in report["budgets"] if each["name"] in (
        "events lost", "announcements that a client never had", "questions that failed",
    )} == {"events lost": 0, "announcements that a client never had": 0, "questions that failed": 0}  # fmt: skip
    assert report["measured"]["clients"] == 6
    assert report["measured"]["presses answered"] >= 3
    assert report["measured"]["events that the hub had stored by the end"] > 5000
    assert report["measured"]["a host of 150 live consoles, cores"] > report["measured"]["cores that the hub takes"] > 0


@pytest.mark.long
def test_keys() -> None:
    """The keys are pressed in a terminal of their own, and every press is answered on its screen."""
    report = reported("keys", 8000, 900)
    (answered,) = (each for each in report["budgets"] if each["name"] == "presses answered")
    assert answered["met"], report["budgets"]


@pytest.mark.long
def test_wire() -> None:
    """Each terminal is sent something by its keys, the driver less than Textual's own, and a quiet minute next to nothing."""
    report = reported("wire", 1, 600)
    assert all(ratio > 1 for ratio in report["ratios"].values())
    assert all(each["value"] > 0 for each in report["budgets"])


def reported(name: str, rows: int, seconds: float, *more: str) -> dict[str, Any]:
    """Return a benchmark's report, once it is seen to be whole."""
    done = subprocess.run(
        [sys.executable, "-m", "console", "bench", name, "--rows", str(rows), "--script", "3", "--json", *more],
        capture_output=True, text=True, timeout=seconds, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["rows"] == rows or name in ("keys", "map", "wire", "hub")
    assert report["script"] == 3
    assert {"processor", "cores", "load_before", "load_after", "stolen_percent"} <= report["machine"].keys()
    assert {"duckdb", "numba", "python"} <= report["versions"].keys()
    assert all({"name", "goal", "value", "unit", "met"} <= each.keys() for each in report["budgets"])
    assert done.returncode == (0 if all(each["met"] for each in report["budgets"]) else 1)
    return report


def painted(*, chart: str = "12", beside: str = "7", panel: str = "3", drawn: str = "before") -> bytes:
    """What a terminal hears of a page: a chart with what is drawn below its title, and panels beside it."""
    page = f"{keys.CHART + ' ' + chart:<60}{keys.BESIDE} {beside}"
    return f"\x1b[2J\x1b[1;1H{page}\x1b[2;1H{drawn:<60}Grade {panel}".encode()


def test_a_recording_is_read_by_the_repaints() -> None:
    """A press is painted when all but the chart has numbers, charted when the chart was drawn last; a burst is one repaint."""
    after = painted(drawn="after")
    first, rest = after[:20], after[20:]
    heard = [
        (0.5, painted()), (1.1, painted(chart=keys.COUNTING, panel=keys.COUNTING)), (1.2, painted(chart=keys.COUNTING)), (1.3, first),
        (1.302, rest), (2.1, painted(beside=keys.COUNTING, drawn="after")), (2.2, after), (3.1, painted(panel=keys.COUNTING)),
    ]  # fmt: skip
    terminal = Terminal(0, 0, 0.0, heard)
    assert [at for at, _ in screens(heard)] == [0.5, 1.1, 1.2, 1.302, 2.1, 2.2, 3.1]
    assert keys._read(terminal, [1.0, 2.0, 3.0]) == [keys.Press(1.0, 1.2, 1.302), keys.Press(2.0, 2.2, 2.2)]


def test_a_page_is_whole_when_only_its_chart_is_counted() -> None:
    """What stands beside the chart on its lines is no chart, and a screen without one is no page."""
    said = {
        name: keys._whole(next(screens([(0.0, heard)]))[1])
        for name, heard in {
            "all": painted(), "chart": painted(chart=keys.COUNTING), "beside": painted(beside=keys.COUNTING),
            "panel": painted(panel=keys.COUNTING), "start": b"console",
        }.items()
    }  # fmt: skip
    assert said == {"all": True, "chart": True, "beside": False, "panel": False, "start": False}

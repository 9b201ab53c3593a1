"""The benchmarks run, agree with their baseline, and report in full."""

from __future__ import annotations

import json
import subprocess
import sys


def test_selection() -> None:
    """At a small size: every budget told with its goal, the ratios and the machine, and a status that says whether all were met."""
    done = subprocess.run(
        [sys.executable, "-m", "console", "bench", "selection", "--rows", "20000", "--script", "3", "--json"],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    report = json.loads(done.stdout)
    assert report["rows"] == 20000
    assert report["script"] == 3
    assert {"processor", "cores", "load_before", "load_after", "stolen_percent"} <= report["machine"].keys()
    assert {"duckdb", "numba", "python"} <= report["versions"].keys()
    assert all({"name", "goal", "value", "unit", "met"} <= each.keys() for each in report["budgets"])
    assert all(ratio > 0 for ratio in report["ratios"].values())
    assert done.returncode == (0 if all(each["met"] for each in report["budgets"]) else 1)

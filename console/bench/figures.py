"""Times taken, and where among them a share lies."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what work made, and how long it took (ms)."""
    began = time.perf_counter()
    made = work()
    return made, 1000 * (time.perf_counter() - began)


def worked(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what work made, and how long this thread's processor worked for it (ms), whatever else the machine did."""
    began = time.thread_time()
    made = work()
    return made, 1000 * (time.thread_time() - began)


def percentile(values: Sequence[float], percent: float) -> float:
    """Return a percentile of some numbers, infinite where there are none."""
    return float(np.percentile(values, percent)) if values else float("inf")


def median(runs: Sequence[Sequence[float]], percent: float) -> float:
    """Return the median over several runs of each one's percentile."""
    return statistics.median(percentile(each, percent) for each in runs)

"""What a benchmark found: budgets met or missed, ratios, and the machine."""

from __future__ import annotations

import ctypes
import gc
import json
import os
import platform
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

PACKAGES = ("duckdb", "numba", "numpy", "pillow", "polars", "shapely", "textual")


@dataclass(frozen=True, slots=True)
class Budget:
    """A number with its goal: at most it, or at least it where `least`."""

    name: str
    goal: float
    value: float
    unit: str
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether the value is within the goal."""
        return self.value >= self.goal if self.least else self.value <= self.goal


@dataclass(frozen=True, slots=True)
class Report:
    """One benchmark's findings; `rows` and `script` (a seed) say what of."""

    name: str
    rows: int
    script: int
    budgets: Sequence[Budget]
    ratios: Mapping[str, float]
    measured: Mapping[str, float]
    before: Load  # the machine's when it began
    notes: Sequence[str] = ()  # what wasn't measured, and why

    @property
    def met(self) -> bool:
        """Whether every budget is met."""
        return all(each.met for each in self.budgets)

    def json(self) -> str:
        """Return it as JSON."""
        return json.dumps(
            {
                "bench": self.name,
                "machine": machine(self.before),
                "versions": versions(),
                "rows": self.rows,
                "script": self.script,
                "budgets": [{**asdict(each), "met": each.met} for each in self.budgets],
                "ratios": dict(self.ratios),
                "measured": dict(self.measured),
                "notes": list(self.notes),
            },
            indent=2,
        )

    def text(self) -> str:
        """Return it as lines."""
        lines = [f"{self.name}: {self.rows:,} rows, script {self.script}"]
        for each in self.budgets:
            sign = "at least" if each.least else "at most"
            lines.append(f"  {'met   ' if each.met else 'MISSED'} {each.name}: {each.value:,.2f} {each.unit} ({sign} {each.goal:g})")
        lines += [f"         {name}: {value:,.1f} times" for name, value in self.ratios.items()]
        lines += [f"         {name}: {value:,.2f}" for name, value in self.measured.items()]
        lines += [f"         {note}" for note in self.notes]
        here = machine(self.before)
        lines.append("  " + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in here.items()))
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Load:
    """The machine's load and its processors' time, stolen and all, in seconds since it began."""

    load: float
    stolen: float
    time: float


def load() -> Load:
    """Return the machine's load now."""
    told = [float(word) for word in Path("/proc/stat").read_text(encoding="utf-8").split("\n", 1)[0].split()[1:]]
    tick = os.sysconf("SC_CLK_TCK")
    return Load(os.getloadavg()[0], told[7] / tick if len(told) > 7 else 0.0, sum(told[:8]) / tick)


def machine(before: Load) -> dict[str, Any]:
    """Return what it ran on, and how busy that was with other things since `before`."""
    after = load()
    spent = after.time - before.time
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "system": f"{platform.system()} {platform.machine()}",
        "load_before": round(before.load, 2),
        "load_after": round(after.load, 2),
        "stolen_percent": round(100 * (after.stolen - before.stolen) / spent, 1) if spent else 0.0,
    }


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that matter here."""
    return {"python": platform.python_version()} | {name: metadata.version(name) for name in PACKAGES}


def resident() -> int:
    """Return the memory that this process holds, in bytes, once it has let go of what it doesn't use."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown"

"""What the index would cost in memory, and whether there is so much."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from console.engine.apps import AppPlan
from console.engine.index.encode import cost
from console.engine.index.needs import needs
from console.engine.model import Model
from console.store.database import Cursor

AFFORDED = 0.5  # of the memory left


def afford(cursor: Cursor, model: Model, apps: Mapping[str, AppPlan], now: datetime) -> None:
    """Raise MemoryError, saying what it would cost, if the facts would take more than half of the memory there is left."""
    wanted = sum(cost(cursor, fact, needs(model, apps, name), now) for name, fact in model.facts.items())
    if wanted > (left := available()) * AFFORDED:
        raise MemoryError(f"it would take {wanted / 1e9:.1f} GB of the {left / 1e9:.1f} GB of memory left")


def available() -> int:
    """Return the memory left on this machine, in bytes."""
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 1 << 32

"""A small force for the tests of governance: a day of the simulator, and the units that have officers on duty."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from console.desk.desk import Viewer
from console.feed import bulk
from console.feed.ingest import SimulatorState, clock
from console.feed.simulator import SOURCE, Simulator
from console.governance.heads import Heads, beside
from console.governance.verify import verify
from console.store.database import Store, open_store

ANNA = Viewer("anna", seat="1", uid=1001, address="ssh 192.0.2.7 /dev/pts/3")
BEN = Viewer("ben", seat="2")


def made(path: Path) -> Store:
    """Return the open store of a file with a day of the force up to three hours ago."""
    store = open_store(path)
    ended = clock().replace(microsecond=0) - timedelta(hours=3)
    simulator = Simulator(4, ended - timedelta(days=1), positions_from=ended - timedelta(minutes=40))
    bulk.load(store, simulator.advance(ended).frames(), SOURCE, SimulatorState(SOURCE, ended, simulator.state()))
    return store


def audited(store: Store, columns: str = "*", after: int = 0) -> list[tuple[Any, ...]]:
    """Return columns of the audit's rows after a sequence, in order, once the whole of it is found as it was written."""
    with store.reader() as cursor:
        assert verify(cursor, Heads(beside(store.path)).read()).whole
        rows: list[tuple[Any, ...]] = cursor.execute(
            f"select {columns} from base.audit where sequence > {after} order by sequence"
        ).fetchall()
    return rows


def names(store: Store) -> dict[str, str]:
    """Return the officers' names by collar number."""
    with store.reader() as cursor:
        return dict(cursor.execute("select officer, name from base.officer").fetchall())

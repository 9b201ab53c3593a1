"""What viewers open, select, search and export, written to the file behind their backs but within a second."""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from console.store import sql
from console.store.database import Failure, Store, StoreError


@dataclass(frozen=True, slots=True)
class Use:
    """One action: when (naive UTC), who, what (open, select, search, rows, export), in which app, on what."""

    used_at: datetime
    viewer: str
    action: str
    app: str
    detail: str | None


class Usage:
    """A queue of uses and the thread that writes them; closing writes what is left."""

    def __init__(self, store: Store) -> None:
        """Write to this store."""
        self._store = store
        self._uses: queue.Queue[Use | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="usage", daemon=True)
        self._thread.start()

    def add(self, use: Use) -> None:
        """Take a use; returns at once."""
        self._uses.put(use)

    def close(self) -> None:
        """Write what is left and stop."""
        self._uses.put(None)
        self._thread.join(5)

    def _run(self) -> None:
        while (use := self._uses.get()) is not None:
            uses, last = [use], False
            while not self._uses.empty():
                more = self._uses.get()
                if more is None:
                    last = True
                    break
                uses.append(more)
            try:
                self._write(uses)
            except (Failure, StoreError):
                if not last:
                    continue
            if last:
                return

    def _write(self, uses: list[Use]) -> None:
        columns = {
            "used_at": np.array([use.used_at for use in uses], dtype="datetime64[us]"),
            "viewer": np.array([use.viewer for use in uses], dtype=object),
            "action": np.array([use.action for use in uses], dtype=object),
            "app": np.array([use.app for use in uses], dtype=object),
            "detail": np.array([use.detail for use in uses], dtype=object),
        }
        with self._store.write({"usage"}) as cursor, sql.staged(cursor, "uses", columns):
            sql.run(cursor, sql.text("engine/used"))

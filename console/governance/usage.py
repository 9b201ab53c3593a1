"""What viewers open, select, search and export, written to the file behind their backs but within a second."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import numpy as np

from console.governance.deed import Deed
from console.store import sql
from console.store.database import Failure, Store, StoreError

BEHIND = 0.5  # seconds that a deed waits for others


class Usage:
    """A queue of deeds and the thread that writes them; closing writes what is left."""

    def __init__(self, store: Store) -> None:
        """Write to this store."""
        self._store = store
        self._deeds: queue.Queue[Deed | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run, name="usage", daemon=True)
        self._thread.start()

    def add(self, deed: Deed) -> None:
        """Take a deed; returns at once."""
        self._deeds.put(deed)

    def close(self) -> None:
        """Write what is left and stop."""
        self._deeds.put(None)
        self._thread.join(5)

    def _run(self) -> None:
        while (deed := self._deeds.get()) is not None:
            deeds, last, until = [deed], False, time.monotonic() + BEHIND
            while not last:
                try:
                    more = self._deeds.get(timeout=max(0.0, until - time.monotonic()))
                except queue.Empty:
                    break
                last = more is None
                if more is not None:
                    deeds.append(more)
            with suppress(Failure, StoreError):
                self._write(deeds)
            if last:
                return

    def _write(self, deeds: list[Deed]) -> None:
        columns = {
            "used_at": np.array([deed.stamped() for deed in deeds], dtype="datetime64[us]"),
            "viewer": _texts(deed.who.user for deed in deeds),
            "action": _texts(deed.action for deed in deeds),
            "app": _texts(deed.app for deed in deeds),
            "detail": _texts(deed.detail or None for deed in deeds),
            "seat": _texts(deed.who.seat or None for deed in deeds),
            "panel": _texts(deed.panel or None for deed in deeds),
            "seconds": np.ma.masked_invalid([np.nan if deed.seconds is None else deed.seconds for deed in deeds]),
            "case_ref": _texts(deed.case or None for deed in deeds),
            "persons": np.array([deed.persons for deed in deeds]),
        }
        with self._store.aside() as cursor, sql.staged(cursor, "uses", columns):
            sql.run(cursor, sql.text("governance/used"))


def _texts(values: Iterable[str | None]) -> Any:
    return np.array(list(values), dtype=object)

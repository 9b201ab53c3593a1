"""The audit: deeds written as rows of a hash chain, on the disk before what they allow is done."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from console.governance.chain import GENESIS, Head, row_of
from console.governance.deed import Deed
from console.governance.heads import Heads, beside
from console.store import sql
from console.store.database import Failure, Store, StoreError

NOTHING = Head(0, GENESIS, datetime(1970, 1, 1))


class NotAudited(Exception):
    """It can't be written to the audit, so it isn't done; the message says why."""


@dataclass(eq=False)
class _Waiting:
    """Deeds that wait for the disk, and why they can't be written."""

    deeds: Sequence[Deed]
    written: bool = False
    error: Exception | None = None


class Audit:
    """The one writer of a file's audit: callers wait while theirs is written, and one commit takes all that wait."""

    def __init__(self, store: Store) -> None:
        """Write on from the newest row of this file."""
        self._store, self.heads = store, Heads(beside(store.path))
        self._queue: list[_Waiting] = []
        self._gate = threading.Lock()
        self._head: Head | None = None
        self.behind = ""  # why the newest head isn't in the file beside, "" where it is

    def add(self, *deeds: Deed) -> None:
        """Write deeds in order, with nothing between them; they are on the disk when this returns. Raises NotAudited."""
        mine = _Waiting(deeds)
        with self._gate:
            self._queue.append(mine)
        with self._store.alone():
            if not mine.written and mine.error is None:
                with self._gate:
                    group, self._queue = self._queue, []
                self._write(group)
        if mine.error is not None:
            said = next(iter(str(mine.error).splitlines()), type(mine.error).__name__)
            raise NotAudited(f"refused, as it can't be written to the audit: {said}") from mine.error

    def head(self) -> Head:
        """Return where the chain stands; of an empty one sequence 0."""
        with self._store.alone():
            return self._head or self._read()

    def _write(self, group: Sequence[_Waiting]) -> None:
        try:
            head = self._head or self._read()
            with self._store.aside() as cursor:
                for deed in (deed for waiting in group for deed in waiting.deeds):
                    row = row_of(deed, head.sequence + 1, head.hash)
                    sql.run(cursor, sql.text("governance/audit_add"), row)
                    head = Head(row["sequence"], row["hash"], row["done_at"])
        except BaseException as error:
            self._head = None  # whether it came through is read again
            for waiting in group:
                waiting.error = error if isinstance(error, Exception) else NotAudited(type(error).__name__)
            if not isinstance(error, (Failure, StoreError, OSError)):
                raise
            return
        self._head = head
        for waiting in group:
            waiting.written = True
        try:
            self.heads.put(head)
            self.behind = ""
        except OSError as error:
            self.behind = f"{self.heads.path}: {error.strerror}"

    def _read(self) -> Head:
        with self._store.reader() as cursor:
            held = sql.rows(cursor, "governance/audit_last")
        return Head(*held[0]) if held else NOTHING

"""Who is answered now: a few questions at once, each on a cursor of its own, the newest of a ticket before older ones."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from console.desk.desk import Interrupted
from console.engine.section import Sectioned, leave
from console.store.database import Cursor, Interrupt, Store

AT_ONCE = 4


class Admission:
    """Gives cursors of a store to questions."""

    def __init__(self, store: Store, at_once: int = AT_ONCE) -> None:
        """Admit so many at once to this store."""
        self._store, self._at_once = store, at_once
        self._running: dict[str, Cursor] = {}
        self._spare: list[tuple[Cursor, Sectioned | None]] = []
        self._lock = threading.Lock()
        self._seats = threading.Semaphore(at_once)
        self._closed = False

    @contextmanager
    def cursor(self, ticket: str = "", section: Sectioned | None = None) -> Iterator[Cursor]:
        """Give a cursor when it is the question's turn, on which facts are as a section shows them.

        An older question with the same ticket is interrupted. Raises Interrupted.
        """
        with self._lock:
            like = next((each for each in self._spare if each[1] is section), self._spare[-1] if self._spare else None)
            if like is not None:
                self._spare.remove(like)
        cursor, entered = like or (self._store.reader(), None)
        if entered is not section:
            section.enter(cursor) if section is not None else leave(cursor)
        with self._lock:
            if ticket:
                if ticket in self._running:
                    self._running[ticket].interrupt()
                self._running[ticket] = cursor
        try:
            with self._seats:
                with self._lock:
                    if self._closed or (ticket and self._running.get(ticket) is not cursor):
                        raise Interrupted
                yield cursor
        except Interrupt:
            raise Interrupted from None
        finally:
            with self._lock:
                if self._running.get(ticket) is cursor:
                    del self._running[ticket]
                spare = not self._closed and len(self._spare) < self._at_once
                if spare:
                    self._spare.append((cursor, section))
            if not spare:
                cursor.close()

    def cancel(self, ticket: str) -> None:
        """Interrupt the question with that ticket, if it runs."""
        with self._lock:
            if ticket in self._running:
                self._running[ticket].interrupt()

    def close(self) -> None:
        """Interrupt all that run, and admit no more."""
        with self._lock:
            self._closed = True
            for cursor in self._running.values():
                cursor.interrupt()
            for cursor, _ in self._spare:
                cursor.close()
            self._spare.clear()

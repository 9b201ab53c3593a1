"""One DuckDB file and its owner: opened once by one process, read by cursors, written in transactions."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import duckdb

from console.store import faults, migration, reference, sql
from console.store.faults import BadData, Failure, Interrupt, StoreError

__all__ = ["BadData", "Cursor", "Failure", "Interrupt", "Store", "StoreError", "open_store"]

if find_spec("pandas") is None:
    sys.modules["pandas"] = None  # type: ignore[assignment]  # else DuckDB searches the disk for it twice for each value it is given

Cursor = duckdb.DuckDBPyConnection
Touched = dict[str, frozenset[str] | None]
Listener = Callable[[int, Touched], None]
NOTED = 50_000  # touched keys of a fact above which it isn't noted which


class Store:
    """The open file. Reading cursors may be many; writing is one transaction at a time."""

    def __init__(self, connection: Cursor, path: Path) -> None:
        """Take an open connection; use `open_store`."""
        self.path = path
        self._connection = connection
        self._writing = threading.RLock()
        self._listeners: list[Listener] = []
        self._telling = threading.Lock()
        self._since: dict[str, set[str] | None] = {}  # touched since the file was opened
        self._told = 0  # commits that listeners were told of
        self.opened = self.standing(connection)
        self.version = self.opened[0]

    def reader(self) -> Cursor:
        """Return a new cursor for reading; close it after use."""
        cursor = self._connection.cursor()
        sql.run(cursor, sql.text("store/use"))
        return cursor

    @contextmanager
    def write(self, facts: set[str] | Touched) -> Iterator[Cursor]:
        """Run a transaction that touches these facts: committed at the end with the next data version, or undone.

        Listeners hear of the version after the commit, with the keys touched of each fact, None where they weren't told. `facts`
        may be filled while the transaction runs. Raises StoreError where the file can't be written.
        """
        with self._writing:
            with self.reader() as cursor:
                cursor.begin()
                try:
                    yield cursor
                    sql.run(cursor, sql.text("store/next_version"))
                    cursor.commit()
                except BaseException as error:
                    with suppress(Failure):
                        cursor.rollback()
                    if isinstance(error, faults.LOST):
                        raise faults.using(self.path, error) from error
                    raise
            self.version += 1
            version, touched = self.version, facts if isinstance(facts, dict) else dict.fromkeys(facts)
        with self._telling:
            self._told += 1
            self._note(touched)
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(version, touched)

    def _note(self, touched: Touched) -> None:
        for fact, keys in touched.items():
            held = self._since.setdefault(fact, set())
            if held is not None and keys is not None and len(held) + len(keys) <= NOTED:
                held |= keys
            else:
                self._since[fact] = None

    def listen(self, listener: Listener, *, since: bool = False) -> Callable[[], None]:
        """Call the listener, in the writer's thread, after each commit; return the way to stop.

        With `since` it is called at once with all that was touched since the file was opened, as if by one commit.
        """
        with self._telling:
            if since:
                touched = {fact: None if keys is None else frozenset(keys) for fact, keys in self._since.items()}
                listener(self.opened[0] + self._told, touched)
            self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def standing(self, cursor: Cursor) -> tuple[int, str]:
        """Return the data version and the mark of the commit that made it, "" if there was none."""
        ((version, stamp),) = sql.rows(cursor, "store/version")
        return int(version), stamp or ""

    @contextmanager
    def one_thread(self) -> Iterator[None]:
        """Leave the other cores to someone else for a while."""
        sql.run(self._connection, sql.text("store/one_thread"))
        try:
            yield
        finally:
            sql.run(self._connection, sql.text("store/every_thread"))

    def calm(self, on: bool) -> None:
        """Work on one thread while nobody waits for an answer: the others cost more than they bring."""
        sql.run(self._connection, sql.text("store/one_thread" if on else "store/every_thread"))

    def checkpoint(self) -> None:
        """Write the log into the file."""
        with self._writing:
            try:
                sql.run(self._connection, sql.text("store/checkpoint"))
            except Failure as error:
                raise faults.using(self.path, error) from error

    def close(self) -> None:
        """Let go of the file; what still runs on its cursors is interrupted."""
        self._connection.interrupt()
        with self._writing:
            self._connection.close()


def open_store(path: Path, *, create: bool = True) -> Store:
    """Open the file as its one owner, made and migrated forward as needed, with the reference tables of `data/`.

    Raises StoreError if another process holds it, a newer program wrote it, or it isn't such a file.
    """
    if not path.exists():
        if not create:
            raise StoreError(f"{path}: no such file; `console init --data {path}` makes one")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StoreError(f"{path.parent}: can't be made: {error.strerror}") from error
    connection = _attached(path)
    try:
        migration.migrate(connection, path)
        path.chmod(0o600)
        reference.fill(connection)
        return Store(connection, path)
    except BaseException as error:
        connection.close()
        if isinstance(error, Failure):
            raise faults.opening(path, error) from error
        raise


def _attached(path: Path) -> Cursor:
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "false",
            "temp_directory": f"{path}.tmp",
        },
    )
    try:
        sql.run(connection, sql.text("store/attach").format(path=str(path).replace("'", "''")))
        sql.run(connection, sql.text("store/use"))
        sql.run(connection, sql.text("store/session"))
    except duckdb.Error as error:
        connection.close()
        raise faults.opening(path, error) from error
    return connection

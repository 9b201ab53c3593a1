"""One DuckDB file and its owner: opened once by one process, read by cursors, written in transactions."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from console import __version__
from console.store import reference, sql

Cursor = duckdb.DuckDBPyConnection
Failure = duckdb.Error
Interrupt = duckdb.InterruptException
Listener = Callable[[int, frozenset[str]], None]


class StoreError(Exception):
    """The file can't be used; the message says which file, why and what to do."""


class Store:
    """The open file. Reading cursors may be many; writing is one transaction at a time."""

    def __init__(self, connection: Cursor, path: Path) -> None:
        """Take an open connection; use `open_store`."""
        self.path = path
        self._connection = connection
        self._writing = threading.RLock()
        self._listeners: list[Listener] = []
        self.version = int(sql.rows(connection, "store/version")[0][0])

    def reader(self) -> Cursor:
        """Return a new cursor for reading; close it after use."""
        return self._connection.cursor()

    @contextmanager
    def write(self, facts: set[str] | frozenset[str]) -> Iterator[Cursor]:
        """Run a transaction that touches these facts: committed at the end with the next data version, or undone.

        Listeners hear of the version after the commit. `facts` may be filled while the transaction runs.
        """
        with self._writing:
            cursor = self._connection.cursor()
            try:
                cursor.begin()
                try:
                    yield cursor
                    sql.run(cursor, sql.text("store/next_version"))
                    cursor.commit()
                except BaseException:
                    cursor.rollback()
                    raise
            finally:
                cursor.close()
            self.version += 1
            version, touched = self.version, frozenset(facts)
        for listener in tuple(self._listeners):
            listener(version, touched)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call the listener, in the writer's thread, after each commit; return the way to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @contextmanager
    def one_thread(self) -> Iterator[None]:
        """Leave the other cores to someone else for a while."""
        sql.run(self._connection, sql.text("store/one_thread"))
        try:
            yield
        finally:
            sql.run(self._connection, sql.text("store/every_thread"))

    def checkpoint(self) -> None:
        """Write the log into the file."""
        with self._writing:
            sql.run(self._connection, sql.text("store/checkpoint"))

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
    try:
        connection = duckdb.connect(
            str(path),
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "preserve_insertion_order": "false",
            },
        )
    except duckdb.Error as error:
        raise StoreError(_why(path, error)) from error
    try:
        path.chmod(0o600)
        sql.run(connection, sql.text("store/session"))
        _migrate(connection, path)
        reference.fill(connection)
        return Store(connection, path)
    except BaseException:
        connection.close()
        raise


def _why(path: Path, error: duckdb.Error) -> str:
    words = str(error)
    holder = re.search(r"held in (.*?) ?\(PID (\d+)\)", words)
    if holder:
        return (
            f"{path} is in use by process {holder[2]} ({holder[1] or 'unknown'}); nothing was touched. "
            "Close that console first, or name another file with --data."
        )
    if "lock" in words.lower():
        return f"{path} is in use by another process; nothing was touched. Close it first, or use --data."
    if "not a valid DuckDB" in words or "version number" in words:
        return f"{path} is not a file this program can read ({words.splitlines()[0]}); name another with --data"
    return f"{path}: {words.splitlines()[0]}"


def _migrate(connection: Cursor, path: Path) -> None:
    steps = sql.migrations()
    had = sql.rows(connection, "store/migrated") if sql.rows(connection, "store/has_migrations") else []
    newest = steps[-1][0]
    if had and had[-1][0] > newest:
        raise StoreError(
            f"{path} was written by console {had[-1][2]} (schema {had[-1][0]}); this is console {__version__} "
            f"(schema {newest}), which can't read it. Nothing was touched: use the newer program, or another --data."
        )
    done = {number for number, _, _ in had}
    missing = [step for step in steps if step[0] not in done]
    if not missing:
        return
    sql.run(connection, sql.text("store/migration_table"))
    for number, name, body in missing:
        connection.begin()
        try:
            sql.run(connection, body)
            parameters = {"number": number, "name": name, "program": __version__}
            sql.run(connection, sql.text("store/record_migration"), parameters)
            connection.commit()
        except duckdb.Error as error:
            connection.rollback()
            raise StoreError(f"{path}: migration {name} failed: {error}") from error

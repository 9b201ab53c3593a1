"""One DuckDB file and its owner: opened once by one process, read by cursors, written in transactions."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from console.store import connecting, faults, lasting, log, making, mending, migration, reference, sql
from console.store.faults import BadData, Failure, Interrupt, StoreError

__all__ = ["BadData", "Cursor", "Failure", "Interrupt", "Store", "StoreError", "open_store"]

Cursor = connecting.Cursor
Touched = dict[str, frozenset[str] | None]
Listener = Callable[[int, Touched], None]
NOTED = 50_000  # touched keys of a fact above which it isn't noted which
FOLDED = 256 << 20  # bytes of the log from which on it is folded into the file


class Store:
    """The open file. Reading cursors may be many; writing is one transaction at a time."""

    def __init__(self, connection: Cursor, path: Path, kept: lasting.Lasting, mended: Sequence[str] = ()) -> None:
        """Take an open connection, and what makes its commits last; use `open_store`. `mended` says what was put right of the file."""
        self.path = path
        self.mended = tuple(mended)
        self._connection = connection
        self._kept = kept
        self._still = threading.RLock()  # held while no checkpoint may be
        self.closing = False  # told to those who hold it for long
        self._writing = threading.RLock()  # taken after it, if both are
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
            self._lasts()
            version, touched = self.version, facts if isinstance(facts, dict) else dict.fromkeys(facts)
        with self._telling:
            self._told += 1
            self._note(touched)
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(version, touched)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else write for the while."""
        with self._writing:
            yield

    @contextmanager
    def aside(self) -> Iterator[Cursor]:
        """Run a transaction of what no answer is made of: it lasts like any, but has no data version, and no listener hears.

        Raises StoreError where the file can't be written.
        """
        with self._writing:
            with self.reader() as cursor:
                cursor.begin()
                try:
                    yield cursor
                    cursor.commit()
                except BaseException as error:
                    with suppress(Failure):
                        cursor.rollback()
                    if isinstance(error, faults.LOST):
                        raise faults.using(self.path, error) from error
                    raise
            self._lasts()

    def _lasts(self) -> None:
        """Make sure of the last commit before anybody hears of it; fold the log in if it has grown long."""
        try:
            self._kept.committed(self.version)
        except OSError as error:
            raise faults.using(self.path, error) from error
        room = shutil.disk_usage(self.path.parent).free if self._kept.length > FOLDED else 0
        if room > 2 * self._kept.length > 0 and self._still.acquire(blocking=False):  # a checkpoint that finds no room ends it all
            try:
                with suppress(StoreError):  # the commit stands; the next tries again
                    self.checkpoint()
            finally:
                self._still.release()

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
        """Write the log into the file. Raises StoreError."""
        with self._still, self._writing:
            try:
                metadata = [number for (number,) in sql.rows(self._connection, "store/metadata_blocks")]
                with self._kept.checkpointing(self.version, metadata):
                    sql.run(self._connection, sql.text("store/checkpoint"))
            except (Failure, OSError) as error:
                raise faults.using(self.path, error) from error

    def holding(self, path: Path) -> Cursor:
        """Open another data file beside this one, to be read alone, as `held`. Raises StoreError."""
        try:
            return sql.run(self._connection, sql.text("store/hold").format(path=str(path).replace("'", "''")))
        except Failure as error:
            raise faults.opening(path, error) from error

    @contextmanager
    def still(self) -> Iterator[int]:
        """Give the file, to be read at any place, as a checkpoint just left it: for the while there is no other.

        Others read and write on; who lasts long looks whether the file is `closing`. Raises StoreError.
        """
        with self._still:
            self.checkpoint()
            yield self._kept.file

    def close(self) -> None:
        """Let go of the file, its log folded in; what still runs on its cursors is interrupted."""
        self.closing = True
        self._connection.interrupt()
        with self._still, self._writing:
            folded = False
            with suppress(StoreError):
                self.checkpoint()
                folded = True
            self._connection.close()
            self._kept.close(whole=folded)


def open_store(path: Path, *, create: bool = True, say: Callable[[str], None] = lambda words: None) -> Store:
    """Open the file as its one owner, made and migrated forward as needed, with the reference tables of `data/`.

    What a kill or a power cut left is put right first, and said. Raises StoreError if another process holds it, a newer program
    wrote it, it isn't such a file, or something that was acknowledged isn't there or isn't whole.
    """
    if not path.exists():
        if log.beside(path).exists():
            raise StoreError(f"{path} is gone, and its log {log.beside(path).name} isn't: bring the file back, or move the log away")
        if not create:
            raise StoreError(f"{path}: no such file; `console init --data {path}` makes one")
        making.make(path)
    try:
        kept = lasting.Lasting(path)
    except BlockingIOError:
        connecting.attached(path).close()  # which says who holds it
        raise StoreError(f"{path} is in use by another process; nothing was touched. Close it first, or use --data.") from None
    except OSError as error:
        raise faults.opening(path, error) from error
    try:
        mended = mending.mend(path, kept.file)
        for words in mended:
            say(words)
        mark = lasting.last_mark(path)
        connection = connecting.attached(path)
        try:
            migration.check(connection, path)
            ((version,),) = sql.rows(connection, "store/stands_at")
            mending.as_acknowledged(path, version, mark)
            kept.begin(version)
            migration.migrate(connection, path)
            path.chmod(0o600)
            reference.fill(connection)
            kept.committed(version)
            return Store(connection, path, kept, mended)
        except BaseException:
            connection.close()
            raise
    except BaseException as error:
        kept.close()
        if isinstance(error, Failure | OSError):
            raise faults.opening(path, error) from error
        raise

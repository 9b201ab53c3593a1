"""A new data file: made whole under another name beside it, and only then given its own, so that no half of one is ever found."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path

from console.store import connecting, faults, migration, reference, sql
from console.store.faults import Failure, StoreError
from console.store.lasting import give_name, settle


def make(path: Path) -> None:
    """Make an empty data file with its folder, migrated and with the reference tables. Raises StoreError."""
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        settle(folder.parent)
    except OSError as error:
        raise StoreError(f"{folder}: can't be made: {error.strerror}") from error
    new = path.with_name(f"{path.name}.new-{os.getpid()}")
    try:
        _sweep(path)
        connection = connecting.attached(new)
        try:
            migration.migrate(connection, path)
            reference.fill(connection)
            sql.run(connection, sql.text("store/checkpoint"))
        finally:
            connection.close()
        new.chmod(0o600)
        with suppress(FileExistsError):  # of two who make it at once the first has made it
            give_name(new, path)
    except (OSError, Failure, StoreError) as error:
        raise faults.making(path, error) from error
    finally:
        for left in (new, new.with_name(f"{new.name}.wal")):
            with suppress(OSError):
                left.unlink(missing_ok=True)


def _sweep(path: Path) -> None:
    """Remove what those who were killed while they made the file left beside it."""
    for left in path.parent.iterdir():
        name, _, maker = left.name.removesuffix(".wal").rpartition(".new-")
        if name == path.name and maker.isdigit() and not _held(left):
            left.unlink(missing_ok=True)


def _held(left: Path) -> bool:
    with left.open("rb+") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        return False

"""A data file without the room that erased rows left: DuckDB gives none back by itself."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import duckdb

from console.store import faults, sql


def compacted(path: Path) -> tuple[int, int]:
    """Copy a file that nobody has open into a new one, sync it and put it in the old one's place; return the bytes of both.

    Until the new one is in place the old one is whole. Raises StoreError where the file is held or can't be copied.
    """
    before = path.stat().st_size
    fresh = path.with_name(f"{path.name}.compacting")
    fresh.unlink(missing_ok=True)
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    try:
        named = {name: str(file).replace("'", "''") for name, file in (("path", path), ("fresh", fresh))}
        sql.run(connection, sql.text("store/copy").format(**named))
    except duckdb.Error as error:
        connection.close()
        fresh.unlink(missing_ok=True)
        raise faults.using(path, error) from error
    connection.close()
    fresh.chmod(0o600)
    for synced in (fresh, path.parent):
        handle = os.open(synced, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
        if synced is fresh:
            os.replace(fresh, path)
    with suppress(FileNotFoundError):
        Path(f"{path}.wal").unlink()
    return before, path.stat().st_size

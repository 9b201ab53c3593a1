"""A connection to the data file: attached under a name of ours, as its session is to be."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import duckdb

from console.store import faults, sql

if find_spec("pandas") is None:
    sys.modules["pandas"] = None  # type: ignore[assignment]  # else DuckDB searches the disk for it twice for each value it is given

Cursor = duckdb.DuckDBPyConnection


def attached(path: Path, *, read_only: bool = False) -> Cursor:
    """Return a connection to the file, made if it isn't there and may be written. Raises StoreError."""
    connection = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "false",
            "temp_directory": f"{path}.tmp",
        },
    )
    query = "store/attach_to_read" if read_only else "store/attach"
    try:
        sql.run(connection, sql.text(query).format(path=str(path).replace("'", "''")))
        sql.run(connection, sql.text("store/use"))
        sql.run(connection, sql.text("store/session"))
    except duckdb.Error as error:
        connection.close()
        raise faults.opening(path, error) from error
    return connection

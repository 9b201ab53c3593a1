"""The reference tables, filled from the CSV and GeoJSON files of `data/` when the file is opened."""

from __future__ import annotations

import hashlib
from contextlib import suppress

import duckdb

from console import files
from console.store import sql


def fill(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill `ref.*` from `data/`, unless the file already holds exactly these files' content."""
    folder = files.data()
    sources = sorted([*(folder / "reference").glob("*.csv"), folder / "geography" / "beats.geojson"])
    digest = hashlib.sha256()
    for path in (*sources, files.queries() / "store" / "reference.sql"):
        digest.update(path.name.encode() + path.read_bytes())
    if sql.rows(connection, "store/reference_held") == [(digest.hexdigest(),)]:
        return
    parameters = {path.stem: str(path) for path in sources} | {"digest": digest.hexdigest()}
    connection.begin()
    try:
        sql.run(connection, sql.text("store/reference"), parameters)
        connection.commit()
    except BaseException:
        with suppress(duckdb.Error):
            connection.rollback()
        raise

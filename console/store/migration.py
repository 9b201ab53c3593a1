"""The data file run forward: each migration of `queries/schema/` once, in order."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import duckdb

from console import __version__
from console.store import sql
from console.store.faults import LOST, StoreError


def check(connection: duckdb.DuckDBPyConnection, path: Path) -> list[tuple[int, str, str]]:
    """Return the migrations that the file has had. Raises StoreError if it is of a newer program, or of something else."""
    ours = sql.rows(connection, "store/has_migrations")
    if not ours and (held := sql.rows(connection, "store/holds")):
        raise StoreError(
            f"{path} is a DuckDB file of something else (it holds {held[0][0]!r}); nothing was touched. Name another with --data.",
        )
    had = sql.rows(connection, "store/migrated") if ours else []
    newest = sql.migrations()[-1][0]
    if had and had[-1][0] > newest:
        raise StoreError(
            f"{path} was written by console {had[-1][2]} (schema {had[-1][0]}); this is console {__version__} "
            f"(schema {newest}), which can't read it. Nothing was touched: use the newer program, or another --data.",
        )
    return had


def migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Run the migrations that the file hasn't had. Raises StoreError as `check` does."""
    steps, had = sql.migrations(), check(connection, path)
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
            with suppress(duckdb.Error):
                connection.rollback()
            if isinstance(error, LOST):
                raise
            raise StoreError(f"{path}: migration {name} failed: {error}") from error

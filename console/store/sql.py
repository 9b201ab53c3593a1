"""The texts of `queries/`: read once, run with only the parameters a text declares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from console import files

Parameters = Mapping[str, Any]
_BLANK = re.compile(r"(\s|--[^\n]*|/\*.*?\*/)*", re.DOTALL)


@cache
def text(name: str) -> str:
    """Return the SQL of `queries/<name>.sql`; raises FileNotFoundError naming the file."""
    return (files.queries() / f"{name}.sql").read_text(encoding="utf-8")


def run(cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Parameters | None = None) -> duckdb.DuckDBPyConnection:
    """Run a text's statements in order, each with the parameters it declares; return the cursor at the last."""
    given = parameters or {}
    statements = cursor.extract_statements(sql)
    for statement in statements:
        names = statement.named_parameters
        cursor.execute(statement, {name: given[name] for name in names})
    return cursor


def select(cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Parameters | None = None) -> duckdb.DuckDBPyConnection:
    """Run a text that is one SELECT statement and nothing else; raises ValueError saying on which line it isn't."""
    begun = 0
    for n, statement in enumerate(cursor.extract_statements(sql)):
        begun = sql.index(statement.query, begun)
        if n or statement.type != duckdb.StatementType.SELECT:
            blank = _BLANK.match(sql, begun)
            line = sql.count("\n", 0, blank.end() if blank else begun) + 1
            raise ValueError(f"only one SELECT statement may stand here\nLINE {line}: here begins another")
    return run(cursor, sql, parameters)


def rows(cursor: duckdb.DuckDBPyConnection, name: str, parameters: Parameters | None = None) -> list[tuple[Any, ...]]:
    """Return the rows of `queries/<name>.sql`."""
    return run(cursor, text(name), parameters).fetchall()


@contextmanager
def staged(cursor: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, Any]) -> Iterator[None]:
    """Let SQL on this cursor read columns (numpy arrays of one length) as a table of that name, for the while."""
    cursor.register(name, dict(columns))
    try:
        yield
    finally:
        cursor.unregister(name)


def migrations(folder: Path | None = None) -> list[tuple[int, str, str]]:
    """Return (number, name, text) of each migration in `queries/schema/`, in order."""
    found = []
    for path in sorted((folder or files.queries() / "schema").glob("[0-9][0-9][0-9]_*.sql")):
        found.append((int(path.name[:3]), path.stem, path.read_text(encoding="utf-8")))
    return found

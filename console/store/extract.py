"""A file of its own that rows are copied into: a DuckDB file, or one table of it as Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from console.store import faults, sql

TYPES = {"integer": "bigint", "number": "double", "boolean": "boolean", "instant": "timestamp"}


class ExtractFile:
    """A new DuckDB file; raises StoreError where it can't be written."""

    def __init__(self, path: Path) -> None:
        """Begin it, its owner's alone. Raises FileExistsError."""
        self.path = path
        self._connection = duckdb.connect(str(path), config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
        path.chmod(0o600)

    def table(self, fact: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[tuple[Any, ...]]]) -> int:
        """Write a table of columns (name, type as the model has it) and the rows that come in pieces; return how many."""
        typed = [(name, TYPES.get(type_, "varchar")) for name, type_ in columns]
        self._run("extract_table", fact=fact, columns=", ".join(f'"{name}" {type_}' for name, type_ in typed))
        into = ", ".join(f'c{n}::{type_} as "{name}"' for n, (name, type_) in enumerate(typed))
        count = 0
        for piece in rows:
            held = {f"c{n}": _array(values) for n, values in enumerate(zip(*piece, strict=True))}
            if held:
                with sql.staged(self._connection, "taken", held):
                    self._run("extract_rows", fact=fact, columns=into)
            count += len(piece)
        return count

    def about(self, told: Mapping[str, Any]) -> None:
        """Write what it is into it."""
        self._run("extract_about", given=told)

    def parquet(self, fact: str, to: Path, marking: str, expires_at: str, about: str) -> None:
        """Write one of its tables as Parquet, with what it is."""
        said = {"marking": marking, "expires_at": expires_at, "about": about, "path": str(to)}
        self._run("extract_parquet", None, fact=fact, **{name: text.replace("'", "''") for name, text in said.items()})

    def close(self) -> None:
        """Have all of it in the one file."""
        self._connection.close()

    def drop(self) -> None:
        """Leave nothing of it."""
        with suppress(duckdb.Error):
            self._connection.close()
        for path in (self.path, self.path.with_name(f"{self.path.name}.wal")):
            with suppress(OSError):
                path.unlink(missing_ok=True)

    def _run(self, name: str, given: Mapping[str, Any] | None = None, **identifiers: str) -> None:
        text = sql.text(f"governance/{name}")
        try:
            sql.run(self._connection, text.format(**identifiers) if identifiers else text, given)
        except faults.LOST as error:
            raise faults.using(self.path, error) from error


def _array(values: Sequence[Any]) -> Any:
    made = np.empty(len(values), dtype=object)
    made[:] = values
    return made

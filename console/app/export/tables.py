"""Tables written row upon row into a file: CSV with what it is beside it, or Parquet with it inside."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from console.app.drawing import glyphs
from console.app.export.about import About
from console.app.export.cells import as_csv, plain
from console.app.export.folder import Draft, stem
from console.desk.answer import Column, Value
from console.desk.grammar import ZONE

if TYPE_CHECKING:
    import polars as pl

MARKING, ABOUT = "marking", "about"
Rows = Sequence[Sequence[Value]]


class Writer(Protocol):
    """Takes rows until it is kept or dropped; raises OSError where there is no room."""

    def add(self, rows: Rows) -> None:
        """Write more rows."""
        ...

    def keep(self) -> Path:
        """Finish the file, and return its path."""
        ...

    def drop(self) -> None:
        """Leave nothing of it."""
        ...


class Csv:
    """RFC 4180, so no lines of comment: each row carries the marking and, in `about`, the rest; a file beside it has it for programs."""

    def __init__(self, draft: Draft, about: About, columns: Sequence[Column]) -> None:
        """Begin the file with its header. Raises OSError."""
        self._draft, self._about, self._columns, self._count = draft, about, tuple(columns), 0
        self._tail = (about.marking, about.line())
        self._out = draft.open()
        self._out.write(as_csv([[*(column.name for column in columns), MARKING, ABOUT]], ZONE))

    def add(self, rows: Rows) -> None:
        """See Writer."""
        self._out.write(as_csv(((*row, *self._tail) for row in rows), ZONE))
        self._count += len(rows)

    def keep(self) -> Path:
        """See Writer."""
        self._out.close()
        return self._draft.keep(self._about.json(self._columns, self._count))

    def drop(self) -> None:
        """See Writer."""
        with contextlib.suppress(OSError):
            self._out.close()
        self._draft.drop()


class Parquet:
    """Typed columns (instants in UTC), with what they are among the file's own key-value metadata, `console` as JSON and `marking`."""

    def __init__(self, draft: Draft, about: About, columns: Sequence[Column]) -> None:
        """Begin the file; rows wait in pieces beside it. Raises OSError."""
        self._draft, self._about, self._columns, self._count = draft, about, tuple(columns), 0
        try:
            self._pieces = Path(tempfile.mkdtemp(prefix=f"{draft.path.name}-", dir=draft.folder))
        except OSError:
            draft.drop()
            raise
        self._made: list[Path] = []

    def add(self, rows: Rows) -> None:
        """See Writer."""
        if rows or not self._made:
            piece = self._pieces / f"{len(self._made):06}.parquet"
            frame(self._columns, rows).write_parquet(piece, compression="lz4", statistics=False)
            self._made.append(piece)
            self._count += len(rows)

    def keep(self) -> Path:
        """See Writer."""
        import polars as pl

        if not self._made:
            self.add(())
        told = {MARKING: self._about.marking, "console": self._about.json(self._columns, self._count)}
        pl.scan_parquet(self._made).sink_parquet(self._draft.path, metadata=told)
        shutil.rmtree(self._pieces, ignore_errors=True)
        return self._draft.keep()

    def drop(self) -> None:
        """See Writer."""
        shutil.rmtree(self._pieces, ignore_errors=True)
        self._draft.drop()


WRITERS: dict[str, Callable[[Draft, About, Sequence[Column]], Writer]] = {"csv": Csv, "parquet": Parquet}


def begin(kind: str, folder: Path, what: str, about: About, columns: Sequence[Column]) -> Writer:
    """Return the writer of a new file in a folder, named for what of the app it holds. Raises OSError."""
    return WRITERS[kind](Draft(folder, stem(about.app, what, about.as_of), f".{kind}"), about, columns)


def frame(columns: Sequence[Column], rows: Rows) -> pl.DataFrame:
    """Return rows as a frame of the columns' types; a value that isn't of its column's type raises ValueError or TypeError."""
    import polars as pl

    types: dict[str, Any] = {"integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean, "instant": pl.Datetime("us")}
    made = []
    for n, column in enumerate(columns):
        values = [_typed(row[n] if n < len(row) else None, column.type) for row in rows]
        series = pl.Series(column.name, values, dtype=types.get(column.type, pl.String), strict=True)
        made.append(series.dt.replace_time_zone("UTC") if column.type == "instant" else series)
    return pl.DataFrame(made)


def _typed(value: Value, of: str) -> Value:
    if value is None:
        return None
    if of in ("integer", "number") and isinstance(value, int | float):
        return float(value) if of == "number" else int(value) if int(value) == value else _wrong(value, of)
    if (of == "boolean" and isinstance(value, bool)) or (of == "instant" and isinstance(value, datetime)):
        return value
    if of in ("integer", "number", "boolean", "instant"):
        return _wrong(value, of)
    return glyphs.harmless(value) if isinstance(value, str) else str(plain(value, ZONE))


def _wrong(value: Value, of: str) -> Value:
    raise TypeError(f"{value!r} is no {of}")


def write(writer: Writer, rows: Rows) -> Path:
    """Write all there is, and return the path; of a table that can't be written nothing is left. Raises OSError and what polars raises."""
    try:
        writer.add(rows)
        return writer.keep()
    except BaseException:
        writer.drop()
        raise

"""Which files of what was named are collisions, vehicles or casualties, and their rows as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import polars as pl

from console.feed.published import lines, opening
from console.feed.published.lines import Bad
from console.feed.published.opening import ImportRefused
from console.feed.stats19 import codes
from console.feed.stats19.columns import KINDS, NEEDED, plain

LOOKUP = frozenset(("collision", "year", "vehicle", "casualty", "adjusted_serious", "adjusted_slight", "injury_based"))
SUFFIXES = (".csv", ".csv.gz", ".zip")
_EARLY = ("provisional", "unvalidated")


@dataclass(frozen=True, slots=True)
class Table:
    """One CSV: its kind, its rows as text by our column names with `line` and `fault`, the columns it hasn't, its bad lines.

    A `lookup` has severity adjustments of collisions or casualties alone.
    """

    place: str
    kind: str
    rows: pl.DataFrame
    absent: tuple[str, ...]
    bad: tuple[Bad, ...]
    lookup: bool = False

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return PurePath(self.place).name


def tables(paths: Sequence[Path], say: Callable[[str, float], None]) -> tuple[list[Table], list[str]]:
    """Return the tables of files and folders, collisions first, then vehicles, then casualties, each in the order named.

    And the names of the files that were passed over: what else lies in a folder or an archive. A file that was named itself,
    or is one of the three but for a column that must be there, is refused. Raises ImportRefused, OSError.
    """
    found, passed = [], []
    every = [(path, named) for given in paths for path, named in _files(given)]
    for number, (path, named) in enumerate(every, 1):
        for place, raw in opening.members(path):
            table = _table(place, raw, named)
            if table is None:
                passed.append(PurePath(place).name)
            else:
                found.append(table)
        say(f"read {opening.plain(path.name)}", number / len(every))
    if all(table.lookup for table in found):
        said = ", ".join(opening.plain(str(path)) for path in paths)
        raise ImportRefused(f"{said}: no collision, vehicle or casualty file there: none has a collision (or accident) index")
    return sorted(found, key=lambda table: list(KINDS).index(table.kind)), passed


def _files(given: Path) -> Iterator[tuple[Path, bool]]:
    """Yield each file of a path, and whether it is that path and one CSV."""
    if not given.is_dir():
        yield given, not given.name.lower().endswith(".zip")
        return
    inside = [path for path in given.iterdir() if path.name.lower().endswith(SUFFIXES)]
    for path in sorted(inside, key=lambda path: (not any(word in path.name.lower() for word in _EARLY), path.name)):
        yield path, False


def _table(place: str, raw: bytes, named: bool) -> Table | None:
    """Return a CSV's table; None where it is passed over."""
    try:
        header, body = lines.header(place, raw)
    except ImportRefused:
        if named:
            raise
        return None
    names = [plain(name) for name in header]
    held = {kind: {ours: [name for name in theirs if name in names] for ours, theirs in known.items()} for kind, known in KINDS.items()}
    kind = max(KINDS, key=lambda kind: (sum(bool(held[kind][ours]) for ours in NEEDED[kind]), sum(map(bool, held[kind].values()))))
    missing = [ours for ours in NEEDED[kind] if not held[kind][ours]]
    there = {ours for ours, several in held[kind].items() if several}
    lookup = {"collision", "adjusted_serious"} <= there <= LOOKUP
    if "collision" in missing or (len(NEEDED[kind]) - len(missing) < 2 and not lookup):
        if not named:
            return None
        begins = opening.plain(",".join(header)[:80])
        raise ImportRefused(f"{place}: no collision, vehicle or casualty file as published; it begins {begins!r}")
    if missing and not lookup:
        said = ", ".join(repr(KINDS[kind][ours][0]) for ours in missing)
        raise ImportRefused(f"{place}: no column {said}; it is no {kind} file as published")
    wanted = {name for several in held[kind].values() for name in several}
    twice = sorted(name for name in wanted if names.count(name) > 1)
    if twice:
        raise ImportRefused(f"{place}: column {', '.join(map(repr, twice))} is there twice")
    rows, bad = lines.rows(place, body, len(header), {name: names.index(name) for name in sorted(wanted)})
    absent = tuple(ours for ours, several in held[kind].items() if not several)
    rows = rows.select(*(_first(ours, held[kind][ours]) for ours in KINDS[kind]), "line", "fault")
    return Table(place, kind, rows, absent, bad, lookup)


def _first(ours: str, several: list[str]) -> pl.Expr:
    """Return the first of several columns that has a value, as text; nothing where none has."""
    values = [pl.when(~pl.col(name).is_in(codes.MISSING)).then(pl.col(name)) for name in several]
    return pl.coalesce(*values, pl.lit(None, pl.String)).alias(ours)

"""Published CSVs read: what each is of, its rows as text with their line numbers, the unreadable apart."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

import polars as pl

from console.feed.published import lines
from console.feed.published.lines import Bad
from console.feed.published.opening import ImportRefused, plain

COLUMNS = {
    "street": (
        "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location", "LSOA code", "LSOA name",
        "Crime type", "Last outcome category", "Context",
    ),
    "outcomes": (
        "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location", "LSOA code", "LSOA name",
        "Outcome type",
    ),
    "stop-and-search": (
        "Type", "Date", "Part of a policing operation", "Policing operation", "Latitude", "Longitude", "Gender", "Age range",
        "Self-defined ethnicity", "Officer-defined ethnicity", "Legislation", "Object of search", "Outcome",
        "Outcome linked to object of search", "Removal of more than just outer clothing",
    ),
}  # fmt: skip
_TELLING = {"street": "Crime type", "outcomes": "Outcome type", "stop-and-search": "Object of search"}
_LIKE = 4


@dataclass(frozen=True, slots=True)
class Table:
    """One CSV: its kind, its rows as text columns with `line` and `fault` (of the text itself), and its bad lines."""

    place: str
    kind: str
    rows: pl.DataFrame
    bad: tuple[Bad, ...]

    @property
    def name(self) -> str:
        """The file's name without its folders."""
        return PurePath(self.place).name


def table(place: str, raw: bytes) -> Table:
    """Return a CSV's rows and bad lines; raises ImportRefused if its columns are of no published kind."""
    header, body = lines.header(place, raw)
    kind = _kind(place, header)
    rows, bad = lines.rows(place, body, len(header), {name: header.index(name) for name in COLUMNS[kind]})
    return Table(place, kind, rows, bad)


def _kind(place: str, header: list[str]) -> str:
    names = set(header)
    likely = max(COLUMNS, key=lambda kind: (_TELLING[kind] in names, len(names & set(COLUMNS[kind]))))
    missing = [name for name in COLUMNS[likely] if name not in names]
    if len(COLUMNS[likely]) - len(missing) < _LIKE:
        begins = plain(",".join(header)[:80])
        raise ImportRefused(f"{place}: no street, outcomes or stop-and-search file as published; it begins {begins!r}")
    if missing:
        raise ImportRefused(f"{place}: no column {', '.join(map(repr, missing))}; it is no {likely} file as published")
    twice = [name for name in COLUMNS[likely] if header.count(name) > 1]
    if twice:
        raise ImportRefused(f"{place}: column {', '.join(map(repr, twice))} is there twice")
    return likely

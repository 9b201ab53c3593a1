"""Published files opened: plain, gzipped or zipped, each CSV's rows as text with their line numbers, the unreadable apart."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl


class ImportRefused(Exception):
    """A file that is none of the published kinds; the message names it and what is missing."""


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
_CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_EDGE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that can't be a row: where, its number (the header is 1), why, and its bytes."""

    place: str
    line: int
    reason: str
    kept: bytes


@dataclass(frozen=True, slots=True)
class Table:
    """One CSV: its kind, its rows as text columns with `line` and `fault` (of the text itself), and its bad lines."""

    place: str
    kind: str
    rows: pl.DataFrame
    bad: tuple[Bad, ...]


def members(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each CSV of a file as (name, bytes). Raises OSError, ImportRefused."""
    raw = path.read_bytes()
    try:
        if raw[:2] == b"\x1f\x8b":
            yield str(path), gzip.decompress(raw)
        elif raw[:4] == b"PK\x03\x04":
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                names = [name for name in archive.namelist() if name.endswith(".csv")]
                if not names:
                    raise ImportRefused(f"{path}: no .csv in it")
                for name in sorted(names):
                    yield f"{path}/{name}", archive.read(name)
        else:
            yield str(path), raw
    except (zipfile.BadZipFile, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ImportRefused(f"{path}: damaged: {error}") from error


def table(place: str, raw: bytes) -> Table:
    """Return a CSV's rows and bad lines; raises ImportRefused if its columns are of no published kind."""
    lines = raw.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    if lines and not lines[-1].strip():
        lines.pop()
    if not lines:
        raise ImportRefused(f"{place}: empty")
    header = next(csv.reader([lines[0].decode("utf-8", "replace").rstrip("\r")]))
    kind = _kind(place, header)
    texts, numbers, faults, bad = [], [], [], []
    for number, line in enumerate(lines[1:], 2):
        text, fault = _text(line)
        if text.count(",") != len(header) - 1 or '"' in text:
            cells = next(csv.reader([text]), [])
            if len(cells) != len(header):
                if text.strip():
                    reason = f"{len(cells)} fields where the header has {len(header)}"
                    bad.append(Bad(place, number, reason, line[:65536]))
                continue
        texts.append(text)
        numbers.append(number)
        faults.append(fault)
    body = "\n".join([lines[0].decode("utf-8", "replace").rstrip("\r"), *texts, ""])
    rows = pl.read_csv(io.BytesIO(body.encode()), infer_schema=False, truncate_ragged_lines=True).fill_null("")
    rows = rows.rename({name: name.strip() for name in rows.columns})
    if len(rows) != len(numbers):
        raise ImportRefused(f"{place}: its quotes don't pair up; {len(numbers)} lines make {len(rows)} rows")
    made = rows.select(
        *(pl.col(name).str.strip_chars() for name in COLUMNS[kind]),
        pl.Series("line", numbers, pl.Int64),
        pl.Series("fault", faults, pl.String),
    )
    return Table(place, kind, made, tuple(bad))


def _kind(place: str, header: list[str]) -> str:
    names = {name.strip() for name in header}
    likely = max(COLUMNS, key=lambda kind: (_TELLING[kind] in names, len(names & set(COLUMNS[kind]))))
    missing = [name for name in COLUMNS[likely] if name not in names]
    if missing:
        raise ImportRefused(f"{place}: no column {', '.join(map(repr, missing))}; it is no {likely} file as published")
    return likely


def _text(line: bytes) -> tuple[str, str | None]:
    """Return a line as text without control characters, and its fault."""
    try:
        text, fault = line.rstrip(b"\r").decode("utf-8"), None
    except UnicodeDecodeError:
        text, fault = line.rstrip(b"\r").decode("cp1252", "replace"), "not UTF-8, read as Windows-1252"
    if not text.isprintable() and _CONTROL.search(text):
        return _CONTROL.sub("", text), "; ".join(filter(None, (fault, "control characters removed")))
    return text, fault


def slug(name: str) -> str:
    """Return a force's name as its batches have it: Avon and Somerset Constabulary is avon-and-somerset."""
    words = _EDGE.sub("-", name.lower()).strip("-")
    return re.sub(r"-(constabulary|police|police-service)$", "", words) or "unknown-force"


def force_of(place: str) -> str:
    """Return the force that a published file's name says, for files without a force column."""
    found = re.search(r"\d{4}-\d{2}-(.+?)-(?:stop-and-search|street|outcomes)", Path(place).name)
    return found[1] if found else "unknown-force"

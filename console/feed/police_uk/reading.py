"""Published files opened: plain, gzipped or zipped, each CSV's rows as text with their line numbers, the unreadable apart."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
import polars as pl

from console.feed.police_uk.opening import ImportRefused, clean, plain

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
LINE_LIMIT = 1_000_000
KEPT_BYTES = 65_536
_COMMA, _NEWLINE, _QUOTE = b',\n"'


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that can't be a row: where, its number (the header is 1), why, as much of its bytes as is kept, their number."""

    place: str
    line: int
    reason: str
    kept: bytes
    length: int


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
    """Return a CSV's rows and bad lines; raises ImportRefused if its columns are of no published kind.

    A line is a row where it has as many fields as the header. Blank lines are passed over, and counted as lines.
    """
    text = raw.replace(b"\r\n", b"\n") if b"\r" in raw else raw
    first, _, body = text.removeprefix(b"\xef\xbb\xbf").partition(b"\n")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ImportRefused(f"{place}: in UTF-16, which isn't published; save it as UTF-8")
    if not first.strip():
        raise ImportRefused(f"{place}: empty, or without a header")
    try:
        header = [name.strip() for name in next(csv.reader([clean(first[:KEPT_BYTES].decode("utf-8", "replace"))]))]
    except csv.Error as error:
        raise ImportRefused(f"{place}: its header can't be read: {error}") from error
    kind = _kind(place, header)
    body += b"" if body.endswith(b"\n") or not body else b"\n"
    lines = body.split(b"\n")[:-1]
    faults: list[str | None] = [None] * len(lines)
    bad = []
    dropped = []
    for index in _unusual(body, len(header)):
        made, said = _mended(lines[index], len(header))
        if made is None:
            dropped.append(index)
            if said:
                bad.append(Bad(place, index + 2, said, lines[index][:KEPT_BYTES], len(lines[index])))
        else:
            lines[index], faults[index] = made, said
    kept = np.delete(np.arange(len(lines)), dropped)
    if dropped:
        lines = [lines[index] for index in kept]
    rows = _frame(lines, header, COLUMNS[kind]).with_columns(
        line=pl.Series(kept + 2, dtype=pl.Int64), fault=pl.Series(faults, dtype=pl.String).gather(kept)
    )
    return Table(place, kind, rows, tuple(bad))


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


def _unusual(body: bytes, width: int) -> list[int]:
    """Return the indices of lines to be looked at: another number of commas, a quote, or a byte that isn't printable ASCII."""
    at = np.frombuffer(body, np.uint8)
    ends = np.flatnonzero(at == _NEWLINE)
    commas = np.diff(np.searchsorted(np.flatnonzero(at == _COMMA), ends), prepend=0)
    unusual = commas != width - 1
    strange = np.flatnonzero(((at < 32) & (at != _NEWLINE)) | (at > 126) | (at == _QUOTE))
    unusual[np.searchsorted(ends, strange)] = True
    return [int(index) for index in np.flatnonzero(unusual)]


def _mended(line: bytes, width: int) -> tuple[bytes | None, str | None]:
    """Return a line as plain CSV in UTF-8 with the fault of its text, or None with the reason why it is no row (none: blank)."""
    if not line.strip():
        return None, None
    if len(line) > LINE_LIMIT:
        return None, f"a line of over {LINE_LIMIT:,} bytes"
    faults = []
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = line.decode("cp1252", "replace")
        faults.append("not UTF-8, read as Windows-1252")
    bare = clean(text)
    if bare != text:
        faults.append("control characters removed")
    try:
        cells = next(csv.reader([bare], strict=True), [])
    except csv.Error:
        cells = bare.split(",")
        faults.append("quotes that don't pair up")
    if len(cells) != width:
        return None, f"{len(cells)} fields where the header has {width}"
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue().encode("utf-8"), "; ".join(faults) or None


def _frame(lines: list[bytes], header: list[str], names: tuple[str, ...]) -> pl.DataFrame:
    if not lines:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    body = b"\n".join([*lines, b""])
    schema = {str(place): pl.String for place in range(len(header))}
    rows = pl.read_csv(body, has_header=False, schema=schema, empty_string_is_null=False)
    return rows.select(pl.col(str(header.index(name))).str.strip_chars().alias(name) for name in names)

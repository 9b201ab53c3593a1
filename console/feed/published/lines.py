"""A published CSV's lines: its header, its rows as text with their line numbers, the unreadable apart."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from console.feed.published.opening import ImportRefused, clean

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


def header(place: str, raw: bytes) -> tuple[list[str], bytes]:
    """Return a CSV's column names and the bytes after them, lines ended alike; raises ImportRefused if it has none."""
    text = raw.replace(b"\r\n", b"\n") if b"\r" in raw else raw
    first, _, body = text.removeprefix(b"\xef\xbb\xbf").partition(b"\n")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ImportRefused(f"{place}: in UTF-16, which isn't published; save it as UTF-8")
    if not first.strip():
        raise ImportRefused(f"{place}: empty, or without a header")
    try:
        return [name.strip() for name in next(csv.reader([clean(first[:KEPT_BYTES].decode("utf-8", "replace"))]))], body
    except csv.Error as error:
        raise ImportRefused(f"{place}: its header can't be read: {error}") from error


def rows(place: str, body: bytes, width: int, columns: Mapping[str, int]) -> tuple[pl.DataFrame, tuple[Bad, ...]]:
    """Return the named columns (by their positions) as trimmed text with `line` and `fault` (of the text itself), and the bad lines.

    A line is a row where it has as many fields as the header, its `width`. Blank lines are passed over, and counted as lines.
    """
    body += b"" if body.endswith(b"\n") or not body else b"\n"
    lines = body.split(b"\n")[:-1]
    faults: list[str | None] = [None] * len(lines)
    bad = []
    dropped = []
    for index in _unusual(body, width):
        made, said = _mended(lines[index], width)
        if made is None:
            dropped.append(index)
            if said:
                bad.append(Bad(place, index + 2, said, lines[index][:KEPT_BYTES], len(lines[index])))
        else:
            lines[index], faults[index] = made, said
    kept = np.delete(np.arange(len(lines)), dropped)
    if dropped:
        lines = [lines[index] for index in kept]
    found = _frame(lines, width, columns).with_columns(
        line=pl.Series(kept + 2, dtype=pl.Int64), fault=pl.Series(faults, dtype=pl.String).gather(kept)
    )
    return found, tuple(bad)


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


def _frame(lines: list[bytes], width: int, columns: Mapping[str, int]) -> pl.DataFrame:
    if not lines:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    body = b"\n".join([*lines, b""])
    schema = {str(place): pl.String for place in range(width)}
    found = pl.read_csv(body, has_header=False, schema=schema, empty_string_is_null=False)
    return found.select(pl.col(str(place)).str.strip_chars().alias(name) for name, place in columns.items())

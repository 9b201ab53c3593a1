"""The CSVs in a published file, and what its name says: the month and the force."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePath

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_EDGE = re.compile(r"[^a-z0-9]+")
_NAMED = re.compile(r"(?<!\d)(\d{4}-(?:0[1-9]|1[0-2]))-(.+?)-(?:stop-and-search|street|outcomes)")
UNKNOWN_FORCE = "unknown-force"


class ImportRefused(Exception):
    """A file that can't be imported as published; the message names it and says what is missing."""


def clean(text: str) -> str:
    """Return text without the characters that could steer a terminal or turn its writing round."""
    return text if text.isascii() and text.isprintable() else _CONTROL.sub("", text)


def plain(text: str) -> str:
    """Return a name with such characters as question marks, so that it can be told and stored."""
    return _CONTROL.sub("?", text)


def members(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield each CSV of a file as (place, bytes). Raises OSError, ImportRefused."""
    raw = path.read_bytes()
    place = plain(str(path))
    try:
        if raw[:2] == b"\x1f\x8b":
            yield place, gzip.decompress(raw)
        elif raw[:2] == b"PK":
            yield from _archive(place, raw)
        else:
            yield place, raw
    except (zipfile.BadZipFile, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ImportRefused(f"{place}: damaged: {error}") from error
    except (RuntimeError, NotImplementedError) as error:
        raise ImportRefused(f"{place}: can't be unpacked: {plain(str(error))}") from error


def _archive(place: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith(".csv") and not name.startswith("__MACOSX/")]
        if not names:
            raise ImportRefused(f"{place}: no .csv in it")
        for name in sorted(names):
            yield f"{place}/{plain(name)}", archive.read(name)


def slug(name: str) -> str:
    """Return a force's name as published files and batches have it: Avon and Somerset Constabulary is avon-and-somerset."""
    words = _EDGE.sub("-", name.lower().replace("&", " and ")).strip("-")
    return re.sub(r"-(constabulary|police|police-service)$", "", words)[:80] or UNKNOWN_FORCE


def named(place: str) -> tuple[str | None, str | None]:
    """Return the month and the force that a published file's name says, as in 2024-01-avon-and-somerset-street.csv."""
    found = _NAMED.search(PurePath(place).name)
    return (found[1], slug(found[2])) if found else (None, None)

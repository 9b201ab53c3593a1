"""The CSVs in a published file: plain, gzipped or zipped."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


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

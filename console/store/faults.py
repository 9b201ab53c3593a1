"""Failures of the data file in words: which file, why, and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

Failure = duckdb.Error
Interrupt = duckdb.InterruptException
BadData = (duckdb.DataError, duckdb.IntegrityError, duckdb.InvalidInputException)
"""What the database raises of values that it can't take."""

LOST = (duckdb.OperationalError, duckdb.FatalException, duckdb.InternalError)
"""What it raises where the file itself fails it."""

_FULL = re.compile("no space left|quota|too large", re.I)
_DAMAGED = re.compile("corrupt|checksum|invalidated|rollback|deserialize", re.I)


class StoreError(Exception):
    """The file can't be used; the message says which file, why and what to do."""


def said(error: Exception) -> str:
    """Return the first line of what the database says."""
    return next(iter(str(error).splitlines()), type(error).__name__)


def opening(path: Path, error: duckdb.Error) -> StoreError:
    """Return why a file can't be opened."""
    words = str(error)
    holder = re.search(r"held in (.*?) ?\(PID (\d+)\)", words)
    if holder:
        return StoreError(
            f"{path} is in use by process {holder[2]} ({holder[1] or 'unknown'}); nothing was touched. "
            "Close that console first, or name another file with --data."
        )
    if "set lock" in words or "already attached" in words:
        return StoreError(f"{path} is in use by another process; nothing was touched. Close it first, or use --data.")
    if "not a valid DuckDB" in words or "version number" in words:
        return StoreError(f"{path} is not a file this program can read ({said(error)}); name another with --data")
    return using(path, error)


def using(path: Path, error: Exception) -> StoreError:
    """Return why an open file can't be read or written."""
    words = str(error)
    if _FULL.search(words):
        return StoreError(
            f"{path} can't be written ({said(error)}): make room on its disk and run it again. "
            "What was stored before is kept; of what was being stored, nothing."
        )
    if _DAMAGED.search(words):
        return StoreError(f"{path} is damaged ({said(error)}): bring back a copy, or name another file with --data")
    return StoreError(f"{path}: {said(error)}")

"""Failures of the data file in words: which file, why, and what to do."""

from __future__ import annotations

import os
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
_DENIED = re.compile("permission denied|read-only file system|operation not permitted", re.I)
_DAMAGED = re.compile("corrupt|checksum|enough bytes|invalidated|rollback|deserialize", re.I)


class StoreError(Exception):
    """The file can't be used; the message says which file, why and what to do."""


def _why(error: Exception) -> str:
    return error.strerror or said(error) if isinstance(error, OSError) else said(error)


def said(error: Exception) -> str:
    """Return the first line of what the database says."""
    return next(iter(str(error).splitlines()), type(error).__name__)


ALLOWED = "see that the file and its folder may be written, or name another file with --data"


def making(path: Path, error: Exception) -> StoreError:
    """Return why a new file can't be made."""
    if isinstance(error, StoreError):
        return StoreError(str(error).replace(f"{path}.new-{os.getpid()}", str(path)))
    return using(path, error)


def opening(path: Path, error: Exception) -> StoreError:
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
    if isinstance(error, PermissionError) or _DENIED.search(words):
        return StoreError(f"{path} can't be written ({_why(error)}): {ALLOWED}. Nothing was stored, and nothing is lost.")
    if _FULL.search(words):
        return StoreError(
            f"{path} can't be written ({_why(error)}): make room on its disk and run it again. "
            "What was stored before is kept; of what was being stored, nothing."
        )
    if _DAMAGED.search(words):
        return StoreError(
            f"{path} is damaged ({said(error)}): restore a backup (`console restore BACKUP --data {path} --replace`), "
            "or name another file with --data"
        )
    return StoreError(f"{path}: {said(error)}")

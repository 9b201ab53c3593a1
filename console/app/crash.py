"""The report a crash leaves: when, which version, where, the last keys, what was open."""

from __future__ import annotations

import os
import platform
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from console import __version__


def folder() -> Path:
    """Return where reports go: `$XDG_STATE_HOME/console`, by default `~/.local/state/console`."""
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(home) / "console"


def report(error: BaseException, keys: Iterable[str], opened: str, at: datetime) -> str:
    """Return the report's text."""
    lines = [
        "The console stopped because of a fault in itself. Please send this file to whoever looks after it.",
        "",
        f"time: {at.isoformat(timespec='seconds')} UTC",
        f"version: {__version__}; Python {platform.python_version()}; {platform.platform()}",
        f"terminal: {os.environ.get('TERM', 'unknown')}",
        f"open: {opened}",
        f"last keys: {' '.join(keys) or 'none'}",
        "",
        *traceback.format_exception(error),
    ]
    return "\n".join(line.rstrip("\n") for line in lines) + "\n"


def write(error: BaseException, keys: Iterable[str], opened: str) -> Path:
    """Write a report, readable by its owner alone, and return its path; raises OSError."""
    now = datetime.now(UTC).replace(tzinfo=None)
    path = folder() / f"crash-{now:%Y%m%dT%H%M%S}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as out:
        out.write(report(error, keys, opened, now))
    return path

"""The report a crash leaves: when, which version, where, the last keys, what was open."""

from __future__ import annotations

import os
import platform
import sys
import syslog
import threading
import traceback
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from console import __version__

_served = False
_reports: Path | None = None


def serve(reports: Path | None) -> None:
    """Leave reports to an administrator alone from now on: in a folder and the system's log, and nothing of them at the screen."""
    global _served, _reports
    _served, _reports = True, reports
    sys.excepthook = lambda kind, error, trace: _log(error)
    threading.excepthook = lambda args: _log(args.exc_value or RuntimeError(args.exc_type.__name__))


def folder() -> Path:
    """Return where reports go unless told otherwise: `$XDG_STATE_HOME/console`, by default `~/.local/state/console`."""
    home = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return _reports or Path(home) / "console"


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
    path = folder() / f"crash-{now:%Y%m%dT%H%M%S%f}-{os.getpid()}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as out:
        out.write(report(error, keys, opened, now))
    return path


def left(error: BaseException, keys: Iterable[str], opened: str) -> str:
    """Write a report, and return the sentence for whoever sat there: to a served one nothing of the fault is told."""
    try:
        path = write(error, keys, opened)
    except OSError as unwritten:
        if _served:
            _log(error)
            return "stopped by a fault in itself; it stands in the administrator's log"
        text = report(error, keys, opened, datetime.now(UTC).replace(tzinfo=None))
        return f"stopped by a fault, and its report can't be written: {unwritten}\n{text}"
    if _served:
        _log(error, f"; its report is {path}")
        return f"stopped by a fault in itself; the administrator has its report as {path.stem}"
    said = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return f"stopped by a fault in itself ({said}). Its report is {path}"


def _log(error: BaseException, more: str = "") -> None:
    """Tell the system's log, a line each, as no line of it may be long."""
    syslog.openlog("console", syslog.LOG_PID, syslog.LOG_DAEMON)
    lines = [] if more else [line for part in traceback.format_exception(error) for line in part.splitlines()]
    for line in [f"stopped by a fault ({type(error).__name__}){more}", *lines]:
        syslog.syslog(syslog.LOG_ERR, line.encode("ascii", "backslashreplace").decode())

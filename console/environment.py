"""What of the environment a process keeps that serves others."""

from __future__ import annotations

import os

KEPT = (
    "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "XDG_DATA_HOME", "XDG_STATE_HOME", "CONSOLE_DATA",
    "VIRTUAL_ENV", "PYTHONPATH",
)  # fmt: skip


def drop_all_but(kept: tuple[str, ...] = KEPT) -> None:
    """Forget every variable but these: some would make Textual load code, write files or listen."""
    for name in [name for name in os.environ if name not in kept]:
        del os.environ[name]

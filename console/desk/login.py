"""Who sits here, and from where."""

from __future__ import annotations

import getpass
import os

from console.desk.desk import Viewer


def login() -> str:
    """Return the login name of whoever runs this process."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def address() -> str:
    """Return the terminal this process sits at and the host it is reached from, "" where neither is known."""
    parts = []
    if host := os.environ.get("SSH_CONNECTION", "").split(" ")[0]:
        parts.append(f"ssh {host}")
    for stream in (0, 1, 2):
        try:
            parts.append(os.ttyname(stream))
            break
        except OSError:
            continue
    return " ".join(parts)


def here() -> Viewer:
    """Return whoever runs this process as a viewer."""
    return Viewer(login(), uid=os.getuid(), address=address())

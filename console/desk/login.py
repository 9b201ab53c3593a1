"""Who sits here."""

from __future__ import annotations

import getpass


def login() -> str:
    """Return the login name of whoever runs this process."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"

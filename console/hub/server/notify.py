"""What a service manager is told: that the hub is ready, is alive, is stopping."""

from __future__ import annotations

import os
import socket
from contextlib import suppress


def tell(*words: str) -> None:
    """Send words such as `READY=1` where NOTIFY_SOCKET says, if it says."""
    where = os.environ.get("NOTIFY_SOCKET", "")
    if where[:1] not in ("/", "@"):
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
        line.setblocking(False)  # a manager that doesn't listen holds up nobody
        line.connect("\0" + where[1:] if where[0] == "@" else where)
        line.sendall("\n".join(words).encode())


def watched() -> float:
    """Return the seconds within which the manager wants to hear that the hub is alive, 0 if it doesn't."""
    wanted, process = os.environ.get("WATCHDOG_USEC", ""), os.environ.get("WATCHDOG_PID", "")
    if not wanted.isdigit() or (process and process != str(os.getpid())):
        return 0.0
    return int(wanted) / 1e6

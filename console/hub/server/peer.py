"""Who is at the other end of a Unix socket, by the kernel's word."""

from __future__ import annotations

import grp
import os
import pwd
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass

from console.desk.desk import Viewer
from console.hub.server.terminal import terminal_of

_CREDENTIALS = struct.Struct("3i")


@dataclass(frozen=True, slots=True)
class Peer:
    """A process and who runs it."""

    uid: int
    gid: int
    pid: int

    def __str__(self) -> str:
        """Return who it is in words."""
        return f"{user_of(self.uid)} (process {self.pid})"


def peer_of(line: socket.socket) -> Peer:
    """Return who opened the other end. Raises OSError."""
    pid, uid, gid = _CREDENTIALS.unpack(line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))
    return Peer(uid, gid, pid)


def user_of(uid: int) -> str:
    """Return a user's login name, or the number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def groups_of(user: str, gid: int) -> frozenset[str]:
    """Return the names of the groups that a user is in, whatever groups its process has kept; `gid` is its process's."""
    found = {gid}
    with suppress(KeyError, OSError):
        found |= set(os.getgrouplist(user, pwd.getpwnam(user).pw_gid))
    names = set[str]()
    for each in found:
        with suppress(KeyError):
            names.add(grp.getgrgid(each).gr_name)
    return frozenset(names)


def viewer_of(uid: int, gid: int, pid: int) -> Viewer:
    """Return the viewer that a process's user is; may wait for the system's tables of users."""
    user = user_of(uid)
    return Viewer(user, verified=True, groups=groups_of(user, gid), uid=uid, address=terminal_of(pid))

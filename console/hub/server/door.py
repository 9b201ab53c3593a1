"""The hub's door: a Unix socket that its owner and group can open; a dead hub's is replaced, a live one's is left alone."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from console.hub.server.peer import peer_of

BACKLOG = 1024
ANSWERS_WITHIN = 2.0  # seconds in which a live hub lets in a caller


@dataclass(frozen=True, slots=True)
class Door:
    """A socket that listens at a path, and the mark of the path as it made it."""

    listening: socket.socket
    path: Path
    mark: int


class InUse(OSError):
    """A live process serves at the path; the message says which."""


def opened(path: Path) -> Door:
    """Return the door opened at a path. Raises InUse, OSError."""
    if len(os.fsencode(path)) > 100:
        raise OSError(f"{path}: too long for a socket's name, of which 100 bytes fit")
    _make_way(path)
    made = socket.socket(socket.AF_UNIX)
    before = os.umask(0o117)
    try:
        made.bind(os.fspath(path))
        made.listen(BACKLOG)
    except OSError as error:
        made.close()
        raise OSError(f"{path}: no socket can be made there: {error.strerror}") from error
    finally:
        os.umask(before)
    made.setblocking(False)
    return Door(made, path, os.stat(path).st_ino)


def _make_way(path: Path) -> None:
    if not path.is_socket():
        if path.exists():
            raise OSError(f"{path} is there already and is no socket: name another with --socket")
        return
    with socket.socket(socket.AF_UNIX) as caller:
        caller.settimeout(ANSWERS_WITHIN)
        try:
            caller.connect(os.fspath(path))
        except (ConnectionRefusedError, FileNotFoundError):
            path.unlink(missing_ok=True)
            return
        except TimeoutError:
            raise InUse(f"{path}: a process serves there already, and is busy; name another with --socket") from None
        raise InUse(f"{path}: {peer_of(caller)} serves there already; name another with --socket")


def close(door: Door) -> None:
    """Close the door and take its name away, if it is still this one's."""
    door.listening.close()
    with suppress(OSError):
        if os.stat(door.path).st_ino == door.mark:
            door.path.unlink()

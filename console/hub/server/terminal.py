"""At which terminal a process sits, and from which host that is reached, as the system's own records have it."""

from __future__ import annotations

import struct
from contextlib import suppress
from pathlib import Path

UTMP = Path("/run/utmp")
_ENTRY = struct.Struct("<h2xi32s4s32s256s52x")  # type, process, line, id, user, host, and what isn't looked at
_USER = 7
_PTS = range(136, 144)  # the major numbers of pseudo terminals


def terminal_of(pid: int) -> str:
    """Return a process's terminal and the host it is logged in from, "" where it has none or that isn't known."""
    line = _line(pid)
    host = _host(line) if line else ""
    return f"{line} from {host}" if host else line


def _line(pid: int) -> str:
    with suppress(OSError, ValueError, IndexError):
        said = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        number = int(said.rpartition(")")[2].split()[4])
        major, minor = (number >> 8) & 0xFFF, (number & 0xFF) | ((number >> 12) & 0xFFF00)
        if major in _PTS:
            return f"pts/{minor + (major - _PTS.start) * 256}"
        if major == 4 and 0 < minor < 64:
            return f"tty{minor}"
    return ""


def _host(line: str) -> str:
    """Return the host of whoever is logged in at a terminal now."""
    found = ""
    with suppress(OSError):
        told = UTMP.read_bytes()
        for place in range(0, len(told) - _ENTRY.size + 1, _ENTRY.size):
            kind, _, at, _, _, host = _ENTRY.unpack_from(told, place)
            if kind == _USER and _text(at) == line:
                found = _text(host)
    return found


def _text(held: bytes) -> str:
    return held.split(b"\0")[0].decode("utf-8", "replace")

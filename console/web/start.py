"""How the server starts: which door is opened, who is let in by it, and the address that is said once."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from console.desk.desk import Desk
from console.desk.login import login
from console.web.gate import TOKEN, Gate, ProxyGate, TokenGate
from console.web.server import HOST, Server, bound, bound_file, serve

SHORTEST = 24  # characters of a secret shared with a proxy


@dataclass(frozen=True, slots=True)
class Door:
    """An open socket, who is let in by it, and in words where it is."""

    listening: socket.socket
    gate: Gate
    said: str


@contextmanager
def door(port: int, header: str | None, secret: Path | None, path: Path | None) -> Iterator[Door]:
    """Open the door that the options ask for, and close it behind. Raises ValueError for options that let anybody in, OSError."""
    if header is None and (secret or path):
        raise ValueError("--proxy-secret and --socket go with --proxy-user-header: without it every user would be the same")
    if header is not None and (secret is None) == (path is None):
        raise ValueError("--proxy-user-header needs either --proxy-secret FILE or --socket FILE, else anybody here could name themselves")
    shared = None if secret is None else shared_secret(secret)
    listening = bound(port) if path is None else bound_file(path)
    try:
        port = port if path is not None else listening.getsockname()[1]
        if header is None:
            gate = TokenGate(login(), port)
            yield Door(listening, gate, f"http://{HOST}:{port}/?{TOKEN}={gate.token}  read only; whoever has this address can look")
        else:
            place = f"the socket {path}" if path is not None else f"http://{HOST}:{port}/"
            yield Door(listening, ProxyGate(header, shared), f"{place}, for a proxy that names its user in {header}")
    finally:
        listening.close()
        if path is not None:
            path.unlink(missing_ok=True)


def shared_secret(path: Path) -> str:
    """Return the secret that a file holds. Raises ValueError where others may read it or it is short, OSError."""
    if path.stat().st_mode & 0o007:
        raise ValueError(f"{path} can be read by everybody on this machine: chmod o-rwx {path}")
    held = path.read_text(encoding="utf-8").strip()
    if len(held) < SHORTEST:
        raise ValueError(f"{path} holds fewer than {SHORTEST} characters: openssl rand -hex 32 makes a secret")
    return held


def run(desk: Desk, opened: Door, app: str, say: Callable[[str], None]) -> None:
    """Serve the desk by an open door until the process is asked to end. Raises Unknown."""
    server = Server(desk, opened.gate, app)
    asyncio.run(serve(server, opened.listening, lambda: say(f"console: {opened.said}; ctrl+c ends it")))

"""The server: one process owns the file and the Desk, and every browser that is let in has a sitting of its own at it."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
import string
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import textual_serve
from aiohttp import web

from console.desk.desk import Desk, Unknown, Viewer
from console.web.gate import Gate, own_page
from console.web.visit import Visit

HOST = "127.0.0.1"
MOST = 12  # sittings at once
LONGEST = 64 * 1024  # bytes of a message from a page
PAGE = string.Template((Path(__file__).parent / "page.html").read_text(encoding="utf-8"))
POLICY = "; ".join((
    "default-src 'none'", "script-src 'self' 'nonce-{nonce}'", "style-src 'self' 'unsafe-inline'", "font-src 'self'",
    "img-src 'self' data:", "connect-src 'self' {socket}", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
))  # fmt: skip
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
VIEWER = web.RequestKey("viewer", Viewer)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Serves a Desk to browsers."""

    def __init__(self, desk: Desk, gate: Gate, app: str) -> None:
        """Let in by the gate; `app` is opened first. Raises Unknown."""
        self._desk, self._gate, self._app = desk, gate, app
        nobody = Viewer("")
        if app not in {each.name for each in desk.apps(nobody)}:
            raise Unknown(f"no app {app!r}: there is {', '.join(each.name for each in desk.apps(nobody))}")
        self._marking = desk.marking(nobody)
        self._sockets: set[web.WebSocketResponse] = set()
        self._seats = count(1)

    def routes(self) -> web.Application:
        """Return the application: the page, its assets, and the sittings, all behind the gate."""
        made = web.Application(middlewares=[self._guarded])
        made.add_routes([
            web.get("/", self._page),
            web.get("/ws", self._sit),
            web.static("/static", Path(textual_serve.__file__).parent / "static"),
        ])  # fmt: skip
        made.on_shutdown.append(self._close)
        return made

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let in, or say why not; nothing is kept by what lies between."""
        try:
            answer = self._gate.first_visit(request)
            if answer is None:
                request[VIEWER] = self._gate.viewer(request)
                return await handler(request)
        except web.HTTPException as error:
            error.headers.update(HEADERS)
            raise
        answer.headers.update(HEADERS)
        return answer

    async def _page(self, request: web.Request) -> web.Response:
        if len(self._sockets) >= MOST:
            raise web.HTTPServiceUnavailable(text=f"{MOST} sittings are open at this console, the most it has: close one\n")
        nonce, address = secrets.token_urlsafe(16), f"{self._gate.scheme}://{request.host}"
        page = PAGE.substitute(nonce=nonce, socket=f"{address}/ws")
        return web.Response(
            text=page, content_type="text/html", headers=HEADERS | {"Content-Security-Policy": POLICY.format(nonce=nonce, socket=address)}
        )

    async def _sit(self, request: web.Request) -> web.StreamResponse:
        own_page(request)
        if len(self._sockets) >= MOST:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(heartbeat=15, max_msg_size=LONGEST)
        await socket.prepare(request)
        self._sockets.add(socket)
        try:
            viewer = replace(request[VIEWER], seat=str(next(self._seats)))
            visit = Visit(socket, self._desk, viewer, self._app, self._marking)
            await visit.run(_number(request, "width", 80), _number(request, "height", 24))
        finally:
            self._sockets.discard(socket)
        return socket

    async def _close(self, _: web.Application) -> None:
        await asyncio.gather(*(each.close() for each in list(self._sockets)))


def _number(request: web.Request, name: str, otherwise: int) -> int:
    said = request.query.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else otherwise


def bound(port: int) -> socket.socket:
    """Return a socket on this machine's loopback address alone; port 0 is any free one. Raises OSError."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((HOST, port))
    return made


def bound_file(path: Path) -> socket.socket:
    """Return a socket at a path that only its owner and group can open. Raises OSError."""
    if path.is_socket():
        path.unlink()
    made = socket.socket(socket.AF_UNIX)
    before = os.umask(0o117)
    try:
        made.bind(str(path))
    finally:
        os.umask(before)
    return made


async def serve(server: Server, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until the process is asked to end; `ready` is called once browsers are answered."""
    runner = web.AppRunner(server.routes(), access_log=None, shutdown_timeout=5)
    await runner.setup()
    ended = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    try:
        await web.SockSite(runner, listening).start()
        ready()
        await ended.wait()
    finally:
        await runner.cleanup()

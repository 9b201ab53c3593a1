"""A visit: one browser's sitting, from its first message to its last."""

from __future__ import annotations

import asyncio
import json
import math
import sys
from typing import Any

from aiohttp import WSMsgType, web

from console.app import crash
from console.app.browser import BrowserApp, Link, within
from console.desk.desk import Desk, Viewer


class Visit:
    """A sitting over a websocket, in the messages of textual-serve's page."""

    def __init__(self, socket: web.WebSocketResponse, desk: Desk, viewer: Viewer, app: str, marking: str) -> None:
        """Let a viewer sit at an app of the desk."""
        self._socket, self._desk, self._viewer = socket, desk, viewer
        self._link = Link(socket.send_bytes)
        self._app = BrowserApp(desk, viewer, self._link, app=app, marking=marking)

    async def run(self, width: int, height: int) -> None:
        """Sit until the viewer or the link ends it."""
        sending = asyncio.create_task(self._send())
        sitting = asyncio.create_task(self._app.run_async(size=within(width, height)))
        sitting.add_done_callback(lambda _: self._link.close())
        try:
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    await self._take(message.data)
        finally:
            self._link.close()
            self._app.exit(0)
            await self._ended(sitting)
            await asyncio.to_thread(self._desk.pace, self._viewer, math.inf)
            sending.cancel()

    async def _send(self) -> None:
        """Send what is drawn; the end of the sitting closes the socket."""
        try:
            await self._link.run()
        except (ConnectionError, RuntimeError):
            return
        await self._socket.close()

    async def _take(self, text: str) -> None:
        """Take a message of the page; one that isn't like any is passed over."""
        driver = self._app.driver
        try:
            kind, *rest = json.loads(text)
        except (ValueError, TypeError):
            return
        said: Any = rest[0] if rest else None
        if kind == "ping":
            await self._socket.send_json(["pong", said])
        elif driver is None:
            return
        elif kind == "stdin" and isinstance(said, str):
            driver.typed(said.encode("utf-8", "replace"))
        elif kind == "resize" and isinstance(said, dict):
            width, height = (said.get(side) for side in ("width", "height"))
            if isinstance(width, int) and isinstance(height, int):
                driver.resized(width, height)
        elif kind in ("focus", "blur"):
            driver.looked_at(kind == "focus")

    async def _ended(self, sitting: asyncio.Task[int | None]) -> None:
        """Wait for the sitting's end; a fault leaves a report, and the other sittings go on."""
        fault: BaseException | None = None
        try:
            await sitting
        except Exception as error:
            fault = error
        fault = self._app.fault or fault or self._app.failure
        if fault is not None:
            path = crash.write(fault, self._app.keys, self._app.told())
            print(f"console: a sitting was stopped by a fault ({type(fault).__name__}). Its report is {path}", file=sys.__stderr__)

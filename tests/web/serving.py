"""A console served in a test's own process over a fake desk, and a page's websocket without a browser."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pyte
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, web

from console.desk.answer import Alert
from console.web.gate import Gate, TokenGate
from console.web.server import Server, bound
from tests.app.fake import FakeDesk

SIZE = (120, 40)


def alarmed() -> FakeDesk:
    """Return a desk with an incident to be acknowledged."""
    desk = FakeDesk()
    urgent = next(each for each in desk.incidents if each["grade"] == "Immediate")
    desk.alerts.append(Alert("immediate", urgent["ref"], desk.now - timedelta(minutes=1), f"{urgent['ref']} {urgent['type']}", False))
    return desk


@asynccontextmanager
async def served(desk: FakeDesk, gate: Callable[[int], Gate], listening: socket.socket | None = None) -> AsyncIterator[str]:
    """Serve a desk behind a gate made for the port; give the address."""
    held = listening or bound(0)
    port = 0 if listening else held.getsockname()[1]
    runner = web.AppRunner(Server(desk, gate(port), "control").routes(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.SockSite(runner, held).start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()
        held.close()


class Tokens:
    """Makes the gate of a served console, and keeps it."""

    gate: TokenGate

    def __call__(self, port: int) -> TokenGate:
        """Make it."""
        self.gate = TokenGate("anna", port)
        return self.gate

    async def enter(self, client: ClientSession, address: str) -> None:
        """Come with the token, as a browser does at its first visit."""
        async with client.get(address, params={"token": self.gate.token}) as answer:
            assert answer.status == 200


class Seen:
    """What a page would show: a sitting's bytes, read by pyte."""

    def __init__(self, link: ClientWebSocketResponse, size: tuple[int, int] = SIZE) -> None:
        """Read from a websocket."""
        self._link = link
        self._screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self._screen)

    @property
    def text(self) -> str:
        """The screen's lines."""
        return "\n".join(self._screen.display)

    async def press(self, *keys: str) -> None:
        """Type keys as xterm writes them."""
        for key in keys:
            await self._link.send_str(json.dumps(["stdin", key]))

    async def wait(self, holds: str, seconds: float = 30) -> str:
        """Return the screen's text once it holds the words; fail with the screen if never."""
        end = asyncio.get_running_loop().time() + seconds
        while holds not in self.text:
            try:
                message = await self._link.receive(max(0.01, end - asyncio.get_running_loop().time()))
            except TimeoutError:
                break
            if message.type is WSMsgType.BINARY:
                self._stream.feed(message.data)
            elif message.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR):
                break
        assert holds in self.text, f"never saw {holds!r} on\n{self.text}"
        return self.text


@asynccontextmanager
async def sitting(
    client: ClientSession,
    address: str,
    headers: dict[str, str] | None = None,
    tls: ssl.SSLContext | bool = True,
) -> AsyncIterator[Seen]:
    """Open a sitting as a page of that address does."""
    where = f"{address}/ws?width={SIZE[0]}&height={SIZE[1]}"
    async with client.ws_connect(where, origin=address, headers=headers, ssl=tls) as link:
        yield Seen(link)

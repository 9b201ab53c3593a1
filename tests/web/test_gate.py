"""Who is let in to a console in a browser, and what they may: the token's, and the proxy's."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar, WSServerHandshakeError

from console.governance.policy import InBrowser
from console.web import start
from console.web.gate import SECRET_HEADER, ProxyGate, TokenGate
from tests.app.fake import FakeDesk
from tests.web.serving import Tokens, alarmed, served, sitting

HEADER = "X-Remote-User"
SECRET = "s" * 40


@pytest.fixture
async def client() -> AsyncIterator[ClientSession]:
    """A browser that keeps cookies, also of an address without a name."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as made:
        yield made


async def refused(
    client: ClientSession, address: str, headers: dict[str, str] | list[tuple[str, str]] | None = None, origin: str = ""
) -> bool:
    """Return whether the page, an asset and a sitting are all refused with 403."""
    for path in ("/", "/static/js/textual.js", "/static/../console/web/page.html"):
        async with client.get(address + path, headers=headers) as answer:
            if answer.status != 403 or answer.headers["Cache-Control"] != "no-store":
                return False
    with pytest.raises(WSServerHandshakeError) as failed:
        await client.ws_connect(f"{address}/ws", headers=headers, origin=origin or address)
    return failed.value.status == 403


async def test_only_the_token_lets_in_and_it_leaves_the_address(client: ClientSession) -> None:
    """No token, another one, or another start's cookie: 403 everywhere. The right one is swapped for a cookie that no script reads."""
    tokens = Tokens()
    async with served(FakeDesk(), tokens) as address:
        port = address.rpartition(":")[2]
        assert await refused(client, address)
        assert await refused(client, address, {"Cookie": f"console-{port}={tokens.gate.token}"})
        for wrong in ("", "x", tokens.gate.token[:-1], tokens.gate.token + "x", "\u00e9", TokenGate("anna", 1).token):
            async with client.get(address, params={"token": wrong}) as answer:
                assert answer.status == 403
                assert "Set-Cookie" not in answer.headers
        async with client.get(address, params={"token": tokens.gate.token}) as answer:
            cookie = answer.headers["Set-Cookie"]
            onward = await answer.text()
        assert answer.status == 200
        assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
        assert tokens.gate.token not in cookie + onward
        assert 'content="0;url=/"' in onward
        async with client.get(address) as answer:
            page, policy = await answer.text(), answer.headers["Content-Security-Policy"]
        assert answer.status == 200
        assert f'data-session-websocket-url="ws://127.0.0.1:{port}/ws"' in page
        assert "default-src 'none'" in policy
        assert not re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", page)
        async with sitting(client, address) as seen:
            await seen.wait("312 of 312 open shown")


async def test_another_site_cannot_use_the_cookie(client: ClientSession) -> None:
    """A sitting is opened by a page of this very address only, not by one of another port, nor by none."""
    tokens = Tokens()
    async with served(FakeDesk(), tokens) as address:
        await tokens.enter(client, address)
        for origin in ("http://127.0.0.1:1", "https://elsewhere.example", "null"):
            with pytest.raises(WSServerHandshakeError) as failed:
                await client.ws_connect(f"{address}/ws", origin=origin)
            assert failed.value.status == 403
        with pytest.raises(WSServerHandshakeError) as failed:
            await client.ws_connect(f"{address}/ws")
        assert failed.value.status == 403


async def test_with_a_token_nothing_is_commanded(client: ClientSession) -> None:
    """Acknowledging is refused at the key with the reason, and the desk hears of no command; selecting goes on."""
    desk = alarmed()
    desk.refusing = InBrowser(verified=False).rights("anna", frozenset(), frozenset()).refusal("acknowledge")
    tokens = Tokens()
    async with served(desk, tokens) as address:
        await tokens.enter(client, address)
        async with sitting(client, address) as seen:
            await seen.wait("acknowledge")
            await seen.press("a")
            await seen.wait("read only: this browser's user isn't verified")
            await seen.press("'", "t", " ")
            await seen.wait("Type *")
    assert not desk.commands
    assert not desk.closed


async def test_sittings_stand_beside_each_other(client: ClientSession) -> None:
    """Two pages of one cookie have a selection each; one that quits leaves the other and the desk as they are."""
    tokens = Tokens()
    desk = FakeDesk()
    async with served(desk, tokens) as address:
        await tokens.enter(client, address)
        async with sitting(client, address) as one, sitting(client, address) as other:
            await one.wait("312 of 312 open shown")
            await other.wait("312 of 312 open shown")
            await one.press("'", "t", " ")
            await one.wait("Type *")
            await other.press("?")
            await other.wait("Anywhere")
            assert "Type *" not in other.text
            await one.press("q")
            await other.press("\x1b")
            await other.wait("Queue, in priority (312)")
            await other.press("'", "t", " ")
            await other.wait("Type *")
    assert not desk.closed


@pytest.mark.parametrize(
    "headers",
    [
        {HEADER: "chief"},
        {HEADER: "chief", SECRET_HEADER: ""},
        {HEADER: "chief", SECRET_HEADER: SECRET[:-1]},
        {SECRET_HEADER: SECRET},
        {SECRET_HEADER: SECRET, HEADER: ""},
        {SECRET_HEADER: SECRET, HEADER: "-"},
        {SECRET_HEADER: SECRET, HEADER: "chief\x9b31m"},
        {SECRET_HEADER: SECRET, HEADER: "c" * 200},
        [(SECRET_HEADER, SECRET), (HEADER, "anna"), (HEADER, "chief")],
        [(SECRET_HEADER, SECRET), (SECRET_HEADER, SECRET), (HEADER, "chief")],
    ],
)
async def test_a_name_without_the_proxys_secret_is_nobody(client: ClientSession, headers: dict[str, str] | list[tuple[str, str]]) -> None:
    """Neither a name alone, nor a wrong or doubled secret, nor two names, lets in."""
    async with served(FakeDesk(), lambda port: ProxyGate(HEADER, SECRET)) as address:
        assert await refused(client, address, headers)


async def test_a_name_that_the_proxy_verified_signs(client: ClientSession) -> None:
    """The viewer is who the proxy says, and acknowledges in that name without being asked for one."""
    desk = alarmed()
    named = {HEADER: "Sgt Vowles", SECRET_HEADER: SECRET}
    async with served(desk, lambda port: ProxyGate(HEADER, SECRET)) as address, sitting(client, address, headers=named) as seen:
        await seen.wait("acknowledge")
        await seen.press("a")
        await seen.wait("acknowledged by Sgt Vowles")
    assert dict(desk.commands[0].args)["by"] == "Sgt Vowles"


def test_options_that_let_anybody_in_are_refused(tmp_path: Path) -> None:
    """A header that nobody vouches for, one vouched for twice, and a secret that others can read or guess."""
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    secret.chmod(0o644)
    for header, named, path in ((HEADER, None, None), (HEADER, secret, tmp_path / "s"), (None, secret, None), (HEADER, secret, None)):
        with pytest.raises(ValueError, match=r"proxy|read by everybody"), start.door(0, header, named, path):
            pass
    secret.chmod(0o600)
    secret.write_text("short")
    with pytest.raises(ValueError, match="fewer than"), start.door(0, HEADER, secret, None):
        pass


def test_the_doors(tmp_path: Path) -> None:
    """A port is of 127.0.0.1 alone; a socket is closed to others and gone afterwards; the token is in what is said."""
    with start.door(0, None, None, None) as door:
        assert door.listening.getsockname()[0] == "127.0.0.1"
        assert isinstance(door.gate, TokenGate)
        assert door.gate.token in door.said
    path = tmp_path / "console.sock"
    with start.door(0, HEADER, None, path) as door:
        assert path.stat().st_mode & 0o7 == 0
        assert door.gate.verified
    assert not path.exists()

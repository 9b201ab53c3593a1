"""What a sitting writes reaches a slow browser as its newest screen; what a browser sends is taken or passed over."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pyte
from aiohttp import ClientSession, CookieJar

from console.app.browser import BEHIND, Link, within
from tests.app.fake import FakeDesk
from tests.web.serving import Tokens, served, sitting


async def test_a_stuck_link_is_sent_the_newest_screen() -> None:
    """While nothing goes out little is kept; once there is way, the present screen is asked for, not the past ones."""
    sent: list[bytes] = []
    way = asyncio.Event()

    async def send(data: bytes) -> None:
        await way.wait()
        sent.append(data)

    link = Link(send)
    link.repaint = lambda: link.write("the present")
    running = asyncio.create_task(link.run())
    link.write("first")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    for number in range(40):
        link.write(f"{number}" * BEHIND)
    way.set()
    while len(sent) < 2:
        await asyncio.sleep(0.01)
    link.close()
    await running
    assert sent == [b"first", b"the present"]


async def test_all_is_sent_in_order_to_one_that_keeps_up() -> None:
    """Nothing is lost at the close."""
    sent = bytearray()

    async def send(data: bytes) -> None:
        sent.extend(data)

    link = Link(send)
    running = asyncio.create_task(link.run())
    for number in range(2000):
        link.write(f"{number} ")
    link.close()
    link.write("after the end")
    await running
    assert sent.decode().split() == [str(number) for number in range(2000)]


def test_a_size_is_kept_within_reason() -> None:
    """Whatever a page says."""
    assert within(0, -5) == (20, 6)
    assert within(10**9, 10**9) == (400, 160)


async def test_what_is_no_message_is_passed_over() -> None:
    """A sitting outlives nonsense, escapes in pieces, a lone escape and a resize."""
    tokens = Tokens()
    async with (
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as client,
        served(FakeDesk(), tokens) as address,
    ):
        await tokens.enter(client, address)
        async with sitting(client, address) as seen:
            await seen.wait("312 of 312 open shown")
            for text in ("", "{", "[]", "7", '["stdin"]', '["stdin", 7]', '["resize", {"width": "a"}]', '["resize", 1]', '["nothing", 1]'):
                await seen._link.send_str(text)
            await seen._link.send_bytes(b"\xff\x00")
            await seen._link.send_str(json.dumps(["ping", "7"]))
            await seen.press("?")
            await seen.wait("Anywhere")
            await seen.press("\x1b")
            await seen.wait("Queue, in priority (312)")
            seen._screen = pyte.Screen(40, 20)
            seen._stream = pyte.ByteStream(seen._screen)
            await seen._link.send_str(json.dumps(["resize", {"width": 40, "height": 20}]))
            await seen.wait("+1 units |")


async def test_a_sitting_that_fails_ends_and_leaves_a_report(tmp_path: Path) -> None:
    """A fault in one sitting closes its page, is written down, and leaves the others and the desk as they are."""
    tokens, desk = Tokens(), FakeDesk()
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as client, served(desk, tokens) as address:
        await tokens.enter(client, address)
        async with sitting(client, address) as other:
            await other.wait("312 of 312 open shown")
            desk.fields = None  # type: ignore[assignment, method-assign]
            async with sitting(client, address) as seen:
                while not seen._link.closed:
                    await seen._link.receive(30)
            await other.press("'", "t", " ")
            await other.wait("Type *")
    reports = list((tmp_path / "state" / "console").glob("crash-*.txt"))
    assert len(reports) == 1
    assert "NoneType" in reports[0].read_text(encoding="utf-8")
    assert not desk.closed

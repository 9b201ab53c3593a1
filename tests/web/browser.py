"""A console in headless Chromium: the page as a person has it, its requests, and what its terminal was sent."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyte
from playwright.sync_api import Browser, Page, WebSocket, sync_playwright

from tests.programs import program

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
]  # fmt: skip
DESK = {"viewport": {"width": 1280, "height": 860}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@contextmanager
def web(data: Path) -> Iterator[str]:
    """Run `console web` on a file; give the address with its token."""
    argv = [sys.executable, "-m", "console", "--data", str(data), "web", "--port", "0"]
    env = {**os.environ, "TEXTUAL_DRIVER": "no_such_module:Driver", "TEXTUAL_PRESS": "q", "NO_COLOR": "1"}  # none of which may reach it
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=env) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", process.stdout.readline())
            assert found, "the server ended"
            yield found[0]
        finally:
            process.terminate()
            assert process.wait(30) == 0


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run Debian's Chromium."""
    path = program("chromium")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield made
        finally:
            made.close()


class Seen:
    """A page of the console; `requests` are the addresses it asked for, and its terminal's bytes are read by pyte."""

    def __init__(self, browser: Browser, address: str, **screen: object) -> None:
        """Open the address in a new profile."""
        self.page: Page = browser.new_context(**screen).new_page()  # type: ignore[arg-type]
        self.requests: list[str] = []
        self.faults: list[str] = []
        self.screen = pyte.Screen(80, 24)
        self.stream = pyte.ByteStream(self.screen)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        self.page.on("websocket", self._linked)
        self.page.goto(address)

    def _linked(self, link: WebSocket) -> None:
        self.requests.append(link.url)
        size = parse_qs(urlsplit(link.url).query)
        self.screen.resize(int(size["height"][0]), int(size["width"][0]))
        link.on("framereceived", self._take)

    def _take(self, data: bytes | str) -> None:
        if isinstance(data, bytes):
            self.stream.feed(data)

    @property
    def text(self) -> str:
        """The terminal's lines."""
        return "\n".join(self.screen.display)

    def wait(self, holds: str | Callable[[str], object], seconds: float = 60) -> str:
        """Return the terminal's text once it holds the words (or satisfies the predicate); fail with it if never."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.page.wait_for_timeout(50)
            if holds in self.text if isinstance(holds, str) else holds(self.text):
                return self.text
        raise AssertionError(f"never saw {holds!r} on\n{self.text}\n{self.faults}")

    def at(self, words: str) -> tuple[float, float]:
        """Return the middle of the first place on the page where words stand."""
        y = next(n for n, line in enumerate(self.screen.display) if words in line)
        x = self.screen.display[y].index(words) + len(words) / 2
        box = self.page.locator(".xterm-screen").bounding_box()
        assert box is not None
        return box["x"] + x * box["width"] / self.screen.columns, box["y"] + (y + 0.5) * box["height"] / self.screen.lines

    def click(self, words: str) -> None:
        """Click on words."""
        self.page.mouse.click(*self.at(words))

    def tap(self, words: str) -> None:
        """Put a finger on words."""
        self.page.touchscreen.tap(*self.at(words))

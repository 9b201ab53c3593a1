"""`console web` in headless Chromium: the first paint, a selection by key and by click, a picture; nothing from elsewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.web.browser import DESK, Seen, chromium, web


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a console over three days of history."""
    data = tmp_path_factory.mktemp("web") / "a.duckdb"
    subprocess.run([sys.executable, "-m", "console", "--data", str(data), "init", "--days", "3"], check=True, capture_output=True)
    with web(data) as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as made:
        yield made


def test_a_sitting_in_a_browser(browser: Browser, address: str, tmp_path: Path) -> None:
    """It paints, a key selects, a click selects, a picture shows it; the token leaves the address, and all is of 127.0.0.1."""
    seen = Seen(browser, address, **DESK)
    seen.wait(lambda text: "LIVE" in text and re.search(r"\d+ of \d+ open shown", text) and re.search(r"Queue, in priority \(\d", text))
    assert seen.page.url == address.split("?")[0]
    assert seen.page.evaluate("document.cookie") == ""
    picture = tmp_path / "before.png"
    seen.page.screenshot(path=picture)
    before = colours(picture)
    assert {(0x12, 0x12, 0x12), (0xFF, 0xFF, 0xFF)} <= before.keys()

    seen.page.keyboard.type("'t")
    seen.wait("> Type")
    seen.page.keyboard.press("Space")
    text = seen.wait(lambda text: re.search(r"^ ?Type \* ", text, re.MULTILINE) and counted(text)[0] < counted(text)[1])
    assert f"in priority ({counted(text)[0]})" in text
    seen.click("o Somerset")
    seen.wait("> District")
    seen.click("o Somerset")
    seen.wait(lambda text: re.search(r"District \* ", text))
    seen.page.wait_for_timeout(500)
    seen.page.screenshot(path=picture)
    chosen = (0xFF, 0xAF, 0x00)  # the ink of what is selected
    assert colours(picture).get(chosen, 0) > before.get(chosen, 0)

    seen.page.keyboard.press("a")
    seen.wait(lambda text: "read only: this browser's user isn't verified" in text)
    seen.page.keyboard.press("q")
    seen.page.wait_for_selector("text=this sitting has ended")
    assert {urlsplit(each).hostname for each in seen.requests if not each.startswith("data:")} == {"127.0.0.1"}
    assert len(seen.requests) >= 6
    assert not seen.faults


def test_without_the_token_there_is_nothing(browser: Browser, address: str) -> None:
    """A browser that hasn't been there gets one sentence, and asks for nothing more."""
    bare = Seen(browser, address.split("?")[0])
    assert "open the address with the token" in bare.page.inner_text("body")
    assert not [each for each in bare.requests if "/ws" in each or "/static" in each]


def counted(text: str) -> tuple[int, int]:
    """Return how many open incidents the bar says are shown, and of how many."""
    shown, of = re.findall(r"(\d+) of (\d+) open", text)[0]
    return int(shown), int(of)


def colours(path: Path) -> dict[tuple[int, int, int], int]:
    """Return how many pixels of a picture have each colour."""
    with Image.open(path) as image:
        found = image.convert("RGB").getcolors(1 << 24)
        assert found
        return {(colour[0], colour[1], colour[2]): count for count, colour in found if isinstance(colour, tuple)}

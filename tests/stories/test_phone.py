"""What is short tonight? On a phone over SSH and in a phone's browser, in three presses or taps at most."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from console.store.database import open_store
from tests.ssh.host import host
from tests.web.browser import PHONE, Seen, chromium, web

SHORT = "Somerset"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine days of history, in which a district's officers were never on duty."""
    path = tmp_path_factory.mktemp("phone") / "a.duckdb"
    subprocess.run([sys.executable, "-m", "console", "init", "--data", str(path), "--days", "9"], check=True, capture_output=True)
    store = open_store(path)
    with store.write({"unit"}) as cursor:
        cursor.execute("delete from base.duty where unit in (select callsign from base.unit where home_district = ?)", [SHORT])
    store.close()
    return path


def answered(text: str) -> bool:
    """Return whether a phone's screen answers the question: where, when, by how much, and from how much history."""
    whole = re.sub(r"\s+", " ", text)
    found = re.search(
        rf"short most at (\w{{3}} \d\d:00): (\d+) in {SHORT}; (?:\d+|no) Immediate or Priority waits? now; from 1 week", whole
    )
    headline = re.search(r"SHORT (\d+)", whole)
    if not found or not headline:
        return False
    listed = [(hour, int(by)) for hour, by in re.findall(rf"(\w{{3}} \d\d:00) +short (\d+) +{SHORT}", text)]
    assert found[2] == headline[1]
    assert listed, text
    assert all(by <= int(found[2]) for _, by in listed)
    return True


def test_over_ssh_at_40_by_20(data: Path) -> None:
    """Over a real sshd: one press, t; and three by name: the panel's letter after the jump key. Logged in again, one key goes on."""
    with host(data) as at, at.terminal(20, 40) as screen:
        screen.wait(lambda text: "LIVE" in text and "Queue (" in text, 60)
        screen.wait(lambda text: re.search(r"SHORT [1-9]", text) is not None)
        screen.press("t")
        screen.wait(answered)
        screen.press("'", "q")
        screen.wait("> Queue")
        screen.press("'", "o")
        text = screen.wait(answered)
        assert all(len(line) <= 40 for line in text.split("\n"))
        screen.press("enter")
        screen.wait("they open none of")
        screen.press("space")
        screen.wait("nothing here is a value of a field")
        screen.press("right", "right", "space")
        screen.wait(lambda text: f"District * {SHORT}" in text)
        screen.press("q")
        assert screen.finish() == 0
        with at.terminal(20, 40) as again:
            again.wait(lambda text: f"District {SHORT}" in " ".join(text.split()) and "any other key" in " ".join(text.split()).lower(), 60)
            again.press("R")
            again.wait(lambda text: f"District * {SHORT}" in text and ">tonight" in text)


def test_in_a_browser_of_390_pixels(data: Path) -> None:
    """One tap on the tab; two on the headline. What a finger has to meet is at least 24 by 24 pixels, the keys below 36 by 44."""
    with web(data) as address, chromium() as browser:
        seen = Seen(browser, address, **PHONE)
        seen.wait(lambda text: "LIVE" in text and "Queue (" in text and re.search(r"SHORT [1-9]", text))
        assert 40 <= seen.screen.columns < 48
        box = seen.page.locator(".xterm-screen").bounding_box()
        assert box is not None
        assert box["width"] <= 390
        cell, line = box["width"] / seen.screen.columns, box["height"] / seen.screen.lines
        assert len("tonight") * cell >= 24
        assert 2 * line >= 24
        for key in seen.page.locator("#keys button").all():
            size = key.bounding_box()
            assert size is not None
            assert size["width"] >= 36
            assert size["height"] >= 44
        seen.tap("tonight")
        seen.wait(answered)
        seen.tap("queue")
        seen.wait("> Queue")
        x, y = seen.at("SHORT")
        for _ in range(2):
            seen.page.touchscreen.tap(x, y)
            seen.page.wait_for_timeout(300)
        seen.wait(answered)
        seen.page.locator("#keys button", has_text="tab").tap()
        seen.wait(lambda text: "> Tonight" not in text)
        assert not seen.faults

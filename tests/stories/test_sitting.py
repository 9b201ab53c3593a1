"""A whole sitting at the keyboard, in a real terminal, over the embedded console with a live simulated force."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal.screen import Terminal


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with nine days of synthetic history."""
    path = tmp_path_factory.mktemp("story") / "a.duckdb"
    subprocess.run([sys.executable, "-m", "console", "init", "--data", str(path), "--days", "9"], check=True, capture_output=True)
    return path


def environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "CI")}
    return {**kept, "CONSOLE_DATA": str(data), "TERM": "xterm-256color", "LANG": "C.UTF-8", "XDG_STATE_HOME": str(data.parent)}


def shown(text: str) -> tuple[int, int]:
    found = re.search(r"([\d,]+) of ([\d,]+) open", text)
    assert found, text
    return int(found[1].replace(",", "")), int(found[2].replace(",", ""))


def headline(text: str, name: str) -> int:
    found = re.search(rf"{name} ([\d,]+)", text)
    assert found, text
    return int(found[1].replace(",", ""))


def references(text: str) -> list[str]:
    """Return the incidents of a table on the screen, from the top."""
    return re.findall(r"\d+\.\d  (J-[\d-]+)", text)


def test_a_sitting(data: Path) -> None:
    """Start, live change, select, drill, an incident, rows behind a number, back, lock, clear, search, quit."""
    with Terminal([sys.executable, "-m", "console"], environment(data), rows=40, columns=120) as screen:
        text = screen.wait(lambda text: "LIVE" in text and "Queue, in priority (" in text, 60)
        shown_all, every = shown(text)
        assert shown_all == every == headline(text, "OPEN")
        before = text
        screen.wait(lambda text: text.split("Units (")[-1] != before.split("Units (")[-1], 60)

        screen.press("'", "p")
        screen.wait("> Place")
        screen.press("space")
        text = screen.wait(lambda text: re.search(r"District \* ", text) is not None and shown(text)[0] < shown(text)[1])
        some, _ = shown(text)
        screen.wait(lambda text: f"in priority ({shown(text)[0]})" in text and headline(text, "OPEN") == shown(text)[0])
        assert some < every

        screen.press("right")
        screen.wait("> Sector")
        screen.press("right")
        screen.wait("> Beat")
        screen.press("backspace", "backspace")
        screen.wait("> Place")

        screen.press("enter")
        text = screen.wait(lambda text: re.search(r"(\d+) rows of ", text) is not None)
        assert "Reference" in text
        screen.press("esc")
        screen.wait("Queue, in priority")

        screen.press("'", "q")
        text = screen.wait(lambda text: "> Queue" in text and bool(references(text)))
        screen.press("enter")
        rows = screen.wait(lambda text: "rows of Queue" in text and bool(references(text)))
        assert references(rows)[0] == references(text)[0]
        screen.press("esc")
        screen.wait("> Queue")
        screen.press("o")
        screen.wait(lambda text: "Clocks" in text and "Nearest suitable" in text)
        screen.press("esc")
        screen.wait("Queue, in priority")

        screen.press("'", "p", "L")
        screen.wait(lambda text: re.search(r"District L ", text) is not None)
        screen.press("C")
        screen.wait(lambda text: re.search(r"District L ", text) is not None and shown(text)[0] < shown(text)[1])
        screen.press("L")
        screen.wait(lambda text: re.search(r"District \* ", text) is not None)
        screen.press("C")
        screen.wait(lambda text: "nothing selected" in text and shown(text)[0] == shown(text)[1])
        screen.press("[")
        screen.wait(lambda text: re.search(r"District \* ", text) is not None)
        screen.press("C")
        screen.wait("nothing selected")

        screen.press("/", *"easton")
        screen.wait(lambda text: "Easton" in text)
        screen.press("esc")
        screen.resize(24, 80)
        screen.wait("demand | tonight | map | queue")
        screen.press("q")
        assert screen.finish() == 0
        assert b"\x1b[?1049l" in screen.raw
        assert b"\x1b[?25h" in screen.raw


def test_a_held_file_is_named(data: Path) -> None:
    """A second console on a file in use says which process holds it and what to do."""
    from console.store.database import open_store

    store = open_store(data)
    done = subprocess.run([sys.executable, "-m", "console", "ask", "control"], env=environment(data), capture_output=True, text=True)
    store.close()
    assert done.returncode == 1
    assert f"in use by process {os.getpid()}" in done.stderr
    assert "--data" in done.stderr

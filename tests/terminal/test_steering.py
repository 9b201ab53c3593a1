"""What a file's texts can do to a real terminal: nothing. On the wire is text, and the sequences of the program's own."""

from __future__ import annotations

import base64
import os
import re
import sys
from pathlib import Path

import pytest

from tests import hostile
from tests.hostile import force
from tests.terminal.screen import Terminal

ROWS, COLUMNS = 40, 120
MODES = "7|25|1000|1002|1003|1004|1006|1015|1016|1049|2004|2026|2027|2048"  # private modes that a program like this switches
OWN = re.compile(
    rb"\x1b\[(?P<place>(\d*)(;\d*)?)H"  # the cursor to a cell of the screen
    rb"|\x1b\[\d*[ABCDGd]"  # the cursor by cells
    rb"|\x1b\[[02]?[JK]|\x1b\[\d*X"  # blank cells
    rb"|\x1b\[6n"  # whether the terminal has caught up
    rb"|\x1b\[(0|1|2|3|4|7|22|23|24|27|39|49|[34]8;5;\d{1,3}|[34]8;2;\d{1,3};\d{1,3};\d{1,3}|3[0-7]|4[0-7]|9[0-7]|10[0-7]|;)*m"  # colour
    rb"|\x1b\[\?(" + MODES.encode() + rb")(;(" + MODES.encode() + rb"))*[hl]"
    rb"|\x1b\[\?(2026|2027|2048)\$p"  # whether the terminal knows a mode
    rb"|\x1b\[(<|>\d+)u"  # how keys are told
    rb"|\x1b\[\d q"  # the cursor's shape
    rb"|\x1b\]22;[a-z]+(\x1b\\|\x07)"  # the pointer's shape
    rb"|\x1b\]52;c;(?P<copied>[A-Za-z0-9+/=]*)\x07"  # a copy
)
ENDS = b"\r\n\b\x07"  # lines, a cell back, and the bell for an alert


def foreign(raw: bytes) -> tuple[list[str], list[str], str]:
    """Return of what a program wrote: what is neither text nor a sequence of its own, the texts copied, and the text between."""
    left, copied = [], []
    for found in OWN.finditer(raw):
        row, _, column = (found["place"] or b"").partition(b";")
        if int(row or 1) > ROWS or int(column or 1) > COLUMNS:
            left.append(f"a place off the screen: {found[0]!r}")
        if found["copied"] is not None:
            copied.append(base64.b64decode(found["copied"]).decode())
    text = OWN.sub(b"", raw).translate(None, ENDS).decode("utf-8", "backslashreplace")
    return left + [ascii(bare) for bare in re.findall("[\x00-\x1f\x7f-\x9f].{0,40}", text)], copied, text


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file whose every word is hostile."""
    return force.make(Path(tmp_path_factory.mktemp("steering")) / "a.duckdb")


@pytest.mark.parametrize(
    "more", [{}, {"NO_COLOR": "1"}, {"TERM": "xterm"}, {"PYTHONIOENCODING": "ascii"}], ids=["256", "no colour", "16", "ascii"]
)
def test_nothing_but_text_and_its_own(data: Path, tmp_path: Path, more: dict[str, str]) -> None:
    """Panels, rows, pages, a search, alerts and copies of hostile texts, from start to end."""
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "CI", "COLORTERM")}
    environment = {
        **kept,
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "XDG_STATE_HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
        **more,
    }
    argv = [sys.executable, "-m", "console", "--data", str(data), "--no-feed"]
    seen = ""
    with Terminal(argv, environment, ROWS, COLUMNS) as screen:
        screen.wait(lambda text: "open shown" in text and "counting" not in text, 60)
        for keys in (
            "'q",
            "f",
            ["down"] * 5,
            ["right"] * 4,
            ["pagedown"],
            ["enter"],
            ["right"] * 6,
            ["pagedown"],
            "o",
            ["pagedown"],
            ["esc"],
            ["esc"],
        ):
            screen.press(*keys)
            screen.read(0.5)
            seen += screen.text
        for keys in (
            ["esc"],
            "'t",
            "f",
            ["pagedown"],
            "yv",
            "yr",
            "yp",
            ["space"],
            "ys",
            "/[",
            ["esc"],
            "A",
            ["esc"],
            "2",
            "'c",
            "f",
            ["pagedown"],
            "yp",
        ):
            screen.press(*keys)
            screen.read(0.5)
            seen += screen.text
        screen.wait(lambda text: "copied" in text)
        screen.press("q")
        assert screen.finish() == 0
    left, copied, text = foreign(screen.raw)
    assert left == []
    assert hostile.unseen(text) == []
    assert "[bold red]x[/bold red]" in seen
    assert len(copied) >= 4
    assert not any(hostile.harmful(each.replace("\t", "").replace("\n", "")) for each in copied)
    assert hostile.STEERING["clipboard"].encode() not in screen.raw


@pytest.mark.parametrize("name", hostile.STEERING)
def test_the_reading_itself(name: str) -> None:
    """Whatever a hostile text would write raw is found to be foreign."""
    left, copied, text = foreign(f"\x1b[1;1H\x1b[0;38;5;250mon {hostile.STEERING[name]} it\r\n".encode())
    assert left or copied or hostile.unseen(text)


def test_its_own_is_not_foreign() -> None:
    """What the program writes is read as its own."""
    assert foreign(b"\x1b[?1049h\x1b[12;40H\x1b[1;38;5;231;48;5;236mtext\x1b[0m\x1b[K\x1b[3C\x07\r\n") == ([], [], "text")

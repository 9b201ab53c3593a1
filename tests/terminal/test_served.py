"""The served mode without any sshd: what it refuses, and who reads of a fault."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal import children
from tests.terminal.screen import Terminal

BREAKS = """
from console.app import crash
from pathlib import Path
crash.serve({reports})
from console.app.panels.bars import Bars
def broken(self, width, height):
    raise ZeroDivisionError("a bar of J-10442 without length")
Bars.body = broken
"""


def served(*options: str) -> list[str]:
    """Return the command of a served console."""
    return [sys.executable, "-m", "console", "--served", *options]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--keys", "/etc/passwd"), "--keys"),
        (("--exports", "/tmp"), "--exports"),
        (("--play", "/etc/passwd"), "--play"),
        (("check",), "check"),
        (("keys",), "keys"),
        (("--select", "area=@/etc/passwd"), "area: no file is read here"),
    ],
)
def test_what_would_reach_a_file_is_refused(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    """Also where whoever wrote the command passes on what a client says."""
    data = str(tmp_path / "a.duckdb")
    env = children.environment(XDG_DATA_HOME=str(tmp_path), CONSOLE_DATA=str(tmp_path / "named.duckdb"))
    if "--select" in options:
        subprocess.run([sys.executable, "-m", "console", "init", "--days", "1", "--data", data], check=True, capture_output=True)
    with Terminal(served("--data", data, "--no-feed", *options), env) as terminal:
        assert terminal.finish(30) == 2
        assert said in terminal.text.replace("\n", "")
    assert not (tmp_path / "named.duckdb").exists()


def test_a_fault_is_told_to_an_administrator_alone(tmp_path: Path) -> None:
    """Its report lies in the letter box, for its owner and root; who sat there reads one sentence, with nothing of the fault in it."""
    box = tmp_path / "box"
    box.mkdir()
    more = BREAKS.format(reports=f"Path({str(box)!r})")
    with Terminal(children.console(more=more), children.environment(HOME=str(tmp_path))) as terminal:
        assert terminal.finish(30) == 1
        text = terminal.text.replace("\n", "")
    (report,) = box.iterdir()
    assert f"the administrator has its report as {report.stem}" in text
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert "a bar of J-10442 without length" in report.read_text()
    for secret in ("J-10442", "Traceback", "ZeroDivision", str(box)):
        assert secret not in text


def test_a_fault_without_a_letter_box(tmp_path: Path) -> None:
    """Where no report can be written the system's log has it, and the screen says no more than before."""
    more = BREAKS.format(reports=f"Path({str(tmp_path / 'no' / 'box')!r})")
    (tmp_path / "no").write_text("in the way")
    with Terminal(children.console(more=more), children.environment(HOME=str(tmp_path))) as terminal:
        assert terminal.finish(30) == 1
        assert "it stands in the administrator's log" in terminal.text.replace("\n", "")
        assert "J-10442" not in terminal.text
        assert "Traceback" not in terminal.text


def test_without_a_terminal(tmp_path: Path) -> None:
    """Nothing is read from a pipe and nothing written to one."""
    done = subprocess.run(served("--data", str(tmp_path / "a.duckdb")), input="q", capture_output=True, text=True, env={**os.environ})
    assert done.returncode == 1
    assert done.stderr == "console: a served screen needs a terminal: ssh -t asks for one\n"
    assert not done.stdout
    assert not list(tmp_path.iterdir())

"""The built wheel in an empty environment, started in any folder, finds its queries and its data."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from console import __version__

ROOT = Path(__file__).resolve().parents[2]


def run(*argv: str | Path, cwd: Path) -> str:
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run([str(each) for each in argv], cwd=cwd, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_alone(tmp_path: Path) -> None:
    """Built, installed in a new environment, it says its version, checks its apps, makes history and answers."""
    run(sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", tmp_path, ROOT, cwd=tmp_path)
    run(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    (wheel,) = tmp_path.glob("*.whl")
    run(tmp_path / "venv" / "bin" / "pip", "install", "-q", wheel, cwd=tmp_path)
    console = tmp_path / "venv" / "bin" / "console"
    assert run(console, "--version", cwd=tmp_path) == f"console {__version__}\n"
    assert "agree" in run(console, "check", cwd=tmp_path)
    run(console, "init", "--data", "a.duckdb", "--days", "1", cwd=tmp_path)
    assert "open shown" in run(console, "ask", "control/type", "--data", "a.duckdb", cwd=tmp_path)

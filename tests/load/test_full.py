"""A disk that fills up: said in a line, and nothing lost once there is room again."""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from console.feed.simulator import Simulator
from console.store.database import open_store

ROOM = 5_700_000  # for an empty file, and a little more
LIMIT = 3_000_000
Bound = Callable[[], None] | None


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))


@pytest.fixture(params=["a small disk", "a limit on the size of files"])
def bounded(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Path, Bound, Callable[[], object]]]:
    """Give a folder, what a process must do first to find it full soon, and how to make room; by limit where nothing can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    disk = ["-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)]
    if "disk" in request.param and mount and subprocess.run([mount, *disk], capture_output=True).returncode == 0:
        yield folder, None, lambda: subprocess.run([mount, "-o", "remount,size=200m", str(folder)], check=True)
        subprocess.run(["umount", str(folder)], check=True)
    else:
        yield folder, _limit, lambda: None


def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path, bounded: tuple[Path, Bound, Callable[[], object]]) -> None:
    """The line names the file and says what to do; whole takes are kept, and the next run stores the rest."""
    folder, full, make_room = bounded
    lines = list(Simulator(11, datetime(2026, 10, 24)).advance(datetime(2026, 10, 24, 12)).lines())
    feed, data = tmp_path / "feed.ndjson", folder / "a.duckdb"
    feed.write_bytes(b"".join(lines))
    command = [sys.executable, "-m", "console", "ingest", "--data", str(data), str(feed)]
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=full)
    assert (done.returncode, done.stdout) == (1, "")
    said = [line for line in done.stderr.splitlines() if line.startswith("console: ")]
    assert done.stderr.splitlines() == said
    assert len(said) == 1
    assert f"{data} can't be written" in said[0]
    assert "make room" in said[0]
    make_room()
    again = subprocess.run(command, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    store = open_store(data)
    with store.reader() as cursor:
        held = cursor.execute("select count(*), count(distinct sequence) from base.event").fetchall()
    store.close()
    assert held == [(len(lines), len(lines))]

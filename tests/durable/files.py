"""Data files for these tests: made once, copied, left as a kill leaves them, and damaged."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from console.feed.ingest import Ingest, Position
from console.feed.simulator import Simulator
from console.store.database import open_store

START = datetime(2026, 10, 24)
LEFT = """
import os, sys
from pathlib import Path
from console.feed.ingest import Ingest
from console.store.database import open_store
lines = Path(sys.argv[2]).read_bytes().splitlines(keepends=True)
store = open_store(Path(sys.argv[1]))
for at in range(0, len(lines), 100):
    Ingest(store).take(lines[at : at + 100], "feed", first_line=at + 1)
os._exit(0)
"""


def lines(hours: float, seed: int = 11) -> list[bytes]:
    """Return the lines of the simulated force's first hours."""
    return list(Simulator(seed, START).advance(START + timedelta(hours=hours)).lines())


def filled(path: Path, told: list[bytes]) -> Path:
    """Make a file that holds these lines, and is closed."""
    store = open_store(path)
    Ingest(store).take(told, "feed", position=Position("/feed", sum(map(len, told)), len(told), f"1:{'0' * 64}"))
    store.close()
    return path


def left(path: Path, told: list[bytes]) -> Path:
    """Store these lines a hundred at a time in a process that is then gone without a word, its log beside the file."""
    feed = path.with_name(f"{path.name}.feed")
    feed.write_bytes(b"".join(told))
    subprocess.run([sys.executable, "-c", LEFT, str(path), str(feed)], check=True)
    feed.unlink()
    return path


def copied(path: Path, to: Path) -> Path:
    """Copy a file and all that lies beside it to another name."""
    for each in path.parent.glob(f"{path.name}*"):
        shutil.copyfile(each, to.with_name(each.name.replace(path.name, to.name, 1)))
    return to


def flipped(path: Path, *places: int) -> None:
    """Change a byte at each of these places."""
    with path.open("r+b") as file:
        for place in places:
            file.seek(place)
            (byte,) = file.read(1)
            file.seek(place)
            file.write(bytes([byte ^ 0xFF]))


def events(path: Path) -> set[tuple[str, int]]:
    """Return what a file holds, by source and sequence; each is held once."""
    store = open_store(path)
    with store.reader() as cursor:
        found = cursor.execute("select source, sequence from base.event").fetchall()
    store.close()
    assert len(found) == len(set(found))
    return set(found)

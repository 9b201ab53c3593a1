"""The power is cut at any moment: whatever was acknowledged is there, once, and the state is the fold of the events."""

from __future__ import annotations

import os
import random
import re
import shutil
import struct
from pathlib import Path

import pytest

from console.feed.ingest import Ingest
from console.feed.verify import verify
from console.store import blocks
from console.store.backup import manifest_beside
from console.store.database import open_store
from console.store.restoring import restore
from tests.durable.disk import Disk
from tests.durable.files import lines
from tests.durable.traced import Step, trace

TAKE, USES = 40, 125_000
WORK = """
import os, sys
from pathlib import Path
import console.store.database as database
from console.feed.ingest import Ingest, Position
from console.store.backup import back_up

path, take, uses = Path(sys.argv[1]), int(sys.argv[3]), int(sys.argv[4])
lines = Path(sys.argv[2]).read_bytes().splitlines(keepends=True)
database.FOLDED = 300_000
store = database.open_store(path)
for n, at in enumerate(range(0, len(lines), take)):
    Ingest(store).take(lines[at : at + take], "feed", position=Position("feed", at + take, at, "0:" + "0" * 64))
    os.write(1, b"took %d" % min(at + take, len(lines)))
    if n % 9 == 4:
        store.checkpoint()
    if n == 12:
        with store.write({"usage"}) as cursor:
            cursor.execute("insert into base.usage (used_at, viewer, action, app, detail) select now()::timestamp, 'a', 'open', 'control', range from range(%d)" % uses)
        os.write(1, b"used")
    if n == 20:
        back_up(store, path.with_name("copy.duckdb"))
        os.write(1, b"copied")
    if n == 25:
        store.close()
        store = database.open_store(path)
store.close()
"""


@pytest.fixture(scope="module")
def told() -> list[bytes]:
    """Half an hour of the simulated force."""
    return lines(0.5)


@pytest.fixture(scope="module")
def steps(told: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> list[Step]:
    """All that a console does to its folder while it takes them, checkpoints, stores in bulk, backs up, closes and opens again."""
    folder = tmp_path_factory.mktemp("power").resolve() / "disk"
    folder.mkdir()
    feed = folder.with_name("feed.ndjson")
    feed.write_bytes(b"".join(told))
    return trace(WORK, folder, str(folder / "a.duckdb"), str(feed), str(TAKE), str(USES))


@pytest.mark.parametrize("strict", [False, True], ids=["ordered", "strict"])
@pytest.mark.parametrize("cuts", [8, pytest.param(500, marks=pytest.mark.long)])
def test_power_cuts(told: list[bytes], steps: list[Step], tmp_path: Path, cuts: int, strict: bool) -> None:
    """After each cut the file opens, holds what was acknowledged, goes on, and is found sound; a backup is whole or not there."""
    rng = random.Random(cuts * 2 + strict)
    (first,) = {step.path.rpartition("/")[0] for step in steps if step.path.endswith("a.duckdb")}
    where = sorted(_moments(rng, steps, cuts))
    disk, said = Disk(Path(first), strict=strict), set[str]()
    for number, step in enumerate(steps):
        while where and where[0] == number:
            where.pop(0)
            folder = tmp_path / "found"
            folder.mkdir()
            disk.cut(rng, folder)
            try:
                _sound(folder, told, said, rng)
            except BaseException as error:
                error.add_note(f"cut before call {number} of {len(steps)}: {step.name} {step.path} at {step.place}; kept in {folder}")
                raise
            shutil.rmtree(folder)
        disk.do(step)
        if step.name == "say":
            said.add(step.body.decode())
    assert f"took {len(told)}" in said


def test_what_a_checkpoint_writes_over_was_kept(steps: list[Step], tmp_path: Path) -> None:
    """Of the blocks that the header on the disk reaches, none is written over but those that were put aside before."""
    kept, over = b"", 0
    with (tmp_path / "now").open("w+b", buffering=0) as file:
        for step in steps:
            if step.path.endswith("/a.duckdb.before"):
                kept = b"" if step.name == "open" else kept + step.body
            if step.name != "write" or not re.search(r"/a\.duckdb(\.new-\d+)?$", step.path):
                continue
            if step.place >= blocks.BEGIN and step.path.endswith("/a.duckdb"):
                head = blocks.header(file.fileno())
                number = (step.place - blocks.BEGIN) // head.size
                if number < head.count and number not in blocks.free_blocks(file.fileno(), head):
                    assert number in _kept(kept), number
                    over += 1
            os.pwrite(file.fileno(), step.body, step.place)
    assert over > 5


def _kept(told: bytes) -> set[int]:
    size, many = struct.unpack_from("<QQ", told, 16)
    return {struct.unpack_from("<Q", told, 32 + blocks.BEGIN + n * (size + 8))[0] for n in range(many)}


def _moments(rng: random.Random, steps: list[Step], cuts: int) -> list[int]:
    """Return cut points: half anywhere, half around syncs and changes of names, where most can go wrong."""
    near = [n + rng.randint(0, 1) for n, step in enumerate(steps) if step.name not in ("say", "write")]
    return [rng.choice(near) if n % 2 else rng.randrange(len(steps)) for n in range(cuts)]


def _sound(folder: Path, told: list[bytes], said: set[str], rng: random.Random) -> None:
    path, copy = folder / "a.duckdb", folder / "copy.duckdb"
    if "copied" in said or manifest_beside(copy).exists():
        restore(copy, folder / "restored.duckdb", replace=False)
    taken = max((int(words.split()[1]) for words in said if words.startswith("took")), default=0)
    assert taken == 0 or path.exists()
    store = open_store(path)
    with store.reader() as cursor:
        held = cursor.execute("select sequence from base.event order by all").fetchall()
        ((uses,),) = cursor.execute("select count(*) from base.usage").fetchall()
    assert len(held) in (taken, min(taken + TAKE, len(told)))
    assert held == [(n + 1,) for n in range(len(held))]
    assert uses in ((USES,) if "used" in said else (0, USES))
    Ingest(store).take(told[len(held) : len(held) + TAKE], "feed")
    if rng.random() < 0.5:
        store.checkpoint()
    store.close()
    assert [check for check in verify(path) if check.sound is False] == []

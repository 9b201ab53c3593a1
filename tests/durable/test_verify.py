"""`console verify`: a sound file is found sound, and whatever was changed in one is found and named."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from console import files
from console.feed.verify import TABLES, Check, verify
from console.store import blocks
from console.store.database import StoreError, open_store
from tests.durable.files import copied, filled, flipped, lines


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with an hour of events and a small import."""
    path = filled(tmp_path_factory.mktemp("verify") / "a.duckdb", lines(1))
    change(
        path,
        "insert into base.batch values ('b', 'police_uk', 'stop-and-search', 'f', '2026-01', 'file', 'x', 2, 0, 0, timestamp '2026-01-01', null)",
        "insert into base.stop_search (batch, line) values ('b', 1), ('b', 2)",
        "insert into base.event values ('import', 1, timestamp '2026-01-01', timestamp '2026-01-01', 'batch.imported', 'b', '{}', null)",
        "insert into base.source values ('import', 1, 1, 1, 0, timestamp '2026-01-01', timestamp '2026-01-01')",
    )
    return path


def change(path: Path, *statements: str) -> None:
    store = open_store(path)
    with store.write(set()) as cursor:
        for statement in statements:
            cursor.execute(statement)
    store.close()


def found(path: Path) -> dict[str, Check]:
    return {check.name: check for check in verify(path)}


def test_a_sound_file(made: Path, tmp_path: Path) -> None:
    """Every check is passed, the file is as it was to the byte, and nothing is left beside it."""
    path = copied(made, tmp_path / "a.duckdb")
    before = path.read_bytes()
    checks = found(path)
    assert [check for check in checks.values() if check.sound is False] == []
    assert list(checks) == ["blocks", "log", "sources", "once", "positions", "imports", "gaps", "state"]
    assert checks["gaps"].sound is None
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


STATE = [
    ("delete from base.incident where ref = (select min(ref) from base.incident)", r"incident differs for 1: \S+ \(0 held, 1 folded\)"),
    ("insert into base.contact by name (from base.contact limit 1)", r"contact differs for 1: \S+ \(1 held, 0 folded\)"),
    ("update base.event set fault = 'x' where sequence = 3", r"event differs for 1: simulator 3 \(1 held, 1 folded\)"),
    ("update base.officer set name = name || '.'", r"officer differs for \d{2,}: (\S+ \(1 held, 1 folded\)(, )?){5}$"),
]
COUNTS = [
    ("sources", "update base.source set heard_at = heard_at + interval 1 microsecond where source = 'simulator'", "simulator: 1 to"),
    ("once", "insert into base.event by name (from base.event where sequence = 3)", "^simulator 3 is held 2 times$"),
    ("positions", "update base.position set lines = bytes + 1", "^/feed: "),
    ("imports", "delete from base.stop_search where line = 1", r"b: 2 rows counted, 1 held"),
    ("imports", "update base.batch set quarantined = 4", "4 lines refused, 0 held"),
    ("imports", "delete from base.event where source = 'import'", "no event tells of it"),
    ("imports", "insert into base.crime (batch, line, month, category) values ('c', 1, '2026-01', 'x')", "c: 0 rows counted, 1 held"),
]


def test_a_state_that_was_changed(made: Path, tmp_path: Path) -> None:
    """Each table that isn't the fold of the events is named, with whose rows differ, and few of them."""
    path = copied(made, tmp_path / "a.duckdb")
    change(path, *(statement for statement, _ in STATE))
    check = found(path)["state"]
    assert check.sound is False
    told = check.words.split("; ")
    assert len(told) == len(STATE)
    for _, said in STATE:
        assert any(re.search(f"^{said}", one) for one in told), (said, told)


def test_counts_that_were_changed(made: Path, tmp_path: Path) -> None:
    """Each check that looks at a count fails, and says what of whom."""
    path = copied(made, tmp_path / "a.duckdb")
    change(path, *(statement for _, statement, _ in COUNTS))
    with_faults = {check.name: check for check in verify(path, whole=False)}
    for name, _, said in COUNTS:
        assert with_faults[name].sound is False
        assert re.search(said, with_faults[name].words), with_faults[name].words


def test_gaps_are_counted(made: Path, tmp_path: Path) -> None:
    """A sequence that never came is no fault, but said."""
    path = copied(made, tmp_path / "a.duckdb")
    change(
        path,
        "delete from base.event where source = 'simulator' and sequence in (select last_sequence - 1 from base.source)",
        "update base.source set events = events - 1 where source = 'simulator'",
    )
    (gaps,) = [check for check in verify(path, whole=False) if check.name == "gaps"]
    assert gaps == Check("gaps", None, "1 sequences missing (simulator 1)")


def test_every_block_in_use(made: Path, tmp_path: Path) -> None:
    """A byte changed in any block or header that is in use is found, and the block named; in a free block it is none of the file's."""
    path = copied(made, tmp_path / "a.duckdb")
    change(
        path,
        "insert into base.usage (used_at, viewer, action, app, detail) select now()::timestamp, 'a', 'open', 'control', md5(range::text) from range(20000)",
    )
    change(path, "delete from base.usage")
    file = os.open(path, os.O_RDONLY)
    head, free = blocks.header(file), blocks.free_blocks(file, blocks.header(file))
    os.close(file)
    assert free
    for number in range(head.count):
        place = blocks.BEGIN + number * head.size + (number * 7919) % head.size
        if number in free and place >= path.stat().st_size:
            continue
        flipped(path, place)
        check = next(verify(path))
        assert check.sound is (number in free), number
        assert number in free or f"aren't whole: {number}" in check.words or f"block {number}," in check.words
        flipped(path, place)
    for place in (100, 4096 + 20, 8192 + 20):
        flipped(path, place)
        assert next(verify(path)).sound is False
        flipped(path, place)
    assert next(verify(path)).sound


def test_what_the_fold_makes_is_compared() -> None:
    """No table that the fold writes is left out."""
    written = set()
    for path in (files.queries() / "feed").glob("*.sql"):
        written |= set(re.findall(r"(?:insert(?: or replace)? into|update) base\.(\w+)", path.read_text(encoding="utf-8")))
    assert written - {"source", "position", "quarantine", "simulator", "announced", "batch", "refused", "kept"} == set(TABLES)


def test_the_command(made: Path, tmp_path: Path) -> None:
    """One line a check, and the status says whether all is well; a file in use is refused by name."""
    path = copied(made, tmp_path / "a.duckdb")
    change(path, "delete from base.officer")
    command = [sys.executable, "-m", "console", "verify", "--data", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, "")
    assert [line[:6].strip() for line in done.stdout.splitlines()] == ["ok"] * 6 + ["note", "FAULT"]
    store = open_store(path)
    held = subprocess.run(command, capture_output=True, text=True)
    store.close()
    assert held.returncode == 1
    assert f"{path} is in use by" in held.stderr
    with pytest.raises(StoreError, match="no such file"):
        found(tmp_path / "none.duckdb")

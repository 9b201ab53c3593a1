"""What is wrong with a file is said in a line: which file, why, what to do; and what was acknowledged is there, or missed by name."""

from __future__ import annotations

import ctypes
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from console.feed.ingest import Ingest
from console.feed.verify import verify
from console.store import blocks, log
from console.store.database import open_store
from console.store.faults import StoreError
from console.store.lasting import kept_beside, mark_beside
from tests.durable.files import copied, events, filled, flipped, left, lines


@pytest.fixture(scope="module")
def told() -> list[bytes]:
    """Six hundred lines of the simulated force."""
    return lines(1)[:600]


@pytest.fixture(scope="module")
def gone(told: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file whose process was gone without a word after six takes, its log beside it."""
    return left(tmp_path_factory.mktemp("gone") / "a.duckdb", told)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another such file, of another force."""
    return left(tmp_path_factory.mktemp("other") / "b.duckdb", lines(1, seed=5)[:600])


def _cut(path: Path) -> None:
    with log.beside(path).open("rb+") as file:
        file.truncate(log.beside(path).stat().st_size - 30)


def _cut_at_a_commit(path: Path) -> None:
    whole = log.beside(path).read_bytes()
    last = whole.rindex(log._ENDED, 0, len(whole) - 30) + len(log._ENDED)
    log.beside(path).write_bytes(whole[:last])


def _gone(path: Path) -> None:
    log.beside(path).unlink()


def _length(path: Path) -> None:
    flipped(log.beside(path), 10)


def _middle(path: Path) -> None:
    flipped(log.beside(path), log.beside(path).stat().st_size // 2)


def _end(path: Path) -> None:
    flipped(log.beside(path), log.beside(path).stat().st_size - 3)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_cut, "is cut off at"), (_cut_at_a_commit, "is cut off at"), (_gone, "is gone"), (_length, "isn't what was written to it"),
        (_middle, "isn't what was written to it"), (_end, "isn't what was written to it"),
    ],
)  # fmt: skip
def test_a_spoiled_log(gone: Path, tmp_path: Path, spoil: Callable[[Path], None], said: str) -> None:
    """It is refused, all beside it as it was; its mark emptied, what is left of it is taken in, and the rest kept aside."""
    path = copied(gone, tmp_path / "a.duckdb")
    spoil(path)
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    with pytest.raises(StoreError, match=said) as refused:
        open_store(path)
    words = str(refused.value)
    assert "\n" not in words
    assert words.startswith(f"{path}: its log a.duckdb.wal")
    assert f"console restore BACKUP --data {path} --replace" in words
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before
    mark_beside(path).write_bytes(b"")
    held = events(path)
    assert held == {("simulator", n + 1) for n in range(len(held))}
    assert len(held) in range(0, 600, 100)


def test_the_end_of_a_log_that_was_never_acknowledged(gone: Path, tmp_path: Path) -> None:
    """What stands behind the last commit is put aside and said, whatever it is; all that was acknowledged is there, and goes on."""
    for n, tail in enumerate((b"\0" * 5000, os.urandom(3000), log.beside(gone).read_bytes()[8:3000])):
        folder = tmp_path / str(n)
        folder.mkdir()
        path = copied(gone, folder / "a.duckdb")
        with log.beside(path).open("ab") as file:
            file.write(tail)
        store = open_store(path)
        assert len(store.mended) == 1
        assert f"those {len(tail):,} bytes are in a.duckdb.wal.cut" in store.mended[0]
        store.close()
        assert len(events(path)) == 600


def test_another_files_log(gone: Path, other: Path, told: list[bytes], tmp_path: Path) -> None:
    """A log of another file is never taken in, beside a file that has one of its own or one that has none."""
    path = copied(gone, tmp_path / "a.duckdb")
    shutil.copyfile(log.beside(other), log.beside(path))
    with pytest.raises(StoreError, match="another file's"):
        open_store(path)
    closed = filled(tmp_path / "c.duckdb", told[:100])
    shutil.copyfile(log.beside(other), log.beside(closed))
    before = closed.read_bytes()
    with pytest.raises(
        StoreError, match=r"c\.duckdb: beside it lies a log, c\.duckdb\.wal, that isn't known to be its own; nothing was touched"
    ):
        open_store(closed)
    assert closed.read_bytes() == before
    closed.unlink()
    with pytest.raises(StoreError, match=r"c\.duckdb is gone, and its log c\.duckdb\.wal isn't"):
        open_store(closed)


def test_an_older_copy_in_its_place(gone: Path, told: list[bytes], tmp_path: Path) -> None:
    """A file that stands before what was stored is refused, with both versions."""
    older = filled(tmp_path / "older.duckdb", told[:100])
    path = copied(gone, tmp_path / "a.duckdb")
    store = open_store(path)
    store.checkpoint()
    mark, version = mark_beside(path).read_bytes(), store.version
    store.close()
    shutil.copyfile(older, path)
    mark_beside(path).write_bytes(mark)
    with pytest.raises(StoreError, match=rf"a\.duckdb stands at data version 1, and {version} was stored: an older copy is in its place"):
        open_store(path)
    mark_beside(path).write_bytes(b"")
    assert len(events(path)) == 100


def test_a_checkpoint_broken_off(told: list[bytes], tmp_path: Path) -> None:
    """Blocks in use that a checkpoint had begun to write over are put back before the file is opened."""
    path = filled(tmp_path / "a.duckdb", told[:300])
    store = open_store(path)
    with store.write({"usage"}) as cursor:
        cursor.execute(
            "insert into base.usage (used_at, viewer, action, app, detail) values (timestamp '2026-01-01', 'a', 'open', 'control', null)"
        )
    metadata = [number for (number,) in store.reader().execute("select block_id from pragma_metadata_info('console_file')").fetchall()]
    with store._kept.checkpointing(store.version, metadata):
        shutil.copyfile(kept_beside(path), tmp_path / "kept")
    file = store._kept.file
    head = blocks.header(file)
    for each in (path, log.beside(path), mark_beside(path)):
        shutil.copyfile(each, each.with_name(each.name.replace("a.", "b.", 1)))
    store.close()
    broken = tmp_path / "b.duckdb"
    shutil.copyfile(tmp_path / "kept", kept_beside(broken))
    flipped(broken, *(blocks.BEGIN + number * head.size + 5000 for number in metadata))
    store = open_store(broken)
    assert ["were put back" in words for words in store.mended] == [True]
    with store.reader() as cursor:
        assert cursor.execute("select (select count(*) from base.event), (select count(*) from base.usage)").fetchall() == [(300, 1)]
    store.close()
    assert not kept_beside(broken).exists()


@pytest.mark.parametrize("what", ["cut short", "a header", "its blocks"])
def test_a_damaged_file(told: list[bytes], tmp_path: Path, what: str) -> None:
    """Where header or blocks aren't whole it is said in a line, with how to restore; a file cut short as well."""
    path = filled(tmp_path / "a.duckdb", told[:300])
    size = path.stat().st_size
    if what == "cut short":
        path.write_bytes(path.read_bytes()[:5000])
    else:
        flipped(path, *([4096 + 9] if what == "a header" else range(blocks.BEGIN + 5000, size, 1 << 18)))
    done = subprocess.run([sys.executable, "-m", "console", "ask", "control", "--data", str(path)], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(f"console: {path} is damaged (")
    assert f"console restore BACKUP --data {path} --replace" in done.stderr


def without_privilege(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the program as one to whom the modes of files apply, as they do to all but root."""

    def drop() -> None:
        if os.getuid() == 0:
            ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE

    return subprocess.run([sys.executable, "-m", "console", *words], capture_output=True, text=True, preexec_fn=drop)


def test_a_file_that_may_not_be_written(told: list[bytes], tmp_path: Path) -> None:
    """A read-only file, and a file in a read-only folder, are named with the reason and what to do, and stay as they are."""
    path = filled(tmp_path / "a.duckdb", told[:100])
    feed = tmp_path / "feed.ndjson"
    feed.write_bytes(b"".join(told))
    before = path.read_bytes()

    def refused(*words: str) -> None:
        done = without_privilege(*words)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
        assert done.stderr.startswith(f"console: {words[1]} can't be written ("), done.stderr
        assert "Permission denied" in done.stderr
        assert "see that the file and its folder may be written" in done.stderr

    path.chmod(0o444)
    refused("--data", str(path), "ingest", str(feed))
    path.chmod(0o600)
    tmp_path.chmod(0o555)
    refused("--data", str(path), "ingest", str(feed))
    refused("--data", str(tmp_path / "new.duckdb"), "init", "--days", "1")
    tmp_path.chmod(0o755)
    assert path.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.duckdb", "feed.ndjson"]


def test_a_disk_that_fills_up_under_an_open_file(told: list[bytes], tmp_path: Path) -> None:
    """A take that finds no room is refused in a line and leaves nothing; once there is room the same file goes on."""
    store = open_store(filled(tmp_path / "a.duckdb", told[:100]))
    Ingest(store).take(told[100:200], "feed")
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.beside(store.path).stat().st_size + 5000, hard))
    try:
        for _ in range(2):
            with pytest.raises(StoreError, match=r"a\.duckdb can't be written .*: make room on its disk") as refused:
                Ingest(store).take(told[200:500], "feed")
            assert "\n" not in str(refused.value)
        with store.reader() as cursor:
            assert cursor.execute("select count(*) from base.event").fetchall() == [(200,)]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    Ingest(store).take(told[200:500], "feed")
    copied(store.path, tmp_path / "b.duckdb")
    store.close()
    assert events(tmp_path / "a.duckdb") == events(tmp_path / "b.duckdb") == {("simulator", n + 1) for n in range(500)}
    assert [check for check in verify(tmp_path / "a.duckdb") if check.sound is False] == []


def test_two_owners(told: list[bytes], tmp_path: Path) -> None:
    """The second is told the first one's number, and the first goes on."""
    path = filled(tmp_path / "a.duckdb", told[:100])
    store = open_store(path)
    for words in (["ask", "control"], ["verify"], ["backup", str(tmp_path / "copy.duckdb")]):
        done = subprocess.run([sys.executable, "-m", "console", "--data", str(path), *words], capture_output=True, text=True)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1)
        assert f"{path} is in use by" in done.stderr
        assert words[0] == "verify" or f"process {os.getpid()}" in done.stderr
    with store.write({"usage"}) as cursor:
        cursor.execute(
            "insert into base.usage (used_at, viewer, action, app, detail) values (timestamp '2026-01-01', 'a', 'open', 'control', null)"
        )
    store.close()
    assert len(events(path)) == 100

"""`console backup` and `console restore`: one moment of a file that is written to, whole or not at all, and never over a file."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from console.feed.ingest import Ingest
from console.feed.verify import verify
from console.store import backup, blocks
from console.store.backup import back_up, manifest_beside
from console.store.database import open_store
from console.store.faults import StoreError
from console.store.restoring import restore
from tests.durable.files import copied, events, filled, flipped, left, lines


@pytest.fixture(scope="module")
def told() -> list[bytes]:
    """Two hours of the simulated force."""
    return lines(2)


@pytest.fixture(scope="module")
def kept(told: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of a file that holds them."""
    folder = tmp_path_factory.mktemp("backup")
    store = open_store(filled(folder / "a.duckdb", told))
    copy, _ = back_up(store, folder / "kept.duckdb")
    store.close()
    return copy


def sound(path: Path, *, whole: bool = True) -> bool:
    return [check for check in verify(path, whole=whole) if check.sound is False] == []


def test_while_it_is_written_to(told: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commits go on while the copy is made; it holds exactly what was committed before, is sound, and so is the file after."""
    monkeypatch.setattr(backup, "CHUNK", 1 << 18)
    half = len(told) // 2
    store = open_store(filled(tmp_path / "a.duckdb", told[:half]))
    before = store.version
    store.checkpoint()
    takes = iter(range(half, len(told), 25))
    taken = 0

    def on(words: str, share: float) -> None:
        nonlocal taken
        if words.startswith("copying") and (at := next(takes, None)) is not None:
            writer = threading.Thread(target=Ingest(store).take, args=(told[at : at + 25], "feed"))
            writer.start()
            writer.join(60)
            assert not writer.is_alive()
            taken += 1

    copy, manifest = back_up(store, tmp_path / "copy.duckdb", on)
    assert taken > 10
    assert (manifest.data_version, store.version) == (before, before + taken)
    assert manifest.sha256 == hashlib.sha256(copy.read_bytes()).hexdigest()
    store.close()
    assert sound(tmp_path / "a.duckdb")
    restored = tmp_path / "b.duckdb"
    restore(copy, restored, replace=False)
    assert len(events(restored)) == half == manifest.rows["event"]
    assert sound(restored)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.duckdb", "b.duckdb", "copy.duckdb", "copy.duckdb.json"]


def test_blocks_that_stand_are_left_alone(told: list[bytes], tmp_path: Path) -> None:
    """Whatever is written, in small takes or in bulk, no block that the last checkpoint left changes before the next."""
    store = open_store(filled(tmp_path / "a.duckdb", told[:500]))

    def stood(file: int) -> dict[int, bytes]:
        head = blocks.header(file)
        free = blocks.free_blocks(file, head)
        return {n: blocks.block(file, head, n) for n in range(head.count) if n not in free}

    with store.still() as file:
        before = stood(file)
        Ingest(store).take(told[500:], "feed")
        with store.write(set()) as cursor:
            cursor.execute(
                "insert into base.quarantine by name select 's' as source, 'p' as place, range as line, 'r' as reason, 'x'::blob as bytes, 1 as length, now()::timestamp as received_at from range(500000)"
            )
            cursor.execute("delete from base.contact")
        assert stood(file) == before
    store.close()


def test_a_backup_is_written_over_nothing(kept: Path, told: list[bytes], tmp_path: Path) -> None:
    """Neither a file nor a manifest that is there is written over; a folder gets a file named by the moment."""
    store = open_store(filled(tmp_path / "a.duckdb", told[:200]))
    (tmp_path / "b.duckdb.json").write_text("mine", encoding="utf-8")
    for name in ("a.duckdb", "b.duckdb"):
        with pytest.raises(StoreError, match="is there already; a backup is written over nothing"):
            back_up(store, tmp_path / name)
    copy, _ = back_up(store, tmp_path)
    store.close()
    assert copy.parent == tmp_path
    assert manifest_beside(copy).exists()
    assert (tmp_path / "b.duckdb.json").read_text(encoding="utf-8") == "mine"


def test_closed_meanwhile(told: list[bytes], tmp_path: Path) -> None:
    """A file that is closed while it is copied leaves no backup, and closes."""
    store = open_store(filled(tmp_path / "a.duckdb", told[:200]))
    closing = threading.Thread(target=store.close)

    def close(words: str, share: float) -> None:
        if not closing.ident:
            closing.start()
            while not store.closing:
                pass

    with pytest.raises(StoreError, match=r"a\.duckdb was closed before its backup was whole"):
        back_up(store, tmp_path / "copy.duckdb", close)
    closing.join(60)
    assert [each.name for each in tmp_path.iterdir()] == ["a.duckdb"]


def _flip(copy: Path) -> None:
    flipped(copy, copy.stat().st_size - 1000)


def _cut(copy: Path) -> None:
    copy.write_bytes(copy.read_bytes()[:-5000])


def _bare(copy: Path) -> None:
    manifest_beside(copy).unlink()


def _newer(copy: Path) -> None:
    path = manifest_beside(copy)
    path.write_bytes(path.read_bytes().replace(b'"schema": ', b'"schema": 9'))


def _garbage(copy: Path) -> None:
    manifest_beside(copy).write_bytes(b"{")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_flip, "isn't as its manifest says"), (_cut, "isn't as its manifest says"), (_bare, "has no manifest"),
        (_newer, "which can't read it"), (_garbage, "can't be read"),
    ],
)  # fmt: skip
def test_what_isnt_whole_isnt_restored(kept: Path, told: list[bytes], tmp_path: Path, spoil: Callable[[Path], None], said: str) -> None:
    """A spoiled backup is refused, and the file that is there stays as it is, also with --replace."""
    copy = copied(kept, tmp_path / "copy.duckdb")
    spoil(copy)
    data = filled(tmp_path / "a.duckdb", told[:100])
    before = data.read_bytes()
    with pytest.raises(StoreError, match=said):
        restore(copy, data, replace=True)
    assert data.read_bytes() == before
    assert not list(tmp_path.glob("*.new-*"))


def test_a_file_that_is_there_is_kept_aside(kept: Path, told: list[bytes], tmp_path: Path) -> None:
    """Without --replace it is refused; with it, the file and its log get another name, and open as before; one in use stays."""
    data = left(tmp_path / "a.duckdb", told[:300])
    with pytest.raises(StoreError, match="is there already"):
        restore(kept, data, replace=False)
    code = "import sys; from pathlib import Path; from console.store.database import open_store; store = open_store(Path(sys.argv[1])); print(flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        holder.stdout.readline()
        with pytest.raises(StoreError, match="is in use by another process"):
            restore(kept, data, replace=True)
        holder.kill()
    _, aside = restore(kept, data, replace=True)
    assert aside
    assert len(events(aside)) == 300
    assert len(events(data)) == len(told)


def test_the_commands(told: list[bytes], tmp_path: Path) -> None:
    """`backup` says what it made; `restore` makes a file of it, looks it through, and names what it kept aside."""
    data = filled(tmp_path / "a.duckdb", told[:300])

    def console(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "console", *words], capture_output=True, text=True)

    made = console("backup", str(tmp_path / "copy.duckdb"), "--data", str(data))
    assert made.returncode == 0, made.stderr
    assert "data version 1," in made.stdout
    again = console("restore", str(tmp_path / "copy.duckdb"), "--data", str(data))
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr.count("\n") == 1
    back = console("restore", str(tmp_path / "copy.duckdb"), "--data", str(data), "--replace")
    assert back.returncode == 0, back.stderr
    assert "is kept as" in back.stdout.splitlines()[0]
    assert back.stdout.splitlines()[2].startswith("ok    blocks")

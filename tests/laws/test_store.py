"""The file: migrated forward, refused when newer or held, a failed write leaves nothing."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from console import __version__
from console.store import migration, sql
from console.store.database import StoreError, open_store


def names(path: Path) -> list[tuple[object, ...]]:
    store = open_store(path)
    try:
        with store.reader() as cursor:
            return sql.rows(cursor, "store/migrated")
    finally:
        store.close()


def test_an_old_file_runs_forward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with only the first migrations gets the rest, each once, and keeps its rows."""
    steps = sql.migrations()
    numbers = [number for number, _, _ in steps]
    assert numbers == sorted(set(numbers))
    old = tmp_path / "old.duckdb"
    monkeypatch.setattr(sql, "migrations", lambda: steps[:1])
    with duckdb.connect(old) as connection:
        migration.migrate(connection, old)
        connection.execute(
            "insert into base.usage (used_at, viewer, action, app, detail) values (timestamp '2026-01-01', 'a', 'open', 'control', null)"
        )
    monkeypatch.undo()
    assert [row[0] for row in names(old)] == [number for number, _, _ in steps]
    store = open_store(old)
    with store.reader() as cursor:
        assert cursor.execute("select viewer from base.usage").fetchall() == [("a",)]
    store.close()


def test_a_newer_file_is_refused_and_untouched(tmp_path: Path) -> None:
    """A file of a newer program is refused with both versions named, byte for byte as it was."""
    path = tmp_path / "newer.duckdb"
    store = open_store(path)
    with store.write(set()) as cursor:
        cursor.execute("insert into migration values (999, '999_future', now()::timestamp, '9.9.9')")
    store.close()
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(StoreError, match=rf"written by console 9\.9\.9.*schema 999.*console {__version__}"):
        open_store(path)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_a_held_file_says_who_holds_it(tmp_path: Path) -> None:
    """A second process is told the first one's number and what to do."""
    path = tmp_path / "held.duckdb"
    store = open_store(path)
    code = "import sys; from pathlib import Path; from console.store.database import open_store; open_store(Path(sys.argv[1]))"
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True)
    store.close()
    import os

    assert f"in use by process {os.getpid()}" in done.stderr
    assert "--data" in done.stderr


def test_a_foreign_file_is_named(tmp_path: Path) -> None:
    """Something that isn't a DuckDB file is refused by name and left alone."""
    path = tmp_path / "notes.duckdb"
    path.write_text("not a database " * 1000, encoding="utf-8")
    with pytest.raises(StoreError, match=r"notes\.duckdb"):
        open_store(path)
    assert path.read_text(encoding="utf-8").startswith("not a database")


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    """A transaction that fails is undone whole, the version stays, and nobody is told."""
    store = open_store(tmp_path / "a.duckdb")
    heard: list[int] = []
    store.listen(lambda version, facts: heard.append(version))

    def cut() -> None:
        with store.write({"usage"}) as cursor:
            cursor.execute(
                "insert into base.usage (used_at, viewer, action, app, detail) values (timestamp '2026-01-01', 'a', 'open', 'control', null)"
            )
            raise RuntimeError("cut")

    with pytest.raises(RuntimeError):
        cut()
    with store.reader() as cursor:
        assert cursor.execute("select count(*) from base.usage").fetchall() == [(0,)]
    assert heard == []
    with store.write({"usage"}) as cursor:
        cursor.execute(
            "insert into base.usage (used_at, viewer, action, app, detail) values (timestamp '2026-01-01', 'a', 'open', 'control', null)"
        )
    assert heard == [store.version]
    store.close()


def test_the_file_is_the_owners_alone(tmp_path: Path) -> None:
    """Embedded, the file's mode is the protection: owner only."""
    open_store(tmp_path / "deep" / "a.duckdb").close()
    assert (tmp_path / "deep" / "a.duckdb").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["ref.duckdb", "base.duckdb", "main.duckdb", "temp", "console_file.db", "a 'b' \"c\" {d}.duckdb"])
def test_any_name_will_do(tmp_path: Path, name: str) -> None:
    """A file named as one of our schemas, or with quotes and spaces, is made, written and opened again as any other."""
    path = tmp_path / name
    store = open_store(path)
    with store.write({"usage"}) as cursor:
        cursor.execute(
            "insert into base.usage (used_at, viewer, action, app, detail) values (timestamp '2026-01-01', 'a', 'open', 'control', null)"
        )
    store.checkpoint()
    store.close()
    store = open_store(path)
    with store.reader() as cursor:
        assert cursor.execute("select count(base.usage.viewer) from base.usage").fetchall() == [(1,)]
        assert cursor.execute("select count(*) > 0 from ref.grade").fetchall() == [(True,)]
        assert cursor.execute("select count(*) from incident(now()::timestamp)").fetchall() == [(0,)]
    store.close()
    assert sorted(each.name for each in tmp_path.iterdir()) == [name]


@pytest.mark.parametrize("made", ["create table sales (n integer)", "create schema base", "create table migration (version varchar)"])
def test_a_strangers_file_is_refused_and_untouched(tmp_path: Path, made: str) -> None:
    """A DuckDB file of something else is refused, with what is still in its log, and neither file nor log changes."""
    path = tmp_path / "sales.duckdb"
    code = f"import duckdb, os; held = duckdb.connect({str(path)!r}); held.execute({made!r}); os._exit(0)"
    subprocess.run([sys.executable, "-c", code], check=True)
    path.chmod(0o644)
    before = {each.name: (each.read_bytes(), each.stat().st_mode) for each in tmp_path.iterdir()}
    assert len(before) == 2
    with pytest.raises(StoreError, match=r"sales\.duckdb is a DuckDB file of something else.*nothing was touched"):
        open_store(path)
    assert {each.name: (each.read_bytes(), each.stat().st_mode) for each in tmp_path.iterdir()} == before


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    """Of a file whose header is whole and whose blocks aren't, every command says so in a line."""
    path = tmp_path / "damaged.duckdb"
    store = open_store(path)
    with store.write(set()) as cursor:
        cursor.execute(
            "insert into base.event select 'x', range, now()::timestamp, now()::timestamp, 'k', md5(range::text), '{}', null from range(50000)"
        )
    store.checkpoint()
    store.close()
    with path.open("r+b") as file:
        file.seek(12_288)
        whole = file.read()
        file.seek(12_288)
        file.write(bytes(255 - byte for byte in whole))
    feed = tmp_path / "feed.ndjson"
    feed.touch()
    for command in (["ask", "control"], ["ingest", str(feed)]):
        done = subprocess.run([sys.executable, "-m", "console", "--data", str(path), *command], capture_output=True, text=True)
        assert done.returncode == 1
        assert done.stderr.startswith(f"console: {path} is damaged"), done.stderr
        assert done.stderr.count("\n") == 1

"""Files that grow are followed through whatever is done to files; what is dropped in a folder is taken whole, in order."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from console.feed.intake import followed, spool
from console.feed.intake.feeds import Feeds
from console.feed.intake.tally import FeedState
from console.store.database import Store
from tests.feeds.conftest import Feeding
from tests.feeds.wires import call, calls, held, quarantined, until


@pytest.fixture(autouse=True)
def promptly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look often, and take little for quiet."""
    monkeypatch.setattr(followed, "LOOK_S", 0.02)
    monkeypatch.setattr(followed, "QUIET_S", 0.1)
    monkeypatch.setattr(spool, "LOOK_S", 0.02)
    monkeypatch.setattr(spool, "SETTLED_S", 0.1)


def append(path: Path, *lines: bytes) -> None:
    with path.open("ab") as file:
        file.writelines(lines)


def settled(feeds: Feeds) -> FeedState:
    """Return how the only feed stands once nothing is on its way."""
    until(lambda: (feeds.states()[0].waiting, feeds.states()[0].behind) == (0, 0))
    return feeds.states()[0]


def come(store: Store, count: int) -> None:
    until(lambda: len(held(store)) >= count, f"{count} events")
    assert sorted(held(store)) == list(range(1, count + 1))


def test_a_file_is_rotated_while_its_writer_writes_on(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """Lines written to the renamed file after the new one is made are taken, a torn tail is taken once it is whole."""
    log = tmp_path / "cad.ndjson"
    append(log, *calls(5), call(6)[:20])
    feeds = feeding(f"file:{log}")
    come(store, 5)
    append(log, call(6)[20:])
    come(store, 6)
    with log.open("ab", buffering=0) as writer:
        log.rename(tmp_path / "cad.ndjson.1")
        log.touch()
        writer.write(call(7))
        come(store, 7)
        writer.write(call(8))
    append(log, *calls(4, first=9))
    come(store, 12)
    append(log, call(13))
    come(store, 13)
    assert quarantined(store) == []
    state = settled(feeds)
    assert (state.failure, state.duplicates, state.behind, state.connected) == ("", 0, 0, 1)


def test_files_rotated_while_nobody_read_are_found(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """After a stop the rest of the file that was read, all of the next, and the newest are taken, once each."""
    log = tmp_path / "cad.ndjson"
    append(log, *calls(50))
    feeds = feeding(f"file:{log}")
    come(store, 50)
    feeds.stop()
    append(log, *calls(5, first=51))
    log.rename(tmp_path / "cad.ndjson.2")
    append(tmp_path / "cad.ndjson.1", *calls(5, first=56))
    os.utime(tmp_path / "cad.ndjson.2", (1e9, 1e9))
    append(log, *calls(5, first=61))
    feeds = feeding(f"file:{log}")
    come(store, 65)
    assert settled(feeds).duplicates == 0


def test_a_file_is_truncated_in_place(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """Copied away and emptied: what was written before the copy and not read yet is found in the copy."""
    log = tmp_path / "cad.ndjson"
    append(log, *calls(30))
    feeds = feeding(f"file:{log}")
    come(store, 30)
    feeds.stop()
    append(log, *calls(3, first=31))
    shutil.copy(log, tmp_path / "cad.ndjson-20261126")
    os.truncate(log, 0)
    feeds = feeding(f"file:{log}")
    come(store, 33)
    append(log, *calls(60, first=34))
    come(store, 93)
    os.truncate(log, 0)
    until(lambda: feeds.states()[0].behind == 0)
    append(log, call(94))
    come(store, 94)
    assert settled(feeds).duplicates == 0


def test_a_file_goes_and_comes_back(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """While it is gone that is said; back, it goes on from where it was. One that isn't there yet is waited for."""
    log, away = tmp_path / "cad.ndjson", tmp_path / "elsewhere"
    feeds = feeding(f"file:{log}")
    until(lambda: "gone; waiting" in feeds.states()[0].failure)
    append(log, *calls(10))
    come(store, 10)
    until(lambda: feeds.states()[0].failure == "")
    log.rename(away)
    until(lambda: "gone; waiting" in feeds.states()[0].failure)
    append(away, call(11))
    come(store, 11)
    shutil.copy(away, log)
    append(log, call(12))
    come(store, 12)
    assert settled(feeds).duplicates == 0


def test_a_folder_is_kept_by_position(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """New files of a followed folder are taken as they come; after a restart nothing is read again."""
    for number in range(3):
        append(tmp_path / f"{number}.ndjson", *calls(4, first=1 + 4 * number))
    feeds = feeding(f"file:{tmp_path}")
    come(store, 12)
    append(tmp_path / "3.jsonl", call(13))
    come(store, 13)
    feeds.stop()
    append(tmp_path / "0.ndjson", call(14))
    feeds = feeding(f"file:{tmp_path}")
    come(store, 14)
    assert settled(feeds).lines == 1


def test_a_spool_is_taken_by_name_and_moved(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """Files come in the order of their names and go to done/; one of the same name later is another one; a last line may lack its end."""
    drop = tmp_path / "spool"
    drop.mkdir()
    for number in (2, 0, 1):
        append(drop / f"{number}.ndjson", *calls(3, first=1 + 3 * number))
    append(drop / ".hidden.ndjson", call(50))
    feeds = feeding(f"spool:{drop}")
    come(store, 9)
    until(lambda: len(list((drop / "done").iterdir())) == 3)
    assert held(store) == list(range(1, 10))
    (tmp_path / "new").write_bytes(call(10)[:-1])
    (tmp_path / "new").rename(drop / "0.ndjson")
    come(store, 10)
    until(lambda: (drop / "done" / "0.ndjson.1").exists())
    assert [path.name for path in drop.glob("*.ndjson")] == [".hidden.ndjson"]
    with store.reader() as cursor:
        assert cursor.execute("select count(*) from base.position").fetchone() == (0,)
    assert settled(feeds).failure == ""


def test_a_file_that_is_still_written_is_waited_for(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """However long its writer says nothing it is not taken half, and those after it wait, which is said."""
    drop = tmp_path / "spool"
    drop.mkdir()
    with (drop / "0.ndjson").open("wb", buffering=0) as writer:
        writer.write(call(1))
        append(drop / "1.ndjson", call(3))
        feeds = feeding(f"spool:{drop}")
        assert "0.ndjson is still being written" in until(lambda: feeds.states()[0].failure)
        writer.write(call(2))
        assert held(store) == []
    come(store, 3)
    assert held(store) == [1, 2, 3]


def test_a_spool_that_nothing_can_be_moved_in_is_kept_by_position(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """It is said, and after a restart nothing is read again."""
    drop = tmp_path / "spool"
    drop.mkdir()
    append(drop / "0.ndjson", *calls(3))
    (drop / "done").write_text("no folder")
    feeds = feeding(f"spool:{drop}")
    come(store, 3)
    assert "kept by position" in until(lambda: feeds.states()[0].failure)
    feeds.stop()
    feeds = feeding(f"spool:{drop}")
    append(drop / "1.ndjson", call(4))
    come(store, 4)
    assert settled(feeds).lines == 1

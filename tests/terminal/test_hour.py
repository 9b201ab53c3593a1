"""The recorded hour: it is what the simulated force tells, and a feed plays it as it was."""

from __future__ import annotations

import gzip
from datetime import timedelta
from pathlib import Path

import pytest

from console.bench import hour
from console.feed import recorded
from console.feed.live import Live
from console.feed.recorded import Recorded
from console.store import sql
from console.store.database import open_store

RECORDING = Path(__file__).with_name("hour.ndjson.gz")


def test_the_hour_is_what_the_force_tells() -> None:
    """The file is what `console simulate --seed 11 --start 2026-11-17 --days 4` tells of 20 November, 21:00 to 22:00 UTC."""
    assert gzip.decompress(RECORDING.read_bytes()) == b"".join(hour.lines())


def test_a_recording_falls_due_in_time(tmp_path: Path) -> None:
    """Each line comes once its moment has, in order, whatever the steps; the feed stores each once."""
    playing = recorded.read(RECORDING)
    assert playing.until == hour.HOUR
    assert playing.lasts > timedelta(minutes=59)
    early = list(playing.advance(hour.HOUR + timedelta(minutes=1)).lines())
    assert 0 < len(early) < 500
    assert all(b'"occurred_at":"2026-11-20T21:00' in line for line in early)
    store = open_store(tmp_path / "a.duckdb")
    try:
        feed = Live(store, recorded.read(RECORDING), present=False)
        for minute in (1, 1, 2):
            feed.step(hour.HOUR + timedelta(minutes=minute), keep=True)
        with store.reader() as cursor:
            ((count,),) = sql.run(cursor, "select count(*) from base.event where source not like '%.heartbeat'").fetchall()
        assert count == len(early) + len(list(playing.advance(hour.HOUR + timedelta(minutes=2)).lines()))
    finally:
        store.close()


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    """An empty file, and a line without a time, with the file's name and the line's number."""
    with pytest.raises(ValueError, match="holds no events"):
        Recorded([])
    (tmp_path / "a.ndjson").write_bytes(b'{"v":1}\n')
    with pytest.raises(ValueError, match=r"a\.ndjson, line 1"):
        recorded.read(tmp_path / "a.ndjson")

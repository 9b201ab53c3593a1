"""A clock that is set: what was received stays in its order, what isn't heard any more goes stale, and nothing good is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console import files
from console.engine import present, reading
from console.feed import ingest
from console.feed.events import VERSION, Event, SourceHeartbeat, encode
from console.feed.ingest import Ingest
from console.feed.verify import verify
from console.store.database import open_store
from console.store.steady import SLOWED, Clock
from tests.durable.files import lines

NOON = datetime(2026, 3, 28, 12)


class Set:
    """A machine's clocks: time passes on both, and the wall clock is set."""

    def __init__(self) -> None:
        """Begin at noon."""
        self.wall, self.passed = NOON, 0.0

    def go(self, seconds: float, by: timedelta = timedelta()) -> None:
        """Let some seconds pass, then set the wall clock by so much."""
        self.passed += seconds
        self.wall += timedelta(seconds=seconds) + by

    def clock(self) -> Clock:
        """Return the present by these clocks."""
        return Clock(lambda: self.wall, lambda: self.passed)


@given(st.lists(st.tuples(st.floats(0, 1e5), st.integers(-(10**5), 10**5)), max_size=20))
def test_the_present_never_goes_back(steps: list[tuple[float, int]]) -> None:
    """However the wall clock is set, the present goes on, at nine tenths of its pace at least, and is never behind the wall clock."""
    machine = Set()
    clock, last = machine.clock(), NOON
    for seconds, by in steps:
        machine.go(seconds, timedelta(seconds=by))
        now = clock.now()
        assert now - last >= timedelta(seconds=seconds * (1 - SLOWED) - 1e-3) - timedelta(seconds=1)
        assert now >= max(last, machine.wall)
        last = now


def test_set_back_it_is_caught_up_with() -> None:
    """An hour set back is caught up with in ten, and said until then."""
    machine = Set()
    clock = machine.clock()
    machine.go(0, timedelta(hours=-1))
    for _ in range(11 * 3600):
        machine.go(1)
        clock.now()
    assert clock.ahead() < timedelta(seconds=2)
    assert clock.now() - machine.wall < timedelta(seconds=2)


def beat(number: int, at: datetime) -> bytes:
    return encode(Event(VERSION, "cad", number, at.replace(tzinfo=UTC), "source.heartbeat", "cad", SourceHeartbeat()))


def test_a_source_that_falls_silent_after_the_clock_was_set_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it beats it is live, whatever the wall clock does; when it stops it is stale as soon as ever, also after a restart."""
    machine = Set()

    def now() -> datetime:
        return machine.wall

    monkeypatch.setattr(ingest, "clock", now)
    monkeypatch.setattr(present, "wall_clock", now)
    monkeypatch.setattr("console.engine.present.time.monotonic", lambda: machine.passed)
    store = open_store(tmp_path / "a.duckdb")
    taking, number = Ingest(store), 0

    def looked() -> present.Present:
        return present.Present(store, reading.load(files.queries() / "model.toml"), files.queries() / "sources", now)

    def stale(looking: present.Present) -> bool:
        with store.reader() as cursor:
            (state,) = looking.states(cursor)
        assert state.live
        return state.stale

    looking = looked()
    for by in (timedelta(), timedelta(hours=-1), timedelta(minutes=30), timedelta(days=-2)):
        machine.go(5, by)
        for _ in range(5):
            machine.go(5)
            number += 1
            taking.take([beat(number, machine.wall)], "feed")
            assert not stale(looking), by
        machine.go(120)
        assert stale(looking), by
    again = looked()
    stale(again)
    machine.go(120)
    assert stale(again)
    with store.reader() as cursor:
        received = [at for (at,) in cursor.execute("select received_at from base.event order by sequence").fetchall()]
    assert received == sorted(set(received))
    store.close()


def test_set_back_by_days_nothing_good_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes after a start with a clock that is days behind isn't taken for the future's; the state is still its fold."""
    told = lines(0.5)
    for at, some in (
        (datetime(2026, 10, 25), told[:100]),
        (datetime(2026, 10, 20), told[100:200]),
        (datetime(2026, 10, 26), told[200:300]),
    ):
        monkeypatch.setattr(ingest, "clock", lambda at=at: at)
        store = open_store(tmp_path / "a.duckdb")
        report = Ingest(store).take([line.replace(b'"simulator"', b'"cad"', 1) for line in some], "feed")
        store.close()
        assert (report.stored, report.quarantined) == (100, 0)
    assert [check for check in verify(tmp_path / "a.duckdb") if check.sound is False] == []

"""History made newest first, and the older behind: at every stop it goes on where it was, and ends as if made in order."""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from console.feed import bulk, history, stretches
from console.feed.ingest import SimulatorState, remember
from console.feed.live import Live
from console.feed.simulator import SOURCE
from console.store.database import Store, StoreError, open_store
from tests.state import state

SEED, DAYS = 5, 5
UNTIL = datetime(2026, 10, 26, 9, 30)
LATER = UNTIL + timedelta(minutes=40)
SEAM = datetime(2026, 10, 25)


def quiet(words: str, share: float | None) -> None:
    """Say nothing."""


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "NEWEST", timedelta(days=1))
    monkeypatch.setattr(stretches, "SHORT", timedelta(hours=9))
    monkeypatch.setattr(history, "CHUNK", timedelta(hours=20))
    monkeypatch.setattr(history, "SMALL_CHUNK", timedelta(hours=17))


@pytest.fixture(scope="module")
def in_order(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[Any, ...]]]:
    """The file of the same force made from its first day to its last, and played on a little."""
    path = tmp_path_factory.mktemp("history") / "order.duckdb"
    store = open_store(path)
    simulator = history.catch_up(store, history.begin(store, SEED, UNTIL, DAYS, newest_first=False), UNTIL, quiet)
    Live(store, simulator).step(LATER, keep=True)
    store.close()
    return state(path)


@pytest.fixture(scope="module")
def newest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the newest day and no more yet, in which the older is still to come."""
    path = tmp_path_factory.mktemp("history") / "newest.duckdb"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "NEWEST", timedelta(days=1))
        store = open_store(path)
        history.catch_up(store, history.begin(store, SEED, UNTIL, DAYS, newest_first=True), UNTIL, quiet)
        store.close()
    return path


@pytest.fixture
def store(tmp_path: Path, newest: Path) -> Store:
    shutil.copy(newest, tmp_path / "a.duckdb")
    return open_store(tmp_path / "a.duckdb")


def count(store: Store, query: str) -> int:
    with store.reader() as cursor:
        return int((cursor.execute(query).fetchone() or (0,))[0])


def gaps(store: Store) -> int:
    return count(store, "select last_sequence - first_sequence + 1 - events from base.source where source = 'simulator'")


def still_open(store: Store) -> set[str]:
    with store.reader() as cursor:
        return {ref for (ref,) in cursor.execute("select ref from base.incident where closed_at is null").fetchall()}


def taken_up(store: Store) -> history.Standing:
    found = history.standing(store)
    assert found
    return found


def test_the_newest_comes_first(store: Store) -> None:
    """The newest days alone are held, with who is in the force; what is missing is a gap in the sequence, and announced is nothing."""
    told = "from base.event where kind <> 'unit.listed' and not kind like 'officer.%'"
    assert count(store, f"select count(*) {told} and occurred_at < '{SEAM}'") < 100
    assert count(store, f"select count(*) {told} and occurred_at >= '{SEAM}'") > 10_000
    assert gaps(store) > 10_000
    assert count(store, f"select count(*) from base.announced where from_at = '{UNTIL}'") == 1


def test_the_older_behind_ends_as_if_in_order(store: Store, in_order: dict[str, list[tuple[Any, ...]]]) -> None:
    """Played on first and filled in behind: every table as in a file made in order, no gap, no fault."""
    Live(store, taken_up(store).simulator).step(LATER, keep=True)
    earlier = history.Earlier(store)
    earlier.run()
    assert earlier.failure is None
    assert gaps(store) == count(store, "select count(*) from base.event where fault is not null") == 0
    store.close()
    made = state(store.path)
    for table in in_order:
        assert in_order[table] == made[table], table


def test_stopped_at_any_stretch_it_goes_on(
    store: Store, in_order: dict[str, list[tuple[Any, ...]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stop after each stretch, or a failure within one, loses nothing and repeats nothing; the failure is kept in words.

    At no stop is an incident open that isn't open at the end.
    """
    load, loaded = bulk.load, 0

    def once(store: Store, *rest: Any) -> int:
        nonlocal loaded
        loaded += 1
        if loaded % 3 == 2:
            raise OSError("no space left")
        made = load(store, *rest)
        earlier.stop()
        return made

    monkeypatch.setattr(bulk, "load", once)
    failures, opened = [], []
    while gaps(store):
        earlier = history.Earlier(store)
        earlier.run()
        failures.append(earlier.failure)
        opened.append(still_open(store))
        assert loaded < 20
    assert failures[:3] == [None, "the earlier history stopped: no space left", None]
    assert all(refs <= opened[-1] for refs in opened)
    Live(store, taken_up(store).simulator).step(LATER, keep=True)
    store.close()
    made = state(store.path)
    for table in in_order:
        assert in_order[table] == made[table], table


def test_killed_within_the_newest_it_goes_on(
    tmp_path: Path, in_order: dict[str, list[tuple[Any, ...]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ended after the opening alone, or between two of the newest stretches, the next start goes on from what is stored."""
    store = open_store(tmp_path / "a.duckdb")
    history.begin(store, SEED, UNTIL, DAYS, newest_first=True)
    load, loaded = bulk.load, 0

    def failing(store: Store, *rest: Any, **more: Any) -> int:
        nonlocal loaded
        loaded += 1
        if loaded == 2:
            raise KeyboardInterrupt
        return load(store, *rest, **more)

    monkeypatch.setattr(bulk, "load", failing)
    with pytest.raises(KeyboardInterrupt):
        history.catch_up(store, taken_up(store), UNTIL, quiet)
    simulator = history.catch_up(store, taken_up(store), UNTIL, quiet)
    history.Earlier(store).run()
    Live(store, simulator).step(LATER, keep=True)
    store.close()
    made = state(tmp_path / "a.duckdb")
    for table in in_order:
        assert in_order[table] == made[table], table


def die(state: bytes, wanted_from: datetime, until: datetime, longest: timedelta) -> Iterator[stretches.Stretch]:
    os._exit(9)


def fail(state: bytes, wanted_from: datetime, until: datetime, longest: timedelta) -> Iterator[stretches.Stretch]:
    raise ValueError(f"no force in {len(state)} bytes")


def test_what_was_played_since_the_state_was_kept_is_not_stored_again(store: Store, newest: Path) -> None:
    """A console that is killed has stored more than the simulator's kept state tells: each event is held once for all that."""
    force = history.standing(store)
    assert force is not None
    playing = Live(store, history.catch_up(store, force, UNTIL, quiet))
    playing.step(UNTIL + timedelta(minutes=1), keep=True)
    with store.reader() as cursor:
        before = cursor.execute("select count(*) from base.event").fetchone()
    playing.step(LATER)
    again = history.standing(store)
    assert again is not None
    assert again.simulator.until < LATER
    with store.reader() as cursor:
        assert cursor.execute("select count(*) from base.event").fetchone() > before  # type: ignore[operator]
    history.catch_up(store, again, LATER + timedelta(minutes=5), quiet)
    with store.reader() as cursor:
        assert cursor.execute("select count(*) - count(distinct (source, sequence)) from base.event").fetchone() == (0,)
        events = cursor.execute("select events from base.source where source = 'simulator'").fetchone()
        assert events == cursor.execute("select count(*) from base.event where source = 'simulator'").fetchone()


@pytest.mark.parametrize(("making", "words"), [(die, "died"), (fail, "no force in 1000000 bytes")])
def test_a_failing_process_is_said(making: stretches.Making, words: str) -> None:
    """What makes history elsewhere dies or fails: that is said, and nobody waits for it."""
    with pytest.raises(RuntimeError, match=words):
        list(stretches.aside(making, bytes(1_000_000), SEAM, UNTIL, timedelta(days=1)))


def test_a_force_of_another_version_is_refused(tmp_path: Path) -> None:
    """What another version kept of its force isn't played on, and the words say what can be done."""
    store = open_store(tmp_path / "a.duckdb")
    with store.write(set()) as cursor:
        remember(cursor, None, SimulatorState(SOURCE, UNTIL, zlib.compress(b"\x92\x01\x80")))
    with pytest.raises(StoreError, match=r"another version .* --no-feed"):
        history.standing(store)
    store.close()

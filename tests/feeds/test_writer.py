"""One writer: what comes within a moment is one transaction, what is urgent waits for nothing, and no feed starves another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any

import pytest

from console.feed.ingest import Ingest, Parcel, Receipt
from console.feed.intake import writer
from console.feed.intake.tally import Tally
from console.feed.intake.writer import Intake, Lane, Stopped
from console.store.database import Store, StoreError
from tests.feeds.wires import call, calls, held, quarantined, until


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The lines of each parcel of each transaction."""
    noted: list[list[int]] = []
    take = Ingest.take_together

    def noting(self: Ingest, parcels: Sequence[Parcel]) -> list[Receipt]:
        noted.append([len(parcel.lines) for parcel in parcels])
        return take(self, parcels)

    monkeypatch.setattr(Ingest, "take_together", noting)
    return noted


@pytest.fixture
def intake(store: Store) -> Iterator[Intake]:
    """A writer that hasn't begun."""
    made = Intake(store)
    yield made
    made.stop()


def lane(intake: Intake, name: str) -> Lane:
    return intake.lane(Tally(name, "test"))


def test_what_comes_within_a_moment_is_one_transaction(intake: Intake, store: Store, together: list[list[int]]) -> None:
    """Lines of three feeds are stored by one commit, and each feed hears of its own."""
    lanes = [lane(intake, name) for name in ("a", "b", "c")]
    version = store.version
    outcomes = [each.offer(Parcel(calls(3 + n, each.tally.name), "test")) for n, each in enumerate(lanes)]
    outcomes.append(lanes[0].offer(Parcel([*calls(4, "a"), b"rubbish"], "test")))
    intake.start()
    reports = [outcome.result(60).report for outcome in outcomes]
    assert [(each.read, each.stored, each.duplicates, each.quarantined) for each in reports] == [(3, 3, 0, 0), (4, 4, 0, 0), (5, 5, 0, 0), (5, 1, 3, 1)]  # fmt: skip
    assert outcomes[3].result().reached == {"a": 4}
    assert (len(together), store.version) == (1, version + 1)
    with store.reader() as cursor:
        assert cursor.execute("select source, events, duplicates from base.source order by all").fetchall() == [
            ("a", 4, 3),
            ("b", 4, 0),
            ("c", 5, 0),
        ]
    assert quarantined(store) == [("test", "not JSON: JSON is malformed: invalid character (byte 0)")]


def test_an_urgent_line_waits_for_no_others(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an hour to gather in, an emergency button is stored at once, and what waited comes along."""
    monkeypatch.setattr(writer, "SHORTEST_S", 3600.0)
    monkeypatch.setattr(writer, "LONGEST_S", 3600.0)
    intake.start()
    slow, fast = lane(intake, "slow"), lane(intake, "fast")
    waiting = slow.offer(Parcel(calls(5), "test"))
    with pytest.raises(TimeoutError):
        waiting.result(0.2)
    button = (
        b'{"v":1,"source":"gps","sequence":1,"occurred_at":"2026-03-27T12:00:00Z","kind":"unit.status","key":"RC51","payload":{"state":0}}'
    )
    assert fast.offer(Parcel([button], "test")).result(60).report.stored == 1
    assert waiting.done()


def test_a_flood_delays_no_other_feed(intake: Intake, store: Store, together: list[list[int]]) -> None:
    """Each transaction takes first from who has the least in it, and no more than it should hold."""
    flood, small = lane(intake, "flood"), lane(intake, "small")
    floods = [flood.offer(Parcel(calls(2000, "flood", 1 + 2000 * n), "test")) for n in range(6)]
    smalls = [small.offer(Parcel([call(n, "small")], "test")) for n in range(1, 301)]
    intake.start()
    assert all(outcome.result(60).report.stored for outcome in [*floods, *smalls])
    assert together[0].count(1) == 300
    assert all(sum(parcels) < writer.FULL + 2000 for parcels in together)
    assert held(store, "flood") == list(range(1, 12_001))


def test_the_order_of_a_feed_is_kept(intake: Intake, store: Store) -> None:
    """Of two alike the first that was offered is stored."""
    feed = lane(intake, "a")
    first = feed.offer(Parcel([call(1)], "test"))
    second = feed.offer(Parcel([call(1).replace(b'"999"', b'"101"')], "test"))
    intake.start()
    assert (first.result(60).report.stored, second.result(60).report.duplicates) == (1, 1)
    with store.reader() as cursor:
        assert cursor.execute("select payload from base.event").fetchall() == [('{"line":"999"}',)]


def test_nothing_is_acknowledged_that_could_not_be_written(intake: Intake, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk is said, lines wait for room, and are stored once there is some."""
    write, full = store.write, [True]

    def writing(facts: Any) -> AbstractContextManager[Any]:
        if full[0]:
            raise StoreError("a.duckdb can't be written: make room")
        return write(facts)

    monkeypatch.setattr(writer, "AGAIN_S", 0.05)
    monkeypatch.setattr(store, "write", writing)
    intake.start()
    waiting = lane(intake, "a").offer(Parcel(calls(5), "test"))
    assert "make room" in until(lambda: intake.failure)
    assert not waiting.done()
    assert intake.acknowledged("cad") is None
    full[0] = False
    assert waiting.result(60).report.stored == 5
    assert (intake.failure, intake.acknowledged("cad")) == ("", 5)


def test_a_parcel_at_fault_fails_alone(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the program can't take is said at its feed; the others' lines are stored."""
    take = Ingest.take_together

    def failing(self: Ingest, parcels: Sequence[Parcel]) -> list[Receipt]:
        if any(parcel.place == "bad" for parcel in parcels):
            raise RuntimeError("a fault of the program")
        return take(self, parcels)

    monkeypatch.setattr(Ingest, "take_together", failing)
    good, bad = lane(intake, "good"), lane(intake, "bad")
    stored, failed = good.offer(Parcel(calls(2), "good")), bad.offer(Parcel([call(9)], "bad"))
    intake.start()
    assert stored.result(60).report.stored == 2
    with pytest.raises(RuntimeError, match="a fault"):
        failed.result(60)
    assert "a fault" in bad.tally.state().failure


def test_what_was_offered_before_the_end_is_stored(intake: Intake, store: Store) -> None:
    """Stopped, the writer stores what it has, and takes no more."""
    feed = lane(intake, "a")
    intake.start()
    outcomes = [feed.offer(Parcel([call(n)], "test")) for n in range(1, 51)]
    intake.stop()
    assert all(outcome.result(0).report.stored == 1 for outcome in outcomes)
    assert len(held(store)) == 50
    with pytest.raises(Stopped):
        feed.offer(Parcel([call(99)], "test"))

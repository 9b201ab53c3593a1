"""Exactly once, in any order, by either encoding; what can't be read is kept with its reason."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from itertools import accumulate, chain, count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from console.feed import bulk, follow, history
from console.feed.events import KINDS, VERSION, Event, encode
from console.feed.ingest import Ingest, SimulatorState
from console.feed.live import play
from console.feed.simulator import SOURCE, Simulator
from console.store import sql
from console.store.database import open_store
from tests.state import state

START = datetime(2026, 3, 27)


def line(sequence: int, at: datetime, kind: str, key: str, source: str = "t", **payload: Any) -> bytes:
    return encode(Event(VERSION, source, sequence, at.replace(tzinfo=UTC), kind, key, KINDS[kind](**payload)))


@pytest.fixture(scope="module")
def stream() -> list[bytes]:
    """A day and a half of the simulated force, over the night the clocks go forward."""
    return list(Simulator(3, datetime(2026, 3, 28)).advance(datetime(2026, 3, 29, 12)).lines())


def take(path: Path, lines: list[bytes], size: int = 5000) -> Any:
    store = open_store(path)
    ingest = Ingest(store)
    total = sum((ingest.take(lines[at : at + size], "test", first_line=at + 1) for at in range(0, len(lines), size)), start=_none())
    store.close()
    return total


def _none() -> Any:
    from console.feed.ingest import Report

    return Report()


def test_lines_and_columns_give_the_same_state(tmp_path: Path, stream: list[bytes]) -> None:
    """One stretch as lines and as columnar batches: the same events and the same state, table by table."""
    report = take(tmp_path / "lines.duckdb", stream)
    assert (report.stored, report.quarantined, report.duplicates) == (len(stream), 0, 0)
    store = open_store(tmp_path / "columns.duckdb")
    simulator = Simulator(3, datetime(2026, 3, 28))
    for hours in (7, 20, 36):
        until = datetime(2026, 3, 28) + timedelta(hours=hours)
        batch = simulator.advance(until)
        bulk.load(store, batch.frames(), SOURCE, SimulatorState(SOURCE, until, simulator.state()))
    store.close()
    lines, columns = state(tmp_path / "lines.duckdb"), state(tmp_path / "columns.duckdb")
    for table in lines:
        assert lines[table] == columns[table], table
    assert not [event for event in lines["event"] if event[-1]]
    assert payloads(tmp_path / "lines.duckdb") == payloads(tmp_path / "columns.duckdb")


def payloads(path: Path) -> dict[int, Any]:
    """Return what each event says, by sequence, read as the event list has it."""
    store = open_store(path)
    with store.reader() as cursor:
        told = cursor.execute("select sequence, kind, payload from base.event").fetchall()
    store.close()
    return {sequence: msgspec.json.decode(payload, type=KINDS[kind]) for sequence, kind, payload in told}


def test_any_order_and_any_repeats_fold_to_the_same(tmp_path: Path, stream: list[bytes]) -> None:
    """Shuffled in blocks, cut anywhere, with repeats: each event once, and the state of the unbroken stream."""
    few = stream[:9000]
    take(tmp_path / "plain.duckdb", few)
    rng = random.Random(5)
    mixed = [*few, *rng.sample(few, 800)]
    rng.shuffle(mixed)
    report = take(tmp_path / "mixed.duckdb", mixed, size=2347)
    assert (report.stored, report.duplicates) == (len(few), 800)
    plain, shuffled = state(tmp_path / "plain.duckdb"), state(tmp_path / "mixed.duckdb")
    for table in plain:
        assert plain[table] == shuffled[table], table


codes = st.sampled_from([0, 1, 2, 3, 5, 6, 8, 11, 13, 17])
anything = st.lists(st.tuples(codes, st.integers(0, 30), st.sampled_from([None, "J1", "J2"])), max_size=14)
shifts = st.sampled_from([(1, 2, 4, 2, 11), (1, 2, 17, 5, 6, 8, 11), (1, 2, 11), (1, 11), (0, 2, 11), (1, 2, 4, 11), (11,)])
duties = st.lists(shifts, min_size=1, max_size=4).map(
    lambda worked: [(code, minute, "J1" if code in (17, 5, 6) else None) for minute, code in enumerate(chain.from_iterable(worked))]
)


def test_unit_states_in_any_order(tmp_path: Path) -> None:
    """A unit's states are those that a plain walk in order of (time, sequence) allows, however they arrive."""
    store = open_store(tmp_path / "a.duckdb")
    ingest, units = Ingest(store), count()
    with store.reader() as cursor:
        legal = set(cursor.execute("select from_code, to_code from ref.unit_move").fetchall())

    @settings(max_examples=100, deadline=None)
    @given(anything | duties, st.lists(st.integers(0, 14), max_size=6, unique=True))
    @example([(code, minute, None) for minute, code in enumerate((1, 2, 4, 11, 1, 2, 11))], [2])
    def walk(said: list[tuple[int, int, str | None]], late: list[int]) -> None:
        unit = f"U{next(units)}"
        lines = [
            line(n, START + timedelta(minutes=m), "unit.status", unit, unit, state=code, incident=ref)
            for n, (code, m, ref) in enumerate(said)
        ]
        for some in ([lines[n] for n in range(len(said)) if n not in late], *([lines[n]] for n in late if n < len(said))):
            ingest.take(some, "test")
        with store.reader() as cursor:
            mine = cursor.execute(
                "select state, sequence, incident from base.unit_status where callsign = ? order by from_at, sequence", [unit]
            ).fetchall()
            faulty = cursor.execute("select sequence from base.event where key = ? and fault is not null", [unit]).fetchall()
        standing, expected, illegal, working = 11, [], set(), None
        for n in sorted(range(len(said)), key=lambda index: (said[index][1], index)):
            code, _, ref = said[n]
            if 12 <= code <= 16:
                continue
            if code != standing and (standing, code) not in legal:
                illegal.add((n,))
                continue
            working = ref if code in (17, 5, 6, 7, 8, 9) else working if code == 0 else None
            standing = code
            expected.append((code, n, working))
        assert (mine, set(faulty)) == (expected, illegal)

    walk()
    store.close()


turns = st.lists(st.tuples(st.sampled_from(["started", "ended"]), st.integers(0, 9)), max_size=12)
shifts_worked = st.integers(1, 5).map(lambda worked: [(("started", "ended")[n % 2], 2 * n) for n in range(2 * worked)])
handovers = st.lists(st.integers(0, 3), min_size=2, max_size=8).map(
    lambda gaps: [(("started", "ended")[n % 2], minute) for n, minute in enumerate(accumulate(gaps))]
)


def test_duties_in_any_order(tmp_path: Path) -> None:
    """An officer's duties are those of a plain walk in order of (time, sequence): a start and the end that follows, however they arrive."""
    store = open_store(tmp_path / "a.duckdb")
    ingest, officers = Ingest(store), count()

    @settings(max_examples=100, deadline=None)
    @given(turns | shifts_worked | handovers, st.lists(st.integers(0, 11), max_size=6, unique=True))
    @example([("started", 0), ("ended", 2), ("started", 2), ("ended", 4), ("started", 4), ("ended", 6)], [3])
    @example([("started", 0), ("ended", 2), ("started", 2), ("ended", 4), ("started", 4), ("ended", 6)], [2])
    def walk(said: list[tuple[str, int]], late: list[int]) -> None:
        officer = f"P{next(officers)}"
        ends = {"started": {"unit": "U1", "until": START.replace(tzinfo=UTC)}, "ended": {}}
        lines = [line(n, START + timedelta(minutes=m), f"duty.{what}", officer, officer, **ends[what]) for n, (what, m) in enumerate(said)]
        for some in ([lines[n] for n in range(len(said)) if n not in late], *([lines[n]] for n in late if n < len(said))):
            ingest.take(some, "test")
        with store.reader() as cursor:
            mine = cursor.execute("select started_at, ended_at from base.duty where officer = ? order by all", [officer]).fetchall()
            faulty = cursor.execute("select sequence from base.event where key = ? and fault is not null", [officer]).fetchall()
        expected: list[list[Any]] = []
        illegal, before = set(), "ended"
        for n in sorted(range(len(said)), key=lambda index: (said[index][1], index)):
            what, minute = said[n]
            if what == before or (what == "ended" and not expected):
                illegal.add((n,))
            elif what == "started":
                expected.append([START + timedelta(minutes=minute), None])
            else:
                expected[-1][1] = START + timedelta(minutes=minute)
            before = what
        assert (mine, set(faulty)) == (sorted(map(tuple, expected), key=lambda duty: (duty[0], duty[1] or datetime.max)), illegal)

    walk()
    store.close()


BAD = {
    b"": None,
    b'{"v":1,"source":"t","sequence":1': "not JSON",
    b"\xff\xfe{}": "not UTF-8",
    b'{"v":1,"source":"t","sequence":"x","occurred_at":"2026-01-01T00:00:00Z","kind":"source.heartbeat","key":"t","payload":{}}': "Expected `int`",
    b'{"v":2,"source":"t","sequence":1,"occurred_at":"2026-01-01T00:00:00Z","kind":"source.heartbeat","key":"t","payload":{}}': "version 2",
    b'{"v":1,"source":"t","sequence":1,"occurred_at":"2026-01-01T00:00:00","kind":"source.heartbeat","key":"t","payload":{}}': "no zone",
    b'{"v":1,"source":"t","sequence":1,"occurred_at":"0026-01-01T00:00:00Z","kind":"source.heartbeat","key":"t","payload":{}}': "impossible time",
    b'{"v":1,"source":"t","sequence":1,"occurred_at":"2088-01-01T00:00:00Z","kind":"source.heartbeat","key":"t","payload":{}}': "impossible time",
    b'{"v":1,"source":"t","sequence":1,"occurred_at":"2026-01-01T00:00:00Z","kind":"unit.vanished","key":"t","payload":{}}': "unknown kind",
    b'{"v":1,"source":"t","sequence":1,"occurred_at":"2026-01-01T00:00:00Z","kind":"unit.moved","key":"U","payload":{"lon":200,"lat":51}}': "impossible place",
    b'{"v":1,"source":"t","sequence":1,"occurred_at":"2026-01-01T00:00:00Z","kind":"unit.acknowledged","key":"U","payload":{"by":"\\u001b[31m"}}': "control character",
    b'{"v":1,"source":"t","sequence":1,"occurred_at":"2026-01-01T00:00:00Z","kind":"unit.acknowledged","key":"U","payload":{"by":"\xc2\x9b31m"}}': "control character",
    b'{"v":1,"source":"t","sequence":1,"occurred_at":"2026-01-01T00:00:00Z","kind":"unit.status","key":"U","payload":{"state":99}}': "<= 17",
    b'{"v":1,"source":"t","sequence":1,"occurred_at":"2026-01-01T00:00:00Z","kind":"unit.moved","key":"U","payload":{"lon":51.45,"lat":-2.59}}': "lon 51.45, lat -2.59 is outside the United Kingdom (lon -9 to 3, lat 49 to 61.5): swapped?",
    b'{"v":1,"source":"t","sequence":1,"occurred_at":"2026-01-01T00:00:00Z","kind":"unit.status","key":"U","payload":{"state":2,"lon":-2.5,"lat":41}}': "lat 41.0 is outside the United Kingdom (lon -9 to 3, lat 49 to 61.5)",
    b'{"v":1,"source":"t","sequence":1,"occurred_at":"2026-01-01T00:00:00Z","kind":"contact.offered","key":"C","payload":{"line":"carrier pigeon"}}': "carrier pigeon",
    b'{"v":1,"source":"t","sequence":1,"occurred_at":"2026-01-01T00:00:00Z","kind":"duty.ended","key":"P","payload":{"\\u001bx":1}}': "control character",
    b'{"v":1,"source":"t","sequence":1,"occurred_at":"2026-01-01T00:00:00Z","kind":"unit.acknowledged","key":"U","payload":{"by":"' + b"x" * 10_000_000 + b'"}}': "bytes",
}  # fmt: skip


def test_the_unreadable_is_kept_with_its_reason(tmp_path: Path) -> None:
    """Each bad line goes to quarantine with place, number, reason and bytes; the good line among them is stored."""
    good = line(7, START, "source.heartbeat", "t")
    path = tmp_path / "bad.ndjson"
    path.write_bytes(b"\n".join([*BAD, good.rstrip()]) + b'\n{"torn')
    store = open_store(tmp_path / "a.duckdb")
    report = follow.run(store, [str(path)], follow=False, progress=lambda words: None)
    with store.reader() as cursor:
        kept = cursor.execute("select place, line, reason, bytes, length from base.quarantine order by line").fetchall()
        stored = cursor.execute("select sequence from base.event").fetchall()
    store.close()
    assert stored == [(7,)]
    assert report.quarantined == len(kept) == len(BAD)
    expected = [
        *((number, raw, words) for number, (raw, words) in enumerate(BAD.items(), 1) if words),
        (len(BAD) + 2, b'{"torn', "not JSON"),
    ]
    for (place, number, reason, raw, length), (at, line_, words) in zip(kept, expected, strict=True):
        assert (place, number, length) == (str(path.resolve()), at, len(line_))
        assert words in reason
        assert bytes(raw) == line_[:65536]


def test_a_torn_tail_is_read_when_it_is_whole(tmp_path: Path) -> None:
    """A file is taken from where it stopped; a last line torn in two is stored once it is whole, and nothing twice."""
    lines = [line(n, START + timedelta(seconds=n), "source.heartbeat", "t") for n in range(5)]
    path = tmp_path / "f.ndjson"
    store = open_store(tmp_path / "a.duckdb")

    def read() -> tuple[int, int]:
        report = follow.run(store, [str(path)], follow=False, progress=lambda words: None)
        return report.stored, report.duplicates

    path.write_bytes(b"".join(lines[:2]) + lines[2][:20])
    assert read() == (2, 0)
    path.write_bytes(b"".join(lines[:4]))
    assert read() == (2, 0)
    assert read() == (0, 0)
    path.write_bytes(b"".join(lines[3:]))
    assert read() == (1, 1)
    store.close()


def test_a_late_event_makes_an_illegal_one_legal(tmp_path: Path) -> None:
    """An answer before its offer is a fault until the offer comes, and then counts."""
    store = open_store(tmp_path / "a.duckdb")
    ingest = Ingest(store)
    ingest.take([line(2, START + timedelta(seconds=9), "contact.answered", "C1")], "test")
    with store.reader() as cursor:
        assert cursor.execute("select fault from base.event").fetchall() == [("not offered yet",)]
    ingest.take([line(1, START, "contact.offered", "C1", line="999")], "test")
    with store.reader() as cursor:
        assert cursor.execute("select fault from base.event where fault is not null").fetchall() == []
        assert cursor.execute("select answered_at - offered_at from base.contact").fetchall() == [(timedelta(seconds=9),)]
    store.close()


def raw(sequence: int, kind: str, key: str, payload: bytes) -> bytes:
    """Return a line whose payload is written as given."""
    return line(sequence, START, "source.heartbeat", key).replace(b"source.heartbeat", kind.encode()).replace(b"{}", payload)


ODD = {
    ("duty.started", rb'{"unit":"R1","until":"2026-11-24t16:00:00z"}'): {"unit": "R1", "until": "2026-11-24T16:00:00Z"},
    ("unit.status", rb'{"state":99999999999,"state":2}'): None,
    ("unit.status", rb'{"state":17,"state":2,"incident":null}'): {"state": 2},
    ("unit.moved", rb'{"lon":9000,"lon":-2.5,"lat":51}'): {"lon": -2.5, "lat": 51.0},
    ("objective.set", rb'{ "title":"Caf\u00e9", "kind":"x", "start":"2026-11-24 16:00:00+01:00", "end":"2026-11-24T16:00:00.5Z" }'): {
        "title": "Caf\u00e9", "kind": "x", "start": "2026-11-24T16:00:00+01:00", "end": "2026-11-24T16:00:00.500000Z",
    },
    ("incident.created", rb'{"location":"\u001b]0;pwn\u0007","type":"Theft","grade":"Zebra","lon":-2.5,"lat":51,"location":"High Street"}'):
        {"type": "Theft", "grade": "Zebra", "lon": -2.5, "lat": 51.0, "location": "High Street"},
    ("officer.listed", rb'{"name":"A","rank":"PC","team":"T","district":"D","skills":[],"pay":{"x":1,"x":2},"pay2":99999999999999999999999}'):
        {"name": "A", "rank": "PC", "team": "T", "district": "D", "pay": {"x": 2}, "pay2": 99999999999999999999999},
}  # fmt: skip


def test_what_is_stored_is_what_was_understood(tmp_path: Path) -> None:
    """Times in another letter, fields given twice and unknown fields are stored as they were understood, the last one counting."""
    lines = [raw(n, kind, f"K{n}", payload) for n, (kind, payload) in enumerate(ODD)]
    report = take(tmp_path / "a.duckdb", lines)
    expected = {n: told for n, told in enumerate(ODD.values()) if told is not None}
    assert (report.stored, report.quarantined) == (len(expected), len(ODD) - len(expected))
    store = open_store(tmp_path / "a.duckdb")
    with store.reader() as cursor:
        stored = {n: msgspec.json.decode(payload) for n, payload in cursor.execute("select sequence, payload from base.event").fetchall()}
        assert cursor.execute("select until_at from base.duty").fetchall() == [(datetime(2026, 11, 24, 16),)]
        assert cursor.execute("select location, first_grade from base.incident").fetchall() == [("High Street", "Zebra")]
        assert cursor.execute("select count(*) from incident(timestamp '2027-01-01') where grade = 'Zebra'").fetchall() == [(1,)]
    store.close()
    assert stored == expected


def test_what_the_database_refuses_holds_up_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Events whose fold fails are found among the others and quarantined with the database's reason; the rest is as without them."""
    lines = [line(n, START + timedelta(seconds=n), "unit.moved", f"U{n % 7}", lon=-2.5, lat=51.5) for n in range(300)]
    path = tmp_path / "feed.ndjson"
    path.write_bytes(b"".join(lines))
    text = sql.text
    poison = "select case when sequence in (17, 18, 256) then error('no such\tthing') end from base.event where received_at = $received_at;"
    monkeypatch.setattr(sql, "text", lambda name: text(name).replace("insert", f"{poison}\ninsert", name == "feed/sources"))
    store = open_store(tmp_path / "a.duckdb")
    report = follow.run(store, [str(path)], follow=False, progress=lambda words: None)
    assert (report.read, report.stored, report.duplicates, report.quarantined) == (300, 297, 0, 3)
    with store.reader() as cursor:
        kept = cursor.execute("select line, reason, source, bytes from base.quarantine order by line").fetchall()
        assert cursor.execute("select count(*) from base.unit_position").fetchall() == [(297,)]
    reason = "the database refuses it: Invalid Input Error: no such?thing"
    assert kept == [(n + 1, reason, "t", lines[n].rstrip()) for n in (17, 18, 256)]
    assert follow.run(store, [str(path)], follow=False, progress=lambda words: None).read == 0
    store.close()


class Stop(Exception):
    """Ends a run that would go on for ever."""


def test_a_file_that_goes_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A followed file that is rotated away is missed aloud once, and taken up again, from its beginning, when it is back."""
    path = tmp_path / "f.ndjson"
    path.write_bytes(line(1, START, "source.heartbeat", "t"))
    said: list[str] = []

    def paused(seconds: float) -> None:
        turn = next(pauses)
        if turn == 0:
            path.unlink()
        elif turn == 3:
            path.write_bytes(line(2, START, "source.heartbeat", "t"))
        elif turn == 5:
            raise Stop

    pauses = count()
    monkeypatch.setattr(time, "sleep", paused)
    store = open_store(tmp_path / "a.duckdb")
    with pytest.raises(Stop):
        follow.run(store, [str(path)], follow=True, progress=said.append)
    with store.reader() as cursor:
        assert cursor.execute("select sequence from base.event order by all").fetchall() == [(1,), (2,)]
    store.close()
    assert [words for words in said if "gone" in words] == [f"{path}: gone; waiting for it to come back"]


def test_an_endless_line_is_stepped_over(tmp_path: Path) -> None:
    """A line of hundreds of megabytes is quarantined by its start and its length, and never held whole."""
    path, length = tmp_path / "f.ndjson", 300_000_000
    with path.open("wb") as file:
        file.write(line(1, START, "source.heartbeat", "t") + b'{"v":1')
        file.seek(length - 6, 1)
        file.write(b"\n" + line(2, START, "source.heartbeat", "t"))
    store = open_store(tmp_path / "a.duckdb")
    tracemalloc.start()
    report = follow.run(store, [str(path)], follow=False, progress=lambda words: None)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    with store.reader() as cursor:
        kept = cursor.execute("select line, length, bytes, reason from base.quarantine").fetchall()
        assert cursor.execute("select sequence from base.event order by all").fetchall() == [(1,), (2,)]
        assert cursor.execute("select bytes, lines from base.position").fetchall() == [(path.stat().st_size, 3)]
    store.close()
    assert report.quarantined == 1
    assert kept == [(2, length, b'{"v":1' + bytes(65_530), "a line of 300,000,000 bytes; the limit is 1,000,000")]
    assert most < 20_000_000


def test_a_folder_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    """Neither an empty success nor a traceback: the reason, and status 1."""
    folder = Path(tempfile.mkdtemp())
    shut = folder / "shut"
    shut.mkdir()
    shut.chmod(0)
    folder.chmod(0o755)
    store = open_store(tmp_path / "a.duckdb")
    was = os.geteuid()
    try:
        if was == 0:
            os.seteuid(65534)
        with pytest.raises(PermissionError, match="shut"):
            follow.run(store, [str(shut)], follow=False, progress=lambda words: None)
    finally:
        os.seteuid(was)
        shutil.rmtree(folder)
        store.close()


def test_another_stream_beside_the_history(tmp_path: Path) -> None:
    """Streams of other seeds and starts are sources of their own: beside a history of the same days nothing is held already."""
    store = open_store(tmp_path / "a.duckdb")
    until = START + timedelta(hours=6)
    history.catch_up(store, history.begin(store, 1, until, 1, newest_first=False), until, lambda words, share: None)
    for seed, start in ((1, START), (7, START), (7, START + timedelta(days=1))):
        lines = list(play(seed, start, start + timedelta(hours=1), 1.0))
        report = Ingest(store).take(lines, "test")
        assert (report.stored, report.duplicates, report.quarantined) == (len(lines), 0, 0)
    assert Ingest(store).take(lines, "test").stored == 0
    with store.reader() as cursor:
        sources = {name for (name,) in cursor.execute("select distinct source from base.event").fetchall()}
    assert sources == {"simulator", "simulator.1.20260327", "simulator.7.20260327", "simulator.7.20260328"}
    store.close()

"""The simulated force: one stream however it is cut, legal throughout, and like the force it is calibrated to."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from console.feed import bulk
from console.feed.ingest import SimulatorState
from console.feed.simulator import SOURCE, Simulator, words
from console.feed.simulator.openings import OPENING
from console.feed.simulator.tables import types
from console.store.database import Store, open_store

START = datetime(2026, 10, 1)


def test_the_stream_is_one_however_it_is_cut() -> None:
    """A day whole, in uneven pieces, and taken up again from its kept state: line for line the same."""
    whole = list(Simulator(5, START).advance(START + timedelta(days=1)).lines())
    simulator = Simulator(5, START)
    cut: list[bytes] = []
    for minutes in (1, 7, 59, 180, 181, 500, 1000, 1439, 1440):
        cut += simulator.advance(START + timedelta(minutes=minutes)).lines()
        simulator = Simulator.restore(simulator.state())
    assert cut == whole
    assert list(Simulator(6, START).advance(START + timedelta(days=1)).lines()) != whole


def test_sequence_and_time_rise() -> None:
    """Sequences follow without a gap, and no event is before the one before it."""
    events = [msgspec.json.decode(line) for line in Simulator(5, START).advance(START + timedelta(hours=30)).lines()]
    assert [event["sequence"] for event in events] == list(range(1, len(events) + 1))
    instants = [datetime.fromisoformat(event["occurred_at"]) for event in events]
    assert instants == sorted(instants)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A simulated month, its first days left out of what is measured."""
    store = open_store(Path(tmp_path_factory.mktemp("month")) / "a.duckdb")
    simulator = Simulator(2, START, positions_from=datetime(2027, 1, 1))
    until = START + timedelta(days=31)
    batch = simulator.advance(until)
    bulk.load(store, batch.frames(), SOURCE, SimulatorState(SOURCE, until, simulator.state()))
    return store


def one(store: Store, query: str) -> tuple[float, ...]:
    with store.reader() as cursor:
        found = cursor.execute(query).fetchall()
    assert len(found) == 1
    return found[0]


FROM, TO = "timestamp '2026-10-04'", "timestamp '2026-10-31'"
DAYS = 27


def test_every_event_is_legal(month: Store) -> None:
    """Nothing in the stream is at fault: every move, clock and order is one that the fold accepts."""
    assert one(month, "select count(*) from base.event where fault is not null") == (0,)


@pytest.mark.parametrize(
    ("what", "query", "figure", "share"),
    [
        ("contacts a day", f"select count(*) / {DAYS}.0 from base.contact where offered_at between {FROM} and {TO}", 2350, 0.05),
        ("incidents a day", f"select count(*) / {DAYS}.0 from base.incident where created_at between {FROM} and {TO}", 937, 0.06),
        ("crimes a day", f"select count(*) / {DAYS}.0 from base.crime where recorded_at between {FROM} and {TO}", 385, 0.08),
        ("missing a day", f"select count(*) / {DAYS}.0 from base.incident where type = 'Missing person' and created_at between {FROM} and {TO}", 22, 0.15),
        ("mental health a day", f"select count(*) / {DAYS}.0 from base.incident where type = 'Mental health' and created_at between {FROM} and {TO}", 49, 0.12),
        ("domestic a week", f"select count(*) / {DAYS}.0 * 7 from base.incident where type = 'Domestic' and created_at between {FROM} and {TO}", 360, 0.1),
        ("units", "select count(*) from base.unit", 700, 0.0),
        ("open at 02:00", "select avg(n) from (select (select count(*) from base.incident where created_at <= t and (closed_at is null or closed_at > t)) as n"
         f" from generate_series({FROM} + interval 2 hour, {TO}, interval 1 day) as g(t))", 310, 0.2),
    ],
)  # fmt: skip
def test_calibration(month: Store, what: str, query: str, figure: float, share: float) -> None:
    """A simulated month is within the stated share of the published figure."""
    (found,) = one(month, query)
    assert abs(float(found) - figure) <= share * figure, f"{what}: {found} against {figure}"


def test_shares_and_clocks(month: Store) -> None:
    """Grades, lines, answering, response and utilisation lie where the domain says a force's do."""
    moment = "timestamp '2026-10-31'"
    with month.reader() as cursor:
        grades = dict(cursor.execute(f"select grade, count(*) from incident({moment}) group by all").fetchall())
        told = cursor.execute(
            "select line, avg((seconds(offered_at, answered_at) <= 10)::integer) filter (answered_at is not null), count(abandoned_at) / count(*) "
            "from base.contact group by line"
        ).fetchall()
        clocks = cursor.execute(
            f"select median(response_s) / 60, avg((response_s <= target_s)::integer) from incident({moment}) where grade = 'Immediate' and response_s is not null"
        ).fetchall()[0]
        busy = cursor.execute(
            "select count(*) filter (busy) / count(*), count(*) from (select unnest(range(5)) as d), unit(timestamp '2026-10-15 15:30') where on_duty and not refreshments"
        ).fetchall()[0]
        hours = dict(
            cursor.execute("select extract(hour from local_time(created_at)), count(*) from base.incident group by all").fetchall()
        )
    total = sum(grades.values())
    for grade, share in {"Immediate": 0.22, "Priority": 0.33, "Scheduled": 0.20, "Resolution": 0.25}.items():
        assert abs(grades[grade] / total - share) < 0.03
    lines = {line: (quick, lost) for line, quick, lost in told}
    assert lines["999"][0] >= 0.9
    assert 0.01 <= lines["101"][1] <= 0.15
    assert 5 <= clocks[0] <= 13
    assert clocks[1] >= 0.7
    assert 0.3 <= busy[0] <= 0.75
    assert min(hours, key=lambda hour: hours[hour]) in (3, 4, 5, 6)
    assert max(hours, key=lambda hour: hours[hour]) in range(14, 21)


def test_logs_and_results_fit(month: Store) -> None:
    """An incident's log opens with words of its type, goes on with those of its category, and its result fits what was done."""
    table = types()
    category = dict(zip(table["type"], table["category"], strict=True))
    assert set(OPENING) == set(category)
    assert all(3 <= len(lines) <= 5 for lines in OPENING.values())
    assert len(set().union(*OPENING.values())) == sum(map(len, OPENING.values()))
    with month.reader() as cursor:
        opened = cursor.execute(
            "select type, arg_min(text, (logged_at, sequence)) as line from base.incident_log join base.incident using (ref) group by ref, type"
        ).fetchall()
        closed = cursor.execute(
            "select distinct type, arrived_at is not null, result from base.incident where result is not null"
        ).fetchall()
        scene = cursor.execute(
            "select distinct type, text from base.incident_log join base.incident using (ref) where author in (select callsign from base.unit)"
        ).fetchall()
    assert all(line in OPENING[type] for type, line in opened)
    for type, attended, result in closed:
        if result != "Crime recorded":
            assert result in (
                words.RESULTS.get(type) or words.RESULTS[category[type]] if attended else words.CALLBACKS.get(type, words.DESK)
            )
    assert all(line in words.SCENE[category[type]] for type, line in scene)


def test_near_repeats(month: Store) -> None:
    """Burglaries cluster: more pairs at one address within three days than chance would put there."""
    with month.reader() as cursor:
        told = cursor.execute(
            "select lon, lat, created_at from base.incident where type = 'Burglary dwelling' order by created_at"
        ).fetchall()
    pairs = Counter(abs((a[2] - b[2]).days) < 3 for index, a in enumerate(told) for b in told[index + 1 :] if a[:2] == b[:2])
    near, far = pairs[True], pairs[False]
    assert near > far * 3 / 28 * 2

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


def test_what_is_skipped_is_counted() -> None:
    """From wherever it was skipped to, and taken up again there, the stream goes on as if it had been told all along."""
    seam, until = START + timedelta(hours=31, minutes=7), START + timedelta(days=2)
    told = Simulator(5, START, positions_from=seam)
    told.advance(seam)
    skipped = Simulator(5, START, positions_from=seam)
    skipped.advance(START + timedelta(seconds=1))
    skipped.skip(seam)
    skipped = Simulator.restore(skipped.state())
    assert list(skipped.advance(until).lines()) == list(told.advance(until).lines())


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
    until = START + timedelta(days=31)
    simulator = Simulator(2, START, positions_from=until - timedelta(minutes=30))
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
            "select line, avg((seconds(offered_at, answered_at) <= 10)::integer) filter (answered_at is not null), count(abandoned_at) / count(*), "
            "avg((seconds(offered_at, answered_at) < 5)::integer) filter (answered_at is not null), avg(seconds(offered_at, answered_at)) "
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
    lines = {line: rest for line, *rest in told}
    assert 0.88 <= lines["999"][0] <= 0.94
    assert 0.64 <= lines["999"][2] <= 0.72
    assert 5 <= lines["999"][3] <= 7.5
    assert 0.01 <= lines["101"][1] <= 0.15
    assert 5 <= clocks[0] <= 13
    assert clocks[1] >= 0.7
    assert 0.3 <= busy[0] <= 0.75
    assert min(hours, key=lambda hour: hours[hour]) in (3, 4, 5, 6)
    assert max(hours, key=lambda hour: hours[hour]) in range(14, 21)


def test_assignments_end_in_every_way(month: Store) -> None:
    """Units are stood down and diverted now and then, and each message is sent now and then."""
    with month.reader() as cursor:
        ended = dict(cursor.execute("select ended, count(*) from base.assignment where ended is not null group by ended").fetchall())
        moves = dict(
            cursor.execute(
                "select (before, state), count(*) from (select state, lag(state) over (partition by callsign order by from_at, sequence) as before"
                " from base.unit_status) group by all"
            ).fetchall()
        )
        sent = dict(
            cursor.execute(
                "select (payload ->> 'state')::integer as code, count(*) from base.event where kind = 'unit.status' and code between 12 and 16 group by all"
            ).fetchall()
        )
    total = sum(ended.values())
    assert 0.02 <= ended["stood down"] / total <= 0.15
    assert 0.002 <= ended["diverted"] / total <= 0.05
    assert moves[17, 2]
    assert moves[5, 2]
    assert moves[5, 17]
    assert set(sent) == {13, 14, 15}
    assert max(sent.values()) < 0.1 * total


def test_committed_but_deployable(month: Store) -> None:
    """A good share of what follows a scene is done by units that can be sent, and some of them are."""
    times = one(month, "select count(*) filter (state = 7), count(*) filter (state = 8) from base.unit_status")
    assert 0.3 <= times[0] / (times[0] + times[1]) <= 0.7
    sent = one(
        month,
        "select count(*) from (select state, lag(state) over (partition by callsign order by from_at, sequence) as before from base.unit_status)"
        " where before = 7 and state = 17",
    )
    assert 0.02 <= sent[0] / times[0] <= 0.4
    for hour in (3, 12, 20):
        moment = f"timestamp '2026-10-15' + interval {hour} hour"
        free, deployable = one(month, f"select count(*) filter (availability = 'free'), count(*) filter (deployable) from unit({moment})")
        assert free < deployable <= free * 1.5 + 5


def test_court_is_for_weekdays(month: Store) -> None:
    """A few units go to court on the morning of each weekday, for one to four hours."""
    with month.reader() as cursor:
        told = cursor.execute(
            "select local_time(from_at), seconds(from_at, to_at) / 3600 from (select *, lead(from_at) over"
            " (partition by callsign order by from_at, sequence) as to_at from base.unit_status) where state = 10"
        ).fetchall()
    days = Counter(at.date() for at, _ in told)
    assert {day.weekday() for day in days} == set(range(5))
    assert len(days) == sum((START + timedelta(days=day)).weekday() < 5 for day in range(31))
    assert max(days.values()) <= 20
    assert all(9 <= at.hour <= 11 and 1 <= hours <= 4 for at, hours in told)


def test_units_past_their_shift_are_relieved(month: Store) -> None:
    """No duty is longer than fourteen and a half hours, and no unit is at a scene beyond two hours after its shift."""
    assert one(month, "select max(seconds(started_at, coalesce(ended_at, started_at))) / 3600 from base.duty")[0] <= 14.5
    over = one(
        month,
        "select max(seconds(d.until_at, s.to_at)) / 3600 from (select *, lead(from_at) over (partition by callsign order by from_at, sequence) as to_at"
        " from base.unit_status) as s join base.duty as d on d.unit = s.callsign and s.from_at >= d.started_at and s.to_at <= d.ended_at"
        " where s.state = 6",
    )
    assert 0 < over[0] <= 2.01
    handed = one(month, f"select count(*) from base.incident_log where text = '{words.RELIEVED}'")
    assert handed[0] > 30


def test_crimes_are_investigated_where_they_were(month: Store) -> None:
    """The officer in the case is of the crime's district and of a team that investigates, often one who attended."""
    astray, attended = one(
        month,
        "select count(*) filter (o.district <> p.district or u.kind not in ('response', 'neighbourhood', 'investigation')),"
        " avg(exists(from base.assignment a where a.ref = c.incident and a.callsign = u.callsign)::integer) filter (i.arrived_at is not null)"
        " from base.crime c join base.officer o using (officer) join ref.place p on p.beat = c.beat join base.incident i on i.ref = c.incident"
        " join (select distinct officer, unit from base.duty) d using (officer) join base.unit u on u.callsign = d.unit",
    )
    assert astray == 0
    assert 0.3 <= attended <= 0.6


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
            "select distinct type, first_grade, contact is not null, arrived_at is not null, result from base.incident where result is not null"
        ).fetchall()
        scene = cursor.execute(
            "select distinct type, text from base.incident_log join base.incident using (ref) where author in (select callsign from base.unit)"
        ).fetchall()
    assert all(line in OPENING[type] for type, line in opened)
    for type, grade, called, attended, result in closed:
        if result == words.CANCELLED:
            assert called
            assert not attended
            assert grade != "Immediate"
        elif result != "Crime recorded":
            assert result in (
                words.RESULTS.get(type) or words.RESULTS[category[type]] if attended else words.CALLBACKS.get(type, words.DESK)
            )
    assert all(line in (*words.SCENE[category[type]], words.NOT_NEEDED, words.RELIEVED) for type, line in scene)


def test_near_repeats(month: Store) -> None:
    """Burglaries cluster: more pairs at one address within three days than chance would put there."""
    with month.reader() as cursor:
        told = cursor.execute(
            "select lon, lat, created_at from base.incident where type = 'Burglary dwelling' order by created_at"
        ).fetchall()
    pairs = Counter(abs((a[2] - b[2]).days) < 3 for index, a in enumerate(told) for b in told[index + 1 :] if a[:2] == b[:2])
    near, far = pairs[True], pairs[False]
    assert near > far * 3 / 28 * 2

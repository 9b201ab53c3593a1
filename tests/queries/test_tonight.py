"""What is short tonight: worked out again by hand from the tables, and in agreement with the chart beside it."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from console.desk.answer import PanelAnswer
from console.desk.desk import Question, Viewer
from console.embedded import desk_over
from console.engine.desk import StoreDesk
from console.feed import bulk
from console.feed.ingest import SimulatorState
from console.feed.simulator import SOURCE, Simulator
from console.store.database import Store, open_store

AT = datetime(2026, 11, 13, 22, 15)
LONDON = ZoneInfo("Europe/London")
VIEWER = Viewer("test")
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Thirty days of the simulated force up to a Friday night, with few officers in Bath."""
    made = open_store(Path(tmp_path_factory.mktemp("tonight")) / "a.duckdb")
    simulator = Simulator(4, AT - timedelta(days=30), positions_from=AT - timedelta(minutes=40))
    bulk.load(made, simulator.advance(AT).frames(), SOURCE, SimulatorState(SOURCE, AT, simulator.state()))
    with made.write({"unit"}) as cursor:
        cursor.execute(
            "delete from base.duty where unit in (select callsign from base.unit where home_district = 'Bath and North East Somerset')"
            " and hash(officer || started_at) % 5 > 0"
        )
    yield made
    made.close()


@pytest.fixture(scope="module")
def desk(store: Store) -> StoreDesk:
    """The desk over it."""
    return desk_over(store)


def tonight(desk: StoreDesk, at: datetime, *texts: str) -> PanelAnswer:
    answer = desk.ask_panel(VIEWER, Question("control", desk.resolve(VIEWER, texts, app="control", at=at), at), "tonight")
    assert answer.error is None, answer.error
    return answer


@dataclass
class Expected:
    """One district's hour, as its weeks have it."""

    demand: float
    units: float
    high: float


def weeks_before(hour: datetime, back: int) -> datetime:
    """Return the same local hour so many weeks before; the clocks went back in between."""
    local = hour.replace(tzinfo=UTC).astimezone(LONDON).replace(tzinfo=None) - timedelta(days=7 * back)
    return local.replace(tzinfo=LONDON).astimezone(UTC).replace(tzinfo=None)


def by_hand(store: Store, at: datetime, hours: list[datetime]) -> dict[tuple[datetime, str], Expected]:
    """Return what to expect of each hour and district, by loops over the rows."""
    with store.reader() as cursor:
        jobs: list[tuple[Any, ...]] = cursor.execute(
            "select created_at, district, t.unit_hours from incident(?) join ref.incident_type t using (type) join ref.grade g using (grade)"
            " where g.deployable",
            [at],
        ).fetchall()
        duties = cursor.execute(
            "select distinct u.district, d.unit, d.started_at, coalesce(d.ended_at, d.until_at) from base.duty d"
            " join unit(?) u on u.callsign = d.unit where d.started_at <= ?",
            [at, at],
        ).fetchall()
    first = min(created for created, *_ in jobs)
    made = {}
    for hour in hours:
        weeks = [week for back in range(1, 9) if (week := weeks_before(hour, back)) >= first]
        for district in {place for _, place, _ in jobs}:
            demand = [sum(asked for created, place, asked in jobs if place == district and week <= created < week + HOUR) for week in weeks]
            there = [
                sum(
                    max(0.0, (min(end, week + HOUR) - max(start, week)).total_seconds()) / 3600
                    for place, _, start, end in duties
                    if place == district
                )
                for week in weeks
            ]
            band = 1.2816 * statistics.stdev(demand) if len(weeks) > 1 else 0.0
            made[hour, district] = Expected(statistics.mean(demand), statistics.mean(there), statistics.mean(demand) + band)
    return made


def test_it_is_what_the_tables_say(desk: StoreDesk, store: Store) -> None:
    """Each line's hour, district, demand and availability; what is short first; the most in the words and in the headline."""
    hours = [AT.replace(minute=0) + HOUR * n for n in range(9)]  # 22:00 to the hour before 07:00
    expected = by_hand(store, AT, hours)
    answer = tonight(desk, AT)
    lines = [row.columns for row in answer.rows]
    titles = [column.name for column in answer.columns]
    assert titles == ["starts", "cover", "district", "demand", "availability"]
    short = {(f"{hour:%a %H:%M}", district): of for (hour, district), of in expected.items() if of.demand > of.units}
    may = {(f"{hour:%a %H:%M}", district): of for (hour, district), of in expected.items() if of.demand <= of.units < of.high}
    assert short
    assert {(hour, district) for hour, cover, district, *_ in lines if str(cover).startswith("short")} == set(short)
    assert {(hour, district) for hour, cover, district, *_ in lines if str(cover).startswith("may lack")} == set(may)
    for hour, cover, district, demand, units in lines:
        if district is None:
            of_hour = [of for (when, _), of in expected.items() if f"{when:%a %H:%M}" == hour]
            assert not any(of.high > of.units for of in of_hour)
            assert demand == pytest.approx(sum(of.demand for of in of_hour), abs=0.051)
            continue
        of = {**short, **may}[str(hour), str(district)]
        assert demand == pytest.approx(of.demand, abs=0.051)
        assert units == pytest.approx(of.units, abs=0.051)
        lack = of.demand - of.units if (hour, district) in short else of.high - of.units
        assert int(re.findall(r"\d+", str(cover))[0]) == pytest.approx(max(1, lack), abs=0.501)
    ranks = [("short", "may", "spare").index(next(word for word in ("short", "may", "spare") if word in str(line[1]))) for line in lines]
    assert ranks == sorted(ranks)
    assert {str(line[0]) for line in lines} == {f"{hour:%a %H:%M}" for hour in hours}
    (hour, district), worst = max(short.items(), key=lambda item: item[1].demand - item[1].units)
    most = round(max(1, worst.demand - worst.units))
    assert answer.note.startswith(f"short most at {hour}: {most} in {district}; ")
    assert answer.note.endswith("from 4 weeks")
    headline = desk.ask_panel(VIEWER, Question("control", desk.resolve(VIEWER, (), app="control"), AT), "short")
    assert headline.rows[0].values == (most, most)


def test_it_agrees_with_the_chart(desk: StoreDesk) -> None:
    """Where no district is set apart, a line's figures are those of the chart's same hour; so are a chosen district's."""
    for texts in ((), ("district=Bristol",)):
        question = Question("control", desk.resolve(VIEWER, texts, app="control", at=AT), AT)
        chart = desk.ask_panel(VIEWER, question, "demand")
        names = [measure.name for measure in chart.measures]
        ahead = {f"{row.at[0][1]:%a %H:%M}": dict(zip(names, row.values, strict=True)) for row in chart.rows}
        compared = 0
        for hour, _, district, demand, units in (row.columns for row in tonight(desk, AT, *texts).rows):
            if (district is None or texts) and (said := ahead.get(str(hour))):
                assert demand == pytest.approx(said["expected"], abs=0.11)
                assert units == pytest.approx(said["expected_availability"], abs=0.11)
                compared += 1
        assert compared


def test_a_selection_narrows_it(desk: StoreDesk) -> None:
    """A district leaves its own lines; a grade leaves less demand and the same units."""
    bath = "Bath and North East Somerset"
    every, one = tonight(desk, AT), tonight(desk, AT, f"district={bath}")
    assert {row.columns[2] for row in one.rows} <= {bath, None}
    mine = [row.columns for row in every.rows if row.columns[2] == bath]
    assert [row.columns for row in one.rows if row.columns[2] == bath] == mine
    assert tonight(desk, AT, "district=Bristol").note.startswith("short of nothing to 07:00; ")
    urgent = tonight(desk, AT, f"district={bath}", "grade=Immediate")
    demand = {row.columns[0]: row.columns[3] for row in one.rows if row.columns[2]}
    assert all(float(str(row.columns[3])) <= float(str(demand.get(row.columns[0], 1e9))) for row in urgent.rows)


@pytest.mark.parametrize(
    ("at", "first", "last"),
    [
        (datetime(2026, 11, 13, 6, 40), "Fri 06:00", "Fri 10:00"),
        (datetime(2026, 11, 12, 7, 5), "Thu 07:00", "Fri 06:00"),
        (datetime(2026, 11, 13, 2, 0), "Fri 02:00", "Fri 06:00"),
    ],
)
def test_it_goes_to_seven(desk: StoreDesk, at: datetime, first: str, last: str) -> None:
    """The hours are those to 07:00, at least four more than the present one."""
    starts = {str(row.columns[0]) for row in tonight(desk, at).rows}
    assert {first, last} <= starts
    until = f"{(int(last[4:6]) + 1):02}:00"
    assert f"to {until}" in tonight(desk, at, "district=Bristol").note


def test_the_hour_that_comes_twice_says_which(desk: StoreDesk) -> None:
    """When the clocks go back there are two lines of 01:00, each with its zone."""
    at = datetime(2026, 10, 24, 22, 0)
    starts = [str(row.columns[0]) for row in tonight(desk, at).rows]
    assert {"Sun 01:00 BST", "Sun 01:00 GMT"} <= set(starts)


def test_without_history_it_says_so(tmp_path: Path) -> None:
    """An empty file expects nothing and fails nothing."""
    held = open_store(tmp_path / "a.duckdb")
    try:
        answer = tonight(desk_over(held), AT)
        assert not answer.rows
    finally:
        held.close()

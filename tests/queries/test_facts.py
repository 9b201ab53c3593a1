"""Facts of a small written feed: silent units, grading, and the doubled hour on the chart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from console.desk.answer import Row
from console.desk.desk import Question, Viewer
from console.embedded import desk_over
from console.engine.desk import StoreDesk
from console.feed.events import KINDS, VERSION, Event, encode
from console.feed.ingest import Ingest
from console.store.database import open_store

NIGHT = datetime(2026, 10, 25)
HEARD = NIGHT + timedelta(hours=6)
VIEWER = Viewer("test")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreDesk]:
    """Three units that never tell a position, one of them busy, and five incidents about the night's doubled hour."""
    lines: list[bytes] = []

    def tell(at: datetime, kind: str, key: str, /, **payload: Any) -> None:
        event = Event(VERSION, "radio", len(lines) + 1, at.replace(tzinfo=UTC), kind, key, KINDS[kind](**payload))
        lines.append(encode(event))

    for number, callsign in enumerate(("A1", "A2", "A3")):
        tell(NIGHT, "unit.listed", callsign, kind="response", team="Response", district="Bristol", lon=-2.6, lat=51.45, beat="BC01")
        for minute, state in enumerate((1, 2, 17, 5)[: 4 if number == 2 else 2]):
            at = HEARD + timedelta(minutes=minute - 4)
            tell(at, "unit.status", callsign, state=state, incident="J0" if state in (17, 5) else None, lon=-2.6, lat=51.45, beat="BC01")
    for number, minutes in enumerate((10, 70, 80, 90, 130)):
        at = NIGHT + timedelta(minutes=minutes)
        tell(at, "incident.created", f"J{number}", type="Domestic", grade="Priority", lon=-2.6, lat=51.45, beat="BC01")
    tell(NIGHT + timedelta(minutes=15), "incident.graded", "J0", grade="Immediate", reason="weapon seen")
    store = open_store(Path(tmp_path_factory.mktemp("facts")) / "a.duckdb")
    report = Ingest(store).take(lines, "test")
    assert (report.stored, report.quarantined) == (len(lines), 0)
    made = desk_over(store)
    yield made
    made.close()


def rows(desk: StoreDesk, panel: str, at: datetime, subject: str = "") -> tuple[Row, ...]:
    """Return a panel's rows at a moment."""
    answer = desk.ask(VIEWER, Question("control", panels=(panel,), at=at, subject=subject or None)).panels[0]
    assert answer.error is None
    return answer.rows


def figures(desk: StoreDesk, at: datetime) -> tuple[Any, Any]:
    """Return the deployable units and the utilisation."""
    return rows(desk, "deployable", at)[0].values[0], rows(desk, "utilisation", at)[0].values[0]


def test_a_silent_unit_is_unknown(desk: StoreDesk) -> None:
    """Ten minutes after its last word a unit is neither deployable nor idle, in a feed without positions as in any."""
    assert figures(desk, HEARD + timedelta(minutes=6)) == (2, pytest.approx(100 / 3))
    silent = HEARD + timedelta(minutes=10)
    assert figures(desk, silent) == (0, None)
    assert {row.at[0][1]: row.values[0] for row in rows(desk, "unit_state", silent) if row.values[0]} == {"Unknown": 3}


def test_the_clock_of_grading(desk: StoreDesk) -> None:
    """An incident is graded as it is created, and again where its grade is changed."""
    for ref, words, detail in (("J0", "Sun 25 Oct 01:15:00", "+5 min"), ("J1", "Sun 25 Oct 01:10:00", "+0 min")):
        told = [row.columns for row in rows(desk, "incident", HEARD, ref)]
        assert ("Clocks", "Graded", words, detail) in [line[:4] for line in told]


def test_the_doubled_hour_has_its_own_demand(desk: StoreDesk) -> None:
    """The hour before the clocks go back and the one after carry what each was asked, and a whole hour has no empty bar at its end."""
    told = {row.at[0][1]: row.values for row in rows(desk, "demand", NIGHT + timedelta(hours=6))}
    demand = [told[NIGHT + timedelta(hours=hour)][0] for hour in range(3)]
    assert demand[0]
    assert demand[1] == pytest.approx(3 * demand[0], abs=0.2)
    assert demand[2] == demand[0]
    assert told[NIGHT + timedelta(hours=6)][:2] == (None, None)


def test_the_marking_is_the_sources(desk: StoreDesk, tmp_path: Path) -> None:
    """A feed that nobody described is OFFICIAL; the simulated force and published data say what they are, together too."""
    assert desk.marking(VIEWER) == "OFFICIAL"
    store = open_store(tmp_path / "b.duckdb")
    made = desk_over(store)
    batch = "insert into base.batch values ('b', 'police_uk', 'street', 'f', '2024-01', 'x', 'y', 0, 0, 0, now()::timestamp, null)"
    with store.write({"crime"}) as cursor:
        cursor.execute(batch)
    assert made.marking(VIEWER) == "OFFICIAL (OPEN DATA)"
    beat = encode(Event(VERSION, "simulator", 1, NIGHT.replace(tzinfo=UTC), "source.heartbeat", "simulator", KINDS["source.heartbeat"]()))
    assert Ingest(store).take([beat], "test").stored == 1
    assert made.marking(VIEWER) == "OFFICIAL (OPEN DATA, SYNTHETIC)"
    made.close()

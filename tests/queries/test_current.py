"""What is current at a moment, said without a look at all there was, is what all there was says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from console.feed import bulk
from console.feed.events import KINDS, VERSION, Event, encode
from console.feed.ingest import Ingest, SimulatorState
from console.feed.simulator import SOURCE, Simulator
from console.store.database import open_store

AT = datetime(2026, 11, 13, 18, 0)
GRADES = """
select i.ref, coalesce((select arg_max(grade, graded_at) from base.grading g where g.ref = i.ref and graded_at <= $at), first_grade),
    coalesce((select max(graded_at) from base.grading g where g.ref = i.ref and graded_at <= $at), created_at)
from base.incident i where created_at <= $at
"""
ASSIGNMENTS = "select callsign, ref, assigned_at from base.assignment where assigned_at <= $at and (cleared_at is null or cleared_at > $at)"


def test_grades_and_assignments_at_any_moment(tmp_path: Path) -> None:
    """Incidents graded never, once and more often; assignments that ended, stand, or were put right by a late event."""
    store = open_store(tmp_path / "a.duckdb")
    simulator = Simulator(5, AT - timedelta(hours=12))
    bulk.load(store, simulator.advance(AT).frames(), SOURCE, SimulatorState(SOURCE, AT, simulator.state()))
    with store.reader() as cursor:
        refs = [ref for (ref,) in cursor.execute("select ref from base.incident where closed_at is null order by ref limit 12").fetchall()]
    lines = []
    for number in range(30):
        at = AT - timedelta(minutes=(number * 7) % 60) + timedelta(minutes=number)
        payload = KINDS["incident.graded"](grade=("Immediate", "Priority", "Routine")[number % 3], reason="heard more")
        lines.append(encode(Event(VERSION, "desk", number + 1, at.replace(tzinfo=UTC), "incident.graded", refs[number % 12], payload)))
    ingest, late = Ingest(store), list(simulator.advance(AT + timedelta(minutes=30)).lines())
    for some in (lines[:9], late[1::2], lines[9:], late[::2]):
        assert ingest.take(some, "test").stored == len(some)
    with store.reader() as cursor:
        for minutes in (-400, -200, -60, -30, -5, 0, 3, 11, 29, 60):
            at = AT + timedelta(minutes=minutes)
            said = cursor.execute("select ref, grade, graded_at from incident($at)", {"at": at}).fetchall()
            assert sorted(said) == sorted(cursor.execute(GRADES, {"at": at}).fetchall())
            current = cursor.execute("select callsign, ref, assigned_at from current_assignment($at)", {"at": at}).fetchall()
            assert sorted(current) == sorted(cursor.execute(ASSIGNMENTS, {"at": at}).fetchall())
        regraded = "select count(*) from (select ref from base.grading group by ref having count(*) > 1)"
        assert cursor.execute(regraded).fetchall()[0][0] >= 8
    store.close()

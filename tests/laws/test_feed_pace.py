"""A feed that nobody watches is taken seldom, but for what is urgent; nothing of it is lost, and what is announced is always urgent."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from console.bench import hour
from console.feed.ingest import Ingest
from console.feed.live import URGENT, Live
from console.feed.recorded import Recorded
from console.store import sql
from console.store.database import open_store

STEPS = 240  # seconds


def test_what_is_not_urgent_comes_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a pace of 30 s lines are taken each 30 s, all that wait at once when an urgent one comes, and none is lost."""
    now = [1000.0]
    monkeypatch.setattr("console.feed.live.time.monotonic", lambda: now[0])
    told = [line for line in hour.lines() if not URGENT.search(line)]
    urgent = (hour.HOUR + timedelta(seconds=100)).isoformat().encode()
    alarm = (
        b'{"v":1,"source":"simulator.x","sequence":1,"occurred_at":"%bZ","kind":"unit.status","key":"RC51","payload":{"state":0}}\n'
        % urgent
    )
    store = open_store(tmp_path / "a.duckdb")
    takes: list[tuple[float, list[bytes]]] = []
    take = Ingest.take

    def noted(self: Ingest, lines: list[bytes], place: str, **more: object) -> object:
        takes.append((now[0] - 1000, list(lines)))
        return take(self, lines, place, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Ingest, "take", noted)
    try:
        feed = Live(store, Recorded([*told, alarm]), present=False)
        feed.pace(30.0)
        for second in range(1, STEPS + 1):
            now[0] += 1.0
            feed.step(hour.HOUR + timedelta(seconds=second))
        feed.step(hour.HOUR + timedelta(seconds=STEPS), keep=True)
    finally:
        store.close()
    (alarmed,) = (n for n, (_, lines) in enumerate(takes) if alarm in lines)
    assert takes[alarmed][0] in (100, 101)
    assert len(takes) <= STEPS / 30 + 3
    came = [line for _, lines in takes for line in lines if b".heartbeat" not in line]
    assert sorted(came) == sorted([*Recorded([*told, alarm]).advance(hour.HOUR + timedelta(seconds=STEPS)).lines()])


def test_whatever_is_announced_was_urgent(tmp_path: Path) -> None:
    """Of four simulated days every incident and unit that is announced had a line that waits for no others."""
    simulator = hour.force()
    lines = list(simulator.advance(hour.HOUR).lines())
    keys = {line.split(b'"key":"')[1].split(b'"')[0].decode() for line in lines if URGENT.search(line)}
    store = open_store(tmp_path / "a.duckdb")
    try:
        Ingest(store).take(lines, "a day")
        with store.reader() as cursor:
            immediate = sql.run(cursor, "select ref from incident($now) where grade = 'Immediate'", {"now": hour.HOUR}).fetchall()
            pressed = sql.run(cursor, "select callsign from base.unit_status where state = 0", {}).fetchall()
    finally:
        store.close()
    assert len(immediate) > 100
    assert {key for (key,) in [*immediate, *pressed]} <= keys

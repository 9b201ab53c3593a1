"""What a file says of a past moment is what one says that was told nothing that happened later."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from console.desk.answer import Answer
from console.desk.desk import Question, Viewer
from console.embedded import desk_over
from console.feed.events import KINDS, VERSION, Event, encode
from console.feed.ingest import Ingest
from console.feed.simulator import Simulator
from console.store.database import Store, open_store

START = datetime(2026, 3, 27, 9)
PLACE = {"lon": -2.6, "lat": 51.45, "beat": "BC01"}
FACTS = ("incident", "unit", "contact", "crime", "current_assignment")
TOLD: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("incident.created", "J1", {"type": "Domestic", "grade": "Priority", **PLACE}),
    ("incident.created", "J2", {"type": "Burglary", "grade": "Immediate", "weapon": True, **PLACE}),
    *(("incident.graded", ref, {"grade": grade}) for ref in ("J1", "J2") for grade in ("Immediate", "Scheduled")),
    ("incident.acknowledged", "J2", {"by": "Sgt Ada"}),
    *(("incident.closed", ref, {"result": result, "crime": "C1"}) for ref, result in (("J1", "arrest"), ("J2", "advice"))),
    *(
        ("unit.listed", "U1", {"kind": kind, "team": kind, "district": "Bristol", "skills": [kind], **PLACE})
        for kind in ("response", "dogs")
    ),
    ("unit.listed", "U2", {"kind": "roads", "team": "Roads", "district": "Bristol"}),
    *(("unit.status", unit, {"state": state, "incident": ref}) for unit in ("U1", "U2") for state in (17, 5, 6) for ref in ("J1", "J2")),
    *(("unit.status", unit, {"state": state, **PLACE}) for unit in ("U1", "U2") for state in (0, 1, 2, 4, 11, 13)),
    *(("unit.moved", unit, {"lon": lon, "lat": 51.4}) for unit in ("U1", "U2") for lon in (-2.5, -2.7)),
    *(("unit.tasked", "U1", {"objective": objective}) for objective in ("O1", "O2", None)),
    ("unit.acknowledged", "U1", {"by": "Sgt Ada"}),
    *(("objective.set", "O1", {"title": title, "kind": "patrol", "start": START, "end": START}) for title in ("Park", "Quay")),
    ("contact.offered", "K1", {"line": "999", "beat": "BC01"}),
    ("contact.answered", "K1", {}),
    ("contact.abandoned", "K1", {}),
    ("contact.ended", "K1", {"incident": "J1"}),
    ("crime.recorded", "C1", {"offence": "Common assault", "incident": "J1", **PLACE}),
    *(("crime.allocated", "C1", {"officer": officer}) for officer in ("1001", "1002")),
    *(("crime.outcome", "C1", {"code": code}) for code in (18, 1, 16)),
)
"""What may be told; times and sources are drawn."""

NAMES = ("incident", "objective", "crime")


def line(source: str, sequence: int, at: datetime, kind: str, key: str, payload: dict[str, Any]) -> bytes:
    """Return an event as it comes."""
    said = {name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value for name, value in payload.items()}
    return encode(Event(VERSION, source, sequence, at.replace(tzinfo=UTC), kind, key, KINDS[kind](**said)))


def fed(store: Store, lines: list[bytes], pieces: int) -> Store:
    """Take the lines in so many pieces."""
    ingest = Ingest(store)
    for n in range(pieces):
        ingest.take(lines[n::pieces], "test")
    return store


def standing(store: Store, at: datetime) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every fact at a moment."""
    with store.reader() as cursor:
        return {fact: cursor.execute(f"from {fact}($now) order by all", {"now": at}).fetchall() for fact in FACTS}


def worlds(chance: random.Random, number: int) -> list[tuple[datetime, bytes]]:
    """Return events of so many small worlds, which have nothing to do with one another, in the order in which they come."""
    made, sequences = [], Counter[str]()
    for world in range(number):
        for _ in range(chance.randrange(5, 45)):
            kind, key, payload = chance.choice(TOLD)
            source, at = chance.choice("ab"), START + timedelta(minutes=chance.randrange(13))
            sequences[source] += 1
            said = {name: f"{value}.{world}" if name in NAMES and value else value for name, value in payload.items()}
            made.append((at, line(source, sequences[source], at, kind, f"{key}.{world}", said)))
    chance.shuffle(made)
    return made


def test_the_past_knows_nothing_of_later(tmp_path: Path) -> None:
    """Of every fact, over random streams that come late and out of order: as if fed only what had happened by the moment."""
    told = worlds(random.Random(11), 200)
    whole = fed(open_store(tmp_path / "whole.duckdb"), [event for _, event in told], 3)
    for minute in (3, 6, 10):
        at = START + timedelta(minutes=minute)
        early = fed(open_store(tmp_path / f"{minute}.duckdb"), [event for occurred_at, event in told if occurred_at <= at], 1)
        mine, theirs = standing(whole, at), standing(early, at)
        early.close()
        assert all(len(rows) > 3 for rows in mine.values())
        for fact in FACTS:
            assert mine[fact] == theirs[fact], fact
    whole.close()


def test_a_page_of_the_past_is_the_page_of_then(tmp_path: Path) -> None:
    """Hours of the simulated force, asked as of one of them: the whole page of a file that was told no more, its sources and alerts."""
    lines = list(Simulator(3, START).advance(START + timedelta(hours=4)).lines())
    at = START + timedelta(hours=3, seconds=7)
    answers: list[Answer] = []
    for name, told in (("whole", lines), ("early", [one for one in lines if occurred(one) <= at])):
        store = fed(open_store(tmp_path / f"{name}.duckdb"), told, 1)
        desk = desk_over(store)
        answers.append(desk.ask(Viewer("test"), Question("control", at=at)))
        desk.close()
    whole, early = answers
    assert whole.of > 20
    assert not any(panel.error for panel in whole.panels)
    assert (whole.as_of, whole.of, whole.alerts, whole.live) == (early.as_of, early.of, early.alerts, False)
    for mine, theirs in zip(whole.panels, early.panels, strict=True):
        assert replace(mine, markers=()) == replace(theirs, markers=()), mine.name
        assert Counter(mine.markers) == Counter(theirs.markers)
    assert [(each.name, each.heard_at, each.age_s, each.stale) for each in whole.sources] == [
        (each.name, each.heard_at, each.age_s, each.stale) for each in early.sources
    ]
    assert whole.sources[0].age_s is not None
    assert 0 <= whole.sources[0].age_s < 60


def occurred(event: bytes) -> datetime:
    """Return when an event happened, naive UTC."""
    text = event.split(b'"occurred_at":"', 1)[1].split(b'"', 1)[0].decode()
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)

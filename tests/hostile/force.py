"""A small force whose every word is a hostile text: told by events, imported, and as an older file may hold it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from console.feed import police_uk
from console.feed.decode import Arrived, decode
from console.feed.ingest import Ingest, clock
from console.store.database import Store, open_store
from tests import hostile
from tests.sources.written import row, write

NOW = clock().replace(microsecond=0)
SOURCE = "[bold red]feed[/]"
BEAT = "BC01"


def make(path: Path) -> Path:
    """Return a new file that holds all of it; what steers is refused on every way but the last."""
    store = open_store(path)
    lines: list[bytes] = []
    kept = set()
    for n, (name, text) in enumerate(hostile.CORPUS.items()):
        told = events(text, n, len(lines))
        lines += told
        if all(isinstance(decode(line, NOW), Arrived) for line in told):
            kept.add(name)
    assert kept == (hostile.HIDING | hostile.STRANGE).keys()
    report = Ingest(store).take(lines, SOURCE)
    assert report.quarantined >= len(hostile.STEERING)
    assert hostile.harmful(str(report)) == []
    bring(store, path.parent)
    smuggle(store, len(lines))
    store.close()
    return path


def events(text: str, n: int, first: int) -> list[bytes]:
    """Return what a feed tells of a job, a unit, an officer, an objective and a crime in which each word is the text."""
    key = f"{n:03}{text[:40]}"
    place = {"lon": -2.59, "lat": 51.45, "beat": BEAT}
    told: list[tuple[str, str, dict[str, Any]]] = [
        ("incident.created", f"J{key}", {"type": text, "grade": "Immediate" if n % 2 else text, "location": text, **place}),
        ("incident.logged", f"J{key}", {"author": text, "text": text}),
        ("incident.graded", f"J{key}", {"grade": "Immediate" if n % 3 else text, "reason": text}),
        ("unit.listed", f"U{key}", {"kind": "response", "team": text, "district": text, "crew": 2, "skills": [text], **place}),
        ("officer.listed", f"O{key}", {"name": text, "rank": text, "team": text, "district": text}),
        ("duty.started", f"O{key}", {"unit": f"U{key}", "until": (NOW + timedelta(hours=5)).isoformat() + "Z"}),
        ("unit.status", f"U{key}", {"state": 17, "incident": f"J{key}", **place}),
        ("unit.status", f"U{key}", {"state": 5 if n % 2 else 0, "incident": f"J{key}", **place}),
        ("unit.tasked", f"U{key}", {"objective": text}),
        ("crime.recorded", f"C{key}", {"offence": text, "location": text, **place}),
        ("crime.allocated", f"C{key}", {"officer": text, "team": text}),
    ]
    return [
        json.dumps(
            {"v": 1, "source": SOURCE, "sequence": first + i, "kind": kind, "key": key, "payload": payload,
             "occurred_at": (NOW - timedelta(minutes=30) + timedelta(seconds=first + i)).isoformat() + "Z"}
        ).encode()
        for i, (kind, key, payload) in enumerate(told)
    ]  # fmt: skip


def bring(store: Store, to: Path) -> None:
    """Import a published file in which every text is a hostile one."""
    rows = [
        row(f"{n}", place=_cell(text), lsoa=_cell(text), kind=_cell(text), outcome=_cell(text))
        for n, text in enumerate(hostile.CORPUS.values())
        if len(text) < 1000
    ]
    written = write(to / "2024-02-avon-and-somerset-street.csv", *(each.encode("utf-8", "surrogatepass") for each in rows))
    for report in police_uk.run(store, [written], lambda words, share: None):
        assert hostile.harmful(str(report)) == []


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""').replace("\n", " ").replace("\r", " ") + '"'


def smuggle(store: Store, first: int) -> None:
    """Put the texts that steer into the tables themselves, past all that guards them."""
    tables = {
        "incident": ("ref", "type", "location", "beat"), "incident_log": ("ref", "author", "text"),
        "grading": ("ref", "grade", "reason"), "unit": ("callsign", "team", "home_district", "skills"),
        "unit_status": ("callsign", "incident"), "unit_position": ("callsign",), "unit_objective": ("callsign", "objective"),
        "assignment": ("callsign", "ref"), "officer": ("officer", "name", "rank", "team", "district"), "duty": ("officer", "unit"),
        "crime": ("crime", "offence", "category", "location", "officer", "team"),
    }  # fmt: skip
    texts = {f"PLAIN{n:03}": text for n, text in enumerate(hostile.STEERING.values())}
    lines = [line for n, plain in enumerate(texts) for line in events(plain, 900 + n, first + n * 20)]
    assert not Ingest(store).take(lines, SOURCE).quarantined
    with store.write({"incident", "unit", "crime"}) as cursor:
        for table, columns in tables.items():
            for column in columns:
                for plain, text in texts.items():
                    said = f"update base.{table} set {column} = replace({column}, $plain, $text) where contains({column}, $plain)"
                    cursor.execute(said, {"plain": plain, "text": text})

"""The two nights the clocks change: through ingest, the hourly chart, and a typed time."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from console import cli
from console.desk.grammar import instant
from console.feed.events import VERSION, ContactOffered, Event, encode
from console.feed.ingest import Ingest
from console.store.database import open_store


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A call every ten minutes over both nights and the days around them."""
    path = tmp_path_factory.mktemp("clocks") / "a.duckdb"
    lines, sequence = [], 0
    for start in (datetime(2026, 3, 28), datetime(2026, 10, 24)):
        for step in range(3 * 144):
            sequence += 1
            at = (start + timedelta(minutes=10 * step)).replace(tzinfo=UTC)
            lines.append(encode(Event(VERSION, "t", sequence, at, "contact.offered", f"C{sequence}", ContactOffered(line="999"))))
    store = open_store(path)
    assert Ingest(store).take(lines, "test").stored == len(lines)
    store.close()
    return path


def ask(data: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert cli.main(["--data", str(data), "ask", "contact", *arguments, "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.parametrize(
    ("day", "after", "bars"), [("2026-03-29", "2026-03-30", 23), ("2026-10-25", "2026-10-26", 25), ("2026-03-28", "2026-03-29", 24)]
)
def test_a_day_has_its_hours(data: Path, capsys: pytest.CaptureFixture[str], day: str, after: str, bars: int) -> None:
    """A local day's chart has 23, 24 or 25 bars of six calls each, every bar with its own offset or hour."""
    answer = ask(data, capsys, "--by", "offered_hour", "--select", f"offered={day}..{after}")
    found = {row["at"]["offered_hour"]: row["values"]["count"] for row in answer["panels"][0]["rows"] if row["state"] == "possible"}
    assert len(found) == bars
    assert set(found.values()) == {6}
    assert all(hour.startswith(day) for hour in found)


def test_a_typed_time(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The doubled hour needs its zone, the missing one is refused, and both say why; either side of it counts differ."""
    for words, said in (("2026-10-25 01:30", "add BST or GMT"), ("2026-03-29 01:30", "doesn't exist")):
        with pytest.raises(ValueError, match=said):
            instant(words)
        assert cli.main(["--data", str(data), "ask", "contact", "--by", "line", "--at", words]) == 2
        assert said in capsys.readouterr().err
    summer, winter = (ask(data, capsys, "--by", "line", "--at", f"2026-10-25 01:30 {zone}") for zone in ("BST", "GMT"))
    assert winter["of"] - summer["of"] == 6
    assert summer["as_of"] == "2026-10-25T01:30:00+01:00"
    assert winter["as_of"] == "2026-10-25T01:30:00+00:00"
    assert instant("2026-07-01 12:00") == datetime(2026, 7, 1, 11)

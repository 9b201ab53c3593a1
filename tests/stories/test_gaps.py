"""What is missing of a source is said: to come while its older history is being made behind, else missing."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console

from console.app import plain
from console.desk.answer import Answer
from console.desk.desk import Question, Viewer
from console.embedded import desk_over
from console.feed import history
from console.feed.ingest import Ingest, clock
from console.store.database import open_store


def text_of(answer: Answer) -> str:
    """Return what `console ask` prints."""
    console = Console(width=200)
    with console.capture() as captured:
        console.print(plain.as_text(answer, ZoneInfo("Europe/London"), "OFFICIAL (SYNTHETIC)"))
    return captured.get()


def test_what_is_missing_is_said_until_it_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The older days are to come until they are there; a hole in another source is missing."""
    monkeypatch.setattr(history, "NEWEST", timedelta(days=1))
    store = open_store(tmp_path / "a.duckdb")
    desk, until = desk_over(store), clock()
    question = Question("control", panels=("open",))
    try:
        history.catch_up(store, history.begin(store, 3, until, 4, newest_first=True), until, lambda words, share: None)
        answer = desk.ask(Viewer("test"), question)
        (source,) = answer.sources
        assert source.gaps > 1000
        assert source.filling
        assert f"{source.gaps:,} earlier events to come" in text_of(answer)

        earlier = history.Earlier(store)
        earlier.run()
        assert earlier.failure is None
        answer = desk.ask(Viewer("test"), question)
        assert [source.gaps for source in answer.sources] == [0]
        assert "to come" not in text_of(answer)

        call = {"v": 1, "source": "phones", "occurred_at": until.isoformat() + "Z", "kind": "contact.offered", "payload": {"line": "101"}}
        Ingest(store).take([json.dumps(call | {"key": f"P{n}", "sequence": n}).encode() for n in (1, 2, 6)], "phones")
        answer = desk.ask(Viewer("test"), question)
        assert {source.name: (source.gaps, source.filling) for source in answer.sources} == {"simulator": (0, False), "phones": (3, False)}
        assert "3 events missing" in text_of(answer)
    finally:
        desk.close()

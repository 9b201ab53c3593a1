"""What is played and what is piped, as feeds among others."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from console.feed import bulk, history
from console.feed.ingest import SimulatorState, clock
from console.feed.intake.played import fitting
from console.feed.simulator import SOURCE, Simulator
from console.store.database import Store
from tests.feeds.conftest import Feeding
from tests.feeds.wires import Wire, call, calls, held, quarantined, until


def test_the_simulator_is_a_feed_among_others(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """It is brought up to date, heard of at once, told beside a sender's lines, and where it stands is kept at the end."""
    assert fitting(store) == ("simulator",)
    began = clock() - timedelta(minutes=20)
    simulator = Simulator(4, began - timedelta(hours=1))
    bulk.load(store, simulator.advance(began).frames(), SOURCE, SimulatorState(SOURCE, began, simulator.state()))
    feeds = feeding("simulator", f"unix:{tmp_path}/door")
    wire = Wire(tmp_path / "door")
    wire.hello("cad")
    wire.say(call(1))
    assert wire.settled(2)[-1]["ack"] == {"cad": 1}
    _, state = sorted(feeds.states(), key=lambda each: each.kind, reverse=True)
    until(lambda: feeds.states()[1].heard_at)
    assert (state.kind, state.connected, state.failure) == ("simulator", 1, "")
    assert abs((feeds.clock() - clock()).total_seconds()) < 5
    feeds.stop()
    stood = history.standing(store)
    assert stood is not None
    assert stood.simulator.until > began + timedelta(minutes=20)
    assert fitting(store) == ("simulator",)


def test_a_recording_is_a_feed(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """Its lines come from its first moment on, and that is the present."""
    path = tmp_path / "an hour.ndjson"
    path.write_bytes(b"".join(calls(3)))
    feeds = feeding(f"recording:{path}")
    until(lambda: len(held(store)) >= 2)
    assert feeds.clock() < clock() - timedelta(days=1)
    until(lambda: feeds.states()[0].events >= 2)
    assert fitting(store) == ()


def test_standard_input_is_a_feed(store: Store, feeding: Feeding, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is taken to its end, and what can't be read of it is quarantined with its line."""
    reading, writing = os.pipe()
    with open(reading) as piped, open(writing, "wb") as pipe:
        monkeypatch.setattr(sys, "stdin", piped)
        feeds = feeding("stdin")
        until(lambda: feeds.states()[0].connected)
        pipe.write(b"".join([*calls(3000), b"rubbish\n", call(3001)[:-1]]))
        pipe.close()
        until(lambda: not feeds.states()[0].connected)
    assert held(store) == list(range(1, 3002))
    assert [place for place, _ in quarantined(store)] == ["standard input"]
    with store.reader() as cursor:
        assert cursor.execute("select line from base.quarantine").fetchall() == [(3001,)]

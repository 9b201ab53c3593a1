"""How a hub's feeds and sources stand, asked as a person and as a service manager would."""

from __future__ import annotations

import dataclasses
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from console import files
from console.app.page.strips import freshness
from console.desk.answer import Answer, SourceState
from console.engine import sources
from console.feed.ingest import clock
from console.hub.client.status import amiss, duration
from console.hub.protocol.standing import Feed, Kept, Standing
from console.store.database import Store
from tests.feeds.conftest import Feeding
from tests.feeds.wires import Wire, call, until


def fresh(sequence: int, ago: timedelta = timedelta(0), source: str = "cad") -> bytes:
    """Return a call's line that tells of so long ago."""
    line = json.loads(call(sequence, source)) | {"occurred_at": (datetime.now(UTC) - ago).isoformat()}
    return json.dumps(line).encode() + b"\n"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A hub fed by a socket and by a file that isn't there yet."""
    folder = tmp_path_factory.mktemp("hub")
    words = "hub", "--data", str(folder / "a.duckdb"), "--socket", str(folder / "hub"), "--feed", f"unix:{folder}/door", "--feed", f"file:{folder}/gps.ndjson"  # fmt: skip
    with subprocess.Popen([sys.executable, "-m", "console", *words], stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert b" ready: " in process.stderr.readline()
        yield folder
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def status(folder: Path, *words: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "console", "hub", "status", "--socket", str(folder / "hub"), *words]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_a_hub_says_how_it_stands(hub: Path) -> None:
    """Status 1 while a feed is missing, 0 when all is well, 1 when a source is stale; 3 where there is no hub, 2 for a wrong word."""
    wire = Wire(hub / "door")
    wire.hello("cad")
    wire.say(fresh(1), fresh(2), fresh(2), fresh(5), b"rubbish\n")
    wire.settled(6)
    code, said = status(hub)
    assert code == 1
    assert "gps.ndjson: gone; waiting for it to come back" in said
    (hub / "gps.ndjson").write_bytes(fresh(1, source="gps"))
    told: dict[str, Any] = until(lambda: next((held for held in [json.loads(status(hub, "--json")[1])] if not held["amiss"]), None))
    door, file = told["kept"]["feeds"]
    assert (door["connected"], door["lines"], door["events"], door["duplicates"], door["quarantined"]) == (1, 5, 3, 1, 1)
    assert door["acknowledged"] == {"cad": 5}
    assert (file["connected"], file["events"], file["behind"], file["failure"]) == (1, 1, 0, "")
    heard = {each["name"]: each for each in told["kept"]["sources"]}
    assert (heard["cad"]["gaps"], heard["cad"]["stale"], heard["gps"]["stale"]) == (2, False, False)
    assert told["kept"]["size"] > 0
    assert told["kept"]["free"] > 0
    assert told["clients"] == 0
    code, said = status(hub)
    assert code == 0
    assert "well" in said
    assert "2 missing" in said
    assert "acknowledged cad 5" in said
    wire.hello("crime")
    wire.say(fresh(1, timedelta(hours=1), "crime"))
    wire.settled(8)
    code, said = status(hub)
    assert code == 1
    assert "crime is stale: no news for 1 h" in said
    assert status(hub / "nowhere")[0] == 3
    wrong = subprocess.run([sys.executable, "-m", "console", "hub", "statsu"], capture_output=True)
    assert wrong.returncode == 2


def test_a_source_whose_sender_left_goes_stale(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """Its gaps stay, its age grows, and the screen names it where there are several."""
    feeds = feeding(f"unix:{tmp_path}/door")
    wire, other = Wire(tmp_path / "door"), Wire(tmp_path / "door")
    wire.hello("cad")
    other.hello("gps")
    wire.say(fresh(1), fresh(4))
    other.say(fresh(1, source="gps"))
    wire.settled(3)
    other.settled(2)
    wire.close()
    until(lambda: feeds.states()[0].connected == 1)
    later = clock() + timedelta(seconds=70)
    other.say(fresh(2, source="gps"))
    other.settled(3)
    with store.reader() as cursor:
        found = sources.states(cursor, files.queries() / "sources", later, later)
    states = {each.name: each for each in found}
    assert (states["cad"].stale, states["cad"].live, states["cad"].gaps) == (True, True, 2)
    answer = Answer("control", later, True, 1, 0, 0, None, (), sources=(states["cad"], dataclasses.replace(states["gps"], stale=False)))
    words, _ = freshness(answer, later, 0.0)
    assert words.startswith("STALE: cad: no news for 1m10s")


def standing(**more: Any) -> Standing:
    kept = Kept("a.duckdb", 1, 1, 10**12, 1, "", **more)
    return Standing("1", 1, datetime(2026, 1, 1), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, kept)


def test_what_is_amiss_is_said() -> None:
    """A full disk, a store that can't be written, a feed that failed, a source that is stale; nothing else."""
    heard = SourceState("cad", "Command and control", datetime(2026, 1, 1), 90.0, True, True, 0, 0)
    feed = Feed("file:a", "file", 0, None, None, 0, 0, 0, 0, 0, None, (), "a: gone")
    assert amiss(standing()) == []
    assert amiss(standing(sources=(heard,), feeds=(feed,))) == ["Command and control is stale: no news for 1 min 30 s", "file:a: a: gone"]
    full = dataclasses.replace(standing(), kept=Kept("a.duckdb", 1, 10**9, 10**9, 1, "can't be written"))
    assert amiss(full) == ["nothing can be stored: can't be written", "the disk is nearly full: 1.0 GB free"]
    assert [duration(seconds) for seconds in (0.4, 61, 3600, 90000, 7384)] == ["0 s", "1 min 1 s", "1 h", "1 d 1 h", "2 h 3 min"]


def test_feeds_that_are_none_are_refused(tmp_path: Path) -> None:
    """In words, with status 2, and nothing is made."""
    for named, why in (("post:office", "names no feed"), ("tcp:here", "names no port"), (f"spool:{tmp_path}/none", "is no folder"), ("tcp:0.0.0.0:1", "takes a secret")):  # fmt: skip
        words = "hub", "--data", str(tmp_path / "a.duckdb"), "--socket", str(tmp_path / "s"), "--feed", named
        done = subprocess.run([sys.executable, "-m", "console", *words], capture_output=True, text=True)
        assert (done.returncode, why in done.stderr) == (2, True), done.stderr

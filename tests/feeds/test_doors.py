"""What comes in by a door is acknowledged once it is stored, and nothing that comes in harms the hub."""

from __future__ import annotations

import os
import socket
import threading
import tracemalloc
from pathlib import Path

import pytest

from console.feed.intake import doors, sender
from console.feed.intake.feeds import Feeds
from console.store.database import Store, open_store
from tests.feeds.conftest import Feeding
from tests.feeds.wires import Wire, call, calls, held, quarantined, until


def test_events_are_acknowledged_when_they_are_stored(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """The sender hears how far its sources are, then each line is settled, and a second connection goes on from there."""
    feeds = feeding(f"unix:{tmp_path}/door")
    wire = Wire(tmp_path / "door")
    assert wire.hello("cad", "gps") == {"ack": {"cad": None, "gps": None}, "lines": 1}
    wire.say(*calls(300))
    for answer in wire.settled(301):
        assert answer["ack"]["cad"] <= max(held(store))
    assert answer == {"ack": {"cad": 300}, "lines": 301}
    wire.close()
    again = Wire(tmp_path / "door")
    assert again.hello("cad", "gps")["ack"] == {"cad": 300, "gps": None}
    again.say(*calls(20, first=291), call(1, "gps"))
    assert again.settled(22)[-1] == {"ack": {"cad": 310, "gps": 1}, "lines": 22}
    assert sorted(held(store)) == list(range(1, 311))
    (state,) = feeds.states()
    assert (state.kind, state.lines, state.events, state.duplicates, state.waiting, state.connected) == ("unix", 321, 311, 10, 0, 1)
    assert state.acknowledged == {"cad": 310, "gps": 1}
    again.close()
    until(lambda: feeds.states()[0].connected == 0)


def test_the_quarantined_is_acknowledged_with_its_reason(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """Each line is named by its number; sent again it isn't kept twice, and how far the source came is known after a restart."""
    feeds = feeding(f"unix:{tmp_path}/door")
    wrong = call(3).replace(b'"999"', b'"112"')
    own = call(1, "console")
    for _ in range(2):
        wire = Wire(tmp_path / "door")
        wire.hello("cad")
        wire.say(call(1), b"\xff\xfe no event\n", b"\n", call(2), wrong, own)
        answers = wire.settled(7)
        assert answers[-1]["ack"]["cad"] == 3
        told = [each for answer in answers for each in answer.get("quarantined", [])]
        assert [(each["line"], each["source"], each["sequence"]) for each in told] == [(3, "", None), (6, "cad", 3), (7, "", None)]
        assert "UTF-8" in told[0]["reason"]
        assert "112" in told[1]["reason"]
        assert "own source" in told[2]["reason"]
        wire.close()
    assert len(quarantined(store)) == 3
    assert held(store) == [1, 2]
    assert held(store, "console") == []
    feeds.stop()
    feeding(f"unix:{tmp_path}/door")
    assert Wire(tmp_path / "door").hello("cad")["ack"] == {"cad": 3}


def test_a_sender_that_has_said_all_hears_all(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """A half-closed connection ends after the last acknowledgement; a torn last line is nobody's."""
    feeding(f"unix:{tmp_path}/door")
    wire = Wire(tmp_path / "door")
    wire.hello("cad")
    wire.say(*calls(50), call(51)[:-5])
    wire.socket.shutdown(socket.SHUT_WR)
    assert wire.settled(51)[-1] == {"ack": {"cad": 50}, "lines": 51}
    assert wire.hear() == {}
    assert held(store)[-1] == 50


def test_a_tcp_door_has_a_secret(store: Store, feeding: Feeding, said: list[str]) -> None:
    """Bound here unless told otherwise; beyond this machine only with a secret; who doesn't know it is told, and sent away."""
    with pytest.raises(ValueError, match="takes a secret"):
        Feeds(store, ["tcp:0.0.0.0:0"], say=said.append)
    feeds = feeding("tcp:0", secret=b"open sesame")
    name = feeds.states()[0].name
    assert name.startswith("tcp:127.0.0.1:")
    port = int(name.rpartition(":")[2])
    assert "another secret" in Wire(port).hello("cad", secret="guess")["error"]
    wire = Wire(port)
    assert wire.hello("cad", secret="open sesame")["ack"] == {"cad": None}
    wire.say(call(1))
    assert wire.hear()["ack"] == {"cad": 1}
    assert len(said) == 1


def test_a_source_comes_from_the_last_that_named_it(tmp_path: Path, feeding: Feeding) -> None:
    """A leftover of a broken line is sent away when its sender is back."""
    feeding(f"unix:{tmp_path}/door")
    left, other = Wire(tmp_path / "door"), Wire(tmp_path / "door")
    left.hello("cad", "gps")
    other.hello("crime")
    back = Wire(tmp_path / "door")
    back.hello("cad")
    assert "another sender" in left.hear()["error"]
    assert left.hear() == {}
    other.say(call(1, "crime"))
    assert other.hear()["ack"] == {"crime": 1}


def test_a_socket_in_use_is_refused_by_name(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """A leftover of a dead process is taken over, a live door isn't; it is open to the owner and the group alone."""
    path = tmp_path / "door"
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(path))
    feeds = feeding(f"unix:{path}")
    assert path.stat().st_mode & 0o777 == 0o660
    with pytest.raises(OSError, match=f"{path}: a process listens there already"):
        Feeds(store, [f"unix:{path}"], say=print)
    feeds.stop()
    assert not path.exists()


def test_the_hub_reads_no_more_than_it_can_store(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """While nothing can be written a sender's lines wait at the sender, all but a window; then all of them come."""
    feeds = feeding(f"unix:{tmp_path}/door")
    wire = Wire(tmp_path / "door")
    wire.hello("cad")
    lines = calls(12_000)
    with store.write(set()):
        sending = threading.Thread(target=wire.say, args=lines)
        sending.start()
        until(lambda: feeds.states()[0].waiting > 1000)
        sending.join(0.3)
        assert sending.is_alive()
        assert feeds.states()[0].waiting * len(lines[-1]) < sender.WINDOW + 2 * 262_144
    assert wire.settled(12_001)[-1]["ack"] == {"cad": 12_000}
    sending.join()
    assert len(held(store)) == 12_000


def test_a_hostile_sender_costs_a_line_of_the_log(tmp_path: Path, store: Store, feeding: Feeding, said: list[str]) -> None:
    """Binary, no newline, no sources, too many at once: each is sent away, memory stays, and another sender is served."""
    feeds = feeding(f"unix:{tmp_path}/door")
    good = Wire(tmp_path / "door")
    good.hello("cad")
    flood = b"y" * (1 << 26)
    tracemalloc.start()
    for start in (b"GET / HTTP/1.1\r\n\r\n", os.urandom(400) + b"\n", b'{"sources": 7}\n', b"x" * 70_000):
        for _ in range(25):
            wire = Wire(tmp_path / "door")
            wire.say(start)
            assert "the first line names the sources" in wire.hear().get("error", "the first line names the sources")
            wire.close()
    endless = Wire(tmp_path / "door")
    endless.hello("endless")
    with pytest.raises(ConnectionError, match=r"reset|[Bb]roken"):
        endless.say(flood)
    crowd = [Wire(tmp_path / "door") for _ in range(doors.SENDERS + 200)]
    assert "named no sources before others came" in crowd[0].hear()["error"]
    assert feeds.states()[0].connected == doors.SENDERS
    late = Wire(tmp_path / "door")
    assert late.hello("gps")["ack"] == {"gps": None}
    grown = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert grown < 20_000_000
    for wire in crowd:
        wire.close()
    good.say(call(1))
    assert good.hear()["ack"] == {"cad": 1}
    assert quarantined(store) == []
    assert len(said) == 3, said


def test_no_more_come_in_than_are_served(tmp_path: Path, feeding: Feeding, monkeypatch: pytest.MonkeyPatch) -> None:
    """Senders that have named their sources stay; one too many is told, and comes in when another has gone."""
    monkeypatch.setattr(doors, "SENDERS", 3)
    feeds = feeding(f"unix:{tmp_path}/door")
    wires = [Wire(tmp_path / "door") for _ in range(3)]
    for number, wire in enumerate(wires):
        wire.hello(f"s{number}")
    assert Wire(tmp_path / "door").hear() == {"error": "3 senders are connected already", "again": True}
    wires[0].close()
    until(lambda: feeds.states()[0].connected == 2)
    assert Wire(tmp_path / "door").hello("s3")["ack"] == {"s3": None}


def test_an_oversized_line_is_quarantined_and_the_next_is_read(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """Of a line over the limit its start is kept; many that can't be read end the connection."""
    feeding(f"unix:{tmp_path}/door")
    wire = Wire(tmp_path / "door")
    wire.hello("cad")
    wire.say(b"z" * 3_000_000 + b"\n", call(1))
    answers = wire.settled(3)
    assert "3,000,000 bytes" in answers[0]["quarantined"][0]["reason"]
    assert answers[-1]["ack"] == {"cad": 1}
    wire.say(*(b"rubbish %d\n" % number for number in range(sender.BAD + 10)))
    *_, last = iter(wire.hear, {})
    assert "can't be read" in last["error"]


def test_what_was_acknowledged_is_in_the_file_of_a_process_that_was_cut(tmp_path: Path) -> None:
    """The file and its log copied as they are when an acknowledgement comes hold what it speaks of."""
    store = open_store(tmp_path / "b.duckdb")
    feeds = Feeds(store, [f"unix:{tmp_path}/door"], say=print)
    feeds.start()
    try:
        wire = Wire(tmp_path / "door")
        wire.hello("cad")
        wire.say(*calls(100))
        assert wire.settled(101)[-1]["ack"] == {"cad": 100}
        for end in ("", ".wal", ".mark"):
            (tmp_path / f"copy.duckdb{end}").write_bytes((tmp_path / f"b.duckdb{end}").read_bytes())
    finally:
        feeds.stop()
        store.close()
    copy = open_store(tmp_path / "copy.duckdb")
    assert len(held(copy)) == 100
    copy.close()

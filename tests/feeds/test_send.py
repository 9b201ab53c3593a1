"""The sender: again what was not acknowledged, nothing that is held, and an end where it is to no purpose."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from console.feed.send import Sending, Unsent, address
from console.store.database import Store
from tests.feeds.conftest import Feeding
from tests.feeds.wires import call, calls, held, quarantined


def run(path: Path, to: str, **more: object) -> Sending:
    sending = Sending(to, patience=30.0, **more)  # type: ignore[arg-type]
    file = os.open(path, os.O_RDONLY)
    try:
        sending.run(file)
    finally:
        os.close(file)
        sending.close()
    return sending


def cutting(door: Path, through: Path, pieces: list[int]) -> threading.Thread:
    """Pass on what comes to `through`, and cut each connection after so many bytes to or from it; the last isn't cut."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(through))
    listening.listen()

    def pump(here: socket.socket, there: socket.socket, left: list[int]) -> None:
        try:
            while piece := here.recv(min(1000, left[0])):
                left[0] -= len(piece)
                there.sendall(piece)
                if left[0] <= 0:
                    break
            there.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        if left[0] <= 0:
            for end in (here, there):
                end.close()

    def serve() -> None:
        for size in pieces:
            sender, _ = listening.accept()
            hub, left = socket.socket(socket.AF_UNIX), [size]
            hub.connect(str(door))
            ways = [threading.Thread(target=pump, args=each) for each in ((sender, hub, left), (hub, sender, left))]
            for way in ways:
                way.start()
            for way in ways:
                way.join()
        listening.close()

    thread = threading.Thread(target=serve)
    thread.start()
    return thread


def test_after_each_break_it_goes_on(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """A line that is cut again and again, in the midst of lines and of acknowledgements, brings all, each once."""
    feeding(f"unix:{tmp_path}/door")
    lines = [*calls(400), call(3)[:50] + b"\n", *calls(300, "gps"), call(100), *calls(200, first=401), call(601)[:-1]]
    (tmp_path / "all.ndjson").write_bytes(b"".join(lines))
    proxy = cutting(tmp_path / "door", tmp_path / "through", [150, 3_000, 30_000, 31_000, 40_000, 10**9])
    sending = run(tmp_path / "all.ndjson", f"unix:{tmp_path}/through")
    proxy.join()
    assert sorted(held(store)) == list(range(1, 602))
    assert sorted(held(store, "gps")) == list(range(1, 301))
    assert len(quarantined(store)) == 1
    assert sending.sent.acknowledged + sending.sent.skipped == len(lines)


def test_what_the_hub_holds_is_not_sent_again(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """But a line out of order is, since nobody can know; and everything if that is asked for."""
    feeds = feeding(f"unix:{tmp_path}/door")
    door = f"unix:{tmp_path}/door"
    path = tmp_path / "a.ndjson"
    path.write_bytes(b"".join([*calls(100), call(50)]))
    assert str(run(path, door).sent) == "101 lines acknowledged, 0 held already, 0 quarantined"
    assert str(run(path, door).sent) == "1 lines acknowledged, 100 held already, 0 quarantined"
    assert run(path, door, everything=True).sent.acknowledged == 101
    assert feeds.states()[0].duplicates == 1 + 1 + 101
    assert len(held(store)) == 100


def test_the_command_says_what_became_of_the_lines(tmp_path: Path, feeding: Feeding) -> None:
    """Status 0 where all is stored, 1 where something is quarantined, the secret is another, or nobody is there."""
    feeds = feeding("tcp:0", secret=b"sesame")
    door = feeds.states()[0].name
    (tmp_path / "secret").write_text("sesame\n")
    (tmp_path / "guess").write_text("rubbish\n")

    def send(lines: list[bytes], *more: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "console", "send", "-", *more]
        done = subprocess.run(command, input=b"".join(lines), capture_output=True)
        return done.returncode, done.stdout.decode() + done.stderr.decode()

    secret = "--secret", str(tmp_path / "secret")
    assert send(calls(10), "--to", door, *secret) == (0, "10 lines acknowledged, 0 held already, 0 quarantined\n")
    status, said = send([b"rubbish\n"], "--to", door, *secret)
    assert (status, "1 quarantined" in said, "not JSON" in said) == (1, True, True)
    status, said = send(calls(3), "--to", door, "--secret", str(tmp_path / "guess"))
    assert (status, "another secret than this door's; 3 lines are not acknowledged" in said) == (1, True)
    status, said = send(calls(3), "--to", f"unix:{tmp_path}/nobody", "--patience", "0.2")
    assert (status, "No such file or directory" in said) == (1, True)
    assert send([], "--to", "post:office")[0] == 2


def test_two_senders_of_a_source_do_not_fight(tmp_path: Path, store: Store, feeding: Feeding) -> None:
    """The one whose source is taken over gives up, and says what is left."""
    feeding(f"unix:{tmp_path}/door")
    reading, writing = os.pipe()
    first = Sending(f"unix:{tmp_path}/door", patience=30.0)
    failed: list[str] = []

    def send() -> None:
        try:
            first.run(reading)
        except Unsent as error:
            failed.append(str(error))

    thread = threading.Thread(target=send)
    thread.start()
    os.write(writing, call(1))
    while not held(store):
        thread.join(0.01)
    (tmp_path / "b.ndjson").write_bytes(b"".join(calls(5)))
    run(tmp_path / "b.ndjson", f"unix:{tmp_path}/door")
    thread.join(30.0)
    assert "another sender has named a source of its" in failed[0]
    assert held(store) == [1, 2, 3, 4, 5]
    os.close(writing)


@pytest.mark.parametrize("to", ["", "tcp", "tcp:host", "tcp:host:port", "unix:", "http://x:1"])
def test_a_door_that_is_none_is_refused(to: str) -> None:
    """In words."""
    with pytest.raises(ValueError, match="is no door"):
        address(to)

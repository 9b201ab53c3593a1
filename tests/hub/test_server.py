"""Who is answered, who is told, who is let go: shared answers, interrupted ones, slow clients, and bytes that mean nothing."""

from __future__ import annotations

import os
import random
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from console.desk.answer import Answer
from console.desk.desk import Away, Change, Command, Failed, Interrupted, Question, RowsQuestion, Viewer
from console.desk.login import login
from console.desk.selection import Selection, Values
from console.hub.client.desk import HubDesk
from console.hub.protocol.crossing import ENCODER
from console.hub.protocol.frames import framed
from console.hub.protocol.messages import MAJOR
from console.hub.protocol.methods import methods
from console.hub.server import door
from console.hub.server import server as serving_server
from tests.hub.serving import Hub, Raw, client, serving, until
from tests.hub.working import WorkingDesk

ME = Viewer("somebody else", frozenset({"chief"}))
PAGE = Question("control", panels=("open",))
SLOW = Question("control", panels=("queue",), ticket="page")


@pytest.fixture
def desk() -> WorkingDesk:
    """The desk behind the hub."""
    return WorkingDesk()


@pytest.fixture
def hub(desk: WorkingDesk, tmp_path: Path) -> Iterator[Hub]:
    """A hub over it."""
    with serving(desk, tmp_path / "s") as made:
        yield made


class Asking(threading.Thread):
    """A question on its way in a thread of its own, and what came of it."""

    def __init__(self, desk: HubDesk, question: Question) -> None:
        """Ask."""
        super().__init__(daemon=True)
        self.answer: Answer | None = None
        self.error: Exception | None = None
        self._desk, self._question = desk, question
        self.start()

    def run(self) -> None:
        """Keep what comes."""
        try:
            self.answer = self._desk.ask(ME, self._question)
        except Exception as error:
            self.error = error

    def came(self) -> Asking:
        """Wait for it."""
        self.join(20)
        assert not self.is_alive()
        return self


def pushed(line: socket.socket, body: bytes) -> None:
    """Send bytes until the hub takes no more, which it does before their end."""
    try:
        while body:
            body = body[line.send(body) :]
    except BlockingIOError:
        return
    pytest.fail("all of it was taken")


def test_who_asks_is_who_the_kernel_says(hub: Hub, desk: WorkingDesk) -> None:
    """Whatever viewer is named, roles among it."""
    with client(hub.path) as far:
        far.command(ME, Command("1", "acknowledge", (("kind", "immediate"), ("key", "J-1"), ("by", "nobody"))))
        (viewer,) = desk.viewers
        assert (viewer.user, viewer.roles, viewer.verified) == (login(), frozenset(), True)
        assert str(os.getpid()) in viewer.seat
        assert (far.viewer().user, far.viewer().verified) == (login(), True)


def test_a_question_of_many_is_answered_once(hub: Hub, desk: WorkingDesk) -> None:
    """While it is under way, and again while nothing changed; a change makes the answer void, another section has its own."""
    desk.slow = "queue"
    with client(hub.path) as one, client(hub.path) as other:
        asked = [Asking(far, SLOW) for far in (one, other)]
        until(lambda: hub.server.flights.shared == 1)
        desk.go.set()
        assert asked[0].came().answer == asked[1].came().answer
        assert len(desk.begun) == 1
        one.ask(ME, SLOW)
        assert len(desk.begun) == 1
        desk.change("unit")
        one.ask(ME, SLOW)
        assert len(desk.begun) == 2


def test_sections_share_nothing(desk: WorkingDesk, tmp_path: Path) -> None:
    """Two whose rights differ are answered apart, and told of changes apart."""
    with serving(desk, tmp_path / "s", section_of=lambda viewer: viewer.seat) as hub, client(hub.path) as one, client(hub.path) as other:
        assert one.ask(ME, PAGE) == other.ask(ME, PAGE)
        assert len(desk.begun) == 2
        assert len(desk.told) == 2


def test_a_cancelled_question_is_interrupted_when_nobody_else_waits(hub: Hub, desk: WorkingDesk) -> None:
    """Not before; a newer one of the ticket cancels it too."""
    desk.slow = "queue"
    with client(hub.path) as one, client(hub.path) as other:
        asked = [Asking(far, SLOW) for far in (one, other)]
        until(lambda: hub.server.flights.shared == 1)
        one.cancel(ME, "page")
        assert isinstance(asked[0].came().error, Interrupted)
        assert not desk.interrupted
        assert one.ask(ME, PAGE).app == "control"
        newer = Asking(other, replace(PAGE, ticket="page"))
        assert isinstance(asked[1].came().error, Interrupted)
        until(lambda: len(desk.interrupted) == 1)
        assert newer.came().answer is not None


def test_a_client_that_hangs_up_stops_what_it_asked(hub: Hub, desk: WorkingDesk) -> None:
    """Nobody waits for it any more."""
    desk.slow = "queue"
    with client(hub.path) as far:
        asked = Asking(far, SLOW)
        until(lambda: len(desk.begun) == 1)
    assert isinstance(asked.came().error, Interrupted)
    until(lambda: len(desk.interrupted) == 1)
    until(lambda: hub.server.standing().running == 0)


def test_a_question_has_a_deadline(desk: WorkingDesk, tmp_path: Path) -> None:
    """It fails in a sentence, and what was worked on is interrupted."""
    desk.slow = "queue"
    with serving(desk, tmp_path / "s", deadline=0.2) as hub, client(hub.path) as far:
        with pytest.raises(Failed, match=r"no answer within 0\.2 s"):
            far.ask(ME, SLOW)
        until(lambda: len(desk.interrupted) == 1)
        assert far.status().overdue == 1


def of_grade(number: int) -> Question:
    """Return a slow question like no other."""
    return replace(SLOW, ticket=str(number), selection=Selection((("grade", Values(frozenset((str(number),)))),)))


def test_no_more_questions_at_once_than_allowed(desk: WorkingDesk, tmp_path: Path) -> None:
    """The others wait; a waiting one that is cancelled is never begun."""
    desk.slow = "queue"
    with serving(desk, tmp_path / "s", limit=2) as hub, client(hub.path) as far:
        asked = [Asking(far, of_grade(n)) for n in range(2)]
        until(lambda: len(desk.begun) == 2)
        asked += [Asking(far, of_grade(n)) for n in range(2, 5)]
        until(lambda: hub.server.standing().waiting == 3)
        far.cancel(ME, "4")
        assert isinstance(asked[4].came().error, Interrupted)
        desk.go.set()
        assert all(each.came().answer for each in asked[:4])
        assert len(desk.begun) == 4


def test_changes_go_to_those_whose_page_reads_them(hub: Hub, desk: WorkingDesk) -> None:
    """A page of units hears nothing of types; with its app's leading fact it does."""
    heard: dict[str, list[Change]] = {"here": [], "elsewhere": []}
    with client(hub.path) as here, client(hub.path) as elsewhere:
        for far, name in ((here, "here"), (elsewhere, "elsewhere")):
            far.subscribe(ME, heard[name].append)
        here.ask(ME, Question("control", panels=("units",)))
        desk.change("unit")
        until(lambda: len(heard["here"]) == 1)
        assert heard["here"][0].facts == {"unit"}
        desk.change("incident")
        until(lambda: len(heard["here"]) == 2)
        elsewhere.marking(ME)
        assert heard["elsewhere"] == []


def test_a_client_that_does_not_read_keeps_nobody_waiting(hub: Hub, desk: WorkingDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it asked and didn't read is bounded, of a ticket it gets the newest, and after long it is let go."""
    deaf = Raw(hub.path)
    deaf.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    wanted = (RowsQuestion("control", "queue"),)
    given = msgspec.Raw(methods()["rows"].given.encoded(wanted))
    deaf.line.setblocking(False)
    body = b"".join(framed(ENCODER.encode(("call", number, "rows", given))) for number in range(1, 40_000))
    pushed(deaf.line, body)
    until(lambda: any(each.out.stuck for each in tuple(hub.server._callers)))
    with client(hub.path) as far:
        assert far.ask(ME, PAGE).app == "control"
        monkeypatch.setattr(serving_server, "STUCK", 0.1)
        until(lambda: far.status().dropped == 1)
        assert far.ask(ME, PAGE).app == "control"
    assert [line for line in hub.lines if "read nothing for" in line]
    deaf.close()


def test_a_flood_of_calls_is_taken_slowly(hub: Hub, desk: WorkingDesk) -> None:
    """And whoever else asks is answered."""
    flood = Raw(hub.path)
    flood.line.setblocking(False)
    pushed(flood.line, framed(b"\x94\xa4call\x00\xa4used\x93\xa1x\xa1y\xa0") * 200_000)
    with client(hub.path) as far:
        assert far.ask(ME, PAGE).app == "control"
    assert len(desk.usage) < 5_000
    flood.close()


@pytest.mark.parametrize("rounds", [60, pytest.param(3000, marks=pytest.mark.long)])
def test_bytes_that_mean_nothing(hub: Hub, rounds: int) -> None:
    """Oversized, cut short, of another version, random, unknown: each caller goes with one line at most, and the hub answers others."""
    chance = random.Random(5)
    hello = framed(b"\x95\xa5hello" + bytes([MAJOR]) + b"\x00\xa10\xa1s")
    for number in range(rounds):
        raw = Raw(hub.path, greet=False)
        noise = chance.randbytes(chance.choice((1, 4, 30, 3000)))
        said = chance.choice((
            noise, framed(noise), hello + noise, hello + framed(noise), b"\xff\xff\xff\xff", hello + b"\x7f\xff\xff\xff", hello * 2, framed(b""),
            framed(b"\x95\xa5hello\xcc\xffab"), framed(b"\x93\xa5hello\x01\x00"), hello + framed(b"\x94\xa4call\x01\xa5nobod\x90"),
            hello + framed(b"\x94\xa4call\x01\xa3ask\x91\x91" + b"\x91" * 900), hello + framed(b"\xc1" * 50), hello[: chance.randrange(len(hello))],
        ))  # fmt: skip
        try:
            raw.line.sendall(said)
            if chance.random() < 0.5:
                raw.line.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        raw.close()
        assert len(hub.lines) <= number + 1
    assert all(line.isprintable() for line in hub.lines)
    with client(hub.path) as far:
        assert far.ask(ME, PAGE).app == "control"
        until(lambda: far.status().clients == 1)


def test_another_protocol_is_refused_in_a_sentence_both_ways(hub: Hub, tmp_path: Path) -> None:
    """A caller of another major is told which versions there are; and so is told who calls a hub of another."""
    raw = Raw(hub.path, greet=False)
    raw.line.sendall(framed(b"\x95\xa5hello\x63\x00\xa59.9.9\xc0"))
    refused, words, _ = raw.next()
    assert refused == "refused"
    assert f"speaks protocol {MAJOR} (console" in words
    assert "protocol 99 (console 9.9.9)" in words
    assert raw.next() == []

    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "other"))
    listening.listen()
    far = HubDesk(tmp_path / "other")
    far.line.start()
    there, _ = listening.accept()
    there.sendall(framed(b"\x94\xa7welcome\x07\x00\xa58.0.0"))
    until(lambda: (absence := far.away()) is not None and "protocol 7 (console 8.0.0)" in absence.words)
    with pytest.raises(Away, match="protocol 7"):
        far.ask(ME, PAGE)
    far.close()


def test_more_callers_than_allowed(desk: WorkingDesk, tmp_path: Path) -> None:
    """They are told so, and let in when others have left; the log isn't flooded."""
    with serving(desk, tmp_path / "s", clients=3) as hub:
        held = [Raw(hub.path) for _ in range(3)]
        for _ in range(200):
            more = Raw(hub.path, greet=False)
            assert more.next()[0] == "refused"
            more.close()
        assert len(hub.lines) < 40
        held[0].close()
        until(lambda: len(hub.server._callers) < 3)
        with client(hub.path) as far:
            assert far.status().refused == 200


def test_a_hub_that_goes_and_comes_back(desk: WorkingDesk, tmp_path: Path) -> None:
    """What waits fails at once, the desk says since when and why, and goes on by itself: told of changes, its pace known."""
    heard: list[Change] = []
    desk.slow = "queue"
    first = Hub(desk, tmp_path / "s")
    with client(first.path) as far:
        far.subscribe(ME, heard.append)
        far.pace(ME, 7.0)
        asked = Asking(far, SLOW)
        until(lambda: len(desk.begun) == 1)
        first.stop()
        assert isinstance(asked.came().error, Away)
        absence = far.away()
        assert absence is not None
        assert "stopped" in absence.words or "no hub serves" in absence.words
        with pytest.raises(Away):
            far.ask(ME, PAGE)
        far.used(ME, "select", "while away")
        assert far.refusal(ME, "acknowledge")
        again = WorkingDesk()
        with serving(again, tmp_path / "s") as hub:
            until(lambda: far.away() is None)
            assert far.ask(ME, PAGE).app == "control"
            until(lambda: again.paces == [7.0])
            until(lambda: ("select", "while away") in again.usage)
            again.change("incident")
            until(lambda: bool(heard and heard[-1].facts))
            assert far.refusal(ME, "acknowledge") == ""
            assert [change.facts for change in heard[:2]] == [frozenset(), frozenset()]
            assert hub.server.standing().clients == 1


def test_the_door(desk: WorkingDesk, tmp_path: Path) -> None:
    """A dead hub's socket is replaced, a live one's is refused by its process, and only owner and group may open it."""
    path = tmp_path / "s"
    dead = socket.socket(socket.AF_UNIX)
    dead.bind(str(path))
    dead.close()
    with serving(desk, path):
        assert path.stat().st_mode & 0o777 == 0o660
        with pytest.raises(door.InUse, match=f"process {os.getpid()}"):
            door.opened(path)
    assert not path.exists()
    path.write_text("not a socket")
    with pytest.raises(OSError, match="no socket"):
        door.opened(path)

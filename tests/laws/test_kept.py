"""What is kept of the index on disk gives what SQL gives when it is taken up again; what doesn't fit, or isn't whole, is none."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from console.desk.desk import Question
from console.embedded import desk_over
from console.engine.index import keeper, kept
from console.engine.index.building import build, restored
from console.engine.index.dimension import Full
from console.engine.index.index import Index
from console.engine.index.kept import Kept, digest
from console.engine.index.kernel import load
from console.feed import bulk
from console.feed.ingest import Ingest, SimulatorState
from console.feed.live import heartbeat
from console.feed.simulator import SOURCE, Simulator
from console.store.database import Failure, Store, open_store
from tests.laws.test_index import Happening, happenings
from tests.laws.test_index import agree as same
from tests.laws.test_keeper import AT, SELECTIONS, VIEWER, agree, waited
from tests.laws.worlds import World, opened, worlds


class Console:
    """A data file with a force in it, opened and closed as the embedded console does."""

    def __init__(self, path: Path, simulator: Simulator) -> None:
        """Open the file, which the simulator has got as far as."""
        self.path, self.simulator, self.now, self.beats = path, simulator, simulator.until, 0
        self.reopen()

    @property
    def folder(self) -> Path:
        """Where the index is kept."""
        return self.path.with_name(f"{self.path.name}.index")

    def keep(self) -> None:
        """Ask, and wait until the index is on disk."""
        self.desk.ask(VIEWER, Question("control"))
        waited(lambda: (self.folder / kept.DESCRIPTION).exists())

    def beat(self) -> None:
        """Have the source heard, so that the present is its clock's."""
        self.beats += 1
        Ingest(self.store).take([heartbeat(SOURCE, 1000 * int(self.now.timestamp()) + self.beats, self.now)], SOURCE)

    def play(self, minutes: float) -> None:
        """Play so many minutes on, and wait until they are followed."""
        self.now += timedelta(minutes=minutes)
        Ingest(self.store).take(list(self.simulator.advance(self.now).lines()), SOURCE)
        self.beat()
        waited(lambda: (held := self.desk.keeper.index) is not None and held.now == self.now)

    def close(self) -> None:
        """Leave."""
        self.desk.close()

    def reopen(self, meanwhile: Callable[[Store], object] = lambda store: None) -> Index | None:
        """Open the file again, do something before the screens are there, and return the index there is before the first question."""
        self.store = open_store(self.path)
        meanwhile(self.store)
        self.beat()
        self.desk = desk_over(self.store, indexed=True, clock=lambda: self.now)
        return self.desk.keeper.index

    def agrees(self) -> None:
        """Hold the index to what SQL gives, with what was known of all rows and under selections."""
        self.beat()
        waited(lambda: (held := self.desk.keeper.index) is not None and held.whole)
        index = self.desk.keeper.index
        self.desk.keeper.stop()
        self.desk.keeper.join()
        assert index is not None
        agree(self.desk, index, index.now, SELECTIONS[:5:2])


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A day of a simulated force, with its index on disk, and the simulator as it stands."""
    path = tmp_path_factory.mktemp("history") / "a.duckdb"
    simulator = Simulator(5, AT - timedelta(days=1), positions_from=AT - timedelta(minutes=40))
    store = open_store(path)
    bulk.load(store, simulator.advance(AT).frames(), SOURCE, SimulatorState(SOURCE, AT, simulator.state()))
    store.close()
    console = Console(path, simulator)
    console.keep()
    console.close()
    return path, simulator.state()


@pytest.fixture
def console(history: tuple[Path, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Console]:
    """A console with an index that was kept."""
    monkeypatch.setattr(keeper, "OFTEN", 0.05)
    monkeypatch.setattr(keeper, "SHARE", 0.1)
    path, state = history
    shutil.copytree(path.parent, tmp_path, dirs_exist_ok=True)
    made = Console(tmp_path / path.name, Simulator.restore(state))
    yield made
    with suppress(Failure):
        made.close()


def test_it_is_there_at_once(console: Console) -> None:
    """A file left as it was is shown from what was kept, before any question, equal to SQL; nobody else may read it."""
    assert console.folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in console.folder.iterdir()} == {0o600}
    assert console.desk.keeper.index is not None
    assert len(console.desk.quick(VIEWER, "control")) >= 10
    console.agrees()


def test_live_events_then_left_and_opened_again(console: Console) -> None:
    """What was touched after it was kept is in the journal; time goes on while the file is closed; and again."""
    for _ in range(2):
        console.play(20)
        console.play(9)
        console.desk.used(VIEWER, "open")
        console.close()
        console.now += timedelta(minutes=30)
        assert console.reopen() is not None
    console.play(15)
    console.agrees()


def test_a_gap_is_caught_up_in_bulk(console: Console) -> None:
    """What is loaded between the opening and the first page is told, and followed."""
    console.close()

    def gap(store: Store) -> None:
        console.now += timedelta(minutes=45)  # a file of a day has room for so many new values
        frames = console.simulator.advance(console.now).frames()
        bulk.load(store, frames, SOURCE, SimulatorState(SOURCE, console.now, console.simulator.state()))

    index = console.reopen(gap)
    assert index is not None
    assert index.now == console.now
    console.agrees()


def test_touched_too_many(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """After so many touched keys it is written anew, while the console is used; the journal begins again."""
    before = console.desk.keeper._kept
    assert before is not None
    console.desk.ask(VIEWER, Question("control"))
    name = before._name
    monkeypatch.setattr(keeper, "LATE", 100)
    console.play(60)
    waited(lambda: before._name != name)
    console.play(1)
    assert before.late < 100
    console.close()
    assert console.reopen() is not None
    console.agrees()


def test_another_wrote_to_the_file(console: Console) -> None:
    """A file that somebody else wrote to meanwhile, or that is another of the same version, is read anew."""
    console.close()
    other = open_store(console.path)
    Ingest(other).take(list(console.simulator.advance(AT + timedelta(minutes=5)).lines()), SOURCE)
    other.close()
    assert console.reopen() is None
    console.desk.ask(VIEWER, Question("control"))
    waited(lambda: console.desk.keeper.index is not None)
    console.agrees()


def test_a_copy_brought_back(console: Console) -> None:
    """An older copy of the file that has come to the same data version by other events is another file."""
    console.close()
    copy = console.path.read_bytes()
    assert console.reopen() is not None
    console.play(5)
    console.close()
    version = console.store.version
    console.path.write_bytes(copy)
    other = open_store(console.path)
    Ingest(other).take(list(console.simulator.advance(console.now + timedelta(hours=1)).lines()), SOURCE)
    while other.version < version:
        with other.write(set()):
            pass
    other.close()
    index = console.reopen()
    assert (console.store.opened[0], index) == (version, None)


def test_another_model(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was kept of other facts, fields or apps, or by another program, is none."""
    console.close()
    monkeypatch.setattr(kept, "__version__", "9.9.9")
    assert console.reopen() is None


@pytest.mark.parametrize("name", ["columns", kept.DESCRIPTION, kept.JOURNAL])
@pytest.mark.parametrize("spoil", ["gone", "empty", "cut", "garbage"])
def test_spoiled_files(console: Console, name: str, spoil: str) -> None:
    """Files that are gone, torn, or not what was written make none; answers are right, and it is made anew."""
    console.close()
    (path,) = console.folder.glob(f"{name}*")
    whole = path.read_bytes()
    half = len(whole) // 2
    if spoil == "gone":
        path.unlink()
    else:
        path.write_bytes({"empty": b"", "cut": whole[:-1], "garbage": whole[:half] + os.urandom(len(whole) - half)}[spoil])
    assert console.reopen() is None
    console.desk.ask(VIEWER, Question("control"))
    waited(lambda: (held := console.desk.keeper._kept) is not None and held._name and (console.folder / kept.DESCRIPTION).exists())
    console.agrees()
    console.close()
    assert console.reopen() is not None


def test_spoiled_far_in(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """What there is no time to check before the first page is checked behind it; a fault makes the index void, and it is built anew."""
    console.close()
    (path,) = console.folder.glob("columns*")
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(os.urandom(4096))
    monkeypatch.setattr(keeper, "CHECKED", 0.0)
    console.reopen()
    console.desk.ask(VIEWER, Question("control"))
    waited(lambda: not path.exists() and (console.folder / kept.DESCRIPTION).exists() and console.desk.keeper.index is not None)
    console.agrees()


@pytest.mark.parametrize("when", ["columns", "description", "journal"])
def test_a_full_disk(console: Console, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    """Where it can't be written nothing is kept, nothing is said, and the console goes on."""
    console.close()
    for path in console.folder.iterdir():
        path.unlink()
    made = kept._new

    def full(path: Path) -> Any:
        if path.name.startswith(when):
            raise OSError(errno.ENOSPC, "No space left on device")
        return made(path)

    monkeypatch.setattr(kept, "_new", full)
    assert console.reopen() is None
    console.desk.ask(VIEWER, Question("control"))
    waited(lambda: console.desk.keeper.index is not None)
    console.play(5)
    if when == "journal":
        waited(lambda: (console.folder / kept.DESCRIPTION).exists())
    assert console.desk.ask(VIEWER, Question("control")).note == ""
    console.close()
    assert not console.folder.exists()
    assert console.reopen() is None


def test_the_present_goes_back(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file shown without its feed is as of its latest incident, which is before what the index stood at: it is built anew."""
    console.close()
    monkeypatch.setattr(keeper, "BACK", 0.2)
    monkeypatch.setattr(Console, "beat", lambda self: None)
    console.now += timedelta(days=9)
    before = console.reopen()
    question = Question("control")
    told = console.desk.ask(VIEWER, question)
    assert before is None or not before.stands("incident", told.as_of)
    waited(lambda: console.desk.keeper.index not in (None, before))
    assert console.desk.ask(VIEWER, question).of == told.of
    console.agrees()


def test_left_without_a_word(console: Console) -> None:
    """A console that ends without closing leaves no journal, so what it kept is of no use."""
    console.play(5)
    console.desk.keeper.stop()
    console.desk._record.close()
    console.store.close()
    assert console.reopen() is None


@pytest.mark.parametrize("examples", [15, pytest.param(1500, marks=pytest.mark.long)])
def test_any_model(store: Store, tmp_path: Path, examples: int) -> None:
    """On random models and data, with rows come, changed and gone before it is kept and after it is taken up."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(worlds(), happenings, happenings)
    def check(world: World, before: Happening, after: Happening) -> None:
        desk = opened(store, world, tmp_path)
        now, kernel = world.force.now, load()
        with store.reader() as cursor:
            index = build(kernel, cursor, desk.model, desk.plans, now)
            cache = Kept(tmp_path / "world", digest(cursor, desk.model, desk.plans))
            with suppress(Full):
                index.follow(cursor, before.told(store, desk), now)
                cache.begin({})
                assert list(cache.save(index.made_of(), lambda: True))
                cache.touch({fact: frozenset(keys) for fact, keys in after.told(store, desk).items()})
                cache.leave("here")
                assert cache.find("elsewhere") is None
                found = cache.find("here")
                assert found is not None
                assert all(found.checks)
                again = restored(kernel, desk.model, desk.plans, found.held)
                now += timedelta(minutes=after.minutes)
                again.follow(cursor, found.touched, now)
                same(desk, again, world, now)

    check()

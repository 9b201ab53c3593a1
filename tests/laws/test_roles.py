"""Nothing that a viewer can call tells two forces apart that differ only in rows that their section denies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from console.desk.desk import Change
from console.engine.answering import UNTOLD
from console.engine.desk import StoreDesk
from console.engine.index.building import build
from console.engine.index.dimension import Full
from console.engine.index.kernel import Kernel, load
from console.store.database import Store, open_store
from tests.laws.sections import CALLS, VIEWER, Pair, Sitting, entry_points, happen, own_sql, pairs, rounds, told, with_own
from tests.laws.worlds import World, opened

NONE = frozenset[str]()
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)  # a sitting takes too long to be tried in a hundred smaller worlds


@pytest.fixture(scope="module")
def kernel() -> Kernel:
    """The compiled loops."""
    return load()


@pytest.fixture(scope="module")
def beside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store for the other world of each pair."""
    made = open_store(Path(tmp_path_factory.mktemp("other")) / "a.duckdb")
    yield made
    made.close()


def test_every_entry_point_is_called() -> None:
    """A method that is new to the protocol is to be added to what is called here."""
    assert entry_points() == CALLS.keys()


@pytest.mark.parametrize(("examples", "most"), [(12, 9), pytest.param(1500, 1000, marks=pytest.mark.long)])
def test_denied_rows_are_not_told_of(store: Store, beside: Store, tmp_path: Path, kernel: Kernel, examples: int, most: int) -> None:
    """A whole sitting is the same word for word, by SQL and by the index."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), phases=UNSHRUNK)
    @given(pairs(renamed=True))
    def check(pair: Pair) -> None:
        one, other = (
            desk(held, world, tmp_path / name, pair) for held, world, name in ((store, pair.one, "one"), (beside, pair.other, "other"))
        )
        sitting = Sitting(pair.one, pair.one.drops[0], pair.section)
        asked = told(one, sitting, most)
        same(asked, told(other, sitting, most), "by SQL")
        for each, held in ((one, store), (other, beside)):
            with held.reader() as cursor:
                each.keeper.index = build(kernel, cursor, each.model, each.plans, pair.one.force.now)
        indexed = told(one, sitting, most)
        same(indexed, told(other, sitting, most), "by the index")
        for name in ("memory", "quick", "focus"):
            del asked[name], indexed[name]
        same(asked, indexed, "by SQL and by the index")
        for each in (one, other):
            each._sections.close()

    check()


@pytest.mark.parametrize(("examples", "most"), [(8, 6), pytest.param(800, 1000, marks=pytest.mark.long)])
def test_what_happens_to_denied_rows_isnt_heard(
    store: Store, beside: Store, tmp_path: Path, kernel: Kernel, examples: int, most: int
) -> None:  # fmt: skip
    """Rows that are denied come and go in one world alone: no version, no change and no answer tells, nor does a focus that is held."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), phases=UNSHRUNK)
    @given(pairs(), st.data())
    def check(pair: Pair, data: st.DataObject) -> None:
        one, other = (
            desk(held, world, tmp_path / name, pair) for held, world, name in ((store, pair.one, "one"), (beside, pair.other, "other"))
        )
        sitting, now = Sitting(pair.one, pair.one.drops[0], pair.section), pair.one.force.now
        heard: tuple[list[Change], list[Change]] = ([], [])
        stops = [each.subscribe(VIEWER, into.append) for each, into in zip((one, other), heard, strict=True)]
        with store.reader() as mine, beside.reader() as theirs:
            indexes = [build(kernel, cursor, each.model, each.plans, now) for cursor, each in ((mine, one), (theirs, other))]
            for number in range(2):
                for each, index in zip((one, other), indexes, strict=True):
                    each.keeper.index = index
                same(told(one, sitting, most), told(other, sitting, most), "by the index")
                happening = data.draw(rounds(pair, number))
                both = [happen(held, pair, happening.gone, happening.come, True) for held in (store, beside)]
                unseen = happen(beside, pair, happening.other_gone, happening.other_come, False)
                touched = both[0], {fact: both[1].get(fact, NONE) | unseen.get(fact, NONE) for fact in happening.come}
                try:
                    for index, cursor, keys in zip(indexes, (mine, theirs), touched, strict=True):
                        index.follow(cursor, keys, now)
                    assert indexes[0].moved == indexes[1].moved
                    for each, index in zip((one, other), indexes, strict=True):
                        each._sections.followed(index)
                except Full:
                    indexes = [build(kernel, cursor, each.model, each.plans, now) for cursor, each in ((mine, one), (theirs, other))]
            for each in (one, other):
                each.settle()
                each.keeper.index = None
            same(told(one, sitting, most), told(other, sitting, most), "by SQL")
        assert heard[0] == heard[1]
        for stop, each in zip(stops, (one, other), strict=True):
            stop()
            each._sections.close()

    check()


def desk(store: Store, world: World, folder: Path, pair: Pair) -> StoreDesk:
    """Return a desk over a world, for viewers of the pair's section."""
    (folder / "app").mkdir(parents=True, exist_ok=True)
    for fact in world.force.frames:
        (folder / "app" / f"own_{fact}.sql").write_text(own_sql(fact), encoding="utf-8")
    return opened(store, with_own(world), folder, pair.policy)


def same(one: dict[str, list[str]], other: dict[str, list[str]], how: str) -> None:
    """Every call gave the same."""
    for name in one:
        assert not [each for each in one[name] if UNTOLD in each], f"{name} {how}"
        for mine, theirs in zip(one[name], other[name], strict=True):
            if mine != theirs:  # said here, for these are long to set against each other
                apart = next((n for n, pair in enumerate(zip(mine, theirs, strict=False)) if pair[0] != pair[1]), 0)
                pytest.fail(f"{name} {how}: ...{mine[max(0, apart - 200) : apart + 200]} | {theirs[max(0, apart - 60) : apart + 200]}")

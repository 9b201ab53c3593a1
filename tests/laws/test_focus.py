"""What the focus says is what counting the rows one by one says, for every kind of table, also after rows have changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.engine.index import crossing, focus
from console.engine.index.clauses import coded
from console.engine.index.dimension import Dimension
from console.engine.index.fact import FactIndex
from console.engine.index.focus import Focus
from console.engine.index.kernel import Kernel, load
from console.engine.index.rows import Change, gathered

Array = np.ndarray[Any, Any]
SIZES = {"a": 9, "b": 4, "c": 6, "d": 3}


@pytest.fixture(scope="module", params=[True, False], ids=["compiled", "numpy"])
def kernel(request: pytest.FixtureRequest) -> Kernel:
    """The compiled loops, and those of a machine without a compiler."""
    return load(compiled=request.param)


@contextmanager
def limits(cells: int, few: int, many: int, worth: float) -> Iterator[None]:
    """Give the focus other limits, so that small data fill tables of each kind."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(focus, "CELLS", cells)
        patch.setattr(focus, "FEW", few)
        patch.setattr(focus, "MANY", many)
        patch.setattr(crossing, "WORTH", worth)
        yield


@dataclass
class Fact:
    """A fact of random rows, and what they are said to be: a row of values a key."""

    index: FactIndex
    told: dict[int, dict[str, int | None]]
    draw: np.random.Generator

    def clause(self, kernel: Kernel, name: str) -> tuple[str, frozenset[int | None]]:
        """Say what a random clause on a dimension means; return its key."""
        values = [value for value in (None, *range(SIZES[name])) if self.draw.random() < 0.5]
        key = (name, frozenset(values))

        def choose(dimension: Dimension) -> Array:
            return np.array([value in values for value in dimension.values] + [False] * (dimension.size - len(dimension.values)), np.uint8)

        self.index.bitmaps.define(key, coded(kernel, self.index.rows, self.index.rows.dimensions[name], choose))
        return key

    def change(self) -> None:
        """Change, add and take away some rows."""
        made = []
        for key in self.draw.integers(0, max([0, *self.told]) + 4, 6).tolist():
            gone = self.draw.random() < 0.3
            values = None if gone else {name: _value(self.draw, size) for name, size in SIZES.items()}
            made.append(Change(str(key), _hash(key), True, values))
            if values is None:
                self.told.pop(key, None)
            else:
                self.told[key] = values
        self.index.change(list({each.key: each for each in made}.values()))

    def counted(self, keys: frozenset[Any], by: tuple[Dimension, ...]) -> list[int]:
        """Return the rows that pass by cell of the dimensions, counted one by one."""
        found = np.zeros([each.size for each in by], np.int64)
        for values in self.told.values():
            if all(values[name] in chosen for name, chosen in keys):
                found[tuple(each.codes[values[each.name]] for each in by)] += 1
        told: list[int] = found.reshape(-1).tolist()
        return told


def _value(draw: np.random.Generator, size: int) -> int | None:
    value = int(size * draw.random() ** 2 * 1.1)
    return None if value >= size else value


def _hash(key: int) -> int:
    return (key * 0x9E3779B97F4A7C15 + 1) % (1 << 64)


def made(kernel: Kernel, rows: int, seed: int) -> Fact:
    """Return a fact of so many random rows."""
    draw = np.random.default_rng(seed)
    told = {key: {name: _value(draw, size) for name, size in SIZES.items()} for key in range(rows)}
    dimensions = [Dimension(name, [None, *range(size)], [None] * (size + 1)) for name, size in SIZES.items()]
    codes = {each.name: np.array([each.codes[values[each.name]] for values in told.values()], np.uint16) for each in dimensions}
    keys = np.array([_hash(key) for key in told], np.uint64)
    return Fact(FactIndex(kernel, gathered(dimensions, codes, {}, keys, [])), told, draw)


@pytest.mark.parametrize("examples", [60, pytest.param(3000, marks=pytest.mark.long)])
def test_focus(kernel: Kernel, examples: int) -> None:
    """Presses of any values, under any other clauses, before and after changes."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.integers(1, 500), st.integers(0, 1 << 30), st.sampled_from(sorted(SIZES)), st.sampled_from([0, 60, 1 << 20]),
        st.sampled_from([1, 64]), st.sampled_from([4, 1 << 12]), st.sampled_from([0.0, 1e9]),
    )  # fmt: skip
    def check(rows: int, seed: int, focused: str, cells: int, few: int, many: int, worth: float) -> None:
        with limits(cells, few, many, worth):
            fact = made(kernel, rows, seed)
            dimensions = fact.index.rows.dimensions
            others = [each for name, each in dimensions.items() if name != focused]
            clauses = [fact.clause(kernel, each.name) for each in others]
            wanted: list[tuple[frozenset[Any], tuple[Dimension, ...]]] = []
            for by in [(), *((each,) for each in others), (others[0], others[1])]:
                held = {each.name for each in by}
                wanted.append((frozenset(key for key in clauses if key[0] not in held), by))
                wanted.append((frozenset(), by))
            asked = Focus(fact.index.rows, dimensions[focused])
            assert asked.build(kernel, [(fact.index.passing(rest), by) for rest, by in wanted])
            fact.index.focus = asked
            for _ in range(3):
                for pressed in (None, fact.clause(kernel, focused), fact.clause(kernel, focused)):
                    for rest, by in wanted:
                        keys = rest if pressed is None else rest | {pressed}
                        told = fact.index.focused(keys, by)
                        if told is None:
                            assert fact.index.focus is None
                            assert many == 4
                        else:
                            assert told.tolist() == fact.counted(keys, by)
                        assert fact.index.count(keys, by).tolist() == fact.counted(keys, by)
                fact.change()

    check()

"""A number held in 32 bits comes back as it was, and compares as it did."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.engine.index import numbers
from console.engine.index.dimension import Full
from console.engine.index.numbers import MISSING, packed


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "WORTH", 0)


decimals = st.tuples(st.integers(-180_000_000, 180_000_000), st.sampled_from([6, 7])).map(lambda told: told[0] / 10 ** told[1])
doubles = st.lists(st.one_of(decimals, st.just(math.nan)), min_size=1, max_size=20)
ends = st.one_of(st.none(), decimals, st.floats(), decimals.map(lambda end: math.nextafter(end, math.inf)))


@given(doubles, ends, ends)
def test_doubles(values: list[float], low: float | None, high: float | None) -> None:
    """Of doubles with few decimals; a range that has no end has the missing ones no more than any other."""
    made = packed(np.array(values))
    assert made.held.dtype == np.int32
    left, right = made.between(low, high)
    passed = [bool(left <= held < right) for held in made.held.tolist()]
    below = (math.isnan(high), True) if high is not None else (True, True)
    assert passed == [
        not math.isnan(value) and (low is None or value >= low) and (below[0] or high is None or value < high) for value in values
    ]
    for value, held in zip(values, made.held.tolist(), strict=True):
        assert made.code(value) == held
        assert math.isnan(value) or held / made.divisor == value


@given(st.lists(st.one_of(st.integers(0, 1 << 30), st.just(MISSING)), min_size=1, max_size=20), st.sampled_from([1, 1_000_000]), st.data())
def test_whole(values: list[int], unit: int, data: st.DataObject) -> None:
    """Of whole numbers, be they instants in microseconds."""
    values = [value if value == MISSING else 1_700_000_000_000_000 + value * unit for value in values]
    made = packed(np.array(values))
    some = st.one_of(st.sampled_from(values), st.integers(1_600_000_000_000_000, 1_900_000_000_000_000)).filter(lambda end: end != MISSING)
    low, high = data.draw(st.one_of(st.none(), some)), data.draw(st.one_of(st.none(), some))
    left, right = made.between(low, high)
    told = [value != MISSING and (low is None or value >= low) and (high is None or value < high) for value in values]
    assert [bool(left <= held < right) for held in made.held.tolist()] == told
    assert [made.code(value) for value in values] == made.held.tolist()


def test_full() -> None:
    """What wouldn't come back as it was is refused, and then held as it is."""
    made = packed(np.array([1.25, 2.5]))
    with pytest.raises(Full):
        made.code(1 / 3)
    with pytest.raises(Full):
        made.code(1e300)
    assert packed(np.array([1.25, 1 / 3])).held.dtype == np.float64
    assert packed(np.array([0, 1 << 40, 5])).held.dtype == np.int64

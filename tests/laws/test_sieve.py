"""Rows found by their keys, and rows within bounds: by the shorter way as by looking at them all."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest

from console.engine.index import numbers, rows, sieve
from console.engine.index.kernel import Kernel, load
from console.engine.index.numbers import MISSING, Numbers, packed
from console.engine.index.rows import FactRows


@pytest.fixture(scope="module", params=[True, False], ids=["compiled", "numpy"])
def kernel(request: pytest.FixtureRequest) -> Kernel:
    """The compiled loops, and those of a machine without a compiler."""
    return load(compiled=request.param)


@pytest.mark.parametrize("upto", [0, 700, 1500, 2000])
def test_rows_by_key(kernel: Kernel, upto: int) -> None:
    """Whatever part of the rows the sieve has seen, each key that is there is found at its row, and no other."""
    draw = np.random.default_rng(upto)
    keys = draw.integers(1, 1 << 63, 2000).astype(np.uint64)
    held = FactRows({}, np.zeros((1, 2000), np.uint16), {}, keys, np.zeros(32, np.uint64), 2000)
    with patch.object(rows, "NEAR", 256), patch.object(sieve, "PART", 100):
        while held.sieve.upto < upto:
            held.sieve.fill(keys[:upto], kernel.loops)
        for size in (1, 5, 60):
            there = draw.choice(2000, size, replace=False)
            changes = [rows.Change(f"k{row}", int(keys[row]), True, None) for row in there.tolist()]
            changes += [rows.Change(f"new{n}", int(n), True, None) for n in draw.integers(1, 1 << 63, size).tolist()]
            assert held.places(changes).tolist() == [*there.tolist(), *[-1] * size]
    assert held.sieve.passes(keys[:upto]).all()
    assert held.sieve.passes(draw.integers(1, 1 << 63, 4000).astype(np.uint64)).mean() < 0.02


@pytest.mark.parametrize("kind", ["instants", "doubles"])
def test_words_where_a_number_may_be(kind: str) -> None:
    """No row within bounds is passed over, also after rows were written, some of them without a number."""
    draw = np.random.default_rng(3)
    made = np.sort(draw.integers(0, 10**9, 9000)) * 1_000_000 if kind == "instants" else np.sort(draw.random(9000))
    made[draw.integers(0, 9000, 50)] = MISSING if kind == "instants" else np.nan
    with patch.object(numbers, "ZONE", 640), patch.object(numbers, "WORTH", 1):
        held = packed(made)
        several = 0
        for _ in range(40):
            row = int(draw.integers(0, 8000))
            held.put(row, made[int(draw.integers(0, 8000))].item())
            low, high = held.between(*sorted(made[~(made != made) & (made != MISSING)][draw.integers(0, 8000, 2)].tolist()))
            rows_in = _within(held, low, high, 8000)
            spans = held.spans(low, high, 8000, 0, 125)
            several += sum(stop - start for start, stop in spans) < 100
            assert all(any(start <= row // 64 < stop for start, stop in spans) for row in rows_in)
        assert several > 5


def _within(held: Numbers, low: float, high: float, rows: int) -> list[int]:
    found: list[int] = np.flatnonzero((held.held[:rows] >= low) & (held.held[:rows] < high)).tolist()
    return found

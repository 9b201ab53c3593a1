"""Grid references to longitude and latitude, against the worked examples and positions that others published."""

from __future__ import annotations

import numpy as np
import pytest

from console.feed import grid


def degrees(whole: int, minutes: int, seconds: float) -> float:
    return whole + minutes / 60 + seconds / 3600


def test_the_worked_example() -> None:
    """Ordnance Survey's guide: E 651409.903, N 313177.270 is 52°39'28.723"N, 1°42'57.787"E by its seven parameters."""
    lon, lat = grid.wgs84(np.array([651409.903]), np.array([313177.270]))
    assert lon[0] == pytest.approx(degrees(1, 42, 57.787), abs=2e-7)
    assert lat[0] == pytest.approx(degrees(52, 39, 28.723), abs=2e-7)


def test_a_published_collision() -> None:
    """The first collision of 2005 was published both ways: 525680, 178240 and -0.191170, 51.489096; within 10 m."""
    lon, lat = grid.wgs84(np.array([525_680.0]), np.array([178_240.0]))
    assert abs(lon[0] + 0.191170) * 69_300 < 10
    assert abs(lat[0] - 51.489096) * 111_300 < 10


def test_what_is_missing_stays_so() -> None:
    """NaN gives NaN, beside places that are there; nothing gives nothing; a step on the grid is a step on the ground."""
    lon, lat = grid.wgs84(np.array([np.nan, 360_000.0, 360_000.0]), np.array([170_000.0, 170_000.0, 171_000.0]))
    assert np.isnan([lon[0], lat[0]]).all()
    assert (lat[2] - lat[1]) * 111_230 == pytest.approx(1000, rel=2e-3)
    assert [each.size for each in grid.wgs84(np.array([]), np.array([]))] == [0, 0]
    assert np.isnan(grid.wgs84(np.array([np.nan]), np.array([np.nan]))[0]).all()

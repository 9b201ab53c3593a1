"""A desk that several look at is as quick as the quickest of them."""

from __future__ import annotations

import math

from console.desk.desk import Viewer
from console.engine.seats import NOBODY, Seats


def test_the_quickest_sets_the_pace() -> None:
    """Each seat has its own; who leaves no longer counts."""
    seats = Seats()
    one, other = Viewer("anna", seat="1"), Viewer("anna", seat="2")
    assert seats.take(one, 5.0) == 5.0
    assert seats.take(other, 1.0) == 1.0
    assert seats.take(one, 30.0) == 1.0
    assert seats.take(other, math.inf) == 30.0
    assert seats.take(one, math.inf) == NOBODY

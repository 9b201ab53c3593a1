"""The way of reading is as it was after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.app.drawing import reader


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Give back the way of reading."""
    yield
    reader.use(False)

"""What the laws share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.store.database import Store, open_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store for random worlds, one after the other."""
    made = open_store(Path(tmp_path_factory.mktemp("worlds")) / "a.duckdb")
    yield made
    made.close()

"""A file that feeds feed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.feed.intake.feeds import Feeds
from console.store.database import Store, open_store

Feeding = Callable[..., Feeds]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty file."""
    made = open_store(tmp_path / "a.duckdb")
    yield made
    made.close()


@pytest.fixture
def said() -> list[str]:
    """What the feeds say."""
    return []


@pytest.fixture
def feeding(store: Store, said: list[str]) -> Iterator[Feeding]:
    """Start feeds of the file; they are stopped at the end."""
    made: list[Feeds] = []

    def start(*named: str, secret: bytes = b"") -> Feeds:
        made.append(Feeds(store, named, say=said.append, secret=secret))
        made[-1].start()
        return made[-1]

    yield start
    for feeds in made:
        feeds.stop()

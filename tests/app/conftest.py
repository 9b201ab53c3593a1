"""What a start chooses for a whole process is as it was after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.app.drawing import ink, reader
from console.app.keys import commands
from console.app.keys.commands import COMMANDS


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Give back the theme, the way of reading and the table of commands."""
    table = dict(COMMANDS)
    yield
    ink.use("dark")
    reader.use(False)
    COMMANDS.clear()
    COMMANDS.update(table)
    commands.learn()

"""One host for the tests of a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ssh.host import Host, host


@pytest.fixture(scope="session")
def at() -> Iterator[Host]:
    """A host, its hub and its sshd."""
    with host() as held:
        yield held

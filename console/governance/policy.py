"""Who may what. The default policy allows everyone everything; a stricter one has the same shape."""

from __future__ import annotations

from typing import Protocol


class Policy(Protocol):
    """Decides, for a user and their roles, which apps may be opened and which facts read."""

    def may_open(self, user: str, roles: frozenset[str], app: str) -> bool:
        """Return whether the viewer may open the app."""
        ...

    def may_read(self, user: str, roles: frozenset[str], fact: str) -> bool:
        """Return whether the viewer may read the fact."""
        ...

    def may_command(self, user: str, roles: frozenset[str], command: str) -> bool:
        """Return whether the viewer may give the command."""
        ...


class AllowAll:
    """The default policy: the file's own mode is the only protection, and the console says so."""

    def may_open(self, user: str, roles: frozenset[str], app: str) -> bool:
        """Return True."""
        return True

    def may_read(self, user: str, roles: frozenset[str], fact: str) -> bool:
        """Return True."""
        return True

    def may_command(self, user: str, roles: frozenset[str], command: str) -> bool:
        """Return True."""
        return True

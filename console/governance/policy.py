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

    def refusal(self, user: str, roles: frozenset[str], command: str) -> str:
        """Return why the viewer may not give the command, in a sentence, or ""."""
        ...


class AllowAll:
    """The default policy: the file's own mode is the only protection, and the console says so."""

    def may_open(self, user: str, roles: frozenset[str], app: str) -> bool:
        """Return True."""
        return True

    def may_read(self, user: str, roles: frozenset[str], fact: str) -> bool:
        """Return True."""
        return True

    def refusal(self, user: str, roles: frozenset[str], command: str) -> str:
        """Return no reason."""
        return ""


class InBrowser(AllowAll):
    """What a browser may: nothing is written to the server's disk, and commands are for those whose name a proxy has verified."""

    def __init__(self, verified: bool) -> None:
        """Say whether every viewer's name is verified."""
        self._verified = verified

    def refusal(self, user: str, roles: frozenset[str], command: str) -> str:
        """See Policy."""
        if command == "export":
            return "no export from a browser: it would be written to the server's disk; console ask --format csv prints the same there"
        return "" if self._verified else f"read only: this browser's user isn't verified, so it can't {command}; a terminal can"

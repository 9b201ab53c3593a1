"""What a call of a client orders: which method of the Desk, whose answers may be shared, and what it reads."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any, Protocol

from console.desk.desk import Desk, Question, RowsQuestion, Viewer
from console.hub.protocol.methods import methods
from console.hub.protocol.parts import Page, page
from console.hub.server.flights import Order

TICKETED = frozenset(("ask", "cross", "rows"))  # whose first argument carries a ticket
SHARED = TICKETED | {"search", "resolve", "apps", "marking", "fields", "facts", "reach", "refusal", "memory"}
ASKED = TICKETED | {"search", "resolve"}  # whose answers may hold personal data
MEASURED = TICKETED | {"search"}
BOUND = frozenset(("command", "extract", "audit_verdict"))  # carried out to the end whatever becomes of the client
SEARCH = "search"
PATIENCE = {"live": 3.0, "last": 0.5, "beat": 0.5}  # seconds for which what no key waits for gives way, by ticket


class Served(Desk, Protocol):
    """A Desk whose data version can be asked for."""

    @property
    def version(self) -> int:
        """The data version."""
        ...

    def alone(self, viewer: Viewer, name: str, given: tuple[Any, ...]) -> bool:
        """Return whether the answer to a call is for this viewer alone."""
        ...


def ticket_of(name: str, given: tuple[Any, ...]) -> str:
    """Return the ticket of a call, by which a newer one takes its place."""
    return SEARCH if name == SEARCH else str(given[0].ticket) if name in TICKETED else ""


def order(desk: Served, viewer: Viewer, section: Hashable, name: str, given: tuple[Any, ...]) -> Order:
    """Return what a call orders, as bytes of its result; answers are shared within a section, never between two.

    What may hold personal data is answered to each viewer anew: it depends on what they gave as their reason, and is audited as theirs.
    """
    call, gives, viewed = getattr(desk, name), methods()[name].gives, methods()[name].viewed
    alone = name in ASKED and desk.alone(viewer, name, given)
    key = None if alone else _key(section, name, given)
    lasting = name in ("ask", "cross", "rows") and given[0].at is not None

    def make(ticket: str) -> Any:
        at = replace(viewer, seat=ticket) if name in SHARED and not alone else viewer
        asked = (replace(given[0], ticket=ticket), *given[1:]) if name in TICKETED else given
        made = call(at, *asked) if viewed else call(*asked)
        return page(made) if name == "ask" else gives.encoded(made)

    def cancel(ticket: str) -> None:
        desk.cancel(viewer if alone else replace(viewer, seat=ticket), SEARCH if name == SEARCH else ticket)

    return Order(key, make, cancel, _size, lasting, name in BOUND, PATIENCE.get(ticket_of(name, given), 0.0))


def _key(section: Hashable, name: str, given: tuple[Any, ...]) -> Hashable:
    if name not in SHARED:
        return None
    return (section, name, replace(given[0], ticket=""), *given[1:]) if name in TICKETED else (section, name, *given)


def _size(made: Page | bytes) -> int:
    return made.size if isinstance(made, Page) else len(made)


class Reading:
    """What a client's open page reads, by what it asked for since it opened the app."""

    def __init__(self) -> None:
        """Read nothing."""
        self._app = ""
        self._panels: set[tuple[str, str]] = set()
        self._facts: set[str] = set()

    def asks(self, name: str, given: tuple[Any, ...], lead: dict[str, str], panels: dict[str, tuple[str, ...]]) -> None:
        """Remember a question; `lead` is each app's leading fact, which the bar counts, `panels` are its panels."""
        asked = given[0] if given else None
        if name == "ask" and isinstance(asked, Question):
            if asked.app != self._app:
                self._app, self._panels, self._facts = asked.app, set(), {lead.get(asked.app, "")}
            named = panels.get(asked.app, ()) if asked.panels is None else asked.panels
            self._panels |= {(asked.app, each) for each in named if each in panels.get(asked.app, ())}
        elif name == "rows" and isinstance(asked, RowsQuestion) and asked.app == self._app:
            self._panels.add((asked.app, asked.panel))

    def reads(self, facts: frozenset[str], panels: frozenset[tuple[str, str]]) -> bool:
        """Return whether anything of the page reads these."""
        return not self._facts.isdisjoint(facts) or not self._panels.isdisjoint(panels)

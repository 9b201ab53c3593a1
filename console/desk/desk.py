"""The Desk: the one protocol between everything that shows and the engine, embedded or over a socket."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from console.desk.answer import Answer, Column, Hit, PanelAnswer, Rows, Value
from console.desk.audit import AuditAsked, AuditRows, Verdict
from console.desk.kept import Kept
from console.desk.page import App, Shown
from console.desk.reason import ListedReason, Reason
from console.desk.selection import Selection


class Unknown(Exception):
    """An app, panel, field or value that isn't there; the message offers the nearest match."""


class Interrupted(Exception):
    """The question was cancelled before it was answered."""


class Away(Exception):
    """The Desk can't be reached now; the message says why, for the viewer."""


class Unaudited(Exception):
    """It can't be written to the audit, so it isn't done; the message says why."""


class Failed(Exception):
    """The Desk can't answer this question now: it takes too long, or there are too many; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Since when the Desk can't be reached (UTC), and why, in a sentence without its end."""

    since: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: a user name, the roles they hold and the Unix groups they are of; one with several screens open has a seat at each.

    A `verified` name is proved by somebody else than who bears it, and no other is taken for theirs. `uid` is the account's number and
    `address` the terminal and the host it is reached from, where they are known.
    """

    user: str
    roles: frozenset[str] = frozenset()
    seat: str = ""
    verified: bool = False
    groups: frozenset[str] = frozenset()
    uid: int | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Drill:
    """How deep the viewer has gone in a drill-down panel: the values chosen level by level."""

    panel: str
    path: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A page, or some panels of it, under a selection at a time (UTC; None is now)."""

    app: str
    selection: Selection = Selection()
    at: datetime | None = None
    panels: tuple[str, ...] | None = None
    drills: tuple[Drill, ...] = ()
    ticket: str = ""  # for cancel; a newer question from the same seat with the same ticket interrupts the older
    subject: str | None = None  # the key a profile panel is about
    maps: tuple[Shown, ...] = ()  # what maps show, where it isn't their first layer and level
    case: str = ""  # the incident or case from whose page it is asked


@dataclass(frozen=True, slots=True)
class Cross:
    """A cross of the model without an app: a fact by up to any number of fields, with measures."""

    fact: str
    by: tuple[str, ...]
    measures: tuple[str, ...] = ("count",)
    selection: Selection = Selection()
    at: datetime | None = None
    ticket: str = ""
    case: str = ""


@dataclass(frozen=True, slots=True)
class RowsQuestion:
    """The rows behind a number: a panel's value, cell or headline, or a whole fact when `panel` is empty."""

    app: str
    panel: str = ""
    fact: str = ""
    at_values: tuple[tuple[str, str | None], ...] = ()  # the cell pressed: (field, value as text)
    selection: Selection = Selection()
    at: datetime | None = None
    offset: int = 0
    limit: int = 200
    sort: tuple[tuple[str, bool], ...] = ()  # (column, descending); empty: as the panel sorts
    columns: tuple[str, ...] = ()  # empty: the panel's if it is a table, else the fact's default columns
    drills: tuple[Drill, ...] = ()
    ticket: str = ""
    maps: tuple[Shown, ...] = ()
    case: str = ""


@dataclass(frozen=True, slots=True)
class Leaving:
    """Something shown that is about to leave the screen: copied to a clipboard or written to a file (`to`), of what it is in words.

    `columns` are the fields it holds, `subjects` the keys of its rows where they are known, `counted` how many there are.
    """

    action: str  # "copy" or "export"
    app: str
    to: str
    what: str
    panel: str = ""
    fact: str = ""
    columns: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    selection: Selection = Selection()
    counted: int = 0
    case: str = ""


@dataclass(frozen=True, slots=True)
class Extract:
    """Rows of facts for a file of an analyst's own, of a `form` (duckdb, parquet), not to be used after `expires_at` (UTC).

    Of no facts named, all that every selected clause reaches. `to` is what the viewer calls the file.
    """

    to: str
    form: str
    expires_at: datetime
    facts: tuple[str, ...] = ()
    selection: Selection = Selection()
    at: datetime | None = None
    case: str = ""


@dataclass(frozen=True, slots=True)
class Extracted:
    """A file that was made, to be fetched piece by piece by its token: its bytes and their SHA-256, and what it holds in a sentence."""

    token: str
    bytes: int
    sha256: str
    said: str


@dataclass(frozen=True, slots=True)
class Command:
    """Something a viewer does to the world, with an id that makes it safe to send twice."""

    id: str
    name: str  # "acknowledge"
    args: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A new data version, the facts it touched, and the panels that read them, each as its app and its name."""

    version: int
    facts: frozenset[str]
    panels: frozenset[tuple[str, str]] = frozenset()


class Desk(Protocol):
    """What a screen may ask. Calls block; a screen makes them from a worker, never from its own thread. Any may raise Away, Failed.

    What shows personal data, takes it away or changes anything raises Unaudited where that can't be recorded first.
    """

    def away(self) -> Absence | None:
        """Return since when and why the Desk can't be reached, None while it can. Returns at once."""
        ...

    def viewer(self) -> Viewer:
        """Return who sits at this Desk, as far as it knows: verified where somebody else than the viewer proved it."""
        ...

    def facts(self) -> tuple[str, ...]:
        """Return the names of the model's facts."""
        ...

    def apps(self, viewer: Viewer) -> tuple[App, ...]:
        """Return the apps the viewer may open, in order."""
        ...

    def memory(self, viewer: Viewer) -> str:
        """Return in a sentence what is held in memory to answer from, and how much that takes. Returns at once."""
        ...

    def marking(self, viewer: Viewer) -> str:
        """Return the protective marking of all that is shown."""
        ...

    def fields(self, viewer: Viewer, fact: str) -> tuple[Column, ...]:
        """Return every field of a fact that rows can show, as the model titles it. Raises Unknown."""
        ...

    def ask(self, viewer: Viewer, question: Question) -> Answer:
        """Answer a page; a failed panel carries its error, one that needs a reason first what it is `wanted` for.

        Raises Unknown, Interrupted, ReasonWanted where all that was asked needs one.
        """
        ...

    def quick(self, viewer: Viewer, app: str) -> frozenset[str]:
        """Return the panels of an app that are answered from memory now, so that a screen asks them first. Returns at once."""
        ...

    def focus(self, viewer: Viewer, question: Question, panel: str) -> None:
        """Make ready what presses in a panel of this page will ask, for as long as nothing else of the page is pressed."""
        ...

    def ask_panel(self, viewer: Viewer, question: Question, panel: str) -> PanelAnswer:
        """Answer one panel. Raises Unknown, Interrupted, ReasonWanted; a failed query is in the answer's `error`."""
        ...

    def cross(self, viewer: Viewer, cross: Cross) -> Answer:
        """Answer any cross of the model, as an answer of one panel. Raises Unknown, Interrupted, ReasonWanted."""
        ...

    def rows(self, viewer: Viewer, question: RowsQuestion) -> Rows:
        """Return a slice of the rows behind a number. Raises Unknown, Interrupted, ReasonWanted."""
        ...

    def search(self, viewer: Viewer, app: str, text: str, selection: Selection, at: datetime | None = None) -> tuple[Hit, ...]:
        """Return the values, over all fields of the app's facts, that hold the text, best first.

        Personal fields are left out where they would be masked. Raises ReasonWanted where they would be refused.
        """
        ...

    def resolve(
        self, viewer: Viewer, texts: tuple[str, ...], locks: tuple[str, ...] = (), app: str = "", at: datetime | None = None
    ) -> Selection:
        """Return the selection that the grammar's texts mean at a time. Raises Unknown (nearest match offered), ValueError, Refused.

        Raises ReasonWanted for a value of a personal field.
        """
        ...

    def reach(self, viewer: Viewer, fact: str, field: str) -> bool:
        """Return whether a clause on the field reaches the fact."""
        ...

    def command(self, viewer: Viewer, command: Command) -> str:
        """Carry out a command and return one sentence for the viewer. Raises Refused, Unknown."""
        ...

    def subscribe(self, viewer: Viewer, notify: Callable[[Change], None]) -> Callable[[], None]:
        """Call `notify`, from any thread, at each new data version of what the viewer may see; return the way to stop.

        A change without facts says that the Desk is away, or is back: ask `away`.
        """
        ...

    def pace(self, viewer: Viewer, seconds: float) -> None:
        """Say that the viewer looks again each so many seconds, infinity for no more.

        Only what is announced has to be brought up to date sooner.
        """
        ...

    def used(
        self, viewer: Viewer, action: str, detail: Value = None, app: str = "", panel: str = "", seconds: float | None = None
    ) -> None:  # fmt: skip
        """Write to usage what the viewer opened, selected or searched, and for how long (s) where that is known; returns at once."""
        ...

    def reasons(self, viewer: Viewer) -> tuple[ListedReason, ...]:
        """Return the reasons that may be given for looking at personal data."""
        ...

    def reason(self, viewer: Viewer, case: str = "") -> Reason | None:
        """Return the reason given at this seat for a case, the last one where none is named; None before any."""
        ...

    def explain(self, viewer: Viewer, reason: Reason) -> None:
        """Take the reason for which the viewer looks at personal data at this seat from now on. Raises Unknown, ValueError."""
        ...

    def disclose(self, viewer: Viewer, leaving: Leaving) -> None:
        """Record what is about to leave the screen; where it holds personal data the audit has it when this returns.

        Raises what refuses it.
        """
        ...

    def extract(self, viewer: Viewer, asked: Extract) -> Extracted:
        """Make a file of the rows and columns that the viewer may see; the audit has it as disclosed when this returns.

        Raises Unknown, Refused, ReasonWanted, ValueError for a form that can't hold the facts.
        """
        ...

    def piece(self, viewer: Viewer, token: str, offset: int) -> bytes:
        """Return the next bytes of a file that `extract` made for this viewer, b"" at its end, after which it is gone. Raises Unknown."""
        ...

    def audit_head(self, viewer: Viewer) -> str:
        """Return where the audit stands, as one line that can be kept elsewhere. Raises Refused."""
        ...

    def audit_verdict(self, viewer: Viewer, heads: tuple[str, ...]) -> Verdict:
        """Return whether the audit is as it was written, also against heads that were kept elsewhere. Raises Refused, ValueError."""
        ...

    def audit_rows(self, viewer: Viewer, asked: AuditAsked) -> AuditRows:
        """Return rows of the audit, which has that they were asked for. Raises Refused, Unknown, Unaudited."""
        ...

    def refusal(self, viewer: Viewer, command: str) -> str:
        """Return why the viewer may not give a command (or `export`), in a sentence, or "". Returns at once."""
        ...

    def keep(self, viewer: Viewer, kept: Kept) -> None:
        """Keep a sitting for its user, in the place of what was kept of the same seat; returns at once, and is written behind."""
        ...

    def kept(self, viewer: Viewer) -> Kept | None:
        """Return the user's sitting that was left last, if any is kept: only what is there and permitted now, and what isn't said."""
        ...

    def cancel(self, viewer: Viewer, ticket: str) -> None:
        """Interrupt the viewer's question with that ticket, if it runs."""
        ...

    def close(self) -> None:
        """Let go of the file; running questions are interrupted."""
        ...

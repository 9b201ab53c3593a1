"""The Desk over a socket: the same questions and answers, from a hub that may go and come back."""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from console.desk.answer import Answer, Column, Hit, PanelAnswer, Rows, Value
from console.desk.audit import AuditAsked, AuditRows, Verdict
from console.desk.desk import Absence, Away, Change, Command, Cross, Extract, Extracted, Failed, Leaving, Question, RowsQuestion, Viewer
from console.desk.kept import LONGEST, Kept, shortened, without_steps
from console.desk.page import App
from console.desk.reason import ListedReason, Reason
from console.desk.selection import Selection
from console.hub.client.line import Line
from console.hub.protocol.crossing import crossing
from console.hub.protocol.messages import Answered, Call, Changed, Listen, Quick, Result, Welcome
from console.hub.protocol.methods import methods
from console.hub.protocol.parts import Held
from console.hub.protocol.standing import Standing

REMEMBERED = 200  # uses that are told to a hub that was away
_change = crossing(Change).decoder()
Notify = Callable[[Change], None]


class HubDesk:
    """The Desk of `console.desk.desk`, answered by a hub; whoever a viewer is said to be, the hub goes by the socket's user."""

    def __init__(self, path: Path) -> None:
        """Speak to the hub at a path; use `reached`."""
        self._held, self._quick = Held(), dict[str, frozenset[str]]()
        self._refusals: dict[str, str] = {}
        self._listeners: list[Notify] = []
        self._pace: float | None = None
        self._uses: deque[bytes] = deque(maxlen=REMEMBERED)
        self._sitting: bytes | None = None  # as kept last
        self._version = 0
        self.line = Line(path, uuid.uuid4().hex[:12], self._take, self._turned)

    def _call(self, name: str, *given: Any) -> Any:
        return methods()[name].result(self.line.call(name, methods()[name].given.encoded(given)))

    def _tell(self, name: str, *given: Any) -> bool:
        return self.line.tell(_untold(name, methods()[name].given.encoded(given)))

    def _take(self, message: Any) -> Any:
        """Take a message, in the line's thread, in its order; return what its call is to have."""
        if isinstance(message, Answered):
            answer = self._held.answer(message)
            self._version = max(self._version, answer.version)
            return answer
        if isinstance(message, Result):
            return message.value
        if isinstance(message, Welcome):
            self._held, self._quick, self._refusals = Held(), {}, dict(message.refusals)
        elif isinstance(message, Quick):
            self._quick[message.app] = frozenset(message.panels)
        elif isinstance(message, Changed):
            change = _change(message.change)
            self._version = change.version
            self._notify(change)
        return None

    def _turned(self) -> None:
        """Tell everybody that the hub went or is back; to one that is back say again what it is to know."""
        if self.line.absence is None:
            if self._listeners:
                self.line.tell(Listen(True))
            if self._pace is not None:
                self._tell("pace", self._pace)
            if self._sitting is not None:
                self.line.tell(_untold("keep", self._sitting))
            while self._uses:
                self.line.tell(_untold("used", self._uses.popleft()))
        self._notify(Change(self._version, frozenset()))

    def _notify(self, change: Change) -> None:
        for notify in tuple(self._listeners):
            notify(change)

    def away(self) -> Absence | None:
        """See Desk."""
        return self.line.absence

    def viewer(self) -> Viewer:
        """See Desk: the name that the hub has from the kernel."""
        welcome = self.line.welcome
        assert welcome is not None
        return Viewer(welcome.user, frozenset(welcome.roles), verified=True)

    def facts(self) -> tuple[str, ...]:
        """See Desk."""
        found: tuple[str, ...] = self._call("facts")
        return found

    def apps(self, viewer: Viewer) -> tuple[App, ...]:
        """See Desk."""
        found: tuple[App, ...] = self._call("apps")
        return found

    def memory(self, viewer: Viewer) -> str:
        """See Desk."""
        try:
            return f"the hub's: {self._call('memory')}"
        except (Away, Failed) as error:
            return str(error)

    def marking(self, viewer: Viewer) -> str:
        """See Desk."""
        return str(self._call("marking"))

    def fields(self, viewer: Viewer, fact: str) -> tuple[Column, ...]:
        """See Desk."""
        found: tuple[Column, ...] = self._call("fields", fact)
        return found

    def ask(self, viewer: Viewer, question: Question) -> Answer:
        """See Desk."""
        answer: Answer = self.line.call("ask", methods()["ask"].given.encoded((question,)))
        return answer

    def quick(self, viewer: Viewer, app: str) -> frozenset[str]:
        """See Desk: as the hub said with its last answer."""
        return self._quick.get(app, frozenset())

    def focus(self, viewer: Viewer, question: Question, panel: str) -> None:
        """See Desk."""
        self._call("focus", question, panel)

    def ask_panel(self, viewer: Viewer, question: Question, panel: str) -> PanelAnswer:
        """See Desk."""
        return self.ask(viewer, replace(question, panels=(panel,))).panels[0]

    def cross(self, viewer: Viewer, cross: Cross) -> Answer:
        """See Desk."""
        answer: Answer = self._call("cross", cross)
        return answer

    def rows(self, viewer: Viewer, question: RowsQuestion) -> Rows:
        """See Desk."""
        rows: Rows = self._call("rows", question)
        return rows

    def search(self, viewer: Viewer, app: str, text: str, selection: Selection, at: datetime | None = None) -> tuple[Hit, ...]:
        """See Desk."""
        hits: tuple[Hit, ...] = self._call("search", app, text, selection, at)
        return hits

    def resolve(
        self, viewer: Viewer, texts: tuple[str, ...], locks: tuple[str, ...] = (), app: str = "", at: datetime | None = None
    ) -> Selection:
        """See Desk."""
        selection: Selection = self._call("resolve", texts, locks, app, at)
        return selection

    def reach(self, viewer: Viewer, fact: str, field: str) -> bool:
        """See Desk."""
        return bool(self._call("reach", fact, field))

    def command(self, viewer: Viewer, command: Command) -> str:
        """See Desk."""
        return str(self._call("command", command))

    def subscribe(self, viewer: Viewer, notify: Notify) -> Callable[[], None]:
        """See Desk."""
        self._listeners.append(notify)
        self.line.tell(Listen(True))

        def stop() -> None:
            with suppress(ValueError):
                self._listeners.remove(notify)
            if not self._listeners:
                self.line.tell(Listen(False))

        return stop

    def pace(self, viewer: Viewer, seconds: float) -> None:
        """See Desk."""
        self._pace = seconds
        self._tell("pace", seconds)

    def used(
        self, viewer: Viewer, action: str, detail: Value = None, app: str = "", panel: str = "", seconds: float | None = None
    ) -> None:  # fmt: skip
        """See Desk: a hub that is away is told when it is back."""
        if not self._tell("used", action, detail, app, panel, seconds):
            self._uses.append(methods()["used"].given.encoded((action, detail, app, panel, seconds)))

    def reasons(self, viewer: Viewer) -> tuple[ListedReason, ...]:
        """See Desk."""
        found: tuple[ListedReason, ...] = self._call("reasons")
        return found

    def reason(self, viewer: Viewer, case: str = "") -> Reason | None:
        """See Desk."""
        found: Reason | None = self._call("reason", case)
        return found

    def explain(self, viewer: Viewer, reason: Reason) -> None:
        """See Desk."""
        self._call("explain", reason)

    def disclose(self, viewer: Viewer, leaving: Leaving) -> None:
        """See Desk."""
        self._call("disclose", leaving)

    def extract(self, viewer: Viewer, asked: Extract) -> Extracted:
        """See Desk."""
        made: Extracted = self._call("extract", asked)
        return made

    def piece(self, viewer: Viewer, token: str, offset: int) -> bytes:
        """See Desk."""
        return bytes(self._call("piece", token, offset))

    def audit_head(self, viewer: Viewer) -> str:
        """See Desk."""
        return str(self._call("audit_head"))

    def audit_verdict(self, viewer: Viewer, heads: tuple[str, ...]) -> Verdict:
        """See Desk."""
        verdict: Verdict = self._call("audit_verdict", heads)
        return verdict

    def audit_rows(self, viewer: Viewer, asked: AuditAsked) -> AuditRows:
        """See Desk."""
        rows: AuditRows = self._call("audit_rows", asked)
        return rows

    def refusal(self, viewer: Viewer, command: str) -> str:
        """See Desk."""
        if (absence := self.line.absence) is not None:
            return absence.words
        if command not in self._refusals:
            try:
                self._refusals[command] = str(self._call("refusal", command))
            except (Away, Failed) as error:
                return str(error)
        return self._refusals[command]

    def keep(self, viewer: Viewer, kept: Kept) -> None:
        """See Desk: a hub that was away is told again when it is back."""
        encoded = methods()["keep"].given.encoded
        given = encoded((replace(kept, history=shortened(kept.history)),))
        if len(given) > LONGEST:
            given = encoded((without_steps(kept),))
        if len(given) <= LONGEST:
            self._sitting = given
            self.line.tell(_untold("keep", given))

    def kept(self, viewer: Viewer) -> Kept | None:
        """See Desk."""
        found: Kept | None = self._call("kept")
        return found

    def cancel(self, viewer: Viewer, ticket: str) -> None:
        """See Desk."""
        self._tell("cancel", ticket)

    def status(self) -> Standing:
        """Return how the hub stands."""
        standing: Standing = self._call("status")
        return standing

    def close(self) -> None:
        """See Desk: the hub goes on for others."""
        self.line.close()


def _untold(name: str, given: bytes) -> Call:
    return Call(0, name, msgspec.Raw(given))

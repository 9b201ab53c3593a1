"""Asking the Desk off the screen's thread: each job posts exactly one message, and touches no widget.

Threads are daemons and nobody waits for them, so quitting never waits for a query.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from textual.message import Message

from console.app.messages import Answered, Changed, Done, Found, RowsCame, Said, Unanswered, Wanting
from console.app.sitting import Sitting
from console.app.workers import Workers
from console.desk import area
from console.desk.answer import Alert, Value
from console.desk.desk import Change, Command, Desk, Interrupted, Leaving, Question, RowsQuestion, Unknown, Viewer
from console.desk.reason import Reason, ReasonWanted
from console.desk.selection import Range, Selection, Values


def words_of(error: BaseException) -> str:
    """Return an error as one line for the viewer."""
    said = str(error).strip().splitlines()
    return said[0] if said else type(error).__name__


class Asking:
    """The questions of one sitting; `serial` counts selections, and an answer to an older one is dropped."""

    def __init__(self, desk: Desk, sitting: Sitting, post: Callable[[Message], object]) -> None:
        """Ask this desk for this sitting; `post` takes messages from any thread."""
        self.desk, self.sitting, self._post = desk, sitting, post
        self.serial = 0
        self.running = 0
        self._count = threading.Lock()
        self._workers = Workers()
        self._charts: tuple[int, tuple[str, ...], Question] | None = None
        self._deafen: Callable[[], None] = lambda: None

    def listen(self) -> None:
        """Post each new data version, until the close."""

        def notify(change: Change) -> None:
            self._post(Changed(change))

        self._deafen = self.desk.subscribe(self.viewer, notify)

    def close(self) -> None:
        """Stop listening, and ask no more."""
        self._deafen()
        self._workers.stop()

    @property
    def viewer(self) -> Viewer:
        """Who asks."""
        return self.sitting.viewer

    def job(
        self,
        make: Callable[[], Message | None],
        failed: Callable[[Exception], Message | None],
        interrupted: Message | None = None,
    ) -> None:
        """Run off the screen's thread, and post what it makes."""

        def run() -> None:
            try:
                message = make()
            except Interrupted:
                message = interrupted
            except Exception as error:
                message = failed(error)
            if message is not None:
                self._post(message)
            with self._count:
                self.running -= 1

        with self._count:
            self.running += 1
        self._workers.do(run)

    def page(self, names: Sequence[str], *, ticket: str = "page", fresh: bool = False) -> int:
        """Ask for panels, the quick ones apart; a fresh question (another selection) makes older answers void.

        Beside quick ones charts wait until they are asked for. Return its serial number.
        """
        self.serial += fresh
        serial = self.serial
        quick = self.desk.quick(self.viewer, self.sitting.app.name) - self.sitting.slow() if fresh else frozenset[str]()
        lead = {name for name in names if (spec := self.sitting.app.panel(name)).kind == "kpi" and spec.fact == self.sitting.app.fact}
        quick = quick if lead <= quick else quick - lead  # headlines that the bar agrees with are of one answer
        charts = {name for name in names if name not in quick and self.sitting.app.panel(name).kind == "series"} if quick else set()
        first = tuple(name for name in names if name in quick)
        rest = tuple(name for name in names if name not in quick and name not in charts)
        last = tuple(name for name in names if name in charts)
        if fresh:
            self._charts = (serial, last, self.sitting.question(last, "last"))
        if first and rest:
            self._part(serial, first, self.sitting.question(first, ticket), fresh=True)
            self._part(serial, rest, self.sitting.question(rest, "rest"))
        else:
            self._part(serial, first or rest or (), self.sitting.question(first or rest, ticket), fresh=fresh)
        return serial

    def charts(self) -> None:
        """Ask for the charts that wait, if they are still of the present selection."""
        if self._charts is not None:
            (serial, names, question), self._charts = self._charts, None
            if names and serial == self.serial:
                self._part(serial, names, question)

    def _part(self, serial: int, asked: tuple[str, ...], question: Question, *, fresh: bool = False) -> None:
        def ask() -> Answered:
            for ticket in ("live", "last") if fresh else ():
                self.desk.cancel(self.viewer, ticket)
            return Answered(serial, asked, self.desk.ask(self.viewer, question))

        self.job(ask, lambda error: Unanswered(serial, asked, words_of(error)))

    def focus(self, panel: str, names: Sequence[str]) -> None:
        """Have made ready what presses in a panel will ask, if it is one that is answered from memory."""
        if panel in self.desk.quick(self.viewer, self.sitting.app.name):
            question = self.sitting.question(names, "")
            self.job(lambda: self.desk.focus(self.viewer, question, panel), lambda error: None)

    def profile(self, panel: str, back: Callable[[], None] = lambda: None) -> None:
        """Ask for a profile panel's subject; `back` leaves its page."""
        subject = self.sitting.subject(panel)
        if subject is None:
            return
        serial = self.serial
        question = self.sitting.question((panel,), f"profile {panel}", subject)

        def failed(error: Exception) -> Message:
            if isinstance(error, ReasonWanted):
                return self.wanting(error.what, question.case, lambda: self.profile(panel, back), back)
            return Unanswered(serial, (panel,), words_of(error))

        self.job(lambda: Answered(serial, (panel,), self.desk.ask(self.viewer, question)), failed)

    def rows(self, question: RowsQuestion, back: Callable[[], None] = lambda: None) -> None:
        """Ask for a page of rows; `back` leaves where they were to be shown."""

        def failed(error: Exception) -> Message:
            if isinstance(error, ReasonWanted):
                return self.wanting(error.what, question.case, lambda: self.rows(question, back), back)
            return RowsCame(question, None, words_of(error))

        self.job(lambda: RowsCame(question, self.desk.rows(self.viewer, question)), failed, RowsCame(question, None))

    def wanting(self, what: str, case: str, again: Callable[[], None], back: Callable[[], None] = lambda: None) -> Wanting:
        """Return the message that a reason is wanted; not on the screen's thread."""
        last = self.desk.reason(self.viewer, case) or self.desk.reason(self.viewer)
        return Wanting(what, case, self.desk.reasons(self.viewer), last, again, back)

    def want(self, what: str, again: Callable[[], None]) -> None:
        """Have a reason asked for."""
        case = self.sitting.case
        self.job(lambda: self.wanting(what, case, again), lambda error: Said(words_of(error)))

    def explain(self, reason: Reason, then: Callable[[], None]) -> None:
        """Give a reason, and go on."""

        def give() -> Done:
            self.desk.explain(self.viewer, reason)
            return Done(then)

        self.job(give, lambda error: Said(words_of(error)))

    def disclose(self, leaving: Leaving, then: Callable[[], None], refused: Callable[[str], None]) -> None:
        """Have the Desk record that something leaves the screen, and only then let it."""

        def record() -> Done:
            self.desk.disclose(self.viewer, leaving)
            return Done(then)

        def failed(error: Exception) -> Done:
            said = words_of(error)
            return Done(lambda: refused(said))

        self.job(record, failed)

    def search(self, text: str) -> None:
        """Search all fields."""
        app, selection, at = self.sitting.app.name, self.sitting.selection, self.sitting.at

        def failed(error: Exception) -> Message:
            if isinstance(error, ReasonWanted):
                return self.wanting(error.what, "", lambda: self.search(text))
            return Found(text, (), words_of(error))

        self.job(lambda: Found(text, self.desk.search(self.viewer, app, text, selection, at)), failed)

    def resolve(self, texts: tuple[str, ...], locks: tuple[str, ...]) -> Selection:
        """Return the selection that texts of the grammar mean; waits, so not on the screen's thread. Raises what the Desk does."""
        return self.desk.resolve(self.viewer, area.read_in(texts), locks, self.sitting.app.name, self.sitting.at)

    def event(self, of: datetime, forward: bool) -> tuple[str, datetime] | None:
        """Return the key and moment of the Immediate incident created next after a moment, or last before it; waits for the Desk."""
        later, sooner = ((of + timedelta(microseconds=1)).isoformat() + "Z", None), (None, of.isoformat() + "Z")
        clauses = (
            Selection()
            .with_clause("grade", Values(frozenset(("Immediate",))))
            .with_clause("created", Range(*(later if forward else sooner)))
        )
        asked = RowsQuestion(
            "", "", "incident", selection=clauses, limit=1, sort=(("created", not forward),), columns=("ref", "created"), ticket="event"
        )  # fmt: skip
        for row in self.desk.rows(self.viewer, asked).rows:
            ref, at = row.columns
            assert isinstance(at, datetime)
            return str(ref), at
        return None

    def acknowledge(self, alert: Alert, by: str) -> None:
        """Acknowledge an alert in someone's name."""
        command = Command(str(uuid.uuid4()), "acknowledge", (("kind", alert.kind), ("key", alert.key), ("by", by)))
        self.job(
            lambda: Said(self.desk.command(self.viewer, command)),
            lambda error: Said(f"not acknowledged: {words_of(error)}"),
        )

    def pace(self, seconds: float) -> None:
        """Have the Desk know how often this viewer looks."""
        self.job(lambda: self.desk.pace(self.viewer, seconds), lambda error: None)

    def refusal(self, command: str) -> str:
        """Return why the viewer may not give a command, or ""."""
        return self.desk.refusal(self.viewer, command)

    def used(self, action: str, detail: Value = None, app: str = "", seconds: float | None = None) -> None:
        """Write to usage what the viewer did, in the open app unless another is named."""
        self.desk.used(self.viewer, action, detail, app or self.sitting.app.name, self.sitting.focus, seconds)


def opened(
    desk: Desk, app: str, at: datetime | None, select: tuple[str, ...], locks: tuple[str, ...], viewer: Viewer | None = None
) -> Sitting:
    """Return the sitting that the command line asks for, of whoever is logged in unless told; raises Unknown, Refused, ValueError."""
    viewer = viewer or desk.viewer()
    apps = desk.apps(viewer)
    if app not in {each.name for each in apps}:
        raise Unknown(f"no app {app!r}: there is {', '.join(each.name for each in apps)}")
    selection = desk.resolve(viewer, area.read_in(select), locks, app, at) if select or locks else Selection()
    facts = dict.fromkeys(spec.fact for each in apps for spec in each.panels)
    return Sitting(viewer, apps, app, selection, at, {fact: desk.fields(viewer, fact) for fact in facts})

"""A Desk in memory over lists: every count is made by filtering them, so a selection re-filters everything honestly."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from console.app.drawing.words import as_text
from console.desk.answer import Alert, Answer, Column, Hit, PanelAnswer, Row, Rows, SourceState, State, Value
from console.desk.audit import AuditAsked, AuditRows, Verdict
from console.desk.desk import (
    Absence,
    Change,
    Command,
    Cross,
    Extract,
    Extracted,
    Interrupted,
    Leaving,
    Question,
    RowsQuestion,
    Unknown,
    Viewer,
)
from console.desk.grammar import clause, merged, split
from console.desk.kept import Kept
from console.desk.login import login
from console.desk.page import App
from console.desk.reason import ListedReason, Reason, ReasonWanted
from console.desk.selection import Range, Selection, Values
from tests.app.reckoning import COLUMNS, Reckoning, columns
from tests.app.world import CONTROL, TYPES_APP

REASONS = (ListedReason("incident", "Dealing with an incident", True), ListedReason("supervision", "Supervising my team", False))


class FakeDesk(Reckoning):
    """The Desk protocol over lists of things; `failing` names panels that fail, `gate` holds answers back."""

    def __init__(self, count: int = 312) -> None:
        """Make the world."""
        super().__init__(count)
        self.version, self.live = 1, True
        self.gaps, self.filling = 0, False
        self.alerts: list[Alert] = []
        self.heard: datetime | None = None
        self.commands: list[Command] = []
        self.usage: list[tuple[str, Value]] = []
        self.asked: list[Question] = []
        self.gate: threading.Event | None = None
        self.closed = False
        self.absence: Absence | None = None
        self.refusing = ""
        self.at_once = frozenset[str]()
        self.focused: list[str] = []
        self.paces: list[float] = []
        self.sittings: list[Kept] = []
        self.reasoned: list[Reason] = []
        self.left: list[Leaving] = []
        self.full = False
        self.asks, self.masks = frozenset[str](), frozenset[str]()  # panels whose rows, or whose pages, hold personal data
        self._notify: list[Callable[[Change], None]] = []
        self._tickets: Counter[str] = Counter()

    def away(self) -> Absence | None:
        """See Desk."""
        return self.absence

    def viewer(self) -> Viewer:
        """See Desk."""
        return Viewer(login())

    def facts(self) -> tuple[str, ...]:
        """See Desk."""
        return ("incident", "unit")

    def apps(self, viewer: Viewer) -> tuple[App, ...]:
        """See Desk."""
        return (CONTROL, TYPES_APP)

    def marking(self, viewer: Viewer) -> str:
        """See Desk."""
        return "OFFICIAL (SYNTHETIC)"

    def fields(self, viewer: Viewer, fact: str) -> tuple[Column, ...]:
        """See Desk."""
        return columns(name for name in (self.incidents if fact == "incident" else self.units)[0] if name not in ("lon", "lat"))

    def quick(self, viewer: Viewer, app: str) -> frozenset[str]:
        """See Desk."""
        return self.at_once

    def focus(self, viewer: Viewer, question: Question, panel: str) -> None:
        """See Desk."""
        self.focused.append(panel)

    def ask(self, viewer: Viewer, question: Question) -> Answer:
        """See Desk."""
        self.asked.append(question)
        self._tickets[question.ticket] += 1
        turn = self._tickets[question.ticket]
        if self.gate is not None:
            self.gate.wait(10)
        if self._tickets[question.ticket] != turn:
            raise Interrupted
        app = next(each for each in self.apps(viewer) if each.name == question.app)
        names = [spec.name for spec in app.panels] if question.panels is None else question.panels
        why = self.reason(viewer, question.case)
        if why is None and names and set(names) <= self.asks:
            raise ReasonWanted("a reason is wanted to see Officer's name")
        panels = tuple(self.panel(app.panel(name), question) for name in names)
        panels = tuple(
            replace(each, wanted="Officer's name")
            if why is None and each.name in self.masks
            else replace(each, personal=("officer_name",))
            if each.name in self.masks | self.asks
            else each
            for each in panels
        )
        shown = self.passing("incident", question.selection)
        hidden = sum(each["grade"] == "Immediate" for each in self.incidents) - sum(each["grade"] == "Immediate" for each in shown)
        alerts = tuple(replace(alert, hidden=alert.key not in {each["ref"] for each in shown}) for alert in self.alerts)
        live = self.live and question.at is None
        source = SourceState(
            "simulator",
            "Simulator",
            self.heard,
            None,
            bool(self.heard and self.now - self.heard > timedelta(seconds=20)),
            True,
            self.gaps,
            0,
            self.filling,
        )
        return Answer(
            app.name,
            question.at or self.now,
            live,
            self.version,
            len(shown),
            len(self.incidents),
            hidden,
            panels,
            alerts,
            (source,),
            app.noun,
        )

    def ask_panel(self, viewer: Viewer, question: Question, panel: str) -> PanelAnswer:
        """See Desk."""
        return self.ask(viewer, replace(question, panels=(panel,))).panels[0]

    def cross(self, viewer: Viewer, cross: Cross) -> Answer:
        """See Desk."""
        raise NotImplementedError

    def rows(self, viewer: Viewer, question: RowsQuestion) -> Rows:
        """See Desk."""
        if not question.panel:
            return self.created(question)
        app = next(each for each in self.apps(viewer) if each.name == question.app)
        spec = app.panel(question.panel)
        level = tuple(each.level for each in question.maps if each.panel == spec.name and each.level) or spec.fields
        exempt = (*level, "area") if spec.kind == "map" else spec.fields if question.at_values else ()
        if spec.name in self.asks and self.reason(viewer, question.case) is None:
            raise ReasonWanted("a reason is wanted to see Officer's name")
        found = self.passing(spec.fact, question.selection, exempt)
        found = [each for each in found if self.given(spec.name, each)]
        for name, value in question.at_values:
            found = [each for each in found if as_text(each[name]) == value]
        for drill in question.drills:
            if drill.panel == spec.name and question.at_values:
                found = [each for each in found if all(each[f] == v for f, v in zip(spec.fields, drill.path, strict=False))]
        for name, down in reversed(question.sort):
            found.sort(key=lambda each: (each[name] is None, each[name] or 0), reverse=down)
        names = question.columns or COLUMNS[spec.fact]
        page = found[question.offset : question.offset + question.limit]
        return Rows(
            spec.fact,
            columns(names),
            tuple(self.row(spec.fact, each, names) for each in page),
            question.offset,
            len(found),
            self.now,
        )

    def created(self, question: RowsQuestion) -> Rows:
        """Return the first incidents by their creation, one that the console looks for."""
        grades, within = question.selection.clause("grade"), question.selection.clause("created")
        assert isinstance(grades, Values)
        assert isinstance(within, Range)
        low, high = ("" if end is None else end.removesuffix("Z") for end in (within.low, within.high))
        held = [(self.now - timedelta(seconds=each["waiting"]), each["ref"]) for each in self.incidents if each["grade"] in grades.values]
        held = sorted(
            ((at, ref) for at, ref in held if low <= at.isoformat() and (not high or at.isoformat() < high)), reverse=question.sort[0][1]
        )
        found = tuple(Row((("ref", ref),), None, (), (ref, at)) for at, ref in held[: question.limit])
        return Rows("incident", (), found, 0, len(held), self.now)

    def search(self, viewer: Viewer, app: str, text: str, selection: Selection, at: datetime | None = None) -> tuple[Hit, ...]:
        """See Desk."""
        made = []
        for fact, name in (
            ("incident", "district"),
            ("incident", "beat"),
            ("incident", "type"),
            ("incident", "ref"),
            ("unit", "callsign"),
        ):
            counts = Counter(each[name] for each in self.passing(fact, selection, (name,)))
            made += [
                Hit(name, name.title(), value, count, State.POSSIBLE) for value, count in counts.items() if text.lower() in value.lower()
            ]
        return tuple(sorted(made, key=lambda hit: -hit.count)[:50])

    def resolve(
        self, viewer: Viewer, texts: tuple[str, ...], locks: tuple[str, ...] = (), app: str = "", at: datetime | None = None
    ) -> Selection:
        """See Desk."""
        selection = Selection()
        for text in texts:
            name, rest = split(text)
            if name not in (*self.incidents[0], *self.units[0], "area"):
                raise Unknown(f"no field {name!r}: did you mean type?")
            made = clause(rest, "area" if name == "area" else "text")
            selection = selection.with_clause(name, merged(selection.clause(name), made))
        for name in locks:
            selection = selection.lock(name)
        return selection

    def reach(self, viewer: Viewer, fact: str, field: str) -> bool:
        """See Desk."""
        return self.reaches(fact, field)

    def command(self, viewer: Viewer, command: Command) -> str:
        """See Desk."""
        self.commands.append(command)
        said = dict(command.args)
        self.alerts = [alert for alert in self.alerts if alert.key != said["key"]]
        return f"{said['key']} acknowledged by {said['by']}"

    def subscribe(self, viewer: Viewer, notify: Callable[[Change], None]) -> Callable[[], None]:
        """See Desk."""
        self._notify.append(notify)
        return lambda: self._notify.remove(notify)

    def memory(self, viewer: Viewer) -> str:
        """See Desk."""
        return "1,204 rows in 3 MB"

    def pace(self, viewer: Viewer, seconds: float) -> None:
        """See Desk."""
        self.paces.append(seconds)

    def used(self, viewer: Viewer, action: str, detail: Value = None, app: str = "", panel: str = "", seconds: float | None = None) -> None:
        """See Desk."""
        self.usage.append((action, detail))

    def reasons(self, viewer: Viewer) -> tuple[ListedReason, ...]:
        """See Desk."""
        return REASONS

    def reason(self, viewer: Viewer, case: str = "") -> Reason | None:
        """See Desk."""
        held = [each for each in self.reasoned if not case or case in (each.case, each.asked)]
        return held[-1] if held else None

    def explain(self, viewer: Viewer, reason: Reason) -> None:
        """See Desk."""
        if reason.code not in {each.code for each in REASONS}:
            raise Unknown(f"no reason {reason.code!r}")
        self.reasoned.append(reason)

    def disclose(self, viewer: Viewer, leaving: Leaving) -> None:
        """See Desk."""
        if self.full:
            raise RuntimeError("refused, as it can't be written to the audit: the disk is full")
        self.left.append(leaving)
        self.usage.append((leaving.action, f"{leaving.to}: {leaving.what}"))

    def extract(self, viewer: Viewer, asked: Extract) -> Extracted:
        """See Desk."""
        raise NotImplementedError

    def piece(self, viewer: Viewer, token: str, offset: int) -> bytes:
        """See Desk."""
        raise NotImplementedError

    def audit_head(self, viewer: Viewer) -> str:
        """See Desk."""
        raise NotImplementedError

    def audit_verdict(self, viewer: Viewer, heads: tuple[str, ...]) -> Verdict:
        """See Desk."""
        raise NotImplementedError

    def audit_rows(self, viewer: Viewer, asked: AuditAsked) -> AuditRows:
        """See Desk."""
        raise NotImplementedError

    def alone(self, viewer: Viewer, name: str, given: tuple[Any, ...]) -> bool:
        """Return whether the answer to a call is for this viewer alone."""
        return False

    def refusal(self, viewer: Viewer, command: str) -> str:
        """See Desk."""
        return self.refusing

    def keep(self, viewer: Viewer, kept: Kept) -> None:
        """See Desk."""
        self.sittings = [*(held for held in self.sittings if held.seat != kept.seat), kept]

    def kept(self, viewer: Viewer) -> Kept | None:
        """See Desk."""
        return max(self.sittings, key=lambda held: held.left_at, default=None)

    def cancel(self, viewer: Viewer, ticket: str) -> None:
        """See Desk."""
        self._tickets[ticket] += 1

    def close(self) -> None:
        """See Desk."""
        self.closed = True

    def change(self, *facts: str) -> None:
        """Tell the screens of a new version."""
        self.version += 1
        for notify in self._notify:
            notify(Change(self.version, frozenset(facts)))

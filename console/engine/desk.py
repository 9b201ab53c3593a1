"""The Desk over the store in this process: each question on a cursor of its own, the newest of a ticket wins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from console.desk import grammar
from console.desk.answer import Answer, Column, Hit, PanelAnswer, Rows, Value
from console.desk.desk import Change, Command, Cross, Question, RowsQuestion, Unknown, Viewer
from console.desk.kept import Kept
from console.desk.login import login
from console.desk.page import App, PanelSpec
from console.desk.selection import Refused, Selection
from console.engine import continuing, known, maps, rows, search, sources
from console.engine.admission import AT_ONCE, Admission
from console.engine.announced import OF
from console.engine.answering import UNTOLD, Answering
from console.engine.apps import AppPlan, Plan
from console.engine.context import Context
from console.engine.hearing import among
from console.engine.model import Model, unknown
from console.engine.present import Present, wall_clock
from console.engine.reads import reads, touched
from console.engine.seats import Seats
from console.engine.sections import Sections
from console.engine.sittings import Sittings
from console.governance.policy import NOTHING, WHOLE, AllowAll, Policy, Rights
from console.governance.usage import Usage, Use
from console.store.database import Cursor, Failure, Interrupt, Store, Touched

SOON = 1.0  # seconds between two looks of somebody who types, at most
WORTH = 100_000  # rows from which on a press takes longer than its panel's tables would
Bar = tuple[int, int, int]  # rows in scope, of how many, and those Immediate among the others
Commands = Mapping[str, Callable[[Viewer, dict[str, str]], str]]


class StoreDesk:
    """The Desk of `console.desk.desk`, answered by SQL."""

    def __init__(
        self, store: Store, model: Model, apps: Mapping[str, AppPlan], sources_folder: Path, *,
        clock: Callable[[], datetime] = wall_clock, commands: Commands | None = None, policy: Policy | None = None,
        closing: Callable[[], None] = lambda: None, indexed: bool = False, pacing: Callable[[float], None] = lambda seconds: None,
        at_once: int = AT_ONCE,
    ) -> None:  # fmt: skip
        """Answer from this store; `clock` is the present while a live source beats, `commands` what viewers may do.

        `pacing` is told how often (s) anybody looks; so many questions are answered `at_once`.
        """
        self._store, self.model, self.plans, self._sources = store, model, apps, sources_folder
        self._commands, self._closing, self._pacing = dict(commands or {}), closing, pacing
        self._policy = policy or AllowAll()
        self._usage, self._seats, self._sittings = Usage(store), Seats(), Sittings(store)
        self._reads = reads(apps, model)
        self._admission = Admission(store, at_once)
        self._answering = Answering(store, model, apps, Present(store, model, sources_folder, clock))
        self.keeper = self._answering.keeper
        self._sections = Sections(store, model, apps, self.keeper, indexed, lambda left: Present(store, left, sources_folder, clock))
        self._indexed = indexed
        self._closed = False
        if indexed:
            self.keeper.resume()

    def away(self) -> None:
        """See Desk."""

    def viewer(self) -> Viewer:
        """See Desk."""
        return Viewer(login())

    def apps(self, viewer: Viewer) -> tuple[App, ...]:
        """See Desk."""
        rights = self.rights(viewer)
        allowed = [plan for plan in self.plans.values() if rights.may_open(plan.app.name)]
        return tuple(plan.app for plan in sorted(allowed, key=lambda plan: plan.order))

    def rights(self, viewer: Viewer) -> Rights:
        """Return what a viewer may."""
        return self._policy.rights(viewer.user, viewer.roles, viewer.groups)

    def facts(self) -> tuple[str, ...]:
        """See Desk."""
        return tuple(self.model.facts)

    @property
    def version(self) -> int:
        """The data version that the store is at."""
        return self._store.version

    def memory(self, viewer: Viewer) -> str:
        """See Desk."""
        return self._of(viewer).memory()

    def marking(self, viewer: Viewer) -> str:
        """See Desk."""
        with self._admission.cursor() as cursor:
            return sources.marking(cursor, self._sources, self.rights(viewer).marking)

    def fields(self, viewer: Viewer, fact: str) -> tuple[Column, ...]:
        """See Desk."""
        model = self._of(viewer).model
        held = model.fields_of(model.fact(fact).name)
        return tuple(Column(each.name, each.title, each.type, each.unit) for each in held if each.type != "area")

    def ask(self, viewer: Viewer, question: Question) -> Answer:
        """See Desk."""
        app = self._app(viewer, question.app)
        names = question.panels if question.panels is not None else tuple(app.plans)
        plans = [maps.chosen(self._plan(app, name), question.maps) for name in names]
        with self._asking(viewer, question.ticket) as (cursor, answering):
            answer = answering.page(cursor, app, plans, question)
        if self._indexed and question.at is None:
            self.keeper.begin()
        return answer

    def quick(self, viewer: Viewer, app: str) -> frozenset[str]:
        """See Desk."""
        return self._of(viewer).quick(self.plans[app]) if app in self.plans and self.rights(viewer).may_open(app) else frozenset()

    def focus(self, viewer: Viewer, question: Question, panel: str) -> None:
        """See Desk."""
        app = self._app(viewer, question.app)
        if question.at is None and panel in app.plans:
            with self._asking(viewer) as (cursor, answering):
                answering.focus(cursor, app, question, panel)

    def ask_panel(self, viewer: Viewer, question: Question, panel: str) -> PanelAnswer:
        """See Desk."""
        return self.ask(viewer, replace(question, panels=(panel,))).panels[0]

    def cross(self, viewer: Viewer, cross: Cross) -> Answer:
        """See Desk."""
        model = self._of(viewer).model
        fact = model.fact(cross.fact)
        fields = tuple(model.field(name, fact.name).name for name in cross.by)
        for name in fields:
            if (route := model.route(fact.name, name)) is None or route.link is not None or route.field.type == "area":
                raise Unknown(f"{name} is no field of {fact.name} to count by")
        for name in cross.measures:
            model.measure(fact.name, name)
        kind = "bars" if len(fields) <= 1 else "pivot"
        plan = Plan(PanelSpec(fact.name, fact.title, kind, fact.name, fields, cross.measures), ())
        with self._asking(viewer, cross.ticket) as (cursor, answering):
            return answering.crossed(cursor, plan, cross.selection, cross.at)

    def rows(self, viewer: Viewer, question: RowsQuestion) -> Rows:
        """See Desk."""
        app = self._app(viewer, question.app) if question.app else None
        if app is not None and question.panel:
            plan = maps.chosen(self._plan(app, question.panel), question.maps)
            if words := self._of(viewer).beyond(plan):
                raise Unknown(words)
        with self._asking(viewer, question.ticket) as (cursor, answering):
            lead = question.fact or (app.app.fact if app else "")
            context, _ = answering.context(cursor, app, question.selection, question.at, answering.model.fact(lead).name, question.drills)
            return rows.rows(context, app, question)

    def search(self, viewer: Viewer, app: str, text: str, selection: Selection, at: datetime | None = None) -> tuple[Hit, ...]:
        """See Desk."""
        plan = self._app(viewer, app)
        with self._asking(viewer, "search") as (cursor, answering):
            context, _ = answering.context(cursor, plan, selection, at, plan.app.fact)
            return search.hits(context, plan, text)

    def resolve(
        self, viewer: Viewer, texts: tuple[str, ...], locks: tuple[str, ...] = (), app: str = "", at: datetime | None = None
    ) -> Selection:
        """See Desk."""
        opened = app in self.plans and self.rights(viewer).may_open(app)
        model = self._of(viewer).model
        lead = self.plans[app].app.fact if opened else app if app in model.facts else ""
        selection = Selection()
        with self._asking(viewer) as (cursor, answering):
            for text in texts:
                name, rest = grammar.split(text)
                field = model.field(name, lead)
                try:
                    clause = grammar.merged(selection.clause(field.name), grammar.clause(rest, field.type))
                except ValueError as error:
                    raise ValueError(f"{field.name}: {error}") from None
                now, _ = answering.now(cursor, at, field.fact or lead or next(iter(model.facts)))
                context = Context(cursor, model, now, selection, {})
                selection = selection.with_clause(field.name, known.checked(context, field, clause))
        for name in locks:
            selection = selection.lock(model.field(name, lead).name)
        return selection

    def reach(self, viewer: Viewer, fact: str, field: str) -> bool:
        """See Desk."""
        model = self._of(viewer).model
        return field in model.fields and model.route(fact, field) is not None

    def command(self, viewer: Viewer, command: Command) -> str:
        """See Desk."""
        if command.name not in self._commands:
            raise unknown("command", command.name, self._commands)
        if why := self.refusal(viewer, command.name):
            raise Refused(why)
        self._seen(viewer, dict(command.args))
        said = self._commands[command.name](viewer, {**dict(command.args), "id": command.id})
        self.used(viewer, command.name, " ".join(f"{key}={value}" for key, value in command.args))
        return said

    def subscribe(self, viewer: Viewer, notify: Callable[[Change], None]) -> Callable[[], None]:
        """See Desk."""

        def heard(version: int, facts: Touched | frozenset[str]) -> None:
            notify(Change(version, frozenset(facts), touched(self._reads, frozenset(facts))))

        if (section := self.rights(viewer).section) != WHOLE:
            return self._sections.listen(section, heard)
        return self.keeper.listen(heard) if self._indexed else self._store.listen(heard)

    def settle(self) -> None:
        """Wait until every section has heard of what was committed so far."""
        self._sections.settle()

    def pace(self, viewer: Viewer, seconds: float) -> None:
        """See Desk."""
        seconds = self._seats.take(viewer, seconds)
        self._store.calm(seconds > SOON)
        self.keeper.pace(seconds)
        self._pacing(seconds)

    def used(self, viewer: Viewer, action: str, detail: Value = None, app: str = "") -> None:
        """See Desk."""
        self._usage.add(Use(wall_clock(), viewer.user, action, app, None if detail is None else str(detail)))

    def refusal(self, viewer: Viewer, command: str) -> str:
        """See Desk."""
        return self.rights(viewer).refusal(command)

    def keep(self, viewer: Viewer, kept: Kept) -> None:
        """See Desk."""
        self._sittings.keep(viewer.user, kept)

    def kept(self, viewer: Viewer) -> Kept | None:
        """See Desk."""
        held = self._sittings.newest(viewer.user)
        if held is None:
            return None
        return continuing.checked(held, self.apps(viewer), self._of(viewer).model, lambda texts: self.resolve(viewer, texts))

    def cancel(self, viewer: Viewer, ticket: str) -> None:
        """See Desk."""
        self._admission.cancel(_ticket(viewer, ticket))

    def close(self) -> None:
        """See Desk."""
        if self._closed:
            return
        self._closed = True
        self._admission.close()
        self._sections.close()
        self.keeper.stop()
        self._closing()
        self._usage.close()
        self._sittings.close()
        self.keeper.leave()
        self._store.close()

    def _app(self, viewer: Viewer, name: str) -> AppPlan:
        rights = self.rights(viewer)
        if not rights.roles and rights.section == NOTHING:
            raise Unknown(rights.refusal(""))
        if name not in self.plans or not rights.may_open(name):
            raise unknown("app", name, [app.name for app in self.apps(viewer)])
        return self.plans[name]

    def _of(self, viewer: Viewer) -> Answering:
        """Return who answers a viewer."""
        section = self.rights(viewer).section
        return self._answering if section == WHOLE else self._sections.answering(section)

    @contextmanager
    def _asking(self, viewer: Viewer, ticket: str = "") -> Iterator[tuple[Cursor, Answering]]:
        """Give a cursor that sees what the viewer may see, and who answers on it; what the database says of a section isn't told."""
        answering = self._of(viewer)
        with self._admission.cursor(_ticket(viewer, ticket), answering.sectioned) as cursor:
            try:
                yield cursor, answering
            except Interrupt:
                raise
            except Failure:
                if answering.sectioned is None:
                    raise
                raise ValueError(UNTOLD) from None

    def _seen(self, viewer: Viewer, args: Mapping[str, str]) -> None:
        """Raise Unknown if what a command is about isn't among what the viewer sees, in the words for what isn't there."""
        fact = OF.get(args.get("kind", ""))
        if fact is None or self._of(viewer).sectioned is None:
            return
        with self._asking(viewer) as (cursor, answering):
            if fact in answering.model.facts:
                now, _ = answering.now(cursor, None, fact)
                if among(cursor, fact, answering.model.facts[fact].key, [args.get("key", "")], now):
                    return
        raise Unknown(f"no {fact} {args.get('key', '')!r}")

    def _plan(self, app: AppPlan, name: str) -> Plan:
        if name not in app.plans:
            raise unknown(f"panel of {app.app.name}", name, app.plans)
        return app.plans[name]


def _ticket(viewer: Viewer, ticket: str) -> str:
    """Return a ticket that is only this viewer's at this seat."""
    return f"{viewer.user}\0{viewer.seat}\0{ticket}" if ticket else ""

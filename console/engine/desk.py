"""The Desk over the store in this process: each question on a cursor of its own, the newest of a ticket wins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from console.desk import grammar
from console.desk.answer import Alert, Answer, Column, Hit, PanelAnswer, Rows, Value
from console.desk.desk import Change, Command, Cross, Drill, Question, RowsQuestion, Unknown, Viewer
from console.desk.page import App, PanelSpec
from console.desk.selection import Refused, Selection, Values
from console.engine import known, maps, panels, rows, search, sources
from console.engine.admission import Admission
from console.engine.announced import alerts, announced
from console.engine.apps import AppPlan, Plan
from console.engine.context import Context
from console.engine.held import Held
from console.engine.index import answers
from console.engine.index.index import Announced
from console.engine.index.keeper import Keeper, Standing
from console.engine.model import Model, unknown
from console.engine.present import Present, wall_clock
from console.engine.reads import asked, reads, touched
from console.engine.seats import Seats
from console.engine.standing import make_ready
from console.governance.policy import AllowAll, Policy
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
    ) -> None:  # fmt: skip
        """Answer from this store; `clock` is the present while a live source beats, `commands` what viewers may do.

        `pacing` is told how often (s) anybody looks.
        """
        self._store, self.model, self.plans, self._sources = store, model, apps, sources_folder
        self._commands, self._closing, self._pacing = dict(commands or {}), closing, pacing
        self._policy = policy or AllowAll()
        self._usage, self._seats = Usage(store), Seats()
        self._reads = reads(apps, model)
        self._admission = Admission(store)
        self._present = Present(store, model, sources_folder, clock)
        self._indexed = indexed
        self._past: dict[Any, Any] = {}
        self.keeper = Keeper(store, model, apps, self._stood)
        self._closed = False
        if indexed:
            self.keeper.resume()

    def apps(self, viewer: Viewer) -> tuple[App, ...]:
        """See Desk."""
        allowed = [plan for plan in self.plans.values() if self._policy.may_open(viewer.user, viewer.roles, plan.app.name)]
        return tuple(plan.app for plan in sorted(allowed, key=lambda plan: plan.order))

    def facts(self) -> tuple[str, ...]:
        """Return the names of the model's facts."""
        return tuple(self.model.facts)

    def memory(self, viewer: Viewer) -> str:
        """See Desk."""
        index = self.keeper.index
        if index is None:
            return self.keeper.note or "no index: every answer is asked of the file"
        rows = sum(each.rows.count for each in index.facts.values())
        held, spare = index.bytes() / 1e6, index.spare() / 1e6
        return f"{rows:,} rows in {held:,.0f} MB, bitmaps, counts and tables of them in {spare:,.0f} MB"

    def marking(self, viewer: Viewer) -> str:
        """See Desk."""
        with self._admission.cursor() as cursor:
            return sources.marking(cursor, self._sources)

    def fields(self, viewer: Viewer, fact: str) -> tuple[Column, ...]:
        """See Desk."""
        held = self.model.fields_of(self.model.fact(fact).name)
        return tuple(Column(each.name, each.title, each.type, each.unit) for each in held if each.type != "area")

    def ask(self, viewer: Viewer, question: Question) -> Answer:
        """See Desk."""
        app = self._app(viewer, question.app)
        names = question.panels if question.panels is not None else tuple(app.plans)
        plans = [maps.chosen(self._plan(app, name), question.maps) for name in names]
        with self._admission.cursor(_ticket(viewer, question.ticket)) as cursor:
            context, live = self._context(cursor, app, question.selection, question.at, app.app.fact, question.drills, question.subject)
            context, quick, bar, announced = self._at_once(app, plans, context, question.at)
            context = context.holding(_asked_often(app.app.fact, [plan for plan in plans if plan.spec.name not in quick], self.model))
            answered = tuple(quick.get(plan.spec.name) or self._one(plan, _about(app.app, plan, context)) for plan in plans)
            answer = self._answer(context, app.app.name, app.app.fact, app.app.noun, answered, live, bar, announced)
        if self._indexed and question.at is None:
            self.keeper.begin()
        return answer

    def _at_once(
        self, app: AppPlan, plans: Sequence[Plan], context: Context, at: datetime | None
    ) -> tuple[Context, dict[str, PanelAnswer], Bar | None, tuple[Alert, ...] | None]:
        """Return the panels that the index answers, the bar and what is announced, all as of one moment, and the context as of it."""
        index = context.index
        able = [] if index is None else [plan for plan in plans if answers.can(index, plan)]
        if index is None or not able:
            return context, {}, None, None
        with index.lock:
            now = self.keeper.now() if at is None and index is self.keeper.index else None
            context = replace(context, now=now or context.now, standing=index.held)
            able = [plan for plan in able if index.stands(plan.spec.fact, context.now)]
            answers.ready(index, able, context)
            quick = {plan.spec.name: self._one(plan, context) for plan in able}
            return context, quick, answers.bar(index, app.app.fact, context), answers.alerts(index, context)

    def quick(self, viewer: Viewer, app: str) -> frozenset[str]:
        """See Desk."""
        index = self.keeper.index
        plans = self.plans[app].plans.values() if index is not None and app in self.plans else ()
        return frozenset(plan.spec.name for plan in plans if index is not None and answers.can(index, plan))

    def focus(self, viewer: Viewer, question: Question, panel: str) -> None:
        """See Desk."""
        index = self.keeper.index
        app = self._app(viewer, question.app)
        if index is None or question.at is not None or panel not in app.plans:
            return
        plans = [maps.chosen(app.plans[name], question.maps) for name in question.panels or app.plans if name in app.plans]
        with self._admission.cursor() as cursor:
            context, _ = self._context(cursor, app, question.selection, None, app.app.fact, question.drills)
            asked = answers.focusing(index, maps.chosen(app.plans[panel], question.maps), plans, context)
        if asked is not None and index.facts[asked.fact].rows.count >= WORTH:
            index.focus(asked)

    def ask_panel(self, viewer: Viewer, question: Question, panel: str) -> PanelAnswer:
        """See Desk."""
        return self.ask(viewer, replace(question, panels=(panel,))).panels[0]

    def cross(self, viewer: Viewer, cross: Cross) -> Answer:
        """See Desk."""
        fact = self.model.fact(cross.fact)
        fields = tuple(self.model.field(name, fact.name).name for name in cross.by)
        for name in fields:
            if (route := self.model.route(fact.name, name)) is None or route.link is not None or route.field.type == "area":
                raise Unknown(f"{name} is no field of {fact.name} to count by")
        for name in cross.measures:
            self.model.measure(fact.name, name)
        kind = "bars" if len(fields) <= 1 else "pivot"
        plan = Plan(PanelSpec(fact.name, fact.title, kind, fact.name, fields, cross.measures), ())
        with self._admission.cursor(_ticket(viewer, cross.ticket)) as cursor:
            context, live = self._context(cursor, None, cross.selection, cross.at, fact.name)
            return self._answer(context, "", fact.name, fact.title.lower(), (self._one(plan, context),), live)

    def rows(self, viewer: Viewer, question: RowsQuestion) -> Rows:
        """See Desk."""
        app = self._app(viewer, question.app) if question.app else None
        if app is not None and question.panel:
            self._plan(app, question.panel)
        with self._admission.cursor(_ticket(viewer, question.ticket)) as cursor:
            lead = question.fact or (app.app.fact if app else "")
            context, _ = self._context(cursor, app, question.selection, question.at, self.model.fact(lead).name, question.drills)
            return rows.rows(context, app, question)

    def search(self, viewer: Viewer, app: str, text: str, selection: Selection, at: datetime | None = None) -> tuple[Hit, ...]:
        """See Desk."""
        plan = self._app(viewer, app)
        with self._admission.cursor(_ticket(viewer, "search")) as cursor:
            context, _ = self._context(cursor, plan, selection, at, plan.app.fact)
            return search.hits(context, plan, text)

    def resolve(
        self, viewer: Viewer, texts: tuple[str, ...], locks: tuple[str, ...] = (), app: str = "", at: datetime | None = None
    ) -> Selection:
        """See Desk."""
        lead = self.plans[app].app.fact if app in self.plans else app if app in self.model.facts else ""
        selection = Selection()
        with self._admission.cursor() as cursor:
            for text in texts:
                name, rest = grammar.split(text)
                field = self.model.field(name, lead)
                try:
                    clause = grammar.merged(selection.clause(field.name), grammar.clause(rest, field.type))
                except ValueError as error:
                    raise ValueError(f"{field.name}: {error}") from None
                now, _ = self._now(cursor, at, field.fact or lead or next(iter(self.model.facts)))
                context = Context(cursor, self.model, now, selection, {})
                selection = selection.with_clause(field.name, known.checked(context, field, clause))
        for name in locks:
            selection = selection.lock(self.model.field(name, lead).name)
        return selection

    def reach(self, viewer: Viewer, fact: str, field: str) -> bool:
        """See Desk."""
        return self.model.route(fact, field) is not None

    def command(self, viewer: Viewer, command: Command) -> str:
        """See Desk."""
        if command.name not in self._commands:
            raise unknown("command", command.name, self._commands)
        if why := self.refusal(viewer, command.name):
            raise Refused(why)
        said = self._commands[command.name](viewer, {**dict(command.args), "id": command.id})
        self.used(viewer, command.name, " ".join(f"{key}={value}" for key, value in command.args))
        return said

    def subscribe(self, notify: Callable[[Change], None]) -> Callable[[], None]:
        """See Desk."""

        def heard(version: int, facts: Touched) -> None:
            notify(Change(version, frozenset(facts), touched(self._reads, frozenset(facts))))

        return self.keeper.listen(heard) if self._indexed else self._store.listen(heard)

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
        return self._policy.refusal(viewer.user, viewer.roles, command)

    def cancel(self, viewer: Viewer, ticket: str) -> None:
        """See Desk."""
        self._admission.cancel(_ticket(viewer, ticket))

    def close(self) -> None:
        """See Desk."""
        if self._closed:
            return
        self._closed = True
        self._admission.close()
        self.keeper.stop()
        self._closing()
        self._usage.close()
        self.keeper.leave()
        self._store.close()

    def _app(self, viewer: Viewer, name: str) -> AppPlan:
        if name not in self.plans or not self._policy.may_open(viewer.user, viewer.roles, name):
            raise unknown("app", name, [app.name for app in self.apps(viewer)])
        return self.plans[name]

    def _plan(self, app: AppPlan, name: str) -> Plan:
        if name not in app.plans:
            raise unknown(f"panel of {app.app.name}", name, app.plans)
        return app.plans[name]

    def _one(self, plan: Plan, context: Context) -> PanelAnswer:
        try:
            return panels.answer(plan, context)
        except Interrupt:
            raise
        except (Failure, ValueError, AssertionError, KeyError, TypeError) as error:
            words = str(error).splitlines()[0] if str(error) else type(error).__name__
            spec = plan.spec
            return PanelAnswer(spec.name, spec.title, spec.kind, spec.fact, spec.fields, (), (), error=words)

    def _context(
        self, cursor: Cursor, app: AppPlan | None, selection: Selection, at: datetime | None, fact: str,
        drills: tuple[Drill, ...] = (), subject: str | None = None,
    ) -> tuple[Context, bool]:  # fmt: skip
        now, live = self._now(cursor, at, fact)
        index = self.keeper.index
        standing = None if index is None else index.held
        return Context(
            cursor, self.model, now, selection, app.base if app else {}, drills, subject, index=index, standing=standing, past=self._past
        ), live

    def _now(self, cursor: Cursor, at: datetime | None, fact: str) -> tuple[datetime, bool]:
        """Return the instant to answer for: asked, else the present, and whether that is live."""
        if at is not None:
            return at, False
        if (now := self.keeper.now()) is not None:
            return now, self.model.facts[fact].time != "month"
        return self._present.of(cursor, fact)

    def _stood(self, cursor: Cursor) -> Standing:
        """Return what the index is to stand at, and how to ask what is announced then."""
        lead = next(iter(sorted(self.plans.values(), key=lambda plan: plan.order)))
        now, live = self._present.of(cursor, lead.app.fact)

        def announce(cursor: Cursor, held: Held) -> tuple[Announced, ...]:
            make_ready(cursor, self.model, self.plans, held)
            context = Context(cursor, self.model, now, Selection(), lead.base, standing=held)
            return tuple(row[:4] for row in announced(context)) if self.model.facts[lead.app.fact].grade else ()

        return Standing(now, live, announce)

    def _answer(
        self, context: Context, app: str, fact: str, noun: str, answered: tuple[PanelAnswer, ...], live: bool, told: Bar | None = None,
        announced: tuple[Alert, ...] | None = None,
    ) -> Answer:  # fmt: skip
        scope = context.scope()
        spec = self.model.facts[fact]
        immediate = f"{spec.fields[spec.grade].column} = 'Immediate'" if spec.grade else "false"
        if told is None and context.index is not None:
            told = answers.bar(context.index, fact, context)
        if told is None:
            base, within = scope.predicate(fact, context.base.get(fact, ())), scope.predicate(fact, context.clauses())
            told = context.rows("bar", scope, fact=fact, immediate=immediate, base=base, scope=within)[0]
        if announced is None and spec.grade and context.index is not None:
            announced = answers.alerts(context.index, context)
        if announced is None:
            announced = alerts(context) if spec.grade else ()
        shown, of, hidden = told
        return Answer(
            app, context.now, live, self._store.version, shown, of, hidden if spec.grade else None, answered, announced,
            self._present.states(context.cursor, followed=self.keeper.now() is not None), noun, self.keeper.note,
        )  # fmt: skip


def _ticket(viewer: Viewer, ticket: str) -> str:
    """Return a ticket that is only this viewer's at this seat."""
    return f"{viewer.user}\0{viewer.seat}\0{ticket}" if ticket else ""


def _asked_often(lead: str, plans: Sequence[Plan], model: Model) -> list[str]:
    """Return the facts that several of these plans ask, the bar's counts of the lead among them."""
    counted = Counter(fact for plan in plans for fact in asked(plan, model))
    counted[lead] += 1
    return [fact for fact, times in counted.items() if times > 1]


def _about(app: App, plan: Plan, context: Context) -> Context:
    """Return the context with a profile's subject: the one asked for, else the one selected value of a field that opens it."""
    if plan.spec.kind != "profile" or context.subject is not None:
        return context
    clauses = [context.selection.clause(field) for field, panel in app.profiles if panel == plan.spec.name]
    named = [next(iter(clause.values)) for clause in clauses if isinstance(clause, Values) and len(clause.values) == 1]
    return replace(context, subject=next((value for value in named if value is not None), None))

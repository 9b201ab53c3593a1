"""The Desk over the store in this process: each question on a cursor of its own, the newest of a ticket wins."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from console.desk import grammar
from console.desk.answer import Alert, Answer, Column, Hit, PanelAnswer, Rows, SourceState, Value
from console.desk.desk import Change, Command, Cross, Drill, Interrupted, Question, RowsQuestion, Unknown, Viewer
from console.desk.page import App, PanelSpec
from console.desk.selection import Refused, Selection, Values
from console.engine import known, panels, rows, search, sources
from console.engine.apps import AppPlan, Plan
from console.engine.context import Context
from console.engine.index import answers
from console.engine.index.index import Index
from console.engine.index.keeper import Keeper, Standing
from console.engine.model import Model, unknown
from console.engine.present import present
from console.engine.reads import asked, reads, touched
from console.governance.policy import AllowAll, Policy
from console.governance.usage import Usage, Use
from console.store import sql
from console.store.database import Cursor, Failure, Interrupt, Store, Touched

AT_ONCE = 4
WORTH = 100_000  # rows from which on a press takes longer than its panel's tables would
RECENT = 0.5  # seconds for which how the sources stand is not asked again
OPEN = (("condition", Values(frozenset({"open"}))),)
Commands = Mapping[str, Callable[[Viewer, dict[str, str]], str]]


def wall_clock() -> datetime:
    """Return the wall clock as naive UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


class StoreDesk:
    """The Desk of `console.desk.desk`, answered by SQL."""

    def __init__(
        self, store: Store, model: Model, apps: Mapping[str, AppPlan], sources_folder: Path, *,
        clock: Callable[[], datetime] = wall_clock, commands: Commands | None = None, policy: Policy | None = None,
        closing: Callable[[], None] = lambda: None, indexed: bool = False,
    ) -> None:  # fmt: skip
        """Answer from this store; `clock` is the present while a live source beats, `commands` what viewers may do."""
        self._store, self.model, self.plans, self._sources = store, model, apps, sources_folder
        self._clock, self._commands, self._closing = clock, dict(commands or {}), closing
        self._policy = policy or AllowAll()
        self._usage = Usage(store)
        self._reads = reads(apps, model)
        self._running: dict[str, Cursor] = {}
        self._lock = threading.Lock()
        self._admission = threading.Semaphore(AT_ONCE)
        self._closed = False
        self._keeper = Keeper(store, model, apps, self._stood) if indexed else None
        self._states_at: tuple[int, float, tuple[SourceState, ...]] | None = None
        self.index: Index | None = None

    def apps(self, viewer: Viewer) -> tuple[App, ...]:
        """See Desk."""
        allowed = [plan for plan in self.plans.values() if self._policy.may_open(viewer.user, viewer.roles, plan.app.name)]
        return tuple(plan.app for plan in sorted(allowed, key=lambda plan: plan.order))

    def facts(self) -> tuple[str, ...]:
        """Return the names of the model's facts."""
        return tuple(self.model.facts)

    def marking(self, viewer: Viewer) -> str:
        """See Desk."""
        with self._cursor("") as cursor:
            return sources.marking(cursor, self._sources)

    def fields(self, viewer: Viewer, fact: str) -> tuple[Column, ...]:
        """See Desk."""
        held = self.model.fields_of(self.model.fact(fact).name)
        return tuple(Column(each.name, each.title, each.type, each.unit) for each in held if each.type != "area")

    def ask(self, viewer: Viewer, question: Question) -> Answer:
        """See Desk."""
        app = self._app(viewer, question.app)
        names = question.panels if question.panels is not None else tuple(app.plans)
        plans = [self._plan(app, name) for name in names]
        with self._cursor(question.ticket) as cursor:
            context, live = self._context(cursor, app, question.selection, question.at, app.app.fact, question.drills, question.subject)
            context = context.holding(_asked_often(app.app.fact, plans, self.model))
            if context.index is not None:
                answers.ready(context.index, plans, context)
            answered = tuple(self._one(plan, _about(app.app, plan, context)) for plan in plans)
            answer = self._answer(context, app.app.name, app.app.fact, app.app.noun, answered, live)
        if self._keeper is not None and question.at is None:
            self._keeper.begin()
        return answer

    def quick(self, viewer: Viewer, app: str) -> frozenset[str]:
        """See Desk."""
        index = self._keeper.index if self._keeper else self.index
        plans = self.plans[app].plans.values() if index is not None and app in self.plans else ()
        return frozenset(plan.spec.name for plan in plans if index is not None and answers.can(index, plan))

    def focus(self, viewer: Viewer, question: Question, panel: str) -> None:
        """See Desk."""
        index = self._keeper.index if self._keeper else self.index
        app = self._app(viewer, question.app)
        if index is None or question.at is not None or panel not in app.plans:
            return
        plans = [app.plans[name] for name in question.panels or app.plans if name in app.plans]
        with self._store.reader() as cursor:
            context = Context(cursor, self.model, index.now, question.selection, app.base, question.drills, index=index)
            asked = answers.focusing(index, app.plans[panel], plans, context)
        if asked is not None and index.facts[asked.fact].rows.count >= WORTH:
            index.focus(asked)

    def ask_panel(self, viewer: Viewer, question: Question, panel: str) -> PanelAnswer:
        """See Desk."""
        asked = Question(question.app, question.selection, question.at, (panel,), question.drills, question.ticket, question.subject)
        return self.ask(viewer, asked).panels[0]

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
        with self._cursor(cross.ticket) as cursor:
            context, live = self._context(cursor, None, cross.selection, cross.at, fact.name)
            return self._answer(context, "", fact.name, fact.title.lower(), (self._one(plan, context),), live)

    def rows(self, viewer: Viewer, question: RowsQuestion) -> Rows:
        """See Desk."""
        app = self._app(viewer, question.app) if question.app else None
        if app is not None and question.panel:
            self._plan(app, question.panel)
        with self._cursor(question.ticket) as cursor:
            lead = question.fact or (app.app.fact if app else "")
            context, _ = self._context(cursor, app, question.selection, question.at, self.model.fact(lead).name, question.drills)
            return rows.rows(context, app, question)

    def search(self, viewer: Viewer, app: str, text: str, selection: Selection, at: datetime | None = None) -> tuple[Hit, ...]:
        """See Desk."""
        plan = self._app(viewer, app)
        with self._cursor(f"search {viewer.user}") as cursor:
            context, _ = self._context(cursor, plan, selection, at, plan.app.fact)
            return search.hits(context, plan, text)

    def resolve(
        self, viewer: Viewer, texts: tuple[str, ...], locks: tuple[str, ...] = (), app: str = "", at: datetime | None = None
    ) -> Selection:
        """See Desk."""
        lead = self.plans[app].app.fact if app in self.plans else app if app in self.model.facts else ""
        selection = Selection()
        with self._cursor("") as cursor:
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
        if not self._policy.may_command(viewer.user, viewer.roles, command.name):
            raise Refused(f"{viewer.user} may not {command.name}")
        said = self._commands[command.name](viewer, {**dict(command.args), "id": command.id})
        self.used(viewer, command.name, " ".join(f"{key}={value}" for key, value in command.args))
        return said

    def subscribe(self, notify: Callable[[Change], None]) -> Callable[[], None]:
        """See Desk."""

        def heard(version: int, facts: Touched) -> None:
            notify(Change(version, frozenset(facts), touched(self._reads, frozenset(facts))))

        return self._store.listen(heard)

    def used(self, viewer: Viewer, action: str, detail: Value = None, app: str = "") -> None:
        """See Desk."""
        self._usage.add(Use(wall_clock(), viewer.user, action, app, None if detail is None else str(detail)))

    def cancel(self, ticket: str) -> None:
        """See Desk."""
        with self._lock:
            if ticket in self._running:
                self._running[ticket].interrupt()

    def close(self) -> None:
        """See Desk."""
        if self._closed:
            return
        self._closed = True
        with self._lock:
            for cursor in self._running.values():
                cursor.interrupt()
        if self._keeper is not None:
            self._keeper.stop()
        self._closing()
        self._usage.close()
        self._store.close()

    @contextmanager
    def asking(self, selection: Selection, at: datetime | None, app: str, drills: tuple[Drill, ...] = ()) -> Iterator[Context]:
        """Give the surroundings of a question of an app."""
        plan = self.plans[app]
        with self._cursor("") as cursor:
            yield self._context(cursor, plan, selection, at, plan.app.fact, drills)[0]

    def _app(self, viewer: Viewer, name: str) -> AppPlan:
        if name not in self.plans or not self._policy.may_open(viewer.user, viewer.roles, name):
            raise unknown("app", name, [app.name for app in self.apps(viewer)])
        return self.plans[name]

    def _plan(self, app: AppPlan, name: str) -> Plan:
        if name not in app.plans:
            raise unknown(f"panel of {app.app.name}", name, app.plans)
        return app.plans[name]

    @contextmanager
    def _cursor(self, ticket: str) -> Iterator[Cursor]:
        """Give a cursor, at most a few at once; an older question with the same ticket is interrupted."""
        cursor = self._store.reader()
        with self._lock:
            if ticket:
                if ticket in self._running:
                    self._running[ticket].interrupt()
                self._running[ticket] = cursor
        try:
            with self._admission:
                with self._lock:
                    if self._closed or (ticket and self._running.get(ticket) is not cursor):
                        raise Interrupted
                yield cursor
        except Interrupt:
            raise Interrupted from None
        finally:
            with self._lock:
                if self._running.get(ticket) is cursor:
                    del self._running[ticket]
            cursor.close()

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
        index = self._keeper.index if self._keeper else self.index
        return Context(cursor, self.model, now, selection, app.base if app else {}, drills, subject, index=index), live

    def _now(self, cursor: Cursor, at: datetime | None, fact: str) -> tuple[datetime, bool]:
        """Return the instant to answer for: asked, else the present, and whether that is live."""
        if at is not None:
            return at, False
        if self._keeper is not None and (now := self._keeper.now()) is not None:
            return now, self.model.facts[fact].time != "month"
        return self._present(cursor, fact)

    def _present(self, cursor: Cursor, fact: str) -> tuple[datetime, bool]:
        clock = self._clock()
        return present(cursor, self.model, fact, clock, self._heard(cursor))

    def _stood(self, cursor: Cursor) -> Standing:
        """Return what the index is to stand at, and what is announced then."""
        lead = next(iter(sorted(self.plans.values(), key=lambda plan: plan.order))).app.fact
        now, live = self._present(cursor, lead)
        context = Context(cursor, self.model, now, Selection(), {})
        graded = self.model.facts[lead].grade
        return Standing(now, live, tuple(row[:4] for row in self._announced(context)) if graded else ())

    def _heard(self, cursor: Cursor) -> tuple[SourceState, ...]:
        """Return how the sources stand at this data version, as of at most half a second ago."""
        asked, version = time.monotonic(), self._store.version
        if self._states_at is None or self._states_at[0] != version or asked - self._states_at[1] > RECENT:
            self._states_at = version, asked, sources.states(cursor, self._sources, wall_clock(), self._clock())
        return self._states_at[2]

    def _answer(self, context: Context, app: str, fact: str, noun: str, answered: tuple[PanelAnswer, ...], live: bool) -> Answer:
        scope = context.scope()
        spec = self.model.facts[fact]
        immediate = f"{spec.fields[spec.grade].column} = 'Immediate'" if spec.grade else "false"
        told = None if context.index is None else answers.bar(context.index, fact, context)
        if told is None:
            base, within = scope.predicate(fact, context.base.get(fact, ())), scope.predicate(fact, context.clauses())
            told = context.rows("bar", scope, fact=fact, immediate=immediate, base=base, scope=within)[0]
        shown, of, hidden = told
        return Answer(
            app, context.now, live, self._store.version, shown, of, hidden if spec.grade else None, answered,
            self._alerts(context) if spec.grade else (), self._states(context.cursor), noun,
            self._keeper.note if self._keeper else "",
        )  # fmt: skip

    def _states(self, cursor: Cursor) -> tuple[SourceState, ...]:
        """Return how the sources stand; what is missing of one whose older history is being made is said to be to come."""
        found = self._heard(cursor)
        if not any(each.gaps > 0 for each in found):
            return found
        simulators = sql.rows(cursor, "feed/simulators")
        filling = {name.partition(".")[0] for name, until, stops_at, _ in simulators if stops_at is not None and until < stops_at}
        return tuple(replace(each, filling=each.name in filling) for each in found)

    def _alerts(self, context: Context) -> tuple[Alert, ...]:
        if context.index is not None and (told := answers.alerts(context.index, context)) is not None:
            return told
        return tuple(Alert(kind, key, at, text, not inside) for kind, key, at, text, inside in self._announced(context))

    def _announced(self, context: Context) -> list[tuple[str, str, datetime, str, bool]]:
        scope = context.scope()
        texts = {f"{fact}_scope": scope.predicate(fact, (*context.base.get(fact, ()), *context.clauses())) for fact in ("unit", "incident")}
        incidents = context.facts("incident", base=context.base.get("incident") == OPEN)
        return context.rows("alerts", scope, units=context.facts("unit"), incidents=incidents, **texts)


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

"""The questions of the Desk: each on a cursor of its own, the newest of a ticket wins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from console.desk import grammar
from console.desk.answer import Answer, Column, Hit, PanelAnswer, Rows
from console.desk.desk import Cross, Question, RowsQuestion, Unknown, Viewer
from console.desk.page import App, PanelSpec
from console.desk.selection import Selection
from console.engine import known, maps, rows, search, sources
from console.engine.admission import Admission
from console.engine.answering import UNTOLD, Answering
from console.engine.apps import AppPlan, Plan
from console.engine.context import Context
from console.engine.model import Model, unknown
from console.engine.persons import Persons, Sight
from console.engine.present import Present
from console.engine.sections import Sections
from console.governance.policy import NOTHING, WHOLE, Policy, Rights
from console.governance.record import Record
from console.store.database import Cursor, Failure, Interrupt, Store


class Questions:
    """What a viewer may ask, within their rights and their section, and what is shown to them of persons."""

    def __init__(
        self, store: Store, model: Model, apps: Mapping[str, AppPlan], sources_folder: Path, record: Record, *,
        clock: Callable[[], datetime], policy: Policy, indexed: bool, at_once: int,
    ) -> None:  # fmt: skip
        """Answer from this store; what is shown of persons goes into the record first."""
        self._store, self.model, self.plans, self._sources = store, model, apps, sources_folder
        self._policy, self._record = policy, record
        self._persons = Persons(model, record)
        self._admission = Admission(store, at_once)
        self._answering = Answering(store, model, apps, Present(store, model, sources_folder, clock))
        self.keeper = self._answering.keeper
        self._sections = Sections(store, model, apps, self.keeper, indexed, lambda left: Present(store, left, sources_folder, clock))
        self._indexed = indexed

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
        return tuple(Column(each.name, each.title, each.type, each.unit, bool(each.personal)) for each in held if each.type != "area")

    def ask(self, viewer: Viewer, question: Question) -> Answer:
        """See Desk."""
        app = self._app(viewer, question.app)
        names = question.panels if question.panels is not None else tuple(app.plans)
        plans = [maps.chosen(self._plan(app, name), question.maps) for name in names]
        sight = self._sight(viewer, app, question.case)
        self._persons.sought(sight, question.selection)
        shut = [plan for plan in plans if self._persons.shut(sight, plan)]
        if shut and len(shut) == len(plans):
            raise self._persons.wanted(self._persons.shut(sight, shut[0]))
        with self._asking(viewer, question.ticket) as (cursor, answering):
            answer = answering.page(cursor, app, [plan for plan in plans if plan not in shut], question, sight.given)
        if self._indexed and question.at is None:
            self.keeper.begin()
        return self._persons.page(sight, plans, shut, answer, question)

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
        sight = self._sight(viewer, None, cross.case)
        self._persons.sought(sight, cross.selection, fields)
        kind = "bars" if len(fields) <= 1 else "pivot"
        plan = Plan(PanelSpec(fact.name, fact.title, kind, fact.name, fields, cross.measures), ())
        with self._asking(viewer, cross.ticket) as (cursor, answering):
            answer = answering.crossed(cursor, plan, cross.selection, cross.at)
        return self._persons.page(sight, [plan], [], answer, cross)

    def rows(self, viewer: Viewer, question: RowsQuestion) -> Rows:
        """See Desk."""
        app = self._app(viewer, question.app) if question.app else None
        if app is not None and question.panel:
            plan = maps.chosen(self._plan(app, question.panel), question.maps)
            if words := self._of(viewer).beyond(plan):
                raise Unknown(words)
        sight = self._sight(viewer, app, question.case)
        sought = self._persons.sought(sight, question.selection, self._used_by(viewer, question))
        with self._asking(viewer, question.ticket) as (cursor, answering):
            lead = question.fact or (app.app.fact if app else "")
            context, _ = answering.context(cursor, app, question.selection, question.at, answering.model.fact(lead).name, question.drills)
            found = rows.rows(context, app, question)
        return self._persons.rows(sight, found, sought, question)

    def search(self, viewer: Viewer, app: str, text: str, selection: Selection, at: datetime | None = None) -> tuple[Hit, ...]:
        """See Desk."""
        plan = self._app(viewer, app)
        sight = self._sight(viewer, plan)
        self._persons.sought(sight, selection)
        sought = self._persons.searched(sight, search.fields(self._of(viewer).model, plan), text)
        with self._asking(viewer, "search") as (cursor, answering):
            context, _ = answering.context(cursor, plan, selection, at, plan.app.fact)
            hits = search.hits(context, plan, text, sight.personal - sought)
        return self._persons.found(sight, hits, sought, text, selection)

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
                self._persons.sought(self._sight(viewer, self.plans[app] if opened else None), selection, (field.name,))
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
        with self._admission.cursor(ticket_of(viewer, ticket), answering.sectioned) as cursor:
            try:
                yield cursor, answering
            except Interrupt:
                raise
            except Failure:
                if answering.sectioned is None:
                    raise
                raise ValueError(UNTOLD) from None

    def alone(self, viewer: Viewer, name: str, given: tuple[Any, ...]) -> bool:
        """Return whether the answer to a question is this viewer's alone, as it may hold personal data or hide it from them."""
        try:
            return self._alone(viewer, name, given)
        except (Unknown, ValueError, KeyError):
            return True  # who asks what isn't there is told so

    def _alone(self, viewer: Viewer, name: str, given: tuple[Any, ...]) -> bool:
        model, asked = self._of(viewer).model, given[0]
        used: set[str] = set()
        selection: Selection | None = given[2] if name == "search" else None
        if isinstance(asked, Question):
            plans = self.plans[asked.app].plans
            named = asked.panels if asked.panels is not None else tuple(plans)
            used |= {field for panel in named for field in self._persons.carried(maps.chosen(plans[panel], asked.maps))}
        elif isinstance(asked, Cross):
            used |= {model.field(each, asked.fact).name for each in asked.by}
        elif isinstance(asked, RowsQuestion):
            plan = self.plans[asked.app].plans[asked.panel] if asked.app and asked.panel else None
            fact = plan.spec.fact if plan is not None else asked.fact or self.plans[asked.app].app.fact
            columns = asked.columns or (plan.spec.columns if plan is not None else ()) or model.fact(fact).columns
            used |= {model.field(each, fact).name for each in columns} | set(self._used_by(viewer, asked))
        elif name == "search":
            used |= set(search.fields(model, self.plans[asked]))
        else:
            lead = self.plans[given[2]].app.fact if given[2] in self.plans else given[2] if given[2] in model.facts else ""
            used |= {model.field(grammar.split(text)[0], lead).name for text in asked}
        if isinstance(asked, Question | Cross | RowsQuestion):
            selection = asked.selection
        return bool(self._sight(viewer, None).personal & (used | set(selection.fields() if selection is not None else ())))

    def _sight(self, viewer: Viewer, app: AppPlan | None, case: str = "") -> Sight:
        """Return what of persons a viewer's question may show."""
        return self._persons.sight(viewer, self._of(viewer).model, app, case)

    def _used_by(self, viewer: Viewer, question: RowsQuestion) -> tuple[str, ...]:
        """Return the fields that rows are sorted or chosen by."""
        model = self._of(viewer).model
        lead = question.fact or (self.plans[question.app].plans[question.panel].spec.fact if question.panel else "")
        lead = lead if lead in model.facts else ""
        return tuple(model.field(name, lead).name for name, _ in (*question.sort, *question.at_values))

    def _plan(self, app: AppPlan, name: str) -> Plan:
        if name not in app.plans:
            raise unknown(f"panel of {app.app.name}", name, app.plans)
        return app.plans[name]


def ticket_of(viewer: Viewer, ticket: str) -> str:
    """Return a ticket that is only this viewer's at this seat."""
    return f"{viewer.user}\0{viewer.seat}\0{ticket}" if ticket else ""

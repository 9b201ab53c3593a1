"""How a question becomes an answer: its surroundings, the panels from memory or from the file, the bar, what is announced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from console.desk.answer import Alert, Answer, PanelAnswer, SourceState
from console.desk.desk import Drill, Question
from console.desk.page import App
from console.desk.selection import Selection, Values
from console.engine import maps, panels
from console.engine.announced import alerts, announced
from console.engine.apps import AppPlan, Plan
from console.engine.context import Context
from console.engine.held import Held
from console.engine.index import answers
from console.engine.index.index import Announced, Index
from console.engine.index.keeper import Keeper, Standing
from console.engine.index.seen import Seen
from console.engine.model import Model, unknown
from console.engine.present import Present
from console.engine.reads import asked
from console.engine.section import Sectioned, words
from console.engine.standing import SectionStanding, based, make_ready, shifts_ready
from console.store.database import Cursor, Failure, Interrupt, Store

UNTOLD = "it can't be answered; why isn't said, for that could tell of rows beyond your section"
WORTH = 100_000  # rows from which on a press takes longer than its panel's tables would
Bar = tuple[int, int, int]  # rows in scope, of how many, and those Immediate among the others


class Answering:
    """Answers questions on cursors that are given it, from the index where that can."""

    def __init__(
        self, store: Store, model: Model, plans: Mapping[str, AppPlan], present: Present,
        keeper: Keeper | None = None, sectioned: Sectioned | None = None, version: Callable[[], int] | None = None,
    ) -> None:  # fmt: skip
        """Answer from this store; the index is kept by `keeper`. Of a section: `model` is what is left of it, `version` its own."""
        self.model, self.plans, self.sectioned = model, plans, sectioned
        self._store, self._present = store, present
        self._version = version or (lambda: store.version)
        self._past: dict[Any, Any] = {}
        self._seen: Seen | None = None
        lead = min(plans.values(), key=lambda plan: plan.order, default=None)
        self._standing = None if sectioned is None or lead is None else SectionStanding(sectioned, model, plans, lead)
        self._words = "" if sectioned is None else words(sectioned.section, sectioned.whole)
        self.keeper = keeper or Keeper(store, model, plans, self._stood)

    @property
    def index(self) -> Index | None:
        """The index, as the section shows it; None while there is none."""
        of = self.keeper.index
        if of is None or self.sectioned is None:
            return of
        if self._seen is None or self._seen.of is not of:
            self._seen = Seen(of, self.sectioned, self.model, lambda: self._standing.made if self._standing else None)
        return self._seen

    def page(self, cursor: Cursor, app: AppPlan, plans: Sequence[Plan], question: Question, given: frozenset[str] = frozenset()) -> Answer:
        """Return the answer of some panels of an app; `given` are the personal fields that their own SQL may show."""
        lead = app.app.fact
        with self.keeper.turns.asking():
            context, live = self.context(cursor, app, question.selection, question.at, lead, question.drills, question.subject)
            context = replace(context, given=given)
            context, quick, bar, told = self._at_once(app, plans, context, question.at)
            left = [plan for plan in plans if plan.spec.name not in quick and not self.beyond(plan)]
            context = context.holding(_asked_often(lead, left, self.model))
            answered = tuple(quick.get(plan.spec.name) or self._one(plan, _about(app.app, plan, context)) for plan in plans)
            return self._answer(context, app.app.name, lead, app.app.noun, answered, live, question.at, bar, told)

    def crossed(self, cursor: Cursor, plan: Plan, selection: Selection, at: datetime | None) -> Answer:
        """Return the answer of one panel that is of no app."""
        spec = plan.spec
        context, live = self.context(cursor, None, selection, at, spec.fact)
        return self._answer(context, "", spec.fact, spec.title.lower(), (self._one(plan, context),), live, at)

    def focus(self, cursor: Cursor, app: AppPlan, question: Question, panel: str) -> None:
        """Make ready in memory what presses in a panel will ask, where they are worth it."""
        index = self.index
        if index is None or self.beyond(app.plans[panel]):
            return
        plans = [maps.chosen(app.plans[name], question.maps) for name in question.panels or app.plans if name in app.plans]
        plans = [plan for plan in plans if not self.beyond(plan)]
        context, _ = self.context(cursor, app, question.selection, None, app.app.fact, question.drills)
        wanted = answers.focusing(index, maps.chosen(app.plans[panel], question.maps), plans, context)
        if wanted is not None and index.facts[wanted.fact].rows.count >= WORTH:
            index.focus(wanted)

    def quick(self, app: AppPlan) -> frozenset[str]:
        """Return the panels of an app that are answered from memory now."""
        index = self.index
        able = (plan for plan in app.plans.values() if index is not None and not self.beyond(plan) and answers.can(index, plan))
        return frozenset(plan.spec.name for plan in able)

    def beyond(self, plan: Plan) -> str:
        """Return what a panel shows that the section doesn't, in a sentence, or ""."""
        return "" if self.sectioned is None else self.sectioned.beyond(plan, self.model)

    def memory(self) -> str:
        """Return in a sentence what is held in memory to answer from."""
        index = self.keeper.index
        if index is None:
            return self._note() or "no index: every answer is asked of the file"
        if self.sectioned is not None:
            return "answered from memory, as far as your section's answers are"
        rows = sum(each.rows.count for each in index.facts.values())
        held, spare = index.bytes() / 1e6, index.spare() / 1e6
        return f"{rows:,} rows in {held:,.0f} MB, bitmaps, counts and tables of them in {spare:,.0f} MB"

    def context(
        self, cursor: Cursor, app: AppPlan | None, selection: Selection, at: datetime | None, fact: str,
        drills: tuple[Drill, ...] = (), subject: str | None = None,
    ) -> tuple[Context, bool]:  # fmt: skip
        """Return what a question led by a fact is answered with, and whether that is live. Raises Unknown for a field that isn't there."""
        for name in selection.fields():
            if name not in self.model.fields:
                raise unknown("field", name, self.model.fields)
        now, live = self.now(cursor, at, fact)
        index, base = self.index, {} if app is None else based(app, self.model)
        if self._standing is not None and isinstance(index, Seen) and index.stands(fact, now):
            self._standing.stand(cursor, index.of.held)
        standing = None if index is None else index.held
        made = Context(cursor, self.model, now, selection, base, drills, subject, index=index, standing=standing, past=self._past)
        return made, live

    def now(self, cursor: Cursor, at: datetime | None, fact: str) -> tuple[datetime, bool]:
        """Return the instant to answer for: asked, else the present, and whether that is live."""
        if at is not None:
            return at, False
        if (now := self.keeper.now()) is not None:
            return now, self.model.facts[fact].time != "month"
        return self._present.of(cursor, fact)

    def _at_once(
        self, app: AppPlan, plans: Sequence[Plan], context: Context, at: datetime | None
    ) -> tuple[Context, dict[str, PanelAnswer], Bar | None, tuple[Alert, ...] | None]:
        """Return the panels that the index answers, the bar and what is announced, all as of one moment, and the context as of it."""
        index = context.index
        able = [] if index is None else [plan for plan in plans if not self.beyond(plan) and answers.can(index, plan)]
        if index is None or not able:
            return context, {}, None, None
        with index.lock:
            now = self.keeper.now() if at is None and index is self.index else None
            context = replace(context, now=now or context.now, standing=index.held)
            able = [plan for plan in able if index.stands(plan.spec.fact, context.now)]
            answers.ready(index, able, context)
            quick = {plan.spec.name: self._one(plan, context) for plan in able}
            return context, quick, answers.bar(index, app.app.fact, context), answers.alerts(index, context)

    def _answer(
        self, context: Context, app: str, fact: str, noun: str, answered: tuple[PanelAnswer, ...], live: bool, at: datetime | None,
        told: Bar | None = None, announced: tuple[Alert, ...] | None = None,
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
            app, context.now, live, self._version(), shown, of, hidden if spec.grade else None, answered, announced,
            self._sources(context, at), noun, self._note(), self._words,
        )  # fmt: skip

    def _sources(self, context: Context, at: datetime | None) -> tuple[SourceState, ...]:
        """Return how the sources stand or stood; of a section only whether one is late, and by how many minutes.

        When it was last heard would tell of rows that aren't shown.
        """
        cursor, followed = context.cursor, self.keeper.now() is not None
        states = self._present.states(cursor, followed=followed) if at is None else self._present.then(cursor, at)
        return states if self.sectioned is None else tuple(roughly(each, context.now) for each in states)

    def _note(self) -> str:
        return self.keeper.note if self.sectioned is None or not self.keeper.note else "answers take longer: there is no index"

    def _one(self, plan: Plan, context: Context) -> PanelAnswer:
        spec = plan.spec
        error = self.beyond(plan)
        try:
            if not error:
                return panels.answer(plan, context)
        except Interrupt:
            raise
        except (Failure, ValueError, AssertionError, KeyError, TypeError) as failed:
            error = str(failed).splitlines()[0] if str(failed) else type(failed).__name__
            if self.sectioned is not None and not isinstance(failed, ValueError):
                error = UNTOLD
        return PanelAnswer(spec.name, spec.title, spec.kind, spec.fact, spec.fields, (), (), error=error)

    def _stood(self, cursor: Cursor) -> Standing:
        """Return what the index is to stand at, and how to ask what is announced then."""
        lead = next(iter(sorted(self.plans.values(), key=lambda plan: plan.order)))
        now, live = self._present.of(cursor, lead.app.fact)

        def announce(cursor: Cursor, held: Held) -> tuple[Announced, ...]:
            before = self.keeper.index
            make_ready(cursor, self.model, self.plans, held)
            shifts_ready(cursor, self.plans, held, {} if before is None else before.shifts)
            context = Context(cursor, self.model, now, Selection(), lead.base, standing=held)
            return tuple(row[:4] for row in announced(context)) if self.model.facts[lead.app.fact].grade else ()

        return Standing(now, live, announce)


def roughly(source: SourceState, now: datetime) -> SourceState:
    """Return a source's state without when it was heard: at the moment answered for, or whole minutes before where it is late."""
    late = (source.age_s or 0.0) // 60 * 60 if source.stale else 0.0
    return replace(source, heard_at=source.heard_at and now - timedelta(seconds=late), age_s=None if source.age_s is None else late)


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

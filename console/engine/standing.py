"""What panels show of held rows, made ready as of the index's moment: the rows of tables in order, the markers of maps."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from console.desk.selection import Selection
from console.engine import hourly, panels
from console.engine.announced import announced
from console.engine.apps import AppPlan, Clauses, Plan
from console.engine.context import Context
from console.engine.held import Held, let_go
from console.engine.hourly import Shifts
from console.engine.index.index import Announced
from console.engine.model import Model
from console.engine.section import Sectioned
from console.store import sql
from console.store.database import Cursor

KEPT = 3  # moments of which a section's rows may still be read


def make_ready(
    cursor: Cursor, model: Model, apps: Mapping[str, AppPlan], held: Held, beyond: Callable[[Plan], str] = lambda plan: ""
) -> None:  # fmt: skip
    """Put into `held` all that the panels of all apps may show of its rows, but those that show what is beyond a section."""
    for app in apps.values():
        context = Context(cursor, model, held.now, Selection(), based(app, model), standing=held)
        for plan in app.plans.values():
            if beyond(plan):
                continue
            ready = plan.spec.kind == "table" and not plan.sql and context.stands_ready(plan.spec.fact)
            if ready and (rows := panels.listing(plan, context)) is not None:
                held.lists[plan] = rows
            if plan.markers and (marks := panels.marks(plan, context)) is not None:
                held.marks[plan] = marks


def shifts_ready(cursor: Cursor, apps: Mapping[str, AppPlan], held: Held, before: Mapping[Plan, Shifts]) -> None:
    """Put into `held` what charts by the hour are told from; `before` is what that was the last time."""
    for app in apps.values():
        for plan in app.plans.values():
            if plan.hourly is not None:
                held.shifts[plan] = hourly.held(cursor, plan.hourly, held.now, before.get(plan))


def based(app: AppPlan, model: Model) -> dict[str, Clauses]:
    """Return the clauses that an app's facts stand under, of those that are in a model."""
    return {fact: clauses for fact, clauses in app.base.items() if fact in model.facts}


class SectionStanding:
    """What a section shows of the rows that are held, made when it is first asked for at a moment; the last few are kept."""

    def __init__(self, sectioned: Sectioned, model: Model, apps: Mapping[str, AppPlan], lead: AppPlan) -> None:
        """Have none yet; `model` is what is left of the section's, `lead` the app that says what is announced."""
        self._sectioned, self._model, self._apps, self._lead = sectioned, model, apps, lead
        self._making = threading.Lock()
        self._past: list[Held] = []
        self.made: tuple[Held, tuple[Announced, ...]] | None = None

    def stand(self, cursor: Cursor, held: Held | None) -> None:
        """Stand as these held rows do, unless somebody else sees to that now."""
        if held is None or (self.made is not None and self.made[0].now >= held.now) or not self._making.acquire(blocking=False):
            return
        try:
            tables, few = {}, {fact: name for (fact, clauses), name in held.tables.items() if not clauses}
            for base, name in held.tables.items():
                columns, rows, beside = self._sectioned.shown(base[0], "$now", few)
                tables[base] = f"{name}_{self._sectioned.schema}"
                asked = {"name": tables[base], "of": name, "columns": columns, "rows": rows, "beside": beside}
                sql.run(cursor, sql.text("engine/section/held").format(**asked), {"now": held.now})
            made = Held(held.now, tables)
            make_ready(cursor, self._model, self._apps, made, lambda plan: self._sectioned.beyond(plan, self._model))
            context = Context(cursor, self._model, held.now, Selection(), based(self._lead, self._model), standing=made)
            graded = self._lead.app.fact in self._model.facts and self._model.facts[self._lead.app.fact].grade
            self.made = made, tuple(row[:4] for row in announced(context)) if graded else ()
            self._past.append(made)
            while len(self._past) > KEPT:
                let_go(cursor, self._past.pop(0))
        finally:
            self._making.release()

"""What panels show of held rows, made ready as of the index's moment: the rows of tables in order, the markers of maps."""

from __future__ import annotations

from collections.abc import Mapping

from console.desk.selection import Selection
from console.engine import panels
from console.engine.apps import AppPlan
from console.engine.context import Context
from console.engine.held import Held
from console.engine.model import Model
from console.store.database import Cursor


def make_ready(cursor: Cursor, model: Model, apps: Mapping[str, AppPlan], held: Held) -> None:
    """Put into `held` all that the panels of all apps may show of its rows."""
    for app in apps.values():
        context = Context(cursor, model, held.now, Selection(), app.base, standing=held)
        for plan in app.plans.values():
            ready = plan.spec.kind == "table" and not plan.sql and context.stands_ready(plan.spec.fact)
            if ready and (rows := panels.listing(plan, context)) is not None:
                held.lists[plan] = rows
            if plan.markers and (marks := panels.marks(plan, context)) is not None:
                held.marks[plan] = marks

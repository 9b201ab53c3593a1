"""What one question is answered with: a cursor, the model, the app, the selection and the time, and its two predicates."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from console.desk.desk import Drill
from console.desk.selection import Selection
from console.engine.apps import Plan
from console.engine.model import Field, Model
from console.engine.scope import Clauses, Scope
from console.store import sql
from console.store.database import Cursor

if TYPE_CHECKING:
    from console.engine.held import Held
    from console.engine.index.index import Index

_SCOPE = re.compile(r"/\* scope: (\w+)(?: except ([\w., ]+?))? \*/")
_ROWS = re.compile(r"(/\* base \*/ )?\b(\w+)\(\$now\)")


@dataclass(frozen=True, slots=True)
class Context:
    """One question's surroundings; `base` are the clauses each fact stands under whatever is selected.

    `keep` are the facts whose rows many panels ask: all rows of one that has few, else its base rows. `held` names the tables that
    keep them, once they were asked; `standing` are those that stand ready.
    """

    cursor: Cursor
    model: Model
    now: datetime
    selection: Selection
    base: dict[str, tuple[tuple[str, Any], ...]]
    drills: tuple[Drill, ...] = ()
    subject: str | None = None
    keep: frozenset[str] = frozenset()
    held: dict[str, str] = field(default_factory=dict)
    index: Index | None = None
    standing: Held | None = None
    sides: dict[Any, Any] = field(default_factory=dict, compare=False)
    given: frozenset[str] = frozenset()  # the personal fields that may be shown
    past: dict[Any, Any] = field(default_factory=dict, compare=False)  # what was, as asked before; kept from question to question

    def holding(self, facts: Iterable[str]) -> Context:
        """Return the same that keeps the rows of these facts, where they or the base rows are few, so that many panels ask each once."""
        return replace(self, keep=frozenset(fact for fact in facts if self.model.facts[fact].few or self.base.get(fact)), held={})

    def at(self, now: datetime) -> Context:
        """Return the same at an earlier time, of which nothing is in memory."""
        return replace(self, now=now, index=None, standing=None, keep=frozenset(), held={}, sides={})

    def facts(self, fact: str, *, base: bool = False) -> str:
        """Return where a fact's rows are, all of them or at least its base rows."""
        if (name := self._ready(fact, base)) is not None:
            return name
        few = fact in self.keep and fact in self.model.facts and self.model.facts[fact].few
        if fact not in self.keep or not (base or few):
            return f"{fact}($now)"
        if fact not in self.held:
            scope = self.scope()
            text = sql.text("engine/hold").format(fact=fact, base="true" if few else scope.predicate(fact, self.base[fact]))
            sql.run(self.cursor, text, scope.parameters)
            self.held[fact] = f"held_{fact}"
        return self.held[fact]

    def stands_ready(self, fact: str) -> bool:
        """Return whether a fact's base rows are at hand."""
        return self._ready(fact, True) is not None

    def _ready(self, fact: str, base: bool) -> str | None:
        if self.standing is None or self.standing.now != self.now:
            return None
        all_rows = fact in self.model.facts and self.model.facts[fact].few
        return self.standing.tables.get((fact, () if all_rows else self.base.get(fact, ()))) if base or all_rows else None

    def scope(self) -> Scope:
        """Return an empty scope at this time."""
        return Scope(self.model, self.now)

    def path(self, panel: str) -> tuple[str | None, ...]:
        """Return how deep the viewer has gone in a drill-down panel."""
        return next((drill.path for drill in self.drills if drill.panel == panel), ())

    def clauses(self) -> Clauses:
        """Return the selection's clauses."""
        return self.selection.clauses

    def rows(self, name: str, given: Scope, /, **identifiers: str) -> list[tuple[Any, ...]]:
        """Return the rows of `queries/engine/<name>.sql` with identifiers and predicates filled in, `facts` where a fact's rows are."""
        if "fact" in identifiers:
            identifiers["facts"] = self.facts(identifiers["fact"], base=True)
        return sql.select(self.cursor, sql.text(f"engine/{name}").format(**identifiers), given.parameters).fetchall()

    @staticmethod
    def scoped(text: str) -> dict[str, frozenset[str]]:
        """Return the facts whose scope a panel's own SQL asks for, each with the fields it exempts, as written."""
        return {fact: frozenset(name.strip() for name in (names or "").split(",") if name.strip()) for fact, names in _SCOPE.findall(text)}

    def own(self, plan: Plan, text: str, *, selected: bool = True) -> Cursor:
        """Run a panel's own SQL, one SELECT, with each `/* scope: FACT [except FIELD, ...] */` in it made that fact's predicate.

        `/* base */ FACT($now)` are the rows that the fact stands under whatever is selected, `FACT($now)` all of them. `$named` is
        whether the panel's personal fields may be shown.
        """
        scope = self.scope()

        def predicate(found: re.Match[str]) -> str:
            fact = found[1]
            exempt = {self.model.field(name.strip(), fact).name for name in (found[2] or "").split(",") if name.strip()}
            clauses = tuple(self.clauses()) if selected else ()
            return f"({scope.predicate(fact, clauses, exempt=exempt, through=plan.through)}) and"

        def rows(found: re.Match[str]) -> str:
            fact = found[2]
            if fact not in self.model.facts:
                return found[0]
            held = self.facts(fact, base=bool(found[1]))
            return f"(from {held} where {scope.predicate(fact, self.base.get(fact, ()))})" if found[1] else held

        filled = _ROWS.sub(rows, _SCOPE.sub(predicate, text))
        named = bool(plan.personal) and plan.personal <= self.given
        return sql.select(self.cursor, filled, {**scope.parameters, "subject": self.subject, "named": named})


def exempted(plan: Plan) -> Collection[str]:
    """Return the fields whose clauses a panel doesn't count under: its own, and the area if it is a map."""
    fields = set(plan.spec.fields)
    return fields | {"area"} if plan.spec.kind == "map" else fields


def shown_fields(plan: Plan, context: Context) -> list[Field]:
    """Return the fields a panel shows now: of a drill-down the level it stands at."""
    names = plan.spec.fields
    if plan.spec.drill:
        names = names[min(len(context.path(plan.spec.name)), len(names) - 1) :][:1]
    return [context.model.fields[name] for name in names]

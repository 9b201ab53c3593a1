"""What a section shows, as the model that is left of it and as macros of its rows under the facts' own names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from console.engine.apps import Plan
from console.engine.model import Detail, Fact, Field, Link, MeasureSpec, Model
from console.governance.policy import Chosen, Section, Sight
from console.store import sql
from console.store.database import Cursor

MASK, ANOTHER = "(masked)", "(another)"
UNMASKED = Sight()
EMPTY: Mapping[str, str] = MappingProxyType({})
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Sectioned:
    """A section other than the whole, with the whole model; `schema` is where its macros are.

    `refused` are texts of panels' own SQL that can't be kept within any section.
    """

    section: Section
    whole: Model
    schema: str
    refused: frozenset[str] = frozenset()

    def sight(self, fact: str) -> Sight | None:
        """Return what is seen of a fact, None if nothing is."""
        return dict(self.section.facts or ()).get(fact)

    def gone(self, fact: str) -> frozenset[str]:
        """Return the columns of a fact that are hidden or masked."""
        sight = self.sight(fact) or UNMASKED
        fields = (each for each in self.whole.fields_of(fact) if each.short in sight.hidden | sight.masked)
        return frozenset(column for each in fields for column in self._columns(fact, each))

    def kept_back(self, fact: str) -> frozenset[str]:
        """Return the columns of a fact that aren't as they are: gone, or naming rows that may be denied."""
        return self.gone(fact).union(column for column, other, _ in self.whole.facts[fact].names if not self.every_row(other))

    def every_row(self, fact: str) -> bool:
        """Return whether all rows of a fact are seen."""
        sight = self.sight(fact)
        return sight is not None and sight.rows is None

    def _columns(self, fact: str, field: Field) -> list[str]:
        """Return the columns that tell of a field: its own, what sorts it, what names its codes."""
        route = self.whole.route(fact, field.name)
        assert route is not None
        return [each for each in (*route.column.split(", "), field.order, field.label) if each]

    def make(self, cursor: Cursor) -> None:
        """Make the section's macros."""
        sql.run(cursor, sql.text("engine/section/make").format(section=self.schema))
        for name in (*self.whole.facts, *self.whole.details):
            columns, rows, beside = self.shown(name)
            shown = {"columns": columns, "rows": rows, "beside": beside}
            sql.run(cursor, sql.text("engine/section/fact").format(section=self.schema, name=name, **shown))

    def enter(self, cursor: Cursor) -> None:
        """Have a cursor read facts as the section shows them."""
        sql.run(cursor, sql.text("engine/section/enter").format(section=self.schema))

    def shown(self, name: str, moment: str = "moment", few: Mapping[str, str] = EMPTY) -> tuple[str, str, str]:
        """Return the columns and the predicate of what is seen of a fact's or detail's rows, and what stands beside these for that.

        `few` are the tables that hold all rows of facts that have few.
        """
        if name in self.whole.details:
            return self._detail(self.whole.details[name], moment)
        sight = self.sight(name)
        if sight is None:
            return "*", "false", ""
        replaced: dict[str, str] = {}
        fact = self.whole.facts[name]
        for column, other, key in fact.names:
            if not self.every_row(other):
                replaced[column] = self._named(column, other, key, moment)
        for field in self.whole.fields_of(name):
            if field.short in sight.hidden | sight.masked:
                replaced |= {column: f"case when false then {column} end" for column in self._columns(name, field)}
            if field.short in sight.masked and field.type == "text":
                replaced[self._columns(name, field)[0]] = _quoted(MASK)
        named = [(other, key) for _, other, key in fact.names if not self.every_row(other) and self.whole.facts[other].few]
        return _replacing(replaced, named), self.rows(name), self._beside(named, moment, few)

    def rows(self, fact: str) -> str:
        """Return the predicate of the rows of a fact that are seen, over its columns as they are."""
        sight = self.sight(fact)
        if sight is None:
            return "false"
        if sight.rows is None:
            return "true"
        return " or ".join(f"({self._passing(fact, each)})" for each in sight.rows) or "false"

    def _passing(self, fact: str, chosen: Chosen) -> str:
        parts = []
        for name, values in chosen:
            column = self.column(fact, name)
            given = ", ".join(_quoted(value) for value in sorted(each for each in values if each is not None))
            parts.append(f"{column}::varchar in ({given})")
        return " and ".join(parts)

    def column(self, fact: str, short: str) -> str:
        """Return the column of a fact's field."""
        field = next(each for each in self.whole.fields_of(fact) if each.short == short)
        route = self.whole.route(fact, field.name)
        assert route is not None
        return route.column

    def beyond(self, plan: Plan, model: Model) -> str:
        """Return what a panel shows that isn't in what is left of the model, in a sentence, or ""."""
        spec, sight = plan.spec, self.sight(plan.spec.fact)
        if sight is None:
            return f"your role doesn't read {self.whole.facts[spec.fact].title.lower()}"
        if self.refused & {plan.sql, plan.markers}:
            return "it reads more than can be kept within your section"
        if plan.through and plan.through not in model.links:
            return f"your role doesn't read both ends of the link {plan.through}"
        told = [name for name, _ in plan.given] + ([] if plan.sql else [*spec.columns, *(name for name, _ in plan.sort)])
        gone = [name for name in (*spec.fields, *told) if self.whole.field(name, spec.fact).short in sight.hidden]
        squared = plan.shown is not None and plan.shown.square is not None
        gone += ["area"] if squared and "area" in sight.hidden else []
        gone += [name for name, _ in plan.given if self.whole.fields[name].short in sight.masked]
        gone += [name for name in spec.measures if not plan.sql and name not in model.facts[spec.fact].measures]
        return f"your role doesn't read {', '.join(dict.fromkeys(gone))} of {spec.fact}" if gone else ""

    def _named(self, column: str, fact: str, key: str, moment: str) -> str:
        """Return a column that names rows of a fact with only those named that are seen."""
        where = f"from console_file.main.{fact}({moment}) where {self.rows(fact)}"
        if self.whole.facts[fact].few:
            return f"named({column}::varchar, seen_{fact}_{key})"
        seen = f"{column} is null or {column}::varchar in (select {key}::varchar {where})"
        return f"case when {seen} then {column}::varchar else {_quoted(ANOTHER)} end"

    def _beside(self, named: Iterable[tuple[str, str]], moment: str, few: Mapping[str, str] = EMPTY) -> str:
        """Return, to be joined to rows, the lists of what may be named of facts that have few rows."""
        text = ", (select coalesce(list({key}::varchar), []) as seen_{fact}_{key} from {of} where {rows})"
        return "".join(
            text.format(fact=fact, key=key, rows=self.rows(fact), of=few.get(fact, f"console_file.main.{fact}({moment})"))
            for fact, key in dict.fromkeys(named)
        )

    def _detail(self, detail: Detail, moment: str) -> tuple[str, str, str]:
        masked = dict(self.section.details).get(detail.name, frozenset())
        replaced = {column: self._named(column, fact, key, moment) for column, fact, key in detail.names if not self.every_row(fact)}
        replaced |= {column: f"case when {column} is not null then {_quoted(MASK)} end" for column in masked}
        parts = [
            f"{column}::varchar in (select {key}::varchar from console_file.main.{fact}({moment}) where {self.rows(fact)})"
            for column, fact, key in detail.of
            if not self.every_row(fact)
        ]
        named = [(fact, key) for _, fact, key in detail.names if not self.every_row(fact) and self.whole.facts[fact].few]
        return _replacing(replaced, named), " and ".join(parts) or "true", self._beside(named, moment)


def leave(cursor: Cursor) -> None:
    """Have a cursor read facts as they are."""
    sql.run(cursor, sql.text("store/use"))


def _replacing(replaced: dict[str, str], few: Iterable[tuple[str, str]]) -> str:
    without = ", ".join(f"seen_{fact}_{key}" for fact, key in dict.fromkeys(few))
    instead = ", ".join(f"{text} as {column}" for column, text in sorted(replaced.items()))
    return " ".join(["*", *([f"exclude ({without})"] if without else []), *([f"replace ({instead})"] if instead else [])])


def _quoted(text: str) -> str:
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def seen(model: Model, section: Section) -> Model:
    """Return the model of what a section shows: its facts, their fields (masked ones say so), the measures and links of those."""
    if section.facts is None:
        return model
    sights = dict(section.facts)
    facts = {name: _fact(model, fact, sights[name]) for name, fact in model.facts.items() if name in sights}
    shared = {}
    for short, (field, columns) in model.shared.items():
        left = {fact: column for fact, column in columns.items() if fact in sights and short not in sights[fact].hidden}
        if left:
            masked = all(short in sights[fact].masked for fact in left)
            shared[short] = (_masked(field) if masked else field), left
    fields = {field.name: field for fact in facts.values() for field in fact.fields.values()}
    fields |= {short: field for short, (field, _) in shared.items()}
    links = {name: made for name, link in model.links.items() if (made := _link(link, facts)) is not None}
    drills = {name: tuple(each for each in levels if each in fields) for name, levels in model.drills.items()}
    return Model(facts, shared, links, drills, fields, model.details)


def _fact(model: Model, fact: Fact, sight: Sight) -> Fact:
    kept = sight.hidden | sight.masked
    fields = {
        short: _masked(field) if short in sight.masked else field for short, field in fact.fields.items() if short not in sight.hidden
    }
    gone = {
        column
        for field in model.fields_of(fact.name)
        if field.short in kept and (route := model.route(fact.name, field.name))
        for column in (*route.column.split(", "), field.order, field.label)
    }
    measures = {name: each for name, each in fact.measures.items() if not _read(each) & gone}
    return replace(fact, fields=fields, measures=measures, columns=tuple(each for each in fact.columns if each not in sight.hidden))


def _read(measure: MeasureSpec) -> set[str]:
    return set(_WORD.findall(f"{measure.sql} {measure.rows}"))


def _masked(field: Field) -> Field:
    return replace(field, title=f"{field.title} (masked)", order="", label="", reference="", values=(), personal="")


def _link(link: Link, facts: Collection[str]) -> Link | None:
    return link if all(step.from_fact in facts and step.to_fact in facts for step in link.steps) else None


def words(section: Section, model: Model) -> str:
    """Return in words which rows a section shows, as "Bristol only", and of which facts none; "" where it shows all rows."""
    if section.facts is None:
        return ""
    said: dict[str, list[str]] = {}
    for name, sight in section.facts:
        if sight.rows is not None:
            said.setdefault(_rows(sight.rows), []).append(model.facts[name].title.lower())
    cut = [name for name, sight in section.facts if sight.rows is not None]
    if len(said) == 1 and len(cut) > 1 and len(cut) == len(section.facts):
        return next(iter(said))
    most = max(said, key=lambda which: len(said[which]), default="") if len(cut) == len(section.facts) else ""
    others = [f"{', '.join(names)}: {which}" for which, names in said.items() if which != most]
    return "; ".join([most, *others] if most else others)


def _rows(rows: Iterable[Chosen]) -> str:
    several = dict.fromkeys(", ".join(_listed(values) for _, values in each) for each in rows)
    return f"{' or '.join(several)} only" if several else "none"


def _listed(values: frozenset[str | None]) -> str:
    found = sorted(value for value in values if value is not None)
    return " and ".join([*([", ".join(found[:-1])] if found[1:] else []), *found[-1:]])

"""The semantic model of `queries/model.toml`: facts, fields, measures, links, and which clause reaches which fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from console.desk.desk import Unknown
from console.engine.toml import nearest

TYPES = ("text", "integer", "number", "boolean", "instant", "month", "area")
PERSONAL = ("ask", "mask", "free")
"""How a field that names or describes a person is given: refused, or masked, until a reason is given, or at once; always audited."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field: `name` is canonical (bare where unique, else fact.field), `fact` is None where facts share it.

    Its values are those listed and those of a column of a reference table (`table.column`), or any where neither is said;
    `label` is the column that names them, where they are codes. `personal` is one of PERSONAL for a field about a person, else "".
    """

    name: str
    short: str
    fact: str | None
    title: str
    type: str
    column: str
    order: str = ""
    unit: str = ""
    values: tuple[str, ...] = ()
    reference: str = ""
    label: str = ""
    personal: str = ""


@dataclass(frozen=True, slots=True)
class MeasureSpec:
    """A measure of a fact: SQL over its columns, the rows it counts (a predicate), whether parts add up."""

    name: str
    title: str
    sql: str
    unit: str
    additive: bool
    rows: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact: its key column, its time column, its own fields by short name, its measures, its default columns.

    `ended` is the column of when a row ceased to hold, of a fact that keeps those that did. `present` is the fact whose
    latest time is its present, of a fact without a time of its own. `settled` is the predicate (SQL) of the rows that time
    alone no longer changes. `few` is whether it has so few rows that a page keeps them all. `names` are the columns that name rows
    of a fact by its key or another column, each as (column, fact, its column).
    """

    name: str
    title: str
    key: str
    time: str
    present: str
    ended: str
    grade: str
    columns: tuple[str, ...]
    fields: dict[str, Field]
    measures: dict[str, MeasureSpec]
    settled: str = "false"
    few: bool = False
    names: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Detail:
    """A table macro of a moment that panels' own SQL may name beside the facts: a row of it is of a row of each fact of `of`.

    `of` and `names` are (column, fact, that fact's column).
    """

    name: str
    of: tuple[tuple[str, str, str], ...]
    names: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One pair of facts joined by a key column of each; `ended` is the column that ends a current link's row, or ""."""

    from_fact: str
    to_fact: str
    from_key: str
    to_key: str
    ended: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link by key columns, or a chain of them: a clause on a carried field of `from_fact` reaches `to_fact`.

    A current link joins by the rows of `from_fact` that hold at the moment, any other by all there were up to it.
    """

    name: str
    steps: tuple[Step, ...]
    carries: frozenset[str]

    @property
    def from_fact(self) -> str:
        """Return the fact whose fields it carries."""
        return self.steps[0].from_fact

    @property
    def to_fact(self) -> str:
        """Return the fact they reach."""
        return self.steps[-1].to_fact


@dataclass(frozen=True, slots=True)
class Route:
    """How a clause on a field reaches a fact: on its own columns (link None), or through a link, maybe backwards."""

    field: Field
    column: str
    link: Link | None = None
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """All of it. `shared` are the fields of links that join many facts, with each fact's own column for them."""

    facts: dict[str, Fact]
    shared: dict[str, tuple[Field, dict[str, str]]]
    links: dict[str, Link]
    drills: dict[str, tuple[str, ...]]
    fields: dict[str, Field] = field(default_factory=dict)
    details: dict[str, Detail] = field(default_factory=dict)

    def fact(self, name: str) -> Fact:
        """Return a fact; raises Unknown with the nearest match."""
        if name not in self.facts:
            raise unknown("fact", name, self.facts)
        return self.facts[name]

    def field(self, name: str, fact: str = "") -> Field:
        """Return the field of a name, a bare one first as the given fact has it; raises Unknown."""
        if fact and name in self.facts[fact].fields:
            return self.facts[fact].fields[name]
        if name in self.fields:
            return self.fields[name]
        owner, _, short = name.partition(".")
        if owner in self.facts and short in self.facts[owner].fields:
            return self.facts[owner].fields[short]
        if owner in self.facts and short in self.shared:
            return self.shared[short][0]
        owners = [f"{each.name}.{name}" for each in self.facts.values() if name in each.fields]
        if owners:
            raise Unknown(f"field {name!r} is of several facts: say {' or '.join(owners)}")
        own = [each.short for each in self.fields_of(fact)] if fact else []
        raise unknown("field", name, [*own, *self.fields])

    def link(self, name: str) -> Link:
        """Return a link or chain by its name; raises Unknown."""
        if name not in self.links:
            raise unknown("link", name, self.links)
        return self.links[name]

    def measure(self, fact: str, name: str) -> MeasureSpec:
        """Return a measure of a fact; raises Unknown."""
        measures = self.fact(fact).measures
        if name not in measures:
            raise unknown(f"measure of {fact}", name, measures)
        return measures[name]

    def route(self, fact: str, name: str, through: str = "") -> Route | None:
        """Return how a clause on a field (canonical name) reaches a fact, or None.

        `through` names a link or chain that joins the two, either way round, to be taken instead of the default one.
        """
        asked = self.fields[name]
        if asked.fact is None:
            columns = self.shared[asked.short][1]
            return Route(asked, columns[fact]) if fact in columns else None
        if asked.fact == fact:
            return Route(asked, asked.column)
        if through:
            link = self.link(through)
            if {link.from_fact, link.to_fact} == {fact, asked.fact}:
                return Route(asked, asked.column, link, backwards=link.from_fact == fact)
        return next((Route(asked, asked.column, link) for link in self.carrying(fact, asked)), None)

    def carrying(self, fact: str, asked: Field) -> list[Link]:
        """Return the links that carry a field to a fact of their own accord; there is to be one at most."""
        return [
            link for link in self.links.values() if link.to_fact == fact and link.from_fact == asked.fact and asked.short in link.carries
        ]

    def fields_of(self, fact: str) -> list[Field]:
        """Return a fact's own and shared fields."""
        shared = [each for each, columns in self.shared.values() if fact in columns]
        return [*self.facts[fact].fields.values(), *shared]


def unknown(what: str, name: str, known: Iterable[str | None]) -> Unknown:
    """Return the exception that names what isn't known and the nearest that is."""
    return Unknown(f"no {what} {name!r}{nearest(name, known)}")

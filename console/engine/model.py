"""The semantic model of `queries/model.toml`: facts, fields, measures, links, and which clause reaches which fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from console.desk.desk import Unknown
from console.engine.toml import Document, Place, nearest

TYPES = ("text", "integer", "number", "boolean", "instant", "month", "area")
_FIELD = {"title!": str, "type!": str, "column": str, "order": str, "unit": str, "values": [str], "reference": str}
_MEASURE = {"title!": str, "sql!": str, "unit": str, "additive": bool, "rows": str}
_FACT = {
    "title!": str, "key!": str, "time": str, "present": str, "ended": str, "grade": str, "columns!": [str],
    "field!": {"*": _FIELD}, "measure!": {"*": _MEASURE},
}  # fmt: skip
_SHARED = {"facts!": [str], "field!": {"*": _FIELD | {"columns": {"*": str}}}}
_KEYED = {"from!": str, "to!": str, "from_key!": str, "to_key!": str, "current": bool, "carries!": [str]}
_CHAIN = {"chain!": [str], "carries!": [str]}
_MODEL = {"zone": str, "fact!": {"*": _FACT}, "link": {"*": {"*": object}}, "drill": {"*": [str]}}


@dataclass(frozen=True, slots=True)
class Field:
    """A field: `name` is canonical (bare where unique, else fact.field), `fact` is None where facts share it.

    Its values are those listed and those of a column of a reference table (`table.column`), or any where neither is said.
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
    latest time is its present, of a fact without a time of its own.
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


def load(path: Path) -> Model:
    """Return the model of a file; raises Faults with all that is wrong in it."""
    document = Document(path)
    made = read(document)
    document.done()
    return made


def read(document: Document) -> Model:
    """Return the model that a document says, what names nothing left out and noted; raises Faults if it isn't so shaped."""
    document.shaped(_MODEL)
    document.done()
    said = document.body
    specs: dict[str, dict[str, Any]] = said.get("link", {})
    for name, spec in specs.items():
        document.shaped(_SHARED if "facts" in spec else _CHAIN if "chain" in spec else _KEYED, spec, ("link", name))
    document.done()
    counted: dict[str, int] = {}
    for spec in said["fact"].values():
        for short in spec["field"]:
            counted[short] = counted.get(short, 0) + 1
    shared = _shared(document, specs)
    facts = {}
    for name, spec in said["fact"].items():
        fields = {}
        for short, one in spec["field"].items():
            alone = counted[short] == 1 and short not in shared
            fields[short] = _field(document, ("fact", name), short, short if alone else f"{name}.{short}", name, one)
        measures = {
            key: MeasureSpec(key, one["title"], one["sql"], one.get("unit", ""), one.get("additive", False), one.get("rows", ""))
            for key, one in spec["measure"].items()
        }
        time, present, ended, grade = (spec.get(key, "") for key in ("time", "present", "ended", "grade"))
        facts[name] = Fact(name, spec["title"], spec["key"], time, present, ended, grade, tuple(spec["columns"]), fields, measures)
    every = {each.name: each for fact in facts.values() for each in fact.fields.values()}
    every |= {short: each for short, (each, _) in shared.items()}
    links: dict[str, Link] = {}
    made = Model(facts, shared, links, {name: tuple(levels) for name, levels in said.get("drill", {}).items()}, every)
    for name, spec in sorted(specs.items(), key=lambda item: "chain" in item[1]):
        if "facts" not in spec and (steps := _steps(document, name, spec, made)):
            links[name] = Link(name, steps, _carried(document, name, spec, facts[steps[0].from_fact]))
    _named(document, made)
    return made


def _shared(document: Document, specs: dict[str, dict[str, Any]]) -> dict[str, tuple[Field, dict[str, str]]]:
    made = {}
    for name, spec in specs.items():
        for short, one in spec["field"].items() if "facts" in spec else ():
            at: Place = ("link", name, "field", short)
            if short in made:
                document.blame(at, "is a field of another link as well")
            field = _field(document, ("link", name), short, short, None, one)
            columns = dict(one["columns"]) if "columns" in one else dict.fromkeys(spec["facts"], field.column)
            if wrong := sorted(set(columns) ^ set(spec["facts"])):
                document.blame(at, f"columns are to be of the link's facts, each once: {', '.join(wrong)}")
            made[short] = field, columns
    return made


def _steps(document: Document, name: str, spec: dict[str, Any], model: Model) -> tuple[Step, ...]:
    """Return the steps of a link or chain, none where it names what isn't there."""
    if "chain" in spec:
        at: Place = ("link", name, "chain")
        links = document.each(at, spec["chain"], lambda each: model.link(each))
        if len(links) < len(spec["chain"]):
            return ()
        steps = tuple(step for link in links for step in link.steps)
        for before, after in pairwise(steps):
            if before.to_fact != after.from_fact:
                document.blame(at, f"one link ends at {before.to_fact}, the next begins at {after.from_fact}")
        return steps
    ends = [document.tried(("link", name, key), lambda key=key: model.fact(spec[key])) for key in ("from", "to")]  # type: ignore[misc]
    if ends[0] is None or ends[1] is None:
        return ()
    ended = ends[0].ended if spec.get("current", False) else ""
    return (Step(ends[0].name, ends[1].name, spec["from_key"], spec["to_key"], ended),)


def _carried(document: Document, name: str, spec: dict[str, Any], fact: Fact) -> frozenset[str]:
    def carried(each: str) -> str:
        short = each.removeprefix(f"{fact.name}.")
        if short not in fact.fields:
            raise unknown(f"field of {fact.name}", short, fact.fields)
        return short

    return frozenset(document.each(("link", name, "carries"), spec["carries"], carried))


def _field(document: Document, of: Place, short: str, name: str, fact: str | None, spec: dict[str, Any]) -> Field:
    if spec["type"] not in TYPES:
        document.blame((*of, "field", short), str(unknown("type", spec["type"], TYPES)))
    return Field(
        name, short, fact, spec["title"], spec["type"], spec.get("column", short), spec.get("order", ""), spec.get("unit", ""),
        tuple(spec.get("values", ())), spec.get("reference", ""),
    )  # fmt: skip


def _named(document: Document, model: Model) -> None:
    """Note each name that names nothing, and each fact that a field reaches by two ways."""
    for name, fact in model.facts.items():
        document.each(("fact", name, "columns"), fact.columns, lambda each, name=name: model.field(each, name))  # type: ignore[misc]
        if fact.grade and fact.grade not in fact.fields:
            document.blame(("fact", name, "grade"), str(unknown(f"field of {name}", fact.grade, fact.fields)))
        if fact.present:
            document.tried(("fact", name, "present"), lambda fact=fact: model.fact(fact.present))  # type: ignore[misc]
        for each in model.fields.values():
            links = [link.name for link in model.carrying(name, each)]
            if len(links) > 1:
                words = f"{each.name} reaches {name} by {' and '.join(links)}: leave it to one, the other a panel can name with `through`"
                document.blame(("link", links[-1], "carries"), words, each.short)
    for name, spec in document.body.get("link", {}).items():
        document.each(("link", name, "facts"), spec.get("facts", ()), model.fact)
    for name, levels in model.drills.items():
        document.each(("drill", name), levels, lambda each: model.field(each))

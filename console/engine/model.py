"""The semantic model of `queries/model.toml`: facts, fields, measures, links, and which clause reaches which fact."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from console.desk.desk import Unknown


@dataclass(frozen=True, slots=True)
class Field:
    """A field: `name` is canonical (bare where unique, else fact.field), `fact` is None where facts share it."""

    name: str
    short: str
    fact: str | None
    title: str
    type: str
    column: str
    order: str = ""
    unit: str = ""
    values: tuple[str, ...] = ()


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
    """A fact: its key column, its time column, its own fields by short name, its measures, its default columns."""

    name: str
    title: str
    key: str
    time: str
    grade: str
    columns: tuple[str, ...]
    fields: dict[str, Field]
    measures: dict[str, MeasureSpec]


@dataclass(frozen=True, slots=True)
class Link:
    """A link by key columns: a clause on a carried field of `from_fact` reaches `to_fact`."""

    name: str
    from_fact: str
    to_fact: str
    from_key: str
    to_key: str
    carries: frozenset[str]


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

    def measure(self, fact: str, name: str) -> MeasureSpec:
        """Return a measure of a fact; raises Unknown."""
        measures = self.fact(fact).measures
        if name not in measures:
            raise unknown(f"measure of {fact}", name, measures)
        return measures[name]

    def route(self, fact: str, name: str, through: str = "") -> Route | None:
        """Return how a clause on a field (canonical name) reaches a fact, or None; `through` names a second route."""
        asked = self.fields[name]
        if asked.fact is None:
            columns = self.shared[asked.short][1]
            return Route(asked, columns[fact]) if fact in columns else None
        if asked.fact == fact:
            return Route(asked, asked.column)
        for link in self.links.values():
            if link.to_fact == fact and link.from_fact == asked.fact and asked.short in link.carries:
                return Route(asked, asked.column, link)
        if through and (link := self.links[through]).from_fact == fact and link.to_fact == asked.fact:
            return Route(asked, asked.column, link, backwards=True)
        return None

    def fields_of(self, fact: str) -> list[Field]:
        """Return a fact's own and shared fields."""
        shared = [each for each, columns in self.shared.values() if fact in columns]
        return [*self.facts[fact].fields.values(), *shared]


def unknown(what: str, name: str, known: Iterable[str | None]) -> Unknown:
    """Return the exception that names what isn't known and the nearest that is."""
    names = sorted({each for each in known if each is not None})
    folded = {each.casefold(): each for each in names}
    near = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.0)
    hint = f"; the nearest is {folded[near[0]]!r}" if near else ""
    return Unknown(f"no {what} {name!r}{hint}")


def load(path: Path) -> Model:
    """Return the model of a file; raises ValueError naming the file and what is wrong."""
    try:
        return read(tomllib.loads(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{path}: {type(error).__name__}: {error}") from error


def read(body: dict[str, Any]) -> Model:
    """Return the model that a TOML document says."""
    counted: dict[str, int] = {}
    for spec in body["fact"].values():
        for short in spec["field"]:
            counted[short] = counted.get(short, 0) + 1
    links, shared = {}, {}
    for name, spec in body.get("link", {}).items():
        if "facts" in spec:
            for short, one in spec["field"].items():
                made = _field(short, short, None, one)
                shared[short] = (made, dict(one["columns"]) if "columns" in one else dict.fromkeys(spec["facts"], made.column))
        else:
            links[name] = Link(name, spec["from"], spec["to"], spec["from_key"], spec["to_key"], _carried(spec))
    facts = {}
    for name, spec in body["fact"].items():
        fields = {}
        for short, one in spec["field"].items():
            alone = counted[short] == 1 and short not in shared
            fields[short] = _field(short if alone else f"{name}.{short}", short, name, one)
        measures = {
            key: MeasureSpec(key, one["title"], one["sql"], one.get("unit", ""), one.get("additive", False), one.get("rows", ""))
            for key, one in spec["measure"].items()
        }
        facts[name] = Fact(
            name, spec["title"], spec["key"], spec.get("time", ""), spec.get("grade", ""), tuple(spec["columns"]), fields, measures
        )
    every = {each.name: each for fact in facts.values() for each in fact.fields.values()}
    every |= {short: each for short, (each, _) in shared.items()}
    drills = {name: tuple(levels) for name, levels in body.get("drill", {}).items()}
    return Model(facts, shared, links, drills, every)


def _carried(spec: dict[str, Any]) -> frozenset[str]:
    return frozenset(name.removeprefix(f"{spec['from']}.") for name in spec["carries"])


def _field(name: str, short: str, fact: str | None, spec: dict[str, Any]) -> Field:
    return Field(
        name, short, fact, spec["title"], spec["type"], spec.get("column", short), spec.get("order", ""), spec.get("unit", ""),
        tuple(spec.get("values", ())),
    )  # fmt: skip

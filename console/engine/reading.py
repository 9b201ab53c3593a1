"""The model as `queries/model.toml` says it, and all that is wrong with what it says."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from console.engine.model import PERSONAL, TYPES, Detail, Fact, Field, Link, MeasureSpec, Model, Step, unknown
from console.engine.toml import Document, Place

_FIELD = {"title!": str, "type!": str, "column": str, "order": str, "unit": str, "values": [str], "reference": str, "label": str,
          "personal": str}  # fmt: skip
_MEASURE = {"title!": str, "sql!": str, "unit": str, "additive": bool, "rows": str}
_FACT = {
    "title!": str, "key!": str, "time": str, "present": str, "ended": str, "grade": str, "settled": str, "few": bool,
    "columns!": [str], "names": {"*": str},
    "field!": {"*": _FIELD}, "measure!": {"*": _MEASURE},
}  # fmt: skip
_SHARED = {"facts!": [str], "field!": {"*": _FIELD | {"columns": {"*": str}}}}
_KEYED = {"from!": str, "to!": str, "from_key!": str, "to_key!": str, "current": bool, "carries!": [str]}
_CHAIN = {"chain!": [str], "carries!": [str]}
_DETAIL = {"of!": {"*": str}, "names": {"*": str}}
_MODEL = {"zone": str, "fact!": {"*": _FACT}, "detail": {"*": _DETAIL}, "link": {"*": {"*": object}}, "drill": {"*": [str]}}


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
        columns, settled, few = tuple(spec["columns"]), spec.get("settled", "false"), spec.get("few", False)
        facts[name] = Fact(name, spec["title"], spec["key"], time, present, ended, grade, columns, fields, measures, settled, few)
    for name, fact in facts.items():
        facts[name] = replace(fact, names=_naming(document, ("fact", name, "names"), said["fact"][name].get("names", {}), facts))
    details = {
        name: Detail(name, *(_naming(document, ("detail", name, key), spec.get(key, {}), facts) for key in ("of", "names")))
        for name, spec in said.get("detail", {}).items()
    }
    every = {each.name: each for fact in facts.values() for each in fact.fields.values()}
    every |= {short: each for short, (each, _) in shared.items()}
    links: dict[str, Link] = {}
    made = Model(facts, shared, links, {name: tuple(levels) for name, levels in said.get("drill", {}).items()}, every, details)
    for name, spec in sorted(specs.items(), key=lambda item: "chain" in item[1]):
        if "facts" not in spec and (steps := _steps(document, name, spec, made)):
            links[name] = Link(name, steps, _carried(document, name, spec, facts[steps[0].from_fact]))
    _named(document, made)
    return made


def _naming(document: Document, at: Place, said: dict[str, str], facts: dict[str, Fact]) -> tuple[tuple[str, str, str], ...]:
    """Return the columns that name rows of a fact, by its key unless `fact.column` is said."""

    def named(column: str) -> tuple[str, str, str]:
        fact, _, other = said[column].partition(".")
        if fact not in facts:
            raise unknown("fact", fact, facts)
        return column, fact, other or facts[fact].key

    return tuple(document.each(at, said, named))


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
    if (personal := spec.get("personal", "")) and personal not in PERSONAL:
        document.blame((*of, "field", short), str(unknown("way to give personal data", personal, PERSONAL)))
    return Field(
        name, short, fact, spec["title"], spec["type"], spec.get("column", short), spec.get("order", ""), spec.get("unit", ""),
        tuple(spec.get("values", ())), spec.get("reference", ""), spec.get("label", ""), personal,
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

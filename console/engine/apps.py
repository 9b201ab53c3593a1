"""The apps of `queries/apps/`: each folder read into panels, their plans (what to ask) and layouts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from console import files
from console.desk import grammar
from console.desk.page import App, Cell, Layer, Layout, LayoutRow, PanelSpec, Shown
from console.desk.selection import Clause
from console.engine.hourly import Hourly
from console.engine.model import PERSONAL, Fact, Model, unknown
from console.engine.scope import Scope
from console.engine.toml import Document, Faults, Place

KINDS = ("kpi", "bars", "pivot", "series", "map", "table", "profile")
_PANEL = {
    "name!": str, "title!": str, "kind!": str, "fact": str, "fields": [str], "drill": str, "measures": [str], "through": str,
    "given": [str], "sql": str, "markers": str, "columns": [object], "sort": [str], "limit": int, "key": str, "short": str,
    "help": str, "note": str, "options": {"*": object}, "levels": [str], "layers": [object], "personal": [str],
    "counts": {"*": [str]}, "hourly": {"worth!": str, "shifts!": str, "of!": str, "except": [str], "waiting": [str]},
}  # fmt: skip
_LAYER = {"name!": str, "title!": str, "fact": str, "measure": str, "given": [str], "before": int, "note": str,
          "per": {"column!": str, "of!": str, "each": int}}  # fmt: skip
_COLUMN = {"name!": str, "title!": str, "type": str, "unit": str}
_LAYOUT = {"headlines": [str], "tabs": [str], "rows": [{"panels!": [str], "weight": int, "lines": int}]}
_APP = {
    "name!": str, "title!": str, "fact!": str, "noun": str, "key": str, "order": int, "help": str, "base": {"*": [str]},
    "profile": {"*": str}, "personal": {"*": str}, "panel!": [_PANEL], "layout!": {"*": _LAYOUT},
}  # fmt: skip
Clauses = tuple[tuple[str, Clause], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a panel asks: clauses of its own, the SQL of its .sql file (or ""), how a table is sorted and cut."""

    spec: PanelSpec
    given: Clauses
    through: str = ""
    sql: str = ""
    markers: str = ""
    note: str = ""
    sort: tuple[tuple[str, bool], ...] = ()
    limit: int = 200
    columns: tuple[tuple[str, str, str, str], ...] = ()  # of a .sql table: name, title, type, unit
    per: tuple[str, str, int] | None = None  # of a map's layer with a rate: the column of ref.place, of what that is how many, of how many
    personal: frozenset[str] = frozenset()  # the personal fields that the panel's own SQL shows where $named is true
    hourly: Hourly | None = field(default=None, compare=False)
    counts: tuple[tuple[str, Clauses], ...] = field(default=(), compare=False)  # what its own SQL divides: base rows of each fact that pass
    weeks: int = 0  # of a map's layer: the earlier weeks that a difference is reckoned against
    layer: str = ""
    layers: tuple[Plan, ...] = field(default=(), compare=False)
    root: Plan | None = field(default=None, compare=False)  # of a map as shown: the panel's own plan
    shown: Shown | None = field(default=None, compare=False)

    def every(self) -> Iterator[Plan]:
        """Yield the plans of all that the panel can ask: of a map each layer at each level."""
        yield self
        for layer in self.layers:
            for level in self.spec.levels:
                yield replace(layer, spec=replace(layer.spec, fields=(level,)))


@dataclass(frozen=True, slots=True)
class AppPlan:
    """An app with its panels' plans and the clauses that each fact always stands under; `personal` is how it gives personal fields."""

    app: App
    base: dict[str, Clauses]
    plans: dict[str, Plan]
    order: int
    personal: dict[str, str] = field(default_factory=dict)


def load(folder: Path, model: Model) -> AppPlan:
    """Return the app of a folder; raises Faults with all that is wrong in it."""
    document = Document(folder / "app.toml")
    made = read(document, folder, model)
    document.done()
    return made


def read(document: Document, folder: Path, model: Model) -> AppPlan:
    """Return the app that a document says, what names nothing left out and noted; raises Faults if it isn't so shaped."""
    document.shaped(_APP)
    document.done()
    said = document.body
    lead = document.tried(("fact",), lambda: model.fact(said["fact"]))
    if lead is None:
        raise Faults(document.faults)
    if said["name"] != folder.name:
        document.blame(("name",), f"is {said['name']!r}, and the folder's name is {folder.name!r}")
    plans: dict[str, Plan] = {}
    keys: set[str] = set()
    for n, spec in enumerate(said["panel"]):
        if spec["name"] in plans:
            document.blame(("panel", n, "name"), "is the name of another panel as well")
        if spec.get("key") in keys:
            document.blame(("panel", n, "key"), f"{spec['key']!r} jumps to another panel as well")
        keys |= {spec["key"]} if spec.get("key") else set()
        plans[spec["name"]] = _plan(document, ("panel", n), spec, lead, folder, model)
    layouts = tuple((name, _layout(document, ("layout", name), spec, plans)) for name, spec in said["layout"].items())
    profiles = tuple(
        (field.name, panel)
        for name, panel in said.get("profile", {}).items()
        if (field := document.tried(("profile", name), lambda name=name: model.field(name, lead.name)))  # type: ignore[misc]
        and document.tried(("profile", name), lambda panel=panel: _panel(panel, plans))  # type: ignore[misc]
    )
    app = App(
        said["name"], said["title"], lead.name, said.get("noun", ""), tuple(plan.spec for plan in plans.values()), layouts,
        said.get("key", ""), said.get("help", ""), profiles,
    )  # fmt: skip
    base = {
        fact.name: _clauses(document, ("base", name), texts, fact.name, model)
        for name, texts in said.get("base", {}).items()
        if (fact := document.tried(("base", name), lambda name=name: model.fact(name)))  # type: ignore[misc]
    }
    personal = {
        name: way
        for name, way in said.get("personal", {}).items()
        if document.tried(("personal", name), lambda name=name, way=way: _way(name, way, model), name)  # type: ignore[misc]
    }
    return AppPlan(app, base, plans, said.get("order", 100), personal)


def _way(name: str, way: str, model: Model) -> str:
    """Return how a personal field is given; raises Unknown, ValueError."""
    _personal(name, model)
    if way not in PERSONAL:
        raise unknown("way to give personal data", way, PERSONAL)
    return way


def _personal(name: str, model: Model) -> str:
    """Return the name of a personal field; raises Unknown, ValueError."""
    found = model.field(name)
    if not found.personal:
        raise ValueError(f"field {name!r} isn't personal: say `personal` of it in the model")
    return found.name


def _clauses(document: Document, at: Place, texts: list[str], fact: str, model: Model) -> Clauses:
    """Return the clauses that the grammar's texts mean beside a fact."""
    made: dict[str, Clause] = {}

    def take(text: str) -> None:
        name, rest = grammar.split(text)
        field = model.field(name, fact)
        if model.route(fact, field.name) is None:
            raise ValueError(f"field {field.name!r} doesn't reach {fact}")
        clause = grammar.clause(rest, field.type)
        Scope(model, datetime(2000, 1, 1)).clause(field, field.column, clause)  # raises where a value isn't of the field's type
        made[field.name] = grammar.merged(made.get(field.name), clause)

    document.each(at, texts, take)
    return tuple(made.items())


def _plan(document: Document, at: Place, spec: dict[str, Any], lead: Fact, folder: Path, model: Model) -> Plan:
    """Return a panel's plan; what it names that isn't there is noted and left out."""
    fact = (document.tried((*at, "fact"), lambda: model.fact(spec.get("fact", lead.name))) or lead).name
    kind, through, drill = spec["kind"], spec.get("through", ""), spec.get("drill", "")
    if kind not in KINDS:
        document.blame((*at, "kind"), str(unknown("kind", kind, KINDS)))
    if through and document.tried((*at, "through"), lambda: model.link(through)) is None:
        through = ""
    if drill and drill not in model.drills:
        document.blame((*at, "drill"), str(unknown("drill", drill, model.drills)))

    def counted(name: str) -> str:
        field = model.field(name, fact)
        if (route := model.route(fact, field.name, through)) is None:
            raise ValueError(f"field {name!r} doesn't reach {fact}")
        if route.link is not None:
            raise ValueError(f"field {name!r} is of {field.fact}: a clause on it reaches {fact}, but {fact} has no values of it")
        if field.type == "area":
            raise ValueError(f"field {name!r} has no values to show")
        return field.name

    names = model.drills.get(drill, ()) if drill else spec.get("fields", [])
    fields = tuple(document.each((*at, "drill" if drill else "fields"), names, counted))
    text, markers = (_sql(document, (*at, key), folder, spec.get(key, "")) for key in ("sql", "markers"))
    measures = tuple(spec.get("measures", [] if "sql" in spec or kind in ("table", "profile") else ["count"]))
    columns: list[Any] = spec.get("columns", [])
    columns = columns if document.shaped([_COLUMN if "sql" in spec else str], columns, (*at, "columns")) else []
    sort = tuple((each.removeprefix("-"), each.startswith("-")) for each in spec.get("sort", []))
    if "sql" not in spec:
        document.each((*at, "measures"), measures, lambda each: model.measure(fact, each))
        document.each((*at, "columns"), columns, counted)
        document.each((*at, "sort"), [name for name, _ in sort], counted)
    made = PanelSpec(
        spec["name"], spec["title"], kind, fact, fields, measures, tuple(columns) if "sql" not in spec else (), bool(drill),
        spec.get("key", ""), spec.get("short", spec["title"].lower()), spec.get("help", ""),
        tuple((key, str(value)) for key, value in spec.get("options", {}).items()),
    )  # fmt: skip
    given = _clauses(document, (*at, "given"), spec.get("given", []), fact, model)
    plan = Plan(
        made, given, through, text, markers, spec.get("note", ""), sort, spec.get("limit", 200),
        tuple((each["name"], each["title"], each.get("type", "text"), each.get("unit", "")) for each in columns if "sql" in spec),
        personal=frozenset(document.each((*at, "personal"), spec.get("personal", []), lambda name: _personal(name, model))),
        counts=tuple((name, _clauses(document, (*at, "counts"), texts, name, model)) for name, texts in spec.get("counts", {}).items()),
        hourly=_hourly(document, (*at, "hourly"), spec["hourly"], fact, folder, model) if "hourly" in spec else None,
    )  # fmt: skip
    return _layered(document, at, spec, plan, model) if kind == "map" else plan


def _hourly(document: Document, at: Place, spec: dict[str, Any], fact: str, folder: Path, model: Model) -> Hourly:
    document.tried((*at, "of"), lambda: model.fact(spec["of"]))
    exempt = document.each((*at, "except"), spec.get("except", []), lambda name: model.field(name, fact).name)
    waiting = _clauses(document, (*at, "waiting"), spec.get("waiting", []), fact, model)
    worth, shifts = (_sql(document, (*at, key), folder, spec[key]) for key in ("worth", "shifts"))
    return Hourly(worth, shifts, spec["of"], frozenset(exempt), waiting)


def _layered(document: Document, at: Place, spec: dict[str, Any], plan: Plan, model: Model) -> Plan:
    """Return a map's plan with its layers, itself the first of them, and its levels; what is wrong with one is noted."""

    def level(name: str) -> str:
        found = model.field(name, plan.spec.fact)
        if found.fact is not None:
            raise ValueError(f"field {name!r} is no level: a level is a field of places that all facts share")
        if not (path := files.data() / "geography" / f"{found.name}s.geojson").is_file():
            raise ValueError(f"level {name!r} has no geography: there is no {path.name}")
        return found.name

    levels = tuple(document.each((*at, "levels"), spec["levels"], level)) if "levels" in spec else plan.spec.fields[:1]
    layers = []
    for n, said in enumerate(spec.get("layers", [])):
        if document.shaped(_LAYER, said, (*at, "layers", n)):
            layers.append(_layer(document, (*at, "layers", n), said, plan, model))
    names = [each.layer for each in layers]
    for n, name in enumerate(names):
        if name in names[:n]:
            document.blame((*at, "layers", n), "is the name of another layer as well")
    shown = replace(
        plan.spec, levels=levels, fields=levels[:1] or plan.spec.fields,
        layers=tuple(Layer(each.spec.name, each.spec.title, each.spec.fact, each.weeks) for each in layers),
    )  # fmt: skip
    layers = [replace(each, spec=replace(shown, fact=each.spec.fact, measures=each.spec.measures)) for each in layers]
    return replace(layers[0], layers=tuple(layers)) if layers else replace(plan, spec=shown)


def _layer(document: Document, at: Place, said: dict[str, Any], plan: Plan, model: Model) -> Plan:
    """Return the plan of a map's layer, which bears the layer's name and title until all are read."""
    own = model.facts[plan.spec.fact]
    lead = document.tried((*at, "fact"), lambda: model.fact(said["fact"]), said["fact"]) or own if "fact" in said else own
    measure, weeks, per = said.get("measure", "count"), said.get("before", 0), said.get("per")
    document.tried((*at, "measure"), lambda: model.measure(lead.name, measure), measure)
    if weeks and not lead.present and not any(each.column == lead.time and each.type == "instant" for each in lead.fields.values()):
        document.blame((*at, "before"), f"{lead.name} has no instant: what it was at the same hour of earlier weeks isn't known")
    if (weeks or per) and measure in lead.measures and not lead.measures[measure].additive:
        document.blame((*at, "measure"), f"{measure!r} doesn't add up: it has no rate, and no mean of weeks", measure)
    if "area" in model.shared and lead.name not in model.shared["area"][1]:
        document.blame((*at, "fact"), f"{lead.name} has no place")
    given = plan.given if lead.name == plan.spec.fact else ()
    if said.get("fact", lead.name) == lead.name:
        given += _clauses(document, (*at, "given"), said.get("given", []), lead.name, model)
    spec = replace(plan.spec, name=said["name"], title=said["title"], fact=lead.name, measures=(measure,))
    rate = (per["column"], per["of"], per.get("each", 1000)) if per else None
    return replace(plan, spec=spec, given=given, per=rate, weeks=weeks, layer=said["name"], note=said.get("note", plan.note))


def _sql(document: Document, at: Place, folder: Path, name: str) -> str:
    """Return the text of a .sql file of the app's folder, or "" for none."""
    path = folder / f"{name}.sql"
    if not name or path.is_file():
        return path.read_text(encoding="utf-8") if name else ""
    document.blame(at, str(unknown("file", path.name, [each.name for each in folder.glob("*.sql")])))
    return ""


def _layout(document: Document, at: Place, spec: dict[str, Any], plans: Mapping[str, Plan]) -> Layout:
    def cell(text: str) -> Cell:
        name, _, weight = text.partition(":")
        return Cell(_panel(name, plans), int(weight or 1))

    for key in ("headlines", "tabs"):
        document.each((*at, key), spec.get(key, ()), lambda name: _panel(name, plans))
    rows = tuple(
        LayoutRow(tuple(document.each((*at, "rows"), row["panels"], cell)), row.get("weight", 1), row.get("lines", 0))
        for row in spec.get("rows", ())
    )
    return Layout(tuple(spec.get("headlines", ())), rows, tuple(spec.get("tabs", ())))


def _panel(name: str, plans: Mapping[str, Plan]) -> str:
    if name not in plans:
        raise unknown("panel", name, plans)
    return name

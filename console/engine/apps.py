"""The apps of `queries/apps/`: each folder read into panels, their plans (what to ask) and layouts."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from console.desk import grammar
from console.desk.page import App, Cell, Layout, LayoutRow, PanelSpec
from console.desk.selection import Clause
from console.engine.model import Model

KINDS = ("kpi", "bars", "pivot", "series", "map", "table", "profile")
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


@dataclass(frozen=True, slots=True)
class AppPlan:
    """An app with its panels' plans and the clauses that each fact always stands under."""

    app: App
    base: dict[str, Clauses]
    plans: dict[str, Plan]
    order: int


def load(folder: Path, model: Model) -> AppPlan:
    """Return the app of a folder; raises ValueError naming the file and what is wrong, Unknown for a wrong name."""
    path = folder / "app.toml"
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
        return _read(body, folder, model)
    except (KeyError, TypeError, ValueError, FileNotFoundError, tomllib.TOMLDecodeError) as error:
        words = f"missing {error}" if isinstance(error, KeyError) else str(error)
        raise ValueError(f"{path}: {words}") from error


def clauses(texts: list[str], fact: str, model: Model) -> Clauses:
    """Return the clauses that the grammar's texts mean beside a fact."""
    made: dict[str, Clause] = {}
    for text in texts:
        name, rest = grammar.split(text)
        field = model.field(name, fact)
        made[field.name] = grammar.merged(made.get(field.name), grammar.clause(rest, field.type))
    return tuple(made.items())


def _read(body: dict[str, Any], folder: Path, model: Model) -> AppPlan:
    lead = model.fact(body["fact"]).name
    plans = {spec["name"]: _plan(spec, lead, folder, model) for spec in body["panel"]}
    layouts = tuple((name, _layout(spec)) for name, spec in body["layout"].items())
    for _, layout in layouts:
        used = [*layout.headlines, *layout.tabs, *(cell.panel for row in layout.rows for cell in row.cells)]
        for name in used:
            if name not in plans:
                raise ValueError(f"the layout names a panel {name!r} that isn't there")
    profiles = tuple((model.field(name, lead).name, panel) for name, panel in body.get("profile", {}).items())
    app = App(
        body["name"], body["title"], lead, body.get("noun", ""), tuple(plan.spec for plan in plans.values()), layouts,
        body.get("key", ""), body.get("help", ""), profiles,
    )  # fmt: skip
    base = {fact: clauses(texts, model.fact(fact).name, model) for fact, texts in body.get("base", {}).items()}
    return AppPlan(app, base, plans, body.get("order", 100))


def _plan(spec: dict[str, Any], lead: str, folder: Path, model: Model) -> Plan:
    name, kind, fact = spec["name"], spec["kind"], model.fact(spec.get("fact", lead)).name
    if kind not in KINDS:
        raise ValueError(f"panel {name}: kind {kind!r} is none of {', '.join(KINDS)}")
    drill = spec.get("drill", "")
    names = model.drills[drill] if drill else spec.get("fields", [])
    fields = tuple(model.field(each, fact).name for each in names)
    for each in fields:
        if model.route(fact, each, spec.get("through", "")) is None:
            raise ValueError(f"panel {name}: field {each} doesn't reach {fact}")
    text = (folder / f"{spec['sql']}.sql").read_text(encoding="utf-8") if "sql" in spec else ""
    markers = (folder / f"{spec['markers']}.sql").read_text(encoding="utf-8") if "markers" in spec else ""
    measures = tuple(spec.get("measures", [] if text or kind in ("table", "profile") else ["count"]))
    if not text:
        for each in measures:
            model.measure(fact, each)
    made = PanelSpec(
        name, spec["title"], kind, fact, fields, measures, tuple(spec.get("columns", ())) if not text else (), bool(drill),
        spec.get("key", ""), spec.get("short", spec["title"].lower()), spec.get("help", ""),
        tuple((key, str(value)) for key, value in spec.get("options", {}).items()),
    )  # fmt: skip
    sort = tuple((each.removeprefix("-"), each.startswith("-")) for each in spec.get("sort", []))
    return Plan(
        made, clauses(spec.get("given", []), fact, model), spec.get("through", ""), text, markers, spec.get("note", ""), sort,
        spec.get("limit", 200), tuple(_column(each) for each in spec.get("columns", [])) if text else (),
    )  # fmt: skip


def _column(spec: dict[str, str]) -> tuple[str, str, str, str]:
    return spec["name"], spec["title"], spec.get("type", "text"), spec.get("unit", "")


def _layout(spec: dict[str, Any]) -> Layout:
    rows = tuple(
        LayoutRow(tuple(_cell(text) for text in row["panels"]), row.get("weight", 1), row.get("lines", 0)) for row in spec.get("rows", [])
    )
    return Layout(tuple(spec.get("headlines", ())), rows, tuple(spec.get("tabs", ())))


def _cell(text: str) -> Cell:
    name, _, weight = text.partition(":")
    return Cell(name, int(weight or 1))

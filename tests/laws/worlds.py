"""Random worlds: a model in the words of model.toml, an app over it, small data, selections; and a store that holds them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import strategies as st

from console.desk.selection import Area, Box, Circle, Clause, Polygon, Range, Selection, Values, Window
from console.engine import apps, reading
from console.engine.desk import StoreDesk
from console.governance.policy import Policy
from console.store.database import Store
from tests.laws.oracle import SHARED, Force, Joined, Panel, Told

NOW = datetime(2026, 11, 23, 21, 40)
FACTS = ("alpha", "beta", "gamma", "delta")
SHORTS = ("kind", "size", "state", "worth", "seen", "held", "born")  # of several facts by chance
DATA: dict[str, list[Any]] = {
    "text": ["a", "b", "c", "it's", 'q"%'], "integer": [0, 1, 2, 3], "number": [-0.5, 0.0, 1.5, 2.0], "boolean": [True, False],
    "instant": [NOW + timedelta(minutes=step) for step in (-600, -90, -60, 0, 45)], "month": ["2026-01", "2026-02", "2026-11"],
}  # fmt: skip
WRITTEN = {
    "text": ["a", "b", "c", "it's", 'q"%', "nowhere"], "integer": ["0", "1", "2", "7"], "number": ["-0.5", "1.5", "2.0", "9.5"],
    "boolean": ["true", "false"], "instant": [(NOW + timedelta(minutes=step)).isoformat() + "Z" for step in (-600, -90, 0, 10)],
    "month": ["2026-01", "2026-02", "2027-01"],
}  # fmt: skip
REFS = ["r1", "r2", "r3", "r4", None]
SELDOM = (0, 0, 0, 1)
KINDS: dict[str, Any] = {
    "text": pl.String,
    "month": pl.String,
    "integer": pl.Int64,
    "number": pl.Float64,
    "boolean": pl.Boolean,
    "instant": pl.Datetime("us"),
}
SQL = {"text": "varchar", "month": "varchar", "integer": "bigint", "number": "double", "boolean": "boolean", "instant": "timestamp"}
MEASURES = {
    "count": 'sql = "count(*)", additive = true', "n": 'sql = "sum(n)", additive = true', "most": 'sql = "max(n)"',
    "middle": 'sql = "median(n)"', "high": 'sql = "quantile_cont(n, 0.9)"', "kinds": 'sql = "count(distinct n)"',
    "share": 'sql = "100.0 * count(*) filter (where n > 2) / nullif(count(*) filter (where n is not null), 0)"',
    "few": 'sql = "count(*) filter (where n > 2)", additive = true, rows = "n > 2"',
}  # fmt: skip


def either(values: list[Any] | tuple[Any, ...]) -> st.SearchStrategy[Any]:
    return st.sampled_from(values)


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


lon, lat = st.floats(-3.2, -2.2).map(lambda x: round(x, 2)), st.floats(50.9, 51.6).map(lambda x: round(x, 2))
shapes = st.one_of(
    st.builds(Circle, lon, lat, st.floats(500, 60000)),
    st.tuples(lon, lat, st.floats(0.05, 1), st.floats(0.05, 1)).map(lambda t: Box(t[0], t[1], t[0] + t[2], t[1] + t[3])),
    st.lists(st.tuples(lon, lat), min_size=3, max_size=6, unique=True).map(lambda corners: Polygon(tuple(corners))),
)


def clauses(type: str) -> st.SearchStrategy[Clause]:
    """A clause on a field of a type."""
    if type == "area":
        return st.lists(shapes, min_size=1, max_size=2).map(lambda found: Area(tuple(found)))
    values: st.SearchStrategy[Clause] = st.frozensets(either([*WRITTEN[type], None]), min_size=1, max_size=4).map(Values)
    if type in ("text", "boolean"):
        return values
    ranges: st.SearchStrategy[Clause] = st.builds(Range, maybe(either(WRITTEN[type])), maybe(either(WRITTEN[type])))
    if type != "instant":
        return st.one_of(values, ranges)
    return st.one_of(values, ranges, st.builds(Window, maybe(st.integers(-30000, 0)), maybe(st.integers(-3000, 30000))))


@st.composite
def said(draw: st.DrawFn, name: str, type: str) -> tuple[str, tuple[str, Clause]]:
    """A clause of an app's file: its text, and the field and clause that it means."""
    if type == "instant":
        hours = draw(st.integers(-9, 0))
        return f"{name}={hours:+d}h..", (name, Window(hours * 3600, None))
    if type == "area":
        return f"{name}=box(-3,51,-2.4,51.5)", (name, Area((Box(-3.0, 51.0, -2.4, 51.5),)))
    value = draw(either([*WRITTEN[type], None]))
    return f"{name}={'(none)' if value is None else value}", (name, Values(frozenset((value,))))


@dataclass(frozen=True)
class World:
    """A model and an app as files say them, the force as the oracle holds it, and what is asked."""

    model: str
    app: str
    force: Force
    panels: tuple[Panel, ...]
    selection: Selection
    drops: tuple[int, ...]  # numbers to choose cells by


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Two to four facts with their own and shared fields, links, chains, an app of several panels, data and a selection."""
    facts = FACTS[: draw(st.integers(2, 4))]
    own = {fact: draw(st.dictionaries(either(SHORTS), either(tuple(DATA)), min_size=1, max_size=3)) for fact in facts}
    placed = tuple(fact for fact in facts if draw(st.integers(0, 3)))
    timed = tuple(fact for fact in facts if draw(st.booleans()))
    shared = {"place": ("text", placed), "spot": ("text", placed), "area": ("area", placed), "time": ("instant", timed)}
    fields: dict[str, Told] = {}
    for fact, types in own.items():
        for short, type in types.items():
            alone = sum(short in other for other in own.values()) == 1
            fields[short if alone else f"{fact}.{short}"] = Told(fact, short, type, {fact: f"{short}_of"})
    for short, (type, holders) in shared.items():
        if holders:
            fields[short] = Told(SHARED, short, type, {fact: "lon, lat" if short == "area" else f"{short}_{fact}" for fact in holders})
    ending = frozenset(fact for fact in facts if draw(st.booleans()))
    links = draw(joined(facts, own))
    base = {fact: tuple(draw(given_of(fields, fact)) for _ in range(draw(either(SELDOM)))) for fact in facts[:2]}
    grade = draw(st.booleans()) and own[facts[0]].get("kind") == "text"
    panels = tuple(draw(panel(n, facts, fields, links)) for n in range(4))
    frames = {fact: draw(frame(fact, fields, ending, grade and fact == facts[0])) for fact in facts}
    force = Force(frames, fields, links, ending, base, NOW - timedelta(minutes=draw(either((0, 0, 45)))))
    few = frozenset(fact for fact in facts if draw(st.booleans()))
    written = Written(facts, fields, shared, links, ending, few, grade)
    drops = tuple(draw(st.lists(st.integers(0, 99), min_size=3, max_size=3)))
    return World(written.model(panels), written.app(base, panels), force, panels, draw(selections(fields)), drops)


@st.composite
def joined(draw: st.DrawFn, facts: tuple[str, ...], own: Mapping[str, Any]) -> tuple[Joined, ...]:
    """Links and chains of them, none of which carries a field where another already does."""
    made: list[Joined] = []

    def add(steps: tuple[tuple[str, str, str, str, bool], ...], chain: tuple[str, ...] = ()) -> None:
        start, end = steps[0][0], steps[-1][1]
        taken = {short for link in made if (link.steps[0][0], link.steps[-1][1]) == (start, end) for short in link.carries}
        carries = draw(st.frozensets(either(sorted(own[start])), min_size=1)) - taken
        made.append(Joined(f"link{len(made)}", steps, carries, chain))

    keys = either(("ka", "kb"))
    order = draw(st.permutations(facts))
    extra = [draw(st.permutations(facts))[:2] for _ in range(draw(st.integers(0, 2)))]
    for start, end in [*pairwise(order), *extra]:
        add(((start, end, draw(keys), draw(keys), draw(st.booleans())),))
    for first in list(made):
        for second in list(made):
            if first.steps[-1][1] == second.steps[0][0] and first.steps[0][0] != second.steps[-1][1] and draw(st.booleans()):
                add(first.steps + second.steps, (first.name, second.name))
    return tuple(made)


def given_of(fields: Mapping[str, Told], fact: str) -> st.SearchStrategy[tuple[str, tuple[str, Clause]]]:
    """A clause of an app's file on a field that a fact has."""
    here = [name for name, told in fields.items() if fact in told.columns]
    return either(here).flatmap(lambda name: said(name, fields[name].type))


@st.composite
def panel(draw: st.DrawFn, number: int, facts: tuple[str, ...], fields: Mapping[str, Told], links: tuple[Joined, ...]) -> Panel:
    """A panel of any kind that a fact can have."""
    fact = draw(either(facts))
    here = [name for name, told in fields.items() if fact in told.columns and told.type != "area"]
    kinds = ["kpi", "bars", "table", "drill", *(["pivot"] if len(here) > 1 else []), *(["map"] if "place" in here else [])]
    kind = draw(either(kinds))
    many = draw(st.permutations(here))
    depth = draw(either((1, 2, 3))) if kind == "drill" else {"bars": 1, "pivot": 2}.get(kind, 0)
    shown = ["place"] if kind == "map" else many[:depth]
    measures = [] if kind == "table" else draw(st.lists(either(tuple(MEASURES)), min_size=1, max_size=3, unique=True))
    path = None
    if kind == "drill":
        types = [fields[name].type for name in shown[: min(draw(either((0, 1, 1, 2))), len(shown) - 1)]]
        path = tuple(draw(either([*DATA[type], None])) for type in types)
    touching = [link.name for link in links if fact in (link.steps[0][0], link.steps[-1][1])]
    sort = tuple((name, draw(st.booleans())) for name in many[:1]) if kind == "table" else ()
    return Panel(
        f"panel{number}", "bars" if kind == "drill" else kind, fact, tuple(shown), tuple(measures),
        tuple(draw(given_of(fields, fact)) for _ in range(draw(either(SELDOM)))), draw(either(["", "", *touching])), path, sort,
        draw(either((1, 2, 5, 1000))),
    )  # fmt: skip


@st.composite
def frame(draw: st.DrawFn, fact: str, fields: Mapping[str, Told], ending: frozenset[str], graded: bool) -> pl.DataFrame:
    """A fact's rows: nulls and duplicates among them, some not yet there at the moment, some no longer holding."""
    columns: dict[str, tuple[Any, st.SearchStrategy[Any]]] = {
        "n": (pl.Int64, maybe(st.integers(-3, 9))),
        "since": (pl.Datetime("us"), either([NOW - timedelta(minutes=minutes) for minutes in (1440, 60, 50, 20, -60)])),
        "ka": (pl.String, either(REFS)), "kb": (pl.String, either(REFS)),
        "lon": (pl.Float64, st.one_of(lon, lon, maybe(lon))), "lat": (pl.Float64, maybe(lat)),
    }  # fmt: skip
    if fact in ending:
        columns["ended"] = pl.Datetime("us"), maybe(either([NOW - timedelta(minutes=50), NOW - timedelta(minutes=45), NOW]))
    for told in fields.values():
        if fact in told.columns and told.type != "area":
            values = [*DATA[told.type], "Immediate"] if graded and told.short == "kind" else DATA[told.type]
            columns[told.columns[fact]] = KINDS[told.type], either([*values, None])
    rows = (
        draw(st.lists(st.tuples(*(values for _, values in columns.values())), min_size=8, max_size=14)) if draw(st.integers(0, 9)) else []
    )
    rows += rows[: draw(st.integers(0, 2))]
    schema = {"id": pl.Int64, **{name: kind for name, (kind, _) in columns.items()}}
    return pl.DataFrame([(n, *row) for n, row in enumerate(rows)], schema=schema, orient="row")


@st.composite
def selections(draw: st.DrawFn, fields: Mapping[str, Told]) -> Selection:
    """A selection over some fields, some of them locked."""
    names = draw(st.lists(either(sorted(fields)), unique=True, min_size=1, max_size=4))
    selection = Selection()
    for name in names:
        selection = selection.with_clause(name, draw(clauses(fields[name].type)))
    for name in names:
        if draw(st.booleans()):
            selection = selection.lock(name)
    return selection


@dataclass(frozen=True)
class Written:
    """A model and an app in the words of their files."""

    facts: tuple[str, ...]
    fields: Mapping[str, Told]
    shared: Mapping[str, tuple[str, tuple[str, ...]]]
    links: tuple[Joined, ...]
    ending: frozenset[str]
    few: frozenset[str]
    graded: bool

    def model(self, panels: tuple[Panel, ...]) -> str:
        """Return model.toml, with the drill-downs that the panels name."""
        drills = (f"{each.name} = {json.dumps(each.fields)}" for each in panels if each.path is not None)
        return "\n".join([*self._facts(), *self._links(), "[drill]", *drills])

    def _facts(self) -> Iterator[str]:
        for fact in self.facts:
            mine = [told for told in self.fields.values() if told.fact == fact]
            yield f'[fact.{fact}]\ntitle = "{fact}"\nkey = "id"\ncolumns = ["{mine[0].short}"]\ntime = "since"'
            yield 'ended = "ended"' if fact in self.ending else ""
            yield 'settled = "n is null or n < 6"'
            yield "few = true" if fact in self.few else ""
            yield 'grade = "kind"' if self.graded and fact == self.facts[0] else ""
            yield f"[fact.{fact}.field]"
            for told in mine:
                order = f', order = "length({told.columns[fact]})"' if told.by_length else ""
                yield f'{told.short} = {{ title = "{told.short}", type = "{told.type}", column = "{told.columns[fact]}"{order} }}'
            yield f"[fact.{fact}.measure]"
            for name, words in MEASURES.items():
                yield f'{name} = {{ title = "{name}", {words} }}'

    def _links(self) -> Iterator[str]:
        for number, (short, (type, holders)) in enumerate(self.shared.items()):
            if holders:
                columns = ", ".join(f'{fact} = "{self.fields[short].columns[fact]}"' for fact in holders)
                yield f"[link.shared{number}]\nfacts = {json.dumps(holders)}"
                yield f'[link.shared{number}.field]\n{short} = {{ title = "{short}", type = "{type}", columns = {{ {columns} }} }}'
        for link in self.links:
            start, end, from_key, to_key, current = link.steps[0]
            yield f"[link.{link.name}]\ncarries = {json.dumps(sorted(link.carries))}"
            if link.chain:
                yield f"chain = {json.dumps(link.chain)}"
            else:
                yield f'from = "{start}"\nto = "{end}"\nfrom_key = "{from_key}"\nto_key = "{to_key}"\ncurrent = {json.dumps(current)}'

    def app(self, base: Mapping[str, tuple[tuple[str, Any], ...]], panels: tuple[Panel, ...]) -> str:
        """Return app.toml."""
        lines = [f'name = "app"\ntitle = "App"\nfact = "{self.facts[0]}"\n[base]']
        lines += [f"{fact} = {json.dumps([text for text, _ in texts])}" for fact, texts in base.items()]
        for each in panels:
            lines.append(f'[[panel]]\nname = "{each.name}"\ntitle = "{each.name}"\nkind = "{each.kind}"\nfact = "{each.fact}"')
            lines.append(f'drill = "{each.name}"' if each.path is not None else f"fields = {json.dumps(each.fields)}")
            lines.append(f"measures = {json.dumps(each.measures)}\ngiven = {json.dumps([text for text, _ in each.given])}")
            lines.append(f'through = "{each.through}"\nlimit = {each.limit}')
            lines.append(f"sort = {json.dumps([('-' if down else '') + name for name, down in each.sort])}")
        return "\n".join([*lines, "[layout.wide]"])


def opened(store: Store, world: World, folder: Path, policy: Policy | None = None) -> StoreDesk:
    """Return a Desk over the world: its files written to a folder, its frames in the store behind macros of the facts' names."""
    (folder / "app").mkdir(exist_ok=True)
    (folder / "model.toml").write_text(world.model, encoding="utf-8")
    (folder / "app" / "app.toml").write_text(world.app, encoding="utf-8")
    kinds = {KINDS[name]: sql for name, sql in SQL.items()}
    with store.write(set()) as cursor:
        for fact, rows in world.force.frames.items():
            body = ", ".join(f"{name} {kinds[kind]}" for name, kind in rows.schema.items())
            cursor.execute(f"create or replace table base.told_{fact} ({body})")
            cursor.execute(f"create or replace macro {fact}(moment) as table from base.told_{fact} where since <= moment")
            if len(rows):
                marks = ", ".join(["(" + ", ".join("?" * rows.width) + ")"] * len(rows))
                cursor.execute(f"insert into base.told_{fact} values {marks}", [value for row in rows.rows() for value in row])
    read = reading.load(folder / "model.toml")
    return StoreDesk(store, read, {"app": apps.load(folder / "app", read)}, folder / "sources", policy=policy, clock=lambda: NOW)

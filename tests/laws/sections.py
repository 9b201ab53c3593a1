"""Two worlds that differ only in rows that a section denies, and a sitting in which everything is called that a viewer can call."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import polars as pl
from hypothesis import strategies as st

from console.desk import desk as protocol
from console.desk.audit import AuditAsked
from console.desk.desk import Command, Cross, Drill, Extract, Leaving, Question, RowsQuestion, Viewer
from console.desk.kept import Kept, Screen
from console.desk.page import Shown
from console.desk.reason import Reason
from console.desk.selection import History, Selection
from console.engine.desk import StoreDesk
from console.governance.policy import Chosen, Rights, Section, Sight
from console.store.database import Store, Touched
from tests.laws.oracle import Force, Told, text_of
from tests.laws.worlds import NOW, WRITTEN, World, either, frame, worlds

VIEWER = Viewer("test", verified=True)
COUNTABLE = ("text", "integer", "boolean", "month")


@dataclass(frozen=True)
class Fixed:
    """A policy that gives everybody the same rights."""

    held: Rights

    def rights(self, user: str, roles: frozenset[str], groups: frozenset[str]) -> Rights:
        return self.held


@dataclass(frozen=True)
class Pair:
    """A world, another that differs from it in denied rows alone, and the section that denies them."""

    one: World
    other: World
    section: Section

    @property
    def policy(self) -> Fixed:
        return Fixed(Rights(frozenset({"r"}), self.section, audit=False))


def here(force: Force, fact: str) -> list[Told]:
    return [told for told in force.fields.values() if fact in told.columns]


@st.composite
def chosen(draw: st.DrawFn, force: Force, fact: str) -> Chosen:
    """A conjunction of clauses on fields of a fact."""
    able = [told for told in here(force, fact) if told.type in COUNTABLE]
    some: list[Told] = draw(st.lists(either(able), min_size=1, max_size=2, unique_by=lambda told: str(told.short)))
    return tuple(sorted((told.short, draw(st.frozensets(either(WRITTEN[told.type]), min_size=1, max_size=3))) for told in some))


@st.composite
def sections(draw: st.DrawFn, force: Force) -> Section:
    """What is seen: of some facts nothing, of some all, of most some rows; some fields hidden or masked, but those that must be read."""
    facts = []
    needed = {name for several in force.base.values() for _, (name, _) in several}
    for fact in force.frames:
        able = [told for told in here(force, fact) if told.type in COUNTABLE]
        if fact != force.lead() and not draw(st.integers(0, 5)):
            continue
        some = bool(able) and draw(st.integers(0, 4)) > 0
        rows: list[Chosen] | None = draw(st.lists(chosen(force, fact), max_size=2)) if some else None
        names = [name for name, told in force.fields.items() if fact in told.columns and name not in needed and told.short != "kind"]
        several = bool(names) and draw(st.booleans())
        kept: frozenset[str] = draw(st.frozensets(either(names), max_size=2)) if several else frozenset()
        shorts = sorted(force.fields[name].short for name in kept)
        hidden = frozenset(short for short in shorts if draw(st.booleans()))
        facts.append((fact, Sight(None if rows is None else tuple(dict.fromkeys(rows)), hidden, frozenset(shorts) - hidden)))
    return Section(tuple(facts))


def permits(force: Force, section: Section, fact: str) -> pl.Expr:
    """Return whether each row of a fact is seen."""
    sight = dict(section.facts or ()).get(fact)
    if sight is None or sight.rows is None:
        return pl.lit(sight is not None)
    columns = {told.short: told.columns[fact] for told in here(force, fact)}
    seen = pl.lit(False)
    for each in sight.rows:
        passing = pl.lit(True)
        for short, values in each:
            column = pl.col(columns[short])
            texts = column.cast(pl.String) if column is not None else column
            passing = passing & texts.is_in(sorted(value for value in values if value is not None)).fill_null(False)
        seen = seen | passing
    return seen


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    """A world and what it would be if other rows were denied."""
    one = draw(worlds())
    force = one.force
    section = draw(sections(force))
    graded = 'grade = "kind"' in one.model
    frames = {}
    for fact, rows in force.frames.items():
        ending = force.ending
        others = draw(frame(fact, force.fields, ending, graded and fact == force.lead()))
        seen = permits(force, section, fact)
        denied = others.filter(~seen).with_columns((pl.int_range(pl.len()) + 100).alias("id"))
        kept = rows.filter(seen)
        sight = dict(section.facts).get(fact, Sight())  # type: ignore[arg-type]
        told_by = {short for each in sight.rows or () for short, _ in each}
        for told in here(force, fact):
            if told.type != "area" and told.short in (sight.hidden | sight.masked) - told_by and len(others):
                column = told.columns[fact]
                values = [others[column][n % len(others)] for n in range(len(kept))]
                kept = kept.with_columns(pl.Series(column, values, dtype=kept.schema[column]))
        order = draw(st.booleans())
        frames[fact] = pl.concat([kept, denied] if order else [denied, kept])
    return Pair(one, replace(one, force=replace(force, frames=frames)), section)


@dataclass(frozen=True)
class Round:
    """What happens to both worlds: rows that go (by number) and come, all of them seen; and to one of them, none of them seen."""

    gone: int
    come: dict[str, pl.DataFrame]
    other_gone: int
    other_come: dict[str, pl.DataFrame]


@st.composite
def rounds(draw: st.DrawFn, pair: Pair, number: int) -> Round:
    """Rows of other worlds, those that are seen apart from those that aren't."""
    seen: dict[str, pl.DataFrame] = {}
    denied: dict[str, pl.DataFrame] = {}
    for fact in pair.one.force.frames:
        rows = draw(frame(fact, pair.one.force.fields, pair.one.force.ending, False))
        permitted = permits(pair.one.force, pair.section, fact)
        for place, made, which in ((200, seen, permitted), (300, denied, ~permitted)):
            some = rows.filter(which).head(draw(st.integers(0, 2)))
            made[fact] = some.with_columns((pl.int_range(pl.len()) + place + 10 * number).alias("id"))
    return Round(draw(st.integers(0, 3)), seen, draw(st.integers(0, 3)), denied)


def happen(store: Store, pair: Pair, gone: int, come: dict[str, pl.DataFrame], seen: bool) -> dict[str, frozenset[str]]:
    """Write a round to a store in one commit, and return the keys touched."""
    touched: dict[str, frozenset[str]] = {}
    told: Touched = {}
    with store.write(told) as cursor:
        for fact, rows in come.items():
            permitted = permits(pair.one.force, pair.section, fact)
            held = pl.DataFrame(cursor.execute(f"from base.told_{fact}").fetchall(), schema=rows.schema, orient="row")
            there = sorted(held.filter(permitted if seen else ~permitted)["id"].to_list())[:gone]
            for id in there:
                cursor.execute(f"delete from base.told_{fact} where id = {id}")
            for row in rows.rows():
                cursor.execute(f"insert into base.told_{fact} values ({', '.join('?' * len(row))})", list(row))
            if keys := frozenset(map(str, (*there, *rows["id"].to_list()))):
                touched[fact] = told[fact] = keys
    return touched


def tried(call: Callable[[], Any]) -> str:
    """Return in words what a call gives, or says where it fails."""
    try:
        return repr(call())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


@dataclass(frozen=True)
class Sitting:
    """What is asked: under a selection, of some field, at some time, with these drills."""

    world: World
    number: int
    section: Section

    @property
    def selection(self) -> Selection:
        """The world's selection, mostly as far as its fields are seen."""
        held = self.world.selection
        if self.number % 5 == 0:
            return held
        for name in held.fields():
            told = self.world.force.fields[name]
            sights = [sight for fact, sight in self.section.facts or () if fact in told.columns]
            if all(told.short in sight.hidden for sight in sights):
                held = held.unlock(name).clear(name)
        return held

    @property
    def names(self) -> list[str]:
        return sorted(self.world.force.fields)

    def drills(self) -> tuple[Drill, ...]:
        return tuple(Drill(each.name, tuple(map(text_of, each.path))) for each in self.world.panels if each.path)

    def times(self) -> tuple[Any, ...]:
        return None, self.world.force.now, self.world.force.now - timedelta(minutes=55)

    def questions(self) -> list[Question]:
        maps = tuple(Shown(each.name, "", each.fields[0], (0.2, 0.1)) for each in self.world.panels if each.kind == "map")
        made = [Question("app", selection, at, drills=self.drills()) for selection in (Selection(), self.selection) for at in self.times()]
        return [*made, replace(made[-1], maps=maps), replace(made[0], app="apq"), replace(made[0], panels=("panel9",))]

    def clauses(self) -> list[tuple[str, ...]]:
        force = self.world.force
        texts = [
            f"{name}={text}" for name in self.names for text in (*WRITTEN.get(force.fields[name].type, ["box(-3,51,-2,52)"]), "(none)")
        ]
        return [(text,) for text in (*texts, "nonesuch=1", "kindd=a", "place=nowhero", *(f"{fact}.place=a" for fact in force.frames))]


Calls = list[Callable[[], Any]]


def _crosses(desk: StoreDesk, it: Sitting) -> Calls:
    at, selection = it.times()[1], it.selection
    made = [Cross(fact, (name,), ("count", "n"), selection, at) for fact in it.world.force.frames for name in it.names]
    return [partial(desk.cross, VIEWER, each) for each in made]


def _rows(desk: StoreDesk, it: Sitting) -> Calls:
    facts, now, selection = it.world.force.frames, it.times()[1], it.selection
    made = [RowsQuestion("", "", fact, (), selection, at) for fact in facts for at in it.times()]
    for each in it.world.panels:
        cells = [((name, text),) for name in each.fields[:1] for text in WRITTEN[it.world.force.fields[name].type]]
        made += [RowsQuestion("app", each.name, "", cell, selection, now) for cell in ((), *cells)]
    made += [RowsQuestion("", "", fact, (), Selection(), now, 1, 3, ((name, True),), (name,)) for fact in facts for name in it.names]
    return [partial(desk.rows, VIEWER, each) for each in made]


def _searches(desk: StoreDesk, it: Sitting) -> Calls:
    asked = [(text, at) for text in ("a", "c", "2026", "Imm", "mask", "") for at in it.times()[1:]]
    return [partial(desk.search, VIEWER, "app", text, it.selection, at) for text, at in asked]


def _commands(desk: StoreDesk, it: Sitting) -> Calls:
    made = [Command("1", "acknowledge", (("kind", "immediate"), ("key", key))) for key in ("1", "101", "nonesuch")]
    return [partial(desk.command, VIEWER, each) for each in made]


def _extracts(desk: StoreDesk, it: Sitting) -> Calls:
    def extracted(fact: str, at: datetime | None) -> list[str]:
        """Return all that the file of a fact holds but when it was made."""
        made = desk.extract(VIEWER, Extract("a", "duckdb", datetime(2100, 1, 1), (fact,), it.selection, at))
        held = b""
        while piece := desk.piece(VIEWER, made.token, len(held)):
            held += piece
        with TemporaryDirectory() as folder:
            path = Path(folder) / "a.duckdb"
            path.write_bytes(held)
            with duckdb.connect(path, read_only=True) as file:
                tables = [name for (name,) in file.execute("select table_name from duckdb_tables() order by table_name").fetchall()]
                return [repr((name, file.execute(f'from "{name}"').fetchall())) for name in tables if name != "extract"]

    facts = it.world.force.frames
    return [partial(extracted, fact, at) for fact in list(facts)[it.number % len(facts) :][:1] for at in it.times()[1:2]]


CALLS: dict[str, Callable[[StoreDesk, Sitting], Calls]] = {
    "apps": lambda desk, it: [partial(desk.apps, VIEWER)],
    "memory": lambda desk, it: [partial(desk.memory, VIEWER)],
    "marking": lambda desk, it: [partial(desk.marking, VIEWER)],
    "fields": lambda desk, it: [partial(desk.fields, VIEWER, fact) for fact in (*it.world.force.frames, "alphb")],
    "ask": lambda desk, it: [partial(desk.ask, VIEWER, each) for each in it.questions()],
    "ask_panel": lambda desk, it: [partial(desk.ask_panel, VIEWER, it.questions()[1], each.name) for each in it.world.panels],
    "quick": lambda desk, it: [partial(desk.quick, VIEWER, app) for app in ("app", "apq")],
    "focus": lambda desk, it: [partial(desk.focus, VIEWER, Question("app", it.selection), each.name) for each in it.world.panels],
    "cross": _crosses,
    "rows": _rows,
    "search": _searches,
    "resolve": lambda desk, it: [partial(desk.resolve, VIEWER, texts, (), "app", it.times()[1]) for texts in it.clauses()],
    "reach": lambda desk, it: [partial(desk.reach, VIEWER, fact, name) for fact in it.world.force.frames for name in it.names],
    "command": _commands,
    "refusal": lambda desk, it: [partial(desk.refusal, VIEWER, "acknowledge")],
    "used": lambda desk, it: [partial(desk.used, VIEWER, "ask")],
    "keep": lambda desk, it: [partial(desk.keep, VIEWER, Kept("seat", NOW, Screen("app"), History(now=it.selection)))],
    "kept": lambda desk, it: [partial(desk.kept, VIEWER)],
    "facts": lambda desk, it: [desk.facts],
    "viewer": lambda desk, it: [desk.viewer],
    "away": lambda desk, it: [partial(StoreDesk.away, desk)],
    "pace": lambda desk, it: [partial(desk.pace, VIEWER, 5.0)],
    "cancel": lambda desk, it: [partial(desk.cancel, VIEWER, "t")],
    "reasons": lambda desk, it: [partial(desk.reasons, VIEWER)],
    "explain": lambda desk, it: [partial(desk.explain, VIEWER, Reason("supervision"))],
    "reason": lambda desk, it: [partial(desk.reason, VIEWER)],
    "disclose": lambda desk, it: [partial(desk.disclose, VIEWER, Leaving("copy", "app", "clipboard", "a row"))],
    "extract": _extracts,
    "piece": lambda desk, it: [partial(desk.piece, VIEWER, "nonesuch", 0)],
    "audit_head": lambda desk, it: [partial(desk.audit_head, VIEWER)],
    "audit_verdict": lambda desk, it: [partial(desk.audit_verdict, VIEWER, ())],
    "audit_rows": lambda desk, it: [partial(desk.audit_rows, VIEWER, AuditAsked())],
    "subscribe": lambda desk, it: [],  # what it tells is compared where something happens
    "close": lambda desk, it: [],
}


def entry_points() -> Collection[str]:
    """Return every method of the protocol."""
    return {name for name, _ in inspect.getmembers(protocol.Desk, inspect.isfunction) if not name.startswith("_")}


def told(desk: StoreDesk, sitting: Sitting, most: int) -> dict[str, list[str]]:
    """Return what each call gives, of many of one method some."""
    made = {}
    for name, calls in CALLS.items():
        every = calls(desk, sitting)
        step = max(1, -(-len(every) // most))
        made[name] = [tried(call) for call in every[sitting.number % step :: step]]
    return made


def with_own(world: World) -> World:
    """Return a world whose app has a panel of own SQL over each fact too, and whose facts name one another by their keys."""
    app, model = world.app.removesuffix("[layout.wide]"), world.model
    facts = list(world.force.frames)
    for n, fact in enumerate(facts):
        named = facts[(n + 1) % len(facts)]
        model = model.replace(f'[fact.{fact}]\ntitle = "{fact}"\n', f'[fact.{fact}]\ntitle = "{fact}"\nnames = {{ ka = "{named}.kb" }}\n')
        columns = [
            {"name": name, "title": name}
            for name in ("id", "n", "ka", "kb", "lon", *(told.columns[fact] for told in here(world.force, fact) if told.type != "area"))
        ]
        said = ", ".join(f'{{ name = "{each["name"]}", title = "{each["title"]}" }}' for each in columns)
        app += f'[[panel]]\nname = "own_{fact}"\ntitle = "own"\nkind = "table"\nfact = "{fact}"\nsql = "own_{fact}"\ncolumns = [{said}]\n'
    return replace(world, app=f"{app}[layout.wide]", model=model)


def own_sql(fact: str) -> str:
    """Return the SQL of a panel of a fact's rows."""
    return f"-- one row a row\nselect * from {fact}($now) where /* scope: {fact} */ true order by id"

"""A Desk in memory over lists: every count is made by filtering them, so a selection re-filters everything honestly."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from console.app.words import as_text
from console.desk.answer import (
    Alert,
    Answer,
    Column,
    Hit,
    Marker,
    Measure,
    PanelAnswer,
    Row,
    Rows,
    SourceState,
    State,
    Value,
)
from console.desk.desk import Change, Command, Cross, Interrupted, Question, RowsQuestion, Unknown, Viewer
from console.desk.grammar import clause, merged, split
from console.desk.page import App, PanelSpec
from console.desk.selection import Area, Box, Circle, Clause, Range, Selection, Values
from tests.app.world import AGES, CONTROL, FREE, GRADES, NOW, TYPES_APP, Thing, incidents, units

ORDER = {"grade": GRADES, "age": AGES}
PLACE = ("district", "sector", "beat", "area")
COLUMNS = {"incident": ("ref", "grade", "type", "location", "beat", "waiting", "status"),
           "unit": ("callsign", "state", "state_s", "beat", "unit.ref")}  # fmt: skip
KEYS = {"incident": "ref", "unit": "callsign"}
SECONDS = ("waiting", "to_target", "state_s")


class FakeDesk:
    """The Desk protocol over lists of things; `failing` names panels that fail, `gate` holds answers back."""

    def __init__(self, count: int = 312) -> None:
        """Make the world."""
        self.incidents = incidents(count)
        self.units = units(self.incidents)
        self.now, self.version, self.live = NOW, 1, True
        self.failing: dict[str, str] = {}
        self.alerts: list[Alert] = []
        self.heard: datetime | None = None
        self.commands: list[Command] = []
        self.usage: list[tuple[str, Value]] = []
        self.asked: list[Question] = []
        self.gate: threading.Event | None = None
        self.closed = False
        self._notify: list[Callable[[Change], None]] = []
        self._tickets: Counter[str] = Counter()

    # the protocol ----------------------------------------------------------------------------------------------------

    def apps(self, viewer: Viewer) -> tuple[App, ...]:
        """See Desk."""
        return (CONTROL, TYPES_APP)

    def ask(self, viewer: Viewer, question: Question) -> Answer:
        """See Desk."""
        self.asked.append(question)
        self._tickets[question.ticket] += 1
        turn = self._tickets[question.ticket]
        if self.gate is not None:
            self.gate.wait(10)
        if self._tickets[question.ticket] != turn:
            raise Interrupted
        app = next(each for each in self.apps(viewer) if each.name == question.app)
        names = [spec.name for spec in app.panels] if question.panels is None else question.panels
        panels = tuple(self._panel(app.panel(name), question) for name in names)
        shown = self.passing("incident", question.selection)
        hidden = sum(each["grade"] == "Immediate" for each in self.incidents) - sum(
            each["grade"] == "Immediate" for each in shown
        )
        alerts = tuple(replace(alert, hidden=alert.key not in {each["ref"] for each in shown}) for alert in self.alerts)
        live = self.live and question.at is None
        source = SourceState("simulator", "Simulator", self.heard, None, bool(self.heard and self.now - self.heard > timedelta(seconds=20)),
                             True, 0, 0)  # fmt: skip
        return Answer(
            app.name,
            self.now,
            live,
            self.version,
            len(shown),
            len(self.incidents),
            hidden,
            panels,
            alerts,
            (source,),
            app.noun,
        )

    def ask_panel(self, viewer: Viewer, question: Question, panel: str) -> PanelAnswer:
        """See Desk."""
        return self.ask(viewer, replace(question, panels=(panel,))).panels[0]

    def cross(self, viewer: Viewer, cross: Cross) -> Answer:
        """See Desk."""
        raise NotImplementedError

    def rows(self, viewer: Viewer, question: RowsQuestion) -> Rows:
        """See Desk."""
        app = next(each for each in self.apps(viewer) if each.name == question.app)
        spec = app.panel(question.panel)
        exempt = (*spec.fields, "area") if spec.kind == "map" else spec.fields if question.at_values else ()
        found = self.passing(spec.fact, question.selection, exempt)
        found = [each for each in found if self._given(spec.name, each)]
        for name, value in question.at_values:
            found = [each for each in found if as_text(each[name]) == value]
        for drill in question.drills:
            if drill.panel == spec.name and question.at_values:
                found = [
                    each for each in found if all(each[f] == v for f, v in zip(spec.fields, drill.path, strict=False))
                ]
        for name, down in reversed(question.sort):
            found.sort(key=lambda each: (each[name] is None, each[name] or 0), reverse=down)
        names = question.columns or COLUMNS[spec.fact]
        page = found[question.offset : question.offset + question.limit]
        return Rows(
            spec.fact,
            columns(names),
            tuple(self._row(spec.fact, each, names) for each in page),
            question.offset,
            len(found),
            self.now,
        )

    def search(
        self, viewer: Viewer, app: str, text: str, selection: Selection, at: datetime | None = None
    ) -> tuple[Hit, ...]:
        """See Desk."""
        made = []
        for fact, name in (
            ("incident", "district"),
            ("incident", "beat"),
            ("incident", "type"),
            ("incident", "ref"),
            ("unit", "callsign"),
        ):
            counts = Counter(each[name] for each in self.passing(fact, selection, (name,)))
            made += [
                Hit(name, name.title(), value, count, State.POSSIBLE)
                for value, count in counts.items()
                if text.lower() in value.lower()
            ]
        return tuple(sorted(made, key=lambda hit: -hit.count)[:50])

    def resolve(self, texts: tuple[str, ...], locks: tuple[str, ...] = (), app: str = "") -> Selection:
        """See Desk."""
        selection = Selection()
        for text in texts:
            name, rest = split(text)
            if name not in (*self.incidents[0], *self.units[0], "area"):
                raise Unknown(f"no field {name!r}: did you mean type?")
            made = clause(rest, "area" if name == "area" else "text")
            selection = selection.with_clause(name, merged(selection.clause(name), made))
        for name in locks:
            selection = selection.lock(name)
        return selection

    def reach(self, fact: str, field: str) -> bool:
        """See Desk."""
        return field == "area" or field in (self.incidents if fact == "incident" else self.units)[0]

    def command(self, viewer: Viewer, command: Command) -> str:
        """See Desk."""
        self.commands.append(command)
        said = dict(command.args)
        self.alerts = [alert for alert in self.alerts if alert.key != said["key"]]
        return f"{said['key']} acknowledged by {said['by']}"

    def subscribe(self, notify: Callable[[Change], None]) -> Callable[[], None]:
        """See Desk."""
        self._notify.append(notify)
        return lambda: self._notify.remove(notify)

    def used(self, viewer: Viewer, action: str, detail: Value = None, app: str = "") -> None:
        """See Desk."""
        self.usage.append((action, detail))

    def cancel(self, ticket: str) -> None:
        """See Desk."""
        self._tickets[ticket] += 1

    def close(self) -> None:
        """See Desk."""
        self.closed = True

    # the world ---------------------------------------------------------------------------------------------------------

    def change(self, *facts: str) -> None:
        """Tell the screens of a new version."""
        self.version += 1
        for notify in self._notify:
            notify(Change(self.version, frozenset(facts)))

    def passing(self, fact: str, selection: Selection, exempt: Iterable[str] = ()) -> list[Thing]:
        """Return the things that pass the clauses that reach them, but for some fields."""
        things = self.incidents if fact == "incident" else self.units
        held = [(name, each) for name, each in selection.clauses if name not in exempt and self.reach(fact, name)]
        return [thing for thing in things if all(passes(thing, name, each) for name, each in held)]

    def _given(self, panel: str, thing: Thing) -> bool:
        if panel == "unresourced":
            return thing["status"] == "waiting" and thing["grade"] != "Resolution"
        if panel == "breached":
            return thing["to_target"] is not None and thing["to_target"] < 0
        if panel == "immediate_waiting":
            return thing["status"] == "waiting" and thing["grade"] == "Immediate"
        return thing["state"] in (*FREE, "Committed deployable") if panel == "deployable" else True

    def _figure(self, name: str, things: list[Thing]) -> float | int | None:
        if name == "utilisation":
            return (
                100 * sum(each["state"] in ("En route", "At scene") for each in things) / len(things)
                if things
                else None
            )
        if name == "longest":
            return max((each["waiting"] for each in things), default=None)
        return sum(self._given(name, each) for each in things)

    def _panel(self, spec: PanelSpec, question: Question) -> PanelAnswer:
        unreached = tuple(name for name in question.selection.fields() if not self.reach(spec.fact, name))
        unit = {"utilisation": "%", "longest": "s"}.get(spec.name, "")
        blank = PanelAnswer(
            spec.name, spec.title, spec.kind, spec.fact, spec.fields, (Measure("count", "Open", unit),), (), unreached
        )
        if spec.name in self.failing:
            return replace(blank, error=self.failing[spec.name], measures=())
        if spec.kind == "kpi":
            figures = [
                self._figure(spec.name, self.passing(spec.fact, which)) for which in (question.selection, Selection())
            ]
            return replace(
                blank,
                measures=(*blank.measures, Measure("force", "Force", unit)),
                rows=(Row((), None, tuple(figures)),),
            )
        if spec.kind == "table":
            found = self.passing(spec.fact, question.selection)
            found.sort(key=lambda each: (-each.get("points", 0), each[KEYS[spec.fact]]))
            rows = tuple(self._row(spec.fact, each, spec.columns) for each in found[:400])
            return replace(blank, rows=rows, columns=columns(spec.columns), total=len(found), measures=())
        if spec.kind == "series":
            return self._hours(blank, question.selection)
        if spec.kind == "profile":
            return self._profile(blank, question.subject)
        return self._values(blank, spec, question)

    def _values(self, blank: PanelAnswer, spec: PanelSpec, question: Question) -> PanelAnswer:
        path = next((drill.path for drill in question.drills if drill.panel == spec.name), ())
        fields = spec.fields[min(len(path), len(spec.fields) - 1) :][:1] if spec.drill else spec.fields
        exempt = (*spec.fields, "area") if spec.kind == "map" else spec.fields
        within = [f for f in zip(spec.fields, path, strict=False)]
        base = [
            t for t in (self.incidents if spec.fact == "incident" else self.units) if all(t[n] == v for n, v in within)
        ]
        inside = [t for t in self.passing(spec.fact, question.selection, exempt) if all(t[n] == v for n, v in within)]
        counts = Counter(tuple(thing[name] for name in fields) for thing in inside)
        cells = sorted(
            {tuple(thing[name] for name in fields) for thing in base},
            key=lambda cell: self._place(fields, cell, counts[cell]),
        )
        rows = [
            Row(
                tuple(zip(fields, cell, strict=True)),
                state(fields, cell, counts[cell], question.selection),
                (counts[cell],),
            )
            for cell in cells
        ]
        markers = self._markers(question.selection) if spec.kind == "map" else ()
        return replace(
            blank, rows=tuple(rows), fields=fields, levels=spec.fields if spec.drill else (), markers=markers
        )

    def _place(self, fields: Iterable[str], cell: tuple[Any, ...], count: int) -> tuple[Any, ...]:
        placed = [ORDER[name].index(value) for name, value in zip(fields, cell, strict=True) if name in ORDER]
        return (placed, -count, str(cell))

    def _markers(self, selection: Selection) -> tuple[Marker, ...]:
        jobs = [
            t for t in self.passing("incident", selection, ("beat", "area")) if t["grade"] in ("Immediate", "Priority")
        ][:40]
        made = [
            Marker("incident", t["ref"], t["lon"], t["lat"], t["grade"][0], f"{t['ref']} {t['type']}") for t in jobs
        ]
        return (
            *made,
            *(
                Marker("unit", t["callsign"], t["lon"], t["lat"], ".", t["callsign"])
                for t in self.passing("unit", selection, ("beat", "area"))[:30]
            ),
        )

    def _hours(self, blank: PanelAnswer, selection: Selection) -> PanelAnswer:
        start = self.now.replace(minute=0) - timedelta(hours=24)
        share = len(self.passing("incident", selection)) / max(1, len(self.incidents))
        rows = []
        for n in range(29):
            wave = 30 + 20 * abs((n + 15) % 24 - 12) / 12
            past = n <= 24
            there = 45.0 - n % 5
            rows.append(Row((("hour", start + timedelta(hours=n)),), None,
                            (wave * share if past else None, there if past else None, wave * share * 1.1, wave * share * 0.9, wave * share * 1.3, there)))  # fmt: skip
        names = ("demand", "availability", "expected", "expected_low", "expected_high", "expected_availability")
        measures = tuple(Measure(name, name.replace("_", " "), "") for name in names)
        return replace(blank, rows=tuple(rows), fields=("hour",), measures=measures)

    def _profile(self, blank: PanelAnswer, subject: str | None) -> PanelAnswer:
        names = ("section", "label", "value", "detail", "field", "key")
        lines: list[tuple[Value, ...]] = []
        for fact in ("incident", "unit"):
            for thing in self.incidents if fact == "incident" else self.units:
                if thing[KEYS[fact]] == subject and blank.fact == fact:
                    lines = [(fact.title(), name, as_text(value), "", None, None) for name, value in thing.items()]
                    lines.append(("Place", "Beat", thing["beat"], thing["district"], "beat", thing["beat"]))
                    lines += [("Units", unit["callsign"], unit["state"], "", "callsign", unit["callsign"]) for unit in self.units
                              if unit["unit.ref"] == subject]  # fmt: skip
        return replace(
            blank,
            measures=(),
            columns=tuple(Column(name, name, "text") for name in names),
            rows=tuple(Row((), None, (), line) for line in lines),
        )

    def _row(self, fact: str, thing: Thing, names: Iterable[str]) -> Row:
        return Row(((KEYS[fact], thing[KEYS[fact]]),), None, (), tuple(thing[name] for name in names))


def columns(names: Iterable[str]) -> tuple[Column, ...]:
    """Return the columns of some fields."""
    made = []
    for name in names:
        seconds = name in SECONDS
        type = "number" if seconds else "integer" if name == "points" else "instant" if name == "created" else "text"
        made.append(Column(name, name.replace("_", " ").title(), type, "s" if seconds else ""))
    return tuple(made)


def passes(thing: Thing, name: str, held: Clause) -> bool:
    """Return whether a thing passes a clause."""
    if isinstance(held, Values):
        return as_text(thing[name]) in held.values
    if isinstance(held, Range):
        return (held.low is None or thing[name] >= held.low) and (held.high is None or thing[name] < held.high)
    assert isinstance(held, Area)
    return any(_inside(thing, shape) for shape in held.shapes)


def _inside(thing: Thing, shape: object) -> bool:
    if isinstance(shape, Box):
        return shape.west <= thing["lon"] < shape.east and shape.south <= thing["lat"] < shape.north
    assert isinstance(shape, Circle)
    across, up = (thing["lon"] - shape.lon) * 69_300, (thing["lat"] - shape.lat) * 111_195
    return bool((across**2 + up**2) ** 0.5 <= shape.metres)


def state(fields: Iterable[str], cell: tuple[Any, ...], held: int, selection: Selection) -> State:
    """Return the state of a value or cell."""
    clauses = {
        name: (made, value)
        for name, value in zip(fields, cell, strict=True)
        if (made := selection.clause(name)) is not None
    }
    chosen = bool(clauses) and all(as_text(value) in getattr(made, "values", ()) for made, value in clauses.values())
    if chosen and all(name in selection.locks for name in clauses):
        return State.LOCKED
    if not held:
        return State.SELECTED_EXCLUDED if chosen else State.EXCLUDED
    return State.POSSIBLE if not clauses else State.SELECTED if chosen else State.ALTERNATIVE

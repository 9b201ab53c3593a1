"""What the fake desk counts: every number by filtering lists."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import shapely

from console.app.drawing.words import as_text
from console.desk.answer import Column, Marker, Measure, PanelAnswer, Row, State, Value
from console.desk.desk import Question
from console.desk.page import PanelSpec
from console.desk.selection import Area, Box, Circle, Clause, Polygon, Range, Selection, Values
from tests.app.world import AGES, FREE, GRADES, NOW, Thing, incidents, units

ORDER = {"grade": GRADES, "age": AGES}
COLUMNS = {
    "incident": ("ref", "grade", "type", "location", "beat", "waiting", "status"),
    "unit": ("callsign", "state", "state_s", "beat", "unit.ref"),
}
KEYS = {"incident": "ref", "unit": "callsign"}
SECONDS = ("waiting", "to_target", "state_s")


class Reckoning:
    """Incidents and units, and the panels' answers over them; `failing` names panels that fail, with their words."""

    def __init__(self, count: int) -> None:
        """Make the world."""
        self.incidents = incidents(count)
        self.units = units(self.incidents)
        self.now = NOW
        self.failing: dict[str, str] = {}
        self.lines: list[tuple[Value, ...]] = []  # more lines of every incident's page

    def reaches(self, fact: str, field: str) -> bool:
        """Return whether a clause on the field reaches the fact."""
        return field == "area" or field in (self.incidents if fact == "incident" else self.units)[0]

    def passing(self, fact: str, selection: Selection, exempt: Iterable[str] = ()) -> list[Thing]:
        """Return the things that pass the clauses that reach them, but for some fields."""
        things = self.incidents if fact == "incident" else self.units
        held = [(name, each) for name, each in selection.clauses if name not in exempt and self.reaches(fact, name)]
        return [thing for thing in things if all(passes(thing, name, each) for name, each in held)]

    def given(self, panel: str, thing: Thing) -> bool:
        """Return whether a thing is one that a headline counts."""
        if panel == "unresourced":
            return bool(thing["status"] == "waiting" and thing["grade"] != "Resolution")
        if panel == "breached":
            return bool(thing["to_target"] is not None and thing["to_target"] < 0)
        if panel == "immediate_waiting":
            return bool(thing["status"] == "waiting" and thing["grade"] == "Immediate")
        return thing["state"] in (*FREE, "Committed deployable") if panel == "deployable" else True

    def _figure(self, name: str, things: list[Thing]) -> float | int | None:
        if name == "utilisation":
            return 100 * sum(each["state"] in ("En route", "At scene") for each in things) / len(things) if things else None
        if name == "longest":
            return max((each["waiting"] for each in things), default=None)
        return sum(self.given(name, each) for each in things)

    def panel(self, spec: PanelSpec, question: Question) -> PanelAnswer:
        """Return a panel's answer."""
        unreached = tuple(name for name in question.selection.fields() if not self.reaches(spec.fact, name))
        unit = {"utilisation": "%", "longest": "s"}.get(spec.name, "")
        blank = PanelAnswer(spec.name, spec.title, spec.kind, spec.fact, spec.fields, (Measure("count", "Open", unit),), (), unreached)
        if spec.name in self.failing:
            return replace(blank, error=self.failing[spec.name], measures=())
        if spec.kind == "kpi":
            figures = [self._figure(spec.name, self.passing(spec.fact, which)) for which in (question.selection, Selection())]
            return replace(
                blank,
                measures=(*blank.measures, Measure("force", "Force", unit)),
                rows=(Row((), None, tuple(figures)),),
            )
        if spec.kind == "table":
            found = self.passing(spec.fact, question.selection)
            found.sort(key=lambda each: (-each.get("points", 0), each[KEYS[spec.fact]]))
            rows = tuple(self.row(spec.fact, each, spec.columns) for each in found[:400])
            return replace(blank, rows=rows, columns=columns(spec.columns), total=len(found), measures=())
        if spec.kind == "series":
            return self._hours(blank, question.selection)
        if spec.kind == "profile":
            return self._profile(blank, question.subject)
        return self._values(blank, spec, question)

    def _values(self, blank: PanelAnswer, spec: PanelSpec, question: Question) -> PanelAnswer:
        path = next((drill.path for drill in question.drills if drill.panel == spec.name), ())
        shown = next((each for each in question.maps if each.panel == spec.name), None)
        fields = spec.fields[min(len(path), len(spec.fields) - 1) :][:1] if spec.drill else spec.fields
        fields = (shown.level,) if shown and shown.level else fields
        exempt = (*fields, "area") if spec.kind == "map" else spec.fields
        within = list(zip(spec.fields, path, strict=False))
        base = [t for t in (self.incidents if spec.fact == "incident" else self.units) if all(t[n] == v for n, v in within)]
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
        made = replace(blank, rows=tuple(rows), fields=fields, levels=spec.fields if spec.drill else (), markers=markers)
        return layered(replace(made, shown=shown), inside)

    def _place(self, fields: Iterable[str], cell: tuple[Any, ...], count: int) -> tuple[Any, ...]:
        placed = [ORDER[name].index(value) for name, value in zip(fields, cell, strict=True) if name in ORDER]
        return (placed, -count, str(cell))

    def _markers(self, selection: Selection) -> tuple[Marker, ...]:
        jobs = [t for t in self.passing("incident", selection, ("beat", "area")) if t["grade"] in ("Immediate", "Priority")][:40]
        made = [Marker("incident", t["ref"], t["lon"], t["lat"], t["grade"][0], f"{t['ref']} {t['type']}") for t in jobs]
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
            rows.append(
                Row(
                    (("hour", start + timedelta(hours=n)),),
                    None,
                    (
                        wave * share if past else None,
                        there if past else None,
                        wave * share * 1.1,
                        wave * share * 0.9,
                        wave * share * 1.3,
                        there,
                    ),
                )
            )
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
                    lines += self.lines
                    lines.append(("Place", "Beat", thing["beat"], thing["district"], "beat", thing["beat"]))
                    lines += [
                        ("Units", unit["callsign"], unit["state"], "", "callsign", unit["callsign"])
                        for unit in self.units
                        if unit["unit.ref"] == subject
                    ]
        return replace(
            blank,
            measures=(),
            columns=tuple(Column(name, name, "text") for name in names),
            rows=tuple(Row((), None, (), line) for line in lines),
        )

    def row(self, fact: str, thing: Thing, names: Iterable[str]) -> Row:
        """Return a thing as a row of a table."""
        return Row(((KEYS[fact], thing[KEYS[fact]]),), None, (), tuple(thing[name] for name in names))


def layered(made: PanelAnswer, inside: list[Thing]) -> PanelAnswer:
    """Return a map's answer as its layer has it: points summed, so many for each thousand, less than one before, or by square."""
    shown = made.shown
    if shown is None:
        return made
    if shown.square is not None:
        found = Counter((math.floor(t["lon"] / shown.square[0]), math.floor(t["lat"] / shown.square[1])) for t in inside)
        made = replace(made, squares=tuple((x, y, many) for (x, y), many in sorted(found.items())))
    if shown.layer == "points":
        sums = Counter({row.at[0][1]: 0 for row in made.rows})
        for thing in inside:
            sums[thing[made.fields[0]]] += thing["points"]
        rows = tuple(replace(row, values=(sums[row.at[0][1]],)) for row in made.rows)
        return replace(made, measures=(Measure("points", "Points", "points"),), rows=rows)
    if shown.layer == "rate":
        rows = tuple(replace(row, values=((row.values[0] or 0) / 17.7, row.values[0], 17700)) for row in made.rows)
        rated = (Measure("rate", "Open per 1,000 people", "per 1,000 people"), *made.measures, Measure("population", "People", ""))
        return replace(made, measures=rated, rows=rows)
    if shown.difference:
        rows = tuple(replace(row, values=((row.values[0] or 0) - 3, row.values[0], 3)) for row in made.rows)
        against = (Measure("difference", "Open against before", ""), *made.measures, Measure("before", "Mean before", ""))
        return replace(made, measures=against, rows=rows, note="against the mean of the same hour of 8 earlier weeks")
    return made


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
        return bool((held.low is None or thing[name] >= held.low) and (held.high is None or thing[name] < held.high))
    assert isinstance(held, Area)
    return any(_inside(thing, shape) for shape in held.shapes)


def _inside(thing: Thing, shape: object) -> bool:
    if isinstance(shape, Box):
        return bool(shape.west <= thing["lon"] < shape.east and shape.south <= thing["lat"] < shape.north)
    if isinstance(shape, Polygon):
        return shapely.Polygon(shape.corners).buffer(0).contains(shapely.Point(thing["lon"], thing["lat"]))
    assert isinstance(shape, Circle)
    across, up = (thing["lon"] - shape.lon) * 69_300, (thing["lat"] - shape.lat) * 111_195
    return bool((across**2 + up**2) ** 0.5 <= shape.metres)


def state(fields: Iterable[str], cell: tuple[Any, ...], held: int, selection: Selection) -> State:
    """Return the state of a value or cell."""
    clauses = {name: (made, value) for name, value in zip(fields, cell, strict=True) if (made := selection.clause(name)) is not None}
    chosen = bool(clauses) and all(as_text(value) in getattr(made, "values", ()) for made, value in clauses.values())
    if chosen and all(name in selection.locks for name in clauses):
        return State.LOCKED
    if not held:
        return State.SELECTED_EXCLUDED if chosen else State.EXCLUDED
    return State.POSSIBLE if not clauses else State.SELECTED if chosen else State.ALTERNATIVE

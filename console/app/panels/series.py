"""A series: a chart of the measures over the first field, and in words what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from textual.message import Message

from console.app.drawing import glyphs, ink, profile, words
from console.app.drawing.drawn import UNICODE
from console.app.panels.chart import Chart, Curve, draw
from console.app.panels.panel import Panel, Target
from console.desk.answer import Measure, PanelAnswer, Row
from console.desk.page import PanelSpec

LINE = "braille" if UNICODE and profile.now().blocks else "*"
MARKERS = {"expected": ".", "expected_availability": ":"}  # of the measures that no line is drawn for
BAND = ("expected_low", "expected_high")
WAITING = "waiting"  # jobs without a unit at the present step: said, not drawn
STEPS = {"left": -1, "right": 1, "home": -(10**6), "end": 10**6}


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a chart shows, and in how many cells: all that its drawing depends on."""

    curves: tuple[Curve, ...]
    band: tuple[tuple[float | None, float | None], ...]
    labels: tuple[str, ...]
    now: float | None
    size: tuple[int, int]

    def draw(self) -> Chart:
        """Return the chart; slow, so not on the screen's thread."""
        return draw(self.curves, self.band, self.labels, self.now, *self.size)


class Series(Panel):
    """A chart; the cursor moves over its steps and says their numbers."""

    class Wanted(Message):
        """A drawing is wanted for a new answer or size."""

        def __init__(self, panel: Series, drawing: Drawing) -> None:
            """Say what to draw."""
            super().__init__()
            self.panel, self.drawing = panel, drawing

    def __init__(self, spec: PanelSpec) -> None:
        """See Panel."""
        super().__init__(spec)
        self.index = -1
        self.sought = ""  # the text of a step that the cursor is to stand on
        self._chart: Chart | None = None
        self._asked: Drawing | None = None

    def take(self, answer: PanelAnswer, same: bool) -> None:
        """See Panel: the cursor starts at the latest step that isn't ahead."""
        sought, self.sought = self.sought, ""
        self.index = next((n for n, row in enumerate(answer.rows if sought else ()) if repr(row.at) == sought), self.index)
        if self.index < 0 or self.index >= len(answer.rows):
            self.index = round(self._now() or len(answer.rows) - 1)

    def _now(self) -> float | None:
        """Return the place of the present among the steps, if they are instants and it is among them."""
        stamps = [row.at[0][1] for row in self.rows]
        if self.as_of is None or len(stamps) < 2:
            return None
        first, second, last = stamps[0], stamps[1], stamps[-1]
        if not isinstance(first, datetime) or not isinstance(second, datetime) or not isinstance(last, datetime):
            return None
        step = (second - first).total_seconds()
        place = (self.as_of - first).total_seconds() / step if step else -1.0
        return place if 0 <= place <= len(stamps) - 1 else None

    def drawn(self, drawing: Drawing, chart: Chart) -> None:
        """Take a drawing, unless the panel has another size by now."""
        if self._asked is not None and drawing.size == self._asked.size:
            self._chart = chart
            self.redraw()

    def body(self, width: int, height: int) -> list[ink.Line]:
        """See Panel: legend, drawing, a caret under the step, and two lines of words."""
        assert self.answer is not None
        words_below = 1 if height < 9 else 2
        curves = _curves(self.answer, self.rows, self._now())
        legend = self._legend(curves, width)[: 1 if height < 11 else 2]
        high = max(2, height - words_below - 1 - len(legend))
        wanted = Drawing(curves, _band(self.answer, self.rows), self._labels(), self._now(), (width, high))
        if wanted != self._asked:
            self._asked = wanted
            self.post_message(self.Wanted(self, wanted))
        chart = self._chart
        drawing = list(chart.lines)[:high] if chart else [[(" drawing...", ink.PENDING)]]
        drawing += [[] for _ in range(high - len(drawing))]
        below: list[ink.Line] = []
        if chart and self.here and self.index < len(chart.columns):
            below.append([(" " * (chart.left + chart.columns[self.index]) + glyphs.CARET, ink.KEY)])
        else:
            below.append([])
        below.append(self._step_line(width))
        if words_below > 1:
            below.append([(" ", ink.TEXT), (self.summary(), ink.WARN if "short" in self.summary() else ink.TEXT)])
        return [*legend, *drawing, *below][:height]

    def _legend(self, curves: Sequence[Curve], width: int) -> list[ink.Line]:
        titles = [_title(measure) for measure in self.answer.measures] if self.answer else []
        items: list[ink.Line] = []
        for curve in sorted(curves, key=lambda curve: titles.index(curve.title)):
            mark = curve.marker * 2 if curve.marker in ".:" else f"{glyphs.RULE}{curve.letter or glyphs.RULE}"
            items.append([(f"{mark} ", curve.style), (curve.title, ink.DIM)])
        if self.answer and _band(self.answer, self.rows):
            items.append([(glyphs.SHADE * 2, ink.FAINT), (" 80 % band", ink.DIM)])
        return [[("  ", ink.TEXT), *line] for line in ink.wrapped(items, width - 2, 2)]

    def _labels(self) -> tuple[str, ...]:
        made = []
        for row in self.rows:
            value = row.at[0][1] if row.at else None
            made.append(words.local(value).strftime("%H") if isinstance(value, datetime) else words.value(value))
        return tuple(made)

    def step(self, index: int) -> tuple[str, list[str]]:
        """Return a step, and its numbers in words."""
        assert self.answer is not None
        row = self.rows[min(max(index, 0), len(self.rows) - 1)]
        value = row.at[0][1] if row.at else None
        known = {m.name: (m, v) for m, v in zip(self.answer.measures, row.values, strict=False) if v is not None}
        said = [f"{m.title} {words.measured(v, m)}" for m, v in known.values() if m.name not in (*BAND, WAITING)]
        if all(name in known for name in BAND):
            low, high = (words.measured(known[name][1], known[name][0]) for name in BAND)
            said.append(f"80 % band {low} to {high}")
        now = self._now()
        so_far = " so far" if now is not None and int(now) == index else ""
        return words.value(value, self.as_of) + so_far, said

    def _step_line(self, width: int) -> ink.Line:
        step, said = self.step(self.index)
        state = self.rows[min(max(self.index, 0), len(self.rows) - 1)].state
        step = f"{glyphs.GLYPHS[state]} {step}  "
        items: list[ink.Line] = [[(each, ink.TEXT)] for each in said]
        return [(step, ink.HERE if self.here else ink.STRONG), *(ink.wrapped(items, width - ink.width_of(step), 2) or [[]])[0]]

    def summary(self) -> str:
        """Return what the chart means: where demand passes what is there, from now on."""
        assert self.answer is not None
        names = [measure.name for measure in self.answer.measures]
        short: list[tuple[float, datetime]] = []
        ahead, waiting = 0, 0.0
        for row in self.rows:
            known = dict(zip(names, row.values, strict=False))
            waiting += known.get(WAITING) or 0
            at = row.at[0][1] if row.at else None
            if not isinstance(at, datetime) or self.as_of is None or at + timedelta(hours=1) <= self.as_of:
                continue
            demand, there = known.get("expected"), known.get("availability")
            there = known.get("expected_availability") if there is None else there
            if demand is None or not there:
                continue
            ahead += 1
            if demand > there:
                short.append((demand - there, at))
        said = [f"{words.number(waiting)} wait for a unit now"] if waiting else []
        if short:
            said.append("; ".join(f"short {round(by) or '<1'} at {words.local(at):%H:%M}" for by, at in short[:4]))
        elif ahead:
            said.append(f"availability stays above expected demand for the next {ahead} h")
        return "; ".join(said)

    def move(self, key: str) -> bool:
        """See Panel."""
        if key not in STEPS or not self.rows:
            return False
        self.index = max(0, min(self.index + STEPS[key], len(self.rows) - 1))
        return True

    def target(self) -> Target | None:
        """See Panel: a step of a field of the model can be selected; an hour of a query of its own can't."""
        if not self.rows:
            return None
        at = self.rows[min(max(self.index, 0), len(self.rows) - 1)].at
        if not self.spec.fields:
            return Target(refusal="an hour here isn't a value of a field, it is worked out from many rows: select in another panel")
        return Target(at, at)

    def point(self, x: int, y: int) -> bool:
        """See Panel."""
        chart, before = self._chart, self.index
        if chart is None:
            return False
        self.index = min(range(len(chart.columns)), key=lambda n: abs(chart.columns[n] + chart.left - x))
        return before == self.index


def _band(answer: PanelAnswer, rows: Sequence[Row]) -> tuple[tuple[float | None, float | None], ...]:
    names = [measure.name for measure in answer.measures]
    if not all(name in names for name in BAND):
        return ()
    low, high = (names.index(name) for name in BAND)
    return tuple((row.values[low], row.values[high]) for row in rows)


def _curves(answer: PanelAnswer, rows: Sequence[Row], now: float | None) -> tuple[Curve, ...]:
    """Return the curves; of the present step, not yet over, what was asked so far is left to words."""
    made = []
    for n, measure in enumerate(answer.measures):
        if measure.name in (*BAND, WAITING):
            continue
        style, marker = ink.CURVES.get(measure.name, ink.OTHERS[n % len(ink.OTHERS)]), MARKERS.get(measure.name, LINE)
        values = [row.values[n] for row in rows]
        if now is not None and measure.name == "demand":
            values[int(now)] = None
        made.append(Curve(_title(measure), style, marker, tuple(values)))
    made.sort(key=lambda curve: curve.marker == LINE)
    lines = [curve for curve in made if curve.marker == LINE]
    letters = dict(zip(lines, _letters([curve.title for curve in lines]), strict=True)) if len(lines) > 1 else {}
    return tuple(replace(curve, letter=letters.get(curve, "")) for curve in made)


def _letters(titles: Sequence[str]) -> list[str]:
    """Return a letter of each title that no other has: the first that is free, else a digit."""
    made: list[str] = []
    for n, title in enumerate(titles, 1):
        made.append(next((char for char in title if char.isalpha() and char not in made), str(n)))
    return made


def _title(measure: Measure) -> str:
    return f"{measure.title} ({measure.unit})" if measure.unit else measure.title

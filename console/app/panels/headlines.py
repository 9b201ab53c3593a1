"""The headlines: each figure under the selection with the force's beside it, and the cursor among them."""

from __future__ import annotations

from collections.abc import Sequence

from console.app.drawing import bound, glyphs, ink, reader, words
from console.app.panels.panel import Panel, Target
from console.desk.answer import PanelAnswer, Row
from console.desk.page import PanelSpec
from console.desk.selection import Selection

Figure = tuple[str, str, str, bool, bool]  # title, value, beside it, changed, failed

UNKNOWN = "..."  # in the colours of what is written around it, which spares most of their bytes


class Headlines(Panel):
    """A row of kpi panels, in as many lines as there are; what doesn't fit is counted at the end."""

    head = 0

    def __init__(self, specs: Sequence[PanelSpec]) -> None:
        """Show the headlines of these specs."""
        super().__init__(PanelSpec("headlines", "Headlines", "kpi", ""))
        self.specs = tuple(specs)
        self.answers: dict[str, PanelAnswer] = {}
        self.index = 0
        self._changed: dict[str, float] = {}
        self._counted: set[str] = set()
        self._places: list[tuple[int, int, int, int]] = []  # of each figure drawn: its number, line, first cell and end

    @property
    def on(self) -> PanelSpec | None:
        """The kpi that has the cursor."""
        return self.specs[self.index] if self.specs else None

    def told(self, selection: Selection) -> bool:
        """Return whether every figure is of this selection."""
        return not self.specs or (self.selection == selection and all(spec.name in self._counted for spec in self.specs))

    def take_kpi(self, answer: PanelAnswer, selection: Selection, now: float) -> None:
        """Take one figure; it is marked if it changed under the same selection."""
        before = self.answers.get(answer.name)
        if selection != self.selection:
            self.selection = selection
            self._changed.clear()
            self._counted.clear()
        elif answer.name in self._counted and before is not None and before.rows != answer.rows:
            self._changed[answer.name] = now
        self._counted.add(answer.name)
        self.answers[answer.name] = answer

    def fade(self, now: float) -> None:
        """See Panel."""
        kept = {name: since for name, since in self._changed.items() if now - since <= 5}
        if kept != self._changed:
            self._changed = kept
            self.redraw()

    def draw(self, width: int, height: int) -> list[ink.Line]:
        """See Drawn: the fullest wording that fits."""
        figures = [self._figure(spec) for spec in self.specs]
        for way in range(4):
            items = [self._item(n, figure, way) for n, figure in enumerate(figures)]
            lines = ink.wrapped(items, width - 1, 2 if way < 2 else 1)
            if len(lines) <= height:
                break
        gap = 2 if way < 2 else 1
        kept = list(range(len(items)))
        while len(lines) > height and len(kept) > 1:
            kept.pop(0 if self.here and self.index == kept[-1] else -1)
            skipped: ink.Line = [(f"+{len(items) - len(kept)}", ink.KEY)]
            lines = ink.wrapped([*(items[n] for n in kept), skipped], width - 1, gap)
        self._places = _places([(n, ink.length(items[n])) for n in kept], width - 1, gap)
        return [[(" ", ink.TEXT), *line] for line in lines]

    def _figure(self, spec: PanelSpec) -> Figure:
        answer = self.answers.get(spec.name)
        if answer is None:
            return spec.title, UNKNOWN, "", False, False
        if answer.error or not answer.rows:
            return spec.title, "failed" if answer.error else "none", "", False, bool(answer.error)
        value, beside = said(answer, answer.rows[0])
        if answer.rows[0].values[:1] == (None,):
            value = dict(spec.options).get("none", value)
        return spec.title, value, beside, spec.name in self._changed, False

    def _item(self, index: int, figure: Figure, way: int) -> ink.Line:
        title, value, beside, changed, failed = figure
        if way >= 1 and not beside.startswith("of "):
            beside = ""
        if way >= 2:
            beside = beside.replace("of ", "/")
        style = ink.HERE if self.here and index == self.index else ink.DIM
        line: ink.Line = [
            (title.upper() if way < 3 else self.specs[index].short.upper() or title, style),
            (" ", ink.TEXT),
        ]
        line.append((value, ink.CHANGED if changed else ink.WARN if failed else ink.DIM if value == UNKNOWN else ink.STRONG))
        if beside:
            line.append((beside if beside.startswith("/") else f" {beside}", ink.TEXT))
        mark = (" changed" if changed else "") if reader.ON else glyphs.CHANGED if changed else " "  # its cell is kept: no figure jumps
        line.append((mark, ink.CHANGED))
        return line

    def move(self, key: str) -> bool:
        """See Panel."""
        step = {"left": -1, "right": 1, "up": -1, "down": 1, "home": -99, "end": 99}.get(key)
        if step is None:
            return False
        self.index = max(0, min(self.index + step, len(self.specs) - 1))
        return True

    def point(self, x: int, y: int) -> bool:
        """See Panel."""
        pressed = next((n for n, line, start, end in self._places if line == y and start <= x < end), None)
        if pressed is None:
            return False
        before, self.index = self.index, pressed
        return before == pressed

    def target(self) -> Target | None:
        """See Panel."""
        return Target(refusal="a headline counts, it has no value to select") if self.specs else None

    @property
    def answered(self) -> bool:
        """See Panel."""
        return self.on is None or self.on.name in self.answers

    def spoken(self, aside: bool = False) -> str:
        """See Panel: the figure under the cursor."""
        if self.on is None:
            return "This app has no headlines"
        _, value, beside, changed, _ = self._figure(self.on)
        said = words.listed(f"{value} {beside}".strip(), "changed" if changed else "")
        return f"{self.on.title}, headline {self.index + 1} of {len(self.specs)}: {said}. {self.says().partition(': ')[2]}"

    def value(self) -> str:
        """See Panel: the figure under the cursor as it is shown."""
        answer = self.answers.get(self.on.name) if self.on is not None else None
        return " ".join(said(answer, answer.rows[0])).strip() if answer is not None and answer.rows else ""

    def says(self) -> str:
        """Return the figure under the cursor in a sentence, with its definition."""
        if self.on is None:
            return ""
        answer = self.answers.get(self.on.name)
        if answer is not None and answer.error:
            return f"{self.on.title} failed: {answer.error}. {bound.key('again')} asks again"
        notes = [self.on.help, *([answer.note] if answer is not None and answer.note else [])]
        if answer is not None and answer.unreached:
            notes.append(f"{', '.join(words.field(name, self.titles) for name in answer.unreached)} doesn't reach {answer.fact}s")
        return f"{self.on.title}: {' '.join(notes)}"


def _places(lengths: Sequence[tuple[int, int]], width: int, gap: int) -> list[tuple[int, int, int, int]]:
    """Return where `ink.wrapped` puts each figure, a cell further right: its number, line, first cell and end."""
    made: list[tuple[int, int, int, int]] = []
    y = end = 0
    for n, long in lengths:
        start = end + gap if end else 0
        if end and start + long > width:
            y, start = y + 1, 0
        end = start + long
        made.append((n, y, start + 1, end + 1))
    return made


def said(answer: PanelAnswer, row: Row) -> tuple[str, str]:
    """Return a headline's value, and what stands beside it: the force figure, a further measure, texts."""
    units = [measure.unit for measure in answer.measures] or [""]
    values = [words.measure(value, units[min(n, len(units) - 1)]) for n, value in enumerate(row.values)]
    if not values:
        return "none", ""
    value, *rest = values
    parts = []
    if rest:
        if units[0] == "" and isinstance(row.values[0], int) and isinstance(row.values[1], int):
            parts.append(f"of {rest[0]}")
        elif rest[0] != value:
            parts.append(f"(force {rest[0]})")
    parts += [f"{answer.measures[n].title.lower()} {values[n]}" for n in range(2, len(values), 2) if n < len(answer.measures)]
    parts += [words.value(text) for text in row.columns if text is not None]
    return value, " ".join(parts)

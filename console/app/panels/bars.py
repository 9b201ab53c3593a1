"""Bars: the values of a field with their states, counts and bars; a drill-down shows one level at a time."""

from __future__ import annotations

from console.app.drawing import glyphs, ink, profile, words
from console.app.drawing.cursor import Cursor
from console.app.panels.panel import Panel, Target, outside
from console.desk.answer import PanelAnswer, Row
from console.desk.page import PanelSpec

STEPS = {"up": -1, "down": 1, "pageup": -10, "pagedown": 10, "home": -(10**9), "end": 10**9}


class Bars(Panel):
    """A list of values: glyph, name, count, bar."""

    def __init__(self, spec: PanelSpec) -> None:
        """See Panel."""
        super().__init__(spec)
        self.cursor = Cursor()
        self.path: tuple[str | None, ...] = ()

    def take(self, answer: PanelAnswer, same: bool) -> None:
        """See Panel."""
        self.cursor.follow([row.at for row in self.rows], hold=self.here)

    def title(self) -> str:
        """See Panel: a drill-down says the value it stands in."""
        said = self.spec.title
        if self.path:
            level = words.field(self.answer.fields[0], self.titles) if self.answer and self.answer.fields else ""
            said = f"{level} in {words.value(self.path[-1])}"
        unit = self.answer.measures[0].unit if self.answer and self.answer.measures else ""
        return f"{said} ({unit})" if unit else said

    def body(self, width: int, height: int) -> list[ink.Line]:
        """See Panel."""
        assert self.answer is not None
        named = [words.value(row.at[0][1] if row.at else None, self.as_of) for row in self.rows]
        unit = self.answer.measures[0].unit if self.answer.measures else ""
        counts = [words.measure(row.values[0], unit) if row.values else "" for row in self.rows]
        wide = max(map(len, counts))
        name = max(4, min(max(map(ink.width_of, named)), width - wide - 10))
        most = max((row.values[0] or 0 for row in self.rows if row.values), default=0)
        lines = []
        view = self.cursor.view(height)
        self.beyond = outside(view.start, len(self.rows) - view.stop)
        for index in view:
            row = self.rows[index]
            lines.append(self._line(row, named[index], counts[index], name, wide, most, width, index == self.cursor.index))
        return lines

    def _line(self, row: Row, name: str, count: str, name_width: int, count_width: int, most: float, width: int, on: bool) -> ink.Line:
        style = ink.STATES[row.state]
        lit = ink.HERE if on and self.here else style
        room = max(0, width - name_width - count_width - 6)
        filled = bar(row.values[0] or 0 if row.values else 0, most, room)
        changed = self.mark(row)
        return [
            (f"{glyphs.GLYPHS[row.state]} ", style),
            (ink.fit(name, name_width), lit),
            (f" {count:>{count_width}}", ink.CHANGED if changed != " " else style),
            (f"{changed} ", ink.CHANGED),
            (filled, ink.BAR_CHOSEN if row.state in ink.CHOSEN else ink.BAR),
        ]

    def move(self, key: str) -> bool:
        """See Panel."""
        if key not in STEPS:
            return False
        self.cursor.move(STEPS[key])
        return True

    def target(self) -> Target | None:
        """See Panel."""
        if not self.rows:
            return None
        at = self.rows[self.cursor.index].at
        opens = tuple((name, value) for name, value in at if isinstance(value, str))
        return Target(at, at, opens)

    def point(self, x: int, y: int) -> bool:
        """See Panel."""
        index = self.cursor.top + y
        if index >= len(self.rows):
            return False
        return not self.cursor.move(index - self.cursor.index)


def bar(value: float, most: float, width: int) -> str:
    """Return a bar of at most `width` cells; a value that isn't zero always shows."""
    if width <= 0 or most <= 0 or value <= 0:
        return ""
    if not profile.now().blocks:
        return glyphs.FULL * max(1, round(value / most * width))
    eighths = max(1, round(value / most * width * 8))
    whole, part = divmod(eighths, 8)
    return glyphs.FULL * whole + (glyphs.PARTS[part] if part else "")

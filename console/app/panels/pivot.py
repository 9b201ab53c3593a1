"""A pivot: the first field's values down, the second's across, a count in each cell."""

from __future__ import annotations

from console.app.drawing import glyphs, ink, words
from console.app.drawing.cursor import Cursor
from console.app.panels.bars import STEPS
from console.app.panels.panel import Panel, Target, outside
from console.desk.answer import PanelAnswer, Row, State, Value
from console.desk.page import PanelSpec
from console.desk.selection import Selection, Values

Cells = dict[tuple[Value, Value], Row]


class Pivot(Panel):
    """A table of counts; the cursor also stands on the names at the left, to select one field alone."""

    def __init__(self, spec: PanelSpec) -> None:
        """See Panel."""
        super().__init__(spec)
        self.down, self.across = Cursor(), Cursor()
        self._cells: Cells = {}
        self._left: list[Value] = []
        self._top: list[Value] = []
        self._starts: list[int] = []

    def take(self, answer: PanelAnswer, same: bool) -> None:
        """See Panel."""
        self._cells = {(row.at[0][1], row.at[1][1]): row for row in answer.rows if len(row.at) > 1}
        self._left = list(dict.fromkeys(row.at[0][1] for row in answer.rows))
        firsts = {row.at[1][1]: index for index, row in reversed(list(enumerate(answer.rows))) if len(row.at) > 1}
        self._top = _ordered(self._cells, self._left, firsts)
        self.down.follow(self._left)
        self.across.follow([("name",), *(("cell", value) for value in self._top)])

    def body(self, width: int, height: int) -> list[ink.Line]:
        """See Panel."""
        assert self.answer is not None
        first, second = self.answer.fields[:2]
        unit = self.answer.measures[0].unit if self.answer.measures else ""
        named = [words.value(value, self.as_of) for value in self._left]
        heads = [words.value(value, self.as_of) for value in self._top]
        texts = {at: words.measure(row.values[0], unit) if row.values else "" for at, row in self._cells.items()}
        wide = max([3, *map(ink.width_of, heads), *map(len, texts.values())]) + 3
        left = max(4, min(max(map(ink.width_of, named)), max(8, width - 2 - wide * len(heads))))
        room = max(1, (width - left - 2) // wide)
        shown = self._columns(room)
        self._starts = [0, *(left + 2 + n * wide for n in range(len(shown)))]
        lines: list[ink.Line] = [[(" " * (left + 2), ink.DIM)]]
        for column in shown:
            value = self._top[column]
            state = state_of(second, value, self._sum(1, value), self.selection)
            said = f"{glyphs.GLYPHS[state] if state is not State.POSSIBLE else ' '}{heads[column]}"
            lines[0].append((ink.fit(said, wide, right=True), ink.STATES[state]))
        view = self.down.view(height - 1)
        aside = outside(shown.start, len(self._top) - shown.stop, ("left", "right"), "column")
        self.beyond = ", ".join(filter(None, (aside, outside(view.start, len(self._left) - view.stop))))
        for index in view:
            lines.append(self._line(index, first, named[index], left, wide, shown, texts))
        return lines

    def _columns(self, room: int) -> range:
        at = max(0, self.across.index - 1)
        start = max(0, min(at - room + 1, len(self._top) - room))
        return range(start, min(start + room, len(self._top)))

    def _line(
        self,
        index: int,
        field: str,
        name: str,
        left: int,
        wide: int,
        shown: range,
        texts: dict[tuple[Value, Value], str],
    ) -> ink.Line:
        value = self._left[index]
        state = state_of(field, value, self._sum(0, value), self.selection)
        on = self.here and index == self.down.index
        line: ink.Line = [
            (f"{glyphs.GLYPHS[state]} ", ink.STATES[state]),
            (ink.fit(name, left), ink.HERE if on and self.across.index == 0 else ink.STATES[state]),
        ]
        for column in shown:
            row = self._cells.get((value, self._top[column]))
            said = texts.get((value, self._top[column]), "0")
            changed = row is not None and self.mark(row) != " "
            held = row.state if row else State.EXCLUDED
            style = ink.CHANGED if changed else ink.STATES[held]
            lit = ink.HERE if on and self.across.index == column + 1 else style
            line += [
                (f"{glyphs.GLYPHS[held] if held is not State.POSSIBLE else '':>{wide - len(said) - 2}} ", ink.STATES[held]),
                (said, lit),
                (glyphs.CHANGED if changed else " ", ink.CHANGED),
            ]
        return line

    def _sum(self, side: int, value: Value) -> float:
        return sum(row.values[0] or 0 for at, row in self._cells.items() if at[side] == value and row.values)

    def move(self, key: str) -> bool:
        """See Panel."""
        if key in ("left", "right"):
            self.across.move(-1 if key == "left" else 1)
            return True
        if key in STEPS:
            self.down.move(STEPS[key])
            return True
        return False

    def target(self) -> Target | None:
        """See Panel: a cell stands for both its values, a name for its own."""
        if not self._left or self.answer is None:
            return None
        first, second = self.answer.fields[:2]
        at: tuple[tuple[str, Value], ...] = ((first, self._left[self.down.index]),)
        if self.across.index:
            at = (*at, (second, self._top[self.across.index - 1]))
        return Target(at, at)

    def state(self) -> State | None:
        """See Panel: a name has the state of its own field's value."""
        target = self.target()
        if target is None or len(target.at) > 1:
            return super().state()
        name, value = target.at[0]
        return state_of(name, value, self._sum(0, value), self.selection)

    def point(self, x: int, y: int) -> bool:
        """See Panel."""
        index = self.down.top + y - 1
        if y < 1 or index >= len(self._left):
            return False
        column = max(n for n, start in enumerate(self._starts) if start <= x)
        shown = self._columns(max(1, len(self._starts) - 1))
        across = shown.start + column if column else 0
        moved = self.down.move(index - self.down.index)
        return not (self.across.move(across - self.across.index) or moved)


def state_of(field: str, value: Value, held: float, selection: Selection) -> State:
    """Return the state of one field's value from its clause and whether it has rows."""
    clause = selection.clause(field)
    if clause is None:
        return State.POSSIBLE if held else State.EXCLUDED
    if isinstance(clause, Values) and words.as_text(value) in clause.values:
        return State.LOCKED if field in selection.locks else State.SELECTED if held else State.SELECTED_EXCLUDED
    return State.ALTERNATIVE if held else State.EXCLUDED


def _ordered(cells: Cells, left: list[Value], firsts: dict[Value, int]) -> list[Value]:
    """Return the second field's values in the order that every row gives them, whichever cells are missing."""
    order: list[Value] = []
    for name in left:
        place = 0
        for value in [across for down, across in cells if down == name]:
            if value in order:
                place = order.index(value) + 1
            else:
                order.insert(place, value)
                place += 1
    return order or list(firsts)

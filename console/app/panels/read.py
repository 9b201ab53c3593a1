"""The panels in reader mode: lines of words, no bars, no drawing, no grid; and a sentence of where the cursor is."""

from __future__ import annotations

from console.app.drawing import ink, words
from console.app.drawing.words import listed
from console.app.map import raster
from console.app.panels.bars import STEPS, Bars
from console.app.panels.panel import outside
from console.app.panels.pivot import Pivot, state_of
from console.app.panels.profile import Profile
from console.app.panels.series import Series
from console.app.panels.table import Table, cell_said, row_said
from console.app.panels.titled import many
from console.desk.answer import PanelAnswer, Row, State, Value
from console.desk.page import PanelSpec


class ReadBars(Bars):
    """A line a value: its name, its number, its state."""

    def body(self, width: int, height: int) -> list[ink.Line]:
        """See Panel."""
        view = self.cursor.view(height)
        self.beyond = outside(view.start, len(self.rows) - view.stop)
        return [self._words(index) for index in view]

    def _words(self, index: int) -> ink.Line:
        row = self.rows[index]
        lit = ink.HERE if self.here and index == self.cursor.index else ink.STATES[row.state]
        return [(" ", ink.TEXT), (self.value_name(row), lit), (f": {self.counts(row)}", ink.STATES[row.state])]

    def value_name(self, row: Row) -> str:
        """Return a row's value."""
        return words.value(row.at[0][1] if row.at else None, self.as_of)

    def counts(self, row: Row) -> str:
        """Return a row's numbers, its state, and whether it changed."""
        assert self.answer is not None
        state = row.state.value if row.state else ""
        return listed(*numbers(self.answer, row), state, self.changed(row))

    def sentence(self, aside: bool) -> str:
        """See Panel."""
        return f"{self.stands(self.cursor.index, len(self.rows))}: {listed(*self._spoken())}"

    def _spoken(self) -> list[str]:
        row = self.rows[self.cursor.index]
        return [self.value_name(row), self.counts(row)]


class ReadMap(ReadBars):
    """The places of a map, those of most first, with what is counted in each and how many units are there."""

    place = "list"

    def __init__(self, spec: PanelSpec) -> None:
        """See Panel."""
        super().__init__(spec)
        self._places = {place.value: place for place in raster.places(spec.fields[0] if spec.fields else "beat")}
        self._units: dict[str, int] = {}
        self._sorted: tuple[Row, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """See Panel."""
        return self._sorted if self.answer else ()

    def take(self, answer: PanelAnswer, same: bool) -> None:
        """See Panel."""
        self._sorted = tuple(sorted(answer.rows, key=lambda row: (-(row.values[0] or 0) if row.values else 0, str(row.at))))
        units = [marker for marker in answer.markers if marker.kind == "unit"]
        held = {value: sum(place.holds(unit.lon, unit.lat) for unit in units) for value, place in self._places.items()}
        self._units = held if units else {}
        super().take(answer, same)

    def value_name(self, row: Row) -> str:
        """See ReadBars: a place's code and its name."""
        value = super().value_name(row)
        place = self._places.get(value)
        return f"{value} {words.clean(place.name)}" if place is not None and place.name != value else value

    def counts(self, row: Row) -> str:
        """See ReadBars."""
        units = self._units.get(super().value_name(row))
        return listed(super().counts(row), "" if units is None else f"{units} {many('unit', units)}")


class ReadPivot(Pivot):
    """A line a row: its name, then each column's name and number."""

    def body(self, width: int, height: int) -> list[ink.Line]:
        """See Panel."""
        view = self.down.view(height)
        self.beyond = outside(view.start, len(self._left) - view.stop)
        return [self._words(index, width) for index in view]

    def _words(self, index: int, width: int) -> ink.Line:
        assert self.answer is not None
        on = self.here and index == self.down.index
        value = self._left[index]
        state = state_of(self.answer.fields[0], value, self._sum(0, value), self.selection)
        name = listed(words.value(value, self.as_of), _state(state))
        cells = [self._cell_words(value, column) for column in range(len(self._top))]
        start, at = 0, self.across.index
        while start < at - 1 and ink.width_of(name) + sum(ink.width_of(said) + 2 for said in cells[start:at]) + 2 > width:
            start += 1
        line: ink.Line = [(" ", ink.TEXT), (name, ink.HERE if on and at == 0 else ink.STATES[state]), (": ", ink.TEXT)]
        for column in range(start, len(cells)):
            lit = ink.HERE if on and at == column + 1 else ink.TEXT
            line += [(cells[column], lit), (", " if column + 1 < len(cells) else "", ink.TEXT)]
        return line

    def _cell_words(self, value: Value, column: int) -> str:
        assert self.answer is not None
        row = self._cells.get((value, self._top[column]))
        said = " ".join(numbers(self.answer, row)[:1]) if row else "0"
        state = _state(row.state) if row else ""
        return " ".join(filter(None, (words.value(self._top[column], self.as_of), said, state, self.changed(row) if row else "")))

    def sentence(self, aside: bool) -> str:
        """See Panel."""
        value = self._left[self.down.index]
        said = words.value(value, self.as_of)
        stands = self.stands(self.down.index, len(self._left))
        if not self.across.index:
            state = self.state()
            return f"{stands}: {listed(said, state.value if state else '')}"
        row = self._cells.get((value, self._top[self.across.index - 1]))
        silent = {State.POSSIBLE: "possible"}.get(row.state, "") if row and row.state else "excluded"  # not said in the cell's words
        return f"{stands}: {listed(said, self._cell_words(value, self.across.index - 1), silent)}"

    def point(self, x: int, y: int) -> bool:
        """See Panel: a press chooses the row."""
        index = self.down.top + y
        return index < len(self._left) and not self.down.move(index - self.down.index)


class ReadTable(Table):
    """The table as it is; a change is a word."""

    def lead(self, row: Row | None) -> str:
        """See Table."""
        return f"{self.changed(row) if row is not None else '':<8}"

    def sentence(self, aside: bool) -> str:
        """See Panel: after a move aside the cell, else the row."""
        assert self.answer is not None
        row, columns = self.rows[self.cursor.index], self.answer.columns
        if aside:
            return f"{self.spec.title}: {cell_said(row, columns, self.column, self.as_of)}"
        said = row_said(row, columns, self.answer.fact, self.as_of)
        return f"{self.stands(self.cursor.index, len(self.rows))}: {listed(said, self.changed(row))}"


class ReadSeries(Series):
    """A line a step, in words; nothing is drawn."""

    def body(self, width: int, height: int) -> list[ink.Line]:
        """See Panel."""
        summary = ink.paragraph(self.summary(), width - 2, ink.WARN if "short" in self.summary() else ink.TEXT)
        room = max(1, height - len(summary))
        top = max(0, min(self.index - room // 2, len(self.rows) - room))
        shown = range(top, min(top + room, len(self.rows)))
        self.beyond = outside(shown.start, len(self.rows) - shown.stop)
        return [*([(" ", ink.TEXT), *line] for line in summary), *(self._words(index) for index in shown)]

    def _words(self, index: int) -> ink.Line:
        step, said = self.step(index)
        lit = ink.HERE if self.here and index == self.index else ink.STRONG
        return [(" ", ink.TEXT), (step, lit), (f": {listed(*said) or 'none'}", ink.TEXT)]

    def move(self, key: str) -> bool:
        """See Panel: the steps stand one below the other."""
        if key not in STEPS or not self.rows:
            return super().move(key)
        self.index = max(0, min(self.index + STEPS[key], len(self.rows) - 1))
        return True

    def sentence(self, aside: bool) -> str:
        """See Panel."""
        step, said = self.step(self.index)
        return f"{self.stands(self.index, len(self.rows))}: {listed(step, *(said or ('none',)))}"

    def point(self, x: int, y: int) -> bool:
        """See Panel."""
        return False


class ReadProfile(Profile):
    """The profile as it is; what can be opened is a word."""

    opens_mark = "opens"

    def sentence(self, aside: bool) -> str:
        """See Panel."""
        said = [words.value(self._cell(self.cursor.index, part) or "", self.as_of) for part in ("section", "label", "value", "detail")]
        opens = "can be opened" if self._names(self.cursor.index) is not None else ""
        return f"{self.stands(self.cursor.index, len(self.rows))}: {listed(*said, opens)}"


def numbers(answer: PanelAnswer, row: Row) -> list[str]:
    """Return a row's numbers with what they count."""
    made: list[str] = []
    for value, measure in zip(row.values, answer.measures, strict=False):
        said = words.measured(value, measure)
        if measure.name == "count" and len(answer.fields) < 2:
            said = f"{said} {many(answer.fact, 1 if value == 1 else 2)}"
        made.append(said if not made or measure.name == "count" else f"{measure.title.lower()} {said}")
    return made


def _state(state: State | None) -> str:
    return "" if state in (None, State.POSSIBLE) else state.value

"""A table: a fact's rows in the order the app gives them, with a cursor on a row and a column."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.style import Style

from console.app.drawing import ink, words
from console.app.drawing.cursor import Cursor
from console.app.panels.bars import STEPS
from console.app.panels.panel import Panel, Target, outside
from console.desk.answer import Column, PanelAnswer, Row
from console.desk.page import PanelSpec

MOST = 5000  # rows of one moment whose words are kept
Cells = tuple[list[str], list[int]]  # of a row: its words, and how wide they are
MEASURED = ("number", "instant", "area")


class Table(Panel):
    """Rows and columns; those that don't fit come into view as the cursor goes there, beside the column of the key."""

    def __init__(self, spec: PanelSpec) -> None:
        """See Panel."""
        super().__init__(spec)
        self.cursor = Cursor()
        self.column = 0
        self._widths: list[int] = []
        self._texts: list[list[str]] = []
        self._worded: tuple[object, dict[int, tuple[Row, Cells]]] = (None, {})
        self._spans: list[tuple[int, int]] = []
        self._above = 0  # lines over the line of titles

    def take(self, answer: PanelAnswer, same: bool) -> None:
        """See Panel: rows that came in above the view say so at its edge."""
        above = self.cursor.follow([row.at for row in answer.rows], hold=self.here)
        if same and above:
            self.news = f"{above} new above"
        columns = answer.columns
        cells = self._cells(answer)
        self._texts = [texts for texts, _ in cells]
        titles = [ink.width_of(column.title) for column in columns]
        self._widths = [min(40, max(held)) for held in zip(titles, *(wide for _, wide in cells), strict=False)]
        self.column = min(self.column, max(0, len(columns) - 1))

    def _cells(self, answer: PanelAnswer) -> list[Cells]:
        """Return the words of each row and how wide they are; of a row that was there at the same moment those found before."""
        moment, columns = (self.as_of, answer.columns), answer.columns
        known = self._worded[1] if self._worded[0] == moment and len(self._worded[1]) < MOST else {}
        for row in answer.rows:
            if id(row) not in known:
                texts = [words.cell(value, column, self.as_of) for value, column in zip(row.columns, columns, strict=False)]
                known[id(row)] = row, (texts, [ink.width_of(text) for text in texts])
        self._worded = moment, known
        return [known[id(row)][1] for row in answer.rows]

    @property
    def worked_out(self) -> bool:
        """Whether its rows are worked out by a query of its own, not rows of a fact."""
        return not self.spec.columns

    def _differs(self, old: Row | None, new: Row) -> bool:
        if old is None or self.answer is None:
            return True
        worded = [n for n, column in enumerate(self.answer.columns) if not _numeric(column)]  # numbers move with time alone
        return any(old.columns[n : n + 1] != new.columns[n : n + 1] for n in worded)

    def title(self) -> str:
        """See Panel: says how many there are, and how many of them the panel holds."""
        total = self.answer.total if self.answer else None
        if total is None or self.worked_out:
            return self.spec.title
        held = f", the first {len(self.rows):,}" if len(self.rows) < total else ""
        return f"{self.spec.title} ({total:,}{held})"

    def body(self, width: int, height: int) -> list[ink.Line]:
        """See Panel."""
        assert self.answer is not None
        columns = self.answer.columns
        key = key_column(columns, self.rows[0], self.answer.fact)
        lead = len(self.lead(None))
        shown, wide = in_view(columns, narrowed(self._widths, width), self.column, width - lead, key)
        self._spans = spans(wide, shown)
        lines = [[(" ", ink.TEXT), *line] for line in self._note(width)]
        self._above = len(lines)
        lines.append(head_line(columns, wide, shown, self.column if self.here else -1, lead))
        view = self.cursor.view(max(1, height - len(lines)))
        self.beyond = beyond(shown, len(columns), view, len(self.rows))
        for index in view:
            on = self.here and index == self.cursor.index
            row = self.rows[index]
            line: ink.Line = [(self.lead(row), ink.CHANGED)]
            line += row_line(self._texts[index], columns, wide, shown, self.column if on else -1, on)
            lines.append(line)
        if self.cursor.top == 0:
            self.news = ""
        return lines

    def lead(self, row: Row | None) -> str:
        """Return what stands before a row's cells: the mark of a change."""
        return f"{self.mark(row) if row is not None else ' '} "

    def _note(self, width: int) -> list[ink.Line]:
        """Return what the rows mean, where they say it themselves."""
        said = self.answer.note if self.answer else ""
        return ink.paragraph(said, width - 2, ink.WARN if said.startswith("short most") else ink.STRONG)[:3]

    def move(self, key: str) -> bool:
        """See Panel."""
        if key in ("left", "right"):
            self.column = max(0, min(self.column + (1 if key == "right" else -1), len(self._widths) - 1))
            return True
        if key in STEPS:
            self.cursor.move(STEPS[key])
            return True
        return False

    def target(self) -> Target | None:
        """See Panel: space takes the value of the cursor's column, o the thing it names, else the row."""
        if not self.rows or self.answer is None:
            return None
        column, row = self.answer.columns[self.column], self.rows[self.cursor.index]
        if self.worked_out and (column.name not in self.titles or row.columns[self.column] is None):
            return Target(row.at, refusal="nothing here is a value of a field: move to one that is, a district say")
        return cell_target(row, self.answer.columns, self.column)

    def picked(self) -> tuple[Row, ...]:
        """See Panel."""
        return self.rows[self.cursor.index : self.cursor.index + 1]

    def value(self) -> str:
        """See Panel."""
        return cell_told(self.picked()[0], self.answer.columns, self.column, self.as_of) if self.rows and self.answer else ""

    def fields(self) -> tuple[str, ...]:
        """See Panel."""
        return (self.answer.columns[self.column].name,) if self.answer and self.answer.columns else ()

    def point(self, x: int, y: int) -> bool:
        """See Panel."""
        before, line = (self.cursor.index, self.column), y - self._above - 1
        self.column = column_at(self._spans, x - len(self.lead(None)), self.column)
        if line >= 0 and self.cursor.top + line < len(self.rows):
            self.cursor.move(self.cursor.top + line - self.cursor.index)
        return line >= 0 and before == (self.cursor.index, self.column)


def cell_target(row: Row, columns: tuple[Column, ...], index: int) -> Target:
    """Return what a cursor on a cell of a row is on."""
    opens = [(name, str(value)) for name, value in row.at if value is not None]
    if index >= len(columns):
        return Target(row.at, opens=tuple(opens))
    column, value = columns[index], row.columns[index]
    if isinstance(value, str):
        opens.insert(0, (column.name, value))
    refusal = f"{column.title} is measured, not chosen: move to a column of words" if column.type in MEASURED else ""
    return Target(row.at, ((column.name, value),), tuple(opens), refusal)


def cell_told(row: Row, columns: tuple[Column, ...], index: int, now: datetime | None) -> str:
    """Return a cell of a row as text: words as they came, numbers and times as they are shown."""
    if index >= len(columns):
        return ""
    value = row.columns[index]
    return words.told(value, now) if isinstance(value, str) else words.cell(value, columns[index], now)


def widths(columns: tuple[Column, ...], texts: list[list[str]]) -> list[int]:
    """Return each column's width: its longest cell or title, at most 40."""
    made = [ink.width_of(column.title) for column in columns]
    for row in texts:
        made = [max(held, ink.width_of(text)) for held, text in zip(made, row, strict=False)]
    return [min(40, held) for held in made]


def narrowed(wide: list[int], width: int) -> list[int]:
    """Return the widths with none above a fifth of the room, so that more columns are seen at once."""
    most = max(13, width // 5) if sum(wide) + 2 * len(wide) > width else 40
    return [min(held, most) for held in wide]


def key_column(columns: tuple[Column, ...], row: Row, fact: str) -> int:
    """Return the column that says which row it is: that of the fact's key, else the first."""
    keys = {name for at, _ in row.at for name in (at, f"{fact}.{at}")}
    return next((n for n, column in enumerate(columns) if column.name in keys), 0)


def in_view(columns: tuple[Column, ...], wide: list[int], column: int, width: int, key: int = 0) -> tuple[list[int], list[int]]:
    """Return the columns to draw, the cursor's and the key's among them, and the widths: the last one of words takes what is left."""
    start = 0
    while start < column and sum(wide[start : column + 1]) + 2 * (column - start) > width - (wide[key] + 2 if start > key else 0):
        start += 1
    shown, used = [], 0
    if start > key:
        shown = [key]
        wide = [*wide[:key], min(wide[key], max(width // 3, width - wide[column] - 2)), *wide[key + 1 :]]
        used = wide[key] + 2
    end = start
    while end < len(wide) and used + wide[end] <= width:
        used += wide[end] + 2
        end += 1
    room = width - used
    if end < len(wide) and (end == start or (room >= 8 and not _numeric(columns[end]))):
        wide = [*wide[:end], min(wide[end], max(1, room)), *wide[end + 1 :]]
        end += 1
    return [*shown, *range(start, end)], wide


def beyond(shown: Sequence[int], columns: int, view: range, rows: int) -> str:
    """Return how many columns are hidden on each side of those drawn, and how many rows above and below the view."""
    last = shown[-1] if shown else columns - 1
    aside = outside(last + 1 - len(shown), columns - 1 - last, ("left", "right"), "column")
    return ", ".join(filter(None, (aside, outside(view.start, rows - view.stop))))


def spans(wide: list[int], shown: Sequence[int]) -> list[tuple[int, int]]:
    """Return (column, first cell) of each column drawn."""
    made, x = [], 0
    for column in shown:
        made.append((column, x))
        x += wide[column] + 2
    return made


def column_at(drawn: list[tuple[int, int]], x: int, otherwise: int) -> int:
    """Return the column drawn at a cell."""
    return max((column for column, start in drawn if start <= x), default=otherwise)


def head_line(columns: tuple[Column, ...], wide: list[int], shown: Sequence[int], column: int, lead: int = 2) -> ink.Line:
    """Return the line of titles, after as many cells as stand before each row's."""
    line: ink.Line = [(" " * lead, ink.DIM)]
    for n in shown:
        style = ink.STRONG if n == column else ink.DIM
        line += [(ink.fit(columns[n].title, wide[n], right=_numeric(columns[n])), style), ("  ", ink.DIM)]
    return line[:-1]


def row_line(texts: list[str], columns: tuple[Column, ...], wide: list[int], shown: Sequence[int], column: int, on: bool) -> ink.Line:
    """Return a row's line; `column` is the cursor's, -1 for none."""
    line: ink.Line = []
    for n in shown:
        style = ink.HERE if n == column else ink.STRONG if on else _style(texts[n])
        line += [(ink.fit(texts[n], wide[n], right=_numeric(columns[n])), style), ("  ", ink.TEXT)]
    return line[:-1]


def row_said(row: Row, columns: tuple[Column, ...], fact: str, now: datetime | None) -> str:
    """Return a row in words: what says which it is, the rest, then bare numbers; each with its title where it needs one."""
    key = key_column(columns, row, fact)
    order = sorted(range(len(columns)), key=lambda n: (n != key, columns[n].type in ("integer", "number") and not columns[n].unit))
    made: list[str] = []
    for n in order:
        value, column = row.columns[n], columns[n]
        said = words.cell(value, column, now)
        plain = isinstance(value, str) or said.endswith(" left") or said.startswith(("over by ", "met by ", "missed by "))
        made.append(said if plain or not said else f"{column.title.lower()} {said}")
    return words.listed(*made)


def cell_said(row: Row, columns: Sequence[Column], at: int, now: datetime | None) -> str:
    """Return a cell in words, with its column and which of how many that is."""
    said = words.cell(row.columns[at], columns[at], now) if at < len(row.columns) else ""
    return f"{columns[at].title} {said or 'empty'}, column {at + 1} of {len(columns)}"


def _numeric(column: Column) -> bool:
    return column.type in ("integer", "number") or bool(column.unit)


def _style(text: str) -> Style:
    return ink.WARN if text.startswith(("over by ", "missed by ")) else ink.TEXT

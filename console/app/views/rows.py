"""The rows behind a number: a table of any length, fetched a page at a time as it comes into view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from console.app.drawing import bound, glyphs, ink, words
from console.app.panels.bars import STEPS
from console.app.panels.panel import Target
from console.app.panels.table import (
    beyond,
    cell_said,
    cell_target,
    cell_told,
    column_at,
    head_line,
    in_view,
    key_column,
    narrowed,
    row_line,
    row_said,
    spans,
    widths,
)
from console.app.views.view import Under, View
from console.desk.answer import Column, Row, Rows
from console.desk.desk import RowsQuestion

PAGE = 200


class RowsView(View):
    """Pages of rows by number; the cursor is a row's place, and its key while the page is held."""

    where = ("rows", "anywhere")
    hint = ""

    def __init__(self, page: Under, question: RowsQuestion, said: str) -> None:
        """Show the rows of a question; nothing is fetched before it is drawn."""
        super().__init__(page)
        self.question = replace(question, limit=PAGE)
        self.said = said
        self.total: int | None = None
        self.fact = ""
        self.columns: tuple[Column, ...] = ()
        self.index = self.top = self.column = 0
        self.error = ""
        self.wanted = ""  # the personal fields that are hidden
        self._pages: dict[int, tuple[Row, ...]] = {}
        self._old: dict[int, tuple[Row, ...]] = {}
        self._asked: set[int] = set()
        self._key: object = None
        self.sought = ""  # the text of a row's key that the cursor is to stand on
        self._widths: list[int] = []
        self._spans: list[tuple[int, int]] = []

    def fetch(self, number: int) -> None:
        """Ask for a page, once."""
        if number not in self._asked:
            self._asked.add(number)
            self.page.asking.rows(replace(self.question, offset=number * PAGE, ticket=f"rows {number % 4}"), self.leave)

    def leave(self) -> None:
        """Leave for what is under it, if it is what is shown."""
        if self.page.view is self:
            self.page.close_view()

    def again(self) -> None:
        """Ask again under the present selection and time; what is shown stays until the answer comes."""
        self.question = replace(self.question, selection=self.page.sitting.selection, at=self.page.sitting.at)
        row = self.row(self.index)
        self._key = row.at if row else self._key
        self._old = self._old | self._pages
        self._pages, self._asked, self.error = {}, set(), ""
        self.redraw()
        self.fetch(self.index // PAGE)

    def take(self, question: RowsQuestion, rows: Rows | None, said: str) -> None:
        """Take a page, unless the question has changed."""
        mine = replace(self.question, offset=question.offset, ticket=question.ticket)
        if question != mine:
            return
        if rows is None:
            self.error = said
            if not said:  # interrupted: ask again if it is still in view
                self._asked.discard(question.offset // PAGE)
            self.redraw()
            return
        number = question.offset // PAGE
        self.total, self.columns, self.fact, self.wanted = rows.total, rows.columns, rows.fact, rows.wanted
        self._pages[number] = rows.rows
        self._old.pop(number, None)
        texts = [[words.cell(v, c, rows.as_of) for v, c in zip(row.columns, rows.columns, strict=False)] for row in rows.rows]
        fresh = widths(rows.columns, texts)
        same = len(fresh) == len(self._widths)
        self._widths = [max(old, new) for old, new in zip(self._widths, fresh, strict=True)] if same else fresh
        self.column = min(self.column, max(0, len(self.columns) - 1))
        self._follow(number, rows.rows)
        self._stand(self.index)

    def _follow(self, number: int, rows: Sequence[Row]) -> None:
        if (self._key is None and not self.sought) or number != self.index // PAGE:
            return
        sought, self.sought = self.sought, ""
        for n, row in enumerate(rows):
            if row.at == self._key or repr(row.at) == sought:
                moved = number * PAGE + n - self.index
                self.index, self.top = self.index + moved, max(0, self.top + moved)
        self._key = None

    def row(self, index: int) -> Row | None:
        """Return a row if its page is held."""
        number, n = divmod(index, PAGE)
        rows = self._pages.get(number) or self._old.get(number) or ()
        return rows[n] if n < len(rows) else None

    def draw(self, width: int, height: int) -> list[ink.Line]:
        """See Drawn."""
        head: ink.Line = [
            (f" {'...' if self.total is None else words.number(self.total)} ", ink.STRONG),
            (f"{'row' if self.total == 1 else 'rows'} of {self.said}", ink.TITLE),
        ]
        if self.question.sort:
            name, down = self.question.sort[0]
            column = next((each for each in self.columns if each.name == name), None)
            ways = ("A to Z", "Z to A") if column is not None and column.type == "text" else ("lowest first", "highest first")
            head.append((f"  by {words.field(name, self.page.sitting.titles).lower()}, {ways[down]}", ink.DIM))
        if self.wanted:
            head.append((f"  {glyphs.clean(self.wanted).lower()} hidden: {bound.key('give_reason')}", ink.WARN))
        if self.total:
            head.append((f"  row {self.index + 1:,}", ink.DIM))
        if self.error:
            said = bound.said(f"{self.error}; {{again}} asks again, {{rows.leave}} leaves")
            return [head, *([(" ", ink.TEXT), *line] for line in ink.paragraph(said, width - 2, ink.WARN))]
        if self.total is None:
            self.fetch(self.index // PAGE)
            return [head, [(" counting...", ink.PENDING)]]
        if not self.total:
            return [head, [(bound.said(" No rows under this selection now. {back} goes back, {rows.leave} leaves."), ink.DIM)]]
        high = max(1, height - 2)
        self.top = max(0, min(self.top, self.index, self.total - high), self.index - high + 1)
        row = self.row(self.index) or self.row(self.top)
        key = key_column(self.columns, row, self.fact) if row else 0
        shown, wide = in_view(self.columns, narrowed(self._widths, width), self.column, width - 2, key)
        self._spans = spans(wide, shown)
        right: ink.Line = [(f"{beyond(shown, len(self.columns), range(self.total), self.total)} ", ink.DIM)]
        lines = [ink.spread(head, right, width), head_line(self.columns, wide, shown, self.column)]
        for index in range(self.top, min(self.top + high, self.total)):
            if index // PAGE not in self._pages:
                self.fetch(index // PAGE)
            lines.append(self._line(index, wide, shown))
        return lines

    def _line(self, index: int, wide: list[int], shown: Sequence[int]) -> ink.Line:
        row = self.row(index)
        on = index == self.index
        if row is None:
            return [("  fetching...", ink.HERE if on else ink.PENDING)]
        texts = [words.cell(value, column, self.page.as_of) for value, column in zip(row.columns, self.columns, strict=False)]
        texts += [""] * (len(self.columns) - len(texts))
        return [("  ", ink.TEXT), *row_line(texts, self.columns, wide, shown, self.column if on else -1, on)]

    def _stand(self, index: int) -> None:
        self.index = max(0, min(index, (self.total or 1) - 1))
        self.redraw()

    @property
    def answered(self) -> bool:
        """See View."""
        return bool(self.error) or self.total is not None

    def spoken(self, aside: bool = False) -> str:
        """See View: after a move to the side the cell, else the row."""
        row = self.row(self.index)
        if self.error or row is None:
            return self.error or (f"No rows of {self.said}" if self.total == 0 else f"Rows of {self.said}: counting")
        if aside:
            return cell_said(row, self.columns, self.column, self.page.as_of)
        return f"Rows of {self.said}, row {self.index + 1:,} of {self.total:,}: {row_said(row, self.columns, self.fact, self.page.as_of)}"

    def move(self, key: str) -> None:
        """Move by row, page or column."""
        if key in ("left", "right"):
            self.column = max(0, min(self.column + (1 if key == "right" else -1), len(self.columns) - 1))
            self.redraw()
            return
        self._key = None
        step = STEPS[key]
        if key in ("pageup", "pagedown"):
            step = (self.size.height - 3) * (1 if step > 0 else -1)
        self._stand(self.index + step)

    def target(self) -> Target | None:
        """Return what the cursor is on."""
        row = self.row(self.index)
        return cell_target(row, self.columns, self.column) if row is not None else None

    def held(self) -> tuple[Row, ...]:
        """Return the rows fetched, in order."""
        pages = self._old | self._pages
        return tuple(row for number in sorted(pages) for row in pages[number])

    def value(self) -> str:
        """Return the cell under the cursor as text."""
        row = self.row(self.index)
        return cell_told(row, self.columns, self.column, self.page.as_of) if row is not None else ""

    def sort(self) -> None:
        """Sort by the cursor's column; the other way round if it is sorted so already."""
        if not self.columns:
            return
        name = self.columns[self.column].name
        down = bool(self.question.sort) and self.question.sort[0] == (name, False)
        self.question = replace(self.question, sort=((name, down),))
        self.index = self.top = 0
        self._key, self._pages, self._old, self._asked = None, {}, {}, set()
        self.fetch(0)
        self.redraw()

    def column_names(self) -> tuple[str, ...]:
        """Return the columns shown."""
        return tuple(column.name for column in self.columns)

    def choose_columns(self, names: tuple[str, ...]) -> None:
        """Show these columns."""
        self.question = replace(self.question, columns=names)
        self._widths, self._pages, self._old, self._asked = [], {}, {}, set()
        self.columns, self.total, self.column = (), None, 0
        self.fetch(0)
        self.redraw()

    def press(self, key: str, character: str | None) -> bool:
        """See View: the table of commands says what the keys do."""
        return False

    def point(self, x: int, y: int) -> None:
        """See View: the cell that was pressed."""
        if y >= 2 and self.total and self.top + y - 2 < self.total:
            self.column = column_at(self._spans, x - 2, self.column)
            self._stand(self.top + y - 2)

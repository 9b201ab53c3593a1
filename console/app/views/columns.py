"""Which columns the rows show."""

from __future__ import annotations

from console.app.drawing import ink, reader, words
from console.app.drawing.cursor import Cursor
from console.app.panels.bars import STEPS
from console.app.views.rows import RowsView
from console.app.views.view import Under, View


class Columns(View):
    """Every field of the fact, those shown first; space takes one in or out."""

    hint = "space takes in or out, enter shows, esc leaves"

    def __init__(self, page: Under, rows: RowsView) -> None:
        """Choose for these rows."""
        super().__init__(page)
        self.of = rows
        self.chosen = list(rows.column_names())
        self.names = list(dict.fromkeys([*self.chosen, *(column.name for column in page.sitting.fields.get(rows.fact, ()))]))
        self.cursor = Cursor()
        self.cursor.follow(self.names)

    def draw(self, width: int, height: int) -> list[ink.Line]:
        """See Drawn."""
        lines: list[ink.Line] = [[(f" Columns of the rows ({len(self.chosen)} of {len(self.names)} fields)", ink.TITLE)]]
        for index in self.cursor.view(height - 1):
            name = self.names[index]
            inside = name in self.chosen
            style = ink.HERE if index == self.cursor.index else ink.STRONG if inside else ink.DIM
            mark = f" {'shown' if inside else 'not shown':<9} " if reader.ON else f" [{'x' if inside else ' '}] "
            lines.append([(mark, ink.TEXT), (words.field(name, self.page.sitting.titles), style)])
        return lines

    def spoken(self, aside: bool = False) -> str:
        """See View."""
        name = self.names[self.cursor.index]
        shown = "shown" if name in self.chosen else "not shown"
        title = words.field(name, self.page.sitting.titles)
        return f"Columns of the rows, {self.cursor.index + 1} of {len(self.names)}: {title}, {shown}"

    def press(self, key: str, character: str | None) -> bool:
        """See View."""
        if key in STEPS:
            self.cursor.move(STEPS[key])
        elif key == "space":
            name = self.names[self.cursor.index]
            kept = set(self.chosen) ^ {name}
            if not kept:
                self.page.say("one column at least")
                return True
            self.chosen = [each for each in self.names if each in kept]
        elif key == "enter":
            self.page.close_view()
            self.of.choose_columns(tuple(self.chosen))
            return True
        else:
            return super().press(key, character)
        self.redraw()
        return True

"""A picture of a sheet: its places or squares in colour, and what stands on them, what is on top last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from console.app.drawing import glyphs, ink
from console.app.map import landmarks
from console.app.map.cells import Painter
from console.app.map.look import BARE, Choice
from console.app.map.marks import marked
from console.app.map.names import Naming, Over, furniture
from console.app.map.palette import Palette
from console.app.map.raster import Place
from console.app.map.shading import Shading
from console.app.map.sheet import Sheet
from console.desk.answer import Marker, Row


@dataclass(frozen=True)
class Subject:
    """What is drawn: places with their rows and shading, squares with their codes, markers, outlines, the cursor if it is here."""

    places: Sequence[Place]
    rows: Mapping[str, Row]
    shading: Shading
    squares: Mapping[tuple[int, int], int]
    markers: Sequence[Marker]
    outline: Iterable[tuple[int, int]]
    cursor: tuple[float, float] | None


class Picture:
    """Draws with one palette, keeping names where they were."""

    def __init__(self, palette: Palette) -> None:
        """Draw with these colours."""
        self.painter = Painter(palette)
        self._naming = Naming()

    def lines(self, sheet: Sheet, choice: Choice, of: Subject) -> list[ink.Line]:
        """Return the lines of a sheet, a cell a column."""
        square = choice.shown.square
        codes = sheet.coloured(of.shading.codes) if square is None else sheet.squares(square, of.squares)
        return self.painter.lines(sheet.look.symbol, codes, self._over(sheet, choice, of), sheet.dots)

    def _over(self, sheet: Sheet, choice: Choice, of: Subject) -> Over:
        view = sheet.look.view
        over: Over = dict(sheet.roads)
        marks = marked(of.markers, view) if choice.markers else {}
        corners = furniture(view)
        if choice.named != BARE:
            taken = {*corners, *((x + n, y) for x, y in corners for n in (-1, 1))}
            over |= self._naming.over(landmarks.names(of.places), view, taken, marks, sheet.rooms)
        over |= corners
        for place in of.places:
            row = of.rows.get(place.value)
            if row is not None and row.state in ink.CHOSEN:
                over[view.cell(place.lon, place.lat)] = (glyphs.GLYPHS[row.state], "chosen")
        over |= marks
        over |= dict.fromkeys(of.outline, ("·", "line"))
        if of.cursor is not None:
            at = view.cell(*of.cursor)
            over[at] = (marks[at][0] if at in marks else "+", "cursor")
        return over

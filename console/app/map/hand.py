"""What is done on a map by hand: a shape drawn, told and weighed, a place looked for."""

from __future__ import annotations

from textual.message import Message

from console.app.drawing import ink
from console.app.map import raster
from console.app.map.lines import Cell, cells
from console.app.map.mouse import Mouse
from console.app.map.pen import Point, outlines
from console.desk.answer import PanelAnswer, Row
from console.desk.selection import Area, Selection, Shape


class Hand(Mouse):
    """A map that is worked on; what is drawn of its ground is the panel's."""

    selection: Selection
    answer: PanelAnswer | None
    by_value: dict[str, Row]
    _traced: tuple[object, set[Cell]] = (None, set())  # the area's outlines, as drawn last
    _holds: tuple[Shape | None, PanelAnswer | None, str] = (None, None, "")  # what a shape holds, and which answer stood then
    _weighed: Shape | None = None  # of which it is being asked what it holds
    _sought: Point | None = None  # to be shown once the size is known

    class Outlined(Message):
        """How many a shape holds that is being drawn is wanted."""

        def __init__(self, panel: Hand, shape: Shape) -> None:
            """Say which."""
            super().__init__()
            self.panel, self.shape = panel, shape

    def look(self, point: Point) -> None:
        """Put the cursor on a point, and show what lies around it."""
        self._sought = point
        self.redraw()

    def looking(self, width: int, height: int) -> raster.View:
        """Return the view for so many cells, about what is looked for."""
        if self._sought is not None:
            self.ground.show(self._sought, self.ground.view(width, height))
            self._sought = None
        return self.ground.view(width, height)

    def outline(self, view: raster.View) -> set[Cell]:
        """Return the cells of the selected area's outlines, and of what is being drawn."""
        held, at = self.selection.clause("area"), self.ground.at
        if self._traced[0] != (held, view):
            lines = [line for shape in (held.shapes if isinstance(held, Area) else ()) for line in outlines(shape)]
            self._traced = (held, view), cells(lines, view)
        return self._traced[1] | cells(self.pen.outline(at), view) | cells(self.pen.band(at), view, every=2)

    def told(self, width: int) -> list[ink.Line]:
        """Return what is being drawn in words, with how many it holds, which is asked for, and the keys of drawing."""
        shape = self.pen.shape(self.ground.at)
        known, answer, said = self._holds
        if shape is not None and self._weighed is None and (known != shape or answer is not self.answer):
            self._weighed = shape
            self.post_message(self.Outlined(self, shape))
        held = said if shape is not None and known == shape else "counting..."
        return [[(f" {self.pen.says(self.ground.at, held)}", ink.KEY)], [(f" {self.pen.keys(width)}", ink.DIM)], []]

    def weighed(self, shape: Shape, said: str) -> None:
        """Take how many a shape holds, in words."""
        self._holds, self._weighed = (shape, self.answer, said), None
        self.redraw()

    def chosen(self) -> list[raster.Place]:
        """Return the places that are selected."""
        held = {value for value, row in self.by_value.items() if row.state in ink.CHOSEN}
        return [place for place in self.ground.places if place.value in held]

    def busy(self) -> list[raster.Place]:
        """Return the places that have anything."""
        held = {value for value, row in self.by_value.items() if row.values and row.values[0]}
        return [place for place in self.ground.places if place.value in held]

"""A map: places shaded by a layer, markers and names over them, and a cursor on the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from console.app.drawing import bound, ink
from console.app.map import landmarks, raster, shading
from console.app.map.ground import Ground
from console.app.map.hand import Hand
from console.app.map.look import ROADS, Choice, Look
from console.app.map.palette import Palette, chosen
from console.app.panels.panel import Panel, Target
from console.desk.answer import Marker, PanelAnswer, Row
from console.desk.page import PanelSpec, Shown

if TYPE_CHECKING:
    from console.app.map.grid import Outlines
    from console.app.map.picture import Picture, Subject
    from console.app.map.sheet import Sheet

ARROWS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
PAGES = {"pageup": (0, -1), "pagedown": (0, 1), "home": (-1, 0), "end": (1, 0)}  # half a view at a time
NOTHING = shading.Shading((), (), 0, 0)
TALL = 16  # lines from which it says how it is drawn


class Map(Hand, Panel):
    """Shaded places; the sheet of what depends on the view alone is remade only for a new one."""

    long = True

    class Wanted(Message):
        """A sheet is wanted for a new look."""

        def __init__(self, panel: Map, look: Look) -> None:
            """Say which."""
            super().__init__()
            self.panel, self.look = panel, look

    class Asks(Message):
        """What is shown no longer fits the view: something else is to be asked for."""

        def __init__(self, panel: Map, shown: Shown) -> None:
            """Say what."""
            super().__init__()
            self.panel, self.shown = panel, shown

    def __init__(self, spec: PanelSpec) -> None:
        """See Panel."""
        super().__init__(spec)
        self.ground = Ground(spec.fields[0] if spec.fields else "beat")
        self.colours: Palette = chosen()
        self.choice = Choice(spec, self.colours)
        self._outlines: dict[str, Outlines] = {}
        self._picture: Picture | None = None
        self._sheet: Sheet | None = None
        self._asked: Look | None = None
        self.by_value: dict[str, Row] = {}
        self.shading = NOTHING
        self._squares: dict[tuple[int, int], int] = {}

    def turn(self, shown: Shown) -> None:
        """Show something else, once its answer comes; what was counted by the same places stays until then."""
        same = self.choice.shown.square == shown.square and self.ground.field == (shown.level or self.choice.levels[0])
        self.choice.shown = shown
        if self.ground.field != self.choice.level:
            self.ground.turn(self.choice.level)
        if not same:
            self.by_value, self.shading, self._squares = {}, NOTHING, {}
        self.redraw()

    def title(self) -> str:
        """See Panel: the layer, and what it is shown by."""
        return self.choice.title

    def take(self, answer: PanelAnswer, same: bool) -> None:
        """See Panel."""
        self.by_value = {str(row.at[0][1]): row for row in answer.rows if row.at}
        self._squares = {}
        if self.choice.by_squares:
            self._squares, self.shading = shading.squared(answer.squares)
        else:
            self.shading = shading.shaded(self.ground.places, self.by_value, self.choice.against)

    def empty(self) -> str:
        """See Panel."""
        layer = self.choice.layer
        if layer is None:
            return super().empty()
        return f"{layer.title.capitalize()}: {super().empty()} " + bound.said("{map.next_layer} shows another layer.")

    def make(self, look: Look) -> Sheet:
        """Return the sheet of a look; for any thread."""
        from console.app.map.grid import Outlines
        from console.app.map.picture import Picture
        from console.app.map.sheet import sheet

        places = raster.places(look.level)
        if look.level not in self._outlines:
            self._outlines[look.level] = Outlines(places)
        if self._picture is None:
            self._picture = Picture(self.colours)
        points = [(place.lon, place.lat) for place in places]
        return sheet(self._outlines[look.level], look, points, landmarks.roads(), self.colours.name not in ("lean", "ascii"))

    def made(self, sheet: Sheet) -> None:
        """Take a sheet, unless another was asked for since."""
        if sheet.look == self._asked:
            self._sheet = sheet
            self.redraw()

    @property
    def view(self) -> raster.View | None:
        """The view that is drawn, or None before the first."""
        return self._sheet.look.view if self._sheet is not None else None

    def body(self, width: int, height: int) -> list[ink.Line]:
        """See Panel: the map, then the lines on the place under the cursor and on the colours."""
        foot = 3 if height >= TALL else 2
        high = max(2, height - foot)
        look = Look(self.looking(width, high), self.choice.level, self.choice.symbol, self.choice.named == ROADS)
        if look != self._asked:
            self._asked = look
            self.post_message(self.Wanted(self, look))
        if self.choice.by_squares and (wanted := self.squares(look.view)) != self.choice.shown:
            self.post_message(self.Asks(self, wanted))
        if self._sheet is None or self._picture is None:
            return [[(" drawing...", ink.PENDING)]]
        if (self._sheet.look.view.width, self._sheet.look.view.height) != (width, high):
            return [[(" drawing...", ink.PENDING)], *([] for _ in range(high - 1))]
        from console.app.map import reading

        assert self.answer is not None
        view, painter = self._sheet.look.view, self._picture.painter
        held = reading.Read(self.ground, self.choice, view, self.answer, self.by_value, self.shading, self.near())
        drawn = self._picture.lines(self._sheet, self.choice, self._subject(view))
        return [*drawn, *self.at_rest(lambda: self.told(width) if self.pen.drawing else reading.lines(held, painter, width))[:foot]]

    def squares(self, view: raster.View) -> Shown:
        """Return what shows squares that suit a view."""
        _, south, _, north = raster.whole(self.ground.places)
        return self.choice.squares(view, (south + north) / 2)

    def _subject(self, view: raster.View) -> Subject:
        from console.app.map.picture import Subject

        markers = self.answer.markers if self.answer is not None else ()
        cursor = self.ground.at if self.here else None
        return Subject(self.ground.places, self.by_value, self.shading, self._squares, markers, self.outline(view), cursor)

    def near(self) -> Marker | None:
        """Return the marker at the cursor or in the cell beside it, if markers are shown."""
        return self.ground.nearest(self.answer.markers, self.view) if self.choice.markers and self.answer is not None else None

    def move(self, key: str) -> bool:
        """See Panel: arrows go a cell, and the view follows the cursor; pages, home and end move the view half its size."""
        if self.view is None:
            return False
        if key in PAGES:
            self.ground.pan(*PAGES[key], self.view)
        elif key in ARROWS:
            self.ground.step(*ARROWS[key], self.view)
        return key in PAGES or key in ARROWS

    def jump(self, by: int) -> bool:
        """Go to the next place that has anything; return whether there is one."""
        busy = [self.ground.places.index(place) for place in self.busy()]
        here = self.ground.place()
        ahead = [n for n in busy if here is None or (n > here if by > 0 else n < here)] or busy
        if ahead:
            self.ground.go(ahead[0 if by > 0 else -1])
        return bool(ahead)

    def target(self) -> Target | None:
        """See Panel: the place under the cursor; o opens the marker nearest to it."""
        index = self.ground.place()
        if index is None:
            return Target(refusal="the cursor is outside the force: move it onto a place")
        at = ((self.ground.field, self.ground.places[index].value),)
        near = self.near()
        return Target(at, at, ((near.kind, near.key),) if near else ())

    def fields(self) -> tuple[str, ...]:
        """See Panel: every level of places, and the area."""
        return (*dict.fromkeys((self.choice.level, *self.choice.levels)), "area")

    def point(self, x: int, y: int) -> bool:
        """See Panel."""
        if self.view is None or y >= self.view.height:
            return False
        before = self.ground.place()
        self.ground.at = self.view.ground(x, y)
        return self.ground.place() == before and before is not None

"""A map: places shaded by their value, markers over them, and a cursor on the ground."""

from __future__ import annotations

from textual.message import Message

from console.app.drawing import glyphs, ink, profile, words
from console.app.drawing.drawn import UNICODE
from console.app.map import raster
from console.app.map.ground import Ground
from console.app.map.shading import Mark, Shading, classes, markers_by_cell
from console.app.panels.panel import Panel, Target
from console.desk.answer import Marker, PanelAnswer, Row
from console.desk.page import PanelSpec
from console.desk.selection import Shape

ARROWS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1), "pageup": (0, -5), "pagedown": (0, 5)}


class Map(Panel):
    """Shaded places; the grid of labels is remade only for a new size or view."""

    class Wanted(Message):
        """A grid of labels is wanted for a new view."""

        def __init__(self, panel: Map, view: raster.View) -> None:
            """Say which view."""
            super().__init__()
            self.panel, self.view = panel, view

    def __init__(self, spec: PanelSpec) -> None:
        """See Panel."""
        super().__init__(spec)
        self.ground = Ground(spec.fields[0] if spec.fields else "beat")
        self._grid: tuple[tuple[int, ...], ...] = ()
        self._grid_view: raster.View | None = None
        self._asked: raster.View | None = None
        self._shading = Shading(digits=not profile.now().colours or not UNICODE)
        self._by_value: dict[str, Row] = {}
        self._legend: tuple[float, ...] = ()
        self._place_class: list[tuple[int, bool]] = []

    def take(self, answer: PanelAnswer, same: bool) -> None:
        """See Panel."""
        self._by_value = {str(row.at[0][1]): row for row in answer.rows if row.at}
        counts = [(row.values[0] or 0) if (row := self._by_value.get(place.value)) and row.values else 0 for place in self.ground.places]
        self._legend = classes(counts)
        chosen = [(row := self._by_value.get(place.value)) is not None and row.state in ink.CHOSEN for place in self.ground.places]
        self._place_class = [(sum(count >= low for low in self._legend), lit) for count, lit in zip(counts, chosen, strict=True)]

    def labelled(self, view: raster.View, grid: tuple[tuple[int, ...], ...]) -> None:
        """Take a grid of labels, unless the view has moved on."""
        if view == self._asked:
            self._grid, self._grid_view = grid, view
            self.redraw()

    def body(self, width: int, height: int) -> list[ink.Line]:
        """See Panel: the map, then two lines on the place under the cursor."""
        high = max(2, height - 2)
        view = self.ground.view(width, high)
        if view != self._asked:
            self._asked = view
            self.post_message(self.Wanted(self, view))
        if self._grid_view is None:
            return [[(" drawing...", ink.PENDING)]]
        if (self._grid_view.width, self._grid_view.height) != (width, high):
            return [[(" drawing...", ink.PENDING)], *([] for _ in range(high - 1)), *self.at_rest(lambda: self._words(width))]
        over = self._over(self._grid_view)
        lines = [self._shading.line(self._grid[2 * y], self._grid[2 * y + 1], self._place_class, over.get(y, {})) for y in range(high)]
        return [*lines, *self.at_rest(lambda: self._words(width))]

    def _over(self, view: raster.View) -> dict[int, dict[int, Mark]]:
        assert self.answer is not None
        over = markers_by_cell(self.answer.markers, view)
        for x, y in self.ground.outline(view):
            over.setdefault(y, {})[x] = ("·", "line")
        if self.here:
            x, y = view.cell(*self.ground.at)
            held = over.get(y, {}).get(x, ("+", ""))[0]
            over.setdefault(y, {})[x] = (held, "cursor")
        return over

    def _words(self, width: int) -> list[ink.Line]:
        """Return the two lines about the cursor's place, and the legend of the shading."""
        if self.ground.drawing:
            return [[(f" {self.ground.says()}", ink.KEY)], [(f" {self.ground.keys()}", ink.DIM)]]
        index = self.ground.place()
        legend: ink.Line = []
        if self._legend:
            edges = [words.number(edge) for edge in self._legend]
            for n, edge in enumerate(edges, 1):
                legend += [self._shading.swatch(n), (f"{edge}+ ", ink.DIM)]
            if self.answer and self.answer.measures:
                legend.append((self.answer.measures[0].title.lower(), ink.DIM))
        if index is None:
            return [[(" outside the force", ink.DIM)], [(" ", ink.DIM), *legend]]
        place = self.ground.places[index]
        row = self._by_value.get(place.value)
        state = row.state if row else None
        named = f"{place.value} {place.name}" if place.name != place.value else place.value
        first: ink.Line = [
            (f" {glyphs.GLYPHS[state]} ", ink.STATES[state]),
            (glyphs.clean(named), ink.STRONG),
            (f"  {self._counts(place)}", ink.TEXT),
        ]
        return [first, [(" ", ink.DIM), *legend]]

    def _counts(self, place: raster.Place) -> str:
        assert self.answer is not None
        row = self._by_value.get(place.value)
        said = []
        for n, measure in enumerate(self.answer.measures):
            said.append(f"{words.measured(row.values[n] if row is not None else 0, measure)} {measure.title.lower()}")
        inside = [marker for marker in self.answer.markers if place.holds(marker.lon, marker.lat)]
        units = sum(marker.kind == "unit" for marker in inside)
        if any(marker.kind == "unit" for marker in self.answer.markers):
            said.append(f"{units} unit{'s' if units != 1 else ''}")
        near = self.ground.nearest(inside, self._grid_view)
        return ", ".join(said or ["0"]) + (f"; {glyphs.clean(near.text)}" if near else "")

    def move(self, key: str) -> bool:
        """See Panel: arrows go a cell; the view follows the cursor when it is zoomed in."""
        if key not in ARROWS or self._grid_view is None:
            return False
        self.ground.step(*ARROWS[key], self._grid_view)
        return True

    def jump(self, by: int) -> bool:
        """Go to the next place that has anything; return whether there is one."""
        busy = [
            n for n, place in enumerate(self.ground.places) if (row := self._by_value.get(place.value)) and row.values and row.values[0]
        ]
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
        near: Marker | None = self.ground.nearest(self.answer.markers if self.answer else (), self._grid_view)
        return Target(at, at, ((near.kind, near.key),) if near else ())

    def fields(self) -> tuple[str, ...]:
        """See Panel."""
        return (*self.spec.fields, "area")

    def finish(self) -> Shape | None:
        """Return the shape being drawn, if it is one, and stop drawing it."""
        return self.ground.finish()

    def point(self, x: int, y: int) -> bool:
        """See Panel."""
        if self._grid_view is None or y >= self._grid_view.height:
            return False
        before = self.ground.place()
        self.ground.at = self._grid_view.ground(x, y)
        return self.ground.place() == before and before is not None

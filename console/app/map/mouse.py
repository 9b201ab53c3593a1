"""Drawing on a map by mouse: press, drag and let go draws a lasso, with shift or ctrl held a box; a plain press is a press."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.message import Message

from console.app.drawing.drawn import Drawn
from console.app.map import raster
from console.app.map.ground import Ground
from console.app.map.pen import Pen, Point, simplified
from console.desk import sphere
from console.desk.selection import Shape

MOST = 200  # corners of a lasso
NEAR = 0.4  # cells that its line may be off the way that the mouse went


class Mouse(Drawn):
    """What a map does when the mouse is dragged over it."""

    ground: Ground
    head: int

    class Drawn(Message):
        """A shape was drawn by mouse; None where it has no breadth."""

        def __init__(self, widget: Mouse, shape: Shape | None) -> None:
            """Say which."""
            super().__init__()
            self.widget, self.shape = widget, shape

    _way: tuple[tuple[int, int], ...] = ()  # the cells passed since the press
    _boxes = False  # shift or ctrl was held

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take a pen."""
        self.pen = Pen()
        super().__init__(*args, **kwargs)

    @property
    def view(self) -> raster.View | None:
        """The view that is drawn."""
        raise NotImplementedError

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin to follow the mouse."""
        cell = self._cell(event)
        if event.button == 1 and cell is not None:
            self._way, self._boxes = (cell,), event.shift or event.ctrl
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Draw along; from the second cell on this is no press any more."""
        cell = self._cell(event)
        if not self._way or cell is None or cell == self._way[-1] or self.view is None:
            return
        if len(self._way) == 1:
            self.suppress_click()
            drawing = "box" if self._boxes or event.shift or event.ctrl else self.pen.drawing or "lasso"
            self.pen.start(drawing, self._ground(self._way[0]))
            self.pen.free = True
        self._way = (*self._way, cell)
        self._follow(self.view)
        self.redraw()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go: what was drawn is said, unless drawing was stopped meanwhile."""
        self.release_mouse()
        drawn = len(self._way) > 1 and bool(self.pen.drawing)
        self._way = ()
        if drawn:
            shape = self.pen.shape(self.ground.at)
            self.pen.stop()
            self.post_message(self.Drawn(self, shape))

    def _follow(self, view: raster.View) -> None:
        """Draw what the mouse's way means so far."""
        here = self._ground(self._way[-1])
        if self.pen.drawing == "circle":
            middle = self._ground(self._way[0])
            self.ground.at, self.pen.metres = middle, max(1, round(sphere.metres(middle, here)))
            return
        self.ground.at = here
        if self.pen.drawing == "lasso":
            cells = simplified(self._way, MOST, NEAR)
            self.pen.trace([view.ground(x, y) for x, y in cells])

    def _ground(self, cell: tuple[float, float]) -> Point:
        assert self.view is not None
        return self.view.ground(*cell)

    def _cell(self, event: events.MouseEvent) -> tuple[int, int] | None:
        """Return the cell of the map under the mouse, the nearest one when it is outside."""
        view = self.view
        if view is None:
            return None
        x, y = event.x, event.y - self.head
        if isinstance(event, events.MouseDown) and not (0 <= x < view.width and 0 <= y < view.height):
            return None
        return max(0, min(x, view.width - 1)), max(0, min(y, view.height - 1))

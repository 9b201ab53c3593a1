"""A widget that draws lines and sends only those that changed."""

from __future__ import annotations

from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Offset, Region
from textual.strip import Strip
from textual.widget import Widget

from console.app.drawing import glyphs, ink

UNICODE = glyphs.unicode_screen()


class Drawn(Widget):
    """Draws itself as lines of styled runs; `redraw` compares them with what stands and refreshes the difference."""

    ALLOW_SELECT = False
    can_focus = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        """Draw nothing yet."""
        super().__init__(id=id, classes=classes)
        self._lines: list[ink.Line] = []
        self._sized = (0, 0)
        self._strips: dict[int, Strip] = {}
        self._under: tuple[Color, list[LineFilter]] | None = None

    def draw(self, width: int, height: int) -> list[ink.Line]:
        """Return at most `height` lines; each widget says its own."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draw again; only the lines whose runs changed are sent to the terminal."""
        width, height = self.size
        if not width or not height or not self.is_mounted:
            return
        lines = self.draw(width, height)[:height]
        lines += [[] for _ in range(height - len(lines))]
        if self._sized != (width, height):
            self._sized, self._lines = (width, height), lines
            self._strips.clear()
            self.refresh()
            return
        changed = [y for y, (old, new) in enumerate(zip(self._lines, lines, strict=True)) if old != new]
        self._lines = lines
        for y in changed:
            self._strips.pop(y, None)
        if changed:
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    def on_resize(self) -> None:
        """Draw for the new size."""
        self.redraw()

    def render_line(self, y: int) -> Strip:
        """Return a line as Textual wants it."""
        width = self.size.width
        if self._sized != (width, self.size.height):
            self.redraw()
        line = self._lines[y] if y < len(self._lines) else []
        return Strip(ink.segments(line, width, UNICODE), width)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return lines for the screen: nothing is drawn round these, so they are kept as they are until they change."""
        under = self.background_colors[1], list(self.get_line_filters())
        if under != self._under or self._sized != tuple(self.size):
            self._under = under
            self._strips.clear()
        made = [self._strips.get(y) or self._strip(y, *under) for y in crop.line_range]
        first, last = crop.column_span
        return made if (first, last) == (0, self.size.width) else [strip.crop(first, last) for strip in made]

    def _strip(self, y: int, background: Color, filters: list[LineFilter]) -> Strip:
        strip = self.render_line(y).adjust_cell_length(self.size.width).apply_style(Style(bgcolor=background.rich_color))
        for each in filters:
            strip = strip.apply_filter(each, background)
        self._strips[y] = strip
        return strip

    def cell_here(self) -> Offset | None:
        """Return the cell of the cursor, else of where is typed, or None where neither is drawn."""
        for style in (ink.HERE, ink.CARET):
            for y, line in enumerate(self._lines):
                for n, (text, lit) in enumerate(line):
                    if lit is style:
                        x = ink.length(line[:n]) + (len(text) - len(text.lstrip()) if text.strip() else 0)
                        return Offset(min(x, max(0, self.size.width - 1)), y)
        return None

    @property
    def text(self) -> str:
        """What is drawn, as text."""
        return "\n".join(ink.plain(line).rstrip() for line in self._lines)

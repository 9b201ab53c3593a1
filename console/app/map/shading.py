"""How a map is coloured: classes of value, two pixels to a cell, markers last; digits where there is no colour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.style import Style

from console.app.drawing import glyphs, ink, themes
from console.app.map import raster
from console.desk.answer import Marker, State

CLASSES = 5
Mark = tuple[str, str]  # a glyph, and what it marks: "incident", "unit", "line" or "cursor"


def classes(counts: Sequence[float]) -> tuple[float, ...]:
    """Return the lower edges of the classes above nothing: quantiles of the values that aren't zero, each once."""
    held = sorted(count for count in counts if count > 0)
    if not held:
        return ()
    edges = [held[len(held) * n // CLASSES] for n in range(CLASSES)]
    return tuple(dict.fromkeys(edges))


def markers_by_cell(markers: Iterable[Marker], view: raster.View) -> dict[int, dict[int, Mark]]:
    """Return the glyph of each cell that has a marker; an incident hides a unit, the first of a kind the others."""
    over: dict[int, dict[int, Mark]] = {}
    for kind in ("unit", "incident"):
        for marker in reversed([each for each in markers if (each.kind == "incident") == (kind == "incident")]):
            x, y = view.cell(marker.lon, marker.lat)
            if 0 <= x < view.width and 0 <= y < view.height:
                over.setdefault(y, {})[x] = (glyphs.clean(marker.glyph)[:1] or "?", kind)
    return over


class Shading:
    """Turns two rows of labels into a line; the styles of every pair of colours are made once."""

    def __init__(self, digits: bool) -> None:
        """Draw digits of class instead of colours if told to."""
        self.digits = digits
        self._pairs: dict[tuple[str, str, bool], Style] = {}

    def swatch(self, index: int) -> ink.Run:
        """Return the sample of a class for the legend."""
        return (f"{index} ", ink.TEXT) if self.digits else ("  ", self._style(ink.SHADES[index], ink.SHADES[index]))

    def _style(self, upper: str, lower: str, bold: bool = False) -> Style:
        made = self._pairs.get((upper, lower, bold))
        if made is None:
            made = self._pairs[(upper, lower, bold)] = Style(color=upper, bgcolor=lower, bold=bold)
        return made

    def line(
        self,
        upper: Sequence[int],
        lower: Sequence[int],
        of: Sequence[tuple[int, bool]],
        over: Mapping[int, Mark],
    ) -> ink.Line:
        """Return a line of cells; `of` is (class, selected) of each place, `over` what stands on top."""
        line: ink.Line = []
        text, style = "", ink.TEXT
        for x, (high, low) in enumerate(zip(upper, lower, strict=True)):
            char, lit = self._digit(high or low, of) if self.digits else self._cell(high, low, of)
            if x in over:
                char, lit = self._mark(over[x], low or high, of)
            if lit is not style and text:
                line.append((text, style))
                text = ""
            text, style = text + char, lit
        return [*line, (text, style)]

    def _cell(self, high: int, low: int, of: Sequence[tuple[int, bool]]) -> ink.Run:
        first, second = self._colour(high, of), self._colour(low, of)
        return (" " if first == second else glyphs.UPPER), self._style(first, second)

    def _mark(self, mark: Mark, label: int, of: Sequence[tuple[int, bool]]) -> ink.Run:
        """Return a mark on the ground it stands on, so that the shading shows through."""
        glyph, kind = mark
        if kind == "cursor":
            return glyph, ink.HERE
        ground = ink.BACK if self.digits else self._colour(label, of)
        on_dark, on_light = ink.MARKS[kind]
        return glyph, self._style(on_light if themes.light(ground) else on_dark, ground, bold=True)

    def _colour(self, label: int, of: Sequence[tuple[int, bool]]) -> str:
        if label == raster.OUTSIDE or label > len(of):
            return ink.BACK
        index, chosen = of[label - 1]
        return (ink.SHADES_CHOSEN if chosen else ink.SHADES)[min(index, CLASSES)]

    def _digit(self, label: int, of: Sequence[tuple[int, bool]]) -> ink.Run:
        if label == raster.OUTSIDE or label > len(of):
            return " ", ink.TEXT
        index, chosen = of[label - 1]
        return str(index) if index else "·", ink.STATES[State.SELECTED] if chosen else ink.TEXT

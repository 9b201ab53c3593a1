"""A chart as lines of text: plotext draws the curves, the axes are drawn round them.

plotext is one figure for the whole process, so drawings are made one at a time, off the screen's thread.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from rich.style import Style

from console.app.drawing import glyphs, ink, words

_PLOTEXT = threading.Lock()
_SGR = re.compile(r"\x1b\[[0-9;]*m")


LETTERED = 16  # cells from one letter on a line to the next
Band = Sequence[tuple[float | None, float | None]]  # low and high of each step; empty for none
Cells = dict[tuple[int, int], tuple[str, Style]]


@dataclass(frozen=True, slots=True)
class Curve:
    """A measure to draw: its title, style, plotext marker and values (None leaves a gap); `letter` stands on a line here and there."""

    title: str
    style: Style
    marker: str
    values: tuple[float | None, ...]
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A finished drawing: lines of `width` cells, the width of the scale at the left, the columns of each step."""

    lines: tuple[ink.Line, ...]
    left: int
    columns: tuple[int, ...]


def draw(curves: Sequence[Curve], band: Band, labels: Sequence[str], now: float | None, width: int, height: int) -> Chart:
    """Return the curves over equal steps in so many cells, over a shaded band; `now` is a place among the steps."""
    steps = len(labels)
    values = [value for curve in curves for value in curve.values] + [high for _, high in band]
    most = ceiling(max((value for value in values if value is not None), default=0.0))
    scale = [words.number(most), words.number(most / 2), "0"] if height >= 7 else [words.number(most), "0"]
    left = max(map(len, scale)) + 1
    wide, high = max(2, width - left - 1), max(1, height - 1)
    columns = tuple(round(n * (wide - 1) / max(1, steps - 1)) for n in range(steps))
    cells = _shaded(band, steps, most, wide, high)
    at = None if now is None or not 0 <= now <= steps - 1 else round(now * (wide - 1) / max(1, steps - 1))
    if at is not None:
        cells |= {(at, y): (glyphs.UPRIGHT, ink.DIM) for y in range(high)}
    for curve in curves:
        drawn: dict[int, int] = {}
        for run in _runs(curve.values):
            for y, line in enumerate(_canvas(run, curve.marker, steps, most, wide, high)):
                cells |= {(x, y): (char, curve.style) for x, char in enumerate(line[:wide]) if char != " "}
                drawn.update({x: y for x, char in enumerate(line[:wide]) if char != " "})
        if curve.letter:
            cells |= {(x, y): (curve.letter, curve.style) for x, y in drawn.items() if x % LETTERED == LETTERED // 2}
    lines = [_row(cells, y, wide, _tick(scale, y, high, left)) for y in range(high)]
    lines.append([(" " * left, ink.DIM), (_axis(labels, columns, wide, at), ink.DIM)])
    return Chart(tuple(lines), left, columns)


def ceiling(value: float) -> float:
    """Return the first round number at or above a value, for the top of a scale; 1 for nothing."""
    if value <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(value))
    return next(size * step for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if size * step >= value)


def _shaded(band: Band, steps: int, most: float, width: int, height: int) -> Cells:
    """Return the cells between the band's low and high values, straight from step to step."""
    cells: Cells = {}
    for x in range(width):
        place = x * (steps - 1) / max(1, width - 1)
        first = min(int(place), max(0, len(band) - 2))
        ends = band[first : first + 2]
        if len(ends) < 2:
            break
        low, high = (None if a is None or b is None else a + (b - a) * (place - first) for a, b in zip(*ends, strict=True))
        if low is None or high is None:
            continue
        top, bottom = (height - 1 - round(value / most * (height - 1)) for value in (high, low))
        cells |= {(x, y): (glyphs.SHADE, ink.FAINT) for y in range(max(0, top), bottom + 1)}
    return cells


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """Return the stretches of known values, each as (step, value); a missing value ends one."""
    made: list[list[tuple[int, float]]] = [[]]
    for n, value in enumerate(values):
        if value is not None:
            made[-1].append((n, value))
        elif made[-1]:
            made.append([])
    return [run for run in made if run]


def _canvas(points: Sequence[tuple[int, float]], marker: str, steps: int, most: float, width: int, height: int) -> list[str]:
    """Return plotext's drawing of one stretch on the bare canvas, without colours."""
    import plotext

    with _PLOTEXT:
        plotext.clear_figure()
        plotext.limit_size(False, False)
        plotext.plot_size(width, height)
        plotext.theme("clear")
        plotext.frame(False)
        plotext.xaxes(False, False)
        plotext.yaxes(False, False)
        plotext.xticks([])
        plotext.yticks([])
        plotext.xlim(0, max(1, steps - 1))
        plotext.ylim(0, most)
        xs, ys = [x for x, _ in points], [y for _, y in points]
        plot = plotext.scatter if marker in ".:" or len(points) == 1 else plotext.plot
        plot(xs, ys, marker=marker)
        text = _SGR.sub("", plotext.build())
    return text.replace("⠀", " ").split("\n")


def _tick(scale: Sequence[str], y: int, height: int, left: int) -> str:
    places = {0: scale[0], height - 1: scale[-1]} | ({height // 2: scale[1]} if len(scale) > 2 else {})
    return f"{places.get(y, ''):>{left - 1}} "


def _row(cells: Cells, y: int, width: int, tick: str) -> ink.Line:
    line: ink.Line = [(tick, ink.DIM)]
    text, style = "", ink.TEXT
    for x in range(width):
        char, lit = cells.get((x, y), (" ", style))
        if lit is not style and text:
            line.append((text, style))
            text = ""
        text, style = text + char, lit
    return [*line, (text, style)]


def _axis(labels: Sequence[str], columns: Sequence[int], width: int, now: int | None) -> str:
    """Return the line of labels: every one, or every so many, evenly, as fit; `now` over them."""
    line = [" "] * width
    room = max(map(len, labels), default=0) + 1
    every = max(1, -(-room * len(labels) // max(1, width)))
    every = next((n for n in (1, 2, 3, 4, 6, 12, 24) if n >= every), every)
    middle = None if now is None else max(0, min(now - 2, width - 5))
    for label, at in list(zip(labels, columns, strict=True))[::every]:
        start = max(0, min(at - len(label) // 2, width - len(label)))
        if middle is None or start + len(label) <= middle or start >= middle + 5:
            line[start : start + len(label)] = label
    if middle is not None:
        line[middle : middle + 5] = " now "
    return "".join(line[:width])

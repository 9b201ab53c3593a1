"""Where things lie: which layout a window's size has, and the region of each panel. Plain arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from console.app.drawing import reader
from console.desk.page import App, Layout

SMALLEST = (40, 12)


@dataclass(frozen=True, slots=True)
class Place:
    """A region in cells."""

    x: int
    y: int
    width: int
    height: int


def size_name(width: int, height: int) -> str:
    """Return the layout of a window's size: wide (never in reader mode), narrow, phone, or "" when it is too small for any."""
    if width >= 100 and height >= 30 and not reader.ON:
        return "wide"
    if width >= 80 and height >= 24:
        return "narrow"
    return "phone" if width >= SMALLEST[0] and height >= SMALLEST[1] else ""


def layout_of(app: App, name: str) -> Layout:
    """Return an app's layout of that name, or the nearest it has."""
    held = dict(app.layouts)
    for each in (name, "narrow", "wide", "phone"):
        if each in held:
            return held[each]
    return Layout((), (), tuple(panel.name for panel in app.panels if panel.kind != "kpi"))


def tabs(app: App, layout: Layout) -> tuple[str, ...]:
    """Return every panel that can be shown alone, those of the rows first."""
    first = [cell.panel for row in layout.rows for cell in row.cells]
    return tuple(dict.fromkeys((*first, *layout.tabs)))


def shares(whole: int, weights: Sequence[int]) -> list[int]:
    """Return whole cells split by weight; the parts add up."""
    total, made, used = sum(weights) or 1, [], 0
    for n in range(len(weights)):
        end = whole * sum(weights[: n + 1]) // total
        made.append(end - used)
        used = end
    return made


def grid(layout: Layout, width: int, height: int) -> dict[str, Place]:
    """Return the region of each panel of a layout's rows; panels stand a cell apart."""
    fixed = sum(row.lines for row in layout.rows)
    flexible = [row for row in layout.rows if not row.lines]
    heights = iter(shares(max(0, height - fixed), [row.weight for row in flexible]))
    places: dict[str, Place] = {}
    y = 0
    for row in layout.rows:
        high = row.lines or next(heights)
        gaps = len(row.cells) - 1
        x = 0
        for cell, wide in zip(row.cells, shares(width - gaps, [cell.weight for cell in row.cells]), strict=True):
            places[cell.panel] = Place(x, y, wide, high)
            x += wide + 1
        y += high
    return places

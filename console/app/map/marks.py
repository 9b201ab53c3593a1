"""Markers by cell: an incident's or unit's own glyph, how many where they crowd, and which of the two by more than colour.

An incident is bold, a unit underlined; a cell that has both is an incident's, underlined.
"""

from __future__ import annotations

from collections.abc import Iterable

from console.app.drawing import glyphs
from console.app.map.raster import View
from console.desk.answer import Marker

MOST = 9  # and more
Cell = tuple[int, int]


def marked(markers: Iterable[Marker], view: View) -> dict[Cell, tuple[str, str]]:
    """Return a glyph and its kind for each cell that has a marker: its glyph, or how many incidents (else units) there are."""
    found: dict[Cell, list[int | str]] = {}
    lon, lat, across, up = view.lon, view.lat, 1 / view.across, 0.5 / view.degrees
    middle, half, wide, high = view.width / 2, view.height / 2, view.width, view.height
    for marker in markers:
        x, y = (marker.lon - lon) * across + middle, (lat - marker.lat) * up + half
        if 0 <= x < wide and 0 <= y < high:
            held = found.setdefault((int(x), int(y)), [0, 0, "", ""])
            which = 0 if marker.kind == "incident" else 1
            held[which] += 1  # type: ignore[operator]
            held[which + 2] = held[which + 2] or marker.glyph
    return {cell: _mark(*held) for cell, held in found.items()}  # type: ignore[arg-type]


def _mark(incidents: int, units: int, incident: str, unit: str) -> tuple[str, str]:
    many, glyph = (incidents, incident) if incidents else (units, unit)
    said = glyphs.one(glyph) if many == 1 else str(min(many, MOST))
    return said, "both" if incidents and units else "incident" if incidents else "unit"

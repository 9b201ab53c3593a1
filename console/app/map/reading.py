"""What is said under a map: the place under the cursor with its numbers and coordinates, the classes, and how it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.app.drawing import glyphs, ink
from console.app.map import legend, look, shading
from console.app.map.cells import Painter
from console.app.map.ground import Ground
from console.app.map.look import Choice
from console.app.map.raster import Place, View
from console.app.map.shading import Shading
from console.app.panels.titled import many
from console.desk.answer import Marker, PanelAnswer, Row


@dataclass(frozen=True)
class Read:
    """What is to be read: where the cursor is, what is shown of what view, the answer with its rows by value, and the marker near by."""

    ground: Ground
    choice: Choice
    view: View
    answer: PanelAnswer
    rows: Mapping[str, Row]
    shading: Shading
    near: Marker | None


def lines(of: Read, painter: Painter, width: int) -> list[ink.Line]:
    """Return the lines under a map, the most needed first."""
    said, things = shading.unit(of.answer.measures), f"{of.choice.level}s"
    if of.choice.by_squares:
        said, things = f"{many(of.answer.fact)} in a square of {look.metres(of.view) / 1000:g} km", "squares"
    return [
        legend.beside(_here(of), legend.coordinates(*of.ground.at), width),
        legend.classes(painter, of.shading, said, things, width),
        legend.drawn(_drawn(of), width),
    ]


def _here(of: Read) -> ink.Line:
    """Return the place under the cursor with its state and numbers."""
    index = of.ground.place()
    if index is None:
        return [(" outside the force", ink.DIM)]
    place = of.ground.places[index]
    row = of.rows.get(place.value)
    state = row.state if row else None
    named = f"{place.value} {place.name}" if place.name != place.value else place.value
    return [
        (f" {glyphs.GLYPHS[state]} ", ink.STATES[state]),
        (glyphs.clean(named), ink.STRONG),
        (f"  {_counts(of, place)}", ink.TEXT),
    ]


def _counts(of: Read, place: Place) -> str:
    row, measures = of.rows.get(place.value), of.answer.measures
    parts = [shading.said(row.values if row is not None else shading.blank(measures), measures) or "0"]
    units = [marker for marker in of.answer.markers if marker.kind == "unit"]
    if units:
        inside = sum(place.holds(marker.lon, marker.lat) for marker in units)
        parts.append(f"{inside} unit{'s' if inside != 1 else ''}")
    return ", ".join(parts) + (f"; {glyphs.clean(of.near.text)}" if of.near else "")


def _drawn(of: Read) -> list[str]:
    parts = [legend.SYMBOLS[of.choice.symbol], of.choice.named]
    if of.answer.note:
        parts.insert(0, of.answer.note)
    if of.answer.markers:
        parts.append("bold an incident, underlined a unit, a digit how many" if of.choice.markers else "no markers")
    return parts

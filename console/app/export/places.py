"""A map as GeoJSON: each place with its values and its state, each marker, and the area that is selected."""

from __future__ import annotations

import json
from typing import Any

from console import files
from console.app.drawing import glyphs
from console.app.export.about import About
from console.app.export.cells import STATE, plain, short
from console.desk import area
from console.desk.answer import PanelAnswer
from console.desk.grammar import ZONE
from console.desk.selection import Area


def places(field: str, panel: PanelAnswer, about: About) -> str:
    """Return the places of a field, whole, under a panel's answer, then its squares and markers, as a FeatureCollection.

    A place's geometry is that of `data/geography/FIELDs.geojson`; one without a row has no values. Raises OSError.
    """
    body = json.loads((files.data() / "geography" / f"{field}s.geojson").read_text(encoding="utf-8"))
    rows = {str(row.at[0][1]): row for row in panel.rows if row.at}
    names = [measure.name for measure in panel.measures]
    made = []
    for feature in body["features"]:
        said = feature["properties"]
        row = rows.get(str(said[field]))
        told: dict[str, Any] = {"kind": "place", short(field, panel.fact): said[field], "name": said.get("name", said[field])}
        told[STATE] = row.state.value if row and row.state else None
        told |= dict.fromkeys(names) | (dict(zip(names, row.values, strict=False)) if row else {})
        made.append({"type": "Feature", "geometry": feature["geometry"], "properties": told})
    made += _squares(panel)
    for marker in panel.markers:
        point = {"type": "Point", "coordinates": [marker.lon, marker.lat]}
        told = {"kind": marker.kind, "key": marker.key, "glyph": marker.glyph, "text": marker.text}
        made.append({"type": "Feature", "geometry": point, "properties": told})
    return collection(made, about)


def _squares(panel: PanelAnswer) -> list[dict[str, Any]]:
    """Return the squares of a panel that counts the points in each."""
    if panel.shown is None or panel.shown.square is None:
        return []
    across, up = panel.shown.square
    made = []
    for x, y, points in panel.squares:
        west, south, east, north = x * across, y * up, (x + 1) * across, (y + 1) * up
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        made.append({"type": "Feature", "geometry": geometry, "properties": {"kind": "square", "points": points}})
    return made


def selected(of: Area, about: About) -> str:
    """Return an area as a FeatureCollection that `area=@FILE` takes for the same; each shape carries the marking."""
    return collection(json.loads(area.geojson(of, {"kind": "area", "marking": about.marking}))["features"], about)


def collection(features: list[dict[str, Any]], about: About) -> str:
    """Return features as a FeatureCollection, a feature a line, in ASCII; what it is stands in the member `about` (RFC 7946, 6.1)."""
    lines = ",\n".join(json.dumps(_cleaned(feature), allow_nan=False) for feature in features)
    return f'{{"type": "FeatureCollection",\n"about": {json.dumps(about.body())},\n"features": [\n{lines}\n]}}\n'


def _cleaned(feature: dict[str, Any]) -> dict[str, Any]:
    said = {name: glyphs.harmless(value) if isinstance(value, str) else plain(value, ZONE) for name, value in feature["properties"].items()}
    return feature | {"properties": said}

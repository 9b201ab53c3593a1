"""Makes the GeoJSON of the force from the hand-entered places beside it: `python data/geography/build.py [FOLDER]`.

Beats are the Voronoi cells of the seed places, clipped to the outline; sectors and districts are their unions.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterable
from math import cos, radians
from pathlib import Path
from typing import Any

from shapely import LineString, MultiPoint, Point, Polygon, set_precision, transform, union_all, voronoi_polygons
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

HERE = Path(__file__).parent
SQUASH = cos(radians(51.25))
CODES = {
    "Bristol": "BRI",
    "South Gloucestershire": "SGL",
    "Bath and North East Somerset": "BNS",
    "North Somerset": "NSM",
    "Somerset": "SOM",
}


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a CSV beside this file."""
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(folder: Path, name: str, features: Iterable[tuple[BaseGeometry, dict[str, Any]]]) -> None:
    """Write a GeoJSON file, one feature a line, degrees to five places."""
    lines = []
    for shape, properties in features:
        geometry = json.loads(json.dumps(mapping(shape)), parse_float=lambda text: round(float(text), 5))
        feature = {"type": "Feature", "properties": properties, "geometry": geometry}
        lines.append(json.dumps(feature, separators=(",", ":"), ensure_ascii=False))
    body = ",\n".join(lines)
    (folder / f"{name}.geojson").write_text(f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n', encoding="utf-8")


def squash(shape: BaseGeometry, factor: float) -> BaseGeometry:
    """Return the shape with longitudes scaled, so that distances are alike both ways."""
    return transform(shape, lambda xy: xy * [factor, 1.0])


def build(folder: Path) -> None:
    """Write outline, beats, sectors, districts, towns and roads into the folder."""
    seeds = rows("seeds")
    outline = Polygon([(float(row["lon"]), float(row["lat"])) for row in rows("outline")])
    points = [Point(float(row["lon"]), float(row["lat"])) for row in seeds]
    cells = voronoi_polygons(squash(MultiPoint(points), SQUASH), extend_to=squash(outline, SQUASH)).geoms
    flat = [squash(cell, 1 / SQUASH) for cell in cells]
    counts: Counter[str] = Counter()
    beats: list[tuple[BaseGeometry, dict[str, Any]]] = []
    for row, point in zip(seeds, points, strict=True):
        cell = next(cell for cell in flat if cell.contains(point))
        shape = set_precision(cell.intersection(outline), 1e-5)
        counts[row["prefix"]] += 1
        beats.append((shape, {
            "beat": f"{row['prefix']}{counts[row['prefix']]:02d}", "name": row["name"], "sector": row["sector"],
            "district": row["district"], "lon": point.x, "lat": point.y, "population": int(row["population"]),
            "urban": row["urban"] == "1", "night": float(row["night"]),
        }))  # fmt: skip
    write(folder, "outline", [(outline, {"name": "Avon and Somerset"})])
    write(folder, "beats", beats)
    sectors = {p["sector"]: (p["district"], p["beat"][:2]) for _, p in beats}
    write(folder, "sectors", [
        (union(beats, "sector", name), {"sector": name, "name": name, "district": district, "code": code})
        for name, (district, code) in sectors.items()
    ])  # fmt: skip
    write(folder, "districts", [
        (union(beats, "district", name), {"district": name, "name": name, "code": code}) for name, code in CODES.items()
    ])  # fmt: skip
    write(folder, "towns", [
        (Point(float(row["lon"]), float(row["lat"])),
         {"name": row["name"], "population": int(row["population"]), "rank": int(row["rank"])})
        for row in rows("towns")
    ])  # fmt: skip
    write(folder, "roads", [
        (line(row["line"]), {"road": row["road"], "class": row["class"], "speed_kmh": int(row["speed_kmh"])})
        for row in rows("roads")
    ])  # fmt: skip


def union(beats: list[tuple[BaseGeometry, dict[str, Any]]], level: str, name: str) -> BaseGeometry:
    """Return the union of the beats of one sector or district."""
    return union_all([shape for shape, properties in beats if properties[level] == name], grid_size=1e-5)


def line(text: str) -> BaseGeometry:
    """Return the line of a road from `lon lat|lon lat|...`."""
    return LineString([tuple(float(number) for number in pair.split()) for pair in text.split("|")])


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)

"""What a map takes: drawing an answer anew, a pan or zoom, against rasterising everything each time and shapely for each pixel.

Times are of the processor that draws, which is one thread.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import shapely

from console.app.drawing import ink
from console.app.map import raster
from console.app.map.grid import Outlines
from console.app.map.landmarks import roads
from console.app.map.look import Choice, Look
from console.app.map.palette import palette
from console.app.map.picture import Picture, Subject
from console.app.map.shading import shaded
from console.app.map.sheet import Sheet, sheet
from console.bench import report
from console.bench.boundaries import about, authorities, census, corners, folder, generated
from console.bench.figures import median, worked
from console.bench.report import Budget, Report
from console.desk.answer import Marker, Row, State
from console.desk.page import PanelSpec

WIDE, HIGH = 98, 40
RUNS, TIMES, PEER_TIMES = 3, 60, 3
MARKERS = 400
REFILTER, MADE, REAL = 5.0, 20.0, 60.0
MOST_ZOOM = 4


class Drawn:
    """A map of some places, drawn as the screen draws it but for the sending."""

    def __init__(self, places: Sequence[raster.Place], seed: int) -> None:
        """Draw these places; markers and values follow from the seed."""
        self.places, self._draw = places, random.Random(seed)
        self._outlines = Outlines(places)
        self._points = [(place.lon, place.lat) for place in places]
        self._frame = raster.whole(places)
        self._picture = Picture(palette("256"))
        self._choice = Choice(PanelSpec("map", "Map", "map", "incident", ("beat",)), palette("256"))

    def look(self, zoom: int, at: tuple[float, float]) -> Look:
        """Return what is asked for at a zoom about a point."""
        return Look(raster.fitted(self._frame, WIDE, HIGH, zoom, at), "beat", "half", roads=True)

    def sheet(self, look: Look) -> Sheet:
        """Return the sheet of a look."""
        return sheet(self._outlines, look, self._points, roads(), dotted=True)

    def answer(self) -> tuple[dict[str, Row], list[Marker]]:
        """Return the rows and markers of a new answer."""
        draw = self._draw
        rows = {
            place.value: Row(
                (("beat", place.value),),
                draw.choice((State.POSSIBLE, State.SELECTED, State.EXCLUDED)),
                (draw.choice((0, draw.randrange(60))),),
            )
            for place in self.places
        }
        marks = [
            Marker(kind, str(n), *about(self.places, draw), draw.choice("IP" if kind == "incident" else "._at#"), "")
            for kind in ("incident", "unit")
            for n in range(MARKERS // 2)
        ]
        return rows, marks

    def draw(self, held: Sheet, rows: Mapping[str, Row], markers: list[Marker]) -> int:
        """Draw an answer on a sheet, down to the segments of each line; return how many these are."""
        of = Subject(self.places, rows, shaded(self.places, rows, False), {}, markers, (), self._points[0])
        return sum(len(ink.segments(line, WIDE, True)) for line in self._picture.lines(held, self._choice, of))


def run(rows: int, seed: int) -> Report:
    """Return what a map of generated beats, and one of each real set of boundaries at hand, takes; `rows` is of no account here."""
    began = report.load()
    made = Drawn(generated(seed=seed), seed)
    draw = random.Random(seed)
    refilter, anew = _refilters(made)
    budgets = [Budget(f"a re-filter of a {WIDE}x{HIGH} map, p95", REFILTER, median(refilter, 95), "ms")]
    ratios = {"a re-filter: rasterising everything each time": statistics.median(map(statistics.median, anew)) / median(refilter, 50)}
    measured = {"a re-filter, p50 (ms)": median(refilter, 50)}
    notes: list[str] = []
    for name, goal, held in (("generated beats", MADE, made), *((name, REAL, Drawn(each, seed)) for name, each in _real(notes))):
        said = f"a pan or zoom, {len(held.places):,} {name} of {corners(held.places):,} corners"
        times, peer = _moves(held, draw)
        budgets.append(Budget(f"{said}, p95", goal, median(times, 95), "ms"))
        ratios[f"{said}: shapely for each pixel"] = statistics.median(peer) / median(times, 50)
        measured[f"{said}, p50 (ms)"] = median(times, 50)
    return Report("map", 0, seed, budgets, ratios, measured, began, notes)


def _real(notes: list[str]) -> list[tuple[str, tuple[raster.Place, ...]]]:
    """Return the real boundaries at hand, by name; what is absent is noted."""
    found = []
    where: Path = folder()
    ways: dict[str, Callable[[Path], tuple[raster.Place, ...]]] = {"middle-layer census areas": census, "local authorities": authorities}
    for name, way in ways.items():
        try:
            places = way(where)
        except OSError:
            places = ()
        if places:
            found.append((name, places))
        else:
            notes.append(f"{name}: not measured, their boundaries are absent from {where} (CONSOLE_TEST_DATA names the folder above it)")
    return found


def _refilters(made: Drawn) -> tuple[list[list[float]], list[list[float]]]:
    """Return how long answers took to be drawn on a sheet that is there, and on one made anew (ms), run by run."""
    look = made.look(0, made.places[0].frame[:2])
    held = made.sheet(look)
    made.draw(held, *made.answer())
    own, anew = [], []
    for _ in range(RUNS):
        answers = [made.answer() for _ in range(TIMES)]
        own.append([worked(lambda each=each: made.draw(held, *each))[1] for each in answers])  # type: ignore[misc]
        anew.append([worked(lambda each=each: made.draw(made.sheet(look), *each))[1] for each in answers])  # type: ignore[misc]
    return own, anew


def _moves(held: Drawn, draw: random.Random) -> tuple[list[list[float]], list[float]]:
    """Return how long pans and zooms took to be made and drawn (ms) run by run, and shapely over the pixels of a few."""
    rows, markers = held.answer()
    looks = [[held.look(draw.randrange(MOST_ZOOM + 1), about(held.places, draw)) for _ in range(TIMES)] for _ in range(RUNS)]
    held.draw(held.sheet(looks[0][0]), rows, markers)
    own = [[worked(lambda each=each: held.draw(held.sheet(each), rows, markers))[1] for each in run] for run in looks]  # type: ignore[misc]
    polygons = [shapely.MultiPolygon([(polygon[0], polygon[1:]) for polygon in place.polygons]) for place in held.places]
    tree = shapely.STRtree(polygons)
    peer = [worked(lambda each=each: by_pixel(tree, each.view))[1] for each in looks[0][:PEER_TIMES]]  # type: ignore[misc]
    return own, peer


def by_pixel(tree: shapely.STRtree, view: raster.View) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return 1 + the place of each pixel, or 0, by asking for each which place holds its middle."""
    lons = view.lon + (np.arange(view.width) + 0.5 - view.width / 2) * view.across
    lats = view.lat - (np.arange(view.height * 2) + 0.5 - view.height) * view.degrees
    points = shapely.points(*(each.ravel() for each in np.meshgrid(lons, lats)))
    pixels, places = tree.query(points, predicate="intersects")
    found = np.zeros(points.size, np.int64)
    found[pixels] = places + 1
    return found

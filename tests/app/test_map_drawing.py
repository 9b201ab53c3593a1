"""The drawing of maps: borders with holes, palettes that colour-blind eyes can order, symbols, markers, names, the scale."""

from __future__ import annotations

import itertools
import json
import random
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from console.app.drawing import glyphs, ink
from console.app.map import landmarks, palette, raster, shading
from console.app.map.cells import PIXELS, Painter, _octants, _sextants, edges
from console.app.map.grid import Outlines
from console.app.map.landmarks import Name
from console.app.map.look import Look
from console.app.map.marks import marked
from console.app.map.names import Naming, furniture, scale
from console.app.map.raster import Place, View
from console.app.map.sheet import sheet
from console.desk.answer import Marker, Row, State
from tests.real import real

Array = np.ndarray[Any, Any]
APART = 13  # CIE76 units between neighbouring classes of the 256 colours, for every eye
APART_16 = 20  # of the 16, as xterm, VGA and Windows have them
_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
_LMS = np.array([[17.8824, 43.5161, 4.11935], [3.45565, 27.1554, 3.86714], [0.0299566, 0.184309, 1.46709]])
EYES = {  # Viénot, Brettel and Mollon 1999
    "normal": np.eye(3),
    "protanope": np.array([[0, 2.02344, -2.52581], [0, 1, 0], [0, 0, 1]]),
    "deuteranope": np.array([[1, 0, 0], [0.494207, 0, 1.24827], [0, 0, 1]]),
}
TERMINALS = {
    "xterm": "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff",
    "vga": "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
    "windows": "0c0c0c c50f1f 13a10e c19c00 0037da 881798 3a96dd cccccc 767676 e74856 16c60c f9f1a5 3b78ff b4009e 61d6d6 f2f2f2",
}
NAMES_16 = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")


def lab(colour: str, eye: Array) -> Array:
    """Return a colour (#rrggbb) in CIELAB (D65) as an eye sees it."""
    part = np.array([int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)])
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    seen = (np.linalg.inv(_LMS) @ eye @ _LMS @ linear).clip(0, 1)
    ratio = _XYZ @ seen / np.array([0.95047, 1, 1.08883])
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def in_order(colours: Sequence[str], eye: Array, apart: float, rising: bool = True) -> None:
    seen = [lab(each, eye) for each in colours]
    for one, other in itertools.pairwise(seen):
        assert (other[0] > one[0]) == rising
        assert np.linalg.norm(one - other) >= apart


@pytest.mark.parametrize("eye", EYES.values(), ids=EYES)
def test_classes_are_in_order_for_every_eye(eye: Array) -> None:
    """Lightness rises from class to class, plain and selected, and neighbours are told apart; changes grow darker towards none."""
    held = palette.palette("256").colours
    in_order(held[palette.CLASS : palette.CHOSEN], eye, APART)
    in_order(held[palette.CHOSEN : palette.CHANGE], eye, APART)
    in_order(held[palette.CHANGE : palette.CHANGE + 3], eye, APART, rising=False)
    in_order(held[palette.CHANGE + 2 : palette.CHANGE + 5], eye, APART)
    more, fewer = held[palette.CHANGE + 3 : palette.CHANGE + 5], held[palette.CHANGE : palette.CHANGE + 2]
    lighter = palette.CHANGES[True]
    in_order(lighter[:3], eye, APART)
    in_order(lighter[2:], eye, APART, rising=False)
    for one, other in [*itertools.product(more, fewer), *itertools.product(lighter[:2], lighter[3:])]:
        assert np.linalg.norm(lab(one, eye) - lab(other, eye)) >= 2 * APART


@pytest.mark.parametrize(("terminal", "eye"), list(itertools.product(TERMINALS, EYES)))
def test_sixteen_colours_are_in_order_too(terminal: str, eye: str) -> None:
    """Five classes above none, as three kinds of terminals have their colours."""
    codes = TERMINALS[terminal].split()

    def shown(name: str) -> str:
        return f"#{codes[NAMES_16.index(name.removeprefix('bright_')) + 8 * name.startswith('bright_')]}"

    held = palette.palette("lean").colours
    in_order([shown(each) for each in held[palette.CLASS : palette.CHOSEN]], EYES[eye], APART_16)
    in_order([shown(each) for each in palette.FEW[True]], EYES[eye], APART_16, rising=False)


def painted(painter: Painter, symbol: str, codes: Array) -> list[str]:
    return [ink.plain(line) for line in painter.lines(symbol, codes, {})]


def test_without_colour_each_class_has_its_own_sign() -> None:
    """Six signs for classes, five for changes, none the same as another; selected ones are bold."""
    for name in ("mono", "ascii"):
        painter = Painter(palette.palette(name))
        codes = np.arange(palette.MANY)[None, :]
        (line,) = painter.lines("signs", codes, {})
        text = ink.plain(line)
        plain, changes = text[palette.CLASS : palette.CHOSEN], text[palette.CHANGE : palette.CHANGE_CHOSEN]
        assert len(set(plain) | set(changes)) == 11
        assert text[palette.CHOSEN : palette.CHANGE] == plain
        assert glyphs.ascii_only(text).isascii()
        bold = "".join(run for run, style in line if style.bold)
        assert plain in bold


def test_selected_places_are_hatched() -> None:
    """A selected place carries a stroke in every other cell in any colours; in sixteen a place that has nothing a dot."""
    painter = Painter(palette.palette("lean"))
    codes = np.array([[palette.CLASS + 2] * 4, [palette.CHOSEN + 2] * 4, [palette.CLASS] * 4, [palette.GROUND] * 4])
    assert painted(painter, "plain", codes) == ["    ", "/ / ", "· · ", "    "]
    assert painted(Painter(palette.palette("256")), "plain", codes) == ["    ", "/ / ", "    ", "    "]


def test_half_blocks_are_two_pixels_a_cell() -> None:
    """Two colours make a half block, one a space; runs of one style are one run."""
    painter = Painter(palette.palette("256"))
    codes = np.array([[1, 1, 2, 2], [1, 1, 2, 3]])
    (line,) = painter.lines("half", codes, {})
    assert [text for text, _ in line] == ["  ", " ", glyphs.UPPER]
    assert line[2][1].color is not None
    assert line[2][1].color.name == painter.palette.colours[2]
    assert line[2][1].bgcolor is not None
    assert line[2][1].bgcolor.name == painter.palette.colours[3]


def test_sextants_and_octants_are_unicodes() -> None:
    """Each pattern has one glyph of its own, one cell wide; the first and last are those of the standard."""
    six, eight = _sextants(), _octants()
    assert len(set(six.tolist())) == 64
    assert len(set(eight.tolist())) == 256
    assert unicodedata.name(chr(six[1])) == "BLOCK SEXTANT-1"
    assert unicodedata.name(chr(six[0b101100])) == "BLOCK SEXTANT-346"
    assert unicodedata.name(chr(six[62])) == "BLOCK SEXTANT-23456"
    assert {chr(each) for each in eight.tolist()} >= set(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█▂▆")
    assert eight[0b100] == 0x1CD00  # octant 3, the first that had no glyph before
    assert eight[0b11111110] == 0x1CDE5  # 2345678, the last
    painter = Painter(palette.palette("256"))
    codes = np.array([[1, 2], [1, 1], [1, 1]])
    assert painted(painter, "sextant", codes) == [chr(six[2])]


def test_borders_are_braille() -> None:
    """The dots are where one place ends and another begins, and nowhere else."""
    labels = np.ones((4, 8), np.int64)
    labels[:, 5:] = 2
    assert [chr(0x2800 + each) for each in edges(labels)[0]] == ["⠀", "⠀", "⢸", "⠀"]


def ring(west: float, south: float, size: float) -> list[list[float]]:
    return [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]


def test_holes_and_islands_are_drawn_as_they_are(tmp_path: Path) -> None:
    """A place with a hole and an island, another within the hole: each pixel shows what holds its middle."""
    features = [
        {"properties": {"id": "a", "name": "A"}, "geometry": {"type": "MultiPolygon", "coordinates": [
            [ring(0, 0, 10), ring(3, 3, 4)], [ring(12, 0, 3)]]}},
        {"properties": {"id": "b"}, "geometry": {"type": "Polygon", "coordinates": [ring(4, 4, 2)]}},
        {"properties": {"id": "c"}, "geometry": None},
    ]  # fmt: skip
    path = tmp_path / "made.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    places = raster.read(path, "id")
    assert [(place.value, place.name) for place in places] == [("a", "A"), ("b", "b")]
    assert all(place.holds(place.lon, place.lat) for place in places)
    assert places[0].holds(13, 1)
    assert not places[0].holds(5, 5)
    view = raster.fitted(raster.whole(places), 60, 25)
    agreeing, asked = agreement(places, view)
    assert agreeing >= 0.93 * asked
    grid = Outlines(places).grid(view)
    for point, label in (((5, 5), 2), ((3.5, 5), 0), ((1, 1), 1), ((13.5, 1.5), 1), ((11, 1.5), 0)):
        x, y = view.pixel(*point)
        assert grid.labels[int(y), int(x)] == label


def agreement(places: Sequence[Place], view: View) -> tuple[int, int]:
    """Return at how many pixels, of how many, the grid shows what exactly holds the middle."""
    grid = Outlines(places).grid(view)
    right = asked = 0
    for y in range(0, grid.labels.shape[0], 3):
        for x in range(0, grid.labels.shape[1], 3):
            lon = view.lon + (x + 0.5 - view.width / 2) * view.across
            lat = view.lat - (y + 0.5 - view.height) * view.degrees
            held = next((n for n, place in enumerate(places, 1) if place.holds(lon, lat)), 0)
            right += grid.labels[y, x] == held
            asked += 1
    return right, asked


@pytest.mark.parametrize("zoom", [0, 2])
def test_real_census_areas_are_drawn_where_they_are(zoom: int) -> None:
    """211 census areas, some with holes and islands: each one's own point lies in it, and the pixels show what holds them."""
    folder = real("boundaries")
    places = [place for path in sorted(folder.glob("msoa_*.json")) for place in raster.read(path, "MSOA11CD", "MSOA11NM")]
    assert len(places) == 211
    assert any(len(place.polygons) > 1 for place in places)
    assert any(len(polygon) > 1 for place in places for polygon in place.polygons)
    assert all(place.holds(place.lon, place.lat) for place in places)
    right, asked = agreement(places, raster.fitted(raster.whole(places), 98, 40, zoom, (-2.6, 51.45)))
    assert right >= 0.85 * asked


def test_a_sheet_is_only_coloured_anew() -> None:
    """Another answer changes colours and nothing else; before any the places have nothing."""
    places = raster.places("beat")
    view = raster.fitted(raster.whole(places), 98, 40)
    held = sheet(Outlines(places), Look(view, "beat", "half"), [(place.lon, place.lat) for place in places], (), True)
    assert set(np.unique(held.coloured(()))) == {palette.GROUND, palette.CLASS}
    draw = random.Random(1)
    rows = {place.value: Row((("beat", place.value),), State.POSSIBLE, (draw.randrange(9),)) for place in places}
    made = shading.shaded(places, rows, False)
    codes = held.coloured(made.codes)
    for n, place in enumerate(places):
        x, y = view.pixel(place.lon, place.lat)
        if held.grid.labels[int(y), int(x)] == n + 1:
            assert codes[int(y), int(x)] == made.codes[n]
    assert made.without == sum(not row.values[0] for row in rows.values())


def test_changes_are_even_to_both_sides() -> None:
    """As many more as fewer are of mirrored classes; what didn't change is between; unknown is no change and counted as none."""
    places = raster.places("district")
    values: list[float | None] = [-6.0, 6.0, 1.0, -1.0, None]
    rows = {place.value: Row((), State.POSSIBLE, (value,)) for place, value in zip(places, values, strict=True)}
    made = shading.shaded(places, rows, True)
    middle = palette.CHANGE + palette.AS_BEFORE
    assert [code - middle for code in made.codes] == [-2, 2, 1, -1, 0]
    assert made.without == 1
    assert [text for _, text in made.legend] == ["-6..", "-1..", "0", "+1..", "+6.."]
    few = shading.shaded(places, rows | {places[3].value: Row((), State.POSSIBLE, (0.2,))}, True)
    assert few.legend[2][1] == "under 1"


def test_squares_lie_where_their_points_are() -> None:
    """A square's colour is at the pixels of its ground, whatever the view; a square out of view is none's."""
    places = raster.places("beat")
    side = (0.0144, 0.009)
    for zoom in (0, 3):
        view = raster.fitted(raster.whole(places), 98, 40, zoom, (-2.6, 51.45))
        held = sheet(Outlines(places), Look(view, "beat", "half"), [(place.lon, place.lat) for place in places], (), True)
        columns, rows = int(np.floor(-2.6 / side[0])), int(np.floor(51.45 / side[1]))
        codes = held.squares(side, {(columns, rows): palette.CLASS + 5, (9999, 9999): palette.CLASS + 4})
        x, y = view.pixel((columns + 0.5) * side[0], (rows + 0.5) * side[1])
        assert zoom == 0 or codes[int(y), int(x)] == palette.CLASS + 5
        assert palette.CLASS + 4 not in codes


def test_markers_say_what_they_are_and_how_many() -> None:
    """One is its own glyph, several a number, nine and more 9; incidents before units; a unit beneath an incident still shows."""
    view = View(0.0, 0.0, 0.01, 20, 10)
    lons = [view.ground(x, 5)[0] for x in range(20)]
    made = [
        Marker("incident", "i1", lons[2], 0.0, "I", ""), Marker("unit", "u1", lons[4], 0.0, "#", ""),
        Marker("incident", "i2", lons[6], 0.0, "P", ""), Marker("unit", "u2", lons[6], 0.0, ".", ""),
        *(Marker("unit", f"v{n}", lons[8], 0.0, ".", "") for n in range(3)),
        *(Marker("incident", f"w{n}", lons[10], 0.0, "P", "") for n in range(12)),
        Marker("incident", "x", 9.0, 9.0, "I", ""), Marker("unit", "y", lons[12], 0.0, "\x1b", ""),
    ]  # fmt: skip
    found = marked(made, view)
    _, row = view.cell(lons[2], 0.0)
    assert found == {
        (2, row): ("I", "incident"), (4, row): ("#", "unit"), (6, row): ("P", "both"), (8, row): ("3", "unit"), (10, row): ("9", "incident"),
        (12, row): (glyphs.LOST, "unit"),
    }  # fmt: skip
    for name in ("256", "lean", "mono", "ascii"):
        styles = [palette.palette(name).mark(kind, 1) for kind in ("incident", "unit", "both")]
        assert [bool(style.underline) for style in styles] == [False, True, True]
        assert bool(styles[0].bold)


@pytest.mark.parametrize(("width", "height", "zoom"), [(98, 40, 0), (48, 10, 0), (98, 40, 3), (30, 12, 1)])
def test_names_neither_collide_nor_leave_the_map(width: int, height: int, zoom: int) -> None:
    """Names keep apart from each other, from markers and from the scale; those of higher rank come first; what stood stays."""
    places = raster.places("beat")
    view = raster.fitted(raster.whole(places), width, height, zoom, (-2.6, 51.45))
    held = sheet(Outlines(places), Look(view, "beat", "half"), [(place.lon, place.lat) for place in places], landmarks.roads(), True)
    busy = {view.cell(place.lon, place.lat) for place in places[::7]}
    taken = set(furniture(view))
    naming, every = Naming(), landmarks.names(places)
    over = naming.over(every, view, taken, busy, held.rooms)
    dots = {cell for cell, (char, _) in over.items() if char == "•"}
    assert over
    assert not taken & over.keys()
    assert not busy & (over.keys() - dots)
    assert all(view.holds(*cell) for cell in over)
    assert all(len(char) == 1 for char, _ in over.values())
    assert naming.over(every, view, taken, busy, held.rooms) == over
    words = {"".join(over[x, y][0] for x in range(width) if (x, y) in over) for y in range(height)}
    assert any(name.text in line for line in words for name in landmarks.towns()[:8]) or zoom


def test_a_name_is_cut_to_what_fits() -> None:
    """Where neither side has room for all of it, as much as fits is shown, with the mark of a cut."""
    view = View(0.0, 0.0, 0.01, 30, 1)
    lon, _ = view.ground(14, 0)
    over = Naming().over([Name("Llanfairpwllgwyngyll", lon, 0.0, 1)], View(0.0, 0.0, 0.01, 30, 4), set(), set(), ())
    assert over
    assert Naming().over([Name("Llanfairpwllgwyngyll", lon, 0.0, 1)], view, set(), set(), ()) == {}  # not worth a cell of the few
    wide = View(0.0, 0.0, 0.01, 30, 5)
    lon, lat = wide.ground(14, 2)
    blocked = {(x, y) for x in range(30) for y in (0, 1, 3, 4)}
    text = "".join(
        char for _, (char, _) in sorted(Naming().over([Name("Llanfairpwllgwyngyll", lon, lat, 1)], wide, blocked, set(), ()).items())
    )
    assert text == "•Llanfairpwllg…"[: len(text) - 1] + "…"


def test_the_scale_is_a_round_distance() -> None:
    """Its bar is as long as it says, on the ground."""
    for zoom in range(6):
        view = raster.fitted(raster.whole(raster.places("beat")), 98, 40, zoom, (-2.6, 51.45))
        metres, wide = scale(view)
        assert str(metres).rstrip("0").rstrip(".")[0] in "125"
        assert wide == pytest.approx(metres / view.metres, abs=0.6)
        assert wide <= view.width / 4 + 1
        cells = furniture(view)
        assert cells[view.width - 1, 0][0] == "N"


def test_each_symbol_has_its_pixels() -> None:
    """Every symbol of every palette draws a whole map of the size asked for."""
    places = raster.places("sector")
    view = raster.fitted(raster.whole(places), 40, 12)
    for name in ("256", "lean", "mono", "ascii"):
        held = palette.palette(name)
        painter = Painter(held)
        for symbol in held.symbols:
            made = sheet(
                Outlines(places), Look(view, "sector", symbol, True), [(each.lon, each.lat) for each in places], landmarks.roads(), True
            )
            assert made.grid.labels.shape == (12 * PIXELS[symbol][1], 40 * PIXELS[symbol][0])
            lines = painter.lines(symbol, made.coloured([palette.CLASS + n % 6 for n in range(len(places))]), made.roads, made.dots)
            assert [ink.length(line) for line in lines] == [40] * 12

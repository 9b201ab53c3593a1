"""The grid of labels: which place each pixel of a view shows. Made anew for each view, and only coloured anew for each answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from console.app.map.raster import Place, View

Array = np.ndarray[Any, Any]
OUTSIDE = 0


@dataclass(frozen=True, eq=False)
class Grid:
    """A view's labels: 1 + the index of the place at each pixel, or OUTSIDE; a cell has `across` times `down` pixels."""

    view: View
    across: int
    down: int
    labels: Array

    def cells(self) -> Array:
        """Return the label in the middle of each cell."""
        return self.labels[self.down // 2 :: self.down, self.across // 2 :: self.across]

    def blocks(self) -> Array:
        """Return the labels by cell: rows, columns, and a cell's pixels row by row."""
        high, wide = self.view.height, self.view.width
        parts = self.labels.reshape(high, self.down, wide, self.across).swapaxes(1, 2)
        return parts.reshape(high, wide, self.down * self.across)


class Outlines:
    """The corners of some places, all in one array, ready to be drawn in any view."""

    def __init__(self, places: Sequence[Place]) -> None:
        """Take the places; of several that share a pixel the smallest is to be seen."""
        order = sorted(range(len(places)), key=lambda n: -_size(places[n]))
        polygons = [(n + 1, polygon) for n in order for polygon in places[n].polygons]
        self._labels = [label for label, _ in polygons]
        self._holes = [len(polygon) - 1 for _, polygon in polygons]
        rings = [ring for _, polygon in polygons for ring in polygon]
        self._points = np.array([corner for ring in rings for corner in ring], np.float64).reshape(-1, 2)
        self._many = np.array([len(ring) for ring in rings], np.int64)
        starts = np.cumsum(self._many) - self._many
        self._low = np.minimum.reduceat(self._points, starts, axis=0) if rings else np.zeros((0, 2))
        self._high = np.maximum.reduceat(self._points, starts, axis=0) if rings else np.zeros((0, 2))

    def grid(self, view: View, across: int = 1, down: int = 2) -> Grid:
        """Return the labels of a view, in so many pixels a cell."""
        wide, high = view.width * across, view.height * down
        image = Image.new("I", (wide, high), OUTSIDE)
        pen = ImageDraw.Draw(image)
        ring = 0
        corners = self._seen(view, across, down)
        for label, holes in zip(self._labels, self._holes, strict=True):
            outer, inner = corners[ring], [each for each in corners[ring + 1 : ring + 1 + holes] if each]
            ring += 1 + holes
            if not outer:
                continue
            if inner:
                mask = Image.new("1", (wide, high), 0)
                stencil = ImageDraw.Draw(mask)
                _fill(stencil, outer, 1)
                for each in inner:
                    _fill(stencil, each, 0)
                image.paste(label, (0, 0, wide, high), mask)
            else:
                _fill(pen, outer, label)
        return Grid(view, across, down, np.asarray(image, np.int32))

    def _seen(self, view: View, across: int, down: int) -> list[list[float]]:
        """Return the corners of each ring in pixels, x and y in turn, one of those that share a pixel; none of a ring out of view."""
        scale = np.array((across / view.across, -down / 2 / view.degrees))
        shift = np.array((view.width * across / 2, view.height * down / 2)) - np.array((view.lon, view.lat)) * scale
        one, other = self._low * scale + shift, self._high * scale + shift
        size = np.array((view.width * across, view.height * down))
        seen = ((np.minimum(one, other) < size) & (np.maximum(one, other) >= 0)).all(axis=1)
        pixels = self._points[np.repeat(seen, self._many)] * scale + shift
        many = self._many[seen]
        starts = np.cumsum(many) - many
        whole = np.floor(pixels)
        kept = np.ones(len(pixels), bool)
        kept[1:] = (whole[1:] != whole[:-1]).any(axis=1)
        kept[starts] = True
        left = np.add.reduceat(kept, starts) if many.size else many
        flat, ends = pixels[kept].ravel().tolist(), (2 * np.cumsum(left)).tolist()
        found = iter([flat[start:end] for start, end in zip([0, *ends], ends, strict=False)])
        return [next(found) if each else [] for each in seen.tolist()]


def _size(place: Place) -> float:
    west, south, east, north = place.frame
    return (east - west) * (north - south)


def _fill(pen: ImageDraw.ImageDraw, corners: list[float], label: int) -> None:
    if len(corners) < 4:
        pen.point(corners, fill=label)
    else:
        pen.polygon(corners, fill=label)

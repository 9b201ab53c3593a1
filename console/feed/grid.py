"""The British National Grid to longitude and latitude."""

from __future__ import annotations

from math import radians
from typing import Any

import numpy as np

Column = np.ndarray[Any, Any]

# Ordnance Survey, A Guide to Coordinate Systems in Great Britain, annexes A and C, and section 6.6 (the transformation)
_AIRY = 6377563.396, 6356256.909
_GRS80 = 6378137.0, 6356752.3141
_SCALE = 0.9996012717
_ORIGIN = radians(49), radians(-2)
_FALSE = 400_000.0, -100_000.0
_SHIFT = 446.448, -125.157, 542.060
_TURN = radians(0.1502 / 3600), radians(0.2470 / 3600), radians(0.8421 / 3600)
_STRETCH = -20.4894e-6
_CLOSE = 1e-5  # metres of northing at which the footpoint is near enough


def wgs84(eastings: Column, northings: Column) -> tuple[Column, Column]:
    """Return the longitudes and latitudes (WGS84 degrees) of grid references in metres, NaN where either is NaN.

    By the seven-parameter transformation, which is within about 5 m of the official one all over Great Britain.
    """
    lat, lon = _unprojected(eastings, northings)
    x, y, z = _cartesian(lat, lon, *_AIRY)
    (dx, dy, dz), (rx, ry, rz), s = _SHIFT, _TURN, 1 + _STRETCH
    lat, lon = _geodetic(dx + s * x - rz * y + ry * z, dy + rz * x + s * y - rx * z, dz - ry * x + rx * y + s * z, *_GRS80)
    return np.degrees(lon), np.degrees(lat)


def _meridian(lat: Column) -> Column:
    """Return the arc of the meridian from the true origin, in metres."""
    a, b = _AIRY
    n = (a - b) / (a + b)
    less, more = lat - _ORIGIN[0], lat + _ORIGIN[0]
    return (
        b
        * _SCALE
        * (
            (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * less
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * np.sin(less) * np.cos(more)
            + 15 / 8 * (n**2 + n**3) * np.sin(2 * less) * np.cos(2 * more)
            - 35 / 24 * n**3 * np.sin(3 * less) * np.cos(3 * more)
        )
    )


def _unprojected(eastings: Column, northings: Column) -> tuple[Column, Column]:
    """Return latitude and longitude on the Airy spheroid, in radians."""
    a, b = _AIRY
    e2 = 1 - (b / a) ** 2
    east, north = eastings - _FALSE[0], northings - _FALSE[1]
    foot = _ORIGIN[0] + north / (a * _SCALE)
    while np.nanmax(np.abs(left := north - _meridian(foot)), initial=0) > _CLOSE:
        foot = foot + left / (a * _SCALE)
    sin2, tan = np.sin(foot) ** 2, np.tan(foot)
    nu = a * _SCALE / np.sqrt(1 - e2 * sin2)
    rho = a * _SCALE * (1 - e2) / (1 - e2 * sin2) ** 1.5
    eta2, t2, sec = nu / rho - 1, tan**2, 1 / np.cos(foot)
    lat = (
        foot
        - tan / (2 * rho * nu) * east**2
        + tan / (24 * rho * nu**3) * (5 + 3 * t2 + eta2 - 9 * t2 * eta2) * east**4
        - tan / (720 * rho * nu**5) * (61 + 90 * t2 + 45 * t2**2) * east**6
    )
    lon = (
        _ORIGIN[1]
        + sec / nu * east
        - sec / (6 * nu**3) * (nu / rho + 2 * t2) * east**3
        + sec / (120 * nu**5) * (5 + 28 * t2 + 24 * t2**2) * east**5
        - sec / (5040 * nu**7) * (61 + 662 * t2 + 1320 * t2**2 + 720 * t2**3) * east**7
    )
    return lat, lon


def _cartesian(lat: Column, lon: Column, a: float, b: float) -> tuple[Column, Column, Column]:
    e2 = 1 - (b / a) ** 2
    nu = a / np.sqrt(1 - e2 * np.sin(lat) ** 2)
    return nu * np.cos(lat) * np.cos(lon), nu * np.cos(lat) * np.sin(lon), (1 - e2) * nu * np.sin(lat)


def _geodetic(x: Column, y: Column, z: Column, a: float, b: float) -> tuple[Column, Column]:
    e2 = 1 - (b / a) ** 2
    p = np.hypot(x, y)
    lat = np.arctan2(z, p * (1 - e2))
    for _ in range(4):  # converges by a factor of 150 each time
        lat = np.arctan2(z + e2 * a / np.sqrt(1 - e2 * np.sin(lat) ** 2) * np.sin(lat), p)
    return lat, np.arctan2(y, x)

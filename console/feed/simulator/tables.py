"""What the simulator reads of `data/`: beats with addresses, incident types, offences, outcomes, teams, speeds, holidays."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from console import files

GRADES = ("Immediate", "Priority", "Scheduled", "Resolution")
ADDRESSES = 80
_STREETS = (
    "High Street", "Church Road", "Station Road", "Mill Lane", "Park Road", "Victoria Street", "Queen's Road", "North Street",
    "Orchard Close", "School Lane", "Bath Road", "London Road", "The Green", "Hill View", "Manor Road", "West Street",
    "Market Place", "Canal Walk", "Kings Drive", "Meadow Way",
)  # fmt: skip


@dataclass(frozen=True)
class Beats:
    """The beats as columns, each with addresses inside it: `lon` and `lat` are (beats, ADDRESSES)."""

    codes: list[str]
    names: list[str]
    districts: list[str]
    sectors: list[str]
    population: np.ndarray[Any, Any]
    night: np.ndarray[Any, Any]
    urban: list[bool]
    lon: np.ndarray[Any, Any]
    lat: np.ndarray[Any, Any]
    seed_lon: np.ndarray[Any, Any]
    seed_lat: np.ndarray[Any, Any]

    def nearest(self, lon: float, lat: float) -> int:
        """Return the beat whose seed is nearest: beats are the cells of their seeds."""
        squared = ((self.seed_lon - lon) * 0.626) ** 2 + (self.seed_lat - lat) ** 2
        return int(squared.argmin())

    @cached_property
    def code(self) -> np.ndarray[Any, Any]:
        """Return the codes as a column."""
        return np.array(self.codes, object)

    @cached_property
    def street(self) -> np.ndarray[Any, Any]:
        """Return by beat its addresses in words."""
        return np.array(
            [
                [f"{_STREETS[(beat * 7 + address) % len(_STREETS)]}, {name}" for address in range(ADDRESSES)]
                for beat, name in enumerate(self.names)
            ],
            object,
        )


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a reference table."""
    with (files.data() / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def beats() -> Beats:
    """Return the beats, their addresses drawn once for all from a fixed seed."""
    body = json.loads((files.data() / "geography" / "beats.geojson").read_text(encoding="utf-8"))
    features = body["features"]
    rng = np.random.default_rng(4213)
    points = [_inside(feature["geometry"], rng) for feature in features]
    told = [feature["properties"] for feature in features]
    return Beats(
        [each["beat"] for each in told],
        [each["name"] for each in told],
        [each["district"] for each in told],
        [each["sector"] for each in told],
        np.array([each["population"] for each in told], dtype=float),
        np.array([each["night"] for each in told], dtype=float),
        [each["urban"] for each in told],
        np.array([point[0] for point in points]),
        np.array([point[1] for point in points]),
        np.array([each["lon"] for each in told]),
        np.array([each["lat"] for each in told]),
    )


def _inside(geometry: dict[str, Any], rng: np.random.Generator) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    ring = np.array(max((part[0] for part in parts), key=len))
    xs, ys = ring[:-1, 0], ring[:-1, 1]
    nx, ny = np.roll(xs, -1), np.roll(ys, -1)
    lons: list[float] = []
    lats: list[float] = []
    while len(lons) < ADDRESSES:
        x = rng.uniform(xs.min(), xs.max(), 400)[:, None]
        y = rng.uniform(ys.min(), ys.max(), 400)[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            crossed = ((ys > y) != (ny > y)) & (x < (nx - xs) * (y - ys) / (ny - ys) + xs)
        kept = crossed.sum(axis=1) % 2 == 1
        lons += x[kept, 0].round(5).tolist()
        lats += y[kept, 0].round(5).tolist()
    return np.array(lons[:ADDRESSES]), np.array(lats[:ADDRESSES])


@cache
def types() -> dict[str, list[Any]]:
    """Return the incident types as columns, numbers as floats."""
    told = rows("incident_type")
    columns: dict[str, list[Any]] = {}
    for name in told[0]:
        texts = [row[name] for row in told]
        numeric = name not in ("type", "category", "harm_basis", "crime_category")
        columns[name] = [float(text) for text in texts] if numeric else texts
    return columns


@cache
def offences() -> dict[str, tuple[list[str], list[float]]]:
    """Return, by incident type, the offences recorded from it and their cumulative shares."""
    made: dict[str, tuple[list[str], list[float]]] = {}
    for row in rows("offence"):
        if row["incident_type"]:
            names, shares = made.setdefault(row["incident_type"], ([], []))
            names.append(row["offence"])
            shares.append((shares[-1] if shares else 0.0) + float(row["share"]))
    return made


@cache
def outcomes() -> tuple[list[int], list[float], list[float]]:
    """Return the outcome codes, their cumulative shares of recorded crimes, and the median days to each."""
    told = rows("outcome_code")
    shares = np.cumsum([float(row["share"]) for row in told]).tolist()
    return [int(row["code"]) for row in told], shares, [float(row["days_median"]) for row in told]


@cache
def speeds() -> dict[str, tuple[float, float]]:
    """Return km/h by day and by night of each class of road."""
    return {row["class"]: (float(row["day_kmh"]), float(row["night_kmh"])) for row in rows("road_speed")}


@cache
def holidays() -> frozenset[str]:
    """Return the bank holidays as ISO dates."""
    return frozenset(row["date"] for row in rows("bank_holiday"))

"""A small world for the screens' tests: a few hundred open incidents, 60 units, and the apps that show them."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from typing import Any

from console import files
from console.desk.page import App, Cell, Layer, Layout, LayoutRow, PanelSpec

NOW = datetime(2026, 11, 23, 21, 40)
GRADES = ("Immediate", "Priority", "Scheduled", "Resolution")
AGES = ("<15m", "<60m", "<4h", ">4h")
TYPES = ("Domestic", "Concern", "Violence", "Missing", "Burglary", "Collision")
STATES = ("Available on patrol", "Available at station", "En route", "At scene", "Committed deployable", "Refreshments")
FREE = STATES[:2]
Thing = dict[str, Any]


def beats() -> list[Thing]:
    """Return the beats of the project's own geography."""
    body = json.loads((files.data() / "geography" / "beats.geojson").read_text(encoding="utf-8"))
    return [feature["properties"] for feature in body["features"]]


def incidents(count: int = 312, seed: int = 1) -> list[Thing]:
    """Return open incidents with every field that the panels show."""
    draw = random.Random(seed)
    places = beats()
    made = []
    for n in range(count):
        beat = draw.choice(places[:40] if draw.random() < 0.5 else places)
        grade = draw.choices(GRADES, (1, 5, 6, 3))[0]
        age_s = draw.choice((400, 2400, 9000, 40000))
        target = {"Immediate": 900, "Priority": 3600, "Scheduled": 172800}.get(grade)
        resourced = draw.random() < 0.6
        made.append({
            "ref": f"J-{104000 + n}", "grade": grade, "type": draw.choice(TYPES), "district": beat["district"],
            "sector": beat["sector"], "beat": beat["beat"], "lon": beat["lon"], "lat": beat["lat"],
            "location": f"{n} High Street, {beat['name']}", "age": AGES[(400, 2400, 9000, 40000).index(age_s)],
            "waiting": age_s, "to_target": None if target is None else target - age_s,
            "status": "assigned" if resourced else "waiting", "unit": None,
            "created": NOW - timedelta(seconds=age_s), "points": draw.randrange(5, 95),
        })  # fmt: skip
    return made


def units(held: list[Thing], count: int = 60, seed: int = 2) -> list[Thing]:
    """Return units; those that are busy work an incident."""
    draw = random.Random(seed)
    places = beats()
    made = []
    for n in range(count):
        beat = draw.choice(places[:60])
        state = draw.choice(STATES)
        job = draw.choice(held) if state in ("En route", "At scene") else None
        made.append({
            "callsign": f"BX{n:02}", "state": state, "state_s": draw.randrange(60, 7000), "district": beat["district"],
            "sector": beat["sector"], "beat": beat["beat"], "lon": beat["lon"], "lat": beat["lat"],
            "unit.ref": job["ref"] if job else None, "objective": draw.choice(("night-time economy", "burglary", None)),
        })  # fmt: skip
        if job:
            job["unit"] = made[-1]["callsign"]
    return made


def _kpi(name: str, title: str, fact: str = "incident", measure: str = "count") -> PanelSpec:
    return PanelSpec(name, title, "kpi", fact, (), (measure,), help=f"{title}, counted now.")


PANELS = (
    _kpi("open", "Open"), _kpi("unresourced", "Unresourced"), _kpi("breached", "Breached"),
    _kpi("immediate_waiting", "Immediate waiting"), _kpi("deployable", "Deployable", "unit"),
    _kpi("utilisation", "Utilisation", "unit", "utilisation"), _kpi("longest", "Longest wait", "incident", "longest"),
    PanelSpec("demand", "Demand and availability (units, by hour)", "series", "incident", key="d", short="demand"),
    PanelSpec("map", "Map: open by beat", "map", "incident", ("beat",), ("count",), key="m", short="map",
              layers=(Layer("open", "open", "incident", 8), Layer("points", "points", "incident"), Layer("rate", "open per 1,000 people", "incident")),
              levels=("beat", "sector", "district")),
    PanelSpec("grade_age", "Grade × age", "pivot", "incident", ("grade", "age"), ("count",), key="g", short="grade"),
    PanelSpec("type", "Type", "bars", "incident", ("type",), ("count",), key="t", short="type"),
    PanelSpec("place", "District > sector > beat", "bars", "incident", ("district", "sector", "beat"), ("count",),
              drill=True, key="p", short="place"),
    PanelSpec("unit_state", "Units by state", "bars", "unit", ("state",), ("count",), key="s", short="states"),
    PanelSpec("queue", "Queue, in priority", "table", "incident", key="q", short="queue",
              columns=("points", "ref", "grade", "type", "location", "beat", "waiting", "to_target", "unit", "status")),
    PanelSpec("units", "Units", "table", "unit", key="u", short="units",
              columns=("callsign", "state", "state_s", "beat", "unit.ref", "objective")),
    PanelSpec("incident", "Incident", "profile", "incident", key="i", short="job"),
    PanelSpec("unit", "Unit", "profile", "unit", key="n", short="unit"),
)  # fmt: skip
TABS = ("demand", "map", "queue", "units", "type", "grade_age", "place", "unit_state", "incident", "unit")
HEADLINES = ("open", "unresourced", "breached", "immediate_waiting", "deployable", "utilisation", "longest")
CONTROL = App(
    "control", "Control room", "incident", "open", PANELS,
    (
        ("wide", Layout(HEADLINES, (
            LayoutRow((Cell("demand", 3), Cell("map", 2)), 4),
            LayoutRow((Cell("grade_age", 4), Cell("type", 3), Cell("place", 3), Cell("unit_state", 3)), 3),
            LayoutRow((Cell("queue", 3), Cell("units", 2)), 4),
        ), TABS)),
        ("narrow", Layout(HEADLINES, (), TABS)),
        ("phone", Layout(("open", "unresourced", "breached", "deployable"), (), ("queue", "units", "place", "type"))),
    ), "1", "Live incidents against the units there are for them.",
    (("incident.ref", "incident"), ("callsign", "unit"), ("unit.ref", "incident")),
)  # fmt: skip
TYPES_APP = App(
    "types", "Types", "incident", "open",
    (_kpi("open", "Open"), PanelSpec("type", "Type", "bars", "incident", ("type",), ("count",), key="t")),
    (("wide", Layout(("open",), (LayoutRow((Cell("type"),)),), ("type",))),), "2", "One panel.",
)  # fmt: skip

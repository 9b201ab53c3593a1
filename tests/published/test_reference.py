"""The reference tables: they hold together, and add up to the figures published for the force."""

from __future__ import annotations

import csv
import gzip
import json
import math
import os
from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "data" / "reference"
PUBLISHED = Path(os.environ.get("CONSOLE_TEST_DATA", ROOT.parent / "shared" / "data")) / "police_uk"
INCIDENTS_A_DAY = 937
CATEGORIES = {
    "Anti-social behaviour", "Bicycle theft", "Burglary", "Criminal damage and arson", "Drugs", "Other crime",
    "Other theft", "Possession of weapons", "Public order", "Robbery", "Shoplifting", "Theft from the person",
    "Vehicle crime", "Violence and sexual offences",
}  # fmt: skip
GRADES = ("p_immediate", "p_priority", "p_scheduled", "p_resolution")
NINETIETH = 1.2815515655446004  # standard normal

Rows = list[dict[str, str]]

needs_published = pytest.mark.skipif(not PUBLISHED.is_dir(), reason="no published crime: see CONSOLE_TEST_DATA")


def rows(name: str) -> Rows:
    """Return the rows of one reference table."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(row: dict[str, str], column: str) -> float:
    """Return a column as a number."""
    return float(row[column])


def a_day(row: dict[str, str]) -> float:
    """Return how many incidents of a type a day brings."""
    return INCIDENTS_A_DAY * number(row, "share")


@pytest.fixture(scope="module")
def types() -> dict[str, dict[str, str]]:
    return {row["type"]: row for row in rows("incident_type")}


@pytest.mark.parametrize("path", sorted(REFERENCE.glob("*.csv")), ids=lambda path: path.stem)
def test_every_table_is_plain(path: Path) -> None:
    text = path.read_bytes()
    assert b"\r" not in text
    assert not text.startswith(b"\xef\xbb\xbf")
    assert text.endswith(b"\n")
    table = rows(path.stem)
    assert all(None not in row and None not in row.values() for row in table), "a row of another width"
    found = duckdb.execute("select count(*) from read_csv(?, header = true)", [str(path)]).fetchone()
    assert found == (len(table),)


@pytest.mark.parametrize(
    ("table", "key"),
    [("grade", "grade"), ("incident_type", "type"), ("offence", "offence"), ("outcome_code", "code"),
     ("outcome_code", "name"), ("unit_state", "code"), ("unit_state", "state"), ("unit_state", "short"),
     ("bank_holiday", "date"), ("team", "team"), ("team", "prefix"), ("road_speed", "class"),
     ("lsoa_area", "name_prefix"), ("local_authority", "code")],
)  # fmt: skip
def test_keys_are_unique(table: str, key: str) -> None:
    values = Counter(row[key] for row in rows(table))
    assert values
    assert max(values.values()) == 1, values.most_common(1)


def test_grades() -> None:
    table = rows("grade")
    assert [(row["grade"], row["rank"], row["points"]) for row in table] == [
        ("Immediate", "1", "40"), ("Priority", "2", "22"), ("Scheduled", "3", "8"), ("Resolution", "4", "2"),
    ]  # fmt: skip
    assert [row["target_urban_s"] for row in table] == ["900", "3600", "172800", ""]
    assert [row["target_rural_s"] for row in table] == ["1200", "3600", "172800", ""]
    assert [row["deployable"] for row in table] == ["true", "true", "true", "false"]


def test_incident_types_are_distributions(types: dict[str, dict[str, str]]) -> None:
    assert sum(number(row, "share") for row in types.values()) == pytest.approx(1, abs=1e-9)
    for row in types.values():
        assert sum(number(row, grade) for grade in GRADES) == pytest.approx(1, abs=1e-9), row["type"]
        for column in (*GRADES, "p_crime", "night", "repeat"):
            assert 0 <= number(row, column) <= 1, (row["type"], column)
        assert number(row, "units_median") in (1, 2, 3)
        assert 0 < number(row, "on_scene_median_s") < number(row, "on_scene_p90_s")


def test_a_day_adds_up_to_the_published_one(types: dict[str, dict[str, str]]) -> None:
    crimes = sum(a_day(row) * number(row, "p_crime") for row in types.values())
    assert crimes == pytest.approx(385, abs=1)
    assert a_day(types["Missing person"]) == pytest.approx(22, abs=0.1)
    assert a_day(types["Mental health"]) == pytest.approx(49, abs=0.1)
    assert a_day(types["Domestic"]) * 7 == pytest.approx(360, abs=1)


@pytest.mark.parametrize(("grade", "share"), [*zip(GRADES, (0.22, 0.33, 0.20, 0.25), strict=True)])
def test_the_mix_of_grades(types: dict[str, dict[str, str]], grade: str, share: float) -> None:
    mix = sum(number(row, "share") * number(row, grade) for row in types.values())
    assert mix == pytest.approx(share, abs=0.005)


def test_unit_hours_follow_from_units_and_time_on_scene(types: dict[str, dict[str, str]]) -> None:
    for row in types.values():
        median, ninetieth = number(row, "on_scene_median_s"), number(row, "on_scene_p90_s")
        mean = median * math.exp((math.log(ninetieth / median) / NINETIETH) ** 2 / 2)
        expected = number(row, "units_median") * mean / 3600
        assert number(row, "unit_hours") == pytest.approx(expected, abs=0.006), row["type"]


def test_a_missing_person_costs_thirteen_officer_hours(types: dict[str, dict[str, str]]) -> None:
    response = [row for row in rows("team") if row["kind"] == "response"]
    units = sum(number(row, "units") for row in response)
    crew = 1 + sum(number(row, "units") * number(row, "double_crew") for row in response) / units
    missing = types["Missing person"]
    hours = number(missing, "unit_hours") * (1 - number(missing, "p_resolution")) * crew
    assert hours == pytest.approx(13, abs=0.5)


def test_harm_of_a_type_is_that_of_its_offences(types: dict[str, dict[str, str]]) -> None:
    offences: dict[str, Rows] = defaultdict(list)
    for row in rows("offence"):
        offences[row["incident_type"]].append(row)
    spare = offences.pop("", [])
    assert all(number(row, "share") == 0 for row in spare)
    for name, row in types.items():
        if row["harm_basis"] == "local":
            assert (row["crime_category"], number(row, "p_crime")) == ("", 0), name
            assert number(row, "harm_days") > 0
            assert name not in offences
            continue
        assert row["harm_basis"] == "CCHI"
        own = offences[name]
        assert row["crime_category"] in {offence["category"] for offence in own}, name
        assert sum(number(offence, "share") for offence in own) == pytest.approx(1), name
        harm = sum(number(offence, "share") * number(offence, "harm_mean") for offence in own)
        assert number(row, "harm_days") == pytest.approx(number(row, "p_crime") * harm, abs=0.006), name
    assert set(offences) <= set(types)


def test_offences() -> None:
    table = rows("offence")
    assert {row["category"] for row in table} == CATEGORIES
    for row in table:
        assert row["source"].startswith(("CCHI 2026 subgroup", "local")), row["offence"]
        low, high = row["harm_min"] or row["harm_mean"], row["harm_max"] or row["harm_mean"]
        assert float(low) <= number(row, "harm_mean") <= float(high), row["offence"]
    harm = {row["offence"]: number(row, "harm_mean") for row in table}
    assert (harm["Homicide"], harm["Rape"], harm["Robbery"], harm["Shoplifting"]) == (5475, 2555, 365, 1)


def test_outcomes() -> None:
    table = rows("outcome_code")
    assert [row["code"] for row in table] == [str(code) for code in range(1, 23)]
    assert {int(row["code"]) for row in table if row["positive"] == "true"} == {1, 2, 3, 4, 6, 7, 8, 22}
    share = {int(row["code"]): number(row, "share") for row in table}
    assert (share[1], share[18]) == (0.057, 0.393)
    assert sum(share.values()) == pytest.approx(0.92, abs=1e-9)
    reached = 0.0
    for row in sorted(table, key=lambda row: number(row, "days_median")):
        reached += number(row, "share")
        if reached >= 0.46:
            assert number(row, "days_median") == 14
            break


def test_unit_states() -> None:
    table = rows("unit_state")
    assert [int(row["code"]) for row in table] == list(range(18))
    assert all(len(row["short"]) <= 9 and len(row["glyph"]) == 1 and row["glyph"].isascii() for row in table)
    states = [row for row in table if row["is_state"] == "true"]
    assert {int(row["code"]) for row in table} - {int(row["code"]) for row in states} == {12, 13, 14, 15, 16}
    assert len({row["glyph"] for row in states}) == len(states)
    true = {
        column: {int(row["code"]) for row in table if row[column] == "true"} for column in ("deployable", "available", "busy", "on_duty")
    }
    assert true["available"] == {2, 3}
    assert true["deployable"] == {2, 3, 7}
    assert {5, 6, 7, 8, 9} <= true["busy"]
    assert not true["busy"] & true["available"]
    assert true["on_duty"] == {*range(11), 17}


def moves() -> set[tuple[int, int]]:
    """Return the legal moves."""
    return {(int(row["from_code"]), int(row["to_code"])) for row in rows("unit_move")}


def test_moves_join_states() -> None:
    table = rows("unit_move")
    states = {int(row["code"]) for row in rows("unit_state") if row["is_state"] == "true"}
    assert len(moves()) == len(table)
    assert {code for move in moves() for code in move} == states
    assert all(row["why"] for row in table)


def test_moves_that_must_be_legal_and_that_must_not() -> None:
    legal = moves()
    job = [11, 1, 2, 17, 5, 6, 9, 8, 2, 4, 3, 11]
    assert set(pairwise(job)) <= legal
    states = {code for move in legal for code in move}
    assert {(state, 0) for state in states - {0}} <= legal
    assert {(0, state) for state in (2, 3, 6, 8)} <= legal
    assert {(state, 2) for state in (17, 5, 6, 7, 8, 9, 10, 4)} <= legal
    assert {(state, 17) for state in (2, 3, 5, 6, 7, 17)} == {move for move in legal if move[1] == 17}
    assert {(state, 11) for state in (1, 2, 3, 8, 10)} == {move for move in legal if move[1] == 11}
    assert not {(4, 17), (11, 2), (17, 6), (5, 8), (9, 17), (8, 17)} & legal


def test_every_state_leads_back_to_patrol_and_off_duty() -> None:
    legal = moves()
    for goal in (2, 11):
        reached = {goal}
        while new := {start for start, end in legal if end in reached} - reached:
            reached |= new
        assert reached == {code for move in legal for code in move}


def easter(year: int) -> date:
    """Return Easter Sunday (the anonymous Gregorian method)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + weekday - 7 * ((a + 11 * h + 22 * weekday) // 451) + 114, 31)
    return date(year, month, day + 1)


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
def test_bank_holidays(year: int) -> None:
    found = {date.fromisoformat(row["date"]) for row in rows("bank_holiday")}
    mine = {day for day in found if day.year == year}
    assert len(mine) == 8
    assert all(day.weekday() < 5 for day in mine)
    assert {easter(year) - timedelta(2), easter(year) + timedelta(1)} <= mine
    first = [day for day in mine if day.month == 5]
    assert len(first) == 2
    assert all(day.weekday() == 0 for day in first)
    last_of_august = max(date(year, 8, day) for day in range(25, 32) if date(year, 8, day).weekday() == 0)
    assert last_of_august in mine


def test_teams() -> None:
    table = rows("team")
    beats = json.loads((ROOT / "data" / "geography" / "beats.geojson").read_text(encoding="utf-8"))["features"]
    places = {(beat["properties"]["district"], beat["properties"]["sector"]) for beat in beats}
    assert sum(int(row["units"]) for row in table) == pytest.approx(700, abs=20)
    assert {row["kind"] for row in table} == {
        "response", "neighbourhood", "roads", "firearms", "dogs", "investigation",
    }  # fmt: skip
    for row in table:
        assert (row["district"], row["sector"]) in places, row["team"]
        assert len(row["prefix"]) == 2, row["team"]
        assert 0 <= number(row, "double_crew") <= 1
    districts = {district for district, _ in places}
    assert {row["district"] for row in table if row["kind"] == "response"} == districts


def test_road_speeds() -> None:
    speed = {row["class"]: row for row in rows("road_speed")}
    assert set(speed) == {"urban", "rural", "primary", "motorway"}
    assert all(number(row, "day_kmh") <= number(row, "night_kmh") for row in speed.values())


@needs_published
def test_published_crime_falls_in_known_districts_and_in_like_proportions(types: dict[str, dict[str, str]]) -> None:
    district = {row["name_prefix"]: row["district"] for row in rows("lsoa_area")}
    known = named = 0
    published: Counter[str] = Counter()
    for path in sorted(PUBLISHED.glob("2023-0[16]*street.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                published[row["Crime type"]] += row["Crime type"] != "Anti-social behaviour"
                if row["LSOA name"]:
                    named += 1
                    known += row["LSOA name"].rpartition(" ")[0] in district
    assert known / named > 0.99
    assert set(district.values()) == {
        "Bath and North East Somerset", "Bristol", "North Somerset", "Somerset", "South Gloucestershire",
    }  # fmt: skip
    simulated: Counter[str] = Counter()
    for offence in rows("offence"):
        if offence["incident_type"]:
            row_of_type = types[offence["incident_type"]]
            crimes = round(1000 * a_day(row_of_type) * number(row_of_type, "p_crime") * number(offence, "share"))
            simulated[offence["category"]] += crimes
    assert set(published) == CATEGORIES
    apart = sum(abs(simulated[category] / simulated.total() - published[category] / published.total()) for category in CATEGORIES)
    assert apart / 2 < 0.10

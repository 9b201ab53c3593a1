"""Real published road casualties: every row kept, every count that of the files, by the index as by SQL."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from console import files
from console.desk.answer import PanelAnswer
from console.desk.desk import Cross, Viewer
from console.desk.page import PanelSpec
from console.desk.selection import Area as Shapes
from console.desk.selection import Circle, Selection, Values
from console.embedded import desk_over
from console.engine import panels
from console.engine.apps import Plan
from console.engine.context import Context
from console.engine.desk import StoreDesk
from console.engine.index import answers
from console.engine.index.building import build
from console.engine.index.kernel import load
from console.feed import stats19
from console.feed.stats19 import codes
from console.feed.stats19.columns import CODED, KINDS
from console.store.database import Store, open_store
from tests.real import real
from tests.sources.roads import NEW, file, line
from tests.sources.written import told

VIEWER = Viewer("test")
END = datetime(2030, 1, 1)
LONDON = ZoneInfo("Europe/London")


def test_the_published_samples(store: Store, tmp_path: Path) -> None:
    """The three rows of each kind, of 2017 and 2023, in the names of their years."""
    for kind in ("accidents", "vehicles", "casualties"):
        (tmp_path / f"{kind}.csv").write_bytes(real("stats19", f"{kind}_sample_raw_derived.csv").read_bytes())
    stats19.run(store, [tmp_path], "all")
    at = "'2200-01-01'::timestamp"
    assert told(store, f"select collision, force, severity, graded_injury, road, light, occurred_at, district from collision({at}) order by all") == [
        ("2023010451590", "Metropolitan Police", "Slight", None, "B221", "Daylight", datetime(2023, 6, 24, 16, 58), None),
        ("2023471310743", "Sussex", "Serious", "Very serious", "A285", "Daylight", datetime(2023, 5, 21, 10, 10), None),
        ("2023522301107", "Avon and Somerset", "Serious", None, None, "Daylight", datetime(2023, 6, 1, 18, 30), "South Gloucestershire"),
    ]  # fmt: skip
    assert told(store, f"select collision, type, age_band, deprivation from casualty({at}) order by all") == [
        ("2017010048523", "Motorcycle to 125cc", "56-65", 2), ("2017010070898", "Pedestrian", "36-45", 5), ("2017471705929", "Car", "21-25", 8),
    ]  # fmt: skip
    assert told(store, f"select collision, type, manoeuvre, impact, propulsion, vehicle_age from vehicle({at}) order by all") == [
        ("2017010047506", "Car", "U-turn", "Offside", "Diesel", 16), ("2017010068468", "Goods, 7.5 t and over", "Moving off", "Back", None, None),
        ("2017471704529", "Car", "Left-hand bend", "Front", "Diesel", 6),
    ]  # fmt: skip


def test_casualties_alone(store: Store) -> None:
    """Twelve years of raw codes without collisions: by year, severity and class as in the file; two kinds of vehicle unknown."""
    path = real("stats19", "STATS19CasDataJan2010Dec2021forGMServers.csv")
    reports = stats19.run(store, [path], "all")
    frame = pl.read_csv(path, infer_schema=False)
    mine = Counter(frame.select("Year", "CasualtySeverity", "CasualtyClass").iter_rows())
    by = "select year::varchar, severity::varchar, class::varchar, count(*) from base.casualty group by all"
    assert {row[:3]: row[3] for row in told(store, by)} == mine
    assert "no collision file of 2010 to 2021" in str(reports[-1])
    unknown = frame.filter(pl.col("CasTypeCode").is_in(codes.words("casualty_type").keys()).not_())
    assert told(store, "select count(*) from base.casualty where flags like '%unknown type%'") == [(len(unknown),)]
    stats19.run(store, [path])
    assert told(store, "select count(*) from base.casualty") == [(len(frame),)]


MODES = {"Pedestrian": ("3", "0"), "Pedal Cycle": ("1", "1"), "Car": ("1", "9"), "Bus or Coach": ("2", "11")}
SEVERITIES = {"Fatal": "1", "Serious": "2", "Slight": "3"}


@pytest.fixture(scope="module")
def frame() -> pl.DataFrame:
    """Real casualties of Greater Manchester, 2019 to June 2024, a row each, decoded."""
    return pl.read_csv(real("stats19", "STATS19_road_casualties_2019-Jun2024.csv"), infer_schema=False)


@pytest.fixture(scope="module")
def desk(frame: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreDesk]:
    """The same coded again into the published shape and imported."""
    folder = tmp_path_factory.mktemp("manchester")
    collisions = [
        line(
            "collision", index=row["AREFNO"], year=row["year"], force=6, severity=SEVERITIES[row["collision_severity"]],
            vehicles=row["number_vehicles"], casualties=row["number_casualties"], date="/".join(row["date"].split("-")[::-1]),
            day_of_week=-1, time=row["output_time"][:5], longitude=row["lon"], latitude=row["lat"], ons_district="E08000003",
            speed_limit=row["speed_limit"], light="1" if row["light_conditions"] == "Daylight" else "7",
        )
        for row in frame.unique("AREFNO", keep="first", maintain_order=True).iter_rows(named=True)
    ]  # fmt: skip
    casualties = [
        line(
            "casualty", index=row["AREFNO"], year=row["year"], casualty_reference=number, severity=SEVERITIES[row["casualty_severity"]],
            casualty_class=MODES.get(row["mode"], ("1", "90"))[0], casualty_type=MODES.get(row["mode"], ("1", "90"))[1],
        )
        for number, row in enumerate(frame.iter_rows(named=True), 1)
    ]  # fmt: skip
    file(folder / "in" / "collision.csv", "collision", *collisions)
    file(folder / "in" / "casualty.csv", "casualty", *casualties)
    store = open_store(folder / "a.duckdb")
    report = stats19.run(store, [folder / "in"], "6")[-1]
    assert "20,435 of 20,435 casualties belong to a collision that is held" in str(report)
    made = desk_over(store)
    yield made
    made.close()


def cells(panel: PanelAnswer) -> dict[tuple[object, ...], object]:
    assert panel.error is None, panel.error
    return {tuple(value for _, value in row.at): row.values[0] for row in panel.rows if row.values[0]}


def test_every_collision_is_told_as_in_the_file(desk: StoreDesk, frame: pl.DataFrame) -> None:
    """By severity and year, weekday and hour, light and speed limit; instants are the file's local times; sums are the file's."""
    one = frame.unique("AREFNO", keep="first")
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    weekdays = {name[:3]: name for name in names}
    for by, columns in (
        (("severity", "year"), ("collision_severity", "year")), (("weekday", "hour"), ("day", "hour")), (("speed_limit",), ("speed_limit",)),
        (("month",), ("date",)),
    ):  # fmt: skip
        answer = desk.cross(VIEWER, Cross("collision", by, ("count",), Selection(), END))
        expected: Counter[tuple[object, ...]] = Counter()
        for row in one.select(columns).iter_rows():
            key = tuple(
                weekdays[value] if name == "day" else int(value) if name == "hour" else value[:7] if name == "date"
                else (None if value == "-1" else int(value)) if name == "speed_limit" else value
                for name, value in zip(columns, row, strict=True)
            )  # fmt: skip
            expected[key] += 1
        assert cells(answer.panels[0]) == expected
    answer = desk.cross(VIEWER, Cross("collision", ("year",), ("casualties",), Selection(), END))
    assert cells(answer.panels[0]) == Counter((year,) for year in frame["year"])
    rows = told(desk._store, "select collision, occurred_at from base.collision")
    instants = {index: at.replace(tzinfo=ZoneInfo("UTC")).astimezone(LONDON).strftime("%Y-%m-%d %H:%M:%S") for index, at in rows if at}
    assert instants == {
        row["AREFNO"]: f"{row['date']} {row['output_time']}" for row in one.iter_rows(named=True) if row["AREFNO"] in instants
    }
    assert len(instants) >= len(one) - 5


def test_clauses_reach_over_the_links(desk: StoreDesk, frame: pl.DataFrame) -> None:
    """Collisions in which a pedestrian was hurt; casualties in the dark: as in the file."""
    walking = Selection().with_clause("class", Values(frozenset(("Pedestrian",))))
    answer = desk.cross(VIEWER, Cross("collision", ("severity",), ("count",), walking, END))
    hurt = frame.filter(pl.col("mode") == "Pedestrian").unique("AREFNO")
    assert cells(answer.panels[0]) == Counter(hurt.select("collision_severity").iter_rows())
    dark = Selection().with_clause("light", Values(frozenset(("Dark, unknown",))))
    answer = desk.cross(VIEWER, Cross("casualty", ("casualty.severity",), ("count",), dark, END))
    assert cells(answer.panels[0]) == Counter(frame.filter(pl.col("light_conditions") == "Dark").select("casualty_severity").iter_rows())


def test_the_index_answers_as_sql_does(desk: StoreDesk) -> None:
    """Every field with its values known, by every measure, under clauses of its own, of a place and over a link."""
    rng = random.Random(3)
    named = {
        "collision": ("severity", "year", "light", "speed_limit", "weekday", "road_type", "month", "district"),
        "casualty": ("class", "type", "severity", "month"),
    }
    circle = Shapes((Circle(-2.24, 53.48, 4000.0),))
    selections = [
        Selection(),
        Selection().with_clause("light", Values(frozenset(("Daylight",)))),
        Selection().with_clause("class", Values(frozenset(("Pedestrian",)))),
        Selection().with_clause("area", circle),
        Selection()
        .with_clause("month", Values(frozenset(("2020-04", "2021-07"))))
        .with_clause("casualty.severity", Values(frozenset(("Fatal",)))),
    ]
    with desk._store.reader() as cursor:
        index = build(load(compiled=False), cursor, desk.model, desk.plans, END)
        for fact, fields in named.items():
            measures = tuple(name for name, each in desk.model.facts[fact].measures.items() if each.additive or name == "ksi_share")
            able = 0
            for _ in range(12):
                by = tuple(desk.model.field(name, fact).name for name in rng.sample(fields, rng.randint(1, 2)))
                plan = Plan(PanelSpec(fact, fact, "bars" if len(by) == 1 else "pivot", fact, by, measures), ())
                for selection in selections:
                    context = Context(cursor, desk.model, END, selection, {})
                    by_sql = panels.answer(plan, context)
                    by_index = panels.answer(plan, replace(context, index=index))
                    assert by_sql.rows == by_index.rows, (fact, by, selection)
                    with index.lock:
                        able += answers.can(index, plan)
            assert able, f"the index answered no panel of {fact}"


def test_the_shapes_are_as_published() -> None:
    """The names by which tests write files are those of the published samples, old and new."""
    with real("stats19", "accidents_sample_raw_derived.csv").open(encoding="utf-8") as sample:
        mine = {name.replace("collision", "accident") for name in NEW["collision"]}
        theirs = set(next(csv.reader(sample)))
    missing = {name.replace("collision", "accident") for name in theirs} - mine
    assert missing == {"accident_reference", "pedestrian_crossing_human_control", "pedestrian_crossing_physical_facilities"}
    with real("stats19", "stats19_variables.csv").open(encoding="utf-8", newline="") as table:
        known = {(row["table"], row["variable"]) for row in csv.DictReader(table)}
    for kind, names in NEW.items():
        renamed = {
            name.replace("_severity_s", "_s").replace("enhanced_severity_collision", "enhanced_collision_severity") for name in names
        }
        assert {(kind, name) for name in renamed} <= known


def test_every_published_code_has_words() -> None:
    """Of each column that is kept, the code list of 2024, those of older specifications included; the same words rank alike."""
    with real("stats19", "stats19_schema.csv").open(encoding="utf-8", newline="") as table:
        published = [(row["table"], row["variable"], row["code"]) for row in csv.DictReader(table)]
    checked = 0
    for kind, coded in CODED.items():
        for column, variable in coded.items():
            names = set(KINDS[kind][column]) | {f"{name}_historic" for name in KINDS[kind][column]}
            theirs = {code for table, name, code in published if table == kind and name in names} - {"NA", "-1"}
            assert theirs <= codes.words(variable).keys(), (kind, column)
            checked += len(theirs)
    assert checked > 200
    forces = {code for table, name, code in published if (table, name) == ("collision", "police_force")}
    assert forces == codes.words("force").keys()
    rows = list(csv.DictReader((files.data() / "reference" / "stats19_code.csv").open(encoding="utf-8", newline="")))
    assert len({(row["variable"], row["code"]) for row in rows}) == len(rows)
    ranked = {(row["variable"], row["words"], row["rank"]) for row in rows}
    assert len({each[:2] for each in ranked}) == len({each[::2] for each in ranked}) == len(ranked)

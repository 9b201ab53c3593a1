"""What stands in a published line of road casualty statistics comes out as published, or as a named fault."""

from __future__ import annotations

import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.feed import stats19
from console.feed.stats19 import ImportRefused
from console.store.database import Store, open_store
from tests.sources.roads import FIRST, NEW, OLD, file, line
from tests.sources.written import told

AT = "'2200-01-01'::timestamp"


def test_a_row_as_published(store: Store, tmp_path: Path) -> None:
    """Each column lands where it belongs, codes in words, the time in UTC, the place in its beat and district."""
    summer = line("collision", date="01/06/2023", day_of_week=5, time="19:30", road_class=1, road_number=5, hazards=18, new_junction=16)
    stats19.run(store, [file(tmp_path / "c.csv", "collision", summer, line("collision", index=FIRST[:-1] + "2"))])
    columns = (
        "collision, year, month, date, occurred_at, hour, weekday, severity, road, road_class, road_type, speed_limit, junction, hazard, light, "
        "weather, surface, setting, attended, vehicles, casualties, ksi, lon, lat, beat, district, force, flags"
    )
    same = ("Single carriageway", 30)
    rest = ("Daylight", "Fine", "Wet", "Urban", "Attended", 2, 1, False, -2.595, 51.454, "BC01", "Bristol", "Avon and Somerset", None)
    assert told(store, f"select {columns} from collision({AT}) order by line") == [
        (FIRST, "2023", "2023-06", date(2023, 6, 1), datetime(2023, 6, 1, 18, 30), 19, "Thursday", "Slight", "M5", "Motorway", *same,
         "Crossroads", "Earlier collision", *rest),
        (FIRST[:-1] + "2", "2023", "2023-01", date(2023, 1, 2), datetime(2023, 1, 2, 8, 15), 8, "Monday", "Slight", "A38", "A", *same,
         "T or staggered", "None", *rest),
    ]  # fmt: skip


def test_a_casualty_is_where_its_collision_was(store: Store, tmp_path: Path) -> None:
    """And so is a vehicle; a repeated collision doubles neither."""
    stats19.run(
        store,
        [
            file(tmp_path / "c.csv", "collision", line("collision"), line("collision", time="09:15")),
            file(tmp_path / "v.csv", "vehicle", line("vehicle", model="FORD FIESTA")),
            file(tmp_path / "d.csv", "casualty", line("casualty", severity=1, serious="", slight="")),
        ],
    )
    where = "month, occurred_at, beat, district"
    found = ("2023-01", datetime(2023, 1, 2, 8, 15), "BC01", "Bristol")
    assert told(store, f"select type, sex, age_band, class, severity, ksi, {where} from casualty({AT})") == [
        ("Car", "Female", "26-35", "Driver or rider", "Fatal", True, *found)
    ]
    assert told(store, f"select type, manoeuvre, propulsion, purpose, model, {where} from vehicle({AT})") == [
        ("Car", "Ahead", "Diesel", "Commuting", "FORD FIESTA", *found)
    ]
    assert told(store, "select line, flags from base.collision order by line") == [(2, "collision repeated"), (3, "collision repeated")]


def test_old_and_new_shapes_are_one(tmp_path: Path) -> None:
    """The same collisions in the columns of 2005 and of 2024 make the same rows; so do every encoding and container's lines."""
    found = []
    for name, shape, missing in (("new", NEW, "-1"), ("old", OLD, ""), ("null", OLD, "NULL")):
        store = open_store(tmp_path / f"{name}.duckdb")
        folder = tmp_path / name
        for kind in NEW:
            more = {"district": 601} if kind == "collision" else {}
            rows = [line(kind, shape, missing, index=f"202352000000{n}", **more) for n in range(3)]
            text = file(folder / f"{kind}.csv", kind, *rows, shape=shape).read_bytes()
            if name == "old":
                (folder / f"{kind}.csv").write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n").rstrip())
        stats19.run(store, [folder])
        found.append([told(store, f"select * exclude (batch) from base.{kind} order by line") for kind in NEW])
        store.close()
    assert found[0] == found[1] == found[2]
    assert [len(each) for each in found[0]] == [3, 3, 3]


CASES: list[tuple[dict[str, Any], str | None]] = [
    ({}, None),
    ({"index": "-1"}, "no collision index"),
    ({"severity": "-1"}, "no severity"),
    ({"severity": "8"}, "unknown severity"),
    ({"light": "44"}, "unknown light"),
    ({"weather": "wet"}, "unknown weather"),
    ({"junction_detail": "3.0"}, None),
    ({"date": ""}, "no date"),
    ({"date": "31/02/2023"}, "impossible date"),
    ({"date": "2023-01-02"}, None),
    ({"date": "2/1/2023"}, None),
    ({"date": "01/01/2023"}, "day of the week not the date's"),
    ({"date": "03/01/2022"}, "year not the date's"),
    ({"time": ""}, "no time"),
    ({"time": "24:10"}, "impossible time"),
    ({"time": "08:15:00"}, None),
    ({"date": "26/03/2023", "day_of_week": "1", "time": "01:30"}, "time that the clocks skipped"),
    ({"date": "29/10/2023", "day_of_week": "1", "time": "01:30"}, "time that came twice, taken as the first"),
    ({"longitude": "999"}, "impossible coordinates; no place"),
    ({"longitude": "nan"}, "impossible coordinates; no place"),
    ({"longitude": "-1", "latitude": ""}, "no place"),
    ({"longitude": "", "latitude": "", "easting": "358740", "northing": "172980"}, "placed by its grid reference"),
    ({"easting": "358740", "northing": "172980"}, None),
    ({"easting": "258740", "northing": "172980"}, "grid reference elsewhere than the coordinates"),
    ({"longitude": "0.5", "latitude": "53.9"}, "outside the force area"),
    ({"vehicles": "-4"}, "impossible vehicles"),
    ({"casualties": "lots"}, "impossible casualties"),
    ({"speed_limit": "35"}, "speed limit of no public road"),
    ({"speed_limit": "99"}, None),
    ({"serious": "1.4"}, "impossible severity adjustment"),
    ({"road_number": "-7"}, "impossible road number"),
]


def test_faults_are_flagged_and_no_row_is_dropped(store: Store, tmp_path: Path) -> None:
    """Every fault leaves its row in place with the fault named; only what is no row goes to quarantine."""
    rows: list[str | bytes] = [line("collision", **{"index": f"20235200{number:05}"} | case) for number, (case, _) in enumerate(CASES)]
    extra: list[str | bytes] = [
        line("collision", index="2023520090001").encode().replace(b"E06000023", b"Caf\x96"),
        line("collision", index="2023520090002\x1b[2J"),
    ]
    report, blend = stats19.run(store, [file(tmp_path / "c.csv", "collision", *rows, *extra, "torn,2023", b"")])
    assert isinstance(report, stats19.Report)
    expected = [flags for _, flags in CASES] + ["not UTF-8, read as Windows-1252", "control characters removed"]
    assert told(store, "select line, flags from base.collision order by line") == list(enumerate(expected, 2))
    assert told(store, "select line, reason, source from base.quarantine") == [
        (len(expected) + 2, f"2 fields where the header has {len(NEW['collision'])}", "stats19")
    ]
    assert (report.read, sum(each.rows for each in report.loaded)) == (len(expected) + 1, len(expected))
    assert report.flagged_rows == sum(flags is not None for flags in expected)
    assert "no casualty file of 2023" in str(blend)
    assert told(store, "select count(*) from base.collision where occurred_at is null") == [(5,)]
    assert told(store, f"select count(*) from collision({AT})") == [(len(expected),)]


def test_the_hour_that_comes_twice_and_the_one_that_is_skipped(store: Store, tmp_path: Path) -> None:
    """The first of the two; none, but the day is known and the row counts from its beginning."""
    rows = [
        line("collision", date=day, day_of_week=1, time="01:30", index=f"202352000000{n}")
        for n, day in enumerate(("26/03/2023", "29/10/2023"))
    ]
    stats19.run(store, [file(tmp_path / "c.csv", "collision", *rows)])
    assert told(store, f"select occurred_at, dated_at, hour, weekday from collision({AT}) order by line") == [
        (None, datetime(2023, 3, 26), None, "Sunday"),
        (datetime(2023, 10, 29, 0, 30), datetime(2023, 10, 29, 0, 30), 1, "Sunday"),
    ]
    assert told(store, "select count(*) from collision('2023-10-29 00:29')") == [(1,)]


def test_by_its_grid_reference(store: Store, tmp_path: Path) -> None:
    """Without coordinates a collision is where its grid reference says; without either, of its authority's district alone."""
    rows = [
        line("collision", longitude="", latitude="", easting=358_740, northing=172_980, index="2023520000001"),
        line("collision", longitude="", latitude="", ons_district="E07000187", index="2023520000002"),
    ]
    stats19.run(store, [file(tmp_path / "c.csv", "collision", *rows)])
    ((lon, lat, beat, district), other) = told(store, f"select lon, lat, beat, district from collision({AT}) order by line")
    assert (lon, lat) == (pytest.approx(-2.5955, abs=1e-3), pytest.approx(51.4545, abs=1e-3))
    assert (beat is not None, district) == (True, "Bristol")
    assert other == (None, None, None, "Somerset")


def test_the_severity_adjustment(store: Store, tmp_path: Path) -> None:
    """Its sums are the published chances and 1 for each fatal; rows of files without it add nothing to it."""
    rows = [
        line("collision", index="2023520000001", severity=1, serious="", slight=""),
        line("collision", index="2023520000002", severity=2, serious=1, slight=0, injury_based=1),
        line("collision", index="2023520000003", severity=3, serious=0.25, slight=0.75, injury_based=0),
    ]
    before = line("collision", index="2022520000001", year=2022, date="03/01/2022", severity=1)
    stats19.run(store, [file(tmp_path / "2023.csv", "collision", *rows), file(tmp_path / "2022.csv", "collision", before)])
    assert told(store, f"select year, sum(ksi_adjusted), count(*) filter (where ksi) from collision({AT}) group by year order by year") == [
        ("2022", None, 1), ("2023", 2.25, 2),
    ]  # fmt: skip


def test_adjustments_beside_the_files(store: Store, tmp_path: Path) -> None:
    """Look-ups of years before are joined by their keys, and said to be."""
    folder = tmp_path / "f"
    file(folder / "collision.csv", "collision", line("collision", OLD, severity=3), shape=OLD)
    file(folder / "casualty.csv", "casualty", line("casualty", OLD), line("casualty", OLD, casualty_reference=2), shape=OLD)
    (folder / "collision-adjustment.csv").write_text(f"accident_index,injury_based,Adjusted_Serious,Adjusted_Slight\n{FIRST},0,0.4,0.6\n")
    head = "accident_index,Vehicle_Reference,Casualty_Reference,injury_based,Adjusted_Serious,Adjusted_Slight"
    (folder / "casualty-adjustment.csv").write_text(f"{head}\n{FIRST},1,1,0,0.3,0.7\n")
    reports = stats19.run(store, [folder])
    assert told(store, "select adjusted_serious, adjusted_slight, injury_based from base.collision") == [(0.4, 0.6, False)]
    assert told(store, "select casualty, adjusted_serious from base.casualty order by all") == [("1", 0.3), ("2", None)]
    assert "severity adjustment of collision (collision-adjustment.csv): 1 rows looked up" in [str(each) for each in reports]


def test_hostile_text_steers_nothing(store: Store, tmp_path: Path) -> None:
    """No control character of a field or a file's name reaches a table, a report or a refusal."""
    hostile = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\x7f\t"
    path = file(tmp_path / f"v{hostile}.csv", "vehicle", line("vehicle", model=f"FO{hostile}RD"), f"torn{hostile}")
    texts = [str(each) for each in stats19.run(store, [path])]
    for table in ("vehicle", "batch", "event", "quarantine"):
        texts += [str(value) for each in told(store, f"from base.{table}") for value in each if isinstance(value, str)]
    (tmp_path / f"x{hostile}.csv").write_text(hostile)
    with pytest.raises(ImportRefused) as refused:
        stats19.run(store, [tmp_path / f"x{hostile}.csv"])
    assert all(text.replace("\n", "").isprintable() for text in [*texts, str(refused.value)])
    assert told(store, "select bytes from base.quarantine") == [(f"torn{hostile}".encode(),)]


NASTY = st.one_of(
    st.sampled_from(["", "-1", "NULL", "1e9", "nan", "-inf", "99", "1.5", '"', "0", "01/13/2023", "29/02/2023", "25:61", "9" * 400, "٣"]),
    st.text(st.characters(exclude_characters="\n\r"), max_size=6),
    st.integers(-5, 120).map(str),
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_row_is_kept_or_quarantined(data: st.DataObject) -> None:
    """Whatever stands in its fields, each line is a row at its line, or in quarantine at its line, and every fact can be asked."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "a.duckdb")
        counted = {}
        for kind in NEW:
            rows: list[str] = []
            for _ in range(data.draw(st.integers(1, 4))):
                fields = data.draw(st.dictionaries(st.sampled_from(NEW[kind]), NASTY, max_size=6))
                row = dict(zip(NEW[kind], line(kind).split(","), strict=True)) | fields
                rows.append(",".join(row.values()))
            file(Path(folder) / f"{kind}.csv", kind, *rows)
            counted[kind] = {number for number, row in enumerate(rows, 2) if row.strip()}
        reports = stats19.run(store, [Path(folder)], "all")
        for kind, lines in counted.items():
            held = {number for (number,) in told(store, f"select line from base.{kind}")}
            bad = {number for (number,) in told(store, f"select line from base.quarantine where place like '%{kind}.csv'")}
            assert (held | bad, held & bad) == (lines, set())
            assert told(store, f"select count(*) from {kind}({AT})") == [(len(held),)]
            assert (
                told(store, f"select count(*) from base.{kind} where lon is null and beat is not null") == [(0,)]
                if kind == "collision"
                else True
            )
        assert all(str(each) for each in reports)
        store.close()

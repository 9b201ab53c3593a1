"""The 18 published months: every number of the report and the store is one counted with the csv module or Polars alone."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from console.feed import police_uk
from console.feed.police_uk import Report
from console.store.database import Store, open_store
from tests.real import real
from tests.sources.written import told

Rows = dict[str, list[dict[str, str]]]


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """The published months."""
    return sorted(real("police_uk").glob("*street.csv.gz"))


@pytest.fixture(scope="module")
def rows(files: list[Path]) -> Rows:
    """Each file's rows by the csv module."""
    found: Rows = {}
    for path in files:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            found[path.name] = list(csv.DictReader(file))
    return found


@pytest.fixture(scope="module")
def imported(files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, list[Report]]]:
    """A store with the months in it, and the reports of their import."""
    store = open_store(tmp_path_factory.mktemp("published") / "a.duckdb")
    yield store, police_uk.run(store, files)
    store.close()


def test_every_row_of_every_file(imported: tuple[Store, list[Report]], rows: Rows) -> None:
    """Read and loaded are the file's rows, none is quarantined, and the store holds as many under the batch."""
    store, reports = imported
    stored = dict(told(store, "select batch, count(*) from base.crime group by batch"))
    assert {report.files: report.read for report in reports} == {name: len(found) for name, found in rows.items()}
    for report in reports:
        assert report.loaded == report.read - sum(report.quarantined.values()) == stored.pop(report.batch)
        assert not report.quarantined
    assert not stored
    assert sum(report.loaded for report in reports) == 261_809


def test_rows_by_month_and_category(imported: tuple[Store, list[Report]], files: list[Path]) -> None:
    """The store's counts by month and category, and by outcome, are those Polars makes of the files."""
    store, _ = imported
    frame = pl.concat(pl.read_csv(gzip.decompress(path.read_bytes()), infer_schema=False) for path in files)
    for column, name in (("Crime type", "category"), ("Last outcome category", "outcome"), ("LSOA code", "lsoa_code")):
        counted = frame.group_by("Month", column).len().rows()
        found = told(store, f"select month, {name}, count(*) from base.crime group by all")
        assert {(month, value): count for month, value, count in found} == {
            (month, value or None): count for month, value, count in counted
        }


def test_every_line_is_where_it_was(imported: tuple[Store, list[Report]], rows: Rows) -> None:
    """By its line number each row of the first and the last month is found again, its text as published."""
    store, _ = imported
    for name in (min(rows), max(rows)):
        query = f"select line, crime, lon, lat, location, lsoa, category from base.crime where month = '{name[:7]}' order by line"
        expected = [
            (line, each["Crime ID"] or None, float(each["Longitude"]) if each["Longitude"] else None, float(each["Latitude"]) if each["Latitude"] else None,
             each["Location"].strip() or None, each["LSOA name"] or None, each["Crime type"])
            for line, each in enumerate(rows[name], 2)
        ]  # fmt: skip
        assert told(store, query) == expected


def test_faults_are_those_counted_by_hand(imported: tuple[Store, list[Report]], rows: Rows) -> None:
    """The faults of each month are those of its rows, within the ranges measured of these files."""
    _, reports = imported
    for report in reports:
        found = rows[report.files]
        ids = Counter(each["Crime ID"] for each in found if each["Crime ID"])
        whole = Counter(tuple(each.values()) for each in found)
        expected = {
            "no coordinates": sum(not each["Longitude"] for each in found),
            "no location": sum(each["Location"] == "No Location" for each in found),
            "location without a name": sum(each["Location"] == "On or near " for each in found),
            "crime ID repeated": sum(count for count in ids.values() if count > 1),
            "identical row": sum(count for count in whole.values() if count > 1),
        }
        given = {
            reason: count for reason, count in report.flagged.items() if reason not in ("outside the force area", "LSOA outside the force")
        }
        assert given == {reason: count for reason, count in expected.items() if count}
        assert 654 <= report.flagged["no coordinates"] <= 1051
        assert 21 <= report.flagged["LSOA outside the force"] <= 79
        assert report.flagged["outside the force area"] < 200


def test_importing_again_changes_nothing(imported: tuple[Store, list[Report]], files: list[Path]) -> None:
    """Every row, batch and event is as it was, and every report says so."""
    store, first = imported
    query = "select count(*), bit_xor(hash(c)), sum(hash(c)) from base.crime c"
    before = told(store, query), told(store, "from base.batch order by all"), told(store, "from base.event order by all"), store.version
    again = police_uk.run(store, files)
    assert [report.batch for report in again] == [report.batch for report in first]
    assert all(report.held for report in again)
    assert (
        told(store, query),
        told(store, "from base.batch order by all"),
        told(store, "from base.event order by all"),
        store.version,
    ) == before


def test_every_place_in_the_force_has_its_district(imported: tuple[Store, list[Report]]) -> None:
    """Only rows without a place here are without a district; a beat's own district is seldom another than the area's."""
    store, _ = imported
    assert told(store, "select count(*) from base.crime where district is null and beat is not null") == [(0,)]
    ((agreed, placed),) = told(
        store,
        "select count(*) filter (c.district = p.district), count(*) from base.crime c join ref.place p using (beat) where c.lsoa is not null",
    )
    assert placed > 240_000
    assert agreed / placed > 0.97


def test_the_excerpt_of_searches(imported: tuple[Store, list[Report]]) -> None:
    """All of its rows, blanks, repeats and searches of vehicles included, each as published."""
    store, _ = imported
    path = real("police_uk", "2024-01-avon-and-somerset-stop-and-search.excerpt.csv")
    (report,) = police_uk.run(store, [path])
    with path.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert (report.read, report.loaded) == (len(found), len(found)) == (19, 19)
    query = "select type, strftime(searched_at, '%Y-%m-%dT%H:%M:%S+00:00'), age_range, object, outcome_linked from base.stop_search order by line"
    said = {"True": True, "False": False, "": None}
    assert told(store, query) == [
        (each["Type"], each["Date"], each["Age range"] or None, each["Object of search"], said[each["Outcome linked to object of search"]])
        for each in found
    ]
    assert report.flagged["no coordinates"] == sum(not each["Latitude"] for each in found)
    outside = told(store, "select flags from base.stop_search where beat is null and lat is not null")
    assert len(outside) <= 1
    assert all("outside the force area" in flags for (flags,) in outside)

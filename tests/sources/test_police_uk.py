"""Published police data: every oddity survived, batches replaced, and every count equal to one made from the CSVs alone."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from console import cli
from console.feed import police_uk
from console.feed.police_uk import ImportRefused
from console.store.database import Store, open_store
from tests.real import real
from tests.sources.written import FORCE, HEAD, row, told, write


def test_oddities_are_kept_and_flagged(store: Store, tmp_path: Path) -> None:
    """Every fault leaves its row in place with the fault named; only what is no row goes to quarantine."""
    cases: list[tuple[str | bytes, str | None]] = [
        (row("a1"), None),
        (row("", kind="Anti-social behaviour", outcome=""), "identical row"),
        (row("", kind="Anti-social behaviour", outcome=""), "identical row"),
        (row(""), "no crime ID"),
        (row("b1"), "crime ID repeated"),
        (row("b1", place="On or near Mill Lane"), "crime ID repeated"),
        (row("c1", lon="", lat="", place="No Location", lsoa=""), "no coordinates; no location"),
        (row("d1", lon="999"), "impossible coordinates"),
        (row("e1", lon="0.5", lat="53.9"), "outside the force area"),
        (row("f1", place="On or near "), "location without a name"),
        (row("g1", lsoa='"Bournemouth, Christchurch and Poole 044G"'), "LSOA outside the force"),
        (row("h1", kind="Piracy"), "unknown category"),
        (row("i1", outcome=""), "no outcome"),
        (row("j1", outcome="Sent to sea"), "unknown outcome"),
        (row("k1", place="On or near \x1b[31mRed Lane"), "control characters removed"),
        (row("l1", place="On or near Caf"), None),
        (row("m1").encode().replace(b"High Street", b"Caf\xe9 Row"), "not UTF-8, read as Windows-1252"),
        (row("n1") + "\r", None),
        (row("o1", month="2024-13"), "impossible month"),
    ]
    path = write(tmp_path / "s.csv", *(text for text, _ in cases), "torn,2024-02")
    (report,) = police_uk.run(store, [path])
    found = told(store, "select line, flags, location from base.crime order by line")
    assert [(line, flags) for line, flags, _ in found] == [(number, flags) for number, (_, flags) in enumerate(cases, 2)]
    assert {location for _, _, location in found if location and ("Red" in location or "Caf" in location)} == {
        "On or near [31mRed Lane", "On or near Caf", "On or near Café Row",
    }  # fmt: skip
    assert told(store, "select line, reason from base.quarantine") == [(21, "2 fields where the header has 12")]
    assert told(store, "select distinct month from base.crime") == [("2024-02",)]
    assert (report.read, report.loaded, sum(report.quarantined.values())) == (20, 19, 1)
    assert report.flagged_rows == sum(flags is not None for _, flags in cases)
    assert report.flagged["crime ID repeated"] == 2


def test_a_later_copy_replaces_the_earlier(store: Store, tmp_path: Path) -> None:
    """The same again changes nothing; another copy of the month takes its place, and the report compares the two."""
    first = write(tmp_path / "1.csv", row("a"), row("b"), row("c"), row("", kind="Anti-social behaviour", outcome=""))
    assert police_uk.run(store, [first])[0].loaded == 4
    before = told(store, "from base.crime order by line")
    (again,) = police_uk.run(store, [first])
    assert again.held
    assert told(store, "from base.crime order by line") == before
    later = write(
        tmp_path / "2.csv", row("b", outcome="Local resolution"), row("a"), row("d"), row("", kind="Anti-social behaviour", outcome="")
    )
    (report,) = police_uk.run(store, [later])
    assert report.against == (2, 1, 1, 1)
    assert told(store, "select crime from base.crime where crime is not null order by all") == [("a",), ("b",), ("d",)]
    assert told(store, "select count(*), count(replaced_by) from base.batch") == [(2, 1)]
    assert told(store, "select kind, sequence from base.event order by sequence") == [("batch.imported", 1), ("batch.imported", 2)]


def test_plain_gzip_and_zip_are_one(tmp_path: Path) -> None:
    """The three containers give the same rows."""
    path = write(tmp_path / "2024-02-x-street.csv", row("a"), row("b"))
    packed = tmp_path / "x.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    zipped = tmp_path / "x.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.write(path, "2024-02/2024-02-x-street.csv")
        archive.writestr("readme.txt", "no csv")
    found = []
    for number, given in enumerate((path, packed, zipped)):
        store = open_store(tmp_path / f"{number}.duckdb")
        police_uk.run(store, [given])
        found.append(told(store, "select * exclude (batch) from base.crime order by line"))
        store.close()
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == 2


def test_a_file_that_is_none_is_refused(store: Store, tmp_path: Path) -> None:
    """A missing column, an empty file and a damaged archive are refused by name, and nothing is loaded."""
    cut = tmp_path / "cut.csv"
    cut.write_text(HEAD.replace("Month,", "") + "\n" + row("a").replace("2024-02,", "") + "\n", encoding="utf-8")
    damaged = tmp_path / "damaged.gz"
    damaged.write_bytes(gzip.compress(b"x" * 1000)[:40])
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    for path, words in ((cut, "no column 'Month'"), (damaged, "damaged"), (empty, "empty")):
        with pytest.raises(ImportRefused, match=words) as error:
            police_uk.run(store, [path])
        assert str(path) in str(error.value)
    assert told(store, "select count(*) from base.crime") == [(0,)]


def test_outcomes_and_searches(store: Store, tmp_path: Path) -> None:
    """Outcomes rows go to outcomes; the published excerpt of searches loads whole, blanks and repeats kept."""
    path = tmp_path / "o.csv"
    head = HEAD.replace("Crime type,Last outcome category,Context", "Outcome type")
    path.write_text(f"{head}\na,2024-02,{FORCE},{FORCE},-2.5,51.4,On or near X,E1,Bristol 001A,Local resolution\n", encoding="utf-8")
    police_uk.run(store, [path])
    assert told(store, "select crime, outcome, code from base.outcome") == [("a", "Local resolution", 8)]
    excerpt = real("police_uk", "2024-01-avon-and-somerset-stop-and-search.excerpt.csv")
    (report,) = police_uk.run(store, [excerpt])
    with excerpt.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert report.batch.startswith("police_uk/stop-and-search/avon-and-somerset/2024-01/")
    assert told(store, "select count(*), count(lon), count(gender) from base.stop_search") == [
        (len(rows), sum(bool(each["Longitude"]) for each in rows), sum(bool(each["Gender"]) for each in rows))
    ]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, str]]]:
    """The 18 published months imported into a new file, and their rows read by the csv module alone."""
    files = sorted(real("police_uk").glob("*street.csv.gz"))
    data = tmp_path_factory.mktemp("published") / "a.duckdb"
    assert cli.main(["--data", str(data), "import", "police-uk", *map(str, files)]) == 0
    rows: list[dict[str, str]] = []
    for path in files:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            rows += csv.DictReader(file)
    return data, rows


FIELDS = {"month": "Month", "category": "Crime type", "outcome": "Last outcome category", "lsoa": "LSOA name"}


def ask(data: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert cli.main(["--data", str(data), "ask", *arguments, "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_every_row_is_loaded(published: tuple[Path, list[dict[str, str]]]) -> None:
    """The rows by month, category and outcome are those of the files."""
    data, rows = published
    store = open_store(data)
    found = told(store, "select month, category, outcome, count(*) from base.crime group by all")
    store.close()
    mine = {(month, category, outcome or ""): count for month, category, outcome, count in found}
    assert mine == Counter((each["Month"], each["Crime type"], each["Last outcome category"]) for each in rows)
    assert len(rows) == 261_809


def test_ask_agrees_with_the_files(published: tuple[Path, list[dict[str, str]]], capsys: pytest.CaptureFixture[str]) -> None:
    """Under random selections every panel's counts and states are those that Polars makes of the CSVs, both ways."""
    data, rows = published
    frame = pl.DataFrame(rows).select(
        pl.when(pl.col(column).str.strip_chars() != "").then(pl.col(column).str.strip_chars()).alias(name)
        for name, column in FIELDS.items()
    )
    rng = random.Random(17)
    selections: list[dict[str, list[str]]] = [{"category": ["Burglary"]}]
    for _ in range(4):
        names = rng.sample(list(FIELDS), rng.randint(1, 3))
        selections.append({name: rng.sample(sorted(set(frame[name].drop_nulls())), rng.randint(1, 3)) for name in names})
    for selection in selections:
        arguments = [f"--select={name}={value}" for name, values in selection.items() for value in values]
        answer = ask(data, capsys, "crime", *arguments)
        kept = {name: pl.col(name).is_in(values) for name, values in selection.items()}
        assert answer["shown"] == len(frame.filter(*kept.values()) if kept else frame)
        assert (answer["of"], answer["hidden_immediate"]) == (len(frame), None)
        panels = {panel["name"]: panel for panel in answer["panels"]}
        for field in FIELDS:
            others = [clause for name, clause in kept.items() if name != field]
            counted = dict((frame.filter(*others) if others else frame).group_by(field).len().iter_rows())
            expected = {}
            for value in frame[field].unique():
                count, chosen = counted.get(value, 0), value in selection.get(field, [])
                state = ("selected-excluded" if chosen else "excluded") if not count else (
                    "possible" if field not in selection else "selected" if chosen else "alternative")  # fmt: skip
                expected[value] = (count, state)
            found = {each["at"][field]: (each["values"]["count"], each["state"]) for each in panels[field]["rows"]}
            assert found == expected, (selection, field)


def test_the_grammar_of_the_command_line(published: tuple[Path, list[dict[str, str]]], capsys: pytest.CaptureFixture[str]) -> None:
    """Crosses, rows, ranges, locks and CSV; what isn't there is refused with status 2 and the nearest match."""
    data, rows = published
    crossed = ask(data, capsys, "crime", "--by", "category,month", "--select", "month=2024-01..2024-03")
    cells = {(cell["at"]["category"], cell["at"]["month"]): cell["values"]["count"] for cell in crossed["panels"][0]["rows"]}
    assert cells == Counter((each["Crime type"], each["Month"]) for each in rows) & Counter(cells)
    assert sum(cells.values()) == len(rows)
    listed = ask(data, capsys, "crime", "--rows", "--select", "month=2024-01..2024-02", "--select", "category=Robbery")
    expected = sum(each["Month"] == "2024-01" and each["Crime type"] == "Robbery" for each in rows)
    assert len(listed["panels"][0]["rows"]) == listed["panels"][0]["total"] == expected
    locked = ask(data, capsys, "crime/category", "--select", "category=Drugs", "--lock", "category")
    assert {each["at"]["category"]: each["state"] for each in locked["panels"][0]["rows"]}["Drugs"] == "locked"
    assert cli.main(["--data", str(data), "ask", "crime/category", "--format", "csv"]) == 0
    table = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert table[0] == ["category", "selection_state", "count"]
    assert sum(int(each[2]) for each in table[1:]) == len(rows)
    for arguments, words in (
        (["crimes"], "'crime'"), (["crime/categry"], "'category'"), (["crime", "--select", "catgory=Drugs"], "'category'"),
        (["crime", "--select", "category=Burglar"], "'Burglary'"), (["crime", "--by", "moth"], "'month'"),
        (["crime", "--by", "month", "--measure", "cont"], "'count'"), (["crime", "--lock", "month"], "no selection to lock"),
        (["crime", "--select", "hour_of_week=x"], "whole number"),
    ):  # fmt: skip
        assert cli.main(["--data", str(data), "ask", *arguments]) == 2, arguments
        said = capsys.readouterr()
        assert said.out == ""
        assert words in said.err, (arguments, said.err)
        assert said.err.count("\n") == 1

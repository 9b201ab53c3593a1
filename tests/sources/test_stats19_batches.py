"""Batches of road casualty statistics: what makes one, what replaces one, whose rows are taken, what can't be told."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from console import cli
from console.feed import stats19
from console.feed.stats19 import ImportRefused
from console.store.database import Store, open_store
from tests.sources.roads import NEW, OLD, file, line
from tests.sources.written import told


def held(store: Store) -> list[tuple[object, ...]]:
    return told(store, "select kind, force, month, rows, file from base.batch where replaced_by is null order by all")


def rows(year: int, count: int, force: str = "52", first: int = 1) -> list[str]:
    """Return so many collisions of a year and a force."""
    return [
        line("collision", index=f"{year}{force}{first + n:07}", year=year, force=int(force), date=f"03/01/{year}", day_of_week=-1)
        for n in range(count)
    ]


def said(reports: list[stats19.Reported]) -> str:
    return "\n".join(map(str, reports))


def test_a_batch_is_of_a_kind_a_force_and_a_year(store: Store, tmp_path: Path) -> None:
    """A file of several years makes a batch of each; a later file replaces the years it has, and the report compares."""
    first = file(tmp_path / "last-5-years.csv", "collision", *rows(2021, 3), *rows(2022, 4), *rows(2022, 2, "53"))
    stats19.run(store, [first])
    assert held(store) == [("collision", "52", "2021", 3, first.name), ("collision", "52", "2022", 4, first.name)]
    heard: list[set[str]] = []
    store.listen(lambda version, touched: heard.append(set(touched)))
    changed = rows(2022, 4, first=2)
    changed[0] = changed[0].replace(",-2.595,", ",-2.590,")
    second = file(tmp_path / "2022.csv", "collision", *changed)
    report = stats19.run(store, [second])[0]
    assert isinstance(report, stats19.Report)
    assert report.loaded[0].against == (2, 1, 1, 1)
    assert "1 added, 1 removed, 1 changed, 2 unchanged" in str(report)
    assert told(store, "select year, count(*) from base.collision group by year order by all") == [(2021, 3), (2022, 4)]
    assert told(store, "select count(*), count(replaced_by) from base.batch") == [(3, 1)]
    assert heard == [{"collision", "vehicle", "casualty"}]
    assert told(store, "select kind, sequence from base.event order by sequence") == [("batch.imported", n) for n in (1, 2, 3)]


def test_the_very_same_changes_nothing(store: Store, tmp_path: Path) -> None:
    """Also from another file and at other lines."""
    stats19.run(store, [file(tmp_path / "a.csv", "collision", *rows(2021, 3), *rows(2022, 4))])
    before = told(store, "from base.collision order by all")
    reports = stats19.run(store, [file(tmp_path / "b.csv", "collision", *rows(2022, 4))])
    assert "4 the very same as held: nothing changed" in said(reports)
    assert told(store, "from base.collision order by all") == before


def test_whose_rows_are_taken(store: Store, tmp_path: Path) -> None:
    """One force or all; a vehicle or casualty is its collision's force's, else by its index, and where neither tells, only by all."""
    folder = tmp_path / "f"
    file(folder / "c.csv", "collision", *rows(2022, 1), *rows(2022, 2, "53"), line("collision", index="odd", force=52, year=2022))
    more = ("2022520000001", "2022530000009", "odd", "strange")
    file(folder / "d.csv", "casualty", *(line("casualty", year=2022, index=each) for each in more))
    reports = stats19.run(store, [folder])
    assert [each[:4] for each in held(store)] == [("casualty", "52", "2022", 2), ("collision", "52", "2022", 2)]
    assert told(store, "select collision from base.casualty order by all") == [("2022520000001",), ("odd",)]
    assert "1 of a force that neither a collision nor their index tells, passed over: --force all takes them" in said(reports)
    stats19.run(store, [folder], "all")
    assert [each[:4] for each in held(store)] == [
        ("casualty", "52", "2022", 2), ("casualty", "53", "2022", 1), ("casualty", "unknown", "2022", 1),
        ("collision", "52", "2022", 2), ("collision", "53", "2022", 2),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="52 is Avon and Somerset"):
        stats19.run(store, [folder], "2")


def test_a_few_rows_of_another_year_never_stand_for_it(store: Store, tmp_path: Path) -> None:
    """They stay with their file under its year, flagged, and come and go with its copies."""
    stats19.run(store, [file(tmp_path / "2021.csv", "collision", *rows(2021, 250))])
    stats19.run(store, [file(tmp_path / "2022.csv", "collision", *rows(2022, 250), *rows(2021, 1, first=9000))])
    assert [each[2:4] for each in held(store)] == [("2021", 250), ("2022", 251)]
    assert told(store, "select year, split_part(batch, '/', 4) from base.collision where flags = 'of another year than its file'") == [
        (2021, "2022")
    ]
    stats19.run(store, [file(tmp_path / "2022.csv", "collision", *rows(2022, 250))])
    assert told(store, "select count(*) from base.collision") == [(500,)]


def test_in_a_folder_the_final_copy_comes_after_the_provisional(store: Store, tmp_path: Path) -> None:
    """Whatever the names' order; archives, gzip and other files beside them are no matter."""
    folder = tmp_path / "f"
    name = "dft-road-casualty-statistics-collision-provisional-mid-year-unvalidated-2022.csv"
    file(folder / name, "collision", *rows(2022, 2))
    final = file(folder / "dft-road-casualty-statistics-collision-2022.csv", "collision", *rows(2022, 5))
    (folder / "2022.csv.gz").write_bytes(
        gzip.compress(file(tmp_path / "v.csv", "vehicle", line("vehicle", index="2022520000001", year=2022)).read_bytes())
    )
    with zipfile.ZipFile(folder / "d.zip", "w") as archive:
        archive.write(file(tmp_path / "d.csv", "casualty", line("casualty", index="2022520000001", year=2022)), "x/d.csv")
        archive.writestr("guide.csv", "table,field\ncollision,date\n")
    (folder / "read me.txt").write_text("no csv")
    (folder / "empty.csv").write_text("")
    reports = stats19.run(store, [folder])
    assert [(each[0], each[3], each[4]) for each in held(store)] == [
        ("casualty", 1, "d.csv"), ("collision", 5, final.name), ("vehicle", 1, "2022.csv.gz"),
    ]  # fmt: skip
    assert str(reports[0]) == "passed over, without a collision or accident index: guide.csv, empty.csv"


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (("casualty",), ["no collision file of 2023: when, where", "no vehicle file of 2023"]),
        (("collision",), ["no casualty file of 2023: who was hurt", "no vehicle file of 2023: what vehicles"]),
        (
            ("collision", "casualty", "vehicle"),
            ["1 of 2 casualties belong", "1 of 1 vehicles belong", "1 collision with another number of vehicles"],
        ),
    ],
)
def test_what_cannot_be_told(store: Store, tmp_path: Path, kinds: tuple[str, ...], words: list[str]) -> None:
    """Any of the three may be missing, and what meets nothing is counted."""
    lines = {"casualty": [line("casualty"), line("casualty", index="2023520000007")]}
    for kind in kinds:
        file(tmp_path / "f" / f"{kind}.csv", kind, *lines.get(kind, [line(kind)]))
    reports = stats19.run(store, [tmp_path / "f"])
    assert all(each in said(reports) for each in words), said(reports)
    if kinds == ("casualty",):
        assert (
            told(store, "select year, month, occurred_at, beat, severity from casualty('2023-01-01')")
            == [("2023", None, None, None, "Slight")] * 2
        )
        assert told(store, "select count(*) from casualty('2022-12-31')") == [(0,)]


def test_what_is_refused(store: Store, tmp_path: Path) -> None:
    """A renamed or doubled column by its name, a file of something else, a folder of nothing; and nothing is loaded."""
    text = file(tmp_path / "c.csv", "collision", *rows(2022, 1)).read_text(encoding="utf-8")
    (tmp_path / "renamed.csv").write_text(text.replace("collision_severity", "harm"))
    (tmp_path / "doubled.csv").write_text(text.replace("road_type", "Light_Conditions"))
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "utf16.csv").write_bytes(text.encode("utf-16"))
    (tmp_path / "none").mkdir()
    for name, words in (
        ("renamed.csv", "no column 'collision_severity'; it is no collision file"), ("doubled.csv", "'light_conditions' is there twice"),
        ("other.csv", "it begins 'a,b'"), ("utf16.csv", "UTF-16"), ("none", "no collision, vehicle or casualty file there"),
    ):  # fmt: skip
        with pytest.raises(ImportRefused, match=words) as refused:
            stats19.run(store, [tmp_path / "c.csv", tmp_path / name] if name != "none" else [tmp_path / name])
        assert str(tmp_path / name) in str(refused.value)
    assert told(store, "select count(*) from base.collision") == [(0,)]


def test_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Imported, marked, asked by any cross, and refused with words."""
    data = str(tmp_path / "a.duckdb")
    folder = tmp_path / "f"
    file(folder / "c.csv", "collision", line("collision", severity=2), line("collision", index="2023520000002"), shape=NEW)
    file(folder / "d.csv", "casualty", line("casualty", OLD, casualty_class=3, casualty_type=0), shape=OLD)
    assert cli.main(["--data", data, "import", "stats19", str(folder)]) == 0
    capsys.readouterr()
    assert cli.main(["--data", data, "ask", "collision", "--by", "severity,district", "--measure", "count,ksi,casualties"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("OFFICIAL (OPEN DATA)")
    assert "2 of 2 road collisions shown" in text
    asked = [
        "ask",
        "collision",
        "--by",
        "severity",
        "--select",
        "class=Pedestrian",
        "--select",
        "month=2023-01..2023-02",
        "--format",
        "json",
    ]
    assert cli.main(["--data", data, *asked]) == 0
    found = {row["at"]["severity"]: row["values"]["count"] for row in json.loads(capsys.readouterr().out)["panels"][0]["rows"]}
    assert {key: value for key, value in found.items() if value} == {"Serious": 1}
    for arguments, words in (
        (["import", "police-uk", "x", "--force", "52"], "--force is of stats19"), (["import", "stats19", "x", "--force", "Avon"], "no force 'Avon'"),
        (["ask", "collision", "--by", "severity", "--select", "light=Daylite"], "the nearest is 'Daylight'"),
    ):  # fmt: skip
        assert cli.main(["--data", data, *arguments]) == 2
        assert words in capsys.readouterr().err
    store = open_store(tmp_path / "a.duckdb")
    assert [each[:3] for each in held(store)] == [("casualty", "52", "2023"), ("collision", "52", "2023")]
    store.close()

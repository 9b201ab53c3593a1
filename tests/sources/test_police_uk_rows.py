"""What stands in a published line comes out as published, or as a named fault; hostile text steers nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from console.feed import police_uk
from console.feed.police_uk import ImportRefused
from console.store.database import Store
from tests.sources.written import FORCE, HEAD, OUTCOMES, SEARCHES, row, search, told, write

STREET = "2024-02-avon-and-somerset-street.csv"
STOPS = "2024-02-avon-and-somerset-stop-and-search.csv"
ASB = "Anti-social behaviour"


def test_a_row_as_published(store: Store, tmp_path: Path) -> None:
    """Each column lands where it belongs, trimmed; the district is the area's, else the beat's."""
    place = write(tmp_path / STREET, row("a", place=" On or near High Street ", lsoa="Mendip 001A"), row("b", lsoa=""))
    police_uk.run(store, [place])
    query = "select crime, line, month, category, outcome, lon, lat, location, lsoa_code, lsoa, district, beat, reported_by, falls_within, flags"
    rest = ("E01014485", "Mendip 001A", "Somerset", "BC01", FORCE, FORCE, None)
    assert told(store, f"{query} from base.crime order by line") == [
        ("a", 2, "2024-02", "Burglary", "Under investigation", -2.595, 51.454, "On or near High Street", *rest),
        (
            "b",
            3,
            "2024-02",
            "Burglary",
            "Under investigation",
            -2.595,
            51.454,
            "On or near High Street",
            "E01014485",
            None,
            "Bristol",
            *rest[3:],
        ),
    ]


def test_the_same_rows_in_every_encoding(store: Store, tmp_path: Path) -> None:
    """A byte-order mark, CRLF, blank lines at the end, no newline at the end, columns in another order: the same rows."""
    body = "\n".join([HEAD, row("a"), row("b", lsoa='"Bristol, City of 001A"'), row("", kind=ASB, outcome="")])
    turned = [",".join(line.split(",")[::-1]) for line in body.replace('"Bristol, City of 001A"', "Bristol 001A").split("\n")]
    plain = ("\n".join(turned) + "\n").encode()
    variants = [body + "\n", body, "\ufeff" + body + "\n", body.replace("\n", "\r\n") + "\r\n", body + "\n\n \n"]
    found = []
    for text in [*(each.encode() for each in variants), plain]:
        (tmp_path / STREET).write_bytes(text)
        police_uk.run(store, [tmp_path / STREET])
        found.append(told(store, "select * exclude (batch) from base.crime order by line"))
    assert found[1:5] == found[:1] * 4
    assert [each[0] for each in found[5]] == [each[0] for each in found[0]] == ["a", "b", None]
    assert told(store, "select count(*) from base.quarantine") == [(0,)]


def test_quotes(store: Store, tmp_path: Path) -> None:
    """A quote inside a field is text; one that never closes is flagged where the line is still a row, else quarantined whole."""
    lines = [
        row("a", place='On or near "The" Street'), row("b", place='"On or near High Street'), row("c", place='"On, or ""near"" it"'),
        row("d", place='"On or near\nHigh Street"'), row("e"), '"' + "x" * 200_000 + '",y', "z" * 1_100_000, row("f", place="a\rb"),
    ]  # fmt: skip
    (report,) = police_uk.run(store, [write(tmp_path / STREET, *lines)])
    assert told(store, "select crime, line, location, flags from base.crime order by line") == [
        ("a", 2, 'On or near "The" Street', None),
        ("b", 3, '"On or near High Street', "quotes that don't pair up"),
        ("c", 4, 'On, or "near" it', None),
        ("e", 7, "On or near High Street", None),
        ("f", 10, "ab", "control characters removed"),
    ]
    first, second = lines[3].split("\n")
    assert told(store, "select line, length, bytes from base.quarantine order by line") == [
        (5, len(first), first.encode()), (6, len(second), second.encode()),
        (8, 200_004, lines[5].encode()[:65_536]), (9, 1_100_000, b"z" * 65_536),
    ]  # fmt: skip
    assert (report.read, report.loaded) == (9, 5)
    assert report.quarantined == {
        "7 fields where the header has 12": 1, "6 fields where the header has 12": 1, "2 fields where the header has 12": 1,
        "a line of over 1,000,000 bytes": 1,
    }  # fmt: skip


def test_windows_text_and_context(store: Store, tmp_path: Path) -> None:
    """Windows-1252's own characters come out as meant, a byte it hasn't as a mark; a context is missed aloud, as no column keeps it."""
    text = row("a").encode()
    lines: list[str | bytes] = [
        text.replace(b"High", b"A\x96B"),
        text.replace(b"High", b"A\x81B"),
        row("b", place="On or near Caf\u00e9"),
        row("c") + "in context",
    ]
    police_uk.run(store, [write(tmp_path / STREET, *lines)])
    windows = "not UTF-8, read as Windows-1252; crime ID repeated"
    assert told(store, "select location, flags from base.crime order by line") == [
        ("On or near A\u2013B Street", windows), ("On or near A\ufffdB Street", windows), ("On or near Caf\u00e9", None),
        ("On or near High Street", "context not kept"),
    ]  # fmt: skip


def test_hostile_text_steers_nothing(store: Store, tmp_path: Path) -> None:
    """No control character of a field, a file's name or a member's reaches a table, a report or a refusal."""
    hostile = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\u2066\x00\x7f\t"
    fields = row(f"a{hostile}", place=f"On {hostile}", lsoa=f"Bristol {hostile}001A", kind=f"Bur{hostile}glary", outcome=hostile)
    path = write(
        tmp_path / f"2024-02-avon\x1b[2J\x07-street{hostile.replace(chr(0), '')}.csv",
        fields,
        f"torn{hostile}",
        row("b", force=f"Av{hostile}on"),
    )
    reports = police_uk.run(store, [path])
    assert [report.loaded for report in reports] == [1, 1]
    texts = [str(report) for report in reports]
    for table in ("crime", "batch", "event", "quarantine"):
        texts += [str(value) for each in told(store, f"from base.{table}") for value in each if isinstance(value, str)]
    with pytest.raises(ImportRefused) as refused:
        police_uk.run(store, [write(tmp_path / "\x1b[2J.csv", hostile, head=hostile)])
    assert all(text.replace("\n", "").isprintable() for text in [*texts, str(refused.value)])
    assert told(store, "select bytes from base.quarantine") == [(f"torn{hostile}".encode(),)]
    assert told(store, "select count(*) from base.crime where flags like '%control characters removed%'") == [(2,)]


def test_anti_social_behaviour_without_id_is_normal(store: Store, tmp_path: Path) -> None:
    """Neither ID nor outcome is missed there; whole-row repeats are separate rows, flagged and never merged."""
    lines = [row("", kind=ASB, outcome="", place=f"On or near Street {number // 2}") for number in range(3)]
    (report,) = police_uk.run(store, [write(tmp_path / STREET, *lines)])
    assert told(store, "select line, flags from base.crime order by line") == [(2, "identical row"), (3, "identical row"), (4, None)]
    assert report.flagged == {"identical row": 2}


def test_months_and_forces_that_cannot_be(store: Store, tmp_path: Path) -> None:
    """Such a row is kept with the month and force of its file: what the name says, else most of its rows."""
    months = ["2024-13", "", "2024-00", "24-01", "soon"]
    named = write(
        tmp_path / STREET,
        *(row(f"a{month}", month) for month in months),
        row("b", force=""),
        *(row(f"h{number}", "2024-03") for number in range(9)),
    )
    unnamed = write(
        tmp_path / "x.csv", row("c", "2023-05"), row("d", "2023-05"), row("e", "2023-06"), row("f", "2023"), row("g", "2023-05", force="")
    )
    police_uk.run(store, [named, unnamed])
    found = told(store, "select crime, month, flags, split_part(batch, '/', 3) from base.crime where month <> '2024-03' order by crime")
    force = "avon-and-somerset"
    assert found == [
        *((f"a{month}", "2024-02", "impossible month", force) for month in sorted(months)),
        ("b", "2024-02", "no force", force), ("c", "2023-05", None, force), ("d", "2023-05", None, force),
        ("e", "2023-06", None, force), ("f", "2023-05", "impossible month", force), ("g", "2023-05", "no force", force),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lon", "lat", "flag"),
    [
        ("", "", "no coordinates"), ("-2.595", "", "impossible coordinates"), ("", "51.454", "impossible coordinates"),
        ("nan", "51.454", "impossible coordinates"), ("-2.595", "inf", "impossible coordinates"), ("181", "51", "impossible coordinates"),
        ("-2.595", "-91", "impossible coordinates"), ("376***", "51.4", "impossible coordinates"), ("0.55", "53.95", "outside the force area"),
        ("51.454", "-2.595", "outside the force area"), ("-2.595", "51.454", None),
    ],
)  # fmt: skip
def test_coordinates(store: Store, tmp_path: Path, lon: str, lat: str, flag: str | None) -> None:
    """No place, half a place, what is no number, what is nowhere on earth, and what is elsewhere, each by its name."""
    police_uk.run(store, [write(tmp_path / STREET, row("a", lon=lon, lat=lat))])
    ((flags, x, y, beat),) = told(store, "select flags, lon, lat, beat from base.crime")
    assert flags == flag
    kept = flag in (None, "outside the force area")
    assert (x, y, beat) == ((float(lon), float(lat), "BC01" if flag is None else None) if kept else (None, None, None))


def test_outcomes(store: Store, tmp_path: Path) -> None:
    """An outcomes file goes to the outcomes, with the code of the published words and its faults."""
    path = write(
        tmp_path / "2024-02-avon-and-somerset-outcomes.csv",
        *(f"{crime},2024-02,{FORCE},{FORCE},-2.595,51.454,On or near X,E1,Bristol 001A,{said}" for crime, said in
          [("a", "Suspect charged"), ("b", "Unable to prosecute suspect"), ("", "Local resolution"), ("c", ""), ("d", "Sent to sea")]),
        head=OUTCOMES,
    )  # fmt: skip
    (report,) = police_uk.run(store, [path])
    assert told(store, "select line, crime, outcome, code, flags from base.outcome order by line") == [
        (2, "a", "Suspect charged", 1, None), (3, "b", "Unable to prosecute suspect", None, None),
        (4, None, "Local resolution", 8, "no crime ID"), (5, "c", "(none given)", None, "no outcome"),
        (6, "d", "Sent to sea", None, "unknown outcome"),
    ]  # fmt: skip
    assert report.batch.startswith("police_uk/outcomes/avon-and-somerset/2024-02/")


def test_searches(store: Store, tmp_path: Path) -> None:
    """Times come out in UTC, a month as written is another than the file's; a time that can't be is a fault; the report says whose word the force is."""
    lines = [
        search("2024-06-30T23:30:00+00:00"),
        search("2024-07-01T00:30:00+01:00", linked="True"),
        search("2024-06-31T10:00:00+00:00"),
        search("never"),
    ]
    path = write(tmp_path / "2024-06-avon-and-somerset-stop-and-search.csv", *lines, head=SEARCHES)
    (june,) = police_uk.run(store, [path])
    assert june.loaded == 4
    assert "the force is what the file's name says" in str(june)
    late = datetime(2024, 6, 30, 23, 30)
    assert told(store, "select line, searched_at, outcome_linked, clothing_removed, age_range, flags from base.stop_search order by line") == [
        (2, late, None, False, "over 34", None), (3, late, True, False, "over 34", "of another month or force than its file"),
        (4, None, None, False, "over 34", "impossible time"), (5, None, None, False, "over 34", "impossible time"),
    ]  # fmt: skip


def test_searches_of_no_known_force_are_refused(store: Store, tmp_path: Path) -> None:
    """Without a force they would replace another force's; the refusal says what the name should be."""
    with pytest.raises(ImportRefused, match="no column for the force"):
        police_uk.run(store, [write(tmp_path / STOPS, search(), head=SEARCHES), write(tmp_path / "b.csv", search(), head=SEARCHES)])
    assert told(store, "select count(*) from base.stop_search") == [(0,)]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        *((HEAD.replace(f"{name},", "") + "\n", f"no column '{name}'") for name in ("Crime ID", "Month", "LSOA name", "Crime type")),
        (OUTCOMES.replace(",Falls within", "") + "\n", "no column 'Falls within'; it is no outcomes"),
        (SEARCHES.replace("Date,", "") + "\n", "no column 'Date'; it is no stop-and-search"),
        (HEAD + ",Month\n", "'Month' is there twice"), ("a,b\n1,2\n", "it begins 'a,b'"), ("", "empty"), ("\n\n", "empty"),
        ("x" * 200_000 + "\n", "no street"),
    ],
)  # fmt: skip
def test_what_is_no_published_file_is_refused(store: Store, tmp_path: Path, body: str, words: str) -> None:
    """The refusal names file and column, and not even the good file beside it is loaded."""
    good = write(tmp_path / STREET, row("a"))
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(body, encoding="utf-8")
    with pytest.raises(ImportRefused, match=words) as refused:
        police_uk.run(store, [good, wrong])
    assert str(refused.value).startswith(str(wrong))
    assert told(store, "select count(*) from base.crime") == [(0,)]
    with pytest.raises(ImportRefused, match="UTF-16"):
        police_uk.run(store, [_utf16(tmp_path / "wide.csv")])


def _utf16(path: Path) -> Path:
    path.write_text(f"{HEAD}\n{row('a')}\n", encoding="utf-16")
    return path

"""Batches: what makes one, what replaces one, how the two compare, and what a killed import leaves."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from console.feed import police_uk
from console.feed.police_uk import ImportRefused, Report
from console.store.database import Store, open_store
from tests.sources.written import FORCE, HEAD, OUTCOMES, SEARCHES, row, search, told, write

ROOT = Path(__file__).resolve().parents[2]
ROWS = "select * exclude (batch) from base.crime order by month, line"


def held(store: Store) -> list[tuple[object, ...]]:
    return told(store, "select kind, force, month, rows, file from base.batch where replaced_by is null order by all")


def test_a_batch_is_of_a_kind_a_force_and_a_month(store: Store, tmp_path: Path) -> None:
    """Two files with several months and forces make a batch of each; what both are of, the second replaces."""
    wilts = "Wiltshire Police"
    first = write(tmp_path / "1.csv", row("a", "2024-01"), row("b", "2024-02"), "torn", row("c", "2024-01", force=wilts))
    second = write(tmp_path / "2.csv", row("d", "2024-01"), row("e", "2024-03"))
    reports = police_uk.run(store, [first, second])
    assert held(store) == [
        ("street", "avon-and-somerset", "2024-01", 1, "2.csv"), ("street", "avon-and-somerset", "2024-02", 1, "1.csv"),
        ("street", "avon-and-somerset", "2024-03", 1, "2.csv"), ("street", "wiltshire", "2024-01", 1, "1.csv"),
    ]  # fmt: skip
    assert told(store, "select crime, line from base.crime order by crime") == [("b", 3), ("c", 5), ("d", 2), ("e", 3)]
    assert told(store, "select line, reason, place from base.quarantine") == [(4, "1 fields where the header has 12", str(first))]
    assert sum(report.read for report in reports) == 6
    assert sum(report.loaded for report in reports) == 5


def test_a_second_copy_in_one_command_replaces_the_first(store: Store, tmp_path: Path) -> None:
    """Two copies of a month in one command leave what two commands leave, the one named later, and the reports say the same."""
    early, late = tmp_path / "early", tmp_path / "late"
    for folder in (early, late):
        folder.mkdir()
    name = "2024-02-avon-and-somerset-street.csv"
    first = write(early / name, row("a"), row("b"), row("c"))
    second = write(late / name, row("a", outcome="Local resolution"), row("b"), row("d"), row("e"))
    other = open_store(tmp_path / "other.duckdb")
    apart = police_uk.run(other, [first]) + police_uk.run(other, [second])
    together = police_uk.run(store, [first, second])
    assert [str(report) for report in together] == [str(report) for report in apart]
    assert together[1].against == (1, 1, 2, 1)
    assert told(store, ROWS) == told(other, ROWS)
    assert told(store, "select crime from base.crime order by all") == [("a",), ("b",), ("d",), ("e",)]
    assert police_uk.run(store, [second, first])[1].against == (1, 1, 1, 2)
    assert told(store, "select crime from base.crime order by all") == [("a",), ("b",), ("c",)]
    other.close()


@pytest.mark.parametrize(
    "names", [("2024-01-avon-and-somerset-street.csv", "2024-02-avon-and-somerset-street.csv"), ("jan.csv", "feb.csv")]
)
def test_rows_that_stray_stay_with_their_file(store: Store, tmp_path: Path, names: tuple[str, str]) -> None:
    """A few rows of another month in a file are held under that month, and neither replace it nor double with another copy."""
    months = "2024-01", "2024-02"
    january, february = (
        [row(f"{month}-{number}", month) for number in range(250)] + [row(f"stray-in-{month}", other)]
        for month, other in zip(months, months[::-1], strict=True)
    )
    if "avon" in names[0]:
        february.append(row("wilts", months[1], force="Wiltshire Police"))
    files = [write(tmp_path / name, *rows) for name, rows in zip(names, (january, february), strict=True)]
    counted = [("2024-01", 251), ("2024-02", len(february))]
    for given in ([files[0]], [files[1]], files, files[::-1], [*files, *files]):
        police_uk.run(store, given)
    assert told(store, "select month, count(*) from base.crime group by month order by all") == counted
    assert told(store, "select count(distinct crime) from base.crime") == [(len(january) + len(february),)]
    assert told(store, "select month, rows from base.batch where replaced_by is null order by all") == [
        ("2024-01", 251),
        ("2024-02", len(february)),
    ]
    flagged = "select crime, month, split_part(batch, '/', 4) from base.crime where flags = 'of another month or force than its file' order by all"
    strays = [("stray-in-2024-01", "2024-02", "2024-01"), ("stray-in-2024-02", "2024-01", "2024-02")]
    assert told(store, flagged) == [*strays, *([("wilts", "2024-02", "2024-02")] if "avon" in names[0] else [])]
    police_uk.run(store, [write(tmp_path / names[1], *february[:250])])
    assert told(store, "select month, count(*) from base.crime group by month order by all") == [("2024-01", 250), ("2024-02", 251)]


def test_every_kind_in_an_archive(store: Store, tmp_path: Path) -> None:
    """Every CSV of a published zip is read, whatever its folder; other files are passed over."""
    path = tmp_path / "all.zip"
    outcome = f"a,2024-02,{FORCE},{FORCE},-2.595,51.454,On or near X,E1,Bristol 001A,Local resolution"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2024-02/2024-02-avon-and-somerset-street.csv", f"{HEAD}\n{row('a')}\n")
        archive.writestr("2024-02/2024-02-avon-and-somerset-outcomes.CSV", f"{OUTCOMES}\n{outcome}\n")
        archive.writestr("2024-02/2024-02-avon-and-somerset-stop-and-search.csv", f"{SEARCHES}\n{search()}\ntorn\n")
        archive.writestr("__MACOSX/2024-02/._2024-02-avon-and-somerset-street.csv", "\0\5")
        archive.writestr("readme.txt", "read me")
    police_uk.run(store, [path])
    assert [each[0] for each in held(store)] == ["outcomes", "stop-and-search", "street"]
    assert told(store, "select place, line from base.quarantine") == [(f"{path}/2024-02/2024-02-avon-and-somerset-stop-and-search.csv", 3)]


def test_an_archive_that_cannot_be_read_is_refused(store: Store, tmp_path: Path) -> None:
    """Cut short, without a CSV, or locked: refused by name."""
    whole = tmp_path / "whole.zip"
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("a.csv", f"{HEAD}\n{row('a')}\n")
    body = whole.read_bytes()
    locked = bytearray(body)
    locked[6] |= 1
    locked[body.index(b"PK\x01\x02") + 8] |= 1
    none = tmp_path / "none.zip"
    with zipfile.ZipFile(none, "w") as archive:
        archive.writestr("a.txt", "x")
    for name, made, words in (
        ("cut", body[:-30], "damaged"),
        ("locked", bytes(locked), "can't be unpacked"),
        ("none", none.read_bytes(), "no .csv"),
    ):
        path = tmp_path / f"{name}.zip"
        path.write_bytes(made)
        with pytest.raises(ImportRefused, match=words) as refused:
            police_uk.run(store, [path])
        assert str(refused.value).startswith(str(path))


def test_files_without_rows_replace_nothing(store: Store, tmp_path: Path) -> None:
    """A header alone and a file of torn lines leave the month they are named for as it was, and say so."""
    name = "2024-02-avon-and-somerset-street.csv"
    police_uk.run(store, [write(tmp_path / name, row("a"))])
    (empty,) = police_uk.run(store, [write(tmp_path / name)])
    assert str(empty) == f"{name}: no rows in it; nothing changed"
    (torn,) = police_uk.run(store, [write(tmp_path / name, "torn", "torn,too")])
    assert (torn.read, torn.loaded, sum(torn.quarantined.values())) == (2, 0, 2)
    assert told(store, "select crime from base.crime") == [("a",)]
    assert told(store, "select line from base.quarantine order by line") == [(2,), (3,)]


def test_the_same_again_changes_nothing(store: Store, tmp_path: Path) -> None:
    """Another name, container or line ending of the same rows is the same; an earlier copy brought back stands again."""
    first = write(tmp_path / "1.csv", row("a"), row("b"), "torn")
    (one,) = police_uk.run(store, [first])
    before = told(store, ROWS), told(store, "from base.event"), told(store, "from base.batch"), store.version
    again = tmp_path / "renamed.csv"
    again.write_bytes(first.read_bytes().replace(b"\n", b"\r\n"))
    (same,) = police_uk.run(store, [again])
    assert same.held
    assert "nothing changed" in str(same)
    assert (told(store, ROWS), told(store, "from base.event"), told(store, "from base.batch"), store.version) == before
    police_uk.run(store, [write(tmp_path / "2.csv", row("c"))])
    (back,) = police_uk.run(store, [first])
    assert (back.batch, back.against) == (one.batch, (0, 0, 2, 1))
    assert told(store, ROWS) == before[0]
    assert told(store, "select batch from base.batch where replaced_by is null") == [(one.batch,)]
    assert police_uk.run(store, [first])[0].held
    assert police_uk.run(store, [write(tmp_path / "2.csv", row("c"))])[0].against == (0, 0, 1, 2)
    assert told(store, "select crime from base.crime") == [("c",)]
    assert told(store, "select count(*) from base.quarantine") == [(1,)]


def test_a_batch_and_its_event_agree(store: Store, tmp_path: Path) -> None:
    """The event names importer, kind, force, month, file and digest, and is counted under its source."""
    (report,) = police_uk.run(store, [write(tmp_path / "1.csv", row("a"), row("b", kind="Piracy"), "torn")])
    ((batch, sha, rows, flagged, quarantined),) = told(store, "select batch, sha256, rows, flagged, quarantined from base.batch")
    assert (batch, rows, flagged, quarantined) == (report.batch, 2, 1, 1)
    assert batch.endswith(sha[:12])
    ((source, kind, key, payload),) = told(store, "select source, kind, key, payload from base.event")
    assert (source, kind, key) == ("import", "batch.imported", batch)
    assert json.loads(payload) == {
        "importer": "police_uk", "kind": "street", "force": "avon-and-somerset", "month": "2024-02", "file": "1.csv", "sha256": sha, "rows": 2,
    }  # fmt: skip
    assert told(store, "select last_sequence, events from base.source where source = 'import'") == [(1, 1)]
    assert told(store, "select distinct batch from base.crime") == [(batch,)]


def test_who_hears_of_a_batch(store: Store, tmp_path: Path) -> None:
    """Those who listen hear of the fact that the batch is of, after each batch, and progress comes to its end."""
    heard: list[set[str]] = []
    shares: list[float] = []
    store.listen(lambda version, facts: heard.append(set(facts)))
    stops = write(tmp_path / "2024-02-avon-and-somerset-stop-and-search.csv", search(), "torn", head=SEARCHES)
    police_uk.run(store, [write(tmp_path / "1.csv", row("a"), row("b", "2024-03")), stops], lambda words, share: shares.append(share))
    assert heard == [{"stop_search", "source"}, {"crime"}, {"crime"}]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_copies_compare_as_multisets(store: Store, tmp_path: Path) -> None:
    """Random copies of a month, repeats and repeated IDs among them: every number is that of counting by hand."""
    rng = random.Random(3)
    outcomes = ["Under investigation", "Suspect charged", "Local resolution"]

    def drawn() -> tuple[str, str, str]:
        return rng.choice(["", "a", "b", "c"]), rng.choice(["On or near X", "On or near Y"]), rng.choice(outcomes)

    before: Counter[tuple[str, str, str]] = Counter()
    seen = set()
    for number in range(25):
        lines = [drawn() for _ in range(rng.randint(1, 14))]
        now = Counter(lines)
        (report,) = police_uk.run(
            store, [write(tmp_path / "s.csv", *(row(crime, place=place, outcome=said) for crime, place, said in lines))]
        )
        if number:
            gone, come = before - now, now - before
            outcome = sum(min(_alike(gone, key), _alike(come, key)) for key in {(crime, place) for crime, place, _ in gone if crime})
            expected = ((before & now).total(), outcome, come.total() - outcome, gone.total() - outcome)
            assert report.against == expected
            seen |= {place for place, value in enumerate(expected) if value}
        before = now
    assert seen == {0, 1, 2, 3}


def _alike(rows: Counter[tuple[str, str, str]], key: tuple[str, str]) -> int:
    return sum(count for (crime, place, _), count in rows.items() if (crime, place) == key)


def test_outcomes_and_searches_are_replaced_too(store: Store, tmp_path: Path) -> None:
    """The later copy stands alone, compared with the earlier."""

    def outcomes(*said: str) -> Report:
        lines = (
            f"{crime},2024-02,{FORCE},{FORCE},-2.595,51.454,On or near X,E1,Bristol 001A,{what}"
            for crime, what in zip("abc", said, strict=False)
        )
        return police_uk.run(store, [write(tmp_path / "o.csv", *lines, head=OUTCOMES)])[0]

    outcomes("Local resolution", "Suspect charged")
    assert outcomes("Local resolution", "Offender fined", "").against == (1, 1, 1, 0)
    assert outcomes("Suspect charged", "Offender fined", "").against == (2, 1, 0, 0)
    assert told(store, "select outcome from base.outcome order by line") == [("Suspect charged",), ("Offender fined",), ("(none given)",)]
    path = tmp_path / "2024-02-avon-and-somerset-stop-and-search.csv"
    police_uk.run(store, [write(path, search(), search(), search(lat="", lon=""), head=SEARCHES)])
    (report,) = police_uk.run(store, [write(path, search(lat="", lon=""), search(), search(linked="True"), head=SEARCHES)])
    assert report.against == (2, 0, 1, 1)
    assert told(store, "select count(*), count(lon) from base.stop_search") == [(3, 2)]


KILLED = """
import os, signal, sys
from pathlib import Path
from console.feed import police_uk
from console.feed.published import batches
from console.store.database import open_store
record, calls = batches.record, []
def dying(*given):
    record(*given)
    calls.append(given)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
batches.record = dying
police_uk.run(open_store(Path(sys.argv[1])), [Path(sys.argv[2])])
"""


def test_a_killed_import_leaves_whole_batches(tmp_path: Path) -> None:
    """Killed within the second of three batches, its rows stored but not committed: one whole batch; then a run completes it."""
    path = write(tmp_path / "1.csv", *(row(f"{month}{number}", f"2024-0{month}") for month in (1, 2, 3) for number in range(50)))
    unbroken = open_store(tmp_path / "unbroken.duckdb")
    police_uk.run(unbroken, [path])
    killed = tmp_path / "killed.duckdb"
    done = subprocess.run([sys.executable, "-c", KILLED, str(killed), str(path)], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    left = killed.with_name("killed.duckdb.import")
    assert left.is_dir()
    store = open_store(killed)
    assert told(store, "select month, count(*) from base.crime group by month") == [("2024-01", 50)]
    assert told(store, "select month from base.batch") == [("2024-01",)]
    reports = police_uk.run(store, [path])
    assert [report.held for report in reports] == [True, False, False]
    assert told(store, ROWS) == told(unbroken, ROWS)
    assert told(store, "select sequence, key from base.event order by all") == told(
        unbroken, "select sequence, key from base.event order by all"
    )
    assert not left.exists()
    store.close()
    unbroken.close()


def test_an_interrupted_import_stops_between_batches(store: Store, tmp_path: Path) -> None:
    """Ctrl-C after the first batch leaves it whole, and nothing lying about."""
    path = write(tmp_path / "1.csv", row("a", "2024-01"), row("b", "2024-02"))

    def interrupt(words: str, share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        police_uk.run(store, [path], interrupt)
    assert told(store, "select crime from base.crime") == [("a",)]
    assert not list(tmp_path.glob("*.import"))

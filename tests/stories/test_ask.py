"""`console ask` over a small force whose history ended hours ago: one present, whatever is asked and whatever is imported since."""

from __future__ import annotations

import json
import re
import shlex
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from console import cli, files
from console.desk.desk import Change, Command, Question, RowsQuestion, Viewer
from console.desk.login import login
from console.embedded import desk_over
from console.engine import known, reading
from console.feed import bulk
from console.feed.ingest import Ingest, SimulatorState, clock
from console.feed.simulator import SOURCE, Simulator
from console.store.database import open_store
from tests.sources.written import row, write

ENDED = clock().replace(microsecond=0) - timedelta(hours=3)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with two days of the simulated force, up to three hours ago."""
    path = Path(tmp_path_factory.mktemp("ask")) / "a.duckdb"
    store = open_store(path)
    simulator = Simulator(4, ENDED - timedelta(days=2), positions_from=ENDED - timedelta(minutes=40))
    bulk.load(store, simulator.advance(ENDED).frames(), SOURCE, SimulatorState(SOURCE, ENDED, simulator.state()))
    store.close()
    return path


def ask(data: Path, capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """Return what it prints as JSON."""
    assert cli.main(["ask", "--data", str(data), "--format", "json", *words]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_one_present(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Units are asked as of what the control room is asked as of; an import and an acknowledgement are no live feed."""
    before = ask(data, capsys, "control/deployable")
    assert ENDED - timedelta(minutes=30) < datetime.fromisoformat(before["as_of"]).replace(tzinfo=None) <= ENDED
    assert before["panels"][0]["rows"][0]["values"]["deployable"] > 0
    for words in (("--by", "availability", "--measure", "deployable"), ("--rows",)):
        crossed = ask(data, capsys, "unit", *words)
        assert crossed["as_of"] == before["as_of"]
    assert (
        cli.main(["import", "--data", str(data), "police-uk", str(write(tmp_path / "2024-02-avon-and-somerset-street.csv", row("a")))]) == 0
    )
    store = open_store(data)
    desk = desk_over(store)
    for number, job in enumerate(desk.rows(Viewer("test"), RowsQuestion("control", "open", limit=2)).rows, 1):
        args = (("kind", "immediate"), ("key", str(job.at[0][1])))
        desk.command(Viewer("test"), Command(f"{number}{'0' * 31}", "acknowledge", args))
    held = {source.name: source for source in desk.ask(Viewer("test"), Question("control", panels=("open",))).sources}
    assert {"import", "console"} <= set(held)
    assert not any(source.live or source.gaps for name, source in held.items() if name in ("import", "console"))
    desk.close()
    capsys.readouterr()
    after = ask(data, capsys, "control/deployable")
    assert (after["as_of"], after["panels"]) == (before["as_of"], before["panels"])


def test_lines_of_the_past_are_no_live_source(tmp_path: Path) -> None:
    """A feed nobody described is live by what its lines tell of, not by when they came."""
    store = open_store(tmp_path / "a.duckdb")
    desk = desk_over(store)

    def call(sequence: int, occurred: datetime) -> bytes:
        said = {
            "v": 1,
            "source": "phones",
            "sequence": sequence,
            "kind": "contact.offered",
            "key": f"P{sequence}",
            "payload": {"line": "101"},
        }
        return json.dumps(said | {"occurred_at": occurred.isoformat() + "Z"}).encode()

    try:
        Ingest(store).take([call(1, clock() - timedelta(hours=12))], "phones")
        assert not desk.ask(Viewer("test"), Question("control", panels=("open",))).live
        Ingest(store).take([call(2, clock())], "phones")
        assert desk.ask(Viewer("test"), Question("control", panels=("open",))).live
    finally:
        desk.close()


def used(data: Path) -> list[tuple[Any, ...]]:
    """Return what usage holds, oldest first."""
    store = open_store(data)
    with store.reader() as cursor:
        found: list[tuple[Any, ...]] = cursor.execute("select viewer, action, app, detail from base.usage order by used_at").fetchall()
    store.close()
    return found


def test_every_question_is_written_to_usage(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The login user, what was asked in the words of the command line, and whether it left as a file; no refused one."""
    before = len(used(data))
    questions = (
        ["control/type", "--select", "district=Bath and North East Somerset", "--lock", "district"],
        ["unit", "--by", "availability", "--measure", "count,deployable", "--format", "json"],
        ["incident", "--rows", "--limit", "2", "--at", (ENDED - timedelta(hours=1)).isoformat() + "Z", "--format", "csv"],
    )
    for words in questions:
        assert cli.main(["ask", "--data", str(data), *words]) == 0
    assert cli.main(["ask", "--data", str(data), "control/typ"]) == 2
    found = used(data)[before:]
    assert [each[:3] for each in found] == [(login(), "ask", "control"), (login(), "export", "unit"), (login(), "export", "incident")]
    for (_, _, _, detail), words in zip(found, questions, strict=True):
        said = shlex.split(detail)
        assert sorted(said[1:]) == sorted(words[1:] if "--format" in words else [*words[1:], "--format", "text"])


def test_listed_values_are_all_there_are(data: Path) -> None:
    """No row has a value that the model's lists and reference tables don't have."""
    store = open_store(data)
    read = reading.load(files.queries() / "model.toml")
    with store.reader() as cursor:
        for field in read.fields.values():
            for fact, column in read.shared[field.short][1].items() if field.fact is None else ((field.fact, field.column),):
                if every := known.closed(cursor, field):
                    found = cursor.execute(
                        f"select distinct {column}::varchar from {fact}($now) where {column} is not null", {"now": ENDED}
                    )
                    assert {value for (value,) in found.fetchall()} <= every, field.name
    store.close()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["incident"], "incident is a fact, not an app: add --by FIELD[,FIELD] or --rows"),
        (["incident", "--rows", "--limit", "0"], "--limit is 1 or more"),
        (["incident", "--rows", "--limit", "-1"], "--limit is 1 or more"),
        (["control", "--select", "crew=99"], "no value of crew '99'; the nearest is"),
        (["control", "--select", "incident.hour=99"], "no value of incident.hour '99'; the nearest is"),
        (["control", "--select", "state=Patrolling"], "no value of state 'Patrolling'"),
        (["control", "--select", "grade=Imediate"], "the nearest is 'Immediate'"),
        (["control", "--select", "grade="], "grade: a value is missing: write (none)"),
        (["control", "--select", "grade=(none)"], "no value of grade '(none)'"),
        (["control", "--select", "on_duty=maybe"], "is not true or false"),
        (["control", "--select", "month=abc..xyz"], "month: 'abc' is not a month"),
        (["control", "--select", "month=2024-13"], "month: '2024-13' is not a month"),
        (["control", "--select", "points=50..20"], "points: the range ends before it begins"),
        (["control", "--select", "points=nan"], "points: 'nan' is no number"),
        (["control", "--select", "points=2026-11-24.."], "is not a number"),
        (["control", "--select", "created=2026-11-24..2026-11-23"], "created: the range ends before it begins"),
        (["control", "--select", "created=-1h..-4h"], "created: the range ends before it begins"),
        (["control", "--select", "created=-999999999w.."], "a hundred years at most"),
        (["control", "--select", "incident.hour=..99999999999999999999"], "is no number"),
        (["control", "--select", "points=42.6", "--select", "points=50.."], "points: a field takes values or one range"),
        (["control", "--select", "points=..20", "--select", "points=50.."], "points: a field takes values or one range"),
        (["control", "--at", "0001-01-01"], "years go from 1900 to 2199"),
        (["control", "--select", "area=circle(nan,51,100)"], "don't make a circle"),
        (["control", "--select", "area=circle(-2,51,inf)"], "don't make a circle"),
        (["control", "--select", "area=circle(-2,51,0)"], "don't make a circle"),
        (["control", "--select", "area=box(-2,51,nan,52)"], "don't make a box"),
    ],
)
def test_what_is_not_there_is_refused(data: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    """Status 2, one clear line with the nearest match, and nothing printed."""
    assert cli.main(["ask", "--data", str(data), *words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert said in told.err


def test_values_are_taken_as_they_are_held(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Other capitals and other ways of writing a number are the same value; a listed one needs no row."""
    for one, other in (("district=Bristol", "district=bristol"), ("crew=2", "crew=02"), ("on_duty=true", "on_duty=TRUE")):
        asked = [ask(data, capsys, "unit", "--by", "availability", "--select", text) for text in (one, other)]
        assert asked[0] == asked[1]
    assert ask(data, capsys, "control/unit_state", "--select", "state=Emergency")["of"] > 0
    assert ask(data, capsys, "control/open", "--select", "unit.ref=(none)")["of"] > 0


def test_a_profile_is_of_the_one_selected(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An incident or a unit that is selected has its page; without one it says what to select."""
    table = ask(data, capsys, "incident", "--rows", "--limit", "1", "--select", "status=at scene")["panels"][0]["rows"][0]["columns"]
    ref, unit = table["ref"], table["unit"].split()[0]
    (job,) = ask(data, capsys, "control/incident", "--select", f"ref={ref}")["panels"]
    assert {"section": "Incident", "label": "Place"}.items() <= job["rows"][1]["columns"].items()
    (page,) = ask(data, capsys, "control/unit", "--select", f"callsign={unit}")["panels"]
    assert page["rows"][0]["columns"]["label"] == unit
    for panel, field in (("incident", "incident.ref"), ("unit", "callsign")):
        assert cli.main(["ask", "--data", str(data), f"control/{panel}"]) == 0
        assert f"select one value of {field}" in capsys.readouterr().out


def test_text_says_what_must_be_said_and_is_not_cut(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exclusions and what the selection doesn't reach stand under the numbers; where there is no terminal no cell is cut."""
    words = ["control", "--select", "grade=Immediate", "--select", "grade=Priority"]
    assert cli.main(["ask", "--data", str(data), *words]) == 0
    text = capsys.readouterr().out
    assert "\n101 abandoned: callers who gave up within 5 s don't count\n" in text
    assert "\nDeployable: grade doesn't reach units\n" in text
    assert text.split("\nUnits by state\n")[1].split("\nUnits by place")[0].endswith("grade doesn't reach units")
    assert "…" not in text
    assert cli.main(["ask", "--data", str(data), "incident", "--rows", "--limit", "2"]) == 0
    assert re.search(r"\nIncidents \(2 of [\d,]+\)\n", capsys.readouterr().out)
    refs = [row["columns"]["ref"] for panel in ask(data, capsys, *words)["panels"] if panel["name"] == "queue" for row in panel["rows"]]
    assert refs
    assert all(ref in text for ref in refs)


def test_json_is_as_promised(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its keys, one name for a field in `at` and `columns`, and a time that asks for the same answer again."""
    answer = ask(data, capsys, "control", "--select", "district=Bristol")
    assert list(answer) == ["app", "as_of", "shown", "of", "hidden_immediate", "panels"]
    promised = ["name", "title", "kind", "fact", "fields", "measures", "unreached", "rows"]
    for panel in answer["panels"]:
        assert list(panel)[:8] == promised
        assert set(panel) - set(promised) <= {"note", "error", "total"}
        for each in panel["rows"]:
            assert list(each) == (
                ["at", "state", "values", "columns"] if panel["kind"] in ("table", "profile") else ["at", "state", "values"]
            )
            assert panel["kind"] != "kpi" or each["at"] == {}
            assert panel["kind"] != "table" or each["at"].items() <= each["columns"].items()
    assert ask(data, capsys, "control", "--select", "district=Bristol", "--at", answer["as_of"]) == answer
    moment = (ENDED - timedelta(hours=2, microseconds=123456)).isoformat() + "+00:00"
    assert datetime.fromisoformat(ask(data, capsys, "control/open", "--at", moment)["as_of"]) == datetime.fromisoformat(moment)


def test_csv_has_one_column_a_name(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The state of a value is never mistaken for the state of a unit."""
    assert cli.main(["ask", "--data", str(data), "unit", "--by", "state", "--format", "csv"]) == 0
    head, first, *_ = capsys.readouterr().out.splitlines()
    assert head == "state,selection_state,count"
    assert first.split(",")[1] == "possible"


def test_a_new_version_says_which_panels_it_touches(tmp_path: Path) -> None:
    """Those of its facts, those whose SQL names them, and those that a clause on them reaches; usage touches none."""
    store = open_store(tmp_path / "a.duckdb")
    desk, heard = desk_over(store), list[Change]()
    desk.subscribe(Viewer("test"), heard.append)
    for facts in ({"unit"}, {"crime"}, {"usage"}):
        with store.write(facts):
            pass
    desk.close()
    units, crimes, usage = ({name for app, name in change.panels if app == "control"} for change in heard[:3])
    assert {"units", "unit_state", "free_ratio", "demand", "map", "incident", "queue"} <= units
    assert not {"contacts", "in_10s"} & units
    assert ("crime", "category") in heard[1].panels
    assert crimes == {"map"}  # one of its layers is of crimes
    assert not usage
    assert heard[0].facts == {"unit"}

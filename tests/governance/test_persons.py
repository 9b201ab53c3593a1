"""Personal data through the Desk: hidden or refused until a reason is given, once a case, and audited before it is shown."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from console.desk.answer import Answer
from console.desk.desk import Command, Cross, Leaving, Question, RowsQuestion, Unaudited, Unknown, Viewer
from console.desk.reason import Reason, ReasonWanted
from console.desk.selection import Selection, Values
from console.embedded import desk_over
from console.engine import persons, reasons
from console.engine.desk import StoreDesk
from console.engine.present import wall_clock
from console.store.database import Store, StoreError
from tests.governance.force import ANNA, BEN, audited, made, names

CASE = Reason("incident", "J-1", "who went")
OFFICERS = RowsQuestion("", fact="officer", limit=20)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return made(Path(tmp_path_factory.mktemp("persons")) / "a.duckdb")


@pytest.fixture
def desk(store: Store) -> Iterator[StoreDesk]:
    """A Desk that knows of no reason yet."""
    held = desk_over(store)
    yield held
    held._admission.close()
    held._record.close()


@pytest.fixture(scope="module")
def crewed(store: Store) -> str:
    """A unit with officers on duty at the present."""
    desk = desk_over(store)
    answer = desk.rows(ANNA, RowsQuestion("", fact="officer", limit=1000, columns=("officer", "duty_unit")))
    return next(str(row.columns[1]) for row in answer.rows if row.columns[1])


def page(desk: StoreDesk, unit: str, viewer: Viewer = ANNA, case: str = "") -> Answer:
    return desk.ask(viewer, Question("control", panels=("unit",), subject=unit, case=case))


def of(store: Store) -> int:
    return len(audited(store))


def test_a_units_page_names_nobody_until_a_reason_is_given(desk: StoreDesk, store: Store, crewed: str) -> None:
    """Masked it is live work and isn't audited; with a reason it names the officers, and the audit has who was named, why, from where."""
    before, every = of(store), names(store)
    (panel,) = page(desk, crewed).panels
    lines = [row for row in panel.rows if row.columns[0] == "On duty"]
    assert lines
    assert all(len(row.columns) == len(panel.columns) == 6 for row in panel.rows)
    assert not [row for row in lines for name in every.values() if name in str(row.columns)]
    assert panel.wanted == "Officer's name"
    assert of(store) == before
    desk.explain(ANNA, CASE)
    (panel,) = page(desk, crewed).panels
    assert (panel.wanted, panel.personal) == ("", ("officer_name",))
    told = [str(row.columns[1]) for row in panel.rows if row.columns[0] == "On duty"]
    assert told
    assert all(every[line.split()[1]] in line for line in told)
    ((*row, subjects),) = audited(
        store, "viewer, uid, seat, address, kind, action, app, panel, fields, counted, reason, words, case_ref, subjects", before
    )
    assert row == [
        "anna", 1001, "1", "ssh 192.0.2.7 /dev/pts/3", "combination", "profile", "control", "unit", '["officer_name"]', len(panel.rows),
        "incident", "who went", "J-1",
    ]  # fmt: skip
    assert json.loads(subjects) == [crewed, *(line.split()[1] for line in told)]
    assert page(desk, crewed, BEN).panels[0].wanted


def test_once_a_case(desk: StoreDesk, store: Store, crewed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reason holds for its case and the one it was asked in, at its seat, for twelve hours; from another case it is wanted again."""
    desk.explain(ANNA, replace(CASE, asked="J-7"))
    assert not page(desk, crewed).panels[0].wanted
    assert not page(desk, crewed, case="J-7").panels[0].wanted
    assert page(desk, crewed, case="J-2").panels[0].wanted
    desk.explain(ANNA, Reason("supervision", "J-2"))
    assert not page(desk, crewed, case="J-2").panels[0].wanted
    assert audited(store, "case_ref, reason")[-1] == ("J-2", "supervision")
    assert page(desk, crewed, replace(ANNA, seat="9")).panels[0].wanted
    later = wall_clock() + timedelta(hours=13)
    monkeypatch.setattr(reasons, "wall_clock", lambda: later)
    assert page(desk, crewed).panels[0].wanted


def test_looking_on_is_one_look(desk: StoreDesk, store: Store, crewed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page asked again and again is a row of the audit once; after a quarter of an hour's absence, or by another seat, once more."""
    desk.explain(ANNA, CASE)
    before = of(store)
    for _ in range(5):
        page(desk, crewed)
    assert of(store) == before + 1
    later = wall_clock() + persons.ONE_LOOK + timedelta(seconds=1)
    monkeypatch.setattr(persons, "wall_clock", lambda: later)
    page(desk, crewed)
    assert of(store) == before + 2


def test_rows_are_masked_then_audited(desk: StoreDesk, store: Store) -> None:
    """Rows without a reason hide names; sorting or selecting by what is hidden, and counting by it, is refused; each page is audited."""
    before, every = of(store), names(store)
    found = desk.rows(ANNA, OFFICERS)
    place = [column.name for column in found.columns].index("officer_name")
    assert found.columns[place].personal
    assert {row.columns[place] for row in found.rows} == {persons.HIDDEN}
    assert found.wanted
    name = next(iter(every.values()))
    by_name = Selection().with_clause("officer_name", Values(frozenset((name,))))
    for ask in (
        lambda: desk.rows(ANNA, replace(OFFICERS, sort=(("officer_name", False),))),
        lambda: desk.rows(ANNA, replace(OFFICERS, selection=by_name, columns=("officer",))),
        lambda: desk.rows(ANNA, replace(OFFICERS, at_values=(("officer_name", name),))),
        lambda: desk.cross(ANNA, Cross("officer", ("officer_name",))),
        lambda: desk.cross(ANNA, Cross("officer", ("rank",), selection=by_name)),
        lambda: desk.resolve(ANNA, (f"officer_name={name}",), app="officer"),
        lambda: desk.resolve(ANNA, ("officer_name=Nobody at all",), app="officer"),
        lambda: desk.ask(ANNA, Question("control", by_name, panels=("open",))),
    ):
        with pytest.raises(ReasonWanted, match="a reason is wanted to see Officer's name"):
            ask()
    assert desk.cross(ANNA, Cross("officer", ("rank",))).panels[0].rows
    assert of(store) == before
    desk.explain(ANNA, CASE)
    found = desk.rows(ANNA, OFFICERS)
    assert [row.columns[place] for row in found.rows] == [every[str(row.at[0][1])] for row in found.rows]
    assert not found.wanted
    desk.rows(ANNA, replace(OFFICERS, offset=20))
    desk.rows(ANNA, replace(OFFICERS, columns=("officer", "rank")))  # no name in it
    rows = audited(store, "kind, action, fact, counted, subjects, detail", before)
    assert [row[:4] for row in rows] == [("consultation", "rows", "officer", 20)] * 2
    assert json.loads(rows[0][4]) == [row.at[0][1] for row in found.rows]
    assert rows[1][5] == f"from 20 of {found.total:,}"
    assert len(desk.cross(ANNA, Cross("officer", ("officer_name",))).panels[0].rows) == len(set(every.values()))
    selection = desk.resolve(ANNA, (f"officer_name={name}",), app="officer")
    desk.rows(ANNA, replace(OFFICERS, selection=selection, columns=("officer",)))
    fields, said = audited(store, "fields, selection")[-1]
    assert (fields, shlex.split(said)) == ('["officer_name"]', ["--select", f"officer_name={name}"])


def test_what_asks_is_refused_and_what_is_free_is_audited(desk: StoreDesk, store: Store, crewed: str) -> None:
    """The same field as an app may have it: refused whole until a reason is given, or given at once, and audited all the same."""
    control = desk.plans["control"]
    desk.plans = {"control": replace(control, personal={"officer_name": "ask"})}
    with pytest.raises(ReasonWanted) as wanted:
        page(desk, crewed, case="J-5")
    assert wanted.value.what == "Officer's name"
    two = desk.ask(ANNA, Question("control", panels=("unit", "open"), subject=crewed)).panels
    assert [(each.name, each.wanted, bool(each.rows)) for each in two] == [("unit", "Officer's name", False), ("open", "", True)]
    desk.plans = {"control": replace(control, personal={"officer_name": "free"})}
    before = of(store)
    assert page(desk, crewed).panels[0].personal
    assert audited(store, "kind, reason, case_ref", before) == [("combination", "", "")]


def test_a_reason_is_one_of_the_listed(desk: StoreDesk) -> None:
    """With the case where it needs one."""
    assert [each.code for each in desk.reasons(ANNA)][:2] == ["incident", "investigation"]
    with pytest.raises(Unknown, match=r"no reason 'incidnt'.*incident"):
        desk.explain(ANNA, Reason("incidnt"))
    with pytest.raises(ValueError, match="the reference of a case or incident is wanted"):
        desk.explain(ANNA, Reason("incident"))
    assert desk.reason(ANNA) is None


def test_nothing_is_shown_that_the_audit_cannot_hold(desk: StoreDesk, store: Store, crewed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a full disk a person's page, rows, an export and a command are refused, with the reason; what isn't personal is answered."""
    desk.explain(ANNA, CASE)
    done: list[str] = []
    desk._commands["acknowledge"] = lambda viewer, args: done.append("done") or "done"  # type: ignore[func-returns-value]

    def full(self: Store) -> None:
        raise StoreError("a.duckdb can't be written (no space left on device)")

    monkeypatch.setattr(Store, "aside", full)
    command = Command("1" * 32, "acknowledge", (("kind", "immediate"), ("key", "J-1"), ("by", "anna")))
    leaving = Leaving("export", "control", "officers.csv", "20 rows", "", "officer", ("officer", "officer_name"), counted=20)
    for refused in (
        lambda: page(desk, crewed),
        lambda: desk.rows(ANNA, OFFICERS),
        lambda: desk.command(ANNA, command),
        lambda: desk.disclose(ANNA, leaving),
    ):
        with pytest.raises(Unaudited, match=r"can't be written to the audit.*no space left"):
            refused()
    assert not done
    assert desk.ask(ANNA, Question("control", panels=("open",))).panels[0].rows
    desk.disclose(ANNA, replace(leaving, columns=("officer",)))


def test_a_command_is_audited_before_it_is_done(desk: StoreDesk, store: Store) -> None:
    """And, where it fails, that it did."""
    before = of(store)

    def act(viewer: Viewer, args: dict[str, str]) -> str:
        assert audited(store, "kind, action, subjects", before) == [("alteration", "acknowledge", '["J-1"]')]
        raise ValueError("there is no such incident")

    desk._commands["acknowledge"] = act
    with pytest.raises(ValueError, match="no such incident"):
        desk.command(ANNA, Command("2" * 32, "acknowledge", (("kind", "immediate"), ("key", "J-1"))))
    assert [row[0] for row in audited(store, "action", before)] == ["acknowledge", "acknowledge failed"]


def test_what_leaves_is_a_disclosure_where_it_names_anybody(desk: StoreDesk, store: Store) -> None:
    """A copy or an export of names is a row of the audit before it leaves; of other rows it is usage."""
    leaving = Leaving("copy", "control", "clipboard", "the row", "", "officer", ("officer", "officer_name"), ("1003",), counted=1)
    before = of(store)
    desk.disclose(ANNA, leaving)  # without a reason what is on the screen is masked
    desk.explain(ANNA, CASE)
    desk.disclose(ANNA, replace(leaving, columns=("officer",)))
    assert of(store) == before
    desk.disclose(ANNA, leaving)
    assert audited(store, "kind, action, subjects, detail, case_ref", before) == [
        ("disclosure", "copy", '["1003"]', "clipboard: the row", "J-1")
    ]
    desk._record.close()
    with store.reader() as cursor:
        used = cursor.execute(
            "select action, persons, case_ref from base.usage where action in ('copy', 'reason') order by used_at"
        ).fetchall()
    assert used[-4:] == [("copy", False, None), ("reason", False, "J-1"), ("copy", False, "J-1"), ("copy", True, "J-1")]


def test_a_search_for_persons(desk: StoreDesk, store: Store) -> None:
    """Names are searched only for a reason, and then it is audited what was sought and who was found; without one they are left out."""
    control = desk.plans["control"]
    spec = replace(control.plans["units"].spec, name="crew", fact="officer")
    crew = replace(control.plans["units"], spec=spec)
    desk.plans = {"control": replace(control, plans={**control.plans, "crew": crew})}
    every, before = names(store), of(store)
    text = next(iter(every.values())).split()[-1]
    assert not [hit for hit in desk.search(ANNA, "control", text, Selection()) if hit.field == "officer_name"]
    desk.explain(ANNA, CASE)
    assert not [hit for hit in desk.search(ANNA, "control", text[:2], Selection()) if hit.field == "officer_name"]
    assert of(store) == before
    found = [hit for hit in desk.search(ANNA, "control", text, Selection()) if hit.field == "officer_name"]
    assert found
    ((action, detail, counted, subjects),) = audited(store, "action, detail, counted, subjects", before)
    assert (action, detail, counted, json.loads(subjects)) == ("search", text, len(found), [hit.value for hit in found])
    desk.plans = {"control": replace(control, plans={**control.plans, "crew": crew}, personal={"officer_name": "ask"})}
    with pytest.raises(ReasonWanted):
        desk.search(BEN, "control", text, Selection())

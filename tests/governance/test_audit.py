"""The audit's chain: whatever is done to it behind the console's back is found, and what can't be written isn't done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.governance.audit import Audit, NotAudited
from console.governance.chain import COLUMNS, GENESIS, Head, hash_of
from console.governance.deed import Deed, Who
from console.governance.heads import Heads, beside
from console.governance.record import Record
from console.governance.verify import Verified, verify
from console.store.database import Store, StoreError, open_store

ANNA = Who("anna", 1001, True, "3", "ssh 192.0.2.7 pts/4")
ROWS = 30


def deed(number: int) -> Deed:
    return Deed(
        ANNA, "profile", "combination", "control", "unit", "unit", ("officer.name",), (f"BX{number}", "Ægir ünïcode"),
        "district=Bristol; grade=Immediate", number, "2", "a neighbour's report", f"J-{number}",
    )  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A file with some rows in its audit, and one of its own for what is done to it."""
    held = open_store(Path(tmp_path_factory.mktemp("audit")) / "a.duckdb")
    audit = Audit(held)
    for number in range(ROWS):
        audit.add(deed(number))
    yield held
    held.close()


def found(store: Store, cursor: Any, *more: Head) -> Verified:
    return verify(cursor, [*Heads(beside(store.path)).read(), *more])


def test_rows_are_in_order_without_gaps(store: Store) -> None:
    """Each row has the number after the last and the hash of the one before; the whole of it verifies against the file beside."""
    with store.reader() as cursor:
        rows = cursor.execute("select sequence, previous, hash from base.audit order by sequence").fetchall()
        assert [row[0] for row in rows] == list(range(1, ROWS + 1))
        assert [row[1] for row in rows] == [GENESIS, *(row[2] for row in rows[:-1])]
        assert found(store, cursor).whole
        assert [head.sequence for head in Heads(beside(store.path)).read()][-1] == ROWS


tampering = st.one_of(
    st.tuples(st.just("edit"), st.integers(1, ROWS), st.sampled_from(COLUMNS), st.integers(0, 5)),
    st.tuples(st.just("rehash"), st.integers(1, ROWS), st.sampled_from(COLUMNS[2:-2]), st.integers(0, 5)),
    st.tuples(st.just("delete"), st.integers(1, ROWS), st.integers(1, 3)),
    st.tuples(st.just("cut"), st.integers(1, ROWS)),
    st.tuples(st.just("swap"), st.integers(1, ROWS), st.integers(1, ROWS)).filter(lambda it: it[1] != it[2]),
    st.tuples(st.just("insert"), st.integers(1, ROWS), st.booleans()),
    st.tuples(st.just("append"), st.booleans()),
    st.tuples(st.just("rewrite"), st.integers(1, ROWS)),
)


def chain_again(cursor: Any, first: int) -> None:
    """Make the hashes right from a row on, as somebody would who knows how they are made."""
    rows = cursor.execute(f"select {', '.join(COLUMNS)} from base.audit order by sequence, rowid").fetchall()
    previous = GENESIS
    for row in rows:
        if row[0] >= first:
            made = hash_of([*row[:-2], previous])
            cursor.execute("update base.audit set previous = ?, hash = ? where sequence = ?", [previous, made, row[0]])
            previous = made
        else:
            previous = row[-1]


def tamper(cursor: Any, how: tuple[Any, ...]) -> int | None:
    """Do it, and return the first row that isn't as it was, None where all are."""
    before = cursor.execute("from base.audit order by sequence").fetchall()
    kind, *rest = how
    if kind in ("edit", "rehash"):
        number, column, which = rest
        types = {"sequence": [-3, 0, 99, 2, number + 1, 7], "done_at": [datetime(2020, 1, n) for n in range(1, 7)],
                 "uid": [None, 0, 5, -1, 1001, 2], "counted": [None, 0, 1, 2, 3, -1], "verified": [True, False] * 3}  # fmt: skip
        value = types.get(column, ["", "bob", "consultation", "x", "[]", " "])[which]
        cursor.execute(f"update base.audit set {column} = ? where sequence = ?", [value, number])
        if kind == "rehash":
            row = cursor.execute(f"select {', '.join(COLUMNS[:-1])} from base.audit where sequence = ?", [number]).fetchall()[0]
            cursor.execute("update base.audit set hash = ? where sequence = ?", [hash_of(row), number])
    elif kind == "delete":
        cursor.execute("delete from base.audit where sequence between ? and ?", [rest[0], rest[0] + rest[1] - 1])
    elif kind == "cut":
        cursor.execute("delete from base.audit where sequence >= ?", rest)
    elif kind == "swap":
        cursor.execute(
            "update base.audit set sequence = case sequence when ? then ? else ? end where sequence in (?, ?)",
            [rest[0], rest[1], rest[0], *rest],
        )
    elif kind == "insert":
        cursor.execute("insert into base.audit select * replace ('eve' as viewer) from base.audit where sequence = ?", rest[:1])
        if rest[1]:
            cursor.execute(
                "update base.audit set sequence = sequence + 1 where sequence > ? or (sequence = ? and viewer <> 'eve')", [rest[0], rest[0]]
            )
    elif kind == "append":
        cursor.execute(
            f"insert into base.audit select * replace ({ROWS + 1 + rest[0]} as sequence) from base.audit where sequence = {ROWS}"
        )
    elif kind == "rewrite":
        cursor.execute("update base.audit set viewer = 'eve' where sequence = ?", rest)
        chain_again(cursor, rest[0])
    after = cursor.execute("from base.audit order by sequence, rowid").fetchall()
    changed = [number for number, (one, other) in enumerate(zip(before, after, strict=False), 1) if one != other]
    if changed or len(before) != len(after):
        return changed[0] if changed else min(len(before), len(after)) + 1
    return None


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(how=tampering)
def test_whatever_is_done_to_it_is_found(store: Store, how: tuple[Any, ...]) -> None:
    """An edit, also one hashed anew, a removal, a cut tail, a swap, a row put in or added: found, and where it begins."""
    with store.reader() as cursor:
        cursor.begin()
        try:
            first = tamper(cursor, how)
            verified = found(store, cursor)
            if first is None:
                assert verified.whole
                return
            assert not verified.whole, how
            assert verified.why
            assert verified.bad is not None
            if how[0] != "rewrite":  # only the heads know of that: it is found at the next of them
                assert verified.bad <= first or how[0] in ("edit", "swap", "insert"), (how, verified, first)
            else:
                assert verified.bad == ROWS
        finally:
            cursor.rollback()
        assert found(store, cursor).whole


def test_an_edit_is_named_by_its_row(store: Store) -> None:
    """The sequence that is said is that of the row edited, removed or replaced."""
    for how, bad, word in (
        (("edit", 7, "viewer", 1), 7, "isn't as it was written"),
        (("rehash", 7, "viewer", 1), 7, "replaced"),
        (("delete", 7, 2), 7, "rows 7 to 8 are missing"),
        (("cut", 20), 20, "cut off"),
        (("insert", 7, False), 7, "isn't as it was written"),
    ):
        with store.reader() as cursor:
            cursor.begin()
            tamper(cursor, how)
            verified = found(store, cursor)
            cursor.rollback()
        assert verified.bad in (bad, bad + 1) if how[0] == "insert" else verified.bad == bad, how
        assert word in verified.why or how[0] == "insert"


def test_without_heads_a_cut_tail_is_not_missed(store: Store) -> None:
    """That is what heads kept elsewhere are for."""
    with store.reader() as cursor:
        cursor.begin()
        cursor.execute("delete from base.audit where sequence > 20")
        assert verify(cursor).whole
        assert verify(cursor, [Head(25, "0" * 64, datetime(2026, 1, 1))]).bad == 21
        cursor.rollback()
        assert verify(cursor, [Head(25, "0" * 64, datetime(2026, 1, 1))]).bad == 25


def test_who_goes_on_after_a_cut_leaves_the_heads_that_tell(tmp_path: Path) -> None:
    """A console that writes on from a cut audit doesn't write over what an earlier one said of it."""
    store = open_store(tmp_path / "a.duckdb")
    first = Audit(store)
    for number in range(9):
        first.add(deed(number))
    with store.write(set()) as cursor:
        cursor.execute("delete from base.audit where sequence > 5")
    second = Audit(store)
    for number in range(9):
        second.add(deed(number))
    with store.reader() as cursor:
        assert verify(cursor).whole
        assert found(store, cursor).bad == 9
    store.close()


def test_many_write_at_once(tmp_path: Path) -> None:
    """Rows of eight writers are one chain, each writer's in its own order, and fewer commits than rows; a record's rows stand together."""
    store = open_store(tmp_path / "a.duckdb")
    audit = Audit(store)
    commits, aside = [0], store.aside

    def counted() -> Any:
        commits[0] += 1
        return aside()

    store.aside = counted  # type: ignore[method-assign]

    def write(writer: int) -> None:
        for number in range(12):
            audit.add(*(Deed(Who(f"w{writer}"), "rows", "consultation", counted=number, detail=str(half)) for half in range(2)))

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with store.reader() as cursor:
        rows = cursor.execute("select viewer, counted, detail from base.audit order by sequence").fetchall()
        assert found(store, cursor).whole
    assert len(rows) == 8 * 12 * 2
    assert commits[0] < 8 * 12
    for writer in range(8):
        mine = [(number, half) for viewer, number, half in rows if viewer == f"w{writer}"]
        assert mine == [(number, str(half)) for number in range(12) for half in range(2)]
    assert all(rows[n][:2] == rows[n + 1][:2] for n in range(0, len(rows), 2))
    store.close()


def test_what_cannot_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is said, nothing of it is in usage either, and the next that can be written is."""
    store = open_store(tmp_path / "a.duckdb")
    record = Record(store)
    record.take(deed(1))
    whole = Store.aside

    def full(self: Store) -> Any:
        raise StoreError("no space left on device")

    monkeypatch.setattr(Store, "aside", full)
    with pytest.raises(NotAudited, match="no space left on device"):
        record.take(deed(2))
    monkeypatch.setattr(Store, "aside", whole)
    record.take(deed(3), Deed(ANNA, "open", app="control"))
    record.close()
    with store.reader() as cursor:
        assert cursor.execute("select counted from base.audit order by sequence").fetchall() == [(1,), (3,)]
        assert cursor.execute("select action, case_ref, persons from base.usage order by used_at, action").fetchall() == [
            ("profile", "J-1", True), ("profile", "J-3", True), ("open", None, False),
        ]  # fmt: skip
        assert found(store, cursor).whole
    store.close()


def test_heads_are_one_line_an_hour(tmp_path: Path) -> None:
    """The newest head stands at the end; lines of another process stay."""
    heads = Heads(tmp_path / "h")
    start = datetime(2026, 3, 29, 0, 10)
    for minutes in (0, 20, 49, 55, 180):
        heads.put(Head(minutes + 1, f"{minutes:064}", start + timedelta(minutes=minutes)))
    assert [head.sequence for head in heads.read()] == [50, 56, 181]
    again = Heads(tmp_path / "h")
    again.put(Head(182, "1" * 64, start + timedelta(minutes=181)))
    again.put(Head(183, "2" * 64, start + timedelta(minutes=182)))
    assert [head.sequence for head in again.read()] == [50, 56, 181, 183]


KILLED = """
import sys, pathlib
from console.governance.audit import Audit
from console.governance.deed import Deed, Who
from console.store.database import open_store
store = open_store(pathlib.Path(sys.argv[1]))
audit = Audit(store)
for number in range(10**6):
    audit.add(Deed(Who("anna"), "rows", "consultation", counted=number))
    print(number, flush=True)
"""


@pytest.mark.parametrize("rounds", [2, pytest.param(40, marks=pytest.mark.long)])
def test_what_went_out_is_in_the_audit_though_the_console_was_killed(tmp_path: Path, rounds: int) -> None:
    """kill -9 between an audit row and its answer, many times on one file: each answer that went out has its row, and the chain is whole."""
    path, answers = tmp_path / "a.duckdb", 0
    for _ in range(rounds):
        child = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE, text=True, env={**os.environ})
        assert child.stdout is not None
        said = [child.stdout.readline() for _ in range(15)]
        child.send_signal(signal.SIGKILL)
        said += child.stdout.readlines()
        child.wait()
        answers += len([line for line in said if line.endswith("\n")])
    store = open_store(path)
    with store.reader() as cursor:
        rows = cursor.execute("select count(*) from base.audit").fetchall()[0][0]
        verified = found(store, cursor)
    store.close()
    assert verified.whole, verified
    assert answers <= rows <= answers + rounds

"""An extract is what the same viewer is answered, marked, with an expiry, disclosed in the audit before there is a file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from console.desk.audit import AuditAsked
from console.desk.desk import Extract, RowsQuestion, Unaudited, Unknown
from console.desk.reason import Reason, ReasonWanted
from console.desk.selection import Refused
from console.embedded import desk_over
from console.engine import extracts
from console.engine.desk import StoreDesk
from console.engine.present import wall_clock
from console.extracting import named, written
from console.governance.policy import AllowAll, Rights
from console.store.database import Store, StoreError
from tests.governance.force import ANNA, BEN, audited, made

EXPIRES = wall_clock().replace(microsecond=0) + timedelta(days=7)
WHY = Reason("investigation", "C-77", "sickness")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return made(Path(tmp_path_factory.mktemp("extract")) / "a.duckdb")


@pytest.fixture
def desk(store: Store) -> Iterator[StoreDesk]:
    held = desk_over(store)
    yield held
    held._extracts.close()
    held._admission.close()
    held._record.close()


def asked(desk: StoreDesk, fact: str, selection: Any, at: datetime) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return the columns and rows that the viewer is answered."""
    names = tuple(column.name for column in desk.fields(ANNA, fact))
    found = desk.rows(ANNA, RowsQuestion("", fact=fact, selection=selection, at=at, limit=10**6, columns=names))
    return [name.removeprefix(f"{fact}.") for name in names], [row.columns for row in found.rows]


def test_it_holds_what_is_asked(desk: StoreDesk, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every row and value of each fact under the selection, in pages, with what it is; facts that a clause doesn't reach stay out."""
    monkeypatch.setattr(extracts, "PAGE", 97)
    monkeypatch.setattr(extracts, "PIECE", 10_000)
    selection = desk.resolve(ANNA, ("district=Bristol", "grade=Immediate"))
    to, before = tmp_path / "a.duckdb", len(audited(store))
    said = written(desk, ANNA, Extract(str(to), "duckdb", EXPIRES, (), selection), to)
    assert list(tmp_path.iterdir()) == [to]
    assert "in the audit as disclosed" in said
    with duckdb.connect(to, read_only=True) as file:
        found = file.execute("from extract")
        about = dict(zip([column[0] for column in found.description], found.fetchall()[0], strict=True))
        columns = file.execute("select fact, name, personal, given from extract_column").fetchall()
        facts = {row[0] for row in columns}
        assert facts == {fact for fact in desk.facts() if all(desk.model.route(fact, name) for name in ("district", "grade"))}
        assert "incident" in facts
        assert "officer" not in facts
        for fact in facts:
            names, rows = asked(desk, fact, selection, about["as_of"])
            assert [row[1] for row in columns if row[0] == fact] == names
            held = file.execute(f'select {", ".join(names)} from "{fact}"').fetchall()
            assert sorted(map(repr, held)) == sorted(map(repr, rows))
        assert file.execute("select count(*) from incident").fetchall()[0][0] > 0
        assert file.execute("select count(*) from extract_source").fetchall()[0][0] >= 1
    assert about["marking"] == desk.marking(ANNA)
    assert (about["made_by"], about["expires_at"], about["data_version"]) == ("anna", EXPIRES, store.version)
    assert "--select district=Bristol" in about["selection"]
    (row,) = audited(store, "kind, action, viewer, selection, detail", before)
    assert row[:4] == ("disclosure", "extract", "anna", about["selection"])
    assert f"sha256 {hashlib.sha256(to.read_bytes()).hexdigest()}" in row[4]
    assert str(EXPIRES.date()) in row[4]


def test_names_are_hidden_without_a_reason_and_given_with_one(desk: StoreDesk, store: Store, tmp_path: Path) -> None:
    """In Parquet, with what it is among the file's metadata."""
    wanted = Extract("a.parquet", "parquet", EXPIRES, ("officer",))
    written(desk, ANNA, wanted, tmp_path / "hidden.parquet")
    assert set(pl.read_parquet(tmp_path / "hidden.parquet")["officer_name"]) == {"(hidden)"}
    desk.explain(ANNA, WHY)
    before = len(audited(store))
    written(desk, ANNA, wanted, tmp_path / "named.parquet")
    frame = pl.read_parquet(tmp_path / "named.parquet")
    names, rows = asked(desk, "officer", wanted.selection, wall_clock())
    assert frame["officer_name"].to_list() == [row[names.index("officer_name")] for row in rows]
    assert isinstance(frame.schema["duty_from"], pl.Datetime)
    said = pl.read_parquet_metadata(tmp_path / "named.parquet")
    assert (said["marking"], said["expires_at"]) == (desk.marking(ANNA), EXPIRES.isoformat())
    assert json.loads(said["console"])["case_ref"] == "C-77"
    rows = audited(store, "kind, fields, reason, words, case_ref", before)
    assert [row[0] for row in rows][:2] == ["consultation", "disclosure"]
    assert rows[1][1:] == ('["officer_name"]', "investigation", "sickness", "C-77")


def test_there_is_no_file_without_its_row(desk: StoreDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the audit can't hold isn't made, here or in the folder where it would wait."""

    def full(self: Store) -> None:
        raise StoreError("no space left on device")

    monkeypatch.setattr(Store, "aside", full)
    to = tmp_path / "a.duckdb"
    with pytest.raises(Unaudited, match="no space left"):
        written(desk, ANNA, Extract(str(to), "duckdb", EXPIRES, ("unit",)), to)
    assert not list(tmp_path.iterdir())
    assert desk._extracts._folder is not None
    assert not list(desk._extracts._folder.iterdir())


def test_a_file_that_comes_broken_is_not_kept(desk: StoreDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces that aren't those made leave nothing; a token is of one viewer at one seat, once."""
    to = tmp_path / "a.duckdb"
    wanted = Extract(str(to), "duckdb", EXPIRES, ("unit",))
    whole = desk.piece
    monkeypatch.setattr(desk, "piece", lambda viewer, token, offset: whole(viewer, token, offset)[:-1])
    with pytest.raises(OSError, match="not as they were made"):
        written(desk, ANNA, wanted, to)
    assert not list(tmp_path.iterdir())
    monkeypatch.undo()
    made = desk.extract(ANNA, wanted)
    for other in (BEN, replace(ANNA, seat="2")):
        with pytest.raises(Unknown, match="no extract waits for you"):
            desk.piece(other, made.token, 0)
    assert desk.piece(ANNA, made.token, made.bytes) == b""
    with pytest.raises(Unknown):
        desk.piece(ANNA, made.token, 0)


def test_what_is_refused(desk: StoreDesk, store: Store) -> None:
    """A form that can't hold it, an expiry that is past, a fact that isn't there, names to choose by without a reason, a viewer who may not."""
    wanted = Extract("a", "duckdb", EXPIRES, ("unit",))
    for wrong, error, words in (
        (replace(wanted, form="csv"), ValueError, "duckdb or parquet"),
        (replace(wanted, form="parquet", facts=("unit", "incident")), ValueError, "one fact"),
        (replace(wanted, expires_at=wall_clock()), ValueError, "expires later"),
        (replace(wanted, facts=("person",)), Unknown, "no fact 'person'"),
    ):
        with pytest.raises(error, match=words):
            desk.extract(ANNA, wrong)
    with pytest.raises(ReasonWanted):
        desk.resolve(ANNA, ("officer_name=X",), app="officer")

    class Nobody(AllowAll):
        def rights(self, user: str, roles: frozenset[str], groups: frozenset[str]) -> Rights:
            return Rights(extract=False, audit=False, reasons=(("extract", "extracts are for analysts"),))

    desk._policy = Nobody()
    with pytest.raises(Refused, match="for analysts"):
        desk.extract(ANNA, wanted)
    for ask in (lambda: desk.audit_head(ANNA), lambda: desk.audit_verdict(ANNA, ()), lambda: desk.audit_rows(ANNA, AuditAsked())):
        with pytest.raises(Refused, match="may not read the audit"):
            ask()


def test_its_name_says_its_expiry() -> None:
    assert named(Path("x/bristol.duckdb"), datetime(2026, 12, 24, 9)) == Path("x/bristol.until-2026-12-24.duckdb")

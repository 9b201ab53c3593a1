"""Over a hub: what one viewer was shown for a reason isn't another's, each look is audited as its viewer's, extracts and audits cross."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.desk.audit import AuditAsked
from console.desk.desk import Extract, Question, RowsQuestion, Unaudited, Viewer
from console.desk.reason import Reason, ReasonWanted
from console.embedded import desk_over
from console.engine.present import wall_clock
from console.extracting import written
from console.governance.policy import Role, Roles, Sight
from console.hub.client.desk import HubDesk
from console.hub.server.terminal import terminal_of
from console.store.database import Store, StoreError
from tests.governance.force import ANNA, audited, made, names
from tests.governance.test_extract import EXPIRES
from tests.hub.serving import Hub, client, serving

ROWS = RowsQuestion("", fact="officer", limit=20)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return made(Path(tmp_path_factory.mktemp("hub")) / "a.duckdb")


@pytest.fixture(scope="module")
def crewed(store: Store) -> str:
    found = desk_over(store).rows(ANNA, RowsQuestion("", fact="officer", limit=1000, columns=("officer", "duty_unit")))
    return next(str(row.columns[1]) for row in found.rows if row.columns[1])


@contextmanager
def hub(store: Store, path: Path) -> Iterator[Hub]:
    desk = desk_over(store)
    with serving(desk, path) as held:
        yield held


def test_nobody_is_given_what_another_was_shown(store: Store, tmp_path: Path, crewed: str) -> None:
    """The same page and rows, asked at two seats at once and after each other, for one who gave a reason and one who didn't."""
    every, before = set(names(store).values()), len(audited(store))
    page = Question("control", panels=("unit",), subject=crewed)
    past = Question("control", at=wall_clock(), panels=("unit",), subject=crewed)

    def named(desk: HubDesk, question: Question) -> bool:
        return any(name in str(row.columns) for row in desk.ask(ANNA, question).panels[0].rows for name in every)

    with hub(store, tmp_path / "s") as held, client(held.path) as anna, client(held.path) as ben:
        anna.explain(ANNA, Reason("incident", "J-1"))
        for question in (page, past):
            assert named(anna, question)
            assert not named(ben, question)
            assert named(anna, question)
        assert not anna.rows(ANNA, ROWS).wanted
        assert ben.rows(ANNA, ROWS).wanted
        with pytest.raises(ReasonWanted, match="Officer's name"):
            ben.resolve(ANNA, ("officer_name=X",), app="officer")
        ben.explain(ANNA, Reason("incident", "J-2"))
        assert named(ben, page)
        assert named(ben, page)
        assert held.server.flights.shared == 0
        anna.ask(ANNA, Question("control", panels=("open",)))
        ben.ask(ANNA, Question("control", panels=("open",)))
        assert held.server.flights.shared == 1
    rows = audited(store, "verified, uid, case_ref, action, seat", before)
    assert {row[:2] for row in rows} == {(True, os.getuid())}
    looked = [(case, action) for _, _, case, action, _ in rows]
    assert looked == [("J-1", "profile"), ("J-1", "rows"), ("J-2", "profile")]  # the page at the time is the same look as now
    assert len({seat for *_, seat in rows}) == 2
    assert all("flight" not in seat for *_, seat in rows)


def test_extracts_and_audits_cross(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of more than one piece, the head, the verdict and the rows; what can't be audited is refused in its words."""
    with hub(store, tmp_path / "s") as held, client(held.path) as far:
        to = tmp_path / "a.duckdb"
        assert "of incident" in written(far, ANNA, Extract(str(to), "duckdb", EXPIRES, ("incident", "contact", "unit")), to)
        assert to.stat().st_size > 1_000_000
        head = far.audit_head(ANNA)
        assert far.audit_verdict(ANNA, (head,)).whole
        other = head.replace(head.split()[-1], "0" * 64)
        assert not far.audit_verdict(ANNA, (other,)).whole
        found = far.audit_rows(ANNA, AuditAsked(kind="disclosure", limit=1))
        (row,) = found.rows
        assert dict(zip(found.columns, row, strict=True))["action"] == "extract"

        def full(self: Store) -> None:
            raise StoreError("no space left on device")

        monkeypatch.setattr(Store, "aside", full)
        far.explain(ANNA, Reason("incident", "J-3"))
        with pytest.raises(Unaudited, match="can't be written to the audit: no space left"):
            far.rows(ANNA, ROWS)


def test_a_role_that_masks_names_is_asked_for_no_reason(store: Store, crewed: str) -> None:
    """What a role masks stays so with a reason too, and nobody is named to the audit for it."""
    desk = desk_over(store)
    facts = {name: Sight(masked=frozenset({"officer_name"}) if name == "officer" else frozenset()) for name in desk.facts()}
    role = Role("analyst", None, None, facts, {"duty": frozenset({"name"})})
    desk._policy = Roles({"analyst": role}, {}, {}, frozenset(desk.facts()))
    viewer, before = Viewer("cy", frozenset({"analyst"}), "5"), len(audited(store))
    for reason in (None, Reason("incident", "J-4")):
        if reason is not None:
            desk.explain(viewer, reason)
        found = desk.rows(viewer, ROWS)
        place = [column.name for column in found.columns].index("officer_name")
        assert {row.columns[place] for row in found.rows} == {"(masked)"}
        assert not found.wanted
        panel = desk.ask(viewer, Question("control", panels=("unit",), subject=crewed)).panels[0]
        assert not [row for row in panel.rows for name in names(store).values() if name in str(row.columns)]
        assert not panel.wanted
    assert len(audited(store)) == before


def test_where_a_process_sits() -> None:
    """A child on a terminal of its own is known to be there; a process without one is nowhere."""
    line, ours = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", "import fcntl, os, termios; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0); print(1, flush=True); os.read(0, 1)"],
        stdin=ours, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert child.stdout is not None
        assert child.stdout.read(2) == b"1\n"
        assert terminal_of(child.pid).split(" ")[0] == os.ttyname(ours).removeprefix("/dev/")
    finally:
        os.write(line, b"\n")
        child.wait()
    assert terminal_of(2**30) == ""

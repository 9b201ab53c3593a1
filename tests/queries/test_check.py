"""What `console check` refuses, each with its file and line, and what is refused again when it is asked."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console import files
from console.desk.desk import Question, Viewer
from console.embedded import desk_over
from console.engine import check
from console.store import sql
from console.store.database import Store, open_store

Edit = Callable[..., list[str]]
QUERY = "select round(free / nullif(waiting, 0), 1) as free_ratio"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """An empty store with its reference tables."""
    made = open_store(Path(tmp_path_factory.mktemp("check")) / "a.duckdb")
    yield made
    made.close()


@pytest.fixture
def edited(store: Store, tmp_path: Path) -> Edit:
    """Return the faults of a copy of `queries/` in which one text of one file is another."""
    shutil.copytree(files.queries(), tmp_path / "queries")

    def edit(name: str, old: str, new: str) -> list[str]:
        path = tmp_path / "queries" / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return check.faults(store, tmp_path / "queries")

    return edit


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("apps/control/app.toml", '["target=breached"]', '["target=breechd"]', "'breached'"),
        ("apps/control/app.toml", '["condition=open"]', '["condition=opened"]', "'open'"),
        ("apps/control/app.toml", '"grade=Immediate"', '"grade=Imediate"', "'Immediate'"),
        ("apps/control/app.toml", '"line=999"', '"line=998"', "'999'"),
        ("apps/control/app.toml", 'incident = ["condition=open"]', 'incident = ["condition=open", "district=Bristl"]', "'Bristol'"),
        ("apps/control/app.toml", 'key = "m"', 'key = "d"', "jumps to another panel"),
        ("apps/crime/app.toml", 'name = "crime"', 'name = "control"', "folder's name is 'crime'"),
        ("apps/crime/app.toml", 'key = "2"', 'key = "1"', "opens control as well"),
        ("model.toml", '"Points", type = "number"', '"Points", type = "instant"', "column points of incident is DOUBLE"),
        ("model.toml", '"Crew", type = "integer"', '"Crew", type = "text"', "column crew of unit is INTEGER"),
        ("model.toml", 'reference = "grade.grade"', 'reference = "grade.colour"', "'grade.colour'"),
        ("model.toml", 'sql = "sum(harm_days)"', 'sql = "1; delete from base.event; select 1"', "only one SELECT"),
        ("apps/control/free_ratio.sql", QUERY, f"delete from base.event;\n{QUERY}", "free_ratio.sql:2: panel 'free_ratio': only one SELECT"),
        ("apps/control/free_ratio.sql", QUERY, f"select 1;\n-- and\n{QUERY}", "free_ratio.sql:4: panel 'free_ratio': only one SELECT"),
        ("apps/control/markers.sql", "select 'incident' as kind", "drop table base.event; select 'incident' as kind", "markers.sql:2: panel"),
        ("apps/control/app.toml", '["beat", "sector", "district"]', '["beat", "sektor", "district"]', "'sector'"),
        ("apps/control/app.toml", '["beat", "sector", "district"]', '["beat", "grade"]', "is no level"),
        ("apps/control/app.toml", 'measure = "breached"', 'measure = "breeched"', "'breached'"),
        ("apps/control/app.toml", 'fact = "crime", given', 'fact = "crim", given', "'crime'"),
        ("apps/control/app.toml", '["recorded=-28d.."]', '["recordd=-28d.."]', "'recorded'"),
        ("apps/control/app.toml", 'column = "population"', 'column = "people"', "people"),
        ("apps/control/app.toml", 'name = "harm", title', 'name = "open", title', "another layer as well"),
        ("apps/control/app.toml", 'name = "harm", title', 'name = "harm", titel = "x", title', "'title'"),
        ("apps/crime/app.toml", 'name = "crimes", title = "crimes"', 'name = "crimes", title = "crimes", before = 8', "has no instant"),
        ("apps/control/app.toml", 'measure = "harm", before', 'measure = "response_p90", before', "doesn't add up"),
    ],
)  # fmt: skip
def test_what_is_refused(edited: Edit, name: str, old: str, new: str, words: str) -> None:
    """One fault, at the line that was changed."""
    path = files.queries() / name
    line = path.read_text(encoding="utf-8").partition(old)[0].count("\n") + 1
    found = edited(name, old, new)
    assert len(found) == 1, found
    assert words in found[0]
    (said,) = re.findall(rf"{name}:(\d+): ", found[0])
    assert line <= int(said) <= line + new.count("\n")


def test_a_destroying_panel_is_refused_when_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so in its own place, and nothing is lost."""
    shutil.copytree(files.queries(), tmp_path / "queries")
    path = tmp_path / "queries" / "apps" / "control" / "free_ratio.sql"
    path.write_text(f"-- one row\ndelete from ref.grade;\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    store = open_store(tmp_path / "a.duckdb")
    monkeypatch.setattr(files, "queries", lambda: tmp_path / "queries")
    desk = desk_over(store)
    try:
        (panel,) = desk.ask(Viewer("test"), Question("control", panels=("free_ratio",))).panels
        assert panel.error == "only one SELECT statement may stand here"
        with store.reader() as cursor:
            assert sql.select(cursor, "select count(*) from ref.grade").fetchone() == (4,)
    finally:
        desk.close()

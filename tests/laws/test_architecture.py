"""Imports point one way, heavy packages stay where they belong, and each dependency is needed by a named module."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONSOLE = ROOT / "console"

MAY_IMPORT = {
    "files": set[str](),
    "desk": set[str](),
    "store": {"files"},
    "feed": {"store", "files"},
    "models": {"files"},
    "governance": {"store", "files"},
    "engine": {"desk", "store", "governance", "models", "files"},
    "bench": {"engine", "store", "feed", "desk", "files", "embedded", "app", "hub.client"},
    "app": {"desk", "files"},
    "web": {"app", "desk"},
    "hub.protocol": {"desk"},
    "hub.client": {"desk", "hub.protocol"},
    "hub.server": {"engine", "feed", "desk", "files", "hub.protocol"},
}
COMPOSERS = {"storing", "asked", "cli", "feeding", "hosting", "options", "settings", "embedded", "serving", "keeping", "auditing", "extracting", "reasoning",
             "__main__"}  # fmt: skip
ONLY_IN = {"duckdb": {"store"}, "textual": {"app"}, "plotext": {"app"}, "PIL": {"app"}, "aiohttp": {"web"}, "textual_serve": {"web"}}
NEEDED_BY = {
    "duckdb": "store/connecting.py",
    "textual": "app/app.py",
    "rich": "app/plain.py",
    "polars": "feed/police_uk",
    "plotext": "app",
    "msgspec": "feed/events.py",
    "numpy": "feed/simulator",
    "shapely": "feed/places.py",
    "pillow": "app",
    "numba": "engine/index/loops.py",
}
NEEDED_BY_EXTRA = {"web": {"textual-serve": "web/server.py", "aiohttp": "web/server.py"}}
IMPORT_NAME = {"pillow": "PIL", "textual-serve": "textual_serve"}


def modules() -> list[Path]:
    return sorted(CONSOLE.rglob("*.py"))


def room(path: Path) -> str:
    parts = path.relative_to(CONSOLE).with_suffix("").parts
    return ".".join(parts[:2]) if parts[0] == "hub" and parts[1] != "__init__" else parts[-1] if parts[0] == "hub" else parts[0]


def imported(path: Path) -> set[str]:
    """Return every module a file imports, anywhere in it, but for type checking."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    found: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(CONSOLE)))
def test_imports_point_one_way(path: Path) -> None:
    """A room imports only the rooms it may; only the store knows duckdb, only the face knows textual."""
    here = room(path)
    if here in COMPOSERS or here == "__init__":
        return
    for name in imported(path):
        top = name.split(".")
        if top[0] == "console" and len(top) > 1 and top[1] != "__version__":
            there = ".".join(top[1:3]) if top[1] == "hub" else top[1]
            assert there == here or there in MAY_IMPORT[here], f"{here} imports {there}"
        if top[0] in ONLY_IN:
            assert here in ONLY_IN[top[0]], f"{here} imports {top[0]}"


def test_the_command_line_starts_light() -> None:
    """Neither a heavy package nor a heavy room is imported before a command needs it."""
    heavy = ["duckdb", "polars", "textual", "rich", "numpy", "shapely", "plotext", "PIL", "msgspec"]
    code = f"import sys, console.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_first_paint_starts_light() -> None:
    """The screens are imported without what draws or reads data behind the first paint."""
    heavy = ["duckdb", "polars", "numpy", "numba", "shapely", "plotext", "PIL", "msgspec", "gzip"]
    heavy += ["console.embedded", "console.engine", "console.store", "console.feed", "console.app.page.page", "console.app.map"]
    heavy += ["console.app.panels.series", "console.app.plain"]
    code = f"import sys, console.cli, console.app.app, console.app.wire.driver; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_each_dependency_is_needed_by_a_named_module() -> None:
    """pyproject's packages are exactly those of the table above, and each is imported where it says."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    tables = [(project["dependencies"], NEEDED_BY), *((extras[name], table) for name, table in NEEDED_BY_EXTRA.items())]
    assert set(extras) - {"test"} == set(NEEDED_BY_EXTRA)
    for entries, table in tables:
        assert {re.split(r"[<>=~!\[ ]", entry)[0] for entry in entries} == set(table)
        for name, place in table.items():
            target = CONSOLE / place
            files = [target] if target.is_file() else sorted(target.rglob("*.py"))
            module = IMPORT_NAME.get(name, name)
            assert any(found.split(".")[0] == module for file in files for found in imported(file)), name


def test_no_room_is_named_for_nothing_in_particular() -> None:
    """No utils, helpers, common, manager or base."""
    forbidden = {"utils", "helpers", "common", "manager", "base"}
    assert not [path for path in modules() if forbidden & set(path.relative_to(CONSOLE).with_suffix("").parts)]


@pytest.mark.parametrize("path", sorted((ROOT / "queries").rglob("*.sql")), ids=lambda path: path.name)
def test_each_query_says_what_a_row_is(path: Path) -> None:
    """The first line of every .sql file is a comment."""
    assert path.read_text(encoding="utf-8").startswith("-- ")


def test_lint_and_types_are_clean() -> None:
    """Ruff and mypy --strict have nothing to say of console/ and tests/."""
    lint = subprocess.run([sys.executable, "-m", "ruff", "check", "console", "tests"], cwd=ROOT, capture_output=True, text=True)
    assert lint.returncode == 0, lint.stdout
    types = subprocess.run([sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True)
    assert types.returncode == 0, types.stdout

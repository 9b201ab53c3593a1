"""The rooms of the face stand one above the other: each imports only what is below it, also for its types."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[2] / "console" / "app"
FLOORS = (
    ("drawing", "clock", "crash", "workers", "leaving", "replay"),
    ("wire",),
    ("export", "sitting", "messages"),
    ("plain",),
    ("asking",),
    ("panels", "map"),
    ("views",),
    ("page",),
    ("keys",),
    ("app",),
    ("browser",),
)
FILES = sorted(path for path in APP.rglob("*.py") if path != APP / "__init__.py")


def named(path: Path) -> str:
    return ".".join(path.relative_to(APP).with_suffix("").parts)


def imported(path: Path) -> set[str]:
    """Return the files of the face that a file imports."""
    known = {named(each) for each in FILES}
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("console.app"):
            base = node.module.removeprefix("console.app").lstrip(".")
            found |= {f"{base}.{alias.name}".lstrip(".") for alias in node.names} | {base}
    return found & known


@pytest.mark.parametrize("path", FILES, ids=named)
def test_each_room_imports_only_lower_ones(path: Path) -> None:
    """A file imports from its own room and from lower floors; a map is a panel, in a room of its own."""
    floor = {room: n for n, rooms in enumerate(FLOORS) for room in rooms}
    here = named(path).split(".")[0]
    for other in imported(path):
        room = other.split(".")[0]
        beside = room == "drawing" or {room, here} == {"panels", "map"}
        assert room == here or floor[room] < floor[here] or (floor[room] == floor[here] and beside), f"{named(path)} imports {other}"


def test_no_two_files_import_each_other() -> None:
    """Files can be put in an order in which each imports only those before it."""
    left = {named(path): imported(path) for path in FILES}
    while free := [name for name, needs in left.items() if not needs & left.keys()]:
        for name in free:
            del left[name]
    assert not left, f"a circle: {', '.join(left)}"

"""Every hostile text, by events, by import and as an older file may hold it, through every panel, page, search, alert, copy, export and `ask`."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest
from rich.cells import cell_len

from console import cli
from console.app.app import ConsoleApp
from console.app.panels.profile import Profile
from console.desk.desk import RowsQuestion, Viewer
from console.embedded import desk_over
from console.engine.desk import StoreDesk
from console.store.database import open_store
from tests import hostile
from tests.app.sitting import Console
from tests.hostile import force

MARKUP = "[bold red]x[/bold red]"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that all of it was brought to, by every way there is."""
    return force.make(Path(tmp_path_factory.mktemp("hostile")) / "a.duckdb")


def spoken(data: Path, capfd: pytest.CaptureFixture[str], *words: str) -> str:
    """Return what `console ask` prints, which steers nothing, nor does what it says beside that."""
    status = cli.main(["ask", "--data", str(data), *words])
    told = capfd.readouterr()
    assert status == 0, told.err
    assert hostile.harmful(told.out.replace("\n", "")) == [], words
    assert hostile.harmful(told.err.replace("\n", "")) == [], words
    return str(told.out)


ASKED = [
    ("control",),
    ("crime",),
    ("incident", "--rows"),
    ("unit", "--rows"),
    ("crime", "--rows"),
    ("incident", "--by", "type,grade"),
    ("crime", "--by", "category"),
]


@pytest.mark.parametrize("words", ASKED, ids=" ".join)
def test_asked_without_a_screen(data: Path, capfd: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    """Text, JSON and CSV hold markup as it is and nothing that steers; JSON and CSV can be read back."""
    text = spoken(data, capfd, *words)
    if words[0] != "unit":
        assert MARKUP in text
    assert not hostile.PILED.search(text)
    body = json.loads(spoken(data, capfd, *words, "--format", "json"))
    assert body["panels"]
    rows = list(csv.reader(io.StringIO(spoken(data, capfd, *words, "--format", "csv"))))
    assert len({len(each) for each in rows}) == 1
    assert not [cell for each in rows for cell in each if cell.startswith(("=", "+", "@"))]


def test_json_means_what_the_file_holds(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What is escaped in JSON is the same text when it is read: nothing is lost on the way to a program."""
    body = json.loads(spoken(data, capfd, "incident", "--rows", "--format", "json"))
    found = {each["columns"]["location"] for each in body["panels"][0]["rows"]}
    for name, text in hostile.STEERING.items():
        assert text in found, name
    for name, text in hostile.STRANGE.items():
        assert text in found, name


@pytest.mark.parametrize("text", ["type=\x1b[2J", "type=[bold", "\x1b]0;x\x07=1", "nothing\x9b31m"])
def test_what_is_refused_is_said_harmlessly(data: Path, capfd: pytest.CaptureFixture[str], text: str) -> None:
    """A wrong word comes back, with the nearest that is there, without its teeth."""
    assert cli.main(["ask", "control", "--data", str(data), "--select", text]) == 2
    assert hostile.harmful(capfd.readouterr().err.replace("\n", "")) == []


@pytest.fixture
def desk(data: Path) -> Iterator[StoreDesk]:
    """The Desk over the file, without a feed."""
    made = desk_over(open_store(data), indexed=False)
    yield made
    made.close()


def checked(held: Console) -> str:
    """Return the screen, in which nothing steers, hides or piles up, and each line fills its cells."""
    strips = held.app.screen._compositor.render_strips()
    lines = ["".join(segment.text for segment in strip) for strip in strips]
    for line in lines:
        assert hostile.unseen(line) == [], line
        assert cell_len(line) == held.app.size.width, line
        assert len(line) <= held.app.size.width * 5
    return "\n".join(lines)


async def copies(held: Console) -> None:
    """Copy the value, row, panel and selection here; what goes to the clipboard can be pasted anywhere."""
    for key in ("v", "r", "p", "s"):
        held.app.copy_to_clipboard("")
        await press(held, "y", key)
        text = held.app.clipboard
        assert hostile.harmful(text.replace("\t", "").replace("\n", "")) == []
        if key in ("r", "p"):
            assert not [cell for line in text.split("\n") for cell in line.split("\t") if cell.startswith(("=", "@"))]


def readable(made: Path) -> str:
    """Return all the text of an exported file, read as what it is."""
    if made.suffix == ".parquet":
        frame = pl.read_parquet(made)
        return "\n".join([*pl.read_parquet_metadata(made).values(), *(str(value) for each in frame.iter_rows() for value in each)])
    text = made.read_bytes().decode("utf-8")
    if made.suffix == ".csv":
        rows = list(csv.reader(io.StringIO(text)))
        assert len({len(each) for each in rows}) == 1
        assert not [cell for each in rows for cell in each if re.match(r"[=+@]|-[^\d]", cell)]
    elif made.suffix in (".json", ".geojson"):
        json.loads(text)
    elif made.suffix == ".svg":
        assert {each.tag.split("}")[1] for each in ElementTree.fromstring(text).iter()} <= {
            "svg", "title", "desc", "metadata", "style", "defs", "clipPath", "rect", "g", "text", "circle",
        }  # fmt: skip
    elif made.suffix == ".html":
        assert len(re.findall("<script", text)) == 1
        assert "<image" not in text
    return text


@asynccontextmanager
async def sitting(desk: StoreDesk, exports: Path | None = None) -> AsyncIterator[Console]:
    """Run the console over the file."""
    app = ConsoleApp(lambda progress: desk, "control", None, (), (), desk.marking(Viewer("test")), exports)
    async with app.run_test(size=(120, 40)) as pilot:
        held = Console(pilot, app, desk, app.clock)  # type: ignore[arg-type]
        await held.settle()
        yield held


async def press(held: Console, *keys: str) -> str:
    """Press keys; return what was to be seen after each."""
    seen = ""
    for key in keys:
        held.page.press(key, key if len(key) == 1 else None)
        await held.settle()
        seen += checked(held)
    return seen


async def alone(held: Console, name: str) -> None:
    """Show a panel alone, with the keys."""
    held.page.focus_on(name)
    held.page.show_alone(name)
    await held.settle()


async def test_every_panel_and_its_rows(desk: StoreDesk) -> None:
    """Each is drawn harmlessly wherever its cursor stands, with markup as it is; what is copied of it can be pasted anywhere."""
    async with sitting(desk) as held:
        assert held.page.alerts
        seen = checked(held)
        for opened in list(held.page.sitting.apps.values()):
            await press(held, opened.key)
            for name, panel in list(held.page.panels.items()):
                await alone(held, name)
                if isinstance(panel, Profile):
                    continue
                seen += await press(held, "down", "right", "end")
                if name in ("queue", "type", "map", "category"):
                    await copies(held)
                seen += await press(held, "enter", "right", "end", "o")
                while held.page.came or held.page.view is not None:
                    await press(held, "escape")
        for shown in (MARKUP, "[@click=app.quit]press[/]", "=HYPERLINK", "警察", "\ufffd[2J"):
            assert shown in seen, shown


async def test_every_page_search_and_alert(desk: StoreDesk) -> None:
    """The pages of every incident and unit, what a search finds, and what is announced until it is acknowledged."""
    async with sitting(desk) as held:
        seen = ""
        for fact, key in (("incident", "ref"), ("unit", "callsign")):
            for each in texts(desk, fact, key)[: None if fact == "incident" else 20]:
                held.page.show_profile(fact, each)
                await held.settle()
                seen += checked(held)
                held.page.come_back()
        assert MARKUP in seen
        for typed in ("[", "=", "owned", "警", "\ufffd"):
            await press(held, "slash")
            assert held.page.view is not None
            held.page.view.press("x", typed)
            await held.settle()
            seen += checked(held)
            await press(held, "escape")
        await press(held, "slash", "r", "enter")
        await copies(held)
        held.page.sitting.signer = hostile.STRANGE["rich markup"]
        for _ in range(8):
            await press(held, "A", "escape", "a")
        assert MARKUP in held.text


async def test_every_export(desk: StoreDesk, tmp_path: Path) -> None:
    """A file of each kind, of panels and of rows, is what it says it is, and holds nothing that steers."""
    async with sitting(desk, tmp_path) as held:
        for app, names in (("control", ("queue", "type", "map", "units")), ("crime", ("category", "rows", "map"))):
            held.page.open_app(app)
            await held.settle()
            for name in names:
                await alone(held, name)
                await press(held, "e", "c", "e", "p", "e", "s", "e", "h", *(("e", "g") if name == "map" else ()))
            await press(held, "enter", "e", "c", "e", "p", "escape")
        await press(held, "1", "slash", *"[bold", "enter", "e", "s", "e", "h")
        assert held.page.sitting.selection.clauses
    made = sorted(tmp_path.iterdir())
    assert {path.suffix for path in made} == {".csv", ".json", ".parquet", ".geojson", ".svg", ".html"}
    assert len(made) >= 40
    for path in made:
        assert hostile.harmful(readable(path).replace("\n", "")) == [], path.name


def texts(desk: StoreDesk, fact: str, key: str) -> list[str]:
    """Return the keys of a fact's rows."""
    found = desk.rows(Viewer("test"), RowsQuestion("", "", fact, limit=1000, columns=(key,)))
    return [str(each.columns[0]) for each in found.rows]

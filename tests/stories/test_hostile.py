"""Every hostile text, by events, by import and as an older file may hold it, through every panel, page, search, alert, copy, export and `ask`."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest
from rich.cells import cell_len

from console import cli
from console.app.app import ConsoleApp
from console.app.drawing import glyphs, ink
from console.app.export import folder, places, tables
from console.app.export.about import About
from console.app.export.cells import of_panel
from console.app.export.tables import WRITERS
from console.app.panels.headlines import Headlines
from console.app.panels.kinds import make
from console.app.panels.panel import Panel
from console.app.panels.profile import Profile
from console.desk.answer import PanelAnswer
from console.desk.desk import Question, RowsQuestion, Viewer
from console.desk.selection import Selection
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
    ("incident", "--by", "type,grade"),
]


@pytest.mark.parametrize("words", ASKED, ids=" ".join)
def test_asked_without_a_screen(data: Path, capfd: pytest.CaptureFixture[str], words: tuple[str, ...]) -> None:
    """Text, JSON and CSV hold markup as it is and nothing that steers; JSON and CSV can be read back."""
    text = spoken(data, capfd, *words)
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


def sound(lines: Sequence[str], width: int) -> str:
    """Return lines as drawn, in which nothing steers, hides or piles up, and each of which fills its cells."""
    for line in lines:
        assert hostile.unseen(line) == [], line
        assert cell_len(line) == width, line
        assert len(line) <= width * 5
    return "\n".join(lines)


def checked(held: Console) -> str:
    """Return the screen, which is sound."""
    strips = held.app.screen._compositor.render_strips()
    return sound(["".join(segment.text for segment in strip) for strip in strips], held.app.size.width)


def drawn(panel: Panel, width: int = 60, height: int = 24) -> str:
    """Return a panel as it is drawn, which is sound."""
    segments = [ink.segments(line, width, True) for line in panel.draw(width, height)]
    return sound(["".join(segment.text for segment in line) for line in segments], width)


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
    app = ConsoleApp(lambda progress: desk, "control", None, (), (), desk.marking(Viewer("test")), exports=exports)
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


def shown(panel: Panel, answer: PanelAnswer, as_of: datetime) -> str:
    """Return all that is seen of an answer as the cursor goes through its panel."""
    panel.show(answer, Selection(), as_of, 0.0)
    panel.here = True
    seen = drawn(panel)
    for key in ("right", "right", "end", "home", *["pagedown"] * 8):
        panel.move(key)
        seen += drawn(panel)
    return seen


async def test_every_panel(desk: StoreDesk, tmp_path: Path) -> None:
    """Each is drawn soundly wherever its cursor stands, with markup as it is; so are the tables and maps written of it."""
    seen, viewer = "", Viewer("test")
    for app in desk.apps(viewer):
        answer = desk.ask(viewer, Question(app.name))
        of = About("OFFICIAL", app.name, "all", "test", Selection(), answer.as_of, answer.version, answer.sources)
        headlines = Headlines([spec for spec in app.panels if spec.kind == "kpi"])
        for each in answer.panels:
            if each.kind == "kpi":
                headlines.take_kpi(each, Selection(), 0.0)
                continue
            if each.rows:
                seen += shown(make(app.panel(each.name)), each, answer.as_of)
                held = of_panel(each)
                for kind in WRITERS:
                    written(tables.write(tables.begin(kind, tmp_path, each.name, of, held.columns), held.rows))
            if each.kind == "map":
                written(folder.write(tmp_path, each.name, ".geojson", places.places(each.fields[0], each, of)))
        seen += drawn(headlines)
    for mark in (MARKUP, "=HYPERLINK", "警察", "\ufffd[2J"):
        assert mark in seen, mark


async def test_every_page(desk: StoreDesk) -> None:
    """The pages of the incidents and units that hostile texts tell of."""
    viewer, seen = Viewer("test"), ""
    control = next(app for app in desk.apps(viewer) if app.name == "control")
    for fact, key, most in (("incident", "ref", 100), ("unit", "callsign", 10)):
        named = [each for each in texts(desk, fact, key) if glyphs.clean(each) != each or "[" in each]
        assert len(named) > 10
        for each in named[:most]:
            answer = desk.ask(viewer, Question("control", panels=(fact,), subject=each))
            page = make(control.panel(fact))
            assert isinstance(page, Profile)
            page.about(each)
            seen += shown(page, answer.panels[0], answer.as_of)
    assert MARKUP in seen
    assert "\ufffd[2J" in seen


def written(path: Path) -> None:
    """Hold a file against what it says it is; nothing in it steers."""
    assert hostile.harmful(readable(path).replace("\n", "")) == [], path.name


async def test_a_sitting(desk: StoreDesk, tmp_path: Path) -> None:
    """Rows, a search, alerts and their acknowledgement, copies, and a file of each kind, by the keys."""
    async with sitting(desk, tmp_path) as held:
        assert held.page.alerts
        seen = checked(held)
        await press(held, "apostrophe", "q", "end")
        await copies(held)
        seen += await press(held, "e", "p", "enter", "end", "right", "right", "e", "c", "o", "escape", "escape")
        seen += await press(held, "slash", *"[bold", "enter")
        await copies(held)
        held.page.sitting.signer = hostile.STRANGE["rich markup"]
        for _ in range(3):
            seen += await press(held, "A", "escape", "a")
        assert MARKUP in held.text
        await press(held, "e", "s", "e", "h", "apostrophe", "m", "e", "g")
    made = sorted(tmp_path.iterdir())
    assert {path.suffix for path in made} == {".csv", ".json", ".parquet", ".geojson", ".svg", ".html"}
    for path in made:
        written(path)
    for mark in (MARKUP, "\ufffd[2J"):
        assert mark in seen, mark


def texts(desk: StoreDesk, fact: str, key: str) -> list[str]:
    """Return the keys of a fact's rows."""
    found = desk.rows(Viewer("test"), RowsQuestion("", "", fact, limit=1000, columns=(key,)))
    return [str(each.columns[0]) for each in found.rows]

"""e and a letter: what is in the file is what was seen, with what it is; of a file that can't be whole nothing is left."""

from __future__ import annotations

import csv
import errno
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest

from console import files
from console.app.export import folder, places
from console.app.export.about import About
from console.app.page import taking
from console.app.views.rows import RowsView
from console.desk.answer import PanelAnswer, Rows
from console.desk.area import area, written
from console.desk.desk import Question, RowsQuestion, Viewer
from console.desk.page import PanelSpec, Shown
from console.desk.selection import Area, Box, Circle, Polygon, Selection
from tests.app.fake import FakeDesk
from tests.app.sitting import Console, console

MARKING = "OFFICIAL (SYNTHETIC)"
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "'quoted", "＝1", "plain")


@asynccontextmanager
async def exporting(to: Path, desk: FakeDesk | None = None, size: tuple[int, int] = (120, 40)) -> AsyncIterator[Console]:
    """Run a console that exports into a folder."""
    async with console(size, desk) as held:
        held.page.exports = to
        yield held


async def exported(held: Console, to: Path, *keys: str) -> Path:
    """Return the file that these keys made."""
    before = set(to.glob("*")) if to.is_dir() else set()
    await held.press("e", *keys)
    await held.settle()
    (made,) = [path for path in set(to.glob("*")) - before if not path.name.endswith(folder.ABOUT)]
    said = "".join(held.page.foot.text.split())
    assert "".join(str(made).split()) in said
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert not list(to.glob(".*"))
    assert [(action, str(detail).split(":")[0]) for action, detail in held.desk.usage][-1] == ("export", made.name)
    return made


def told(body: dict[str, Any], held: Console, title: str) -> None:
    """Hold what a file says of itself against the page."""
    assert body["marking"] == MARKING
    assert body["title"] == title
    assert body["selection"] == "--select type=Domestic"
    assert body["as_of"] == "2026-11-23T21:40:00+00:00"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[01]:00", body["made_at"])
    assert body["made_by"] == held.page.sitting.viewer.user
    assert body["data_version"] == held.desk.version
    assert [source["name"] for source in body["sources"]] == ["simulator"]


async def test_a_panel_as_csv(tmp_path: Path) -> None:
    """A header, a line a row, in each the marking and what it is; beside it the same for programs."""
    async with exporting(tmp_path / "exports") as held:
        await held.press("apostrophe", "t", "home")
        held.page.change(lambda: held.page.sitting.toggle([("type", "Domestic")]))
        await held.settle()
        made = await exported(held, tmp_path / "exports", "c")
        assert made.name == "control-type-20261123T214000Z.csv"
        rows = list(csv.reader(made.open(encoding="utf-8", newline="")))
        answer = held.page.panels["type"].answer
        assert answer is not None
        assert rows[0] == ["type", "selection_state", "count", "marking", "about"]
        assert [row[:3] for row in rows[1:]] == [[str(each.at[0][1]), str(each.state), str(each.values[0])] for each in answer.rows]
        assert {row[3] for row in rows[1:]} == {MARKING}
        assert all(
            "--select type=Domestic" in row[4] and "as of 2026-11-23T21:40:00+00:00" in row[4] and "Simulator" in row[4] for row in rows[1:]
        )
        body = json.loads(Path(str(made).replace(".csv", folder.ABOUT)).read_text(encoding="ascii"))
        told(body, held, "Type")
        assert body["rows"] == len(answer.rows)
        assert [column["name"] for column in body["columns"]] == rows[0][:3]
        assert (await exported(held, tmp_path / "exports", "c")).name == "control-type-20261123T214000Z-2.csv"
        assert stat.S_IMODE((tmp_path / "exports").stat().st_mode) == 0o700


async def test_a_panel_as_parquet(tmp_path: Path) -> None:
    """Typed columns, and what it is among the file's own metadata."""
    async with exporting(tmp_path) as held:
        held.page.change(lambda: held.page.sitting.toggle([("type", "Domestic")]))
        await held.settle()
        await held.press("apostrophe", "q")
        made = await exported(held, tmp_path, "p")
        answer = held.page.panels["queue"].answer
        assert answer is not None
        frame, said = pl.read_parquet(made), pl.read_parquet_metadata(made)
        assert said["marking"] == MARKING
        told(json.loads(said["console"]), held, "Queue, in priority")
        assert frame.rows() == [tuple(row.columns) for row in answer.rows]
        types = {"integer": pl.Int64, "number": pl.Float64, "text": pl.String}
        assert list(frame.schema.values()) == [types[each.type] for each in answer.columns]
        assert list(tmp_path.iterdir()) == [made]


@pytest.mark.parametrize(("key", "suffix"), [("c", ".csv"), ("p", ".parquet")])
async def test_all_the_rows_behind_a_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str, suffix: str) -> None:
    """Every row in its order, in the columns and the sort chosen, whichever was fetched; each page as of the first's moment."""
    monkeypatch.setattr(taking, "PAGE", 50)
    desk = Paged()
    async with exporting(tmp_path, desk) as held:
        await held.press("apostrophe", "q", "enter", "s")
        desk.pages.clear()
        made = await exported(held, tmp_path, key)
        assert made.name == f"control-queue-rows-20261123T214000Z{suffix}"
        frame = pl.read_parquet(made) if key == "p" else pl.read_csv(made)
        view = held.page.view
        assert isinstance(view, RowsView)
        expected = FakeDesk.rows(desk, Viewer("test"), replace(view.question, limit=10_000))
        assert frame["ref"].to_list() == [row.columns[[c.name for c in expected.columns].index("ref")] for row in expected.rows]
        assert len(frame) == 312
        assert [each.offset for each in desk.pages] == [0, 50, 100, 150, 200, 250, 300]
        assert {each.at for each in desk.pages} == {held.desk.now}
        assert "312 rows of Queue" in held.page.foot.text


class Paged(FakeDesk):
    """Remembers which rows were asked for; `stop` is called at a page."""

    def __init__(self) -> None:
        """See FakeDesk."""
        super().__init__()
        self.pages: list[RowsQuestion] = []
        self.at_page: Callable[[int], object] = lambda number: None

    def rows(self, viewer: Viewer, question: RowsQuestion) -> Rows:
        """See Desk."""
        self.pages.append(question)
        self.at_page(len(self.pages))
        return super().rows(viewer, question)


@pytest.mark.parametrize("key", ["c", "p"])
async def test_stopped_by_esc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """esc stops it between two pages, and leaves nothing; the rows stay open, a second esc leaves them."""
    monkeypatch.setattr(taking, "PAGE", 50)
    desk = Paged()
    async with exporting(tmp_path, desk) as held:
        await held.press("apostrophe", "q", "enter")
        desk.pages.clear()
        desk.at_page = lambda number: held.app.call_from_thread(held.page.press, "escape", None) if number == 3 else None
        await held.press("e", key)
        await held.settle()
        assert "the export is stopped" in held.foot
        assert len(desk.pages) == 3
        assert list(tmp_path.iterdir()) == []
        assert ("export", None) not in held.desk.usage
        assert not [action for action, _ in held.desk.usage if action == "export"]
        assert held.page.view is not None
        await held.press("escape")
        assert held.page.view is None


async def test_while_one_is_written_no_other_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The foot offers to stop it, e says why it can't act, other keys go on."""
    monkeypatch.setattr(taking, "PAGE", 50)
    desk = Paged()
    seen: list[str] = []

    def look(number: int) -> None:
        def press() -> None:
            held.page.press("e", "e")
            seen.append(held.page.foot.message)
            held.page.press("down", None)
            seen.append(held.page.foot.text)

        if number == 2:
            held.app.call_from_thread(press)

    async with exporting(tmp_path, desk) as held:
        await held.press("apostrophe", "q", "enter")
        desk.pages.clear()
        desk.at_page = look
        await exported(held, tmp_path, "c")
        assert seen[0] == "rows are being exported: esc stops that first"
        assert "esc stop the export" in seen[1]
        await held.press("x")
        assert "stop the export" not in held.foot


async def test_a_map_as_geojson(tmp_path: Path) -> None:
    """Every place with its own geometry, value and state, the markers, and a member that says what it is."""
    async with exporting(tmp_path) as held:
        held.page.change(lambda: held.page.sitting.toggle([("type", "Domestic")]))
        await held.settle()
        await held.press("apostrophe", "m")
        made = await exported(held, tmp_path, "g")
        body = json.loads(made.read_text(encoding="ascii"))
        told(body["about"], held, "Map: open by beat")
        answer = held.page.panels["map"].answer
        assert answer is not None
        kept = json.loads((files.data() / "geography" / "beats.geojson").read_text(encoding="utf-8"))["features"]
        made_of = [each for each in body["features"] if each["properties"]["kind"] == "place"]
        assert [each["geometry"] for each in made_of] == [each["geometry"] for each in kept]
        counts = {row.at[0][1]: (row.values[0], row.state) for row in answer.rows}
        for each in made_of:
            said = each["properties"]
            assert (said["count"], said["selection_state"]) == counts.get(said["beat"], (None, None))
        points = [each["properties"]["key"] for each in body["features"] if each["geometry"]["type"] == "Point"]
        assert points == [marker.key for marker in answer.markers]
        await held.press("apostrophe", "t", "e", "g")
        assert "only a map has places" in held.foot


def test_squares_as_geojson() -> None:
    """Squares whose points are counted are polygons of their own sides, from (0, 0) eastwards and northwards."""
    panel = PanelAnswer(
        "map", "Map", "map", "incident", ("beat",), (), (), shown=Shown("map", square=(0.02, 0.01)), squares=((-130, 5145, 7),)
    )
    of = About(MARKING, "control", "Map", "test", Selection(), datetime(2026, 1, 1), 1, ())
    (square,) = [each for each in json.loads(places.places("beat", panel, of))["features"] if each["properties"]["kind"] == "square"]
    assert square["properties"]["points"] == 7
    (ring,) = square["geometry"]["coordinates"]
    assert ring == [
        [pytest.approx(x), pytest.approx(y)] for x, y in ((-2.6, 51.45), (-2.58, 51.45), (-2.58, 51.46), (-2.6, 51.46), (-2.6, 51.45))
    ]


async def test_an_area_as_geojson(tmp_path: Path) -> None:
    """Every shape that is selected, on the ground where it lies; the file is taken in again by the grammar."""
    shapes = (
        Circle(-2.59, 51.45, 2000.0),
        Box(-2.7, 51.3, -2.6, 51.4),
        Polygon(((-2.5, 51.4), (-2.4, 51.4), (-2.4, 51.5)), (((-2.43, 51.42), (-2.41, 51.42), (-2.41, 51.44)),)),
    )
    async with exporting(tmp_path) as held:
        await held.press("apostrophe", "m", "e", "a")
        assert "no area is selected" in held.foot
        for shape in shapes:
            held.page.change(lambda shape=shape: held.page.sitting.add_shape(shape))  # type: ignore[misc]
        await held.settle()
        made = await exported(held, tmp_path, "a")
        body = json.loads(made.read_text(encoding="ascii"))
        assert body["about"]["selection"].count("area=") == 3
        assert [each["properties"]["shape"] for each in body["features"]] == [written(shape) for shape in shapes]
        assert area(f"@{made}") == Area(shapes)
        assert {each["properties"]["marking"] for each in body["features"]} == {MARKING}


class Page(HTMLParser):
    """Reads a page: its text, and every tag with its attributes."""

    def __init__(self, text: str) -> None:
        """Read."""
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: dict[str, str] = {}
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember a tag."""
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close it."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Gather text by the block that holds it."""
        block = next((tag for tag in self._open if tag in ("pre", "h1", "p", "script", "style", "title")), "")
        self.said[block] = self.said.get(block, "") + data


async def test_a_picture(tmp_path: Path) -> None:
    """SVG and HTML hold the screen's own text, their marking and what they are, and name no other place to load from."""
    async with exporting(tmp_path) as held:
        held.page.change(lambda: held.page.sitting.toggle([("type", "Domestic")]))
        await held.settle()
        screen = held.text
        svg = await exported(held, tmp_path, "s")
        root = ElementTree.fromstring(svg.read_text(encoding="utf-8"))
        space = "{http://www.w3.org/2000/svg}"
        told(json.loads(root.findtext(f"{space}metadata", "")), held, "Control room")
        assert root.findtext(f"{space}title", "").startswith(MARKING)
        text = " ".join("".join(each.itertext()) for each in root.iter(f"{space}text")).replace("\xa0", " ")
        for line in screen.split("\n")[:4]:
            for word in line.split():
                assert word in text
        html = await exported(held, tmp_path, "h")
        page = Page(html.read_text(encoding="utf-8"))
        told(json.loads(page.said["script"]), held, "Control room")
        assert page.said["h1"].startswith(MARKING)
        assert "--select type=Domestic" in page.said["p"]
        shown = [line.rstrip() for line in page.said["pre"].split("\n")]
        assert shown[1:-2] == [line.rstrip() for line in screen.split("\n")[1:-2]]
        for made in (svg, html):
            bare = made.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
            assert not re.search(r"https?:|@import|url\((?!#)|src=|href=", bare)
        assert all(tag != "script" or attributes["type"] == "application/json" for tag, attributes in page.tags)


class Formulas(FakeDesk):
    """A queue whose addresses a spreadsheet would calculate."""

    def panel(self, spec: PanelSpec, question: Question) -> PanelAnswer:
        """See Reckoning."""
        made = super().panel(spec, question)
        if spec.name != "queue":
            return made
        place = [column.name for column in made.columns].index("location")
        rows = [
            replace(row, columns=(-15, *row.columns[1:place], text, *row.columns[place + 1 :]))
            for row, text in zip(made.rows, FORMULAS, strict=False)
        ]
        return replace(made, rows=tuple(rows))


async def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    """In CSV a text that a spreadsheet would calculate has an apostrophe before it, numbers are numbers; in Parquet all is as it is."""
    async with exporting(tmp_path, Formulas()) as held:
        await held.press("apostrophe", "q")
        made = await exported(held, tmp_path, "c")
        rows = list(csv.DictReader(made.open(encoding="utf-8", newline="")))
        assert [row["location"] for row in rows] == [
            "'=1+1", "'+1", "'-1", "'@SUM(A1)", "'�=1", "'�=1", "' =1", "''quoted", "'＝1", "plain",
        ]  # fmt: skip
        assert {row["points"] for row in rows} == {"-15"}
        frame = pl.read_parquet(await exported(held, tmp_path, "p"))
        assert frame["location"].to_list() == [text.replace("\t", "�").replace("\r", "�") for text in FORMULAS]


@pytest.mark.parametrize("keys", [("t", "c"), ("t", "p"), ("m", "g"), ("t", "s"), ("t", "h")])
async def test_a_folder_that_takes_nothing(tmp_path: Path, keys: tuple[str, str]) -> None:
    """Where no file can be it says why, and the console goes on."""
    (tmp_path / "held").write_text("a file")
    async with exporting(tmp_path / "held" / "exports") as held:
        await held.press("apostrophe", keys[0], "e", keys[1])
        await held.settle()
        assert "not exported, nothing is left of it" in held.page.foot.text
        assert os.strerror(errno.ENOTDIR) in " ".join(held.page.foot.text.split())
        assert not [action for action, _ in held.desk.usage if action == "export"]
        await held.press("down")
        assert held.page.taking is None


@pytest.mark.parametrize("keys", [("t", "c"), ("t", "p"), ("m", "g"), ("t", "s"), ("t", "h"), ("q", "enter", "c"), ("q", "enter", "p")])
async def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]) -> None:
    """No half file, no file of what it would have been; the reason in words."""

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    async with exporting(tmp_path) as held:
        await held.press("apostrophe", *keys[:-1], "e", keys[-1])
        await held.settle()
        assert os.strerror(errno.ENOSPC) in " ".join(held.page.foot.text.split())
        assert list(tmp_path.iterdir()) == []
        assert held.page.taking is None
        monkeypatch.undo()
        await exported(held, tmp_path, keys[-1])


@pytest.mark.parametrize("number", [1, 3])
async def test_rows_that_fail_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """A page that can't be had ends it with the reason."""
    monkeypatch.setattr(taking, "PAGE", 50)
    desk = Paged()

    def fail(page: int) -> None:
        if page == number:
            raise RuntimeError("the file is gone")

    async with exporting(tmp_path, desk) as held:
        await held.press("apostrophe", "q", "enter")
        desk.pages.clear()
        desk.at_page = fail
        await held.press("e", "c")
        await held.settle()
        assert "the file is gone" in " ".join(held.page.foot.text.split())
        assert list(tmp_path.iterdir()) == []


async def test_leaving_while_rows_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever quits in the middle leaves no half file."""
    monkeypatch.setattr(taking, "PAGE", 50)
    desk = Paged()
    desk.at_page = lambda number: held.app.call_from_thread(held.page.press, "ctrl+q", None) if number == 4 else None
    async with exporting(tmp_path, desk) as held:
        held.page.open_rows("queue", (), "Queue")
        await held.settle()
        await held.pilot.press("e", "c")
        for _ in range(100):
            await held.pilot.pause(0.02)
            if desk.closed:
                break
    assert desk.closed
    assert list(tmp_path.iterdir()) == []


async def test_where_nothing_may_be_written() -> None:
    """A console without a folder for exports says so, and copies all the same."""
    async with console() as held:
        await held.press("e")
        assert "exporting is switched off" in held.foot
        assert not held.page.choosing
        assert "e export" not in held.text


WRITES = """
import resource, sys
from datetime import datetime
from pathlib import Path
from console.app.export import folder, tables
from console.app.export.about import About
from console.desk.answer import Column
from console.desk.selection import Selection
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
of = About("OFFICIAL", "control", "Queue", "test", Selection(), datetime(2026, 1, 1), 1, ())
columns = (Column("ref", "Reference", "text"), Column("n", "Number", "integer"))
rows = [(f"{n * 7919 % 100_003:x}" * 8, n) for n in range(20_000)]
try:
    writer = tables.begin(sys.argv[1], Path(sys.argv[2]), "queue", of, columns)
    tables.write(writer, rows)
except Exception as error:
    print(folder.refused(Path("there"), error))
"""


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_file_that_grows_past_what_there_is(tmp_path: Path, kind: str) -> None:
    """What the system refuses in the middle of a file is said, and nothing of the file is left."""
    done = subprocess.run([sys.executable, "-c", WRITES, kind, str(tmp_path)], capture_output=True, text=True)
    assert done.stdout.startswith("not exported, nothing is left of it: there: "), done.stderr
    assert os.strerror(errno.EFBIG) in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_name_is_never_taken_twice(tmp_path: Path) -> None:
    """Neither a file nor what stands beside one is written over; a name holds nothing that a shell or another system trips over."""
    assert folder.stem("control", "../../etc/x y;", datetime(2026, 1, 2, 3, 4, 5)) == "control-etc-x-y-20260102T030405Z"
    first = folder.write(tmp_path, "a", ".csv", "1")
    (tmp_path / "a-2.about.json").write_text("somebody's")
    draft = folder.Draft(tmp_path, "a", ".csv")
    draft.path.write_text("2")
    second = draft.keep("about it")
    assert (first.read_text(), second.name, second.read_text()) == ("1", "a-3.csv", "2")
    assert (tmp_path / "a-3.about.json").read_text() == "about it"
    assert (tmp_path / "a-2.about.json").read_text() == "somebody's"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a-2.about.json", "a-3.about.json", "a-3.csv", "a.csv"]

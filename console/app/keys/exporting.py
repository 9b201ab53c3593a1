"""What is exported to a file: the panel as a table, all the rows behind a number, the map's places, a picture of the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from console.app.export import folder, picture, places
from console.app.export.about import About
from console.app.export.cells import Cells
from console.app.export.tables import Writer, begin, write
from console.app.keys.copying import size
from console.app.map.panel import Map
from console.app.messages import Done
from console.app.page import picked
from console.app.page.page import Page
from console.app.page.taking import Taking
from console.app.views.rows import RowsView
from console.desk.answer import Answer, Column
from console.desk.selection import Area


def export(page: Page, key: str) -> None:
    """Choose as what to export."""
    page.choosing = "exporting"


def export_csv(page: Page, key: str) -> None:
    """Write the table as CSV."""
    _table(page, "csv")


def export_parquet(page: Page, key: str) -> None:
    """Write the table as Parquet."""
    _table(page, "parquet")


def export_geojson(page: Page, key: str) -> None:
    """Write the map's places and markers."""
    to, panel = _to(page), page.panel
    if isinstance(panel, Map) and panel.answer is not None:
        (folder_, of), field, answer = to, panel.ground.field, panel.answer
        name = folder.stem(of.app, panel.spec.name, of.as_of)
        _write(
            page,
            f"{len(answer.squares or answer.rows):,} {'squares' if answer.squares else 'places'} of {of.title}",
            lambda: folder.write(folder_, name, ".geojson", places.places(field, answer, of)),
        )


def export_area(page: Page, key: str) -> None:
    """Write the area that is selected."""
    of, held = _to(page)[1], page.sitting.selection.clause("area")
    if isinstance(held, Area) and page.exports is not None:
        to, of = page.exports, replace(of, title="Area", selection=page.sitting.selection)
        _write(page, "the area", lambda: folder.write(to, folder.stem(of.app, "area", of.as_of), ".geojson", places.selected(held, of)))


def export_svg(page: Page, key: str) -> None:
    """Write a picture of the screen."""
    page.call_after_refresh(_picture, page, ".svg", picture.as_svg)


def export_html(page: Page, key: str) -> None:
    """Write the screen as a page for a browser."""
    page.call_after_refresh(_picture, page, ".html", picture.as_html)


def stop_export(page: Page, key: str) -> None:
    """Stop the export that is being written."""
    if page.taking is not None:
        page.taking.stop()
        page.say("stopping the export...")


def _to(page: Page) -> tuple[Path, About]:
    """Return the folder to write to, and what a panel is that goes there."""
    assert page.exports is not None
    assert page.answer is not None
    return page.exports, picked.about_panel(page, page.answer)


def _table(page: Page, kind: str) -> None:
    if isinstance(page.view, RowsView):
        _take(page, page.view, kind)
        return
    (to, of), held, name = _to(page), picked.table(page), page.sitting.focus
    _write(page, f"{len(held.rows):,} rows of {of.title}", lambda: write(begin(kind, to, name, of, held.columns), held.rows), held)


def _take(page: Page, view: RowsView, kind: str) -> None:
    """Write all the rows behind a number, fetched or not."""
    to, said, name = page.exports, view.said, f"{view.question.panel}-rows"
    assert to is not None

    def opened(answer: Answer, columns: tuple[Column, ...]) -> Writer:
        return begin(kind, to, name, picked.about(page, answer, f"rows of {said}"), columns)

    def tell(words: str) -> None:
        if not page.foot.message or page.foot.message.startswith("exporting: "):
            page.say(words)

    def ended(path: Path | None, error: Exception | None) -> None:
        page.taking = None
        if path is not None:
            _written(page, path, f"{taking.count:,} rows of {said}", taking.recorded)
        elif error is not None:
            page.say(folder.refused(to, error), alarm=True)
        else:
            page.say("the export is stopped, nothing is left of it")

    leaving = picked.leaving(page, "export", str(to), f"rows of {said}", picked.NOTHING)
    taking = page.taking = Taking(page.asking, view.question, leaving, opened, tell, ended)
    taking.start()


def _picture(page: Page, suffix: str, draw: Callable[[picture.Lines, About], str]) -> None:
    assert page.exports is not None
    assert page.answer is not None
    to, of, shown = page.exports, picked.about(page, page.answer, page.sitting.app.title), picture.screen(page.app)
    _write(page, "the screen", lambda: folder.write(to, folder.stem(of.app, "screen", of.as_of), suffix, draw(shown, of)))


def _write(page: Page, what: str, make: Callable[[], Path], held: Cells = picked.NOTHING) -> None:
    """Write a file off the screen's thread, one with personal data once that is recorded, and say which."""
    to = page.exports
    assert to is not None
    leaving = picked.leaving(page, "export", str(to), what, held) if picked.personal(page, held) else None

    def run() -> Done:
        if leaving is not None:
            page.asking.desk.disclose(page.asking.viewer, leaving)
        path = make()
        return Done(lambda: _written(page, path, what, leaving is not None))

    def failed(error: Exception) -> Done:
        said = folder.refused(to, error)
        return Done(lambda: page.say(said, alarm=True))

    page.say("exporting...")
    page.asking.job(run, failed)


def _written(page: Page, path: Path, what: str, recorded: bool) -> None:
    if not recorded:
        page.asking.used("export", f"{path.name}: {what}")
    page.say(f"exported {what}, {size(path.stat().st_size)}: {path}")

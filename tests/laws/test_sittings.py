"""Sittings kept in the file: the newest of a user, for twelve hours, over the end of the process, and only what is there still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from console.desk import grammar
from console.desk.desk import Unknown, Viewer
from console.desk.kept import FOR, LONGEST, STEPS, At, Kept, PanelKept, Screen, Sight, ViewKept, WayKept
from console.desk.page import Shown
from console.desk.selection import Area, Circle, History, Polygon, Selection, Values, Window
from console.embedded import desk_over
from console.engine import sittings
from console.engine.desk import StoreDesk
from console.engine.present import wall_clock
from console.governance.policy import AllowAll, Rights
from console.store.database import open_store

JO = Viewer("jo")
HERE = Selection().with_clause("district", Values(frozenset({"Bristol"}))).lock("district")
RECENT = HERE.with_clause("created", Window(-14400, None))
DRAWN = RECENT.with_clause("area", Area((Circle(-2.58, 51.45, 800.0), Polygon(((-2.6, 51.4), (-2.5, 51.4), (-2.5, 51.5))))))
SCREEN = Screen(
    "control",
    (("control", "place"), ("crime", "month")),
    (
        PanelKept("control", "place", ("Bristol",), held=True, cursors=(At(3, 1, "x"),)),
        PanelKept("control", "map", shown=Shown("map", "open", "sector", (0.01, 0.006)), sight=Sight((-2.5, 51.4), (-2.6, 51.5), 2.0)),
        PanelKept("control", "headlines", cursors=(At(2),)),
    ),
    (ViewKept("rows", "Queue", "queue", (), (("created", True),), ("ref", "type")), ViewKept("search", "brist")),
    (WayKept("incident", "queue", "", True),),
    "queue",
)


def sitting(seat: str = "a", age: timedelta = timedelta(0), history: History | None = None, screen: Screen = SCREEN) -> Kept:
    return Kept(seat, wall_clock() - age, screen, history or History((HERE,), DRAWN, (RECENT,)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.duckdb"


@pytest.fixture
def desk(path: Path) -> Iterator[StoreDesk]:
    """An empty force's desk."""
    made = desk_over(open_store(path))
    yield made
    made.close()


def test_all_of_it_comes_back_after_a_restart(path: Path) -> None:
    """Selections with locks and relative windows, drawn areas, panels, views and the way back, as they were left."""
    left = sitting()
    desk = desk_over(open_store(path))
    desk.keep(JO, left)
    assert desk.kept(JO) == left
    desk.close()
    desk = desk_over(open_store(path))
    assert desk.kept(JO) == left
    assert desk.kept(Viewer("sam")) is None
    desk.close()


def test_the_newest_seat_is_offered_and_few_are_kept(desk: StoreDesk, path: Path) -> None:
    """Of several seats the one whose last key was pressed last; an older one written later doesn't come before it."""
    for n in range(sittings.MOST + 3):
        desk.keep(JO, sitting(f"seat {n}", timedelta(minutes=30 - n)))
    desk.keep(JO, sitting("late", timedelta(hours=1)))
    held = desk.kept(JO)
    assert held is not None
    assert held.seat == f"seat {sittings.MOST + 2}"
    desk.keep(Viewer("sam"), sitting("sam's"))
    desk.close()
    store = open_store(path)
    with store.reader() as cursor:
        rows = cursor.execute("select viewer, seat from base.sitting order by all").fetchall()
    store.close()
    assert rows == [*(("jo", f"seat {n}") for n in range(3, sittings.MOST + 3)), ("sam", "sam's")]


def test_it_is_kept_twelve_hours(desk: StoreDesk) -> None:
    """An older one isn't offered, written or not."""
    desk.keep(JO, sitting(age=FOR + timedelta(minutes=1)))
    assert desk.kept(JO) is None
    desk.keep(JO, sitting("b", FOR - timedelta(minutes=1)))
    held = desk.kept(JO)
    assert held is not None
    assert held.seat == "b"


def test_what_is_too_long_is_not_kept(desk: StoreDesk) -> None:
    """A history is cut to its nearest steps; what is as long as no sitting is isn't taken."""
    many = tuple(Selection().with_clause("district", Values(frozenset({"Bristol", f"x{n}"}))) for n in range(STEPS * 3))
    held = sittings.read(sittings.written(sitting(history=History(many, HERE, many))))
    assert held is not None
    assert [len(held[0].past), len(held[0].future)] == [STEPS, STEPS]
    assert held[0].past[-1] == grammar.typed(many[-1])
    assert held[0].future[0] == grammar.typed(many[0])
    drawn = Area((Polygon(tuple((n / 1e4, n * n / 1e9) for n in range(5_000))),))
    turned = tuple(Selection().with_clause("area", drawn).with_clause("district", Values(frozenset({f"x{n}"}))) for n in range(9))
    desk.keep(JO, sitting("drawn", history=History(turned, HERE, turned)))
    light = desk.kept(JO)
    assert light is not None
    assert light.history == History(now=HERE)
    desk.keep(JO, sitting("drawn", timedelta(hours=13)))
    huge = replace(SCREEN, views=(ViewKept("search", "x" * LONGEST),))
    desk.keep(JO, sitting(screen=huge))
    assert desk.kept(JO) is None


def test_what_is_gone_is_dropped_and_said(desk: StoreDesk) -> None:
    """A value, a field, a drill-down's way, a subject and rows that aren't there; the rest stays, with its locks."""
    gone = HERE.unlock("district").toggle("district", "Mercia").with_clause("shoe_size", Values(frozenset({"9"}))).lock("district")
    screen = replace(
        SCREEN,
        panels=(
            PanelKept("control", "place", ("Bristol", "Nowhere")),
            PanelKept("control", "gone", ("Bristol",)),
            PanelKept("nothing", "place", ("Bristol",)),
        ),
        views=(ViewKept("rows", "Place, Mercia", "place", (("district", "Mercia"),)), ViewKept("rows", "Queue", "queue")),
        alone="gone",
    )
    desk.keep(JO, sitting(history=History((), gone, ()), screen=screen))
    held = desk.kept(JO)
    assert held is not None
    assert held.history.now == HERE
    assert held.screen.panels == (PanelKept("control", "place", ("Bristol",)),)
    assert [view.text for view in held.screen.views] == ["Queue"]
    assert held.screen.alone == ""
    assert set(held.dropped) == {"shoe_size", "District Mercia", "Sector Nowhere"}


class Fewer(AllowAll):
    """The control room is closed to jo by now."""

    def rights(self, user: str, roles: frozenset[str], groups: frozenset[str]) -> Rights:
        return Rights(apps=frozenset({"crime"}))


def test_rights_are_checked_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An app that may be opened no longer isn't; a value that the Desk refuses by now is in no selection, no step, no view."""
    desk = desk_over(open_store(path))
    desk.keep(JO, sitting())
    desk.close()
    desk = desk_over(open_store(path), policy=Fewer())
    held = desk.kept(JO)
    assert held is not None
    assert held.screen.app == "crime"
    assert "page control" in held.dropped
    assert not held.screen.panels
    assert not held.screen.views

    resolve = StoreDesk.resolve

    def narrower(self: StoreDesk, viewer: Viewer, texts: tuple[str, ...], *more: object) -> Selection:
        if any("Bristol" in text for text in texts):
            raise Unknown("no value of district 'Bristol'")
        return resolve(self, viewer, texts, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(StoreDesk, "resolve", narrower)
    held = desk.kept(JO)
    desk.close()
    assert held is not None
    assert [step.fields() for step in (*held.history.past, held.history.now)] == [(), ("area", "created")]
    assert held.history.now.locks == frozenset()
    assert "District Bristol" in held.dropped

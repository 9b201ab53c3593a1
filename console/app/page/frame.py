"""The frame of a page: the strips, the panels where the layout puts them, and the views that lie over them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Offset
from textual.screen import Screen

from console.app.asking import Asking
from console.app.clock import Clock
from console.app.drawing import bound, ink, reader
from console.app.drawing.drawn import Drawn
from console.app.page import placing, spoken, strips
from console.app.page.foot import Foot
from console.app.page.spoken import Spoken
from console.app.panels.headlines import Headlines
from console.app.panels.panel import Panel
from console.app.views.view import View
from console.desk.answer import Alert, Answer

ROOMY = 24  # lines from which a phone's tabs take two, so that a finger meets them
TALL = 48  # lines from which two alerts are shown at once
OLD = "old, counting..."
FOOT_GROWS = 30  # lines from which the keys may take two


class TooSmall(Drawn):
    """What a window too small for any layout shows."""

    def draw(self, width: int, height: int) -> list[ink.Line]:
        """See Drawn."""
        wide, high = placing.SMALLEST
        across, down = self.app.size
        said = bound.said(f"This window is {across}x{down}: make it {wide}x{high} or larger. {{leave_console}} quits.")
        return ink.paragraph(said, max(1, width), ink.STRONG)


class Frame(Screen[None]):
    """Where everything is; what the keys do is the page's."""

    def __init__(self, asking: Asking, marking: str, clock: Clock) -> None:
        """Frame the app that the sitting has open."""
        super().__init__()
        self.asking, self.sitting, self.clock = asking, asking.sitting, clock
        self.answer: Answer | None = None
        self.alone = ""  # the one panel shown, or "" for all of the layout
        self.layout_name = ""
        self.view: View | None = None
        self.under: list[View] = []
        self.panels: dict[str, Panel] = {}
        self.exports: Path | None = None  # the folder that files are exported into; None where none may be
        self.headlines = Headlines(())
        self.top, self.foot = strips.Top(marking), Foot()
        self.spoken = Spoken()
        self.alert_strip, self.clauses, self.tabs = strips.Alerts(), strips.Clauses(), strips.Tabs()
        self.headlines.titles = self.clauses.titles = self.sitting.titles
        self.told = False  # something since the last key
        self._foot_high = 1
        self._placed = (0, 0)
        self._in_sight: set[str] = set()
        self.small = TooSmall(id="small")
        self.body = Container(id="body")

    def compose(self) -> ComposeResult:
        """Mount the strips and the body; the app's panels come with it."""
        yield from (
            self.top,
            self.spoken,
            self.alert_strip,
            self.clauses,
            self.headlines,
            self.tabs,
            self.body,
            self.foot,
            self.small,
        )

    @property
    def wide(self) -> bool:
        """Whether several panels are shown at once, unless one is chosen alone."""
        return self.layout_name == "wide" and bool(placing.layout_of(self.sitting.app, "wide").rows)

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """What waits to be acknowledged."""
        return self.answer.alerts if self.answer else ()

    @property
    def moving(self) -> bool:
        """Whether time goes on here: it is the present, or a replay that plays."""
        return self.sitting.replay is None or self.sitting.replay.playing

    @property
    def as_of(self) -> datetime | None:
        """The time of the last answer."""
        return self.answer.as_of if self.answer else None

    def place(self) -> None:
        """Lay everything out for the window's size."""
        width, height = self.app.size
        self.layout_name = placing.size_name(width, height)
        layout = placing.layout_of(self.sitting.app, self.layout_name or "phone")
        names = [name for name in placing.tabs(self.sitting.app, layout) if name in self.panels]
        if self.sitting.focus not in (*self.panels, "headlines"):
            self.sitting.focus = names[0] if names else "headlines"
        if not self.alone and (not self.wide or self.sitting.focus not in (*self.on_screen(), "headlines")):
            self.alone = self.sitting.focus if self.sitting.focus in self.panels else names[0] if names else ""
        self.headlines.specs = tuple(self.sitting.app.panel(name) for name in layout.headlines)
        self.headlines.answers = {name: held for name, held in self.headlines.answers.items() if name in layout.headlines}
        self.headlines.index = max(0, min(self.headlines.index, len(self.headlines.specs) - 1))
        self.tabs.specs = [self.panels[name].spec for name in (*names, *(name for name in self.panels if name not in names))]
        self.tabs.on = self.alone
        self._come_in_sight()
        room = self._place_strips(width, height, len(layout.headlines))
        places = {self.alone: room} if self.alone else placing.grid(layout, room.width, room.height)
        for name, panel in self.panels.items():
            put(panel, None if self.view else places.get(name))
        if self.view is not None:
            put(self.view, room)
        self.light()

    def _come_in_sight(self) -> None:
        """Mark the answer of each panel that wasn't on the screen as old, where time goes on."""
        shown = self.on_screen()
        for name in shown:
            if name not in self._in_sight and self.panels[name].answer is not None and self.moving:
                self.panels[name].wait(OLD)
        self._in_sight = set(shown)

    def _place_strips(self, width: int, height: int, headlines: int) -> placing.Place:
        if self._placed != (width, height):
            self._placed = (width, height)
            self.foot.resized(2 if height >= FOOT_GROWS else 1)
        phone = self.layout_name == "phone"
        fits = bool(self.layout_name)
        self.clauses.phone = phone
        alerts = min(2, 2 * len(self.alerts)) if phone else 2 if height >= TALL else 1  # kept free, so that nothing jumps
        tabs = 0 if not self.alone or self.view is not None else 2 if phone and height >= ROOMY else 1
        lines: dict[Drawn, int] = {
            self.top: 1,
            self.spoken: spoken.lines(width),
            self.alert_strip: alerts,
            self.clauses: 2 if phone else 1,
            self.headlines: min(headlines, 3 if height >= 38 and headlines * 12 > width else 2),
            self.tabs: tabs,
            self.foot: self.foot.high(width),
        }
        for strip, high in lines.items():
            strip.display = fits and high > 0
            strip.styles.height = max(1, high)
        self.body.display, self.small.display = fits, not fits
        self._foot_high = lines[self.foot]
        return placing.Place(0, 0, width, max(1, height - sum(lines.values())))

    def cell_here(self) -> Offset:
        """Return the cell of the cursor on the screen: in the view, in the panel, else at the sentence."""
        held: Drawn | None = self.view or (self.headlines if self.sitting.focus == "headlines" else self.panels.get(self.sitting.focus))
        at = held.cell_here() if held is not None and held.display else None
        return held.region.offset + at if held is not None and at is not None else self.spoken.region.offset

    def on_screen(self) -> list[str]:
        """Return the panels that are on the screen, in order."""
        layout = placing.layout_of(self.sitting.app, self.layout_name or "phone")
        names = [self.alone] if self.alone else [cell.panel for row in layout.rows for cell in row.cells]
        return [name for name in names if name in self.panels]

    def whole(self, names: Collection[str]) -> bool:
        """Return whether an answer to these counts what the bar counts in every headline, or panel, that stands beside it."""
        shown = [self.sitting.app.panel(name) for name in self.needed()]
        lead = [spec for spec in shown if spec.fact == self.sitting.app.fact]
        return all(spec.name in names for spec in [spec for spec in lead if spec.kind == "kpi"] or lead)

    def needed(self) -> list[str]:
        """Return the panels that a question of this page is about."""
        shown = [name for name in self.on_screen() if self.panels[name].spec.kind != "profile"]
        return [*(spec.name for spec in self.headlines.specs), *shown]

    def light(self) -> None:
        """Draw again what says where the keys go."""
        for name, panel in (*self.panels.items(), ("headlines", self.headlines)):
            here = name == self.sitting.focus and self.view is None
            if panel.here != here:
                panel.here = here
                panel.redraw()
        self.redraw_strips()

    def late(self) -> float:
        """Return for how many seconds the terminal has shown something older than what is drawn; 0 where that isn't known."""
        behind = getattr(self.app._driver, "behind", None)
        return float(behind()) if behind is not None else 0.0

    def redraw_strips(self) -> None:
        """Draw the strips again; what hasn't changed isn't sent."""
        self.clauses.history, self.clauses.answer = self.sitting.history, self.answer
        self.top.title = self.sitting.app.title
        self.alert_strip.alerts, self.alert_strip.as_of, self.alert_strip.past = self.alerts, self.as_of, self.sitting.replay is not None
        for strip in (self.clauses, self.alert_strip, self.headlines, self.tabs, self.small):
            strip.redraw()
        self.redraw_foot()

    def redraw_foot(self) -> None:
        """Draw the foot, in as many lines as it takes now."""
        if self.layout_name and self.foot.high(self.app.size.width) != self._foot_high:
            self.place()
        else:
            self.foot.redraw()

    def tell(self, sentence: str) -> None:
        """Say a sentence in reader mode's line, if that is on."""
        if reader.ON and sentence:
            self.told = True
            self.spoken.say(sentence)

    def arrived(self, told: bool = False) -> None:
        """Look at what came from the Desk, of which a change may be told already; what more is told is the keyboard's."""

    def say(self, said: str, alarm: bool = False) -> None:
        """Say something at the foot until the next key; in reader mode in its line."""
        if reader.ON:
            self.tell(said)
            return
        self.foot.message, self.foot.alarm = said, alarm
        self.redraw_foot()

    def open_view(self, view: View) -> None:
        """Lay a view over the panels and over the view that is there."""
        if self.view is not None:
            self.view.display = False
            self.under.append(self.view)
        self.view = view
        self.body.mount(view)
        self.place()

    def close_view(self) -> None:
        """Leave the view for what is under it."""
        if self.view is None:
            return
        self.view.remove()
        self.view = self.under.pop() if self.under else None
        self.place()

    def close_views(self) -> None:
        """Leave every view."""
        while self.view is not None:
            self.close_view()


def put(widget: Drawn, at: placing.Place | None) -> None:
    """Put a widget into a region of the body, or take it off the screen."""
    widget.display = at is not None
    if at is not None:
        widget.styles.position = "absolute"
        widget.styles.offset = (at.x, at.y)
        widget.styles.width, widget.styles.height = at.width, at.height
        widget.redraw()

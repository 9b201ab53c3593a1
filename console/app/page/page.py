"""The page of an app: its panels and views, which of them has the keys, and what can be opened from there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from console.app.asking import Asking
from console.app.clock import Clock
from console.app.drawing import reader
from console.app.map import raster
from console.app.map.panel import Map
from console.app.page import placing
from console.app.page.onmap import OnMap
from console.app.page.taking import Taking
from console.app.page.way import Way
from console.app.panels.kinds import make
from console.app.panels.panel import Panel, Target
from console.app.panels.profile import Profile
from console.app.views.rows import RowsView
from console.app.views.search import Search
from console.desk.answer import Value
from console.desk.kept import Kept
from console.desk.page import PanelSpec


class Page(OnMap):
    """What a command acts upon."""

    def __init__(self, asking: Asking, marking: str, clock: Clock) -> None:
        """Show the app that the sitting has open."""
        super().__init__(asking, marking, clock)
        self._since: tuple[str, float] | None = None  # the app open, and since when
        self.jumping = False  # the next key is a panel's letter
        self.choosing = ""  # the place of the table of commands that the next key is of
        self.taking: Taking | None = None  # rows on their way into a file
        self.ways: list[Way] = []  # back from the pages opened one out of the other
        self.left: Kept | None = None  # the sitting that can be gone on with
        self.looking = False  # for it
        self.touched = False  # a key was pressed

    async def on_mount(self) -> None:
        """Open the app and begin to listen."""
        self.top.force = raster.force()
        await self.build()
        self.asking.listen()
        self.live.start()

    async def build(self, stand: Callable[[], None] = lambda: None) -> None:
        """Put the open app's panels in the place of the last one's; `stand` puts them as they are to stand at first."""
        await self.body.remove_children()
        self.panels = {spec.name: make(spec) for spec in self.sitting.app.panels if spec.kind != "kpi"}
        for panel in self.panels.values():
            panel.titles = self.sitting.titles
            if isinstance(panel, Map):
                panel.turn(self.sitting.shown(panel.spec.name))
        self.view, self.under, self.alone, self.ways = None, [], "", []
        self.headlines.answers = {}
        await self.body.mount(*self.panels.values())
        stand()
        self.place()
        self._opened()
        self.ask_everything()

    def _opened(self) -> None:
        """Write to usage which app is open, and for how long the last one was."""
        self.leave_app()
        self._since = self.sitting.app.name, self.clock.monotonic()
        self.asking.used("open", self.sitting.app.title)

    def leave_app(self) -> None:
        """Write to usage for how long the app that is left was open."""
        if self._since is not None:
            (app, since), self._since = self._since, None
            self.asking.used("leave", app=app, seconds=self.clock.monotonic() - since)

    def on_resize(self) -> None:
        """Lay everything out for the new size, and ask for what comes into sight."""
        before, now = self.layout_name, placing.size_name(*self.app.size)
        if (before == "wide") != (now == "wide"):
            self.alone = self.ways[-1].to if self.ways else ""
        self.place()
        if before != now and self.asking.serial:
            self.ask_missing()

    @property
    def panel(self) -> Panel | None:
        """The panel that has the keys."""
        return self.headlines if self.sitting.focus == "headlines" else self.panels.get(self.sitting.focus)

    def target(self) -> Target | None:
        """Return what the cursor is on, in the rows or the panel."""
        return self.view.target() if isinstance(self.view, RowsView) else self.panel.target() if self.panel else None

    def move(self, key: str) -> None:
        """Move the cursor of the rows or the panel."""
        if isinstance(self.view, RowsView):
            self.view.move(key)
        elif self.panel is not None and self.panel.move(key):
            self.panel.walk()
            self.panel.redraw()
            if self.panel is self.headlines:
                self._say_headline()
        else:
            self.say("the cursor has nowhere to go that way here")

    def fields(self) -> tuple[str, ...]:
        """Return the fields that c clears and L locks here."""
        if isinstance(self.view, RowsView):
            target = self.view.target()
            return tuple(name for name, _ in target.toggles) if target else ()
        return self.panel.fields() if self.panel else ()

    def opens(self) -> tuple[str, str] | None:
        """Return the profile panel and key that o opens here."""
        target = self.target()
        fact = self.view.fact if isinstance(self.view, RowsView) else self.panel.spec.fact if self.panel else ""
        for name, key in target.opens if target else ():
            panel = self.sitting.profile_of(fact, name) or self.profile_for(name)
            if panel is not None:
                return panel, key
        return None

    def profile_for(self, fact: str) -> str | None:
        """Return the profile panel about a fact, or None."""
        held = {panel for _, panel in self.sitting.app.profiles}
        return next((spec.name for spec in self.sitting.app.panels if spec.name in held and spec.fact == fact), None)

    def jumps(self) -> list[PanelSpec]:
        """Return the panels that a letter jumps to."""
        return [panel.spec for panel in self.panels.values() if panel.spec.key]

    def focus_on(self, name: str) -> None:
        """Give a panel the keys, showing it alone if it isn't on the screen."""
        self._stray(name)
        self.sitting.focus = name
        self._mind_case()
        if name != "headlines" and name not in self.on_screen():
            self.show_alone(name)
        self.light()
        self.asking.focus(name, self.needed())
        if name == "headlines":
            self._say_headline()

    def _say_headline(self) -> None:
        self.say(self.headlines.spoken() if reader.ON else self.headlines.says())

    def focus_by(self, by: int) -> None:
        """Give the keys to a panel further on."""
        stops = [*(["headlines"] if self.headlines.specs else []), *self.on_screen()]
        at = stops.index(self.sitting.focus) if self.sitting.focus in stops else 0
        if stops:
            self.focus_on(stops[(at + by) % len(stops)])
        else:
            self.say("the page is being opened")

    def tab_by(self, by: int) -> None:
        """Show a panel further on alone."""
        names = [spec.name for spec in self.tabs.specs]
        now = self.alone or self.sitting.focus
        if names:
            self.show_alone(names[(names.index(now) + by) % len(names) if now in names else 0])
        else:
            self.say("the page is being opened")

    def _mind_case(self) -> None:
        """Know the case that the viewer looks from: the page that is shown, or the one it was opened from."""
        ways = [(way.focus, way.subject) for way in self.ways]
        self.sitting.case = self.sitting.case_of([*ways, (self.sitting.focus, self.sitting.subject(self.sitting.focus))])

    def show_alone(self, name: str) -> None:
        """Show one panel alone, or all those of the layout for ""."""
        self._stray(name)
        self.alone = name
        if name:
            self.sitting.focus = name
        elif self.sitting.focus not in (*self.on_screen(), "headlines"):
            self.sitting.focus = next(iter(self.on_screen()), "headlines")
        self.place()
        self.ask_missing()

    def show_profile(self, panel: str, key: str) -> None:
        """Show a thing's page, from which `come_back` leads here again."""
        here = self.panel
        way = Way(panel, self.sitting.focus, self.alone, self.wide, self.view, tuple(self.under))
        if isinstance(here, Profile):
            way = replace(way, subject=here.subject, cursor=here.cursor)
        for view in way.views:
            view.display = False
        self.ways.append(way)
        self.view, self.under = None, []
        self._turn_to(panel, key)
        self.asking.used("profile", key)
        self.focus_on(panel)
        self.asking.profile(panel, lambda: self.come_back() if self.came else None)

    def _turn_to(self, panel: str, key: str) -> None:
        self.sitting.open_profile(panel, key)
        profile = self.panels[panel]
        if isinstance(profile, Profile):
            profile.about(key)

    def come_back(self) -> None:
        """Show again what stood where the page was opened."""
        way = self.ways.pop()
        self.sitting.focus, self.view, self.under = way.focus, way.view, list(way.under)
        self._mind_case()
        self.alone = way.alone if way.wide == self.wide else ""
        here = self.panels.get(way.focus)
        if way.subject is not None and isinstance(here, Profile) and here.subject != way.subject:
            self._turn_to(way.focus, way.subject)
        if way.cursor is not None and isinstance(here, Profile):
            here.cursor = way.cursor
        self.place()
        for view in way.views:
            if isinstance(view, RowsView | Search):
                view.again()
        self.ask_missing()

    @property
    def came(self) -> bool:
        """Whether a page opened from elsewhere is on the screen, bare."""
        return bool(self.ways) and self.view is None

    def _stray(self, name: str) -> None:
        """Forget the ways back when another panel than the opened page is turned to."""
        if self.ways and name not in ("headlines", self.ways[-1].to):
            for view in (view for way in self.ways for view in way.views):
                view.remove()
            self.ways.clear()

    def open_rows(self, name: str, at: Sequence[tuple[str, Value]], said: str) -> None:
        """Show the rows behind a number."""
        self.asking.used("rows", said)
        self.open_view(RowsView(self, self.sitting.rows_question(name, at), said))

    def open_app(self, name: str) -> None:
        """Open another app under the same selection."""
        self.sitting.app = self.sitting.apps[name]
        self.turned()
        self.call_later(self.build)

    def turned(self) -> None:
        """Forget the panels of the app before, and what it asked."""
        self.asking.serial += 1  # what the last app asked is void at once
        self.panels, self.answer, self.headlines.specs = {}, None, ()

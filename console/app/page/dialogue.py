"""What a page asks and hears: selections go to the Desk, answers to the panels; an older selection's are dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from textual import on

from console.app.asking import Asking, words_of
from console.app.clock import Clock
from console.app.drawing import bound, reader, words
from console.app.map.panel import Map
from console.app.messages import Answered, Changed, Done, Found, RowsCame, Said, Unanswered
from console.app.page.frame import Frame
from console.app.page.live import Live
from console.app.page.spoken import called, changes, counted
from console.app.panels.bars import Bars
from console.app.panels.panel import Panel
from console.app.panels.profile import Profile
from console.app.panels.series import Series
from console.app.views.rows import RowsView
from console.app.views.search import Search
from console.desk import grammar
from console.desk.answer import Answer, PanelAnswer
from console.desk.grammar import texts
from console.desk.page import Shown
from console.desk.selection import Refused, Selection

PAINTED = 0.02  # seconds from an answer until it is on the screen, which asking for charts would hold up
PASTED = 100_000  # characters that are read as a selection
PATIENCE = 0.1  # seconds that a panel has before it says that it is being counted


class Dialogue(Frame):
    """The frame's conversation with the Desk."""

    def __init__(self, asking: Asking, marking: str, clock: Clock) -> None:
        """Converse for the sitting."""
        super().__init__(asking, marking, clock)
        self.live = Live(self, self.ask)
        self._noted: set[str] = set()
        self.settling = False  # a new selection isn't wholly answered yet
        self._spoken_of: tuple[str, Selection] | None = None  # the app and the selection last told
        self._called: frozenset[tuple[str, str]] = frozenset()

    def change(self, step: Callable[[], bool]) -> None:
        """Take a step that may change the selection; a refused one says why."""
        try:
            moved = step()
        except Refused as error:
            self.say(self._titled(str(error)))
            return
        if moved:
            self.selected()

    def _titled(self, said: str) -> str:
        """Return what the Desk said, with a field's title in the place of its name."""
        name, *rest = said.split(" ", 1)
        chosen = name in self.sitting.selection.fields()
        return " ".join([words.field(name, self.sitting.titles) if chosen else name, *rest])

    def selected(self) -> None:
        """Ask for everything under the new selection, and write it to usage."""
        clauses = self.sitting.selection.clauses
        self.asking.used("select", "; ".join(text for name, clause in clauses for text in texts(name, clause)))
        self.ask_everything()

    def paste(self, text: str) -> None:
        """Select what a copied selection says; what is locked stays, and a selection that differs there is refused."""

        def resolve() -> Done:
            texts, locks = grammar.untyped(text[:PASTED].strip())
            if not texts or len(text) > PASTED:
                raise ValueError("it is no selection")
            found = self.asking.resolve(texts, locks)
            return Done(lambda: self.change(lambda: self.sitting.replace(found)))

        self.say("selecting...")
        self.asking.job(resolve, lambda error: Said(f"what was pasted can't be selected: {words_of(error)}"))

    def ask_everything(self) -> None:
        """Ask under the present selection; the bar says that it is being counted, soon each panel too, and older answers are void."""
        self.asking.page(self.needed(), fresh=True)
        self.live.asked(whole=True)
        self.clauses.pending = True
        for panel in self.panels.values():
            panel.wait(quietly=panel.answer is not None)
        self.set_timer(PATIENCE, self._say_waiting)
        self.settling = True
        self._ask_profiles(self.on_screen())
        for view in (*self.under, self.view):
            if isinstance(view, RowsView | Search):
                view.again()
        self.redraw_strips()

    def _say_waiting(self) -> None:
        """Have each panel say that it is still being counted."""
        for panel in self.panels.values():
            if panel.waiting and panel.display:
                panel.redraw()

    def ask(self, names: Iterable[str] | None = None) -> None:
        """Ask again for what time or news has moved; all that is shown unless told which."""
        asked = self.needed() if names is None else list(names)
        self.asking.page(asked, ticket="live" if asked else "beat")
        self.live.asked(whole=names is None)
        if asked:
            self._ask_profiles(self.on_screen())
            if isinstance(self.view, RowsView):
                self.view.again()

    def ask_missing(self) -> None:
        """Ask for what is on the screen if any of it has no answer to the present selection, so that all is of one answer."""
        waiting = [name for name in self.needed() if name in self.panels and self.panels[name].waiting]
        if waiting or any(spec.name not in self.headlines.answers for spec in self.headlines.specs):
            self.asking.page(self.needed(), ticket="more")
        self._ask_profiles([name for name in self.on_screen() if self.panels[name].waiting])

    def _ask_profiles(self, names: Iterable[str]) -> None:
        for name in names:
            panel = self.panels[name]
            if isinstance(panel, Profile):
                panel.about(self.sitting.subject(name))
                self.asking.profile(name)

    def drilled(self, panel: Panel) -> None:
        """Ask for a drill-down panel at its new level."""
        panel.wait()
        self.asking.page([panel.spec.name], ticket=f"panel {panel.spec.name}")

    def acknowledge(self, by: str) -> None:
        """Acknowledge the first alert; nothing can be done in a replay."""
        if self.sitting.replay is not None:
            self.say("this is a replay: nothing can be acknowledged in it")
        elif self.alerts:
            self.say("acknowledging...")
            self.asking.acknowledge(self.alerts[0], by)

    @on(Answered)
    def answered(self, message: Answered) -> None:
        """Give each panel its answer, unless the selection has moved on."""
        if message.serial != self.asking.serial or message.answer.app != self.sitting.app.name:
            return
        strip_before = len(self.alerts)
        whole = self.whole(message.names)
        self._count(message.answer, whole)
        now = self.clock.monotonic()
        for answer in message.answer.panels:
            if whole or answer.kind != "kpi" or answer.fact != self.sitting.app.fact:
                self._take(answer, now)
        if self.clauses.pending and not self._counting():
            self.clauses.pending = False
            self.set_timer(PAINTED, self.asking.charts)
        self.live.answered()
        self._tell(message.answer.note)
        if self.settling and not any(panel.waiting for panel in self.panels.values() if panel.display):
            self.settling = False
            self.asking.focus(self.sitting.focus, self.needed())
        if len(self.alerts) != strip_before:
            self.place()
        if isinstance(self.view, RowsView):
            self.view.redraw()  # its ages are as of the answer
        self.live.say_time()
        self.redraw_strips()
        if reader.ON:
            self.arrived(told=self._tell_change())

    def _tell_change(self) -> bool:
        """Tell the first alert that is new, and what a selection, or another app, has changed; return whether any."""
        assert self.answer is not None
        fresh = [alert for alert in self.alerts if (alert.kind, alert.key) not in self._called]
        self._called = frozenset((alert.kind, alert.key) for alert in self.alerts)
        parts = [called(fresh[0])] if fresh else []
        app, now = self.sitting.app, self.sitting.selection
        before, held = self._spoken_of, (app.name, now)
        if not self.clauses.pending and before != held:
            self._spoken_of = held
            opened = before is None or before[0] != app.name
            done = f"{app.title}" if opened or before is None else changes(before[1], now, self.sitting.titles)
            parts.append(f"{done}: {counted(self.answer)}")
        self.tell("; ".join(parts))
        return bool(parts)

    def _counting(self) -> bool:
        """Return whether anything on the screen but a chart, or a headline, isn't of the present selection yet."""
        shown = any(panel.waiting for panel in self.panels.values() if panel.display and not isinstance(panel, Series | Profile))
        return shown or not self.headlines.told(self.sitting.selection)

    def _tell(self, note: str) -> None:
        """Say what is to be told once."""
        if note and note not in self._noted:
            self._noted.add(note)
            self.say(note)

    def _count(self, answer: Answer, whole: bool) -> None:
        """Take an answer for the bar: its counts only together with the headlines that count the same."""
        held, self.answer = self.answer, answer
        if not whole and held is not None:
            self.answer = replace(answer, shown=held.shown, of=held.of, hidden_immediate=held.hidden_immediate)

    def _take(self, answer: PanelAnswer, now: float) -> None:
        if answer.kind == "kpi":
            if any(spec.name == answer.name for spec in self.headlines.specs):
                self.headlines.take_kpi(answer, self.sitting.selection, now)
            return
        panel = self.panels[answer.name]
        path = self.sitting.path(answer.name)
        if isinstance(panel, Bars):
            if answer.levels and answer.fields and answer.levels.index(answer.fields[0]) != min(len(path), len(answer.levels) - 1):
                return
            panel.path = path
        if isinstance(panel, Map) and (answer.shown or Shown(answer.name)) != self.sitting.shown(answer.name):
            return
        assert self.answer is not None
        panel.heard = any(source.heard_at is not None for source in self.answer.sources)
        panel.show(answer, self.sitting.selection, self.answer.as_of, now)
        if self.sitting.forced_deeper(panel.spec, answer):
            self.drilled(panel)

    @on(Unanswered)
    def unanswered(self, message: Unanswered) -> None:
        """Say in each panel why there is no answer; what is shown of a Desk that went is kept."""
        if message.serial != self.asking.serial or not self.live.reach():
            return
        self.live.answered()
        for name in message.names:
            spec = self.sitting.app.panel(name)
            failed = PanelAnswer(name, spec.title, spec.kind, spec.fact, spec.fields, (), (), error=message.words)
            if spec.kind == "kpi":
                self.headlines.take_kpi(failed, self.sitting.selection, 0.0)
            else:
                self.panels[name].show(failed, self.sitting.selection, self.as_of or self.clock.utcnow(), 0.0)
        self.clauses.pending = False
        self.asking.charts()
        self.say(f"not answered: {message.words}; {bound.key('again')} asks again", alarm=True)
        self.redraw_strips()

    @on(RowsCame)
    def rows_came(self, message: RowsCame) -> None:
        """Give the rows to the view that shows them."""
        for view in (self.view, *self.under):
            if isinstance(view, RowsView):
                view.take(message.question, message.rows, message.words)
        self.redraw_foot()
        self.arrived()

    @on(Found)
    def found(self, message: Found) -> None:
        """Give the search what it found."""
        if isinstance(self.view, Search):
            self.view.take(message.text, message.hits, message.words)
            self.arrived()

    @on(Said)
    def said(self, message: Said) -> None:
        """Say what the Desk said of a command, and see what it changed."""
        self.say(message.words)
        self.ask([])

    @on(Changed)
    def changed(self, message: Changed) -> None:
        """Remember what moved until the next tick."""
        self.live.changed(message.change)

    @on(Done)
    def done(self, message: Done) -> None:
        """Take what was made off the screen's thread."""
        message.take()

    @on(Series.Wanted)
    def chart_wanted(self, event: Series.Wanted) -> None:
        """Have a chart drawn."""
        panel, drawing = event.panel, event.drawing

        def make_chart() -> Done:
            made = drawing.draw()
            return Done(lambda: panel.drawn(drawing, made))

        self.asking.job(make_chart, lambda error: Said(f"the chart can't be drawn: {words_of(error)}"))

    @on(Map.Wanted)
    def sheet_wanted(self, event: Map.Wanted) -> None:
        """Have a map's sheet made."""
        panel, look = event.panel, event.look

        def make_sheet() -> Done:
            made = panel.make(look)
            return Done(lambda: panel.made(made))

        self.asking.job(make_sheet, lambda error: Said(f"the map can't be drawn: {words_of(error)}"))

    @on(Map.Asks)
    def map_asks(self, event: Map.Asks) -> None:
        """Ask for what suits a map's view."""
        self.show_on(event.panel, event.shown)

    def show_on(self, panel: Map, shown: Shown) -> None:
        """Have a map show something else."""
        self.sitting.show(shown)
        panel.turn(shown)
        self.drilled(panel)

"""The strips at the top: marking and clock, alerts, selections, tabs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from rich.style import Style
from textual import events
from textual.message import Message

from console.app.drawing import bound, glyphs, ink, reader, words
from console.app.drawing.drawn import Drawn
from console.app.replay import Replay
from console.app.views.name import announced
from console.desk.answer import Alert, Answer, SourceState, State
from console.desk.page import PanelSpec
from console.desk.selection import Clause, History

SILENT_AFTER = 10.0  # seconds without an answer or without news before it is said
SECTION = 40  # cells that the words of a section take, at most
LATE_FROM = 2.0  # seconds by which the terminal is behind from which it is said
ELSEWHEN = 90.0  # seconds between the clock and the feed's present from which the feed plays at another time, and says which


class Top(Drawn):
    """Marking, app, force, local time, and how fresh all this is."""

    def __init__(self, marking: str) -> None:
        """Show the marking."""
        super().__init__(id="top")
        self.marking, self.title, self.clock, self.force = marking, "", "", ""
        self.state: ink.Run = ("opening", ink.TOP_STRONG)
        self.brief: ink.Run | None = None  # the same in few words, where there is no room
        self.sources: Sequence[SourceState] = ()
        self.late = 0.0  # seconds that the terminal shows what has been drawn later than it was

    def draw(self, width: int, height: int) -> list[ink.Line]:
        """See Drawn."""
        hours = " ".join(self.clock.split()[-2:])
        ways = (
            (self.title, self.force, self.clock, False),
            (self.title, "", self.clock, False),
            (self.title, "", hours, False),
            ("", "", hours, False),
            ("", "", hours, True),
            ("", "", "", True),
        )
        for title, force, clock, short in ways:
            left: ink.Line = [(f" {self.marking}  ", ink.TOP_STRONG), *((f"{part}  ", ink.TOP) for part in (title, force) if part)]
            gaps = missing(self.sources, short, ink.TOP, ink.TOP_WARN) if width >= 60 else []
            right: ink.Line = [
                *lateness(self.late, short or width < 100),
                *gaps,
                (f"{clock}  " if clock else "", ink.TOP),
                self.brief if self.brief is not None and not clock and short else self.state,
                (" ", ink.TOP),
            ]
            if ink.length(left) + ink.length(right) < width:
                break
        line = ink.spread(left, ink.cut(right, max(0, width - ink.length(left[:1]) - 1)), width, ink.TOP)
        return [[*line, (" " * max(0, width - ink.length(line)), ink.TOP)]]


def lateness(late: float, short: bool) -> ink.Line:
    """Return how late a slow link shows what is drawn, if it is that late that it matters."""
    if late < LATE_FROM:
        return []
    said = words.duration(late)
    return [(f"slow {said}  " if short else f"link slow: shown {said} late  ", ink.TOP_WARN)]


def missing(sources: Sequence[SourceState], short: bool, coming: Style, lost: Style) -> ink.Line:
    """Return what is known to be missing of each source; with its name where several lack something."""
    lacking = [source for source in sources if source.gaps > 0]
    names = [f"{glyphs.clean(source.title)}: " if len(lacking) > 1 else "" for source in lacking]
    return [
        (f"{name}{words.missing(source, short)}  ", coming if source.filling else lost) for name, source in zip(names, lacking, strict=True)
    ]


def freshness(answer: Answer | None, now: datetime, silent_for: float, pace: float = 0.0) -> ink.Run:
    """Return how fresh the page is in words: live, as of a time, or stale and for how long.

    A page that looks again only each `pace` seconds, more than go unsaid, says that too, and ages in tens of seconds.
    """
    seldom = pace > SILENT_AFTER
    patient = SILENT_AFTER + (pace if seldom else 0.0)
    if answer is None:
        return ("counting...", ink.TOP_STRONG)
    if not answer.live:
        stale = [source for source in answer.sources if source.stale and source.live]
        said = f"as of {words.clock(answer.as_of)}"
        if not stale:
            return (said, ink.TOP_STRONG)
        return (f"{said}; STALE: {_whose(stale[0], answer)}no news{_age(stale[0], now)}", ink.ALARM)
    if silent_for > patient:
        return (f"STALE: no answer for {words.duration(silent_for)}", ink.ALARM)
    for source in answer.sources:
        if source.stale and source.live:
            return (f"STALE: {_whose(source, answer)}no news{_age(source, now)}", ink.ALARM)
    ages = [(now - source.heard_at).total_seconds() for source in answer.sources if source.live and source.heard_at]
    oldest = max(ages, default=0.0)
    said = f"LIVE each {words.duration(pace)}" if seldom else "LIVE"
    if oldest > SILENT_AFTER:
        said += f", news over {words.duration(oldest // 10 * 10)} old" if seldom else f", news {words.duration(oldest)} old"
    elsewhen = abs((now - answer.as_of).total_seconds()) > ELSEWHEN
    return (f"as of {words.clock(answer.as_of)} {said}" if elsewhen else said, ink.TOP_STRONG)


def _whose(source: SourceState, answer: Answer) -> str:
    """Return whose news is meant, where there are several live sources."""
    return f"{glyphs.clean(source.title)}: " if sum(each.live for each in answer.sources) > 1 else ""


def _age(source: SourceState, now: datetime) -> str:
    if source.heard_at is None:
        return " yet"
    since = (now - source.heard_at).total_seconds()
    return f" for {words.duration(since if since >= 0 else source.age_s or 0.0)}"  # before it was heard: a clock that was set back


def replaying(replay: Replay, answer: Answer | None) -> tuple[ink.Run, ink.Run]:
    """Return that this is not live but a replay, of what moment and at what pace, and how stale it was then; and that in few words."""
    shown = answer.as_of if answer is not None else replay.at
    pace = f"x{replay.speed:g}" + ("" if replay.playing else ", paused")
    stale = next((source for source in answer.sources if source.stale and source.live), None) if answer is not None else None
    old = f"; STALE then: no news{_age(stale, shown)}" if stale is not None else ""
    return (f"REPLAY {words.clock(shown)} {pace}{old}", ink.ALARM if old else ink.TOP_WARN), (
        f"REPLAY {words.moment(shown, shown)}",
        ink.TOP_WARN,
    )


class Alerts(Drawn):
    """What waits to be acknowledged, under any selection."""

    def __init__(self) -> None:
        """Show nothing."""
        super().__init__(id="alerts")
        self.alerts: Sequence[Alert] = ()
        self.past = False  # they waited at a past moment, and nothing can be done about them
        self.as_of: datetime | None = None

    def draw(self, width: int, height: int) -> list[ink.Line]:
        """See Drawn."""
        if not self.alerts:
            return [[(" no alerts then" if self.past else " no alerts", ink.DIM)]]
        if width < 60:
            return self._narrow(self.alerts[0], width)
        lines: list[ink.Line] = []
        for n, alert in enumerate(self.alerts[:height]):
            more = len(self.alerts) - height if n == height - 1 else 0
            can = "waited then" if self.past else bound.said("{acknowledge} acknowledge")
            right = f"{f'+{more} more  ' if more > 0 else ''}{can if n == 0 else ''} "
            hidden = (" (hidden by the selection)" if width >= 100 else " (hidden)") if alert.hidden else ""
            said = self._said(alert)
            left = ink.fit(said, min(ink.width_of(said), width - len(right) - len(hidden) - 1))
            lines.append(ink.spread([(left + hidden, ink.ALARM)], [(right, ink.ALARM)], width, ink.ALARM))
        return lines

    def _said(self, alert: Alert) -> str:
        return f" {glyphs.ALERT} {words.moment(alert.at, self.as_of)} {announced(alert)}"

    def _narrow(self, alert: Alert, width: int) -> list[ink.Line]:
        """Return one alert in two lines, with how many more there are."""
        more = f"+{len(self.alerts) - 1} " if len(self.alerts) > 1 else ""
        hidden = "hidden by the selection" if alert.hidden else ""
        can = "waited then" if self.past else f"{bound.key('acknowledge')} acknowledge"
        below = ink.spread([(f"   {hidden}", ink.ALARM)], [(f"{more}{can} ", ink.ALARM)], width, ink.ALARM)
        return [[(ink.fit(self._said(alert), width), ink.ALARM)], below]


class Clauses(Drawn):
    """Each clause with its state, how much is shown, and the Immediate incidents that are hidden."""

    def __init__(self) -> None:
        """Show nothing."""
        super().__init__(id="clauses")
        self.history = History()
        self.answer: Answer | None = None
        self.titles: Mapping[str, str] = {}
        self.pending = False
        self.phone = False
        self.held: tuple[Clause | None, int] = (None, 0)  # an area, and how many it holds whatever else is selected

    def draw(self, width: int, height: int) -> list[ink.Line]:
        """See Drawn."""
        selection = self.history.now
        clauses: ink.Line = []
        for name, clause in selection.clauses:
            locked = name in selection.locks
            state = State.LOCKED if locked else State.SELECTED
            mark, word = ("", state.value) if reader.ON else (f"{glyphs.GLYPHS[state]} ", "locked" if locked else "")
            clauses += [(f" {words.field(name, self.titles)} ", ink.DIM), (mark, ink.STATES[state])]
            held = f", {self.held[1]:,}" if clause == self.held[0] else ""
            clauses += [(f"{words.clause(clause)}{held}", ink.STATES[state]), (f" {word} " if word else " ", ink.DIM)]
        if not clauses:
            clauses = [(" nothing selected", ink.DIM)]
        right = self._counts()
        if self.phone:
            gaps = missing(self.answer.sources, True, ink.DIM, ink.WARN) if self.answer else []
            return [ink.cut([(" ", ink.TEXT), *right], width), ink.spread(clauses, gaps, width)][:height]
        steps = [(bound.key(word), word, there) for word, there in (("back", self.history.past), ("forward", self.history.future))]
        right += [(f"  {key} {word}", ink.TEXT) for key, word, there in steps if there]
        return [ink.spread(clauses, [*right, (" ", ink.TEXT)], width)]

    def _counts(self) -> ink.Line:
        if self.answer is None:
            return [("counting...", ink.PENDING)]
        answer = self.answer
        said = f"{answer.shown:,} of {answer.of:,}" + ("" if self.phone else f" {answer.noun} shown".replace("  ", " "))
        line: ink.Line = [(said, ink.STRONG)]
        if answer.section:
            line.append((f", {ink.fit(answer.section, min(ink.width_of(answer.section), SECTION // (1 + self.phone)))}", ink.STRONG))
        if self.pending:
            line.insert(0, ("counting...  ", ink.PENDING))
        if answer.hidden_immediate:
            word = "Imm" if self.phone else "Immediate"
            line += [
                (", " if self.phone else "  ", ink.TEXT),
                (f" {answer.hidden_immediate} {word} hidden ", ink.ALARM),
            ]
        return line


class Tabs(Drawn):
    """The panels of a window that shows one at a time."""

    class Pressed(Message):
        """The mouse was pressed on a panel's name."""

        def __init__(self, name: str) -> None:
            """Say whose."""
            super().__init__()
            self.name = name

    def __init__(self) -> None:
        """Show nothing."""
        super().__init__(id="tabs")
        self.specs: Sequence[PanelSpec] = ()
        self.on = ""
        self._starts: list[tuple[int, str]] = []

    def draw(self, width: int, height: int) -> list[ink.Line]:
        """See Drawn: as many as fit, with the one shown among them."""
        items: list[ink.Line] = []
        for spec in self.specs:
            said = spec.short or spec.title.lower()
            items.append([(f"{glyphs.HERE}{said}", ink.HERE) if spec.name == self.on else (said, ink.DIM)])
        index = next((n for n, spec in enumerate(self.specs) if spec.name == self.on), 0)
        start, end = 0, len(items)
        while end > index + 1 and ink.length(_tabs(items, start, end)) > width:
            end -= 1
        while start < index and ink.length(_tabs(items, start, end)) > width:
            start += 1
        x = len(f" +{start} ") if start else 2
        self._starts = [(0, self.specs[start - 1].name)] if start else []
        marks: ink.Line = []
        for spec, item in zip(self.specs[start:end], items[start:end], strict=True):
            self._starts.append((x, spec.name))
            if spec.name == self.on and not reader.ON:
                marks = [(" " * x, ink.TEXT), (glyphs.RULE * ink.length(item), ink.KEY)]
            x += ink.length(item) + (2 if reader.ON else 3)
        if end < len(items):
            self._starts.append((x - 2, self.specs[end].name))
        return [ink.cut(_tabs(items, start, end), width), marks][:height]

    def on_click(self, event: events.Click) -> None:
        """Say which panel's name was pressed; the count of those further on leads to the next of them."""
        names = [name for start, name in self._starts if start <= event.x]
        if names:
            self.post_message(self.Pressed(names[-1]))


def _tabs(items: Sequence[ink.Line], start: int, end: int) -> ink.Line:
    """Return some of the tabs side by side, with how many there are before and after them."""
    before, after = (f"+{start} " if start else " "), (f" +{len(items) - end}" if end < len(items) else "")
    return [(f" {before}", ink.DIM), *ink.joined(items[start:end], (", ", ink.DIM) if reader.ON else (" | ", ink.FAINT)), (after, ink.DIM)]

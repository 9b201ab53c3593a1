"""What every panel does: a title that says where it stands, a reason in the place of a blank, a cursor on a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from textual import events
from textual.message import Message
from textual.timer import Timer

from console.app.drawing import bound, glyphs, ink, words
from console.app.panels.titled import Titled, many
from console.desk.answer import PanelAnswer, Row, State, Value
from console.desk.page import PanelSpec
from console.desk.selection import Selection

MARKED_FOR = 5.0  # seconds that a change is shown
RESTS = 0.15  # seconds without a step after which a cursor rests, so that what is said of a place is said once a walk


def outside(before: int, after: int, ways: tuple[str, str] = ("above", "below"), of: str = "") -> str:
    """Return how many lines, or things named, are hidden on each side: `3 above, 12 below`, `1 column right`, or ""."""
    named = f" {of}{'' if (before or after) == 1 else 's'}" if of else ""
    left = f"{before:,}{named} {ways[0]}" if before else ""
    right = f"{after:,}{'' if before else named} {ways[1]}" if after else ""
    return ", ".join(filter(None, (left, right)))


@dataclass(frozen=True, slots=True)
class Target:
    """What the cursor is on: the cell that is counted, the values space toggles, and what opens by key."""

    at: tuple[tuple[str, Value], ...] = ()
    toggles: tuple[tuple[str, Value], ...] = ()
    opens: tuple[tuple[str, str], ...] = ()  # (field, key), first best
    refusal: str = ""  # why space can't act


class Panel(Titled):
    """One panel of a page."""

    counted: ClassVar[bool] = True  # enter opens rows
    long: ClassVar[bool] = False  # a walk of its cursor takes many steps
    place: ClassVar[str] = ""  # of the table of commands; "" for its kind's
    head: ClassVar[int] = 1  # lines above what `point` takes as (0, 0)

    class Pressed(Message):
        """The mouse was pressed in a panel; `acts` if on the value that has the cursor already."""

        def __init__(self, panel: Panel, acts: bool) -> None:
            """Say which panel."""
            super().__init__()
            self.panel, self.acts = panel, acts

    class Rested(Message):
        """The cursor has walked, and rests."""

    def __init__(self, spec: PanelSpec) -> None:
        """Show the panel of a spec, with nothing asked yet."""
        super().__init__(id=f"panel-{spec.name}", classes="panel")
        self.spec = spec
        self.titles: Mapping[str, str] = {}
        self.answer: PanelAnswer | None = None
        self.selection = Selection()
        self.as_of: datetime | None = None
        self.here = False
        self.waiting = "counting..."
        self.heard = True  # whether any source has sent anything
        self.news = ""
        self._walk: Timer | None = None  # runs out when the cursor rests
        self._said: list[ink.Line] = []
        self.beyond = ""  # what of it lies outside the lines and columns drawn
        self._seen: dict[tuple[tuple[str, Value], ...], Row] = {}
        self._marked: dict[tuple[tuple[str, Value], ...], float] = {}

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows shown; none before an answer."""
        return self.answer.rows if self.answer else ()

    def show(self, answer: PanelAnswer, selection: Selection, as_of: datetime, now: float) -> None:
        """Take an answer; what changed since the last one under the same selection is marked until `now` + 5 s."""
        same = self.answer is not None and self.selection == selection and self.answer.fields == answer.fields
        found = {row.at: row for row in answer.rows}
        if same:
            self._marked.update({at: now for at, row in found.items() if self._differs(self._seen.get(at), row)})
        else:
            self._marked.clear()
            self.news = ""
        self.answer, self.selection, self.as_of, self._seen, self.waiting = answer, selection, as_of, found, ""
        self.take(answer, same)
        self.redraw()

    def _differs(self, old: Row | None, new: Row) -> bool:
        return old is None or old.values != new.values

    def take(self, answer: PanelAnswer, same: bool) -> None:
        """Fit the cursor to an answer; `same` if only the data moved, not the question."""

    def wait(self, why: str = "counting...", *, quietly: bool = False) -> None:
        """Say that an answer is being made; quietly, where it may come before anybody could read that."""
        self.waiting = why
        if not quietly:
            self.redraw()

    def fade(self, now: float) -> None:
        """Forget the marks of changes older than 5 s."""
        old = [at for at, since in self._marked.items() if now - since > MARKED_FOR]
        for at in old:
            del self._marked[at]
        if old:
            self.redraw()

    def mark(self, row: Row) -> str:
        """Return the glyph of a row that changed of late, or a space."""
        return glyphs.CHANGED if row.at in self._marked else " "

    @property
    def walking(self) -> bool:
        """Whether the cursor has just taken a step."""
        return self._walk is not None

    @property
    def hurries(self) -> bool:
        """Whether what is said of the cursor's place waits until it rests."""
        return self.long and self.walking

    def walk(self) -> None:
        """Note a step of the cursor."""
        if self._walk is not None:
            self._walk.stop()
        self._walk = self.set_timer(RESTS, self._rest)

    def _rest(self) -> None:
        self._walk = None
        self.redraw()
        self.post_message(self.Rested())

    def at_rest(self, say: Callable[[], list[ink.Line]]) -> list[ink.Line]:
        """Return what is said of the cursor's place; while it walks, what was said before."""
        if not self.walking or not self._said:
            self._said = say()
        return self._said

    def draw(self, width: int, height: int) -> list[ink.Line]:
        """See Drawn: the title, then the answer or the reason there is none."""
        self.beyond = ""
        inside = self.inside(width, height - 1)  # first: it may say or unsay something in the title
        return [self.title_line(width), *inside]

    def changed(self, row: Row) -> str:
        """Return the word of a row that changed of late, or ""."""
        return "changed" if row.at in self._marked else ""

    @property
    def answered(self) -> bool:
        """Whether it has an answer."""
        return self.answer is not None

    def spoken(self, aside: bool = False) -> str:
        """Return where the cursor is in a sentence, after a move to the side or not; without an answer why there is none."""
        if self.answer is None:
            return f"{self.title()}: {self.waiting or 'nothing asked yet'}"
        if self.answer.error:
            return f"{self.title()} failed: {self.answer.error}"
        return self.sentence(aside) if self.rows else f"{self.title()}: {self.empty()}"

    def sentence(self, aside: bool) -> str:
        """Return where the cursor is among rows, for reader mode."""
        return self.title()

    def stands(self, index: int, count: int) -> str:
        """Return the title with a place among so many rows."""
        return f"{self.title()}, row {index + 1:,} of {count:,}"

    def inside(self, width: int, height: int) -> list[ink.Line]:
        """Return the lines under the title: a panel without rows says why."""
        if self.answer is None:
            return [[(f" {self.waiting or 'not asked yet'}", ink.PENDING)]]
        if self.answer.error:
            said = ink.paragraph(f"This panel failed: {self.answer.error}", width - 2, ink.WARN)
            return [[(" ", ink.TEXT), *line] for line in (*said, [(bound.said("press {again} to ask again"), ink.TEXT)])]
        if not self.answer.rows:
            return [[(" ", ink.TEXT), *line] for line in ink.paragraph(self.empty(), width - 2, ink.DIM)]
        return self.body(width, height)

    def empty(self) -> str:
        """Return why there are no rows."""
        assert self.answer is not None
        if self.answer.wanted:
            return f"{glyphs.clean(self.answer.wanted)}: {bound.said('{give_reason} says why you look, and shows it.')}"
        held = [(name, clause) for name, clause in self.selection.clauses if name not in self.answer.unreached]
        if held:
            chosen = "; ".join(f"{words.field(name, self.titles)} {words.clause(clause)}" for name, clause in held)
            return f"Nothing here under {chosen}. {bound.said('{clear_all} clears the selection, {back} goes back.')}"
        things = many(self.answer.fact)
        if not self.heard:
            return f"The file has no {things} yet: none has come in."
        return self.answer.note or f"No {things} to show now, and no selection hides any."

    def body(self, width: int, height: int) -> list[ink.Line]:
        """Return the lines of an answer that has rows."""
        raise NotImplementedError

    def move(self, key: str) -> bool:
        """Move the cursor for an arrow, page or end key; return whether the key means anything here."""
        return False

    def target(self) -> Target | None:
        """Return what the cursor is on, or None where there is nothing."""
        return None

    def state(self) -> State | None:
        """Return the state of the value that the cursor is on, or None where it is on none."""
        target = self.target()
        row = self._seen.get(target.at) if target is not None else None
        return row.state if row is not None else None

    def picked(self) -> tuple[Row, ...]:
        """Return the rows that the cursor is on: a value's or a cell's, or those of a name that cells stand beside."""
        target = self.target()
        at = set(target.at) if target is not None else set()
        return tuple(row for row in self.rows if at and at <= set(row.at))

    def value(self) -> str:
        """Return what the cursor is on as text, or "" where there is nothing."""
        target = self.target()
        return ", ".join(words.told(value, self.as_of) for _, value in target.at) if target is not None else ""

    def point(self, x: int, y: int) -> bool:
        """Put the cursor where the mouse was pressed, (0, 0) below the head; return whether it was there already."""
        return False

    def fields(self) -> tuple[str, ...]:
        """Return the fields whose clauses this panel can set: `c` clears them, `L` locks them."""
        return self.spec.fields

    def on_click(self, event: events.Click) -> None:
        """Focus, and act when on the cursor already."""
        was_there = event.y >= self.head and self.point(event.x, event.y - self.head)
        self.post_message(self.Pressed(self, was_there and self.here))

    def on_mouse_scroll_down(self) -> None:
        """Scroll by moving the cursor, as the keys do."""
        self._scroll("down")

    def on_mouse_scroll_up(self) -> None:
        """Scroll by moving the cursor, as the keys do."""
        self._scroll("up")

    def _scroll(self, key: str) -> None:
        for _ in range(3):
            self.move(key)
        self.redraw()

"""The page at the keyboard and the mouse: each key goes to the view or to the table of commands, and is answered at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from textual import events, on

from console.app.asking import Asking
from console.app.clock import Clock
from console.app.drawing import bound, reader
from console.app.keys import commands, onmap
from console.app.map.panel import Map
from console.app.page import keeping
from console.app.page.page import Page
from console.app.page.strips import Tabs
from console.app.panels.bars import Bars
from console.app.panels.headlines import Headlines
from console.app.panels.panel import Panel
from console.app.panels.pivot import Pivot
from console.app.views.rows import RowsView

ASIDE = ("left", "right")
TYPED = 80  # characters that are pasted into a line


class Keyboard(Page):
    """The one screen of a sitting."""

    def __init__(self, asking: Asking, marking: str, clock: Clock, last: deque[str]) -> None:
        """Show the app that the sitting has open; `last` keeps the last keys for a report."""
        super().__init__(asking, marking, clock)
        self._last = last
        self.keeps = True  # the sitting, for its user
        self.keeping = keeping.Keeping(self)
        self._here = ""  # where the cursor was told to be
        self._aside = False  # the last key moved it to the side
        self._awaited = False  # what it stands in had no answer yet
        self._offered_in: tuple[str, ...] = ()

    async def on_mount(self) -> None:
        """Look for a sitting to go on with."""
        if self.keeps:
            keeping.look(self)

    def on_key(self, event: events.Key) -> None:
        """Hand a key to the view, or do its command, or say why not."""
        event.stop()
        event.prevent_default()
        self._last.append(event.key)
        self.press(event.key, event.character)

    def press(self, key: str, character: str | None) -> None:
        """Take a key: every one answers at once, if only with the reason why it can't act."""
        self._touch()
        self.told, self._aside = False, False
        if self.jumping:
            self._jump_to(key, character)
        elif self.choosing:
            place, self.choosing = self.choosing, ""
            self._command(key, (place,))
        elif _quits(key, character):
            self._command(key, ("anywhere",))
        elif self.view is None or not self.view.press(key, character):
            self._command(key, self.where() if self.layout_name else ("replay", "anywhere"))
        self.redraw_foot()
        if reader.ON:
            self._tell_cursor(aside=self._aside)

    def _touch(self) -> None:
        """Note that something is done: what was said is read, what was offered is left, and the sitting is kept."""
        if self.foot.offer is None:
            self.foot.message = ""
        self.foot.offer, self.touched = None, True
        self.live.typed()
        if self.keeps:
            self.keeping.touched()

    def _tell_cursor(self, aside: bool = False) -> None:
        """Tell where the cursor is, if the key moved it and said nothing else."""
        held = self.view or self.panel
        here = held.spoken(aside) if held is not None else ""
        if still(here) != self._here and not self.told:
            self.tell(here)
        self._here = still(here)
        self._awaited = held is not None and not held.answered

    def arrived(self, told: bool = False) -> None:
        """See Frame: what the cursor waited for, and a number under it that has moved."""
        held = self.view or self.panel
        if not reader.ON or held is None or not held.answered or self.clauses.pending:
            return
        here = held.spoken()
        moved = isinstance(held, Bars | Pivot | Headlines) and still(here) != self._here
        if not told and (self._awaited or moved):
            self.tell(here)
            self._here, self._awaited = still(here), False
        elif told and not self._awaited:
            self._here = still(here)

    def _command(self, key: str, where: Sequence[str]) -> None:
        command = commands.find(key, where)
        if command is None:
            self.say(bound.said(f"{commands.written(key)} does nothing here: {{show_help}} shows the keys"))
        else:
            self._do(command, key)

    def _do(self, command: commands.Command, key: str) -> None:
        self._aside = command.stands_for.get(key, key) in ASIDE
        why = command.refusal(self)
        if why:
            self.say(bound.said(why))
        else:
            command.do(self, key)

    def _jump_to(self, key: str, character: str | None) -> None:
        self.jumping = False
        for spec in self.jumps():
            if spec.key == character:
                self.focus_on(spec.name)
                return
        if key != "escape":
            self.say(f"no panel has the letter {character or key}")

    def redraw_foot(self) -> None:
        """See Frame: the commands that can act now; while a cursor walks, those that could before."""
        self.foot.hint = self.view.hint if self.view is not None else ""
        where = self.where()
        if self.sitting.replay is not None and "replay" in where:
            where = ("replay", *(place for place in where if place != "replay"))
        if self.view is None and self.panel is not None and self.panel.hurries and where == self._offered_in:
            super().redraw_foot()
            return
        self._offered_in = where
        offered = [each for each in commands.usable(where) if each.words and (each.always or self.answer) and not each.refusal(self)]
        self.foot.keys, self.foot.always = ([(each.shown, each.words) for each in offered if each.always == end] for end in (False, True))
        if self.choosing:
            self.foot.keys = [({"copying": "copy:", "exporting": "export:"}[self.choosing], ""), *self.foot.keys]
        self.foot.apps, self.foot.opened = () if self.choosing else tuple(self.sitting.apps.values()), self.sitting.app.name
        super().redraw_foot()

    def where(self) -> tuple[str, ...]:
        """Return the places of the table of commands that hold now, the narrowest first."""
        if self.choosing:
            return (self.choosing,)
        taking = ("taking",) if self.taking is not None else ()
        if self.view is not None:
            past = ("replay",) if "anywhere" in self.view.where else ()
            return (*taking, *self.view.where[:-1], *past, *self.view.where[-1:])
        panel = self.panel
        drawing = ("drawing",) if isinstance(panel, Map) and panel.pen.drawing else ()
        opened = ("opened",) if self.came else ()
        return (*taking, *opened, *drawing, (panel.place or panel.spec.kind) if panel else "", "panel", "replay", "anywhere")

    @on(Panel.Rested)
    def rested(self) -> None:
        """Say what can be done where the cursor stands."""
        self.redraw_foot()

    @on(Panel.Pressed)
    def pressed(self, event: Panel.Pressed) -> None:
        """Focus the panel that the mouse was pressed in; on the cursor's value, select it or open a headline's rows."""
        self._touch()
        self.choosing = ""
        self.focus_on("headlines" if event.panel is self.headlines else event.panel.spec.name)
        event.panel.redraw()
        if event.acts:
            self._do(commands.named("panel", "rows" if event.panel is self.headlines else "select"), "")

    @on(Map.Drawn)
    def drawn(self, event: Map.Drawn) -> None:
        """Select what the mouse drew, or say that it is nothing."""
        panel = event.widget
        assert isinstance(panel, Map)
        self._touch()
        self.focus_on(panel.spec.name)
        if event.shape is not None:
            onmap.take(self, panel, event.shape)
        else:
            panel.redraw()
            self.say("what was drawn holds no ground")

    @on(Tabs.Pressed)
    def tab_pressed(self, event: Tabs.Pressed) -> None:
        """Show the panel whose name was pressed."""
        self._touch()
        self.choosing = ""
        self.show_alone(event.name)

    def on_paste(self, event: events.Paste) -> None:
        """Type what was pasted into the view; on the page, select the selection that it says."""
        event.stop()
        self._touch()
        self.choosing = ""
        if self.view is None or isinstance(self.view, RowsView):
            self.paste(event.text)
        else:
            for character in event.text[:TYPED]:
                self.view.press(character, character)
        self.redraw_foot()


def _quits(key: str, character: str | None) -> bool:
    """Return whether a key leaves the console even where a text can be typed."""
    return key in commands.named("anywhere", "leave_console").keys and not (character and character.isprintable())


def still(said: str) -> str:
    """Return a sentence without what it says of a change, which passes."""
    return said.replace(", changed", "")

"""Every key, from the one table of commands."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rich.style import Style

from console.app.drawing import bound, glyphs, ink, reader
from console.app.panels.bars import STEPS
from console.app.views.view import Under, View
from console.desk.answer import State

Section = tuple[str, Sequence[tuple[str, str]]]  # a heading, and (keys, what they do)
STATES = {
    State.SELECTED: "selected",
    State.POSSIBLE: "possible",
    State.ALTERNATIVE: "alternative: has rows, but another value is selected",
    State.EXCLUDED: "excluded: no rows under what else is selected",
    State.SELECTED_EXCLUDED: "selected, but excluded by another field",
    State.LOCKED: "locked",
}


class Help(View):
    """The help screen."""

    hint = "up down scroll, esc leaves"

    def __init__(self, page: Under, keys: Sequence[Section], memory: str, leaves: Collection[str]) -> None:
        """Show these keys, under their headings, the app's panels, and what is held in memory; some keys leave it, as esc does."""
        super().__init__(page)
        self.keys, self.memory, self.leaves, self.top = keys, memory, leaves, 0

    def lines(self, width: int) -> list[ink.Line]:
        """Return the whole text."""
        app = self.page.sitting.app
        made: list[ink.Line] = [[(f"{app.title}: ", ink.STRONG), (app.help, ink.TEXT)], []]
        for heading, entries in self.keys:
            made.append([(heading, ink.TITLE)])
            for key, said in entries:
                made += self._entry(f"{key:<18}", said, width, ink.KEY)
            made.append([])
        made += self._panels(width) if reader.ON else [*self._marks(width), *self._panels(width)]
        return [*made, [], [("In memory", ink.TITLE)], *self._entry("   ", self.memory, width, ink.KEY)]

    def _marks(self, width: int) -> list[ink.Line]:
        """Return what the marks mean, and the mouse: of no use to who reads words."""
        made: list[ink.Line] = [[("The mark before a value", ink.TITLE)]]
        for state, said in STATES.items():
            made += self._entry(f"{glyphs.GLYPHS[state]:<3}", said, width, ink.STATES[state])
        made += self._entry(f"{glyphs.CHANGED:<3}", "changed in the last 5 s", width, ink.CHANGED)
        opens = bound.said("{open_profile} opens the page of what the line names, {select} selects it")
        made += self._entry(f"{glyphs.OPENS:<3}", opens, width, ink.KEY)
        made += [[], [("The mouse", ink.TITLE)]]
        said = "A press puts the cursor; a press on the cursor selects its value, or opens the rows of its headline."
        made += self._entry("   ", said, width, ink.KEY)
        said = bound.said("On a map a drag draws a lasso, with shift or ctrl held a box, after {map.circle} a circle from its middle.")
        made += self._entry("   ", said, width, ink.KEY)
        return [*made, []]

    def _panels(self, width: int) -> list[ink.Line]:
        made: list[ink.Line] = [[("The panels", ink.TITLE)]]
        for spec in self.page.sitting.app.panels:
            said = f"{spec.title}. {spec.help}".strip() if spec.help else spec.title
            made += self._entry(f"{(bound.key('jump') + spec.key) if spec.key else '':<3}", said, width, ink.KEY)
        return made

    def _entry(self, key: str, said: str, width: int, style: Style) -> list[ink.Line]:
        first, *rest = ink.paragraph(said, max(10, width - len(key) - 4)) or [[]]
        more: list[ink.Line] = [[(" " * (len(key) + 2), ink.TEXT), *line] for line in rest]
        return [[(f"  {key}", style), *first], *more]

    def draw(self, width: int, height: int) -> list[ink.Line]:
        """See Drawn."""
        lines = self.lines(width)
        self.top = max(0, min(self.top, len(lines) - height + 1))
        shown = lines[self.top : self.top + height - 1]
        below = len(lines) - self.top - len(shown)
        return [[(" ", ink.TEXT), *line] for line in [*shown, [(f"{below} lines below" if below else "", ink.DIM)]]]

    def spoken(self, aside: bool = False) -> str:
        """See View: the line at the top."""
        lines = self.lines(max(40, self.size.width))
        said = next((text for line in lines[self.top :] if (text := " ".join(ink.plain(line).split()))), "the end")
        return f"Help, line {self.top + 1} of {len(lines)}: {said}"

    def press(self, key: str, character: str | None) -> bool:
        """See View."""
        if key in STEPS:
            self.top += STEPS[key]
            self.redraw()
            return True
        if key in self.leaves:
            key = "escape"
        return super().press(key, character)

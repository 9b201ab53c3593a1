"""Why personal data is looked at: asked in one line, once a case, before it is shown."""

from __future__ import annotations

from console.app.drawing import glyphs, ink
from console.app.messages import Wanting
from console.app.views.view import Under, View, typed
from console.desk import reason


class Why(View):
    """A line for the reason, the case and words; what was asked goes on by itself once it is given."""

    hint = "enter goes on, esc goes back"

    def __init__(self, page: Under, wanted: Wanting) -> None:
        """Ask, with the last reason in place."""
        super().__init__(page)
        self.wanted = [wanted]
        codes = [each.code for each in wanted.listed]
        last = wanted.last
        self.line = f"{codes.index(last.code) + 1} " if last is not None and last.code in codes else ""
        if self.line and last is not None and last.case and not wanted.case:
            self.line += f"{last.case} "

    def more(self, wanted: Wanting) -> None:
        """Take another question that waits for the same reason."""
        self.wanted.append(wanted)

    @property
    def case(self) -> str:
        """The case that it is asked from, "" where it isn't asked from any."""
        return self.wanted[0].case

    def _asks(self) -> str:
        case = f", for {glyphs.clean(self.case)}" if self.case else ""
        return f"{glyphs.clean(self.wanted[0].what)}: personal data. Why do you look{case}?"

    def _listed(self) -> list[str]:
        return [f"{n} {each.title}{', with its reference' if each.cased else ''}" for n, each in enumerate(self.wanted[0].listed, 1)]

    def draw(self, width: int, height: int) -> list[ink.Line]:
        """See Drawn."""
        asks = ink.paragraph(self._asks(), width - 2, ink.STRONG)
        wanted = "number, words" if self.case else "number, case, words"
        line: ink.Line = [(f" Reason ({wanted}): ", ink.TEXT), (glyphs.clean(self.line), ink.STRONG), ("_", ink.CARET)]
        said = "It is asked once a case, and stands in the audit with what you look at."
        lines = [*([(" ", ink.TEXT), *each] for each in asks), line]
        lines += [[(f"   {each}", ink.TEXT)] for each in self._listed()]
        return [*lines, *([(" ", ink.TEXT), *each] for each in ink.paragraph(said, width - 2, ink.DIM))]

    def spoken(self, aside: bool = False) -> str:
        """See View."""
        if self.line:
            return f"Reason: {self.line}; {self.hint}"
        return f"{self._asks()} {'; '.join(self._listed())}; type the number{'' if self.case else ', the case'} and words; {self.hint}"

    def press(self, key: str, character: str | None) -> bool:
        """See View."""
        if key == "enter":
            self._give()
            return True
        if key == "escape":
            self.page.close_view()
            for each in self.wanted:
                each.back()
            self.page.say("no reason given: it isn't shown")
            return True
        made = typed(self.line, key, character)
        if made is None:
            return super().press(key, character)
        self.line = made
        self.redraw()
        return True

    def _give(self) -> None:
        try:
            given = reason.read(self.line, self.wanted[0].listed, self.case)
        except ValueError as error:
            self.page.say(str(error))
            return
        self.page.say("asking again...")
        self.page.asking.explain(reason.Reason(given.code, given.case, given.words, self.case), self._go_on)

    def _go_on(self) -> None:
        if self.is_attached:
            self.page.close_view()
        for each in self.wanted:
            each.again()

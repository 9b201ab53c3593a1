"""A selection typed in the grammar of the command line: values, times, and areas by their corners or their middle."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

from console.app.asking import words_of
from console.app.drawing import ink
from console.app.messages import Done, Said
from console.app.views.view import Under, View, typed
from console.desk import grammar
from console.desk.selection import Selection

EXAMPLES = ("area=circle(-2.59,51.45,800)", "area=polygon(-2.6 51.4,-2.5 51.4,-2.5 51.5)", "grade=Immediate", "time=-4h..")
MOST = 600  # characters
_SHAPE = re.compile(r"(?<!['\"])\barea=\w+\([^()]*\)")


class Typing(View):
    """A line for clauses; each takes the place of what is selected of its field."""

    hint = "enter selects, esc leaves it"

    def __init__(self, page: Under) -> None:
        """Begin with nothing typed."""
        super().__init__(page)
        self.clause_typed = ""

    def draw(self, width: int, height: int) -> list[ink.Line]:
        """See Drawn."""
        said = f"Such as {', '.join(EXAMPLES)}; longitude before latitude, in degrees, and metres. Blanks stand between several."
        return [
            [],
            [(" Select: ", ink.TEXT), (self.clause_typed[-max(1, width - 12) :], ink.STRONG), ("_", ink.CARET)],
            [],
            *([(" ", ink.TEXT), *line] for line in ink.paragraph(said, width - 2, ink.DIM)),
        ]

    def spoken(self, aside: bool = False) -> str:
        """See View."""
        return f"Select: {self.clause_typed or f'such as {EXAMPLES[0]}'}; {self.hint}"

    def press(self, key: str, character: str | None) -> bool:
        """See View."""
        if key == "enter":
            self._select()
            return True
        made = typed(self.clause_typed, key, character, MOST)
        if made is None:
            return super().press(key, character)
        self.clause_typed = made
        self.redraw()
        return True

    def _select(self) -> None:
        text, page = self.clause_typed.strip(), self.page

        def resolve() -> Done:
            texts, locks = grammar.untyped(_SHAPE.sub(lambda shape: shlex.quote(shape[0]), text))  # a shape's corners have blanks
            if not texts or locks:
                raise ValueError("type FIELD=VALUE")
            found = page.asking.resolve(texts, ())
            return Done(lambda: self._take(found))

        page.say("selecting...")
        page.asking.job(resolve, lambda error: Said(f"this can't be selected: {words_of(error)}"))

    def _take(self, found: Selection) -> None:
        page = self.page
        page.close_view()
        page.say("")
        page.change(_chosen(page, found))


def _chosen(page: Under, found: Selection) -> Callable[[], bool]:
    """Return the step that selects what was found beside all that is selected of other fields."""

    def step() -> bool:
        selection = page.sitting.selection
        for name, clause in found.clauses:
            selection = selection.with_clause(name, clause)
        return page.sitting.go(selection)

    return step

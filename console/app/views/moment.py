"""A line for the moment that a replay is to show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from console.app.drawing import ink, words
from console.app.views.view import Under, View, typed
from console.desk.grammar import instant, relative, seconds


class Moment(View):
    """Takes a local time, one of today or yesterday, or one so long ago."""

    hint = "enter goes there, esc leaves it"

    def __init__(self, page: Under, go: Callable[[datetime], None], present: Callable[[], datetime]) -> None:
        """Ask; `go` takes the moment, naive UTC."""
        super().__init__(page)
        self.typed, self._go, self._present = "", go, present

    def draw(self, width: int, height: int) -> list[ink.Line]:
        """See Drawn."""
        now = words.local(self._present())
        examples = f"{now - timedelta(days=1):%Y-%m-%d} 14:05, 14:05 (the last there was), -2h, -30m"
        return [
            [],
            [(" Show the force as at: ", ink.TEXT), (self.typed, ink.STRONG), ("_", ink.CARET)],
            [],
            *(
                [(" ", ink.TEXT), *line]
                for line in ink.paragraph(f"A local time, such as {examples}; nothing is the present.", width - 2, ink.DIM)
            ),
        ]

    def spoken(self, aside: bool = False) -> str:
        """See View."""
        return f"Show the force as at: {self.typed or 'nothing typed yet'}; {self.hint}"

    def press(self, key: str, character: str | None) -> bool:
        """See View."""
        if key == "enter":
            try:
                at = moment(self.typed, self._present())
            except ValueError as error:
                self.page.say(str(error))
                return True
            self.page.close_view()
            self._go(at)
            return True
        made = typed(self.typed, key, character)
        if made is not None:
            self.typed = made
            self.redraw()
            return True
        return super().press(key, character)


def moment(text: str, present: datetime) -> datetime:
    """Return what was typed as naive UTC: a local time, the last time that it was so late, or relative to the present.

    Raises ValueError saying what is wrong, also of a moment to come.
    """
    said = text.strip()
    if not said:
        return present
    if relative(said):
        made = present + timedelta(seconds=seconds(said) or 0)
    elif len(said) <= len("14:05:00") and ":" in said:
        today = words.local(present).date()
        made = instant(f"{today} {said.zfill(5)}")
        made = made if made <= present else instant(f"{today - timedelta(days=1)} {said.zfill(5)}")
    else:
        made = instant(said)
    if made > present:
        raise ValueError(f"{text!r} is still to come: the present is {words.clock(present)}")
    return made

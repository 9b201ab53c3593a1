"""Who acknowledges: asked once a sitting."""

from __future__ import annotations

from console.app.drawing import glyphs, ink
from console.app.views.view import Under, View, typed
from console.desk.answer import Alert
from console.desk.login import login


class Name(View):
    """A line for the name; the default is the login name."""

    hint = "enter acknowledges, esc leaves it"

    def __init__(self, page: Under) -> None:
        """Ask with the login name in place."""
        super().__init__(page)
        self.name_typed = login()

    def draw(self, width: int, height: int) -> list[ink.Line]:
        """See Drawn."""
        alert = self.page.alerts[0] if self.page.alerts else None
        said = announced(alert) if alert else "nothing waits any more"
        return [
            [],
            *([(" ", ink.TEXT), *line] for line in ink.paragraph(said, width - 2, ink.STRONG)),
            [],
            [(" Acknowledged by: ", ink.TEXT), (self.name_typed, ink.STRONG), ("_", ink.CARET)],
            [(" Your name stands in the incident's log. It is asked once.", ink.DIM)],
        ]

    def spoken(self, aside: bool = False) -> str:
        """See View."""
        return f"Acknowledged by: {self.name_typed}; {self.hint}"

    def press(self, key: str, character: str | None) -> bool:
        """See View."""
        if key == "enter":
            if not self.name_typed.strip():
                self.page.say("a name is needed")
                return True
            self.page.sitting.signer = self.name_typed.strip()
            self.page.close_view()
            self.page.acknowledge(self.page.sitting.signer)
            return True
        made = typed(self.name_typed, key, character)
        if made is not None:
            self.name_typed = made
            self.redraw()
            return True
        return super().press(key, character)


def announced(alert: Alert) -> str:
    """Return an alert in words: its kind, once, and what it is about."""
    kind, text = alert.kind.upper(), glyphs.clean(alert.text)
    return text if text.upper().startswith(kind) else f"{kind} {text}"

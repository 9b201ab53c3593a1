"""What every view does: it takes keys before the table of commands does, and esc leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events

from console.app.drawn import Drawn

if TYPE_CHECKING:
    from console.app.page import Page


class View(Drawn):
    """Lies over the panels; the strips round it stay."""

    where: tuple[str, ...] = ()  # the places of the table of commands that hold here
    hint = "esc leaves"

    def __init__(self, page: Page) -> None:
        """Lie over a page."""
        super().__init__(classes="view")
        self.page = page

    def press(self, key: str, character: str | None) -> bool:
        """Take a key; return whether it meant something here."""
        if key == "escape":
            self.page.close_view()
            return True
        return False

    def point(self, y: int, twice: bool) -> None:
        """Take a press of the mouse on a line."""

    def on_click(self, event: events.Click) -> None:
        """Hand on a press of the mouse."""
        event.stop()
        self.point(event.y, event.chain > 1)


def typed(text: str, key: str, character: str | None) -> str | None:
    """Return a line of text after a key: a character added, the last taken away; None if the key does neither."""
    if key == "backspace":
        return text[:-1]
    if key == "ctrl+u":
        return ""
    if character is not None and character.isprintable() and len(text) < 80:
        return text + character
    return None

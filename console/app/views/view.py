"""What every view does: it takes keys before the table of commands does, and esc leaves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from textual import events

from console.app.asking import Asking
from console.app.drawing.drawn import Drawn
from console.app.sitting import Sitting
from console.desk.answer import Alert


class Under(Protocol):
    """The page that a view lies over, as far as views know it."""

    asking: Asking
    sitting: Sitting
    view: View | None

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """What waits to be acknowledged."""
        ...

    @property
    def as_of(self) -> datetime | None:
        """The time of the last answer."""
        ...

    def say(self, said: str, alarm: bool = False) -> None:
        """Say something at the foot until the next key."""
        ...

    def change(self, step: Callable[[], bool]) -> None:
        """Take a step that may change the selection; a refused one says why."""
        ...

    def acknowledge(self, by: str) -> None:
        """Acknowledge the first alert."""
        ...

    def close_view(self) -> None:
        """Leave the view for what is under it."""
        ...


class View(Drawn):
    """Lies over the panels; the strips round it stay."""

    where: tuple[str, ...] = ()  # the places of the table of commands that hold here
    hint = "esc leaves"

    def __init__(self, page: Under) -> None:
        """Lie over a page."""
        super().__init__(classes="view")
        self.page = page

    def press(self, key: str, character: str | None) -> bool:
        """Take a key; return whether it meant something here."""
        if key == "escape":
            self.page.close_view()
            return True
        return False

    @property
    def answered(self) -> bool:
        """Whether it waits for nothing from the Desk."""
        return True

    def spoken(self, aside: bool = False) -> str:
        """Return where the cursor is in a sentence, after a move to the side or not."""
        return self.hint

    def point(self, x: int, y: int) -> None:
        """Take a press of the mouse on a line."""

    def on_click(self, event: events.Click) -> None:
        """Hand on a press of the mouse."""
        event.stop()
        self.point(event.x, event.y)


def typed(text: str, key: str, character: str | None, most: int = 80) -> str | None:
    """Return a line of text after a key: a character added, the last taken away; None if the key does neither."""
    if key == "backspace":
        return text[:-1]
    if key == "ctrl+u":
        return ""
    if character is not None and character.isprintable() and len(text) < most:
        return text + character
    return None

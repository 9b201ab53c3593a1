"""The way back from a thing's page: everything that stood where it was opened."""

from __future__ import annotations

from dataclasses import dataclass

from console.app.drawing.cursor import Cursor
from console.app.views.view import View


@dataclass(frozen=True, slots=True)
class Way:
    """What was on the screen when a page was opened, and the panel that it was opened in."""

    to: str
    focus: str
    alone: str
    wide: bool
    view: View | None
    under: tuple[View, ...]
    subject: str | None = None  # of the profile it was opened from, with its cursor
    cursor: Cursor | None = None

    @property
    def views(self) -> tuple[View, ...]:
        """The views that lay over the panels, the top one last."""
        return (*self.under, self.view) if self.view is not None else ()

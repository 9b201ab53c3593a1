"""The foot: the keys that can be pressed here, or what is said until the next key."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from console.app.drawing import glyphs, ink
from console.app.drawing.drawn import Drawn
from console.desk.page import App

Keys = Sequence[tuple[str, str]]  # (key, words)


class Foot(Drawn):
    """Keys in one line, in a high window in two; a message in as many lines as it takes, at most three."""

    def __init__(self) -> None:
        """Show nothing."""
        super().__init__(id="foot")
        self.message, self.hint = "", ""
        self.offer: Callable[[int], str] | None = None  # what is offered before the first key, in a width; before any message
        self.alarm = False
        self.keys: Keys = ()
        self.always: Keys = ()  # after the keys, and never left out
        self.apps: Sequence[App] = ()
        self.opened = ""
        self.lines = 1  # that the keys may take
        self._held = 1
        self._fitted: tuple[object, list[ink.Line]] | None = None

    def resized(self, lines: int) -> None:
        """Take another number of lines for the keys; those they once took are kept until then, so that nothing jumps."""
        self.lines, self._held = lines, 1

    @property
    def held(self) -> int:
        """The lines that the keys take."""
        return self._held

    @held.setter
    def held(self, lines: int) -> None:
        self._held = max(1, min(lines, self.lines))

    def high(self, width: int) -> int:
        """Return how many lines it takes."""
        if not (said := self._said(width)):
            self._held = max(self._held, len(self._offered(width)))
        return max(len(said[:3]), self._held)

    def _said(self, width: int) -> list[ink.Line]:
        if self.offer is not None:
            return ink.paragraph(self.offer(width - 2), width - 2, ink.STRONG)
        style = ink.DIM if not self.message else ink.WARN if self.alarm else ink.STRONG
        return ink.paragraph(self.message or self.hint, width - 2, style)

    def _offered(self, width: int) -> list[ink.Line]:
        """Return the lines of keys, as long as they are the same those found before."""
        asked = (tuple(self.keys), tuple(self.always), tuple(self.apps), self.opened, self.lines, width)
        if self._fitted is None or self._fitted[0] != asked:
            self._fitted = asked, self._fit(width)
        return self._fitted[1]

    def _fit(self, width: int) -> list[ink.Line]:
        """Return the lines of keys: those in the middle are left out where there is no room."""
        apps: list[ink.Line] = [
            [
                (f"{app.key} ", ink.KEY),
                (f"{glyphs.HERE}{app.title.lower()}", ink.HERE) if app.name == self.opened else (app.title.lower(), ink.DIM),
            ]
            for app in self.apps
            if width >= 100
        ]
        keys, always = ([[(f"{key} ", ink.KEY), (does, ink.DIM)] for key, does in held] for held in (self.keys, self.always))
        made: list[ink.Line] = []
        for gap in (2, 1):
            for kept in range(len(keys), -1, -1):
                made = ink.wrapped([*apps, *keys[:kept], *always], width - 1, gap)
                if len(made) <= self.lines:
                    return made
        return made[: self.lines]

    def draw(self, width: int, height: int) -> list[ink.Line]:
        """See Drawn."""
        return [[(" ", ink.TEXT), *line] for line in (self._said(width) or self._offered(width))[:height]]

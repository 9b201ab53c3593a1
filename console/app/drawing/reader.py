"""Reader mode: whether the screen is drawn to be read out, in words and in one line's order, for a screen reader or braille."""

from __future__ import annotations

ON = False


def use(on: bool) -> None:
    """Draw so, or not, from now on: to be chosen before any widget is made."""
    global ON
    ON = on

"""What a terminal can do, by its entry in terminfo."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Abilities:
    """Whether it erases in the colour behind the pen, erases cells in the middle of a row, and goes straight to a column or a row.

    `raw` says that its line feeds go straight down: nothing between here and there makes them begin a row.
    """

    fills: bool = False
    holes: bool = False
    columns: bool = False
    rows: bool = False
    raw: bool = False


def of(term: str) -> Abilities:
    """Return the abilities of a kind of terminal; none where it isn't known."""
    import curses

    try:
        curses.setupterm(term, 1)
    except curses.error:
        return Abilities()
    fills = bool(curses.tigetflag("bce")) or term.startswith("tmux")  # tmux does, whatever its entry says
    has = {name: bool(curses.tigetstr(name)) for name in ("ech", "hpa", "vpa")}
    return Abilities(fills, has["ech"], has["hpa"], has["vpa"])

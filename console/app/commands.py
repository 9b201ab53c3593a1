"""The one table of commands: it makes the keys, the foot, the help screen and what is said when one can't act now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.app import acts, whynot

if TYPE_CHECKING:
    from console.app.page import Page

SHOWN = {
    "left_square_bracket": "[", "right_square_bracket": "]", "slash": "/", "question_mark": "?", "apostrophe": "'",
    "full_stop": ".", "plus": "+", "equals_sign": "=", "minus": "-", "escape": "esc",
}  # fmt: skip
ARROWS = ("up", "down", "left", "right", "pageup", "pagedown", "home", "end")


def never(page: Page) -> str:
    """Return no reason: the command can always act."""
    return ""


@dataclass(frozen=True, slots=True)
class Command:
    """Something a key does.

    `where` is "anywhere", "panel", a panel's kind, "drawing" or "rows"; the narrower goes first. `words` are for the
    foot ("" leaves it out), `help` for the help screen; `why_not` says why it can't act now, or "".
    """

    name: str
    keys: tuple[str, ...]
    words: str
    help: str
    where: str
    act: Callable[[Page, str], None]
    why_not: Callable[[Page], str] = never
    shown_as: str = ""

    @property
    def shown(self) -> str:
        """The key as it is written."""
        return self.shown_as or SHOWN.get(self.keys[0], self.keys[0])


COMMANDS: tuple[Command, ...] = (
    Command("finish drawing", ("enter",), "select it", "Select what the circle or box holds.", "drawing", acts.finish_drawing),
    Command("stop drawing", ("escape",), "stop", "Stop drawing.", "drawing", acts.stop_drawing),
    Command("resize", ("plus", "equals_sign", "minus"), "size", "Make the circle larger or smaller.", "drawing", acts.resize, shown_as="+ -"),
    Command("rows: select", ("space",), "select", "Select the value in the cursor's cell, or take it out.", "rows", acts.select, whynot.nothing_here),
    Command("rows: sort", ("s",), "sort", "Sort by the cursor's column; again turns it round.", "rows", acts.sort),
    Command("rows: columns", ("v",), "columns", "Choose the columns.", "rows", acts.columns),
    Command("rows: leave", ("escape", "backspace"), "leave", "Leave the rows for the page.", "rows", acts.leave),
    Command("rows: open", ("o", "enter"), "open", "Open the page of the row.", "rows", acts.open_profile, whynot.no_profile),
    Command("rows: move", ARROWS, "", "Move by row, page or column; fetch what comes into view.", "rows", acts.move, shown_as="arrows"),
    Command("deeper", ("right", "full_stop"), "deeper", "Go a level deeper, into the value.", "bars", acts.deeper, whynot.no_deeper, "right"),
    Command("up", ("left", "backspace"), "up", "Go a level up.", "bars", acts.up, whynot.no_up, "left"),
    Command("circle", ("c",), "circle", "Draw a circle round the cursor.", "map", acts.circle, whynot.area_locked),
    Command("box", ("b",), "box", "Draw a box from the cursor.", "map", acts.box, whynot.area_locked),
    Command("closer", ("z",), "zoom", "Show less ground, larger.", "map", acts.closer, whynot.closest),
    Command("farther", ("Z",), "", "Show more ground.", "map", acts.farther, whynot.farthest),
    Command("next place", ("n",), "next", "Go to the next place that has anything.", "map", acts.next_place),
    Command("previous place", ("N",), "", "Go to the place before it that has anything.", "map", acts.previous_place),
    Command("clear here", ("x",), "clear", "Clear the place and the area (c draws a circle here).", "map", acts.clear, whynot.nothing_to_clear),
    Command("select", ("space",), "select", "Select the value under the cursor, or take it out.", "panel", acts.select, whynot.nothing_here),
    Command("rows", ("enter",), "rows", "Show the rows that the number under the cursor counts.", "panel", acts.rows, whynot.no_rows),
    Command("open", ("o",), "open", "Open the page of the incident or unit under the cursor.", "panel", acts.open_profile, whynot.no_profile),
    Command("next panel", ("tab",), "panel", "Give the keys to the next panel.", "panel", acts.next_panel),
    Command("previous panel", ("shift+tab",), "", "Give the keys to the panel before.", "panel", acts.previous_panel),
    Command("jump", ("apostrophe",), "jump", "Then a panel's letter: go to it, also when it isn't on the screen.", "panel", acts.jump),
    Command("lock", ("L",), "lock", "Lock what is selected in this panel, or free it again.", "anywhere", acts.lock, whynot.nothing_to_lock),
    Command("back", ("left_square_bracket",), "back", "Go back to the selection before.", "anywhere", acts.back, whynot.no_back),
    Command("forward", ("right_square_bracket",), "forward", "Go forward again.", "anywhere", acts.forward, whynot.no_forward),
    Command("search", ("slash",), "search", "Search the values of all fields as you type.", "anywhere", acts.search),
    Command("clear", ("c", "x"), "clear", "Clear what is selected in this panel.", "panel", acts.clear, whynot.nothing_to_clear),
    Command("clear all", ("C",), "clear all", "Clear every selection but the locked ones.", "anywhere", acts.clear_all, whynot.nothing_selected),
    Command("acknowledge", ("a",), "", "Acknowledge the first alert in your name; the bell stops.", "anywhere", acts.acknowledge, whynot.no_alert),
    Command("see alert", ("A",), "", "Open the page of the first alert.", "anywhere", acts.see_alert, whynot.no_alert),
    Command("full", ("f",), "full", "Show this panel alone, or all again.", "panel", acts.full, whynot.always_alone),
    Command("leave", ("escape",), "", "Back to all panels.", "panel", acts.leave, whynot.nothing_to_leave),
    Command("next tab", ("t",), "tab", "Show the next panel alone.", "panel", acts.next_tab),
    Command("previous tab", ("T",), "", "Show the panel before alone.", "panel", acts.previous_tab),
    Command("move", ARROWS, "", "Move the cursor.", "panel", acts.move, shown_as="arrows"),
    Command("ask again", ("r",), "", "Ask for everything again.", "anywhere", acts.again),
    Command("open app", tuple("123456789"), "", "Open another app; the selection goes with you.", "anywhere", acts.open_app, shown_as="1-9"),
    Command("quit", ("q", "ctrl+c", "ctrl+q"), "", "Leave the console, at once.", "anywhere", acts.leave_console),
    Command("help", ("question_mark",), "help", "Show every key.", "anywhere", acts.show_help),
)  # fmt: skip

HEADINGS = {
    "anywhere": "Anywhere", "panel": "In a panel", "bars": "In bars that go deeper", "map": "On the map",
    "drawing": "While drawing", "rows": "In rows",
}  # fmt: skip


def find(key: str, where: Sequence[str]) -> Command | None:
    """Return the command of a key in the narrowest place that has one."""
    for place in where:
        for command in COMMANDS:
            if command.where == place and key in command.keys:
                return command
    return None


def usable(where: Sequence[str]) -> Iterable[Command]:
    """Return the commands that the foot offers, the narrowest place's first, help last; a key only once."""
    taken: set[str] = set()
    last = COMMANDS[-1]
    for place in where:
        for command in COMMANDS:
            if command.where == place and command is not last and command.keys[0] not in taken:
                taken |= set(command.keys)
                yield command
    yield last

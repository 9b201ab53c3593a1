"""The one table of commands: it makes the keys, the foot, the help screen and what is said when one can't act now."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from textual.keys import KEY_TO_UNICODE_NAME, _character_to_key

from console.app.drawing import bound
from console.app.keys import acts, copying, exporting, layers, onmap, replaying, whynot
from console.app.page.page import Page
from console.app.views.help import Help

SHOWN = {
    "left_square_bracket": "[", "right_square_bracket": "]", "slash": "/", "question_mark": "?", "apostrophe": "'",
    "full_stop": ".", "comma": ",", "plus": "+", "equals_sign": "=", "minus": "-", "escape": "esc",
    "underscore": "_", "backslash": "\\", "at": "@",
}  # fmt: skip
STEPS = "less_than_sign greater_than_sign left_parenthesis right_parenthesis left_curly_bracket right_curly_bracket"
ARROWS = "up down left right pageup pagedown home end"


def never(page: Page) -> str:
    """Return no reason: the command can always act."""
    return ""


@dataclass(frozen=True, slots=True)
class Command:
    """Something that keys do.

    `words` are for the foot ("" leaves it out), `help` for the help screen; `why_not` says why it can't act now, or "".
    """

    typed: str  # its keys, by Textual's names, apart by spaces
    words: str
    help: str
    act: Callable[[Page, str], None]
    why_not: Callable[[Page], str] = never
    shown_as: str = ""
    always: bool = False  # the foot never leaves it out
    stands_for: Mapping[str, str] = field(default_factory=dict)  # of a key given in a file: the key of the table it is pressed for

    @property
    def keys(self) -> tuple[str, ...]:
        """Its keys."""
        return tuple(self.typed.split())

    @property
    def name(self) -> str:
        """What it is called."""
        return self.act.__name__

    @property
    def family(self) -> bool:
        """Whether each of its keys has a meaning of its own, as the arrows have."""
        return bool(self.shown_as) and len(self.keys) > 1

    def refusal(self, page: Page) -> str:
        """Return why it can't act now, or ""."""
        return whynot.away(page, self.name) or self.why_not(page)

    @property
    def shown(self) -> str:
        """The first key as it is written, "" without one."""
        return self.shown_as or next(map(written, self.keys), "")

    @property
    def all_shown(self) -> str:
        """Every key as it is written."""
        return self.shown_as or " ".join(map(written, self.keys)) or "no key"

    def do(self, page: Page, key: str) -> None:
        """Act for a key that was pressed."""
        self.act(page, self.stands_for.get(key, key))

    def given(self, keys: Mapping[str, tuple[str, ...]]) -> Command:
        """Return the command with other keys: of a family for each key of the table, else for ""."""
        typed = " ".join(dict.fromkeys(key for held in keys.values() for key in held))
        if not self.family:
            return replace(self, typed=typed, shown_as="")
        stands_for = {key: meant for meant, held in keys.items() for key in held}
        shown = " ".join(dict.fromkeys(written(held[0]) for held in keys.values() if held)) or "no key"
        return replace(self, typed=typed, stands_for=stands_for, shown_as=shown)


def written(key: str) -> str:
    """Return one of Textual's names of a key as it is written."""
    return SHOWN.get(key) or unicode_of(key)


def name_of(character: str) -> str:
    """Return Textual's name of the key that types a character."""
    return _character_to_key(character)


def unicode_of(key: str) -> str:
    """Return the character that a key is named for, or the name if it is of no character."""
    try:
        made = unicodedata.lookup(KEY_TO_UNICODE_NAME.get(key, key.replace("_", " ")))
    except KeyError:
        return key
    return made if len(key) > 1 and made.isprintable() and made != " " else key


def show_help(page: Page, key: str) -> None:
    """Open the help, made from this table."""
    keys = [
        (bound.said(heading), [(each.all_shown, bound.said(each.help)) for each in COMMANDS[where]]) for where, heading in HEADINGS.items()
    ]
    leaves = [each for name in ("show_help", "leave_console") for each in named("anywhere", name).keys]
    page.open_view(Help(page, keys, page.asking.desk.memory(page.asking.viewer), leaves))


EXPORTS = (
    "Export to a file: then {export_csv} CSV, {export_parquet} Parquet, {export_geojson} GeoJSON, {export_area} the area, "
    "{export_svg} SVG, {export_html} HTML."
)
# By place, the narrower first where two hold at once.
COMMANDS: dict[str, tuple[Command, ...]] = {
    "drawing": (
        Command("enter", "select it", "Select what the circle, box or lasso holds.", onmap.finish),
        Command("space", "corner", "Mark a corner of the lasso; a circle or box is selected.", onmap.corner),
        Command("backspace", "", "Take back the last corner, or the last digit of the metres.", onmap.undo),
        Command("escape", "stop", "Stop drawing.", onmap.stop, always=True),
        Command("plus equals_sign minus", "size", "Make the circle larger or smaller.", onmap.resize, whynot.no_circle, shown_as="+ -"),
        Command("0 1 2 3 4 5 6 7 8 9", "metres", "Type the circle's radius in metres.", onmap.size, whynot.no_circle, shown_as="0-9"),
    ),
    "rows": (
        Command("space", "select", "Select the value in the cell, or take it out.", acts.select, whynot.nothing_here),
        Command("escape backspace", "leave", "Leave the rows for the page.", acts.leave, always=True),
        Command("s", "sort", "Sort by the cursor's column; again turns it round.", acts.sort),
        Command("v", "columns", "Choose the columns.", acts.columns),
        Command("e", "export", EXPORTS, exporting.export, whynot.no_export),
        Command("o enter", "open", "Open the page of the row.", acts.open_profile, whynot.no_profile),
        Command("i", "map", "Show the row's incident or unit on the map.", onmap.find, whynot.no_map),
        Command("c x", "", "Clear what is selected in the cursor's column.", acts.clear, whynot.nothing_to_clear),
        Command(ARROWS, "", "Move by row, page or column; what comes into view is fetched.", acts.move, shown_as="arrows"),
    ),
    "opened": (Command("escape backspace", "back", "Go back to where the page was opened.", acts.come_back, always=True),),
    "bars": (
        Command("right full_stop", "deeper", "Go a level deeper, into the value.", acts.deeper, whynot.no_deeper),
        Command("left backspace", "up", "Go a level up.", acts.up, whynot.no_up),
    ),
    "map": (
        Command("enter", "select", "Select the place under the cursor; if it is selected, show its rows.", onmap.pick, whynot.nothing_here),
        Command("l", "lasso", "Draw a lasso: {drawing.corner} marks its corners.", onmap.lasso, whynot.cannot_draw),
        Command("c", "circle", "Draw a circle round the cursor, or the incident or unit there.", onmap.circle, whynot.cannot_draw),
        Command("b", "box", "Draw a box from the cursor.", onmap.box, whynot.cannot_draw),
        Command("z", "zoom", "Show less ground, larger, about the cursor.", onmap.closer, whynot.closest),
        Command("Z", "", "Show more ground.", onmap.farther, whynot.farthest),
        Command("s", "fit", "Show what is selected, as large as it goes.", onmap.selected, whynot.nothing_to_show),
        Command("w", "", "Show the whole force.", onmap.whole, whynot.farthest),
        Command("i", "", "Go to the incident nearest to the cursor, and show what lies around it.", onmap.nearest),
        Command(
            "comma full_stop ctrl+left ctrl+right ctrl+up ctrl+down",
            "beats",
            "Go to the next beat left or right; ctrl and an arrow go up and down too.",
            onmap.neighbour,
            shown_as=", .",
        ),
        Command("n", "", "Go to the next place that has anything.", onmap.next_place),
        Command("N", "", "Go to the place before it that has anything.", onmap.previous_place),
        Command("x", "clear", "Clear place and area ({map.circle} draws a circle here).", acts.clear, whynot.nothing_to_clear),
        Command("backspace", "", "Take the shape drawn last off the area.", onmap.less, whynot.no_shape),
        Command("m", "measure", "Shade by the next layer: another measure or fact.", layers.next_layer, layers.one_layer),
        Command("M", "", "Shade by the layer before.", layers.previous_layer, layers.one_layer),
        Command("v", "level", "Show the next level of places: beats, sectors, districts.", layers.level, layers.one_level),
        Command("d", "", "Set against the same hour of earlier weeks, or no longer.", layers.difference, layers.no_weeks),
        Command("g", "", "Count in squares of the ground, or by place again.", layers.density, layers.not_drawn),
        Command("k", "", "Show incidents and units, or not.", layers.markers, layers.no_markers),
        Command("p", "", "Show names, then main roads too, then neither.", layers.names),
        Command("u", "", "Draw by the next symbol: half blocks, braille borders, one colour a cell.", layers.symbols, layers.one_symbol),
        Command("pageup pagedown home end", "", "Move the view half its size.", acts.move, shown_as="pages"),
    ),
    "panel": (
        Command("space", "select", "Select the value under the cursor, or take it out.", acts.select, whynot.nothing_here),
        Command(
            "shift+up shift+down shift+left shift+right",
            "",
            "Move the cursor and select what it passes.",
            acts.extend,
            whynot.nothing_here,
            shown_as="shift+arrows",
        ),
        Command("enter", "rows", "Show the rows that the number under the cursor counts.", acts.rows, whynot.no_rows),
        Command("o", "open", "Open the page of the incident or unit here.", acts.open_profile, whynot.no_profile),
        Command("i", "map", "Show the incident or unit here on the map.", onmap.find, whynot.no_map),
        Command("tab", "panel", "Give the keys to the next panel.", acts.next_panel),
        Command("shift+tab", "", "Give the keys to the panel before.", acts.previous_panel),
        Command("apostrophe", "jump", "Then a panel's letter: go there, also when it isn't on the screen.", acts.jump),
        Command("c x", "clear", "Clear what is selected in this panel.", acts.clear, whynot.nothing_to_clear),
        Command("f", "full", "Show this panel alone, or all again.", acts.full, whynot.always_alone),
        Command("t", "tab", "Show the next panel alone.", acts.next_tab),
        Command("T", "", "Show the panel before alone.", acts.previous_tab),
        Command("escape", "", "Back to all panels.", acts.leave, whynot.nothing_to_leave),
        Command(ARROWS, "", "Move the cursor.", acts.move, shown_as="arrows"),
    ),
    "taking": (Command("escape", "stop the export", "Stop the export: nothing of it is left.", exporting.stop_export, always=True),),
    "copying": (
        Command("v", "value", "Copy the value under the cursor.", copying.copy_value, whynot.no_value),
        Command("r", "row", "Copy its row, as cells between tabs.", copying.copy_row, whynot.no_row),
        Command("p", "panel", "Copy the panel, or the rows fetched, under a header.", copying.copy_panel, whynot.no_table),
        Command(
            "s",
            "selection",
            "Copy the selection as the command line takes it; pasted here it is selected again.",
            copying.copy_selection,
            whynot.no_selection,
        ),
        Command("escape", "leave", "Copy nothing.", copying.leave_choice, always=True),
    ),
    "exporting": (
        Command("c", "CSV", "The panel, or all the rows behind the number, as CSV.", exporting.export_csv, whynot.no_table),
        Command("p", "Parquet", "The same with its types, as Parquet.", exporting.export_parquet, whynot.no_table),
        Command("g", "GeoJSON", "The map's places and markers as GeoJSON.", exporting.export_geojson, whynot.no_places),
        Command("a", "area", "The area that is selected as GeoJSON, which area=@FILE takes in.", exporting.export_area, whynot.no_area),
        Command("s", "SVG", "A picture of the screen.", exporting.export_svg),
        Command("h", "HTML", "The screen as a page for a browser.", exporting.export_html),
        Command("escape", "leave", "Export nothing.", copying.leave_choice, always=True),
    ),
    "replay": (
        Command("P", "play", "Play it on, or pause it.", replaying.play, replaying.not_past),
        Command(
            STEPS,
            "step",
            "Step a minute with ( ), ten with < >, an hour with { }; from the present into replay.",
            replaying.step,
            replaying.no_later,
            shown_as="( ) < > { }",
        ),
        Command("F", "faster", "Play it faster.", replaying.faster, replaying.fastest),
        Command("S", "slower", "Play it slower.", replaying.slower, replaying.slowest),
        Command("E", "event", "Go on to the next Immediate incident.", replaying.next_event, replaying.not_past),
        Command("B", "", "Go back to the Immediate incident before.", replaying.event_before),
        Command("X", "present", "Leave the replay for the present.", replaying.live, replaying.not_past, always=True),
    ),
    "anywhere": (
        Command("L", "lock", "Lock what is selected in this panel, or free it.", acts.lock, whynot.nothing_to_lock),
        Command("left_square_bracket", "back", "Go back to the selection before.", acts.back, whynot.no_back, always=True),
        Command("right_square_bracket", "forward", "Go forward again.", acts.forward, whynot.no_forward),
        Command("slash", "search", "Search the values of all fields as you type.", acts.search, always=True),
        Command("colon", "", "Type a selection as the command line takes it, also an area: circle(lon,lat,metres).", acts.type_selection),
        Command("C", "clear all", "Clear every selection but the locked.", acts.clear_all, whynot.nothing_selected),
        Command(
            "y",
            "copy",
            "Copy: then {copy_value} a value, {copy_row} its row, {copy_panel} the panel, {copy_selection} the selection.",
            copying.copy,
        ),
        Command(
            "e",
            "export",
            EXPORTS,
            exporting.export,
            whynot.no_export,
        ),
        Command("H", "reason", "Say why you look at personal data: what is hidden here is shown.", acts.give_reason, whynot.nothing_hidden),
        Command("a", "", "Acknowledge the first alert in your name; the bell stops.", acts.acknowledge, whynot.no_acknowledging),
        Command("A", "", "Open the page of the first alert.", acts.see_alert, whynot.no_alert),
        Command("r", "", "Ask for everything again.", acts.again),
        Command("W", "replay", "Show the force as at a time that you type, and play it on from there.", replaying.when),
        Command("ctrl+l", "", "Draw the screen anew, where something else was written over it.", acts.redraw, shown_as="ctrl+l"),
        Command("R", "", "Go on with the sitting you left: its page, selections, rows and drafts.", acts.go_on, whynot.nothing_left),
        Command("1 2 3 4 5 6 7 8 9", "", "Open another app; the selection goes with you.", acts.open_app, shown_as="1-9"),
        Command(bound.LEAVE, "quit", "Leave the console, at once.", acts.leave_console, always=True),
        Command("question_mark", "help", "Show every key.", show_help, always=True),
    ),
}
HEADINGS = {
    "anywhere": "Anywhere", "panel": "In a panel", "bars": "In bars that go deeper", "map": "On the map",
    "drawing": "While drawing", "rows": "In rows", "opened": "On a page that {open_profile} opened", "replay": "In replay",
    "copying": "After {copy}", "exporting": "After {export}", "taking": "While rows are exported",
}  # fmt: skip


def find(key: str, where: Sequence[str], table: Mapping[str, tuple[Command, ...]] | None = None) -> Command | None:
    """Return the command of a key in the narrowest place that has one."""
    held = COMMANDS if table is None else table
    return next((each for place in where for each in held.get(place, ()) if key in each.keys), None)


def usable(where: Sequence[str]) -> Iterable[Command]:
    """Return the commands that the foot offers, the narrowest place's first, help last; a key only once."""
    taken: set[str] = set()
    for place in where:
        for command in COMMANDS.get(place, ()):
            if command.act is not show_help and command.keys and command.keys[0] not in taken:
                taken |= set(command.keys)
                yield command
    if "anywhere" in where:
        yield named("anywhere", "show_help")


def named(place: str, name: str) -> Command:
    """Return a command of a place by name; raises KeyError."""
    for command in COMMANDS.get(place, ()):
        if command.name == name:
            return command
    raise KeyError(f"{place}.{name}")


def learn() -> None:
    """Have the sentences name the keys that the table has now; a bare name is the widest place's command."""
    shown = {f"{place}.{each.name}": each.shown for place, held in COMMANDS.items() for each in held}
    wide = [*(place for place in COMMANDS if place not in ("panel", "anywhere")), "panel", "anywhere"]
    bound.learn(shown | {each.name: each.shown for place in wide for each in COMMANDS[place]})


learn()

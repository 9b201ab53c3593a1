"""Ink: the styles of the screen by name, and lines made of styled runs of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from console.app.drawing import glyphs, profile
from console.app.drawing.themes import DARK, THEMES
from console.desk.answer import State

Run = tuple[str, Style]
Line = list[Run]

MEASURED = 2000  # characters of a text that are measured one by one; the others are taken for a cell each
NO_BREAK = "\N{NO-BREAK SPACE}"
MONO = not profile.now().colours
_MONO_ALARM = Style(bold=True, reverse=True)
_THEME = DARK
BACK, TOP_BACK, FOOT_BACK = _THEME.back, _THEME.top_back, _THEME.foot_back
TEXT, STRONG, DIM, FAINT = _THEME.text, _THEME.strong, _THEME.dim, _THEME.faint
TOP, TOP_STRONG, TOP_WARN = _THEME.top, _THEME.top_strong, _THEME.top_warn
TITLE, TITLE_HERE, KEY, HERE = _THEME.title, _THEME.title_here, _THEME.key, _THEME.here
WARN, ALARM = _THEME.warn, _MONO_ALARM if MONO else _THEME.alarm
CHANGED, PENDING, CARET = _THEME.changed, _THEME.pending, _THEME.caret
BAR, BAR_CHOSEN = _THEME.bar, _THEME.bar_chosen
STATES, CURVES, OTHERS = _THEME.states, _THEME.curves, _THEME.others
SHADES, SHADES_CHOSEN, MARKS = _THEME.shades, _THEME.shades_chosen, _THEME.marks
CHOSEN = (State.SELECTED, State.LOCKED, State.SELECTED_EXCLUDED)


def use(name: str) -> None:
    """Draw in the theme of that name from now on: to be chosen before any widget is made. Raises KeyError."""
    theme = THEMES[name]
    styles = {field.name.upper(): getattr(theme, field.name) for field in fields(theme)}
    globals().update(styles | {"ALARM": _MONO_ALARM if MONO else theme.alarm})


def width_of(text: str) -> int:
    """Return how many cells a text takes."""
    if text.isascii():
        return len(text)
    return cell_len(text[:MEASURED]) + max(0, len(text) - MEASURED)


def fit(text: str, width: int, right: bool = False) -> str:
    """Return the text in exactly so many cells: padded, or cut with a mark of it. Of a flood of text only the beginning is looked at."""
    flood = len(text) > 20 * width + 200
    text = glyphs.clean(text[: 20 * width + 200])[: (width + 2) * (1 + glyphs.MARKS)]
    long = width_of(text)
    if long > width or flood:
        return set_cell_size(text, max(0, width - 1)) + glyphs.CUT if width > 0 else ""
    return " " * (width - long) + text if right else text + " " * (width - long)


def length(line: Line) -> int:
    """Return how many cells a line takes."""
    return sum(width_of(text) for text, _ in line)


def spread(left: Line, right: Line, width: int, style: Style | None = None) -> Line:
    """Return a line with one part at each end; the left is cut to what the right leaves."""
    room = max(0, width - length(right) - 1)
    kept = cut(left, room)
    return [*kept, (" " * max(0, width - length(kept) - length(right)), style or TEXT), *right]


def cut(line: Line, width: int) -> Line:
    """Return the line in at most so many cells, cut with a mark of it."""
    made: Line = []
    left = width
    for text, style in line:
        if left <= 0:
            break
        long = width_of(text)
        if long > left:
            made.append((fit(text, left), style))
            break
        made.append((text, style))
        left -= long
    return made


def plain(line: Line) -> str:
    """Return a line's text."""
    return "".join(text for text, _ in line)


def segments(line: Line, width: int, unicode: bool) -> list[Segment]:
    """Return a line as segments of exactly so many cells; the last place where a control character is stopped."""
    made = []
    for text, style in cut(line, width):
        said = glyphs.clean(text)
        made.append(Segment(said if unicode else glyphs.ascii_only(said), style))
    return Segment.adjust_line_length(made, width, TEXT)


def wrapped(items: Sequence[Line], width: int, gap: int = 3) -> list[Line]:
    """Return the items side by side, in as many lines as they take; no item is split over two lines."""
    lines: list[Line] = []
    for item in items:
        if lines and length(lines[-1]) + gap + length(item) <= width:
            lines[-1] += [(" " * gap, TEXT), *item]
        else:
            lines.append(list(item))
    return lines


def paragraph(text: str, width: int, style: Style | None = None) -> list[Line]:
    """Return a sentence over as many lines as it takes; what a NO_BREAK joins stays together."""
    lines: list[str] = [""]
    for word in filter(None, glyphs.clean(text).split(" ")):
        if lines[-1] and width_of(lines[-1]) + 1 + width_of(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return [[(line.replace(NO_BREAK, " "), style or TEXT)] for line in lines if line]


def joined(runs: Iterable[Line], between: Run) -> Line:
    """Return several lines as one, with a run between each two."""
    made: Line = []
    for run in runs:
        made += [between, *run] if made else run
    return made

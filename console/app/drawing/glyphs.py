"""The one table of glyphs: a value's state, a mark of change, the cells of bars and charts. None has two meanings."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from rich._unicode_data import load as load_cell_table
from rich.cells import cell_len

from console.app.drawing import profile
from console.desk.answer import State

GLYPHS = {
    State.SELECTED: "*",
    State.POSSIBLE: "o",
    State.ALTERNATIVE: "-",
    State.EXCLUDED: "x",
    State.SELECTED_EXCLUDED: "%",
    State.LOCKED: "L",
    None: " ",
}
CHANGED = "~"  # beside a value that changed in the last 5 s
ALERT = "!"
HERE = ">"  # before the title of the panel that has the keys, and the name of what is shown of several
OPENS = "»"  # before a line that o opens
RULE = "─"
UPRIGHT = "│"
FULL = "█"
UPPER = "▀"
CARET = "▲"
SHADE = "░"
CUT = "…"
LOST = "�"  # in the place of a control character
TIMES = "×"
PARTS = " ▏▎▍▌▋▊▉"  # a bar's last cell, in eighths

_STEERING = dict.fromkeys((*range(32), *range(127, 160), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF), LOST)
_STEERING |= dict.fromkeys((0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A)), LOST)
_CONTROL = _STEERING | dict.fromkeys((0xAD, 0x180E, *range(0x200B, 0x200E), *range(0x2060, 0x2070)), LOST)
_CONTROL |= dict.fromkeys((0x115F, 0x1160, 0x3164, 0xFEFF, 0xFFA0, *range(0xFFF9, 0xFFFC)), LOST)
_CONTROL |= {0x1F1E6 + n: chr(ord("A") + n) for n in range(26)}  # halves of flags: one cell here, two there
_CONTROL |= dict.fromkeys((*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), *range(0x1F3FB, 0x1F400)))  # how a glyph looks: left out
_PLAIN = re.compile("[ -~\xa0-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u20ac\u2190-\u23ff\u2500-\u259f\u25a0-\u25fc\u2800-\u28ff]*")
_JOINERS = re.compile("(?<=[\u0600-\U0010ffff])[\u200c\u200d](?=[\u0600-\U0010ffff])")  # between letters that join, or parts of a picture
_TAGS = re.compile("[\U000e0000-\U000e007f]+")
MARKS = 4  # that a cell takes over its letter
_ASCII = {
    RULE: "-", UPRIGHT: "|", FULL: "=", UPPER: "#", CARET: "^", CUT: "$", OPENS: "@", LOST: "?", TIMES: "x", "▏": " ", "▎": " ",
    "▍": "-", "▌": "-", "▋": "=", "▊": "=", "▉": "=", SHADE: "/", "▒": ":", "▓": "+", "·": ".", "•": "&", "↑": "^", "├": "|", "┤": "|",
}  # fmt: skip


def unicode_screen() -> bool:
    """Return whether the terminal takes UTF-8; else everything is drawn in ASCII."""
    return profile.now().unicode


def harmless(text: str) -> str:
    """Return the text as it may leave: each control or bidirectional character and lone surrogate is one glyph, all else is as it is."""
    return text if text.isascii() and text.isprintable() else text.translate(_STEERING)


def clean(text: str) -> str:
    """Return the text as it may be drawn: nothing in it steers a terminal, turns its writing round or hides.

    A control or bidirectional character, a lone surrogate and a space of no width become one glyph that shows they were
    there. What joins letters or pictures, and what only says how one looks, is left out, since terminals disagree how wide
    it makes them. A letter keeps at most `MARKS` marks over it.
    """
    if (text.isascii() and text.isprintable()) or _PLAIN.fullmatch(text):
        return text
    text = _TAGS.sub(LOST, _JOINERS.sub("", text)).translate(_CONTROL)
    if _PLAIN.fullmatch(text):
        return text
    bare, many = _marks()
    return many.sub(r"\1", bare.sub(LOST, text))


@cache
def _marks() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds the marks at the beginning of a text, over no letter, and those too many over one."""
    table = load_cell_table("auto").widths
    of = "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last, width in table if width == 0 and first)
    return re.compile(f"^[{of}]+"), re.compile(f"([{of}]{{{MARKS}}})[{of}]+")


def one(text: str) -> str:
    """Return the first glyph of a text if it takes one cell, else a question mark: what stands on a map takes no more."""
    first = clean(text)[:1]
    return first if first and cell_len(first) == 1 else "?"


def ascii_only(text: str) -> str:
    """Return the text in ASCII, cell for cell: glyphs by their twin, letters without their accents, else "?"."""
    if text.isascii():
        return text
    return "".join(_ASCII.get(char) or _plain(char) for char in text)


def _plain(char: str) -> str:
    base = unicodedata.normalize("NFKD", char)[0]
    return base if base.isascii() else "?" * cell_len(char)

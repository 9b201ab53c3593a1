"""The one table of glyphs: a value's state, a mark of change, the cells of bars and charts. None has two meanings."""

from __future__ import annotations

import unicodedata

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

_CONTROL = dict.fromkeys((*range(32), *range(127, 160)), LOST)
_CONTROL |= dict.fromkeys((0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A), 0xFEFF), LOST)
_CONTROL |= dict.fromkeys(range(0xD800, 0xE000), LOST)
_ASCII = {
    RULE: "-", UPRIGHT: "|", FULL: "=", UPPER: "#", CARET: "^", CUT: "$", OPENS: "@", LOST: "?", TIMES: "x", "▏": " ", "▎": " ",
    "▍": "-", "▌": "-", "▋": "=", "▊": "=", "▉": "=", SHADE: "/", "▒": ":", "▓": "+", "·": ".", "•": "&", "↑": "^", "├": "|", "┤": "|",
}  # fmt: skip


def unicode_screen() -> bool:
    """Return whether the terminal takes UTF-8; else everything is drawn in ASCII."""
    return profile.now().unicode


def clean(text: str) -> str:
    """Return the text with each control or bidirectional character replaced by one that only shows it was there."""
    return text if text.isascii() and text.isprintable() else text.translate(_CONTROL)


def ascii_only(text: str) -> str:
    """Return the text in ASCII, cell for cell: glyphs by their twin, letters without their accents, else "?"."""
    if text.isascii():
        return text
    return "".join(_ASCII.get(char) or _plain(char) for char in text)


def _plain(char: str) -> str:
    base = unicodedata.normalize("NFKD", char)[0]
    return base if base.isascii() else "?"

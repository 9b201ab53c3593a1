"""The colours of a map by profile: classes in even steps of lightness, changes to either side of none, and what stands on top.

A colour's code is its place in `colours`: the ground outside, six classes (nothing, then 1 to 5) as they are and as selected, five
changes (far fewer, fewer, as before, more, far more) as they are and as selected.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from rich.style import Style

from console.app.drawing import ink, profile, themes

CLASSES = 5
GROUND, CLASS, CHOSEN, CHANGE, CHANGE_CHOSEN, MANY = 0, 1, 7, 13, 18, 23
AS_BEFORE = 2  # of the five changes
CHANGES = {  # by whether the theme's ground is light
    False: ("#5fd7ff", "#0087d7", "#3a3a3a", "#d75f00", "#ffaf5f"),
    True: ("#005f87", "#5fafd7", "#e4e4e4", "#ffaf5f", "#af5f00"),
}
FEW = {
    False: ("black", "blue", "bright_blue", "cyan", "bright_green", "bright_white"),
    True: ("bright_white", "bright_green", "cyan", "bright_blue", "blue", "black"),
}
CHANGES_FEW = {
    False: ("bright_cyan", "blue", "black", "red", "bright_yellow"),
    True: ("blue", "bright_cyan", "bright_white", "bright_yellow", "red"),
}
_LIGHT = frozenset(("cyan", "bright_green", "bright_white", "bright_cyan", "bright_yellow"))  # of the 16
_DIGITS, _LETTERS = " ·12345·12345", "Ff=mMFf=mM"
HATCH = "/"  # every other cell of a selected place, where no colour says it
_MARKS: dict[str, tuple[str, bool, bool]] = {  # what stands on the map: the theme's mark whose colours it has, bold, underlined
    "incident": ("incident", True, False), "both": ("incident", True, True), "unit": ("unit", True, True),
    "chosen": ("incident", True, False), "line": ("line", True, False), "town": ("incident", True, False),
    "name": ("incident", False, False), "road": ("line", False, False), "motorway": ("line", True, False),
    "dots": ("incident", False, False), "hatch": ("incident", True, False), "bare": ("incident", False, False),
    "bar": ("incident", False, False),
}  # fmt: skip
KINDS = (*_MARKS, "cursor")


@dataclass(frozen=True)
class Palette:
    """The colours by code; without `coloured` a place is its glyph. `hatched` codes carry HATCH, `dotted` a dot that says they are inside.

    `symbols` are the ways of drawing places that it has, the first its own.
    """

    name: str
    colours: tuple[str, ...]
    glyphs: str
    hatched: frozenset[int]
    dotted: frozenset[int]
    coloured: bool
    symbols: tuple[str, ...]

    def light(self, code: int) -> bool:
        """Return whether a colour is so light that what stands on it is dark."""
        colour = self.colours[code]
        return self.coloured and (themes.light(colour) if colour.startswith("#") else colour in _LIGHT)

    def pair(self, front: int, back: int) -> Style:
        """Return the style of a cell of two colours, or of one place's glyph."""
        if self.coloured:
            return Style(color=self.colours[front], bgcolor=self.colours[back])
        return ink.STATES[None] if not CHOSEN <= back < CHANGE and back < CHANGE_CHOSEN else ink.STRONG

    def mark(self, kind: str, ground: int) -> Style:
        """Return the style of what stands on a ground."""
        if kind == "cursor":
            return ink.HERE
        mark, bold, under = _MARKS[kind]
        if not self.coloured:
            return Style(bold=bold, underline=under, reverse=kind in ("incident", "both", "unit"))
        front = ink.MARKS[mark][self.light(ground)]
        if self.name == "lean":
            front = "black" if self.light(ground) else "bright_white"
        return Style(color=front, bgcolor=self.colours[ground], bold=bold, underline=under)


def chosen() -> Palette:
    """Return the palette of the profile in use."""
    held = profile.now()
    name = "ascii" if not held.unicode else "mono" if not held.colours else "lean" if held.colours <= profile.ANSI else "256"
    return palette(name, held.blocks)


@cache
def palette(name: str, blocks: bool = True) -> Palette:
    """Return the palette of a profile: 256 colours or more, lean, mono or ascii; without `blocks` a cell has one colour at first."""
    selected = frozenset((*range(CHOSEN, CHANGE), *range(CHANGE_CHOSEN, MANY)))  # told by more than their hue
    light = themes.light(ink.BACK)
    if name == "256":
        colours = (ink.BACK, *ink.SHADES, *ink.SHADES_CHOSEN, *CHANGES[light], *CHANGES[light])
        symbols = ("half", "braille", "plain", "sextant", "octant") if blocks else ("plain", "half", "braille")
        return Palette(name, colours, " " * MANY, selected, frozenset(), True, symbols)
    if name == "lean":
        few, many = FEW[light], CHANGES_FEW[light]
        colours = (ink.BACK, *few, *few, *many, *many)
        bare = frozenset(code for code in range(CLASS, MANY) if colours[code] in (few[0], many[AS_BEFORE]))
        return Palette(name, colours, " " * MANY, selected, bare, True, ("plain", "half", "braille"))
    signs = ("signs", "braille") if name == "mono" else ("signs",)
    return Palette(name, ("default",) * MANY, _DIGITS + _LETTERS, frozenset(), frozenset(), False, signs)

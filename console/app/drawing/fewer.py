"""Fewer colours: how a style looks with the 16 that every terminal has, or with none."""

from __future__ import annotations

import cmath
from collections.abc import Callable
from functools import lru_cache

from rich.color import Color, ColorType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as Shade
from textual.color import rgb_to_lab
from textual.filter import LineFilter

# As xterm has them, by their numbers; other terminals are near.
ANSI = (
    "#000000", "#cd0000", "#00cd00", "#cdcd00", "#0000ee", "#cd00cd", "#00cdcd", "#e5e5e5",
    "#7f7f7f", "#ff0000", "#00ff00", "#ffff00", "#5c5cff", "#ff00ff", "#00ffff", "#ffffff",
)  # fmt: skip
GREY, WHITE = 8, 7
READ = 55  # lightness from which grey text is white: the one grey of the 16 is hardly read on some terminals
COLOURED = 0.25  # saturation from which a colour keeps its hue
HUE = 60.0  # what the whole way between two hues a sixth of the circle apart weighs, in steps of lightness


def _looks(shade: Shade) -> tuple[float, complex]:
    """Return a colour's lightness (CIE L*, 0 to 100) and its hue as a point on a circle, in the middle where it has none."""
    hue, saturation, _ = shade.hsv
    return rgb_to_lab(shade).L, cmath.rect(HUE, hue * cmath.tau) if saturation >= COLOURED else 0j


_SEEN = tuple(_looks(Shade.parse(colour)) for colour in ANSI)


@lru_cache(1024)
def of_16(colour: Color | None, text: bool) -> Color | None:
    """Return the colour of the 16 that looks most like another, in hue before lightness, for text or behind it; those of the 16 stay."""
    if colour is None or colour.type in (ColorType.DEFAULT, ColorType.STANDARD):
        return colour
    lightness, hue = _looks(Shade(*colour.get_truecolor()))
    off = [abs(complex(lightness - other, abs(hue - at))) for other, at in _SEEN]
    found = off.index(min(off))
    return Color.from_ansi(WHITE if text and found == GREY and lightness >= READ else found)


@lru_cache(4096)
def few(style: Style) -> Style:
    """Return a style in the 16 colours."""
    return style + Style.from_color(of_16(style.color, text=True), of_16(style.bgcolor, text=False))


@lru_cache(4096)
def none(style: Style) -> Style:
    """Return a style without colours: bold, underlined and reversed, where it is."""
    return Style(bold=style.bold or None, underline=style.underline or None, reverse=style.reverse or None)


class Fewer(LineFilter):
    """Draws every style as another."""

    def __init__(self, seen: Callable[[Style], Style]) -> None:
        """Draw as `few` or `none` has it."""
        super().__init__()
        self._seen = seen

    def apply(self, segments: list[Segment], background: Shade) -> list[Segment]:
        """See LineFilter."""
        return [Segment(text, self._seen(style) if style else style, control) for text, style, control in segments]


FEW, NONE = Fewer(few), Fewer(none)

"""The themes: every style of the screen by name, once for a dark ground, for a light one, and with the highest contrast.

On its ground a text has a contrast of 4.5 at least, 7 in the last theme, and a large
mark 3 (WCAG 2.2, 1.4.3, 1.4.6 and 1.4.11), in 16 million colours and in 256.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rich.style import Style

from console.desk.answer import State


@dataclass(frozen=True, slots=True)
class Theme:
    """The styles that `ink` has by the same names in capitals; `back`, `top_back` and `foot_back` are the grounds."""

    back: str
    top_back: str
    foot_back: str
    text: Style
    strong: Style
    dim: Style
    faint: Style  # rules and shades, no text
    top: Style
    top_strong: Style
    top_warn: Style
    title: Style
    title_here: Style
    key: Style
    here: Style
    warn: Style
    alarm: Style
    caret: Style  # where what is typed goes
    changed: Style
    pending: Style
    bar: Style
    bar_chosen: Style
    states: Mapping[State | None, Style]
    curves: Mapping[str, Style]  # of the measures a chart has a part for
    others: tuple[Style, ...]  # of its other measures, in turn
    shades: tuple[str, ...]  # of a map: nothing, and the classes above it in even steps of lightness
    shades_chosen: tuple[str, ...]
    marks: Mapping[str, tuple[str, str]]  # of a map, by what they mark: on a dark shade, on a light one


def _curves(demand: str, availability: str, expected: str, expected_availability: str) -> dict[str, Style]:
    return {
        "demand": Style(color=demand, bold=True),
        "availability": Style(color=availability, bold=True),
        "expected": Style(color=expected),
        "expected_availability": Style(color=expected_availability),
    }


def _states(selected: str, possible: str, alternative: str, excluded: str, both: str, locked: str) -> dict[State | None, Style]:
    return {
        State.SELECTED: Style(color=selected, bold=True),
        State.POSSIBLE: Style(color=possible),
        State.ALTERNATIVE: Style(color=alternative),
        State.EXCLUDED: Style(color=excluded),
        State.SELECTED_EXCLUDED: Style(color=both, bold=True),
        State.LOCKED: Style(color=locked, bold=True),
        None: Style(color=possible),
    }


DARK = Theme(
    back="#121212",
    top_back="#303030",
    foot_back="#1c1c1c",
    text=Style(color="#d0d0d0"),
    strong=Style(color="#ffffff", bold=True),
    dim=Style(color="#a8a8a8"),
    faint=Style(color="#6c6c6c"),
    top=Style(color="#d0d0d0", bgcolor="#303030"),
    top_strong=Style(color="#ffffff", bgcolor="#303030", bold=True),
    top_warn=Style(color="#ffaf5f", bgcolor="#303030", bold=True),
    title=Style(color="#87afd7"),
    title_here=Style(color="#ffffff", bold=True, underline=True),
    key=Style(color="#ffd787", bold=True),
    caret=Style(color="#ffd787", bold=True, underline=True),
    here=Style(color="#ffffff", bold=True, reverse=True),
    warn=Style(color="#ffaf5f", bold=True),
    alarm=Style(color="#ffffff", bgcolor="#af0000", bold=True),
    changed=Style(color="#ffff87", bold=True),
    pending=Style(color="#ffd787"),
    bar=Style(color="#5f87af"),
    bar_chosen=Style(color="#ffaf00"),
    states=_states("#ffaf00", "#d0d0d0", "#a8a8a8", "#808080", "#af8700", "#87d7ff"),
    curves=_curves("#ffaf00", "#5fafff", "#d7af5f", "#5f87af"),
    others=(Style(color="#ffaf00"), Style(color="#5fafff"), Style(color="#afd787"), Style(color="#d787d7")),
    shades=("#262626", "#005f5f", "#008787", "#00afaf", "#5fd7d7", "#d7ffff"),
    shades_chosen=("#4e4e4e", "#875f00", "#af8700", "#d7af00", "#ffd75f", "#ffffd7"),
    marks={"incident": ("#ffffff", "#000000"), "unit": ("#d7ffd7", "#000000"), "line": ("#ffffaf", "#000000")},
)
LIGHT = Theme(
    back="#ffffff",
    top_back="#d0d0d0",
    foot_back="#eeeeee",
    text=Style(color="#1c1c1c"),
    strong=Style(color="#000000", bold=True),
    dim=Style(color="#4e4e4e"),
    faint=Style(color="#808080"),
    top=Style(color="#1c1c1c", bgcolor="#d0d0d0"),
    top_strong=Style(color="#000000", bgcolor="#d0d0d0", bold=True),
    top_warn=Style(color="#870000", bgcolor="#d0d0d0", bold=True),
    title=Style(color="#005f87"),
    title_here=Style(color="#000000", bold=True, underline=True),
    key=Style(color="#5f0087", bold=True),
    caret=Style(color="#5f0087", bold=True, underline=True),
    here=Style(color="#000000", bold=True, reverse=True),
    warn=Style(color="#af0000", bold=True),
    alarm=Style(color="#ffffff", bgcolor="#af0000", bold=True),
    changed=Style(color="#870087", bold=True),
    pending=Style(color="#5f0087"),
    bar=Style(color="#5f87af"),
    bar_chosen=Style(color="#af5f00"),
    states=_states("#af5f00", "#1c1c1c", "#4e4e4e", "#6c6c6c", "#5f5f00", "#005fd7"),
    curves=_curves("#af5f00", "#005fd7", "#5f5f00", "#5f5f87"),
    others=(Style(color="#af5f00"), Style(color="#005fd7"), Style(color="#005f00"), Style(color="#af00af")),
    shades=("#eeeeee", "#afd7d7", "#5fafaf", "#008787", "#005f5f", "#00005f"),
    shades_chosen=("#d0d0d0", "#ffd787", "#d7af00", "#af8700", "#875f00", "#5f0000"),
    marks={"incident": ("#ffffff", "#000000"), "unit": ("#d7ffd7", "#000000"), "line": ("#ffffaf", "#000000")},
)
CONTRAST = Theme(
    back="#000000",
    top_back="#000000",
    foot_back="#000000",
    text=Style(color="#ffffff"),
    strong=Style(color="#ffffff", bold=True),
    dim=Style(color="#d0d0d0"),
    faint=Style(color="#a8a8a8"),
    top=Style(color="#ffffff", bgcolor="#000000"),
    top_strong=Style(color="#ffffff", bgcolor="#000000", bold=True),
    top_warn=Style(color="#ffff00", bgcolor="#000000", bold=True),
    title=Style(color="#afd7ff"),
    title_here=Style(color="#ffffff", bold=True, underline=True),
    key=Style(color="#ffff00", bold=True),
    caret=Style(color="#ffff00", bold=True, underline=True),
    here=Style(color="#ffffff", bold=True, reverse=True),
    warn=Style(color="#ffff00", bold=True),
    alarm=Style(color="#000000", bgcolor="#ffff00", bold=True),
    changed=Style(color="#ffff87", bold=True),
    pending=Style(color="#ffff87"),
    bar=Style(color="#afd7ff"),
    bar_chosen=Style(color="#ffff00"),
    states=_states("#ffff00", "#ffffff", "#d0d0d0", "#a8a8a8", "#ffaf00", "#5fffff"),
    curves=_curves("#ffff00", "#5fd7ff", "#ffd787", "#8787ff"),
    others=(Style(color="#ffff00"), Style(color="#5fd7ff"), Style(color="#bcbcbc"), Style(color="#ff8700")),
    shades=("#303030", "#005f5f", "#00afaf", "#5fd7d7", "#87ffff", "#ffffff"),
    shades_chosen=("#4e4e4e", "#870000", "#d78700", "#ffaf00", "#ffd75f", "#ffffd7"),
    marks={"incident": ("#ffffff", "#000000"), "unit": ("#ffffff", "#000000"), "line": ("#ffffff", "#000000")},
)
THEMES = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST}


@cache
def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb, from 0 to 1 (WCAG 2.2's definition)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21 (WCAG 2.2's definition)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def light(ground: str) -> bool:
    """Return whether black is read better than white on a ground."""
    return contrast(ground, "#000000") > contrast(ground, "#ffffff")

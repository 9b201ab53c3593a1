"""The themes: contrast by WCAG 2.2's formula, on every pair of colours that is drawn, and states told apart without red and green."""

from __future__ import annotations

import re
from dataclasses import fields
from itertools import combinations

import pytest
from rich.color import Color, ColorSystem
from rich.style import Style

from console.app.drawing import ink
from console.app.drawing.themes import THEMES, Theme, contrast, light
from console.desk.answer import Alert
from tests.app.fake import FakeDesk
from tests.app.sitting import Console, console

GROUND = "▀▄█"  # cells of a map's shading: neighbours of any two classes
APART = 10.0  # in CIE Lab, under which two colours on a screen are taken for one
MACHADO = ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881))  # deuteranopia, 2009


SYSTEMS = (ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT)


def hexed(colour: Color | str | None, system: ColorSystem = ColorSystem.TRUECOLOR) -> str:
    """Return a colour as a terminal of so many colours shows it."""
    assert colour is not None
    return (Color.parse(colour) if isinstance(colour, str) else colour).downgrade(system).get_truecolor().hex


def least(name: str) -> float:
    return 7.0 if name == "contrast" else 4.5


def lab(colour: str) -> tuple[float, float, float]:
    """Return a colour as somebody without green cones sees it, in CIE Lab."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    red, green, blue = (min(1.0, max(0.0, sum(m * v for m, v in zip(row, linear, strict=True)))) for row in MACHADO)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def apart(one: str, other: str) -> float:
    return float(sum((a - b) ** 2 for a, b in zip(lab(one), lab(other), strict=True)) ** 0.5)


def styles(theme: Theme) -> dict[str, Style]:
    made = {field.name: value for field in fields(theme) if isinstance(value := getattr(theme, field.name), Style)}
    made |= {f"state {state}": style for state, style in theme.states.items()}
    return made | {f"curve {n}": style for n, style in enumerate((*theme.curves.values(), *theme.others))}


def test_the_formula() -> None:
    """Black on white is 21 to 1, a colour on itself 1, and #767676 the lightest grey with 4.5 on white."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#87afd7", "#87afd7") == 1
    assert contrast("#767676", "#ffffff") >= 4.5 > contrast("#777777", "#ffffff")


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("name", THEMES)
def test_every_style_is_read_on_its_ground(name: str, system: ColorSystem) -> None:
    """Texts have a contrast of 4.5, in high contrast 7; rules, bars and curves 3."""
    theme = THEMES[name]

    def ratio(one: Color | str | None, other: Color | str | None) -> float:
        return contrast(hexed(one, system), hexed(other, system))

    for said, style in styles(theme).items():
        graphic = said in ("faint", "bar", "bar_chosen") or said.startswith("curve")
        assert ratio(style.color, style.bgcolor or theme.back) >= (3 if graphic else least(name)), said
    for said in ("dim", "strong", "key", "here", "warn"):
        assert ratio(getattr(theme, said).color, theme.foot_back) >= least(name), said
    for ground in (*theme.shades, *theme.shades_chosen, theme.back):
        for kind, marks in theme.marks.items():
            assert ratio(marks[light(ground)], ground) >= least(name), (kind, ground)


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("name", THEMES)
def test_states_and_curves_are_told_apart_without_green_cones(name: str, system: ColorSystem) -> None:
    """The six states, the curves of a chart, and each class of the map chosen or not, under simulated deuteranopia."""
    theme = THEMES[name]
    states = {state: hexed(style.color, system) for state, style in theme.states.items() if state is not None}
    for one, other in combinations(states, 2):
        assert apart(states[one], states[other]) >= APART, (one, other)
    for group in (theme.curves.values(), theme.others):
        for first, second in combinations(group, 2):
            assert apart(hexed(first.color, system), hexed(second.color, system)) >= APART, (first, second)
    for shade, chosen in zip(theme.shades, theme.shades_chosen, strict=True):
        assert apart(hexed(shade, system), hexed(chosen, system)) >= APART, shade
    for shades in (theme.shades, theme.shades_chosen[1:]):
        lightness = [lab(hexed(shade, system))[0] for shade in shades]
        assert lightness in (sorted(lightness), sorted(lightness, reverse=True))


def pairs(held: Console) -> set[tuple[str, str, bool]]:
    """Return (colour, ground, a text) of all that stands on the screen."""
    found = set()
    for strip in held.app.screen._compositor.render_strips():
        for segment in strip:
            text = re.sub(f"[\\s{GROUND}]", "", segment.text)
            style = segment.style
            if text and style is not None and style.color is not None and style.bgcolor is not None:
                front, back = hexed(style.color), hexed(style.bgcolor)
                found.add((back, front, True) if style.reverse else (front, back, any(char.isalnum() for char in text)))
    return found


@pytest.mark.parametrize("name", THEMES)
async def test_what_is_drawn_is_read(name: str) -> None:
    """On every screen, text has the theme's contrast to what it stands on, and every other glyph 3."""
    ink.use(name)
    desk = FakeDesk()
    desk.alerts = [Alert("immediate", desk.incidents[0]["ref"], desk.now, f"{desk.incidents[0]['ref']}, Violence now", True)]
    desk.failing["units"] = "no such column"
    desk.gaps = 3
    grounds = set()
    async with console(desk=desk, select=("district=Bristol", "type=Violence"), locks=("type",)) as held:
        for keys in ((), ("apostrophe", "g", "right"), ("apostrophe", "m"), ("c",), ("escape", "apostrophe", "q", "enter"), ("v",),
                     ("escape", "escape", "slash", "B"), ("escape", "question_mark"), ("escape", "apostrophe", "q", "o"), ("a",)):  # fmt: skip
            await held.press(*keys)
            for front, back, text in pairs(held):
                grounds.add(back)
                curve = front in {hexed(style.color) for style in (*ink.CURVES.values(), *ink.OTHERS)}
                assert contrast(front, back) >= (least(name) if text and not curve else 3), (front, back, held.text)
    assert THEMES[name].back in grounds

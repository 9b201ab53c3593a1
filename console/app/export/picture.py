"""A picture of the screen, as SVG or HTML, that asks nothing of any other place: no font, no script, no address."""

from __future__ import annotations

import io
import re
from html import escape

from rich.cells import cell_len
from rich.color import Color
from rich.console import Console
from rich.segment import Segment, Segments
from rich.terminal_theme import TerminalTheme
from textual.app import App

from console.app.drawing import ink
from console.app.export.about import About

FONTS = "DejaVu Sans Mono, Menlo, Consolas, Liberation Mono, monospace"
NORMAL = [(0, 0, 0), (175, 0, 0), (95, 135, 0), (175, 135, 0), (95, 135, 175), (135, 95, 175), (0, 135, 135), (208, 208, 208)]
BRIGHT = [
    (108, 108, 108),
    (255, 95, 95),
    (175, 215, 135),
    (255, 215, 135),
    (135, 175, 215),
    (215, 135, 215),
    (95, 215, 215),
    (255, 255, 255),
]
SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">
<title>%(title)s</title>
<desc>%(line)s</desc>
<metadata>%(about)s</metadata>
<style>
.{unique_id}-matrix {{ font-family: %(fonts)s; font-size: {char_height}px; line-height: {line_height}px; white-space: pre; }}
.{unique_id}-title {{ font-family: %(fonts)s; font-size: 16px; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""
HTML = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>%(title)s</title>
<meta name="description" content="%(line)s">
<script type="application/json" id="about">%(json)s</script>
<style>
body { background: %(back)s; color: %(fore)s; font-family: sans-serif; }
pre { font-family: %(fonts)s; line-height: 1.2; }
i { display: inline-block; overflow: hidden; vertical-align: top; height: 1.2em; font-style: normal; }
%(styles)s
</style>
</head>
<body>
<h1>%(title)s</h1>
<pre>%(text)s</pre>
<p>%(line)s</p>
</body>
</html>
"""
_OTHERS = re.compile("[^ -\u024f\u2500-\u259f]")
Lines = list[list[Segment]]


def screen(app: App[int]) -> Lines:
    """Return what is on the screen now, line by line; to be asked on the screen's thread."""
    return [list(strip) for strip in app.screen._compositor.render_strips()]


def as_svg(lines: Lines, about: About) -> str:
    """Return lines as SVG; what they are stands in <metadata> as JSON, their marking and title over them."""
    width = max((Segment.get_line_length(line) for line in lines), default=1)
    console = Console(width=width, file=io.StringIO(), force_terminal=True, color_system="truecolor", record=True, legacy_windows=False)
    console.print(Segments([segment for line in lines for segment in (*line, Segment.line())]), end="")
    title = f"{about.marking}  {about.title}"
    told = {"title": _markup(title), "line": _markup(about.line()), "about": _markup(about.json()), "fonts": FONTS}
    return console.export_svg(title=title, theme=_theme(), code_format=SVG % told)


def as_html(lines: Lines, about: About) -> str:
    """Return lines as a page of HTML; what they are stands in its head as JSON, and under them in words."""
    classes: dict[str, str] = {}
    theme = _theme()
    text = "\n".join("".join(_span(segment, theme, classes) for segment in line) for line in lines)
    told = {
        "title": escape(f"{about.marking}  {about.title}"),
        "line": escape(about.line()),
        "json": about.json().replace("<", "\\u003c"),
        "fonts": FONTS,
        "back": theme.background_color.hex,
        "fore": theme.foreground_color.hex,
        "styles": "\n".join(f".{name} {{ {rules} }}" for rules, name in classes.items()),
        "text": text,
    }
    return HTML % told


def _theme() -> TerminalTheme:
    """Return the colours of the terminal drawn: the theme's own ground and text, and the sixteen."""
    fore = (ink.TEXT.color or Color.parse("white")).get_truecolor()
    return TerminalTheme(Color.parse(ink.BACK).get_truecolor(), fore, NORMAL, BRIGHT)


def _span(segment: Segment, theme: TerminalTheme, classes: dict[str, str]) -> str:
    """Return a run of text in its style."""
    rules = segment.style.get_html_style(theme) if segment.style else ""
    text = _OTHERS.sub(_held, escape(segment.text))
    return f'<span class="{classes.setdefault(rules, f"r{len(classes)}")}">{text}</span>'


def _held(glyph: re.Match[str]) -> str:
    """Return a glyph that the page's font may not have, held to its cells; a mark stays with its letter."""
    cells = cell_len(glyph[0])
    return f'<i style="width: {cells}ch">{glyph[0]}</i>' if cells else glyph[0]


def _markup(text: str) -> str:
    """Return a text for a template that is filled in twice."""
    return escape(text).replace("{", "{{").replace("}", "}}")

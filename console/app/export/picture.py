"""A picture of the screen, as SVG or HTML, that asks nothing of any other place: no font, no script, no address."""

from __future__ import annotations

import io
from html import escape

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from textual.app import App

from console.app.export.about import About

FONTS = "DejaVu Sans Mono, Menlo, Consolas, Liberation Mono, monospace"
THEME = TerminalTheme(
    (18, 18, 18), (208, 208, 208),
    [(0, 0, 0), (175, 0, 0), (95, 135, 0), (175, 135, 0), (95, 135, 175), (135, 95, 175), (0, 135, 135), (208, 208, 208)],
    [(108, 108, 108), (255, 95, 95), (175, 215, 135), (255, 215, 135), (135, 175, 215), (215, 135, 215), (95, 215, 215), (255, 255, 255)],
)  # fmt: skip
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
body {{ background: {background}; color: {foreground}; }}
pre {{ font-family: %(fonts)s; line-height: 1.2; }}
{stylesheet}
</style>
</head>
<body>
<h1>%(title)s</h1>
<pre>{code}</pre>
<p>%(line)s</p>
</body>
</html>
"""


def screen(app: App[int]) -> Console:
    """Return a recording of what is on the screen now; to be made on the screen's thread."""
    width, height = app.size
    console = Console(
        width=width, height=height, file=io.StringIO(), force_terminal=True, color_system="truecolor", record=True,
        legacy_windows=False, safe_box=False,
    )  # fmt: skip
    console.print(app.screen._compositor.render_update(full=True, simplify=True))
    return console


def as_svg(of: Console, about: About) -> str:
    """Return a recording as SVG; what it is stands in <metadata> as JSON, its marking and title over it."""
    title = f"{about.marking}  {about.title}"
    told = {"title": _markup(title), "line": _markup(about.line()), "about": _markup(about.json()), "fonts": FONTS}
    return of.export_svg(title=title, theme=THEME, code_format=SVG % told, clear=False)


def as_html(of: Console, about: About) -> str:
    """Return a recording as a page of HTML; what it is stands in its head as JSON, and under it in words."""
    told = {"title": _markup(f"{about.marking}  {about.title}"), "line": _markup(about.line()), "fonts": FONTS}
    json = about.json().replace("<", "\\u003c").replace("{", "{{").replace("}", "}}")
    return of.export_html(theme=THEME, code_format=HTML % {**told, "json": json}, clear=False)


def _markup(text: str) -> str:
    """Return a text for a template that is filled in once more."""
    return escape(text).replace("{", "{{").replace("}", "}}")

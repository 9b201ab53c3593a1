"""Makes the pictures of README.md: the console in a real terminal at three sizes, drawn cell by cell.

`python docs/pictures.py [FOLDER]`, with the test packages installed and Debian's fonts-dejavu-core. The history is
made anew in a temporary folder, so the pictures hold synthetic data only.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.terminal.screen import Terminal

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono{}.ttf"
NAMED = {"black": "000000", "red": "cd3131", "green": "0dbc79", "brown": "c8a000", "blue": "2472c8", "magenta": "bc3fbc",
         "cyan": "11a8cd", "white": "e5e5e5", "brightblack": "767676", "brightred": "f14c4c",
         "brightgreen": "23d18b", "brightbrown": "f5f543", "brightblue": "5f87ff", "brightmagenta": "d670d6",
         "brightcyan": "29e0ff", "brightwhite": "ffffff"}  # fmt: skip
SIZE, WIDTH, HEIGHT = 14, 8, 17


def colour(name: str, default: str) -> str:
    """Return pyte's colour name or hex as #rrggbb."""
    if name == "default":
        return f"#{default}"
    return f"#{NAMED.get(name, name)}"


def dots(pen: ImageDraw.ImageDraw, code: int, left: int, top: int, front: str) -> None:
    """Draw a braille glyph, which the font lacks: eight dots in two columns."""
    for bit, (x, y) in enumerate(((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))):
        if code >> bit & 1:
            across, down = left + 1 + x * 4, top + 2 + y * 4
            pen.rectangle((across, down, across + 1, down + 1), fill=front)


def draw(terminal: Terminal, path: Path) -> None:
    """Draw the terminal's screen to a PNG."""
    screen = terminal._screen
    image = Image.new("RGB", (screen.columns * WIDTH, screen.lines * HEIGHT), "#101010")
    pen = ImageDraw.Draw(image)
    fonts = {bold: ImageFont.truetype(FONT.format("-Bold" if bold else ""), SIZE - 1) for bold in (False, True)}
    for y in range(screen.lines):
        for x in range(screen.columns):
            cell = screen.buffer[y][x]
            front, back = colour(cell.fg, "d8d8d8"), colour(cell.bg, "101010")
            if cell.reverse:
                front, back = back, front
            left, top = x * WIDTH, y * HEIGHT
            pen.rectangle((left, top, left + WIDTH - 1, top + HEIGHT - 1), fill=back)
            if cell.data == "▀":
                pen.rectangle((left, top, left + WIDTH - 1, top + HEIGHT // 2 - 1), fill=front)
            elif cell.data == "▄":
                pen.rectangle((left, top + HEIGHT // 2, left + WIDTH - 1, top + HEIGHT - 1), fill=front)
            elif cell.data == "█":
                pen.rectangle((left, top, left + WIDTH - 1, top + HEIGHT - 1), fill=front)
            elif cell.data and 0x2800 <= ord(cell.data[0]) <= 0x28FF:
                dots(pen, ord(cell.data[0]) - 0x2800, left, top, front)
            elif cell.data.strip():
                pen.text((left, top), cell.data, fill=front, font=fonts[bool(cell.bold)])
    image.save(path, optimize=True)


def main(folder: Path) -> None:
    """Make every picture into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        env = {**os.environ, "CONSOLE_DATA": f"{scratch}/console.duckdb", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        for name, rows, columns, keys, profile in (
            ("control-120x40", 40, 120, (), "256"),
            ("control-200x50", 50, 200, (), "256"),
            ("control-80x24", 24, 80, (), "256"),
            ("bristol-120x40", 40, 120, ("'", "p", "space"), "256"),
            ("lean-120x40", 40, 120, ("'", "t", "space", "down"), "lean"),
            ("mono-120x40", 40, 120, ("'", "t", "space", "down"), "mono"),
            ("ascii-120x40", 40, 120, ("'", "t", "space", "down"), "ascii"),
        ):
            with Terminal([sys.executable, "-m", "console", "--profile", profile], env, rows, columns) as terminal:
                terminal.wait("LIVE", 60)
                terminal.read(6)
                terminal.press(*keys)
                terminal.read(3)
                draw(terminal, folder / f"{name}.png")
                terminal.press("q")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "pictures")

"""What the terminal shows, and the fewest characters that make it show something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from console.app.wire import pens
from console.app.wire.abilities import Abilities
from console.app.wire.cells import Cell, Row, spill
from console.app.wire.moves import shortest
from console.app.wire.pens import Pen

BRIDGE = 12  # cells between two changes that may be written again rather than passed over
GAIN = 9  # blanks that are erased rather than written: erasing and moving on takes about so many characters
END = 4  # the same at the end of a row, where nothing is moved on to


class Shown:
    """The rows that the terminal shows, where its cursor is (None: not known), and its pen."""

    def __init__(self, can: Abilities) -> None:
        """Know nothing of the terminal yet."""
        self.can = can
        self.rows: list[Row] = []
        self.x: int | None = None
        self.y: int | None = None
        self.pen: Pen | None = None
        self._out: list[str] = []

    def forget(self) -> None:
        """Know nothing: the next frame is drawn whole."""
        self.rows, self.x, self.y, self.pen = [], None, None, None

    def fits(self, rows: Sequence[Row]) -> bool:
        """Return whether these rows are of the size that is shown."""
        return len(rows) == len(self.rows) and (not rows or len(rows[0]) == len(self.rows[0]))

    def clear(self, rows: Sequence[Row]) -> str:
        """Return what empties the terminal, in the colour that most blanks of these rows are on."""
        self.forget()
        backs = Counter(pen.back for row in rows for glyph, pen in row if glyph == " " and pen.fills)
        back = backs.most_common(1)[0][0] if backs and self.can.fills else ""
        self.pen = Pen(back=back)
        blank: Cell = " ", self.pen
        self.rows = [(blank,) * len(row) for row in rows]
        emptied = "".join(self.move(0, y) + "\x1b[K" for y in range(len(rows))) if back else "\x1b[2J"
        return pens.change(None, self.pen) + emptied

    def move(self, x: int, y: int) -> str:
        """Return what brings the cursor to a cell."""
        made = shortest(self.x, self.y, x, y, self.can)
        self.x, self.y = x, y
        return made

    def row(self, y: int, new: Row) -> str:
        """Return what makes a row show other cells, and take it as shown."""
        old, self.rows[y] = self.rows[y], new
        changed = [x for x, (was, now) in enumerate(zip(old, new, strict=True)) if was is not now and was != now]
        if not changed:
            return ""
        tail = self._tail(new)
        self._out = []
        for start, end in _runs(_whole(changed, old, new)):
            self._reach(start, y, new)
            if end > tail and end - max(start, tail) >= END:
                self._write(new, start, max(start, tail))
                self._go(max(start, tail))
                self._erase(new, max(start, tail))
                break
            self._write(new, start, end)
        return "".join(self._out)

    def _tail(self, row: Row) -> int:
        """Return where the blanks begin that can be erased up to the end of a row."""
        at, last = len(row), row[-1] if row else None
        if last is None or not self._erasable(last):
            return at
        while at and row[at - 1] == last:
            at -= 1
        return at

    def _erasable(self, cell: Cell) -> bool:
        return cell[0] == " " and cell[1].fills and (self.can.fills or not cell[1].back)

    def _reach(self, x: int, y: int, row: Row) -> None:
        """Go to a cell: by writing again what stands between, where that is no longer."""
        if self.y == y and self.x is not None and 0 < x - self.x <= BRIDGE and self.pen is not None:
            between, pen, size = row[self.x : x], self.pen, 0
            room = len(shortest(self.x, y, x, y, self.can)) + len(pens.change(pen, row[x][1]))
            for glyph, wanted in between:
                if not (glyph == " " and wanted.back == pen.back and pen.fills and wanted.fills):
                    size, pen = size + len(pens.change(pen, wanted)), wanted
                size += 1 if glyph.isascii() and glyph else len(glyph.encode())
                if not glyph or (not glyph.isascii() and spill(glyph) >= 0):
                    size = room + 1
            if size + len(pens.change(pen, row[x][1])) <= room:
                self._write(row, self.x, x)
                return
        self._out.append(self.move(x, y))

    def _write(self, row: Row, start: int, end: int) -> None:
        """Write cells from the cursor on."""
        at = start
        while at < end:
            cell = row[at]
            glyph, pen = cell
            to = at + 1
            if glyph == " " and pen.fills:
                while to < end and row[to] == cell:
                    to += 1
                self._blanks(row, at, to, end)
            elif not glyph.isascii() and spill(glyph) >= 0:
                to += to < len(row) and not row[to][0]
                self._unsure(glyph, pen, at, to - at)
                if to < end:
                    self._go(to)
            else:
                self._use(pen)
                text = [glyph]
                while to < end and row[to][1] is pen and (row[to][0].isascii() or spill(row[to][0]) < 0):
                    text.append(row[to][0])
                    to += 1
                self._out += text
                self.x = to
            at = to
        if self.x == len(row):
            self.x = None  # terminals differ on where the cursor is after the last column

    def _go(self, x: int) -> None:
        """Go along the row."""
        assert self.y is not None
        self._out.append(self.move(x, self.y))

    def _use(self, pen: Pen) -> None:
        if pen is not self.pen:
            self._out.append(pens.change(self.pen, pen))
            self.pen = pen

    def _blanks(self, row: Row, start: int, to: int, end: int) -> None:
        """Write or erase equal blanks."""
        following = row[to][1] if to < end else None
        self._use(pens.for_blank(self.pen, row[start][1].back, following))
        count = to - start
        if self.can.holes and count >= GAIN and self._erasable(row[start]):
            self._out.append(f"\x1b[{count}X")
            if to < end:
                self._go(to)
        else:
            self._out.append(" " * count)
            self.x = to

    def _erase(self, row: Row, start: int) -> None:
        """Erase from the cursor to the end of the row."""
        self._use(pens.for_blank(self.pen, row[start][1].back, None))
        self._out.append("\x1b[K")

    def _unsure(self, glyph: str, pen: Pen, x: int, width: int) -> None:
        """Write a glyph that terminals may draw wider or narrower: on cleared ground, and the cursor is set anew after it."""
        self._use(pen)
        if width > 1:
            self._out.append(" " * width)
            self.x = None
            self._go(x)
        self._out.append(glyph)
        self.x = None


def _whole(changed: list[int], old: Row, new: Row) -> list[int]:
    """Return the cells to write so that no wide character is written by half, nor what one may spill over left as it is."""
    made = set[int]()
    todo = changed[::-1]
    while todo:
        x = todo.pop()
        if x in made or x >= len(new):
            continue
        made.add(x)
        for row in (old, new):
            if not row[x][0] and x:
                todo.append(x - 1)
            if x + 1 < len(row) and not row[x + 1][0]:
                todo.append(x + 1)
        glyph = new[x][0]
        if not glyph.isascii() and (beyond := spill(glyph)) > 0:
            todo += range(x + 1, x + 2 + beyond)
    return sorted(made)


def _runs(places: list[int]) -> list[tuple[int, int]]:
    """Return stretches of neighbouring places, each as its start and its end."""
    made: list[tuple[int, int]] = []
    start = before = places[0]
    for x in places[1:]:
        if x != before + 1:
            made.append((start, before + 1))
            start = x
        before = x
    return [*made, (start, before + 1)]

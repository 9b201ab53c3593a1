"""Search: type, see the values of every field that hold it, select."""

from __future__ import annotations

from console.app.drawing import glyphs, ink, reader, words
from console.app.drawing.cursor import Cursor
from console.app.panels.bars import STEPS
from console.app.panels.titled import many
from console.app.views.view import Under, View, typed
from console.desk.answer import Hit
from console.desk.kept import At


class Search(View):
    """A line to type in, and what it finds."""

    hint = "type, up down, enter selects, esc leaves"

    def __init__(self, page: Under) -> None:
        """Find nothing yet."""
        super().__init__(page)
        self.sought = ""
        self.hits: tuple[Hit, ...] = ()
        self.words = ""
        self.cursor = Cursor()
        self.at: At | None = None  # where the cursor is to stand in what is found first

    def take(self, text: str, hits: tuple[Hit, ...], said: str) -> None:
        """Take what a search found, unless something else was typed meanwhile."""
        if text == self.sought:
            self.hits, self.words = hits, said or ("" if hits else "no value of any field holds this")
            self.cursor = Cursor()
            if self.at is not None:
                self.cursor.seek(self.at)
                self.at = None
            self.cursor.follow([(hit.field, hit.value) for hit in hits])
            self.redraw()

    def again(self) -> None:
        """Search again, under the present selection."""
        if self.sought.strip():
            self.page.asking.search(self.sought)

    def draw(self, width: int, height: int) -> list[ink.Line]:
        """See Drawn."""
        lines: list[ink.Line] = [[(" Search: ", ink.TITLE), (self.sought, ink.STRONG), ("_", ink.CARET)]]
        if not self.hits:
            said = self.words or "type a part of a value: a place, a reference, a callsign, a type"
            return [*lines, [], *([(" ", ink.TEXT), *line] for line in ink.paragraph(said, width - 2, ink.DIM))]
        field = min(20, max(len(hit.title) for hit in self.hits))
        counts = [f"{words.number(hit.count)} {self._counted(hit)}" for hit in self.hits]
        count = max(map(len, counts))
        for index in self.cursor.view(height - 1):
            hit = self.hits[index]
            style = ink.HERE if index == self.cursor.index else ink.STATES[hit.state]
            room = max(8, width - field - count - (27 if width >= 60 else 8))
            lines.append(
                [
                    (" " if reader.ON else f" {glyphs.GLYPHS[hit.state]} ", ink.STATES[hit.state]),
                    (ink.fit(hit.title, field), ink.DIM),
                    ("  ", ink.TEXT),
                    (ink.fit(f"{words.value(hit.value)} {glyphs.clean(hit.name)}".strip(), min(room, 50)), style),
                    (f" {counts[index]:>{count}}  {hit.state.value if width >= 60 else ''}", ink.STATES[hit.state]),
                ]
            )
        return lines

    @property
    def answered(self) -> bool:
        """See View."""
        return self.words != "searching..."

    def spoken(self, aside: bool = False) -> str:
        """See View: the value under the cursor, or why there is none."""
        if not self.hits:
            return f"Search: {self.words or 'type a part of a value'}"
        hit = self.hits[self.cursor.index]
        value = f"{words.value(hit.value)} {glyphs.clean(hit.name)}".strip()
        stands = f"Search, {self.cursor.index + 1} of {len(self.hits)} found"
        return f"{stands}: {words.listed(value, hit.title, f'{words.number(hit.count)} {self._counted(hit)}', hit.state.value)}"

    def _counted(self, hit: Hit) -> str:
        """Return what a hit's number counts: the leading fact where it has the field, else the first of the app that does."""
        sitting = self.page.sitting
        facts = [sitting.app.fact, *(spec.fact for spec in sitting.app.panels)]
        fields = {fact: {column.name for column in sitting.fields.get(fact, ())} for fact in facts}
        fact = next((fact for fact in facts if hit.field in fields[fact]), "row")
        return many(fact, hit.count)

    def press(self, key: str, character: str | None) -> bool:
        """See View."""
        if key in ("up", "down", "pageup", "pagedown"):
            self.cursor.move(STEPS[key])
            self.redraw()
            return True
        if key == "enter":
            self.choose()
            return True
        made = typed(self.sought, key, character)
        if made is None:
            return super().press(key, character)
        self.sought = made
        if made.strip():
            self.words = "searching..."
            self.page.asking.search(made)
        else:
            self.hits, self.words = (), ""
        self.redraw()
        return True

    def choose(self) -> None:
        """Select the value under the cursor, and leave."""
        if not self.hits:
            self.page.say("nothing found to select yet")
            return
        hit = self.hits[self.cursor.index]
        self.page.asking.used("search", self.sought)
        self.page.close_view()
        self.page.change(lambda: self.page.sitting.toggle([(hit.field, hit.value)]))

    def point(self, x: int, y: int) -> None:
        """See View."""
        index = self.cursor.top + y - 1
        if y >= 1 and index < len(self.hits):
            if not self.cursor.move(index - self.cursor.index):
                self.choose()
                return
            self.redraw()

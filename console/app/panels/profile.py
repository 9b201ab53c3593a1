"""A profile: one thing's page, in sections of label, value and detail."""

from __future__ import annotations

from console.app.drawing import bound, glyphs, ink, words
from console.app.drawing.cursor import Cursor
from console.app.panels.bars import STEPS
from console.app.panels.panel import Panel, Target, outside
from console.desk.answer import PanelAnswer, Row, Value
from console.desk.page import PanelSpec

COLUMNS = ("section", "label", "value", "detail", "field", "key")


class Profile(Panel):
    """The lines of a profile; the cursor moves by line, and a line that names a thing can open or select it."""

    counted = False
    opens_mark = glyphs.OPENS

    def __init__(self, spec: PanelSpec) -> None:
        """See Panel."""
        super().__init__(spec)
        self.cursor = Cursor()
        self.subject: str | None = None

    def about(self, subject: str | None) -> None:
        """Be about another thing; what was shown of the last one goes."""
        if subject != self.subject:
            self.subject, self.answer = subject, None
            self.cursor = Cursor()
        if self.answer is None:
            self.wait("" if subject is None else "fetching...")

    def inside(self, width: int, height: int) -> list[ink.Line]:
        """See Panel: without a subject it says how to choose one."""
        if self.subject is None:
            said = bound.said("{open_profile} on a row, a marker or an alert opens its page here.")
            return [[(" ", ink.TEXT), *line] for line in ink.paragraph(said, width - 2, ink.DIM)]
        return super().inside(width, height)

    def take(self, answer: PanelAnswer, same: bool) -> None:
        """See Panel."""
        self.cursor.follow([row.columns[:2] for row in answer.rows])

    def title(self) -> str:
        """See Panel."""
        return f"{self.spec.title} {glyphs.clean(self.subject)}" if self.subject else self.spec.title

    def empty(self) -> str:
        """See Panel."""
        if self.subject:
            return f"{glyphs.clean(self.subject)} isn't there at this time. {bound.key('back')} goes back."
        return (self.answer.note if self.answer else "") or bound.said("{open_profile} on a row opens its page here.")

    def _names(self, index: int) -> tuple[str, str] | None:
        """Return the field and key of what a line names, or None."""
        name, key = self._cell(index, "field"), self._cell(index, "key")
        return (name, key) if isinstance(name, str) and isinstance(key, str) else None

    def _cell(self, index: int, name: str) -> Value:
        return self.rows[index].columns[COLUMNS.index(name)]

    def body(self, width: int, height: int) -> list[ink.Line]:
        """See Panel."""
        label = max(8, min(24, width // 3, max(len(str(row.columns[1] or "")) for row in self.rows)))
        lines: list[ink.Line] = []
        starts: list[int] = []
        last: Value = None
        for index in range(len(self.rows)):
            section = self._cell(index, "section")
            starts.append(len(lines))
            if section != last:
                lines.append([(words.value(section), ink.TITLE)])
                last = section
            lines += self._lines_of(index, label, width)
        end = starts[self.cursor.index + 1] if self.cursor.index + 1 < len(starts) else len(lines)
        top = max(0, min(starts[self.cursor.index], self.cursor.top))
        top = max(top, end - height)
        self.cursor.top = top
        self.beyond = outside(top, max(0, len(lines) - top - height))
        return lines[top : top + height]

    def _lines_of(self, index: int, label: int, width: int) -> list[ink.Line]:
        on = self.here and index == self.cursor.index
        name, value, detail = (words.value(self._cell(index, part) or "", self.as_of) for part in ("label", "value", "detail"))
        opens = self._names(index) is not None
        label = max(label, min(ink.width_of(name), width // 2))
        left = label + 4 + len(self.opens_mark)
        room = max(10, width - left)
        said = ink.paragraph(", ".join(part for part in (value, detail) if part), room, ink.TEXT) or [[]]
        head: ink.Line = [
            (f" {self.opens_mark if opens else '':<{len(self.opens_mark)}} ", ink.KEY),
            (ink.fit(name, label), ink.HERE if on else ink.DIM),
            ("  ", ink.TEXT),
        ]
        return [[*head, *said[0]], *([(" " * left, ink.TEXT), *more] for more in said[1:])]

    def move(self, key: str) -> bool:
        """See Panel."""
        if key not in STEPS:
            return False
        self.cursor.move(STEPS[key])
        return True

    def target(self) -> Target | None:
        """See Panel."""
        if not self.rows:
            return None
        named = self._names(self.cursor.index)
        if named is None:
            return Target(refusal="this line names nothing that can be selected")
        return Target((named,), (named,), (named,))

    def picked(self) -> tuple[Row, ...]:
        """See Panel."""
        return self.rows[self.cursor.index : self.cursor.index + 1]

    def value(self) -> str:
        """See Panel: the line's value, or its label where it has no other."""
        said = [words.told(self._cell(self.cursor.index, part) or "") for part in ("value", "label")] if self.rows else []
        return next(filter(None, said), "")

    def fields(self) -> tuple[str, ...]:
        """See Panel."""
        target = self.target()
        return tuple(name for name, _ in target.at) if target else ()

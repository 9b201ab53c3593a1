"""A panel's title: where it stands, what the selection doesn't reach, whether it counts, what lies beyond."""

from __future__ import annotations

from collections.abc import Mapping

from console.app.drawing import bound, glyphs, ink, profile, reader, words
from console.app.drawing.drawn import Drawn
from console.desk.answer import PanelAnswer, State
from console.desk.page import PanelSpec


def many(fact: str, count: int = 2) -> str:
    """Return a fact in words for so many of its rows: `incident`, `stop searches`."""
    said = fact.replace("_", " ")
    if count == 1:
        return said
    return f"{said[:-1]}ies" if said.endswith("ty") else f"{said}es" if said.endswith(("ch", "s", "x")) else f"{said}s"


class Titled(Drawn):
    """What has a title; what that says is the panel's."""

    spec: PanelSpec
    titles: Mapping[str, str]
    answer: PanelAnswer | None
    here: bool
    waiting: str
    news: str
    beyond: str
    _stated: State | None = None  # of the cursor's value, as it was said last

    @property
    def hurries(self) -> bool:
        """Whether what is said of the cursor's place waits until it rests."""
        raise NotImplementedError

    def state(self) -> State | None:
        """Return the state of the value that the cursor is on, or None where it is on none."""
        raise NotImplementedError

    def title_line(self, width: int) -> ink.Line:
        """Return the title: the letter that jumps here, what is not reached, whether it counts, what lies beyond."""
        if reader.ON:
            return self._title_words()
        style = ink.TITLE_HERE if self.here else ink.TITLE
        right: ink.Line = []
        if self.answer is not None and self.answer.unreached:
            said = self._unreached(width - ink.width_of(self.title()) - 10)
            right.append((f"{said} ", ink.WARN))
        if self.answer is not None and self.answer.wanted:
            right.append((f"{self._hidden(width - ink.width_of(self.title()) - 10)} ", ink.WARN))
        if self.news:
            right.append((f"{self.news} ", ink.CHANGED))
        if self.waiting and self.answer is not None:
            right.append((f"{self.waiting} ", ink.PENDING))
        if not self.hurries or not self.here:
            self._stated = self.state() if self.here else None
        state = self._stated if not self.waiting else None
        if state is not None and ink.width_of(self.title()) + len(state.value) + ink.length(right) + 8 <= width:
            right.insert(0, (f"{state.value} ", ink.STATES[state]))
        key: ink.Line = [(f"{bound.key('jump')}{self.spec.key}", ink.KEY if self.here else ink.DIM)] if self.spec.key else []
        room = width - ink.length(right) - ink.length(key) - 3
        title, beyond = self._fitting(room)
        right += [*([(f"{beyond} ", ink.DIM)] if beyond else []), *key]
        drawn = glyphs.RULE if profile.now().blocks else glyphs.ascii_only(glyphs.RULE)  # a third of the bytes
        left: ink.Line = [(f"{glyphs.HERE if self.here else drawn} ", style), (title, style)]
        rule = width - ink.length(left) - ink.length(right) - 2
        if rule < 0:
            return ink.spread(left, right, width)
        return [*left, (" " + drawn * rule + " ", ink.FAINT), *right]

    def _title_words(self) -> ink.Line:
        """Return the title for reader mode: words only."""
        unreached = self._unreached(1000) if self.answer is not None and self.answer.unreached else ""
        hidden = self._hidden(1000) if self.answer is not None and self.answer.wanted else ""
        said = words.listed(unreached, hidden, self.news, self.waiting if self.answer is not None else "", self.beyond)
        return [(self.title(), ink.TITLE_HERE if self.here else ink.TITLE), (f"; {said}" if said else "", ink.DIM)]

    def _hidden(self, room: int) -> str:
        """Return what is hidden until a reason is given, in as many words as there is room for."""
        assert self.answer is not None
        key = bound.key("give_reason")
        said = f"{glyphs.clean(self.answer.wanted).lower()} hidden: {key}"
        return said if len(said) <= room else f"hidden: {key}"

    def _fitting(self, room: int) -> tuple[str, str]:
        """Return the title and what lies beyond, the fullest words of both that fit."""
        title = self.title()
        short = title.replace(self.spec.title, self.spec.short.capitalize()) if self.spec.short else title
        ways = [(each, said) for each in (title, short) for said in (self.beyond, self.beyond.replace("column", "col"))]
        return next((way for way in ways if ink.width_of(way[0]) + len(way[1]) + bool(way[1]) <= room), (short, ""))

    def _unreached(self, room: int) -> str:
        """Return what the selection doesn't reach here, in as many words as there is room for."""
        assert self.answer is not None
        fields = ", ".join(words.field(name, self.titles).lower() for name in self.answer.unreached)
        said = f"{fields} {'do' if len(self.answer.unreached) > 1 else 'does'}n't reach {many(self.answer.fact)}"
        return next((each for each in (said, f"not by {fields}") if len(each) <= room), f"not {fields}")

    def title(self) -> str:
        """Return the panel's title with its unit."""
        return self.spec.title

"""Reader mode's line of speech: one plain sentence a change, always in the same place, under the marking."""

from __future__ import annotations

from collections.abc import Mapping

from console.app.drawing import bound, ink, reader, words
from console.app.drawing.drawn import Drawn
from console.app.views.name import announced
from console.desk.answer import Alert, Answer
from console.desk.selection import Clause, Selection, Values


def lines(width: int) -> int:
    """Return how many lines the sentence has in a window: none outside reader mode."""
    return 0 if not reader.ON else 2 if width >= 80 else 3


class Spoken(Drawn):
    """The last sentence; what doesn't fit is cut at its end."""

    def __init__(self) -> None:
        """Say nothing yet."""
        super().__init__(id="spoken")
        self.sentence = ""

    def say(self, sentence: str) -> None:
        """Say a sentence in the place of the last."""
        self.sentence = f"{sentence[:1].upper()}{sentence[1:]}".rstrip(".") + "."
        self.redraw()

    def draw(self, width: int, height: int) -> list[ink.Line]:
        """See Drawn."""
        return ink.paragraph(self.sentence, width - 1, ink.STRONG)


def counted(answer: Answer) -> str:
    """Return what the bar says of a selection."""
    said = f"{answer.shown:,} of {answer.of:,} {answer.noun} shown".replace("  ", " ")
    return words.listed(said, f"{answer.hidden_immediate} Immediate hidden" if answer.hidden_immediate else "")


def changes(before: Selection, after: Selection, titles: Mapping[str, str]) -> str:
    """Return in words what was selected, let go, locked and freed between two selections, "" for nothing."""
    said = []
    for name in dict.fromkeys((*before.fields(), *after.fields())):
        said += _changed(words.field(name, titles), before.clause(name), after.clause(name))
    for locks, others, done in ((after.locks, before.locks, "locked"), (before.locks, after.locks, "free")):
        said += [f"{words.field(name, titles)} {done}" for name in sorted(set(locks) - set(others))]
    return "; ".join(said)


def _changed(title: str, before: Clause | None, after: Clause | None) -> list[str]:
    if before == after:
        return []
    if isinstance(before, Values | None) and isinstance(after, Values | None):
        old, new = (held.values if isinstance(held, Values) else frozenset() for held in (before, after))
        if after is None and len(old) > 1:
            return [f"{title} cleared"]
        pairs = ((new - old, "selected"), (old - new, "let go"))
        return [f"{words.clause(Values(frozenset(held)))} {done}" for held, done in pairs if held]
    return [f"{title} {words.clause(after)} selected" if after is not None else f"{title} cleared"]


def called(alert: Alert) -> str:
    """Return an alert as a sentence."""
    hidden = ", hidden by the selection" if alert.hidden else ""
    return bound.said(f"Alert: {announced(alert)}{hidden}; {{acknowledge}} acknowledges")

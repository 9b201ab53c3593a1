"""The script of selections: sittings of six steps from a clean slate, up to four fields at once; it follows from its seed."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from console.desk.selection import Range, Selection, Values

FIELDS = ("category", "grade", "district", "beat", "outcome", "hour_of_week", "day", "cell")
DAYS = 1096
WIDE, HIGH = 160, 80
SITTING = 6
STAY = 0.4


def selections(seed: int, steps: int, values: Mapping[str, Sequence[str]]) -> list[tuple[str, Selection]]:
    """Return each step's field pressed and selection; `values` are each field's, as text, the commonest first."""
    draw = random.Random(seed)
    made: list[tuple[str, Selection]] = []
    while len(made) < steps:
        selection, last = Selection(), ""
        for _ in range(SITTING):
            chosen = selection.fields()
            stays = last and draw.random() < STAY
            field = last if stays else draw.choice(chosen if len(chosen) >= 4 else FIELDS)
            selection, last = pressed(draw, selection, field, values[field]), field
            made.append((field, selection))
    return made[:steps]


def pressed(draw: random.Random, selection: Selection, field: str, values: Sequence[str]) -> Selection:
    """Return the selection after a press in a field: a span of days, a box of cells, a block of hours, or one value."""
    if field == "day":
        first = draw.randrange(DAYS - 180)
        return selection.with_clause(field, Range(str(first), str(min(DAYS, first + draw.randrange(28, 540)))))
    if field == "cell":
        x, y = draw.randrange(90), draw.randrange(40)
        right, top = x + draw.randrange(15, 69), y + draw.randrange(10, 39)
        cells = frozenset(str(row * WIDE + column) for row in range(y, top) for column in range(x, right))
        return selection.with_clause(field, Values(cells))
    first = int(len(values) * draw.random() ** 1.8)
    for value in values[first : first + (draw.randrange(4, 30) if field == "hour_of_week" else 1)]:
        selection = selection.toggle(field, value)
    return selection

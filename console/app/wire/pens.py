"""Pens: how a cell is written, and the shortest escape code that turns one pen into another."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

OFF = {1: 22, 2: 22, 3: 23, 4: 24, 5: 25, 6: 25, 7: 27, 8: 28, 9: 29, 21: 24, 51: 54, 52: 54, 53: 55}
ON_BLANKS = frozenset((4, 5, 6, 7, 9, 21, 51, 52, 53))  # attributes that show on a cell without a glyph


class Pen(NamedTuple):
    """Attributes by their SGR numbers, and the SGR parameters of the colours in front and behind ("" for the terminal's own)."""

    attributes: frozenset[int] = frozenset()
    front: str = ""
    back: str = ""

    @property
    def fills(self) -> bool:
        """Whether a blank written with it shows nothing but the colour behind."""
        return not self.attributes & ON_BLANKS

    @property
    def solid(self) -> bool:
        """Whether no glyph written with it can be seen."""
        extended = self.front[:2] == "38" and self.front[1:] == self.back[1:] and 2 not in self.attributes
        return self.fills and (extended or (self.front.isdecimal() and self.back == str(int(self.front) + 10) and not self.attributes))


PLAIN = Pen()


@lru_cache(4096)
def read(parameters: str) -> Pen:
    """Return the pen that SGR parameters make of the plain one; what isn't known changes nothing."""
    attributes, front, back = set[int](), "", ""
    left = [int(each) if each.isdecimal() else 0 for each in parameters.split(";")]
    while left:
        code = left.pop(0)
        if code in OFF:
            attributes.add(code)
        elif code in (38, 48):
            colour = ";".join(map(str, [code, *_colour(left)]))
            front, back = (colour, back) if code == 38 else (front, colour)
        elif 30 <= code <= 37 or 90 <= code <= 97:
            front = str(code)
        elif 40 <= code <= 47 or 100 <= code <= 107:
            back = str(code)
        elif code == 0:
            attributes, front, back = set(), "", ""
        elif code in (39, 49):
            front, back = ("", back) if code == 39 else (front, "")
        elif code in OFF.values():
            attributes -= {on for on, off in OFF.items() if off == code}
    return Pen(frozenset(attributes), front, back)


def _colour(left: list[int]) -> list[int]:
    """Take the rest of an extended colour (5;N or 2;R;G;B) off the parameters."""
    size = {5: 2, 2: 4}.get(left[0] if left else 0, len(left))
    taken = left[:size]
    del left[:size]
    return taken


@lru_cache(16384)
def change(old: Pen | None, new: Pen) -> str:
    """Return the shortest code from one pen (None: unknown) to another, "" if they are the same."""
    if old == new:
        return ""
    whole = ";".join([*map(str, sorted(new.attributes)), *filter(None, (new.front, new.back))])
    reset = f"\x1b[0;{whole}m" if whole else "\x1b[m"
    if old is None:
        return reset
    off = {OFF[each] for each in old.attributes - new.attributes}
    on = {each for each in new.attributes if each not in old.attributes or OFF[each] in off}
    parts = [*map(str, sorted(off)), *map(str, sorted(on))]
    parts += [new.front or "39"] if new.front != old.front else []
    parts += [new.back or "49"] if new.back != old.back else []
    return min(f"\x1b[{';'.join(parts)}m", reset, key=len)


@lru_cache(4096)
def for_blank(old: Pen | None, back: str, following: Pen | None) -> Pen:
    """Return the pen to write a blank on a colour with: the old if it will do, else what is cheapest with what follows it."""
    if old is not None and old.back == back and old.fills:
        return old
    choices = [Pen(back=back)]
    if old is not None:
        choices.append(Pen(old.attributes - ON_BLANKS, old.front, back))
    if following is not None and following.back == back and following.fills:
        choices.append(following)
    return min(choices, key=lambda pen: len(change(old, pen)) + (len(change(pen, following)) if following else 0))

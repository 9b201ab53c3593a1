"""Why personal data is looked at: what a viewer may say, and that it is wanted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListedReason:
    """A reason that can be given: its code, what it is in words, and whether it needs the reference of a case or incident."""

    code: str
    title: str
    cased: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """A viewer's reason: the code of a listed one, the reference of a case or incident, and words of their own.

    `asked` is the case that the refused question came from, which the reason holds for as well.
    """

    code: str
    case: str = ""
    words: str = ""
    asked: str = ""


class ReasonWanted(Exception):
    """What was asked for holds personal data, and no reason was given yet in this sitting for the case it was asked in."""

    BEGINS = "a reason is wanted to see "

    @property
    def what(self) -> str:
        """What it holds, in words ("Officer's name")."""
        return str(self).removeprefix(self.BEGINS)


def read(said: str, listed: tuple[ListedReason, ...], case: str = "") -> Reason:
    """Return the reason that a line means: the number or code of a listed one, the case's reference, then any words.

    Raises ValueError saying what is missing. `case` is the one it is for where the line names none.
    """
    first, _, rest = said.strip().partition(" ")
    word = first.rstrip(":,").lower()
    found = [each for n, each in enumerate(listed, 1) if word in (str(n), each.code)]
    found = found or [each for each in listed if word and each.code.startswith(word)]
    if len(found) != 1:
        raise ValueError(f"a reason is one of: {', '.join(f'{n} {each.code}' for n, each in enumerate(listed, 1))}")
    (chosen,) = found
    rest = rest.strip()
    one, _, more = rest.partition(" ")
    if any(sign.isdigit() for sign in one) and (not case or len(one) > 2):
        case, rest = one.rstrip(",;:"), more.strip()
    if chosen.cased and not case:
        raise ValueError(f"{chosen.title.lower()}: of which case or incident? a reference with a number is wanted")
    if chosen.code == "other" and not rest:
        raise ValueError("another reason: which? some words are wanted")
    return Reason(chosen.code, case, rest)

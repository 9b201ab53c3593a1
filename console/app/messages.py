"""What is posted to the screen from other threads: one message a job."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual.message import Message

from console.desk.answer import Answer, Hit, Rows
from console.desk.desk import Change, RowsQuestion
from console.desk.reason import ListedReason, Reason


@dataclass(eq=False)
class Answered(Message):
    """An answer came for the question of a serial number."""

    serial: int
    names: tuple[str, ...]
    answer: Answer


@dataclass(eq=False)
class Unanswered(Message):
    """A question failed as a whole."""

    serial: int
    names: tuple[str, ...]
    words: str


@dataclass(eq=False)
class RowsCame(Message):
    """A page of rows came, or the words of why it didn't."""

    question: RowsQuestion
    rows: Rows | None
    words: str = ""


@dataclass(eq=False)
class Found(Message):
    """What a search found."""

    text: str
    hits: tuple[Hit, ...]
    words: str = ""


@dataclass(eq=False)
class Wanting(Message):
    """A reason is wanted for what was asked: what it holds, for which case, what may be said, and what was said last.

    `again` asks anew once it is given, `back` goes back to where it wasn't asked.
    """

    what: str
    case: str
    listed: tuple[ListedReason, ...]
    last: Reason | None
    again: Callable[[], None]
    back: Callable[[], None]


@dataclass(eq=False)
class Said(Message):
    """A sentence for the message line."""

    words: str


@dataclass(eq=False)
class Done(Message):
    """Something made off the screen's thread, with what takes it."""

    take: Callable[[], None]


@dataclass(eq=False)
class Changed(Message):
    """A new data version."""

    change: Change

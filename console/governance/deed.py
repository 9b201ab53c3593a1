"""What somebody did, as the audit and usage are told of it: one form for both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Kind = Literal["collection", "alteration", "consultation", "disclosure", "combination", "erasure"]
KINDS: tuple[Kind, ...] = ("collection", "alteration", "consultation", "disclosure", "combination", "erasure")


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts, and from where: a user name, its number where it is known, the seat, and the terminal and host where known."""

    user: str
    uid: int | None = None
    verified: bool = False
    seat: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """An action of somebody: of a `kind` of the law's it is for the audit and for usage, without one for usage alone.

    `fields` are the personal fields that were shown or sought, `subjects` the keys of whom or what it was about, `counted` how many
    rows; `selection` is in the grammar's words. `reason` is the code of one listed, `words` are the viewer's own, `case` is the
    incident's or case's reference. `at` is naive UTC, `seconds` how long it took where that is known.
    """

    who: Who
    action: str
    kind: Kind | None = None
    app: str = ""
    panel: str = ""
    fact: str = ""
    fields: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    selection: str = ""
    counted: int | None = None
    reason: str = ""
    words: str = ""
    case: str = ""
    detail: str = ""
    seconds: float | None = None
    at: datetime | None = None

    @property
    def persons(self) -> bool:
        """Whether persons were sought or shown."""
        return bool(self.fields)

    def stamped(self) -> datetime:
        """Return when it was, now where that wasn't said (naive UTC)."""
        return self.at or _now()

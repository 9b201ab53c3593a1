"""Whether the audit is as it was written: every row, their order, and against heads that were kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from console.governance.audit import NOTHING
from console.governance.chain import COLUMNS, Head, hash_of, instant
from console.store import sql
from console.store.database import Cursor

PIECE = 5_000
_HASH, _PREVIOUS, _AT = (COLUMNS.index(name) for name in ("hash", "previous", "done_at"))


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found: where the chain stands, and the first row that isn't as it was, with why, if any."""

    head: Head
    bad: int | None = None
    why: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing is amiss."""
        return self.bad is None


def verify(cursor: Cursor, heads: Iterable[Head] = ()) -> Verified:
    """Go through the whole audit; `heads` are what it stood at, as kept elsewhere."""
    said: dict[int, list[Head]] = {}
    for head in heads:
        said.setdefault(head.sequence, []).append(head)
    last = NOTHING
    found = sql.run(cursor, sql.text("governance/audit_rows"))
    while rows := found.fetchmany(PIECE):
        for row in rows:
            if fault := _amiss(row, last, said.get(row[0], ())):
                return Verified(last, *fault)
            last = Head(row[0], row[_HASH], row[_AT])
    beyond = [head for sequence, held in said.items() for head in held if sequence > last.sequence]
    if beyond:
        head = max(beyond, key=lambda head: head.sequence)
        words = f"the end is cut off: it stood at {head.sequence} on {instant(head.at)}, and the last row there is is {last.sequence}"
        return Verified(last, last.sequence + 1, words)
    return Verified(last)


def _amiss(row: tuple[Any, ...], last: Head, heads: Iterable[Head]) -> tuple[int, str] | None:
    """Return the sequence of the first row that isn't as it was, and why, looking at one row after another."""
    sequence, due = row[0], last.sequence + 1
    if sequence is None or sequence < due:
        return (sequence or 0), "there are two rows of this number: one was put in"
    if sequence > due:
        many = f"rows {due} to {sequence - 1} are" if sequence - due > 1 else f"row {due} is"
        return due, f"{many} missing"
    if not isinstance(row[_PREVIOUS], str) or row[_AT] is None or hash_of(row[:_HASH]) != row[_HASH]:
        return sequence, "the row isn't as it was written"
    if row[_PREVIOUS] != last.hash:
        if last.sequence == 0:
            return sequence, "it isn't the row that the audit began with"
        return last.sequence, f"it isn't the row that row {sequence} was chained to: it was replaced, or rows changed places"
    if any(head.hash != row[_HASH] for head in heads):
        return sequence, "it isn't the row that stood here when the head was taken: the audit was written anew from here or before"
    return None

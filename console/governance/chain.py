"""The form of the audit's rows: how one is encoded, and the hash that chains it to the row before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from console.governance.deed import Deed

FORM = "console audit 1"
GENESIS = hashlib.sha256(FORM.encode()).hexdigest()
"""What the first row takes for the hash of the row before."""

COLUMNS = (
    "sequence", "done_at", "viewer", "uid", "verified", "seat", "address", "kind", "action", "app", "panel", "fact", "fields", "subjects",
    "selection", "counted", "reason", "words", "case_ref", "detail", "previous", "hash",
)  # fmt: skip
NAMED = 200  # subjects that a row names; of more it says how many


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain stands: its newest row's sequence and hash, and when that was written (naive UTC)."""

    sequence: int
    hash: str
    at: datetime


def row_of(deed: Deed, sequence: int, previous: str) -> dict[str, Any]:
    """Return a deed as a row of the audit, by column."""
    who = deed.who
    subjects = list(deed.subjects[:NAMED])
    detail = deed.detail if len(deed.subjects) <= NAMED else f"{deed.detail}; {len(deed.subjects) - NAMED} more subjects".removeprefix("; ")
    row: dict[str, Any] = {
        "sequence": sequence, "done_at": deed.stamped(), "viewer": who.user, "uid": who.uid, "verified": who.verified, "seat": who.seat,
        "address": who.address, "kind": deed.kind, "action": deed.action, "app": deed.app, "panel": deed.panel, "fact": deed.fact,
        "fields": _list(deed.fields), "subjects": _list(subjects), "selection": deed.selection, "counted": deed.counted,
        "reason": deed.reason, "words": deed.words, "case_ref": deed.case, "detail": detail, "previous": previous,
    }  # fmt: skip
    row = {name: storable(value) if isinstance(value, str) else value for name, value in row.items()}
    row["hash"] = hash_of([row[name] for name in COLUMNS[:-1]])
    return row


def hash_of(values: Iterable[Any]) -> str:
    """Return the SHA-256 (hex) of a row without its hash, whose last value is the hash of the row before.

    The row is encoded as one JSON array in ASCII, without blanks, that begins with the form's name: each value keeps its type and its
    bounds, so no two rows have one encoding.
    """
    *row, previous = values
    encoded = json.dumps([FORM, *map(_plain, row)], ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(previous.encode() + b"\n" + encoded.encode()).hexdigest()


def instant(at: datetime) -> str:
    """Return an instant (naive UTC) to the microsecond, always in as many characters."""
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond:06}Z"


def _plain(value: Any) -> Any:
    return instant(value) if isinstance(value, datetime) else value


def _list(values: Iterable[str]) -> str:
    return json.dumps(list(map(storable, values)), ensure_ascii=False)


def storable(text: str) -> str:
    """Return a text without what the database can't keep."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")

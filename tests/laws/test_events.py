"""The event list in docs/ and the code say the same."""

from __future__ import annotations

import re
from pathlib import Path

from console.feed.events import KINDS

LISTED = Path(__file__).resolve().parents[2] / "docs" / "events.md"


def test_the_list_is_the_code() -> None:
    """Every kind with its meaning and its payload's fields stands in docs/events.md, and nothing else."""
    rows = re.findall(r"^\| `([a-z.]+)` \| (.+?) \| (.+) \|$", LISTED.read_text(encoding="utf-8"), re.M)
    told = {kind: (words, tuple(re.findall(r"`(\w+)`", fields))) for kind, words, fields in rows}
    assert told == {kind: ((type.__doc__ or "").strip(), type.__struct_fields__) for kind, type in KINDS.items()}

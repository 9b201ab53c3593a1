"""The blocks of docs/hub.md, with this machine's names in the place of those that the page has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "hub.md"


def block(name: str, names: Mapping[str, str]) -> str:
    """Return the fenced block after `<!-- NAME -->`; each name must stand in it, and is replaced."""
    found = re.search(rf"<!-- {name} -->\n```\w*\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found, f"{PAGE.name} has no block {name}"
    text = found[1]
    for old, new in names.items():
        assert old in text, f"{old!r} isn't in the block {name}"
        text = text.replace(old, new)
    return text

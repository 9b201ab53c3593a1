"""What a published file's name says: the month and the force."""

from __future__ import annotations

import re
from pathlib import PurePath

_EDGE = re.compile(r"[^a-z0-9]+")
_NAMED = re.compile(r"(?<!\d)(\d{4}-(?:0[1-9]|1[0-2]))-(.+?)-(?:stop-and-search|street|outcomes)")
UNKNOWN_FORCE = "unknown-force"


def slug(name: str) -> str:
    """Return a force's name as published files and batches have it: Avon and Somerset Constabulary is avon-and-somerset."""
    words = _EDGE.sub("-", name.lower().replace("&", " and ")).strip("-")
    return re.sub(r"-(constabulary|police|police-service)$", "", words)[:80] or UNKNOWN_FORCE


def named(place: str) -> tuple[str | None, str | None]:
    """Return the month and the force that a published file's name says, as in 2024-01-avon-and-somerset-street.csv."""
    found = _NAMED.search(PurePath(place).name)
    return (found[1], slug(found[2])) if found else (None, None)

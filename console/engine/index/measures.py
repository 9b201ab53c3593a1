"""What a measure adds up, read from its SQL: rows, or a column, of all or of those that a condition holds for."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SUM = re.compile(r"\s*(?:count\(\*\)|sum\((?P<value>[\w.]+)\))(?:\s+filter\s*\(\s*where\s+(?P<where>.+)\))?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Adding:
    """A count of rows, or the sum of a column (`value`), of those for which a condition (SQL, "" for all) holds."""

    value: str
    where: str


def adding(sql: str) -> Adding | None:
    """Return what a measure's SQL adds up, or None if it is something else."""
    found = _SUM.match(sql)
    if found is None or (found["where"] or "").count("(") != (found["where"] or "").count(")"):
        return None
    return Adding(found["value"] or "", found["where"] or "")

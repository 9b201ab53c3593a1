"""What a measure adds up, read from its SQL: rows, or a column, of all or of those that a condition holds for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_SUM = re.compile(r"\s*(?:count\(\*\)|sum\((?P<value>[\w.]+)\))(?:\s+filter\s*\(\s*where\s+(?P<where>.+)\))?\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Adding:
    """A count of rows, or the sum of a column (`value`), of those for which a condition (SQL, "" for all) holds."""

    value: str
    where: str


ROWS = Adding("", "")
_VALUES = re.compile(
    r"\s*(?:(?P<kind>median|max|min)\((?P<column>\w+)\)|quantile_cont\((?P<of>\w+), (?P<part>[01]?\.?\d+)\)"
    r"|count\(distinct (?P<different>\w+)\))\s*$", re.IGNORECASE,
)  # fmt: skip
_SHARE = re.compile(r"\s*100\.0 \* (?P<part>.+) / nullif\((?P<whole>.+), 0\)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OfValues:
    """What is told by how often each value of a column comes: distinct, max, min, or a quantile (`part`, 0 to 1)."""

    kind: str
    column: str
    part: float = 0.0


@cache
def of_values(sql: str) -> OfValues | None:
    """Return what a measure's SQL says of a column's values, or None if it is something else."""
    found = _VALUES.match(sql)
    if found is None:
        return None
    if found["different"]:
        return OfValues("distinct", found["different"])
    if found["of"]:
        return OfValues("quantile", found["of"], float(found["part"]))
    kind = found["kind"].lower()
    return OfValues("quantile", found["column"], 0.5) if kind == "median" else OfValues(kind, found["column"])


@cache
def share(sql: str) -> tuple[Adding, Adding] | None:
    """Return the part and the whole of a measure in per cent, or None if it is something else."""
    found = _SHARE.match(sql)
    part, whole = (adding(found["part"]), adding(found["whole"])) if found else (None, None)
    return None if part is None or whole is None else (part, whole)


@cache
def adding(sql: str) -> Adding | None:
    """Return what a measure's SQL adds up, or None if it is something else."""
    found = _SUM.match(sql)
    if found is None or (found["where"] or "").count("(") != (found["where"] or "").count(")"):
        return None
    return Adding(found["value"] or "", found["where"] or "")


def added(sql: str) -> tuple[Adding, ...]:
    """Return all that a measure adds up, none if the index can't."""
    one = adding(sql)
    told = of_values(sql)
    return (one,) if one else (Adding(told.column, ""),) if told else share(sql) or ()

"""The words of the published codes, and what stands in place of a value that is missing."""

from __future__ import annotations

import csv
from functools import cache

from console import files

MISSING = ("", "-1", "-1.0", "NULL", "null", "NA")


@cache
def _table() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    with (files.data() / "reference" / "stats19_code.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["variable"], {})[row["code"]] = row["words"]
    return found


def words(variable: str) -> dict[str, str]:
    """Return the words of a variable's codes, these as text."""
    return _table()[variable]


@cache
def districts() -> dict[str, str]:
    """Return the district of each local authority's code that is of the force's area."""
    with (files.data() / "reference" / "local_authority.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["district"] for row in csv.DictReader(file)}

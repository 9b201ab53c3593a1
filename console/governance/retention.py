"""What is kept and for how long, as a policy says; what is past its time goes with its events, so that the rest fold to what is left."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from console.store import sql
from console.store.database import Cursor, Store

KINDS = ("positions", "crimes", "incidents", "contacts", "usage", "quarantine", "imports", "sittings")
"""In the order in which they are gone through: what is kept for another's sake comes after it."""

GROUPED = ("crimes", "incidents")
THINGS = {"positions": "unit.moved", "crimes": "crime", "incidents": "incident", "contacts": "contact", "imports": "batch"}
FACTS = {"positions": "unit", "crimes": "crime", "incidents": "incident", "contacts": "contact", "imports": "crime", "quarantine": "source"}
UNITS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
SPARSEST = timedelta(minutes=5)
"""Positions no further apart than half of what a unit may be unheard for before its state is unknown."""

NEVER = datetime(1, 1, 1)
_SPAN = re.compile(r"(\d+(?:\.\d+)?) (hour|day|week|month|year)s?$")


@dataclass(frozen=True, slots=True)
class Rule:
    """How long a kind is kept after it ended; `groups` are other spans by category, None for ever; `thin` of positions: after, every."""

    keep: timedelta | None
    groups: Mapping[str, timedelta | None] = field(default_factory=dict)
    thin: tuple[timedelta, str] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What became of a kind: how many go, the oldest and the newest (naive UTC), and how many are kept back, by reason."""

    kind: str
    before: datetime
    count: int
    oldest: datetime | None
    newest: datetime | None
    kept: Mapping[str, int]


Audit = Callable[[str, str, str], None]
"""Takes what was done (`erasure`), on what, and why; what it raises stops the erasing."""


def read(path: Path) -> dict[str, Rule]:
    """Return the rules of a policy file by kind; raises ValueError naming the file and what is wrong, OSError."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        return {kind: _rule(kind, body) for kind, body in said.items()}
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def _rule(kind: str, said: Any) -> Rule:
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of record: there are {', '.join(KINDS)}")
    if not isinstance(said, dict) or "keep" not in said:
        raise ValueError(f'{kind}: write keep = "2 years", or keep = "for ever"')
    if wrong := sorted(said.keys() - {"keep", *(("group",) if kind in GROUPED else ()), *(("thin",) if kind == "positions" else ())}):
        raise ValueError(f"{kind}: {wrong[0]!r} means nothing here")
    groups = {}
    for name, group in said.get("group", {}).items():
        if not isinstance(group, dict) or group.keys() != {"keep", "categories"}:
            raise ValueError(f"{kind}.group.{name}: has keep and categories")
        for category in group["categories"]:
            if category in groups:
                raise ValueError(f"{kind}.group.{name}: {category!r} is in two groups")
            groups[category] = _span(f"{kind}.group.{name}", group["keep"])
    thin = None
    if "thin" in said:
        if not isinstance(said["thin"], dict) or said["thin"].keys() != {"after", "every"}:
            raise ValueError('positions.thin: write { after = "7 days", every = "5 minutes" }')
        after, every = _span("positions.thin", said["thin"]["after"]), re.match(r"(\d+) minutes?$", str(said["thin"]["every"]))
        if after is None or every is None or not timedelta(0) < timedelta(minutes=int(every[1])) <= SPARSEST:
            raise ValueError("positions.thin: every is 1 to 5 minutes, or units would seem unheard; after is a span")
        thin = after, every[0]
    return Rule(_span(kind, said["keep"]), groups, thin)


def _span(where: str, text: object) -> timedelta | None:
    if text == "for ever":
        return None
    found = _SPAN.match(str(text))
    if not found or float(found[1]) == 0:
        raise ValueError(f'{where}: {text!r} is no span: write "90 days", "6 years" or "for ever"')
    return timedelta(days=float(found[1]) * UNITS[found[2]])


def apply(store: Store, rules: Mapping[str, Rule], now: datetime, *, dry: bool, audit: Audit = lambda done, what, why: None) -> list[Line]:
    """Erase what is past its time at a moment (naive UTC), all in one transaction; dry, undo it and only say what went.

    `audit` is told of each kind before it is erased; what it raises undoes everything.
    """
    lines: list[Line] = []
    with suppress(_Undone), store.write(dict.fromkeys(FACTS[kind] for kind in rules if kind in FACTS)) as cursor:
        for kind in [kind for kind in KINDS if kind in rules]:
            given = _given(rules[kind], now)
            if (line := _due(cursor, kind, rules[kind], given, now)) is None:
                continue
            lines.append(line)
            if not line.count:
                continue
            if not dry:
                what = f"{line.count} {kind}, the newest of {line.newest:%Y-%m-%dT%H:%M:%SZ}"
                audit("erasure", what, f"past the time for which the policy keeps {kind}")
            sql.run(cursor, sql.text(f"retention/erase_{kind}"), given)
            if kind in THINGS:
                horizon = max(given["before"], given["thin_before"])
                sql.run(cursor, sql.text("retention/note"), {"thing": THINGS[kind], "horizon": horizon, "at": now, "kind": kind})
        if dry:
            raise _Undone
    return lines


class _Undone(Exception):
    """What was done was only to be seen."""


def _given(rule: Rule, now: datetime) -> dict[str, Any]:
    before = NEVER if rule.keep is None else now - rule.keep
    after, every = rule.thin or (None, "5 minutes")
    return {"before": before, "thin_before": NEVER if after is None else now - after, "every": every}


def _due(cursor: Cursor, kind: str, rule: Rule, given: Mapping[str, Any], now: datetime) -> Line | None:
    """Make `due`, and say what it holds; None where the file keeps no such kind."""
    values = sorted(rule.groups)
    befores = [NEVER if (keep := rule.groups[value]) is None else now - keep for value in values]
    columns = {"value": np.array(values, dtype=object), "before_at": np.array(befores, dtype="datetime64[us]")}
    if kind == "sittings" and not sql.rows(cursor, "retention/holds_sittings"):
        return None
    with sql.staged(cursor, "terms", columns):
        sql.run(cursor, sql.text(f"retention/{kind}"), given)
    found = sql.rows(cursor, "retention/counted")
    count, oldest, newest = next(((n, first, last) for why, n, first, last in found if why is None), (0, None, None))
    return Line(kind, given["before"], count, oldest, newest, {why: n for why, n, _, _ in found if why is not None})


def said(lines: list[Line], *, dry: bool) -> str:
    """Return a report of lines: what, how many, from when to when, and what is kept back and why."""
    made = []
    for line in lines:
        span = (
            "" if line.oldest is None or line.newest is None else f", from {line.oldest:%d %b %Y %H:%M} to {line.newest:%d %b %Y %H:%M} UTC"
        )
        made.append(f"{line.kind}: {line.count:,} {'would be erased' if dry else 'erased'}{span}")
        made += [f"  {count:,} kept back: {why}" for why, count in line.kept.items()]
    return "\n".join(made or ["the policy names no kind that this file keeps"])


def compact(path: Path) -> tuple[int, int]:
    """Copy a file that nobody has open into a new one, which takes its place; return the bytes before and after. Raises StoreError."""
    from console.store.compacting import compacted

    with suppress(FileNotFoundError):
        return compacted(path)
    return 0, 0

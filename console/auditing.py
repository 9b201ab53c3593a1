"""`console audit`: verify, head and list, of a file or of a hub's; signatures are made and checked here."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from console.desk.audit import AuditAsked
from console.desk.desk import Desk
from console.desk.grammar import ZONE, instant
from console.governance import chain, signing

OK, FAILED = 0, 1


def run(options: argparse.Namespace, desk: Desk) -> int:
    """Do what the command line asks of a Desk's audit; return the exit status. Raises Refused, ValueError, and what the Desk raises."""
    return {"verify": _verify, "head": _head, "list": _list}[options.act](options, desk)


def _kept(said: Sequence[str]) -> list[signing.Kept]:
    made = []
    for one in said:
        file = Path(one)
        text = file.read_text(encoding="utf-8") if len(one) < 1000 and "\n" not in one and file.is_file() else one
        made += signing.read(text)
    return made


def _verify(options: argparse.Namespace, desk: Desk) -> int:
    bad, kept = 0, _kept(options.head)
    for each in kept:
        try:
            print(f"head of row {each.head.sequence}: {signing.check(each, options.signer)}")
        except signing.Unsigned as error:
            print(f"head of row {each.head.sequence}: {error}")
            bad += 1
    verdict = desk.audit_verdict(desk.viewer(), tuple(signing.text(each.head) for each in kept))
    print("\n".join(verdict.words))
    return OK if verdict.whole and not bad else FAILED


def _head(options: argparse.Namespace, desk: Desk) -> int:
    text = desk.audit_head(desk.viewer())
    print(text, end="")
    if options.sign is not None:
        print(signing.sign(text, options.sign), end="")
    return OK


def _list(options: argparse.Namespace, desk: Desk) -> int:
    since, before = (instant(said) if said else None for said in (options.from_, options.to_))
    if options.limit < 1:
        raise ValueError("--limit is 1 or more")
    asked = AuditAsked(since, before, options.user_, options.kind_, options.case_, options.subject_, options.limit)
    found = desk.audit_rows(desk.viewer(), asked)
    for row in found.rows:
        told = dict(zip(found.columns, row, strict=True))
        print(json.dumps(_plain(told), ensure_ascii=False) if options.json else _line(told))
    return OK


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    made = row | {"done_at": chain.instant(row["done_at"])}
    return made | {name: json.loads(row[name]) for name in ("fields", "subjects")}


def _line(row: dict[str, Any]) -> str:
    """Return a row in a line: when, who and from where, what, of whom, why."""
    from console.app.drawing.glyphs import harmless

    at: datetime = row["done_at"].replace(tzinfo=UTC).astimezone(ZONE)
    who = row["viewer"] if row["verified"] else f"{row['viewer']} (unverified)"
    why = f"{row['reason']} {row['case_ref']} {row['words']}".strip()
    about = json.loads(row["subjects"])
    named = ", ".join(about[:6]) + (f" and {len(about) - 6} more" if len(about) > 6 else "")
    where = "/".join(filter(None, (row["app"], row["panel"] or row["fact"])))
    parts = [
        f"{row['sequence']:>7} {at:%Y-%m-%d %H:%M:%S %Z} {who}",
        f"{row['kind']}: {row['action']} {where}".rstrip(), named, ", ".join(json.loads(row["fields"])), row["selection"], row["detail"],
        "" if row["counted"] is None else f"{row['counted']:,} rows", why, row["address"],
    ]  # fmt: skip
    return harmless("; ".join(filter(None, parts)))

"""`console extract`: a file of an analyst's own, written beside its name and given it when it is whole."""

from __future__ import annotations

import argparse
import hashlib
import os
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from console import reasoning
from console.desk import area
from console.desk.desk import Desk, Extract, Viewer

FORMS = {".duckdb": "duckdb", ".parquet": "parquet"}


def refuse(options: argparse.Namespace) -> None:
    """Raise ValueError where the command line can't be done, before anything is opened."""
    if options.to.suffix not in FORMS:
        raise ValueError(f"{options.to}: an extract is a .duckdb or a .parquet file")
    if options.expires < 1:
        raise ValueError("--expires is 1 day or more")


def run(options: argparse.Namespace, desk: Desk, at: datetime | None) -> str:
    """Write what the command line asks for, and return what was written in a sentence. Raises what the Desk raises, ValueError, OSError."""
    expires = (datetime.now(UTC) + timedelta(days=options.expires)).replace(tzinfo=None, microsecond=0)
    to = named(options.to, expires)
    if to.exists() or not to.parent.is_dir():
        raise ValueError(f"{to} is there already: name another" if to.exists() else f"{to.parent} is no folder")
    viewer = desk.viewer()
    reasoning.explain(desk, viewer, options)
    facts = tuple(filter(None, (options.facts or "").split(",")))
    selection = desk.resolve(viewer, area.read_in(tuple(options.select)), tuple(options.lock), facts[0] if facts else "", at)
    return written(desk, viewer, Extract(str(to), FORMS[options.to.suffix], expires, facts, selection, at, options.case), to)


def named(to: Path, expires: datetime) -> Path:
    """Return the file's name with its expiry: `a.duckdb` is `a.until-2026-12-24.duckdb`."""
    return to.with_name(f"{to.stem}.until-{expires:%Y-%m-%d}{to.suffix}")


def written(desk: Desk, viewer: Viewer, asked: Extract, to: Path, said: Callable[[int], None] = lambda bytes: None) -> str:
    """Have a Desk make a file, fetch it and give it its name; of one that doesn't come whole nothing is left. Raises OSError."""
    made = desk.extract(viewer, asked)
    part = to.with_name(f".{to.name}-{secrets.token_hex(4)}.part")
    digest, count = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            while piece := desk.piece(viewer, made.token, count):
                file.write(piece)
                digest.update(piece)
                count += len(piece)
                said(count)
            file.flush()
            os.fsync(file.fileno())
        if digest.hexdigest() != made.sha256:
            raise OSError(f"{to}: {count:,} of {made.bytes:,} bytes came, and not as they were made; nothing is left of it")
        os.link(part, to)
    finally:
        part.unlink(missing_ok=True)
    return f"{to}: {made.said}; not to be used after {asked.expires_at:%d %b %Y}; in the audit as disclosed"

"""Feeds composed: a file with all that feeds it, how that stands, and what is sent to its doors."""

from __future__ import annotations

import argparse
import shutil
import stat
import sys
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console import files

if TYPE_CHECKING:
    from console.engine.desk import StoreDesk
    from console.feed.intake.feeds import Feeds
    from console.hub.protocol.standing import Kept
    from console.store.database import Store

OK, FAILED = 0, 1


@dataclass(frozen=True, slots=True)
class Fed:
    """A Desk over a file, and what feeds it."""

    desk: StoreDesk
    feeds: Feeds
    store: Store

    def kept(self) -> Kept:
        """Return what is kept, and how what feeds it stands."""
        from console.engine import sources
        from console.feed.ingest import clock
        from console.hub.protocol.standing import Feed, Kept

        path, log = self.store.path, self.store.path.with_name(f"{self.store.path.name}.wal")
        with self.store.reader() as cursor:
            heard = sources.states(cursor, files.queries() / "sources", clock(), self.feeds.clock())
        made = tuple(
            Feed(
                each.name, each.kind, each.connected, each.heard_at, each.lag_s, each.lines, each.events, each.duplicates,
                each.quarantined, each.waiting, each.behind, tuple(sorted(each.acknowledged.items())), each.failure,
            )
            for each in self.feeds.states()
        )  # fmt: skip
        size, more = path.stat().st_size, log.stat().st_size if log.exists() else 0
        free = shutil.disk_usage(path.parent).free
        return Kept(str(path), size, more, free, self.store.version, self.feeds.failure, heard, made)


def open_fed(
    path: Path, named: Sequence[str] | None, *, say: Callable[[str], None], secret: bytes = b"", speed: float = 1.0,
    progress: Callable[[str, float], None] = lambda words, share: None, **more: Any,
) -> Fed:  # fmt: skip
    """Open the file, start what is named to feed it, and return the Desk; closing that stops the feeds.

    With None named it is fed by the simulated force, if that is the file's feed or the file is empty. Raises ValueError, OSError,
    StoreError.
    """
    from console.embedded import desk_over
    from console.feed.intake import played
    from console.feed.intake.feeds import Feeds
    from console.store.database import open_store

    store = open_store(path, create=named is None or bool(named), say=say)
    try:
        feeds = Feeds(store, played.fitting(store) if named is None else named, say=say, secret=secret, speed=speed, progress=progress)
        try:
            feeds.start()
            return Fed(desk_over(store, clock=feeds.clock, closing=feeds.stop, pacing=feeds.pace, **more), feeds, store)
        except BaseException:
            feeds.stop()
            raise
    except BaseException:
        store.close()
        raise


def secret_in(path: Path | None) -> bytes:
    """Return the secret that a file holds, b"" for no file. Raises ValueError where others may read it, OSError."""
    if path is None:
        return b""
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise ValueError(f"{path} can be read by others: chmod 600 {path}")
    if not (secret := path.read_bytes().strip()):
        raise ValueError(f"{path} holds no secret")
    return secret


def simulate(options: argparse.Namespace) -> None:
    """Write the simulated force's events to standard output, as lines."""
    from console.desk.grammar import instant
    from console.feed.ingest import clock
    from console.feed.live import play

    start = instant(options.start) if options.start else clock() - timedelta(days=1)
    until = start + timedelta(days=options.days) if options.days is not None else None
    for line in play(options.seed, start, until, options.speed):
        sys.stdout.buffer.write(line)
        if until is None:
            sys.stdout.buffer.flush()
    sys.stdout.buffer.flush()


def send(options: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Send a file's lines, or standard input's, until each is acknowledged; return the exit status (1 also if some are quarantined).

    Raises OSError, ValueError.
    """
    from console.feed.send import Sending, Unsent

    secret = options.secret.read_text(encoding="utf-8").strip() if options.secret else ""
    sending = Sending(options.to, secret=secret, patience=options.patience, everything=options.all, say=say)
    try:
        with nullcontext(sys.stdin.buffer) if options.file == "-" else open(options.file, "rb") as file:
            sending.run(file.fileno())
    except Unsent as error:
        say(f"console: {error}")
        return FAILED
    finally:
        sending.close()
        print(sending.sent)
    return FAILED if sending.sent.quarantined else OK

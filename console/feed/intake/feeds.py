"""All that feeds one file: made from words like `tcp:127.0.0.1:7001`, started and stopped together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from console.feed.ingest import clock
from console.feed.intake import doors, played
from console.feed.intake.doors import Doors, Say
from console.feed.intake.followed import Followed
from console.feed.intake.piped import Piped
from console.feed.intake.spool import Spool
from console.feed.intake.tally import FeedState, Tally
from console.feed.intake.writer import Intake, Lane
from console.store.database import Store

KINDS = "file:PATH, spool:DIR, tcp:[HOST:]PORT, unix:PATH, stdin, simulator, recording:FILE"
HERE = "127.0.0.1"


class Feed(Protocol):
    """What brings lines, once started."""

    @property
    def tally(self) -> Tally:
        """What it brought."""
        ...

    def start(self) -> None:
        """Begin."""
        ...

    def stop(self) -> None:
        """Return when what it has begun is stored."""
        ...


HEARD = 10.0  # seconds within which a source that plays is heard of, whoever looks


class Feeds:
    """The feeds of a file, and the one writer that they share.

    `clock` is the present that they play (naive UTC), `pace` has what is played taken together where nobody looks.
    """

    def __init__(
        self, store: Store, named: Sequence[str], *, say: Say, secret: bytes = b"", speed: float = 1.0,
        progress: played.Progress = lambda words, share: None,
    ) -> None:  # fmt: skip
        """Open what is named, each of `KINDS`; nothing is taken before the start. `secret` is that of the TCP doors.

        Raises ValueError for words that name no feed, OSError for a door that can't be opened, StoreError.
        """
        self._store, self._secret, self._speed, self._progress = store, secret, speed, progress
        self._intake = Intake(store)
        self._doors = Doors(self._intake, say)
        self._feeds: list[Feed] = []
        self._tallies: list[Tally] = []
        self._players: list[played.Played] = []
        try:
            for name in _once(named):
                self._open(name)
        except BaseException:
            self.stop()
            raise

    def _open(self, name: str) -> None:
        kind, _, rest = name.partition(":")
        if kind == "tcp" and rest:
            host, port = self._address(name, rest)
            at = doors.at_port(host, port)
            self._tallies.append(self._doors.open(f"tcp:{host}:{at.getsockname()[1]}", kind, at, self._secret))
        elif kind == "unix" and rest:
            self._tallies.append(self._doors.open(name, kind, doors.at_path(Path(rest)), b""))
        elif (feed := self._made(kind, rest, self._intake.lane(Tally(name, kind)))) is not None:
            self._feeds.append(feed)
            if isinstance(feed, played.Played):
                self._players.append(feed)
        else:
            raise ValueError(f"{name!r} names no feed: it is one of {KINDS}")

    def _made(self, kind: str, rest: str, lane: Lane) -> Feed | None:
        if kind == "file" and rest:
            return Followed(self._store, Path(rest), lane)
        if kind == "spool" and rest:
            if not Path(rest).is_dir():
                raise ValueError(f"{rest} is no folder, which a spool is")
            return Spool(self._store, Path(rest), lane)
        if kind == "recording" and rest:
            return played.replayed(self._store, lane, Path(rest), self._speed)
        if kind == "stdin" and not rest:
            return Piped(lane)
        if kind == "simulator" and not rest:
            return played.simulated(self._store, lane, self._speed, self._progress)
        return None

    def _address(self, name: str, rest: str) -> tuple[str, int]:
        host, _, port = rest.rpartition(":")
        host = host.strip("[]") or HERE
        if not (port.isascii() and port.isdigit() and int(port) < 65536):
            raise ValueError(f"{name!r} names no port: tcp:[HOST:]PORT")
        if not self._secret and host not in (HERE, "::1", "localhost"):
            raise ValueError(f"{name} can be reached from other machines: it takes a secret (--feed-secret FILE)")
        return host, int(port)

    @property
    def clock(self) -> Callable[[], datetime]:
        """The present that the feeds play, else the wall clock's."""
        return self._players[0].now if self._players else clock

    def pace(self, seconds: float) -> None:
        """Have what is played taken together, but for what is urgent; never so seldom that it would be stale."""
        for player in self._players:
            player.pace(min(seconds, HEARD))

    def start(self) -> None:
        """Take what comes from now on."""
        self._intake.start()
        self._doors.start()
        for feed in self._feeds:
            feed.start()

    def stop(self) -> None:
        """Take nothing more, and return when all that was taken is stored and acknowledged."""
        for feed in self._feeds:
            feed.stop()
        self._doors.stop()
        self._intake.stop()

    def states(self) -> tuple[FeedState, ...]:
        """Return how each feed stands."""
        return tuple(tally.state() for tally in [*self._tallies, *(feed.tally for feed in self._feeds)])

    @property
    def failure(self) -> str:
        """Why nothing can be stored, "" if it can."""
        return self._intake.failure


def _once(named: Iterable[str]) -> list[str]:
    seen: list[str] = []
    for name in named:
        if name in seen:
            raise ValueError(f"{name} is named twice")
        seen.append(name)
    return seen

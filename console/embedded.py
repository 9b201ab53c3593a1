"""The embedded console: one process owns the file, plays the feed and answers the screens."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from console import files
from console.desk.desk import Viewer
from console.engine import apps, reading, roles
from console.engine import check as checking
from console.engine.admission import AT_ONCE
from console.engine.apps import AppPlan
from console.engine.desk import StoreDesk
from console.engine.model import Model
from console.engine.toml import Faults
from console.feed import history, live, recorded
from console.feed.events import VERSION, Event, IncidentAcknowledged, UnitAcknowledged, encode
from console.feed.ingest import Ingest, clock
from console.governance.policy import Policy
from console.store import sql
from console.store.database import Store, open_store

Progress = Callable[[str, float], None]
DAYS = 90
CONSOLE = "console"
COMMANDS = ("acknowledge", "status")


def open_embedded(
    path: Path, *, speed: float = 1.0, feed: bool = True, indexed: bool = True, policy: Policy | Path | None = None, at_once: int = AT_ONCE,
    progress: Progress = lambda words, share: None,
) -> StoreDesk:  # fmt: skip
    """Open the file, bring the simulated force up to date if it is the file's feed, play it on, and return the Desk.

    A file that holds other sources' events, or imports alone, is shown as it is. With `indexed` what many questions ask is
    counted in memory, once that is built. `policy` says who may what; none allows everything; so many questions are
    answered `at_once`. Raises StoreError.
    """
    store = open_store(path, create=feed, say=lambda words: progress(words, 0.0))
    if not feed:
        return desk_over(store, indexed=indexed, policy=policy, at_once=at_once)
    try:
        force = history.standing(store)
        if force is None and history.vacant(store):
            progress(f"making {DAYS} days of synthetic history, the newest first", 0.0)
            force = history.begin(store, 1, clock(), DAYS, newest_first=True)
        if force is None:
            return desk_over(store, indexed=indexed, policy=policy, at_once=at_once)
        simulator = force.simulator
        if speed == 1.0 or simulator.until < clock() - timedelta(days=1):
            simulator = history.catch_up(store, force, clock(), progress)
        playing, earlier = live.Live(store, simulator, speed), history.Earlier(store)
        playing.step(playing.now())  # so that it is heard of before the first page
        playing.start()
        earlier.start()

        def closing() -> None:
            earlier.stop()
            playing.stop()

        more = {"indexed": indexed, "at_once": at_once}
        return desk_over(store, clock=playing.now, closing=closing, pacing=playing.pace, policy=policy, **more)
    except BaseException:
        store.close()
        raise


def open_recorded(path: Path, recording: Path, *, speed: float = 1.0, indexed: bool = True) -> StoreDesk:
    """Open the file, play a recording into it from its first moment on, and return the Desk, whose present is the recording's.

    Raises StoreError, OSError, ValueError.
    """
    playing = recorded.read(recording)
    store = open_store(path)
    try:
        feed = live.Live(store, playing, speed, present=False)
        feed.step(feed.now(), keep=True)
        feed.start()
        return desk_over(store, clock=feed.now, closing=feed.stop, indexed=indexed, pacing=feed.pace)
    except BaseException:
        store.close()
        raise


def desk_over(
    store: Store, *, clock: Callable[[], datetime] = clock, policy: Policy | Path | None = None, **more: Any
) -> StoreDesk:  # fmt: skip
    """Return the Desk over an open store, with every app of `queries/apps/`; `clock` is its present, naive UTC.

    A policy may be a file. Raises Faults with all that is wrong in it.
    """
    read, found = _model()
    if isinstance(policy, Path):
        with store.reader() as cursor:
            policy = roles.load(policy, read, found, COMMANDS, cursor)
    acting = threading.Lock()

    def acknowledge(viewer: Viewer, args: dict[str, str]) -> str:
        with acting:
            return _acknowledge(store, clock(), viewer, args)

    commands = {"acknowledge": acknowledge}
    return StoreDesk(store, read, found, files.queries() / "sources", clock=clock, commands=commands, policy=policy, **more)


def _model() -> tuple[Model, dict[str, AppPlan]]:
    """Return the model and the apps of `queries/`."""
    queries = files.queries()
    read = reading.load(queries / "model.toml")
    return read, {folder.name: apps.load(folder, read) for folder in sorted((queries / "apps").iterdir()) if (folder / "app.toml").exists()}


def _acknowledge(store: Store, at: datetime, viewer: Viewer, args: dict[str, str]) -> str:
    """Record that a named user acknowledged an announcement, as the next event of the console's own."""
    by = viewer.user if viewer.verified else args.get("by") or viewer.user
    payload = {"incident": IncidentAcknowledged, "unit": UnitAcknowledged}[_THING[args["kind"]]](by=by)
    with store.reader() as cursor:
        held = sql.rows(cursor, "feed/last_sequence", {"source": CONSOLE})
    sequence = held[0][0] + 1 if held else 1
    event = Event(VERSION, CONSOLE, sequence, at.replace(tzinfo=UTC), f"{_THING[args['kind']]}.acknowledged", args["key"], payload)
    report = Ingest(store).take([encode(event)], CONSOLE)
    if report.quarantined:
        raise ValueError(f"not acknowledged: {next(iter(report.reasons))}")
    return f"{args['key']} acknowledged by {by}"


_THING = {"immediate": "incident", "emergency": "unit"}


def make_history(store: Store, *, days: int, seed: int, progress: Progress) -> str:
    """Fill an empty file with synthetic history up to now, and say what was made. Raises ValueError if it isn't empty."""
    if not history.vacant(store):
        raise ValueError(f"{store.path} holds events already; name another file with --data")
    if days < 1:
        raise ValueError("--days is 1 or more")
    simulator = history.catch_up(store, history.begin(store, seed, clock(), days, newest_first=False), clock(), progress)
    store.checkpoint()
    return f"{days} days of synthetic history to {simulator.until:%d %b %Y %H:%M} UTC"


def check(path: Path, policy: Path | None = None) -> list[str]:
    """Return the faults of the model, sources and apps, and of a policy where these have none, against a file made for it."""
    store = open_store(path)
    try:
        found = checking.faults(store, files.queries())
        if policy is not None and not found:
            with store.reader() as cursor:
                roles.load(policy, *_model(), COMMANDS, cursor)
        return found
    except Faults as error:
        return list(error.found)
    finally:
        store.close()

"""The hub: one process owns the file and its feed, and serves terminals until it is asked to end."""

from __future__ import annotations

import argparse
import asyncio
import resource
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from console import files
from console.feeding import open_fed, secret_in
from console.hub.server import door, notify
from console.hub.server.log import Log
from console.hub.server.server import Server

ENDED, DATA_IN_USE, SOCKET_IN_USE = 0, 3, 4  # exit statuses beside 1 (failed) and 2 (misused)
SPARE = 64  # files that are open beside the clients'
Progress = Callable[[str, float], None]


def run(options: argparse.Namespace, data: Path, progress: AbstractContextManager[Progress]) -> int:
    """Serve until SIGTERM or SIGINT; return the exit status. Raises ValueError, OSError, StoreError."""
    if options.limit < 1 or options.clients < 1 or options.deadline <= 0:
        raise ValueError("--limit and --clients are 1 or more, --deadline is more than 0 seconds")
    if options.feed and options.no_feed:
        raise ValueError("--feed and --no-feed: one of the two")
    path, log, secret = options.socket or files.hub_socket(data), Log(), secret_in(options.feed_secret)
    named = [] if options.no_feed else options.feed or None
    _allow_files(options.clients + SPARE)
    try:
        opened = door.opened(path)
    except door.InUse as error:
        log.say("socket in use", str(error))
        return SOCKET_IN_USE
    try:
        with progress as said:
            fed = open_fed(
                data, named, say=lambda words: log.say("feed", words), secret=secret, speed=options.speed or 1.0, at_once=options.limit,
                indexed=True, policy=options.policy, progress=said,
            )  # fmt: skip
            desk = fed.desk
    except Exception as error:
        door.close(opened)
        if " is in use by " in str(error):
            log.say("file in use", str(error))
            return DATA_IN_USE
        raise
    try:
        server = Server(
            desk, limit=options.limit, deadline=options.deadline, clients=options.clients, log=log, section_of=desk.rights, kept=fed.kept
        )
        asyncio.run(_serve(server, opened, log, f"{data} is served at {path}"))
    finally:
        door.close(opened)
        desk.close()
    log.say("ended", "the hub has stopped")
    return ENDED


async def _serve(server: Server, opened: door.Door, log: Log, said: str) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)

    def ready() -> None:
        log.say("ready", said)
        notify.tell("READY=1", f"STATUS={said}")
        tasks.append(asyncio.create_task(_watched()))

    tasks = list[asyncio.Task[None]]()
    try:
        await server.serve(opened.listening, ready, ended)
    finally:
        notify.tell("STOPPING=1")
        for task in tasks:
            task.cancel()


async def _watched() -> None:
    """Tell a service manager that the hub is alive, as often as it wants to hear it."""
    while (within := notify.watched()) > 0:
        notify.tell("WATCHDOG=1")
        await asyncio.sleep(within / 3)


def _allow_files(wanted: int) -> None:
    """Allow this process so many open files, if it may."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or wanted <= hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))
    else:
        raise ValueError(f"--clients {wanted - SPARE}: this process may open {hard} files at once (ulimit -n)")

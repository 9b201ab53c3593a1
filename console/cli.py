"""The commands. Composes the rooms; imports nothing heavy before a command needs it."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from console import files, settings
from console.options import parser

if TYPE_CHECKING:
    from console.desk.desk import Desk

MARKING = "OFFICIAL"  # until the file is open and says more
OK, FAILED, MISUSED = 0, 1, 2
ASK_WAITS = 2.0  # seconds that a command waits for a hub, at most


def main(argv: list[str] | None = None) -> int:
    """Run the command line; return the exit status (0 done, 1 failed, 2 misused)."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy holds columns here: threads for its algebra only cost a start
    options = parser().parse_args(argv)
    if options.served:
        return _served(options)
    return _run(options)


def _served(options: argparse.Namespace) -> int:
    """Run the screens for somebody who isn't to reach anything else, nor to read of a fault but that there is one."""
    from console import serving
    from console.app import crash

    try:
        serving.to_terminal(options)
    except ValueError as error:
        return _fail(error, MISUSED)
    except OSError as error:
        return _fail(error, FAILED)
    try:
        return _run(options)
    except Exception as error:
        return _fail(RuntimeError(crash.left(error, (), "nothing yet")), FAILED)


def _run(options: argparse.Namespace) -> int:
    from console.desk.desk import Away, Failed, Interrupted, Unaudited, Unknown
    from console.desk.reason import ReasonWanted
    from console.desk.selection import Refused

    run = {
        None: _screen,
        "init": _storing,
        "ask": _ask,
        "simulate": _simulate,
        "ingest": _storing,
        "import": _storing,
        "send": _send,
        "check": _check,
        "bench": _bench,
        "keys": _keys,
        "web": _web,
        "hub": _hub,
        "verify": _keeping,
        "backup": _keeping,
        "restore": _keeping,
        "retention": _storing,
        "audit": _audit,
        "extract": _extract,
    }[options.command]
    try:
        return run(options)
    except (Unknown, Refused, ValueError) as error:
        return _fail(error, MISUSED)
    except ReasonWanted as error:
        from console import reasoning

        return _fail(reasoning.wanted(error), MISUSED)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except OSError as error:
        return _fail(error, FAILED)
    except (Away, Failed, Interrupted, Unaudited) as error:
        return _fail(error, FAILED)
    except Exception as error:
        if type(error).__name__ in ("StoreError", "ImportRefused", "NotAudited"):
            return _fail(error, FAILED)
        if type(error).__name__ in ("IOException", "FatalException"):
            from console.store import faults

            return _fail(faults.using(data_path(options), error), FAILED)
        raise


def _fail(error: Exception, status: int) -> int:
    _say(f"console: {error}")
    return status


def data_path(options: argparse.Namespace) -> Path:
    """Return the data file: --data, else CONSOLE_DATA, else the default of this user."""
    named: Path | None = options.data
    if named is not None:
        return named
    if os.environ.get("CONSOLE_DATA"):
        return Path(os.environ["CONSOLE_DATA"])
    return files.default_file()


def hub_path(options: argparse.Namespace) -> Path | None:
    """Return the socket of the hub to ask: --hub, else CONSOLE_HUB unless --data names a file, else none."""
    named: Path | None = options.hub
    if named is not None and options.data is not None:
        raise ValueError("--hub and --data: a hub has its own file; name one of the two")
    if named is None and options.data is None and os.environ.get("CONSOLE_HUB"):
        return Path(os.environ["CONSOLE_HUB"])
    return named


def _at(options: argparse.Namespace) -> datetime | None:
    if not options.at:
        return None
    from console.desk.grammar import instant

    return instant(options.at)


def _promptly() -> None:
    """Have the interpreter serve a key press before what works behind it."""
    sys.setswitchinterval(0.001)  # a press waits no longer than this for a thread that computes
    gc.set_threshold(50_000)  # what a start makes stays: looking for garbage in it each 700 things costs a tenth of it
    os.environ.setdefault("TEXTUAL_FPS", "120")  # a frame waits no longer than this either


def _screen(options: argparse.Namespace) -> int:
    from console.app.drawing import profile

    if refused := profile.refusal(os.environ):
        raise ValueError(refused)
    wanted = settings.chosen("profile", options.profile or None, profile.PROFILES, "")
    profile.use(profile.choose(os.environ, sys.stdout.encoding, wanted))
    _promptly()
    _suit(options)
    from console.app.app import run

    path, hub, at = data_path(options), hub_path(options), _at(options)
    speed = options.speed if at is None and options.speed is not None else 1.0  # of the feed; of the past where that is shown

    def open_desk(progress: Callable[[str, float], None]) -> Desk:
        if hub is not None:
            from console.hub.client.reaching import reached

            return reached(hub, progress=progress)
        from console.embedded import open_embedded, open_recorded

        if options.play is not None:
            return open_recorded(path, options.play, speed=speed)
        return open_embedded(path, speed=speed, feed=not options.no_feed, progress=progress)

    status = run(
        open_desk,
        app=options.app,
        at=at,
        select=tuple(options.select),
        locks=tuple(options.lock),
        marking=MARKING,
        diff=not options.no_diff,
        exports=None if options.served else options.exports or files.exports(),
        speed=options.speed,
    )
    _end(status)


def _suit(options: argparse.Namespace) -> None:
    """Make the screens suit the viewer, before any is: theme, reader mode, keys. Raises ValueError, OSError."""
    from console.app.drawing import ink, reader, themes

    ink.use(settings.chosen("theme", options.theme, themes.THEMES, "dark"))
    reader.use(settings.on("reader", options.reader))
    keys = settings.keys(options.keys)
    if keys is not None:
        from console.app.keys import keymap

        keymap.use(keys)


def _keys(options: argparse.Namespace) -> int:
    from console.app.keys import keymap

    _suit(options)
    print(keymap.as_file(), end="")
    return OK


def _end(status: int) -> NoReturn:
    """End the process now: nothing is left to do, and a query that still runs in a thread must not meet the end of the interpreter."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _ask(options: argparse.Namespace) -> int:
    from console import asked

    return asked.run(options, lambda: _desk_to_ask(options), _at(options), _say)


def _desk_to_ask(options: argparse.Namespace) -> Desk:
    if (hub := hub_path(options)) is not None:
        from console.hub.client.reaching import reached

        return reached(hub, ASK_WAITS)
    from console.embedded import open_embedded

    return open_embedded(data_path(options), feed=False, indexed=False)


def _simulate(options: argparse.Namespace) -> int:
    from console import feeding

    feeding.simulate(options)
    return OK


def _send(options: argparse.Namespace) -> int:
    from console import feeding

    return feeding.send(options, _say)


def _storing(options: argparse.Namespace) -> int:
    from console import storing

    return storing.run(options, data_path(options), _progress, _say)


def _check(options: argparse.Namespace) -> int:
    import tempfile

    from console.embedded import check

    with tempfile.TemporaryDirectory() as folder:
        faults = [str(fault) for fault in check(Path(folder) / "check.duckdb", options.policy)]
    try:
        _suit(options)
    except ValueError as error:
        faults += str(error).split("\n")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(faults)} faults" if faults else "the model, the apps and the sources agree")
    return FAILED if faults else OK


def _keeping(options: argparse.Namespace) -> int:
    from console import keeping

    return keeping.run(options, data_path(options), _progress)


def _web(options: argparse.Namespace) -> int:
    from console import serving

    serving.to_browsers()
    _suit(options)
    serving.run(options, data_path(options), _progress("opening"))
    _end(OK)


def _hub(options: argparse.Namespace) -> int:
    if options.action == "status":
        from console.hub.client.status import run

        return run(options.socket or files.hub_socket(data_path(options)), as_json=options.json)
    from console import hosting

    _promptly()
    status = hosting.run(options, data_path(options), _progress("opening"))
    _end(status)


def _audit(options: argparse.Namespace) -> int:
    from console import auditing

    desk = _desk_to_ask(options)
    try:
        return auditing.run(options, desk)
    finally:
        desk.close()


def _extract(options: argparse.Namespace) -> int:
    from console import extracting

    extracting.refuse(options)
    desk = _desk_to_ask(options)
    try:
        print(extracting.run(options, desk, _at(options)))
    finally:
        desk.close()
    return OK


def _bench(options: argparse.Namespace) -> int:
    _promptly()
    more = {name: value for name in ("seconds", "clients") if (value := getattr(options, name)) is not None}
    if more and options.name != "hub":
        raise ValueError(f"--{next(iter(more))} is of bench hub")
    report = import_module(f"console.bench.{options.name}").run(options.rows, options.script, **more)
    print(report.json() if options.json else report.text())
    return OK if report.met else FAILED


def _say(words: str) -> None:
    from console.app.drawing.glyphs import harmless

    print("\n".join(map(harmless, words.split("\n"))), file=sys.stderr)


@contextmanager
def _progress(title: str) -> Iterator[Callable[[str, float], None]]:
    """Give a callable that shows words and a share of 1 as a bar on standard error, where that is a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn()
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=1.0)
        yield lambda words, share: bar.update(task, description=words, completed=share)

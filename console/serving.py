"""The console served to others: to browsers by one Desk behind a door, to terminals over SSH by a process each.

Whoever sits there has a screen and nothing else: no shell, no file, no network.
"""

from __future__ import annotations

import argparse
import os
import pwd
import re
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from console import settings

KEPT = ("LANG", "LC_ALL", "LC_CTYPE", "TZ", "OPENBLAS_NUM_THREADS")  # of the environment, where they are plain
OURS = (
    "PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "CONSOLE_DATA", "CONSOLE_THEME",
    "CONSOLE_READER", "CONSOLE_KEYS", "VIRTUAL_ENV", "PYTHONPATH",
)  # fmt: skip
"""What is kept too where the environment is of whoever serves, not of whoever is served."""
REFUSED = ("keys", "exports", "play")  # options that name files
TERMINAL = "xterm-256color"  # where what a terminal calls itself isn't known here
Progress = Callable[[str, float], None]
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,:+_@-]{0,40}(/[A-Za-z0-9+_-]{1,40})?")


def to_browsers() -> None:
    """Close what a browser isn't to reach."""
    _close((*KEPT, *OURS))
    from console.app.drawing import profile

    profile.use(profile.PROFILES["256"])


def to_terminal(options: argparse.Namespace) -> None:
    """Close what a terminal over SSH isn't to reach; who sits there is the system's word. Raises ValueError, OSError."""
    from console.app import crash

    given = [f"--{name}" for name in REFUSED if getattr(options, name) is not None]
    if options.command is not None or given:
        raise ValueError(f"--served is for the screens alone, and reads and writes no files: not with {options.command or given[0]}")
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise OSError("a served screen needs a terminal: ssh -t asks for one")
    term = os.environ.get("TERM", "")
    _close(KEPT)
    me = pwd.getpwuid(os.getuid())
    os.environ.update(HOME=me.pw_dir, USER=me.pw_name, LOGNAME=me.pw_name, TERM=term if _known(term) else TERMINAL)
    settings.close_files()
    crash.serve(options.reports)


def _close(kept: tuple[str, ...]) -> None:
    """Forget every variable but those: some would make Textual load code, write files or listen. No file of an area is read either."""
    from console.desk import area

    for name, value in list(os.environ.items()):
        if name not in kept or (name in KEPT and not _plain(value)):
            del os.environ[name]
    os.environ["TERM"] = TERMINAL
    area.close_files()


def _plain(value: str) -> bool:
    return _PLAIN.fullmatch(value) is not None and ".." not in value


def _known(term: str) -> bool:
    """Return whether a kind of terminal can be drawn on, and stands in this machine's own terminfo."""
    import curses

    if not _plain(term) or "/" in term or term in ("dumb", "unknown"):
        return False
    try:
        curses.setupterm(term, 2)
    except curses.error:
        return False
    return True


def run(options: argparse.Namespace, path: Path, progress: AbstractContextManager[Progress]) -> None:
    """Serve the file until the process is asked to end. Raises Unknown, ValueError, OSError, StoreError."""
    try:
        from console.web import start
    except ModuleNotFoundError as error:
        raise OSError(f"console web needs {error.name}: pip install 'command-centre-console[web]'") from None
    from console.embedded import open_embedded
    from console.governance.policy import InBrowser

    sys.setswitchinterval(0.001)
    with start.door(options.port, options.proxy_user_header, options.proxy_secret, options.socket) as door:
        with progress as said:
            policy = InBrowser(door.gate.verified)
            desk = open_embedded(path, speed=options.speed or 1.0, feed=not options.no_feed, policy=policy, progress=said)
        try:
            start.run(desk, door, options.app, lambda words: print(words, flush=True))
        finally:
            desk.close()

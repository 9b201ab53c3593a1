"""The console served to browsers: one Desk over the file, behind one door."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

KEPT = (
    "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME",
    "CONSOLE_DATA", "CONSOLE_THEME", "CONSOLE_READER", "CONSOLE_KEYS", "OPENBLAS_NUM_THREADS", "VIRTUAL_ENV", "PYTHONPATH",
)  # fmt: skip
Progress = Callable[[str, float], None]


def keep_little() -> None:
    """Forget every variable of the environment but a few: some would make Textual load code, write files or listen."""
    for name in [name for name in os.environ if name not in KEPT]:
        del os.environ[name]
    os.environ["TERM"] = "xterm-256color"
    from console.app.drawing import profile

    profile.use(profile.PROFILES["256"])


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
            desk = open_embedded(path, speed=options.speed, feed=not options.no_feed, policy=policy, progress=said)
        try:
            start.run(desk, door, options.app, lambda words: print(words, flush=True))
        finally:
            desk.close()

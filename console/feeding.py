"""Feeds on the command line: what is sent to a hub's door."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import nullcontext

OK, FAILED = 0, 1


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

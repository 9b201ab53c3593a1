"""A process that is fed: the store and its feeds, and nothing else of a hub."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

from console.feed.intake.feeds import Feeds
from console.store.database import open_store


def main(data: str, *named: str) -> None:
    """Feed the file until asked to end."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    store = open_store(Path(data))
    feeds = Feeds(store, named, say=lambda words: print(words, file=sys.stderr, flush=True))
    feeds.start()
    print("fed", flush=True)
    ended.wait()
    feeds.stop()
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

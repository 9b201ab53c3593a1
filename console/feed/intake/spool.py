"""A folder that files are dropped into: taken by name, each whole, and moved to `done/`."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from contextlib import suppress
from pathlib import Path

from console.feed import follow
from console.feed.intake.tally import Tally
from console.feed.intake.writer import FULL, Lane, Stopped
from console.store import sql
from console.store.database import Store

LOOK_S = 0.2
SETTLED_S = 1.0  # that a file must not have changed before it is taken
Stamp = tuple[int, int, int]


class Spool(threading.Thread):
    """Takes the files of a folder in the order of their names; one that is still being written holds up those after it.

    A file that can't be moved stays, and is remembered by the position reached.
    """

    def __init__(self, store: Store, folder: Path, lane: Lane) -> None:
        """Bring the lines of the folder's *.ndjson and *.jsonl on this lane."""
        super().__init__(name=f"spool {folder.name}", daemon=True)
        self._store, self._folder, self._lane = store, folder, lane
        self._seen: dict[str, tuple[Stamp, float]] = {}
        self._kept: dict[str, Stamp] = {}
        self._halt = threading.Event()
        self.tally: Tally = lane.tally

    def run(self) -> None:
        """Take what is dropped, until stopped."""
        with suppress(Stopped):
            while not self._halt.is_set():
                try:
                    words, behind = self._look()
                    self.tally.connect(1)
                except OSError as error:
                    words, behind = f"{error.filename or self._folder}: {error.strerror or error}", None
                    self.tally.connect(0)
                self.tally.reading(behind, words)
                self._halt.wait(LOOK_S)

    def stop(self) -> None:
        """Stop after the file on its way."""
        self._halt.set()
        if self.is_alive():
            self.join()

    def _look(self) -> tuple[str, int]:
        """Take the files that are settled, up to the first that isn't; return why nothing goes on, and the bytes left."""
        waiting = {path: _stamp(path) for path in follow.files_of(self._folder) if not path.name.startswith(".")}
        now = time.monotonic()
        for path, stamp in waiting.items():
            if self._seen.get(path.name, (None,))[0] != stamp:
                self._seen[path.name] = stamp, now
        self._seen = {path.name: self._seen[path.name] for path in waiting}
        self._kept = {path.name: self._kept[path.name] for path in waiting if path.name in self._kept}
        words = ""
        for path, stamp in list(waiting.items()):
            if self._kept.get(path.name) != stamp:
                if now - self._seen[path.name][1] < SETTLED_S:
                    break
                if _being_written(path):
                    words = f"{path.name} is still being written; it is waited for"
                    break
                self._take(path, stamp)
            del waiting[path]
            if self._halt.is_set():
                break
        kept = f"{len(self._kept):,} files taken can't be moved to done/: they are kept by position" if self._kept else ""
        return words or kept, sum(size for size, _, _ in waiting.values())

    def _take(self, path: Path, stamp: Stamp) -> None:
        follow.read_on(self._store, self._lane, path, tail=True, size=FULL)
        try:
            done = self._folder / "done"
            done.mkdir(exist_ok=True)
            os.rename(path, _free(done / path.name))
        except OSError:
            self._kept[path.name] = stamp
            return
        with self._store.write(set()) as cursor:
            sql.run(cursor, sql.text("feed/forget_position"), {"path": str(path.resolve())})


def _stamp(path: Path) -> Stamp:
    told = path.stat()
    return told.st_size, told.st_mtime_ns, told.st_ino


def _free(path: Path) -> Path:
    """Return the path, or with a number where something has that name."""
    number, free = 0, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}.{number}")
    return free


def _being_written(path: Path) -> bool:
    """Return whether some process has the file open for writing, where the kernel tells: it gives no read lease then."""
    with path.open("rb") as file:
        try:
            fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False

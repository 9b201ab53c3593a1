"""Files that grow, followed through rotation and truncation, in a thread of their own."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from console.feed import follow
from console.feed.ingest import Position
from console.feed.intake.tally import Tally
from console.feed.intake.writer import FULL, Lane, Stopped
from console.store.database import Store

LOOK_S = 0.2
QUIET_S = 1.0  # that a file which another has replaced must not have grown before it is left


class Followed(threading.Thread):
    """Follows one file, or a folder's *.ndjson and *.jsonl, from where each was read before; what is gone is waited for."""

    def __init__(self, store: Store, target: Path, lane: Lane) -> None:
        """Bring the target's lines on this lane."""
        super().__init__(name=f"follow {target.name}", daemon=True)
        self._store, self._target, self._lane = store, target, lane
        self._files: dict[Path, _File] = {}
        self._halt = threading.Event()
        self.tally: Tally = lane.tally

    def run(self) -> None:
        """Look each moment for new lines, until stopped."""
        with suppress(Stopped):
            while not self._halt.is_set():
                self._look()
                self._halt.wait(LOOK_S)
        for file in self._files.values():
            file.close()

    def stop(self) -> None:
        """Stop after the lines on their way."""
        self._halt.set()
        if self.is_alive():
            self.join()

    def _look(self) -> None:
        failures = []
        try:
            paths = follow.files_of(self._target)
        except OSError as error:
            paths, failures = list(self._files), [_said(self._target, error)]
        for path in paths:
            if path not in self._files:
                self._files[path] = _File(self._store, path, self._lane)
        for path, file in list(self._files.items()):
            try:
                file.look()
            except FileNotFoundError as error:
                if path in paths:
                    failures.append(_said(path, error))
                elif file.idle:
                    file.close()
                    del self._files[path]
            except OSError as error:
                failures.append(_said(path, error))
        self.tally.reading(sum(file.behind for file in self._files.values()), "; ".join(failures))
        self.tally.connect(sum(file.opened for file in self._files.values()))


def _said(path: Path, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"{path}: gone; waiting for it to come back"
    return f"{path}: {error.strerror or error}"


class _File:
    """One path: the file that is open, and the one that has taken its place."""

    def __init__(self, store: Store, path: Path, lane: Lane) -> None:
        self._store, self._path, self._lane = store, path, lane
        self._name = str(path.resolve())
        self._held: Position | None = None
        self._file: BinaryIO | None = None
        self._size, self._grew = 0, time.monotonic()
        self.behind = 0

    @property
    def opened(self) -> bool:
        return self._file is not None

    @property
    def idle(self) -> bool:
        """Whether it hasn't grown for so long that it may be left."""
        return time.monotonic() - self._grew > QUIET_S

    def look(self) -> None:
        """Take what is new of the open file; leave it for the one at its path once that has something and this one grows no more."""
        if self._file is None:
            self._open()
        assert self._file is not None
        self._take(self._file, tail=False)
        there = self._path.stat()
        if not os.path.samestat(there, os.fstat(self._file.fileno())) and there.st_size and self.idle:
            self._take(self._file, tail=True)
            self.close()
            self._open()

    def _open(self) -> None:
        self._file = self._path.open("rb")
        self._held = follow.position_of(self._store, self._name)
        self._grew = time.monotonic()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _take(self, file: BinaryIO, *, tail: bool) -> None:
        size = os.fstat(file.fileno()).st_size
        if size != self._size:
            self._size, self._grew = size, time.monotonic()
        if self._held is not None and not follow.goes_on(self._held, follow.beginning(file), size):
            self._elders(self._held)
            self._held = None
        elif size == (self._held.bytes if self._held else 0):
            self.behind = 0
            return
        reached, _ = follow.read_open(file, self._name, self._held, self._lane, tail=tail, size=FULL)
        self._held = reached or self._held
        self.behind = os.fstat(file.fileno()).st_size - (self._held.bytes if self._held else 0)

    def _elders(self, held: Position) -> None:
        """Take what wasn't read of the file that was read so far, now rotated beside this one, and of those rotated after it."""
        found = []
        for entry in os.scandir(self._path.parent):
            if entry.name.startswith((f"{self._path.name}.", f"{self._path.name}-")) and entry.is_file():
                with suppress(OSError):
                    found.append((entry.stat().st_mtime_ns, Path(entry.path)))
        read = False
        for _, path in sorted(found):
            with suppress(OSError), path.open("rb") as elder:
                if read or follow.goes_on(held, follow.beginning(elder), elder.seek(0, os.SEEK_END)):
                    follow.read_open(elder, self._name, held, self._lane, tail=True, size=FULL)
                    read = True

"""Threads that wait for jobs, so that a key press starts none; daemons all, so that quitting waits for no job."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

READY = 6  # threads from the start
MOST = 32

Job = Callable[[], object]


class Workers:
    """Does jobs, each in one of its threads; another thread is begun where all are at work."""

    def __init__(self) -> None:
        """Begin the threads."""
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._free, self._threads = 0, 0
        for _ in range(READY):
            self._begin()

    def do(self, job: Job) -> None:
        """Have a job done; returns at once."""
        with self._lock:
            self._free -= 1
            short = self._free < 0 and self._threads < MOST
        if short:
            self._begin()
        self._jobs.put(job)

    def stop(self) -> None:
        """Let the threads end after the jobs they have."""
        for _ in range(self._threads):
            self._jobs.put(None)

    def _begin(self) -> None:
        with self._lock:
            self._free, self._threads = self._free + 1, self._threads + 1
        threading.Thread(target=self._run, daemon=True, name="console-ask").start()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job()
            with self._lock:
                self._free += 1

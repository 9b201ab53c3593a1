"""A process of many clients at a hub, told on standard input what to do: `meet`, `sit SECONDS`, `leave`; it answers a JSON line to each."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from console.bench.sitter import Sitter


class Crowd:
    """Clients of a hub in a process of their own."""

    def __init__(self, path: Path, count: int, seed: int) -> None:
        """Start it; what its clients press follows from the seed."""
        words = [sys.executable, "-m", "console.bench.crowd", str(path), str(count), str(seed)]
        self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.count, self.pid = count, self._process.pid

    def tell(self, words: str) -> None:
        """Say what to do."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{words}\n")
        self._process.stdin.flush()

    def heard(self) -> Any:
        """Wait for what came of it."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise ValueError("a process of the bench's clients has ended")
        return json.loads(line)

    def leave(self) -> None:
        """End it."""
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait()


def all_at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Return what works made that were done at the same time, each in a thread."""
    made: list[Any] = [None] * len(works)

    def one(n: int, work: Callable[[], Any]) -> None:
        made[n] = work()

    threads = [threading.Thread(target=one, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return made


def main(path: Path, count: int, seed: int) -> None:
    """Do what standard input says until it ends."""
    sitters = [Sitter(path, 1000 * seed + n) for n in range(count)]
    for line in sys.stdin:
        deed, *given = line.split()
        if deed == "meet":
            said: Any = all_at_once([each.meet for each in sitters])
        else:
            until = time.monotonic() + float(given[0])
            all_at_once([partial(each.sit, until) for each in sitters])
            said = {name: [value for each in sitters for value in getattr(each, name)] for name in ("pages", "charts", "failures")}
            said["told"] = [each.told for each in sitters]
            for each in sitters:
                each.pages, each.charts, each.failures = [], [], []
        print(json.dumps(said), flush=True)
    for each in sitters:
        each.leave()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

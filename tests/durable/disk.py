"""A disk whose power is cut: what was synced is there, of the rest any part may be.

The model: a file's writes and truncations since it was last synced each reach the disk whole, not at all, or torn: some of their
sectors of 512 bytes, the first few or any. A later one may be there without an earlier. A sector itself is never torn, and what
was synced stays. Of names there are two models. `ordered`, as ext4, XFS and btrfs journal them: names change in their order, and
the sync of a file brings every change before it. `strict`, as POSIX promises: a change of a name lasts once its folder was
synced; any of the others may be lost, whatever came after.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

from tests.durable.traced import Step

SECTOR = 512


@dataclass
class File:
    """What is surely on the disk, and what was done since, as (number of the call, place or -1 for a cut, bytes or length)."""

    sure: bytearray = field(default_factory=bytearray)
    since: list[tuple[int, int, bytes | int]] = field(default_factory=list)
    size: int = 0


class Disk:
    """A folder on that disk, as its calls leave it."""

    def __init__(self, folder: Path, *, strict: bool) -> None:
        """Begin with an empty folder."""
        self._folder = str(folder)
        self._strict = strict
        self._names: dict[str, File] = {}  # as programs see them
        self._sure: dict[str, File] = {}  # as they are on the disk
        self._changes: list[Step] = []  # of names, not yet surely there
        self._files: dict[tuple[str, int], File] = {}
        self._calls = 0

    def do(self, step: Step) -> None:
        """Take the next call."""
        self._calls += 1
        if step.name == "say":
            return
        if step.name == "sync":
            self._sync(step)
        elif step.name == "write":
            file = self._names[step.path]
            place = file.size if step.place < 0 else step.place
            file.since.append((self._calls, place, step.body))
            file.size = max(file.size, place + len(step.body))
        elif step.name == "cut":
            file = self._names[step.path]
            file.since.append((self._calls, -1, step.place))
            file.size = step.place
        else:
            self._name(step)

    def _name(self, step: Step) -> None:
        if step.name == "open":
            if step.path in self._names:
                if step.place:
                    self._names[step.path].since.append((self._calls, -1, 0))
                    self._names[step.path].size = 0
                return
            self._files[step.path, self._calls] = File()
            step = Step("open", step.path, place=self._calls)
        self._changes.append(step)
        self._apply(self._names, step)

    def _apply(self, names: dict[str, File], step: Step) -> None:
        if step.name == "open":
            names[step.path] = self._files[step.path, step.place]
        elif step.name == "unlink":
            names.pop(step.path, None)
        elif step.other in names:
            names[step.path] = names[step.other] if step.name == "link" else names.pop(step.other)

    def _sync(self, step: Step) -> None:
        file = self._names.get(step.path)
        if file is not None:
            seen = self._calls - 1
            for call, place, told in file.since:
                if call <= seen:
                    _put(file.sure, place, told)
            file.since = [one for one in file.since if one[0] > seen]
        if file is None or not self._strict:
            for change in self._changes:
                self._apply(self._sure, change)
            self._changes = []

    def cut(self, rng: random.Random, to: Path) -> None:
        """Write down what may be found after the power is cut now."""
        names = dict(self._sure)
        if self._strict:
            kept = [change for change in self._changes if rng.random() < 0.5]
        else:
            kept = self._changes[: rng.randint(0, len(self._changes))]
        for change in kept:
            self._apply(names, change)
        for path, file in names.items():
            found = bytearray(file.sure)
            whole = rng.random()
            for _, place, told in file.since:
                for at, part in _reached(rng, place, told, whole):
                    _put(found, at, part)
            (to / path.removeprefix(self._folder).lstrip("/")).write_bytes(found)


def _put(body: bytearray, place: int, told: bytes | int) -> None:
    if isinstance(told, int):
        del body[told:]
        body.extend(bytes(told - len(body)))
        return
    body.extend(bytes(max(0, place - len(body))))
    body[place : place + len(told)] = told


def _reached(rng: random.Random, place: int, told: bytes | int, whole: float) -> list[tuple[int, bytes | int]]:
    """Return which parts of a write reach the disk."""
    if rng.random() < whole:
        return [(place, told)]
    if isinstance(told, int) or rng.random() < 0.5:
        return []
    ends = [*range(SECTOR - place % SECTOR, len(told), SECTOR), len(told)]
    parts = [(place + start, told[start:end]) for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    if rng.random() < 0.5:
        return list(parts[: rng.randint(0, len(parts))])
    return [part for part in parts if rng.random() < 0.5]

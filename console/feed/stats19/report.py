"""What became of an import, said in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

UNTOLD = {
    "collision": "when, where, on what road and in what light can't be told",
    "vehicle": "what vehicles were in them can't be told",
    "casualty": "who was hurt, and how badly each, can't be told",
}


class Compared(NamedTuple):
    """A batch against the one it replaced, as multisets of rows without regard to order or line: numbers of rows.

    A row is changed where one with its key (collision, vehicle, casualty) was there with other values.
    """

    unchanged: int
    changed: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """A batch's id and rows; `held` says that the very same rows were held already, `against` compares with what was replaced."""

    batch: str
    rows: int
    against: Compared | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file: its kind, the rows read, of other forces and of none that can be told, the columns it hasn't, faults."""

    file: str
    kind: str
    read: int
    others: int
    untold: int
    absent: tuple[str, ...]
    flagged: Counter[str]
    flagged_rows: int
    quarantined: Counter[str]
    loaded: tuple[Loaded, ...] = ()

    def __str__(self) -> str:
        """Say it, a line a reason."""
        fresh = [each for each in self.loaded if not each.held]
        parts = [each.batch.split("/")[2:4] for each in self.loaded]
        of = f" of {spans({year for _, year in parts})}, {_many(len({force for force, _ in parts}), 'force')}" if parts else ""
        said = [
            f"{self.kind} ({self.file}){of}: {self.read:,} rows read, {sum(each.rows for each in fresh):,} loaded, "
            f"{self.flagged_rows:,} flagged, {sum(self.quarantined.values()):,} quarantined"
        ]
        if held := sum(each.rows for each in self.loaded if each.held):
            said.append(f"  {held:,} the very same as held: nothing changed")
        if self.others:
            said.append(f"  {self.others:,} of other forces, passed over")
        if self.untold:
            said.append(f"  {self.untold:,} of a force that neither a collision nor their index tells, passed over: --force all takes them")
        if self.absent:
            said.append(f"  columns that aren't there: {', '.join(name.replace('_', ' ') for name in self.absent)}")
        said += [f"  flagged {count:,}: {reason}" for reason, count in self.flagged.most_common()]
        said += [f"  quarantined {count:,}: {reason}" for reason, count in self.quarantined.most_common()]
        if replaced := [each.against for each in fresh if each.against]:
            unchanged, changed, added, removed = (sum(column) for column in zip(*replaced, strict=True))
            said.append(f"  replaces an earlier copy: {added:,} added, {removed:,} removed, {changed:,} changed, {unchanged:,} unchanged")
        return "\n".join(said)


@dataclass(frozen=True, slots=True)
class Passed:
    """Files of a folder or an archive that are none of the three kinds."""

    files: tuple[str, ...]

    def __str__(self) -> str:
        """Say it."""
        return f"passed over, without a collision or accident index: {', '.join(self.files)}"


@dataclass(frozen=True, slots=True)
class Looked:
    """A file of severity adjustments alone: of which kind, its rows, and its lines that are none."""

    file: str
    kind: str
    rows: int
    bad: int

    def __str__(self) -> str:
        """Say it."""
        unread = f", {_many(self.bad, 'line')} unreadable" if self.bad else ""
        return f"severity adjustment of {self.kind} ({self.file}): {self.rows:,} rows looked up{unread}"


@dataclass(frozen=True, slots=True)
class Blend:
    """How collisions, vehicles and casualties of the same forces and years fit together.

    Rows of each kind; vehicles and casualties without a collision; collisions that say another number than there are rows;
    the years that lack a kind of file.
    """

    collisions: int
    vehicles: int
    vehicles_alone: int
    vehicles_differ: int
    casualties: int
    casualties_alone: int
    casualties_differ: int
    lacking: Mapping[str, tuple[str, ...]]

    def __str__(self) -> str:
        """Say it, a line each."""
        said = [f"now held of these years: collisions {self.collisions:,}, vehicles {self.vehicles:,}, casualties {self.casualties:,}"]
        for several, rows, alone, differ in (
            ("vehicles", self.vehicles, self.vehicles_alone, self.vehicles_differ),
            ("casualties", self.casualties, self.casualties_alone, self.casualties_differ),
        ):
            if rows and self.collisions:
                said.append(f"  {rows - alone:,} of {rows:,} {several} belong to a collision that is held")
            if differ:
                said.append(f"  {_many(differ, 'collision')} with another number of {several} than rows of them")
        said += [f"  no {kind} file of {spans(set(years))}: {UNTOLD[kind]}" for kind, years in self.lacking.items()]
        return "\n".join(said)


def spans(years: set[str]) -> str:
    """Return years as stretches: `2016, 2019 to 2023`."""
    numbers = sorted(int(year) for year in years if year.isdigit())
    begins = [each for each in numbers if each - 1 not in numbers]
    ends = [each for each in numbers if each + 1 not in numbers]
    said = [str(begin) if begin == end else f"{begin} to {end}" for begin, end in zip(begins, ends, strict=True)]
    return ", ".join([*said, *(["no known year"] if len(numbers) < len(years) else [])])


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"

"""What became of an import, said in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple


class Compared(NamedTuple):
    """A batch against the one it replaced, as multisets of rows without regard to order or line: numbers of rows.

    A row has another outcome where all else of it, its crime ID among that, is the same.
    """

    unchanged: int
    outcome: int
    added: int
    removed: int


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a batch: its files and id (empty where the files had no row), numbers of rows and the reasons.

    `held` says that the very same rows were held already, so nothing was stored; `against` compares with what was replaced.
    """

    files: str
    batch: str
    read: int
    loaded: int
    flagged: Counter[str] = field(default_factory=Counter)
    flagged_rows: int = 0
    quarantined: Counter[str] = field(default_factory=Counter)
    against: Compared | None = None
    held: bool = False

    def __str__(self) -> str:
        """Say it, a line a reason."""
        if not self.batch:
            return f"{self.files}: no rows in it; nothing changed"
        if self.held:
            return f"{self.batch} ({self.files}): {self.read:,} rows read, the very same as held: nothing changed"
        said = [
            f"{self.batch} ({self.files}): {self.read:,} rows read, {self.loaded:,} loaded, {self.flagged_rows:,} flagged, "
            f"{sum(self.quarantined.values()):,} quarantined"
        ]
        if self.batch.startswith("police_uk/stop-and-search/"):
            said.append("  the force is what the file's name says: the rows have none")
        said += [f"  flagged {count:,}: {reason}" for reason, count in self.flagged.most_common()]
        said += [f"  quarantined {count:,}: {reason}" for reason, count in self.quarantined.most_common()]
        if self.against:
            said.append(
                f"  replaces an earlier copy: {self.against.added:,} added, {self.against.removed:,} removed, "
                f"{self.against.outcome:,} with another outcome, {self.against.unchanged:,} unchanged"
            )
        return "\n".join(said)

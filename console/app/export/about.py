"""What is written into all that leaves the screen: its marking, what was selected, as of when, made when and by whom, of which sources."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from console import __version__
from console.app.drawing import glyphs
from console.app.export.cells import plain
from console.desk.answer import Column, SourceState
from console.desk.grammar import ZONE, typed
from console.desk.selection import Selection


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class About:
    """Where something that leaves comes from; instants are naive UTC, `at` is what the viewer asked to see it as at."""

    marking: str
    app: str
    title: str
    viewer: str
    selection: Selection
    as_of: datetime
    version: int
    sources: tuple[SourceState, ...]
    at: datetime | None = None
    made: datetime = field(default_factory=_now)

    def body(self, columns: Sequence[Column] = (), rows: int | None = None) -> dict[str, Any]:
        """Return it as JSON has it; the selection as the command line takes it."""
        told: dict[str, Any] = {
            "marking": self.marking,
            "app": self.app,
            "title": self.title,
            "selection": typed(self.selection),
            "as_of": plain(self.as_of, ZONE),
            "made_at": plain(self.made.replace(microsecond=0), ZONE),
            "made_by": self.viewer,
            "data_version": self.version,
            "sources": [
                {"name": each.name, "title": each.title, "heard_at": plain(each.heard_at, ZONE), "events_missing": max(0, each.gaps)}
                for each in self.sources
            ],
            "program": f"console {__version__}",
        }
        if rows is not None:
            told["rows"] = rows
        if columns:
            told["columns"] = [{"name": each.name, "title": each.title, "type": each.type, "unit": each.unit} for each in columns]
        return told

    def json(self, columns: Sequence[Column] = (), rows: int | None = None) -> str:
        """Return its body as JSON in ASCII."""
        return json.dumps(self.body(columns, rows), indent=1)

    def line(self) -> str:
        """Return it in a line, without the marking."""
        sources = ", ".join(each.title for each in self.sources) or "no source"
        as_of, made = (plain(moment.replace(microsecond=0), ZONE) for moment in (self.as_of, self.made))
        said = f"selection {typed(self.selection) or 'none'}; as of {as_of}; data version {self.version}; {sources}"
        return glyphs.harmless(f"{said}; made {made} by {self.viewer}")

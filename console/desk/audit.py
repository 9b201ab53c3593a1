"""What may be asked of the audit, and what is said of it: values that could cross a socket."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from console.desk.answer import Value


@dataclass(frozen=True, slots=True)
class AuditAsked:
    """Rows of the audit: since one instant and before another (UTC), of a user, of a kind, for a case, about a subject; None is any."""

    from_at: datetime | None = None
    to_at: datetime | None = None
    user: str | None = None
    kind: str | None = None
    case: str | None = None
    subject: str | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class AuditRows:
    """Rows of the audit, the newest first, by column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the audit is as it was written, and what was found, a sentence a line."""

    whole: bool
    words: tuple[str, ...]

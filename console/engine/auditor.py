"""What an auditor is told of a file's audit: whether it is whole, where it stands, what is in it."""

from __future__ import annotations

from console.desk.audit import AuditAsked, AuditRows, Verdict
from console.desk.desk import Viewer
from console.engine.model import unknown
from console.engine.persons import who
from console.governance import chain, signing
from console.governance.deed import KINDS, Deed
from console.governance.heads import Heads, beside
from console.governance.record import Record
from console.governance.verify import verify
from console.store import sql
from console.store.database import Store


class Auditor:
    """Reads the audit of a file; what is listed of it is itself audited."""

    def __init__(self, store: Store, record: Record) -> None:
        """Read this file's."""
        self._store, self._record = store, record

    def head(self) -> str:
        """Return where the audit stands, as one line."""
        return signing.text(self._record.audit.head())

    def verdict(self, kept: tuple[str, ...]) -> Verdict:
        """Return whether it is as it was written, against the heads beside the file and those kept elsewhere. Raises ValueError."""
        elsewhere = [each.head for text in kept for each in signing.read(text)]
        path, held = self._store.path, Heads(beside(self._store.path))
        said = list(held.read())
        with self._store.reader() as cursor:
            found = verify(cursor, [*said, *elsewhere])
        if not found.whole:
            return Verdict(False, (f"{path}: the audit isn't as it was written, from row {found.bad} on: {found.why}",))
        rows, last = found.head.sequence, chain.instant(found.head.at)
        words = [f"{path}: the audit is as it was written: {rows:,} rows, the last of {last}"]
        only = "only a --head kept elsewhere tells"
        if rows and not said:
            words.append(f"no heads in {held.path}: whether the end was cut off {only}")
        elif said and (newest := max(head.sequence for head in said)) < rows:
            words.append(f"the heads in {held.path} end at row {newest}: whether rows after that were cut off {only}")
        return Verdict(True, tuple(words))

    def listed(self, viewer: Viewer, asked: AuditAsked) -> AuditRows:
        """Return rows of it, the newest first. Raises Unknown, NotAudited."""
        if asked.kind is not None and asked.kind not in KINDS:
            raise unknown("kind", asked.kind, KINDS)
        given = {"viewer": asked.user, "kind": asked.kind, "case_ref": asked.case, "subject": asked.subject}
        times = {"from_at": asked.from_at, "to_at": asked.to_at}
        said = " ".join(f"{name}={value}" for name, value in (given | times).items() if value is not None)
        about = (asked.subject,) if asked.subject else ()
        self._record.take(Deed(who(viewer), "audit list", "consultation", subjects=about, detail=said))
        with self._store.reader() as cursor:
            rows = sql.rows(cursor, "governance/audit_list", {**given, **times, "limit": asked.limit})
        return AuditRows(chain.COLUMNS, tuple(rows))

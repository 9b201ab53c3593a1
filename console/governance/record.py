"""The one place that what is done goes to: into the audit before it is done where the law wants that, and into usage behind it."""

from __future__ import annotations

from console.governance.audit import Audit, NotAudited
from console.governance.deed import Deed
from console.governance.usage import Usage
from console.store.database import Store


class Record:
    """The audit and the usage of a file."""

    def __init__(self, store: Store, refusing: type[Exception] = NotAudited) -> None:
        """Record into this file; `refusing` is raised where that can't be done."""
        self.audit, self._usage, self._refusing = Audit(store), Usage(store), refusing

    def take(self, *deeds: Deed) -> None:
        """Take deeds; those of a kind are in the audit, on the disk, when this returns. If they can't be, it raises and records none."""
        if kinds := [deed for deed in deeds if deed.kind is not None]:
            try:
                self.audit.add(*kinds)
            except NotAudited as error:
                raise self._refusing(str(error)) from error
        for deed in deeds:
            self._usage.add(deed)

    def close(self) -> None:
        """Write what is left of usage."""
        self._usage.close()

"""The Desk over the store in this process: questions, and what viewers do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from console.desk.answer import Value
from console.desk.audit import AuditAsked, AuditRows, Verdict
from console.desk.desk import Change, Command, Extract, Extracted, Leaving, Unaudited, Unknown, Viewer
from console.desk.kept import Kept
from console.desk.login import here
from console.desk.reason import ListedReason, Reason
from console.desk.selection import Refused
from console.engine import continuing
from console.engine.admission import AT_ONCE
from console.engine.announced import OF
from console.engine.apps import AppPlan
from console.engine.auditor import Auditor
from console.engine.extracts import Extracts
from console.engine.hearing import among
from console.engine.model import Model, unknown
from console.engine.persons import who
from console.engine.present import wall_clock
from console.engine.questions import Questions, ticket_of
from console.engine.reads import reads, touched
from console.engine.reasons import listed
from console.engine.seats import Seats
from console.engine.sittings import Sittings
from console.governance.deed import Deed
from console.governance.policy import WHOLE, AllowAll, Policy
from console.governance.record import Record
from console.store.database import Store, Touched

SOON = 1.0  # seconds between two looks of somebody who types, at most
Commands = Mapping[str, Callable[[Viewer, dict[str, str]], str]]


class StoreDesk(Questions):
    """The Desk of `console.desk.desk`, answered by SQL."""

    def __init__(
        self, store: Store, model: Model, apps: Mapping[str, AppPlan], sources_folder: Path, *,
        clock: Callable[[], datetime] = wall_clock, commands: Commands | None = None, policy: Policy | None = None,
        closing: Callable[[], None] = lambda: None, indexed: bool = False, pacing: Callable[[float], None] = lambda seconds: None,
        at_once: int = AT_ONCE,
    ) -> None:  # fmt: skip
        """Answer from this store; `clock` is the present while a live source beats, `commands` what viewers may do.

        `pacing` is told how often (s) anybody looks; so many questions are answered `at_once`.
        """
        record = Record(store, Unaudited)
        super().__init__(
            store, model, apps, sources_folder, record, clock=clock, policy=policy or AllowAll(), indexed=indexed, at_once=at_once
        )  # fmt: skip
        self._commands, self._closing, self._pacing = dict(commands or {}), closing, pacing
        self._seats, self._sittings = Seats(), Sittings(store)
        self._extracts = Extracts(self._persons, self._record, self)
        self._auditor = Auditor(store, self._record)
        self._reads = reads(apps, model)
        self._closed = False
        if indexed:
            self.keeper.resume()

    def away(self) -> None:
        """See Desk."""

    def viewer(self) -> Viewer:
        """See Desk."""
        return here()

    @property
    def version(self) -> int:
        """The data version that the store is at."""
        return self._store.version

    def command(self, viewer: Viewer, command: Command) -> str:
        """See Desk."""
        if command.name not in self._commands:
            raise unknown("command", command.name, self._commands)
        if why := self.refusal(viewer, command.name):
            raise Refused(why)
        args = dict(command.args)
        self._seen(viewer, args)
        about = tuple(filter(None, [args.get("key")]))
        said = " ".join(f"{key}={value}" for key, value in (*command.args, ("id", command.id)))
        deed = Deed(who(viewer), command.name, "alteration", subjects=about, detail=said)
        self._record.take(deed)
        try:
            return self._commands[command.name](viewer, {**args, "id": command.id})
        except Exception as error:
            self._record.take(replace(deed, action=f"{command.name} failed", detail=f"id={command.id}: {error}"))
            raise

    def subscribe(self, viewer: Viewer, notify: Callable[[Change], None]) -> Callable[[], None]:
        """See Desk."""

        def heard(version: int, facts: Touched | frozenset[str]) -> None:
            notify(Change(version, frozenset(facts), touched(self._reads, frozenset(facts))))

        if (section := self.rights(viewer).section) != WHOLE:
            return self._sections.listen(section, heard)
        return self.keeper.listen(heard) if self._indexed else self._store.listen(heard)

    def settle(self) -> None:
        """Wait until every section has heard of what was committed so far."""
        self._sections.settle()

    def pace(self, viewer: Viewer, seconds: float) -> None:
        """See Desk."""
        seconds = self._seats.take(viewer, seconds)
        self._store.calm(seconds > SOON)
        self.keeper.pace(seconds)
        self._pacing(seconds)

    def used(
        self, viewer: Viewer, action: str, detail: Value = None, app: str = "", panel: str = "", seconds: float | None = None
    ) -> None:  # fmt: skip
        """See Desk."""
        said = "" if detail is None else str(detail)
        self._record.take(Deed(who(viewer), action, app=app, panel=panel, detail=said, seconds=seconds))

    def reasons(self, viewer: Viewer) -> tuple[ListedReason, ...]:
        """See Desk."""
        return listed()

    def reason(self, viewer: Viewer, case: str = "") -> Reason | None:
        """See Desk."""
        return self._persons.reasons.of(viewer, case)

    def explain(self, viewer: Viewer, reason: Reason) -> None:
        """See Desk."""
        self._persons.reasons.give(viewer, reason)
        self._record.take(Deed(who(viewer), "reason", reason=reason.code, words=reason.words, case=reason.case, detail=reason.code))

    def disclose(self, viewer: Viewer, leaving: Leaving) -> None:
        """See Desk."""
        app = self.plans.get(leaving.app)
        self._persons.disclosed(self._sight(viewer, app, leaving.case), app, leaving)

    def extract(self, viewer: Viewer, asked: Extract) -> Extracted:
        """See Desk."""
        if why := self.refusal(viewer, "extract"):
            raise Refused(why)
        return self._extracts.make(viewer, self._of(viewer).model, asked)

    def piece(self, viewer: Viewer, token: str, offset: int) -> bytes:
        """See Desk."""
        return self._extracts.piece(viewer, token, offset)

    def audit_head(self, viewer: Viewer) -> str:
        """See Desk."""
        return self._auditing(viewer).head()

    def audit_verdict(self, viewer: Viewer, heads: tuple[str, ...]) -> Verdict:
        """See Desk."""
        return self._auditing(viewer).verdict(heads)

    def audit_rows(self, viewer: Viewer, asked: AuditAsked) -> AuditRows:
        """See Desk."""
        return self._auditing(viewer).listed(viewer, asked)

    def _auditing(self, viewer: Viewer) -> Auditor:
        if why := self.refusal(viewer, "audit"):
            raise Refused(why)
        return self._auditor

    def refusal(self, viewer: Viewer, command: str) -> str:
        """See Desk."""
        return self.rights(viewer).refusal(command)

    def keep(self, viewer: Viewer, kept: Kept) -> None:
        """See Desk."""
        self._sittings.keep(viewer.user, kept)

    def kept(self, viewer: Viewer) -> Kept | None:
        """See Desk."""
        held = self._sittings.newest(viewer.user)
        if held is None:
            return None
        return continuing.checked(held, self.apps(viewer), self._of(viewer).model, lambda texts: self.resolve(viewer, texts))

    def cancel(self, viewer: Viewer, ticket: str) -> None:
        """See Desk."""
        self._admission.cancel(ticket_of(viewer, ticket))

    def close(self) -> None:
        """See Desk."""
        if self._closed:
            return
        self._closed = True
        self._admission.close()
        self._sections.close()
        self.keeper.stop()
        self._closing()
        self._extracts.close()
        self._record.close()
        self._sittings.close()
        self.keeper.leave()
        self._store.close()

    def _seen(self, viewer: Viewer, args: Mapping[str, str]) -> None:
        """Raise Unknown if what a command is about isn't among what the viewer sees, in the words for what isn't there."""
        fact = OF.get(args.get("kind", ""))
        if fact is None or self._of(viewer).sectioned is None:
            return
        with self._asking(viewer) as (cursor, answering):
            if fact in answering.model.facts:
                now, _ = answering.now(cursor, None, fact)
                if among(cursor, fact, answering.model.facts[fact].key, [args.get("key", "")], now):
                    return
        raise Unknown(f"no {fact} {args.get('key', '')!r}")

"""Who may what and sees what: roles, the rights and the section of the facts that a viewer's roles give together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

Chosen = tuple[tuple[str, frozenset[str | None]], ...]  # fields (short names), each with the values that a row may have of it


_SAID = {"status": "ask how the hub stands", "audit": "read the audit", "sql": "see SQL"}


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen of a fact: rows that pass one of the alternatives (None: all), without hidden fields, masked ones as a mask.

    Fields are by short name. A detail has the columns that are masked of it, and no rows of its own.
    """

    rows: tuple[Chosen, ...] | None = None
    hidden: frozenset[str] = frozenset()
    masked: frozenset[str] = frozenset()

    def within(self, other: Sight) -> bool:
        """Return whether another shows all that this one does."""
        rows = other.rows is None or (self.rows is not None and set(self.rows) <= set(other.rows))
        return rows and other.hidden <= self.hidden and other.masked <= self.masked | self.hidden

    def union(self, other: Sight) -> Sight:
        """Return the rows of both, with the fields that both show."""
        rows = None if self.rows is None or other.rows is None else tuple(dict.fromkeys((*self.rows, *other.rows)))
        hidden = self.hidden | other.hidden
        return Sight(rows, hidden, (self.masked | other.masked) - hidden)


@dataclass(frozen=True, slots=True)
class Section:
    """What of all facts a viewer sees, by fact, and of details; those not named aren't seen. None of all: everything."""

    facts: tuple[tuple[str, Sight], ...] | None = None
    details: tuple[tuple[str, frozenset[str]], ...] = ()

    @property
    def whole(self) -> bool:
        """Whether everything is seen."""
        return self.facts is None


WHOLE, NOTHING = Section(), Section(())


@dataclass(frozen=True, slots=True)
class Rights:
    """What a viewer may: apps and commands by name (None: all), and their section. `marking` is the least that is shown to them.

    `reasons` say why not, by command; that of "" holds for any other, with {command} in it.
    """

    roles: frozenset[str] = frozenset()
    section: Section = WHOLE
    apps: frozenset[str] | None = None
    commands: frozenset[str] | None = None
    export: bool = True
    sql: bool = True
    extract: bool = True
    audit: bool = True
    marking: str = ""
    reasons: tuple[tuple[str, str], ...] = ()

    def may_open(self, app: str) -> bool:
        """Return whether an app may be opened."""
        return self.apps is None or app in self.apps

    def refusal(self, command: str) -> str:
        """Return why a command (or `export`, `extract`, `audit`, `sql`) may not be given, in a sentence, or ""."""
        own: dict[str, bool] = {"export": self.export, "extract": self.extract, "audit": self.audit, "sql": self.sql}
        if own.get(command, self.commands is None or command in self.commands):
            return ""
        reasons = dict(self.reasons)
        return reasons.get(command, reasons.get("", "")).format(command=command) or f"{self._said()} may not {_SAID.get(command, command)}"

    def _said(self) -> str:
        return f"the role {' or '.join(sorted(self.roles))}" if self.roles else "who has no role"


@dataclass(frozen=True, slots=True)
class Role:
    """A role as a policy says it: rights, and what it sees of facts; `own` values of its rows are those of its holder."""

    name: str
    apps: frozenset[str] | None
    commands: frozenset[str] | None
    facts: Mapping[str, Sight]
    details: Mapping[str, frozenset[str]]
    export: bool = False
    sql: bool = False
    extract: bool = False
    audit: bool = False
    marking: str = ""

    def outdone(self, other: Role) -> bool:
        """Return whether another role shows more than this one of all facts and details that it shows, and not the same."""
        facts = all(name in other.facts and sight.within(other.facts[name]) for name, sight in self.facts.items())
        details = all(masked <= self.details.get(name, frozenset()) for name, masked in other.details.items())
        return facts and details and (self.facts, self.details) != (other.facts, other.details)


class Policy(Protocol):
    """Says what a viewer may."""

    def rights(self, user: str, roles: frozenset[str], groups: frozenset[str]) -> Rights:
        """Return the rights of a user of these roles and Unix groups."""
        ...


class AllowAll:
    """The policy where there is none: the file's own mode is the only protection, and the console says so."""

    def rights(self, user: str, roles: frozenset[str], groups: frozenset[str]) -> Rights:
        """See Policy."""
        return Rights()


@dataclass(frozen=True, slots=True)
class InBrowser:
    """What a browser may: nothing is written to the server's disk, and commands are for those whose name a proxy has verified."""

    verified: bool
    policy: Policy = field(default_factory=AllowAll)

    def rights(self, user: str, roles: frozenset[str], groups: frozenset[str]) -> Rights:
        """See Policy."""
        rights = self.policy.rights(user, roles, groups)
        export = "no export from a browser: it would be written to the server's disk; console ask --format csv prints the same there"
        made = replace(rights, export=False, reasons=(("export", export), *rights.reasons))
        if self.verified:
            return made
        why = "read only: this browser's user isn't verified, so it can't {command}; a terminal can"
        return replace(made, commands=frozenset(), reasons=(("", why), *made.reasons))


OWN = frozenset[str | None](("\0own",))
"""The values of a role's clause that are its holder's own."""


@dataclass(frozen=True, slots=True)
class Roles:
    """A policy of roles: which groups have which, what is whose own (by field, of groups and users), and the order of markings."""

    roles: Mapping[str, Role]
    groups: Mapping[str, frozenset[str]]
    own: Mapping[tuple[str, str], Mapping[str, frozenset[str]]]
    facts: frozenset[str]
    marking: str = ""

    def rights(self, user: str, roles: frozenset[str], groups: frozenset[str]) -> Rights:
        """See Policy: apps, commands and rows of all roles together; fields as every role shows them that shows a row of its own."""
        names = {name for group in groups for name in self.groups.get(group, ())} | (roles & self.roles.keys())
        held = [self.roles[name] for name in sorted(names)]
        if not held:
            why = f"{user} has no role here: ask the administrator for one"
            return Rights(frozenset(), NOTHING, frozenset(), frozenset(), False, False, False, False, self.marking, (("", why),))
        own: dict[str, frozenset[str | None]] = {}
        for of in (("user", user), *(("group", group) for group in sorted(groups))):
            for name, values in self.own.get(of, {}).items():
                own[name] = own.get(name, frozenset[str | None]()) | values
        return Rights(
            frozenset(names), self._section(held, own), _all(role.apps for role in held), _all(role.commands for role in held),
            any(role.export for role in held), any(role.sql for role in held), any(role.extract for role in held),
            any(role.audit for role in held), highest((self.marking, *(role.marking for role in held))),
        )  # fmt: skip

    def _section(self, held: Iterable[Role], own: Mapping[str, frozenset[str | None]]) -> Section:
        facts: dict[str, Sight] = {}
        details: dict[str, frozenset[str]] = {}
        held = list(held)
        for name in sorted(self.facts):
            sights = [_owned(role.facts[name], own) for role in held if name in role.facts]
            if sights:
                facts[name] = together(sights)
        for role in held:
            if not any(other is not role and role.outdone(other) for other in held):
                for name, masked in role.details.items():
                    details[name] = details.get(name, frozenset()) | masked
        if facts.keys() == self.facts and all(each == Sight() for each in facts.values()) and not any(details.values()):
            return WHOLE
        return Section(tuple(facts.items()), tuple(sorted(item for item in details.items() if item[1])))


def together(sights: Iterable[Sight]) -> Sight:
    """Return what several sights of a fact show together: what another shows all of is left out, then rows of any, fields of all."""
    kept: list[Sight] = []
    for each in dict.fromkeys(sights):
        if not any(each.within(other) for other in kept):
            kept = [*(other for other in kept if not other.within(each)), each]
    made = kept[0]
    for each in kept[1:]:
        made = made.union(each)
    return made


def _owned(sight: Sight, own: Mapping[str, frozenset[str | None]]) -> Sight:
    """Return a sight with what is its holder's own said; who owns nothing sees no row so."""
    if sight.rows is None:
        return sight
    rows = (tuple((name, own.get(name, frozenset()) if values == OWN else values) for name, values in each) for each in sight.rows)
    return replace(sight, rows=tuple(each for each in rows if all(values for _, values in each)))


def _all(several: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    made = frozenset[str]()
    for each in several:
        if each is None:
            return None
        made |= each
    return made


TIERS = ("", "OFFICIAL", "OFFICIAL-SENSITIVE", "SECRET", "TOP SECRET")


def highest(markings: Iterable[str]) -> str:
    """Return the highest of some protective markings, "" where there is none."""
    return max(markings, key=TIERS.index, default="")

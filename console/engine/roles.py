"""A policy file read against the model and the apps: what is wrong with it said with file, line and what may have been meant."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from console.desk.selection import Values
from console.engine import known
from console.engine.apps import AppPlan
from console.engine.model import Fact, Field, Model, unknown
from console.engine.scope import typed
from console.engine.toml import Document, Place
from console.governance.policy import OWN, TIERS, Chosen, Role, Roles, Sight
from console.store.database import Cursor

EVERY, ALL, MINE = "every", "all", "own"
_SIGHT = {"rows": object, "fields": [str], "hide": [str], "mask": [str]}
_ROLE = {
    "apps": object, "commands": object, "export": bool, "sql": bool, "extract": bool, "audit": bool, "marking": str, "title": str,
    "fact": {"*": _SIGHT}, "detail": {"*": {"mask!": [str]}},
}  # fmt: skip
_POLICY = {
    "marking": str, "groups": {"*": [str]}, "role!": {"*": _ROLE},
    "own": {"group": {"*": {"*": [str]}}, "user": {"*": {"*": [str]}}},
}  # fmt: skip


def load(path: Path, model: Model, apps: Mapping[str, AppPlan], commands: Collection[str], cursor: Cursor) -> Roles:
    """Return the policy of a file; raises Faults with all that is wrong in it, OSError if it can't be read."""
    document = Document(path)
    made = read(document, model, apps, commands, cursor)
    document.done()
    return made


def read(document: Document, model: Model, apps: Mapping[str, AppPlan], commands: Collection[str], cursor: Cursor) -> Roles:
    """Return the policy that a document says, what is wrong noted; raises Faults if it isn't so shaped."""
    document.shaped(_POLICY)
    document.done()
    said = document.body
    reading = _Reading(document, model, apps, frozenset(commands), cursor)
    roles = {name: reading.role(name, spec) for name, spec in said["role"].items()}
    groups = {}
    for group, names in said.get("groups", {}).items():
        groups[group] = frozenset(document.each(("groups", group), names, lambda name: _known("role", name, roles)))
    owned = {
        name
        for role in roles.values()
        for sight in role.facts.values()
        for each in sight.rows or ()
        for name, values in each
        if values == OWN
    }
    own = {
        (kind, who): {name: reading.mine(("own", kind, who, name), name, texts, owned) for name, texts in spec.items()}
        for kind, several in said.get("own", {}).items()
        for who, spec in several.items()
    }
    marking = reading.marking(("marking",), said)
    return Roles(roles, groups, own, frozenset(model.facts), marking)


class _Reading:
    """A policy's document with what it is read against."""

    def __init__(
        self, document: Document, model: Model, apps: Mapping[str, AppPlan], commands: frozenset[str], cursor: Cursor
    ) -> None:  # fmt: skip
        self._document, self._model, self._apps, self._commands, self._cursor = document, model, apps, commands, cursor

    def role(self, name: str, spec: dict[str, Any]) -> Role:
        """Return a role."""
        at: Place = ("role", name)
        sights: dict[str, Sight] = {}
        every = spec.get("fact", {}).get(EVERY)
        for fact in self._model.facts.values() if every is not None else ():
            if fact.name not in spec["fact"]:
                sights[fact.name] = self._sight((*at, "fact", EVERY), fact, every)
        for which, said in spec.get("fact", {}).items():
            if which != EVERY and (found := self._document.tried((*at, "fact", which), lambda which=which: self._model.fact(which))):  # type: ignore[misc]
                sights[found.name] = self._sight((*at, "fact", which), found, said)
        details = {}
        for which, said in spec.get("detail", {}).items():
            if self._document.tried((*at, "detail", which), lambda which=which: _known("detail", which, self._model.details)):  # type: ignore[misc]
                details[which] = frozenset(said["mask"])
        opened = self._named((*at, "apps"), "app", spec.get("apps", []), self._apps)
        for app in self._apps.values() if opened is None else [self._apps[each] for each in sorted(opened)]:
            self._opens((*at, "apps"), app, sights)
        return Role(
            name, opened, self._named((*at, "commands"), "command", spec.get("commands", []), self._commands), sights, details,
            spec.get("export", False), spec.get("sql", False), spec.get("extract", False), spec.get("audit", False),
            self.marking((*at, "marking"), spec),
        )  # fmt: skip

    def marking(self, at: Place, spec: dict[str, Any]) -> str:
        """Return a protective marking."""
        said: str = spec.get("marking", "")
        if said not in TIERS:
            self._document.blame(at, str(unknown("marking", said, TIERS[1:])))
            return ""
        return said

    def mine(self, at: Place, name: str, texts: list[str], owned: Collection[str]) -> frozenset[str]:
        """Return the values of a field that are somebody's own."""
        if name not in owned:
            self._document.blame(at, f'no role has rows by {name} = "own"')
        fields = [each for fact in self._model.facts for each in self._model.fields_of(fact) if each.short == name]
        for field in fields[:1]:
            self._values(at, field, texts)
        return frozenset(texts)

    def _named(self, at: Place, what: str, said: Any, known: Collection[str]) -> frozenset[str] | None:
        if said == ALL:
            return None
        if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
            self._document.blame(at, f'is {said!r}, not "{ALL}" or a list of names')
            return frozenset()
        return frozenset(self._document.each(at, said, lambda name: _known(what, name, known)))

    def _sight(self, at: Place, fact: Fact, said: dict[str, Any]) -> Sight:
        every = {each.short for each in self._model.fields_of(fact.name)}
        lists = {key: frozenset(self._shorts((*at, key), fact, said.get(key, []), at[-1] == EVERY)) for key in ("fields", "hide", "mask")}
        hidden = lists["hide"] | (every - lists["fields"] if "fields" in said else frozenset())
        sight = Sight(self._rows((*at, "rows"), fact, said["rows"]) if "rows" in said else None, hidden, lists["mask"] - hidden)
        for short in sorted(hidden | sight.masked):
            if short in self._needed(fact):
                where = next((key for key in ("hide", "mask") if short in lists[key]), "fields")
                self._document.blame((*at, where), f"{short} of {fact.name} can't be kept back: {self._needed(fact)[short]}", short)
        return sight

    def _needed(self, fact: Fact) -> dict[str, str]:
        """Return the fields of a fact that whoever reads it must read, and why."""
        made = {}
        for each in self._model.fields_of(fact.name):
            route = self._model.route(fact.name, each.name)
            column = route.column if route else ""
            if column == fact.key:
                made[each.short] = "its rows are known by it"
            elif column in (fact.time, fact.ended):
                made[each.short] = "it says when its rows are"
            elif each.short == fact.grade:
                made[each.short] = "what is Immediate is announced by it"
        return made

    def _shorts(self, at: Place, fact: Fact, names: list[str], lenient: bool) -> list[str]:
        """Return the short names of a fact's fields; of `every` fact, those that this one hasn't are passed over."""

        def short(name: str) -> str:
            found = {each.short: each for each in self._model.fields_of(fact.name)}
            if name not in found and not (lenient and name in {each.short for each in self._model.fields.values()}):
                raise unknown(f"field of {fact.name}", name, found)
            return name

        return self._document.each(at, names, short)

    def _rows(self, at: Place, fact: Fact, said: Any) -> tuple[Chosen, ...]:
        """Return the alternatives of the rows that are seen: tables of fields, each with values or "own"."""
        several = said if isinstance(said, list) else [said]
        if not all(isinstance(each, dict) for each in several):
            self._document.blame(at, f"is {said!r}, not a table of fields with the values a row may have, or a list of such")
            return ()
        return tuple(tuple(sorted((name, self._chosen(at, fact, name, values)) for name, values in each.items())) for each in several)

    def _chosen(self, at: Place, fact: Fact, name: str, said: Any) -> frozenset[str | None]:
        found = {each.short: each for each in self._model.fields_of(fact.name) if each.type in known.COUNTABLE}
        if name not in found:
            self._document.blame(at, str(unknown(f"field of {fact.name}", name, found)), name)
        elif said == MINE:
            return OWN
        elif not isinstance(said, list) or not all(isinstance(each, str) for each in said):
            self._document.blame(at, f'{name} is {said!r}, not "{MINE}" or a list of values', name)
        else:
            self._values(at, found[name], said)
            return frozenset(said)
        return frozenset()

    def _values(self, at: Place, field: Field, texts: list[str]) -> None:
        for text in texts:

            def there(text: str = text) -> None:
                typed(field, text)
                known.listed(self._cursor, field, Values(frozenset((text,))))

            self._document.tried(at, there, text)

    def _opens(self, at: Place, app: AppPlan, sights: Mapping[str, Sight]) -> None:
        """Note what an app can't do without that a role doesn't see."""
        if app.app.fact not in sights:
            self._document.blame(at, f"{app.app.name} is led by {app.app.fact}, which the role doesn't read", app.app.name)
        for fact, clauses in app.base.items():
            for name, _ in clauses:
                short = self._model.fields[name].short
                if fact in sights and short in sights[fact].hidden | sights[fact].masked:
                    words = f"{app.app.name} stands on {short} of {fact}, which the role doesn't read"
                    self._document.blame(at, words, app.app.name)


def _known(what: str, name: str, among: Collection[str]) -> str:
    if name not in among:
        raise unknown(what, name, among)
    return name

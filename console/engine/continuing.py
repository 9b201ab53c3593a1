"""A kept sitting as it may be gone on with: what isn't there, or isn't permitted, any more is left out, and said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from console.desk import grammar
from console.desk.desk import Unknown
from console.desk.kept import Kept, PanelKept, Screen, ViewKept, WayKept
from console.desk.page import App
from console.desk.selection import Clause, History, Refused, Selection, Values
from console.engine.model import Model
from console.engine.sittings import Sitting, read

Pair = tuple[str, str | None]
Resolve = Callable[[tuple[str, ...]], Selection]  # what texts of the grammar mean to the viewer; raises Unknown, ValueError, Refused


def checked(held: Sitting, apps: Sequence[App], model: Model, resolve: Resolve) -> Kept | None:
    """Return a sitting as its user may have it now, None where nothing of it is left; `apps` are those the user may open."""
    found = read(held)
    if found is None or not apps:
        return None
    steps, screen = found
    made = _Checked({app.name: app for app in apps}, model, resolve)
    past, (now,), future = (list(map(made.parsed, texts)) for texts in (steps.past, (steps.now,), steps.future))
    made.ask([*past, now, *future], screen)
    history = History(tuple(map(made.selection, past)), made.selection(now), tuple(map(made.selection, future)))
    return Kept(held.seat, held.left_at, made.screen(screen), history, tuple(dict.fromkeys(made.dropped)))


class _Checked:
    """What of a sitting is there: asked of the Desk, a field at a time, as any selection is that somebody types."""

    def __init__(self, apps: dict[str, App], model: Model, resolve: Resolve) -> None:
        self._apps, self._model, self._resolve = apps, model, resolve
        self._there: set[Pair] = set()
        self._clauses: set[tuple[str, Clause]] = set()
        self.dropped: list[str] = []

    def parsed(self, typed: str) -> Selection:
        """Return what a text says, whether that is there or not; a field that isn't is dropped."""
        made = Selection()
        texts, locks = grammar.untyped(typed)
        for text in texts:
            name, rest = grammar.split(text)
            try:
                clause = grammar.clause(rest, self._model.field(name).type)
                made = made.with_clause(name, grammar.merged(made.clause(name), clause))
            except (Unknown, ValueError):
                self.dropped.append(name)
        return replace(made, locks=frozenset(name for name in locks if made.clause(name) is not None))

    def ask(self, selections: Iterable[Selection], screen: Screen) -> None:
        """Ask which of all the values and clauses are there."""
        pairs: dict[Pair, None] = dict.fromkeys(_pairs(screen, self._apps))
        for name, clause in {item: None for each in selections for item in each.clauses}:
            if isinstance(clause, Values):
                pairs |= dict.fromkeys((name, value) for value in clause.values)
            elif self._means(grammar.texts(name, clause)) is not None:
                self._clauses.add((name, clause))
        fields: dict[str, set[str | None]] = {}
        for name, value in pairs:
            fields.setdefault(name, set()).add(value)
        for name, values in fields.items():
            if self._means(grammar.texts(name, Values(frozenset(values)))) is not None:
                self._there |= {(name, value) for value in values}
            elif len(values) > 1:
                self._there |= {(name, each) for each in values if self._means(grammar.texts(name, Values(frozenset((each,))))) is not None}

    def _means(self, texts: tuple[str, ...]) -> Selection | None:
        try:
            return self._resolve(texts)
        except (Unknown, ValueError, Refused):
            return None

    def selection(self, of: Selection) -> Selection:
        """Return what of a selection is there; a lock stays as long as anything of its clause does."""
        made = Selection()
        for name, clause in of.clauses:
            if isinstance(clause, Values):
                made = made.with_clause(name, Values(frozenset(value for value in clause.values if self._is((name, value)))))
            elif (name, clause) in self._clauses:
                made = made.with_clause(name, clause)
            else:
                self.dropped.append(self._named(name))
        return replace(made, locks=of.locks & set(made.fields()))

    def _is(self, pair: Pair) -> bool:
        if pair in self._there:
            return True
        name, value = pair
        self.dropped.append(f"{self._named(name)} {grammar.NONE if value is None else value}")
        return False

    def _named(self, name: str) -> str:
        try:
            return self._model.field(name).title
        except Unknown:
            return name

    def screen(self, of: Screen) -> Screen:
        """Return what of a screen is there; of another app's only where it stood."""
        app = self._apps.get(of.app)
        focus = tuple((name, panel) for name, panel in of.focus if name in self._apps)
        panels = tuple(made for each in of.panels if (made := self._panel(each)) is not None)
        if app is None:
            self.dropped.append(f"page {of.app}")
            return Screen(next(iter(self._apps)), focus, panels, at=of.at)
        names = {spec.name for spec in app.panels}
        ways = tuple(replace(way, views=self._views(app, way.views)) for way in of.ways if {way.to, way.focus} <= {*names, "headlines"})
        alone = of.alone if of.alone in names else ""
        return replace(of, focus=focus, panels=panels, views=self._views(app, of.views), ways=ways, alone=alone)

    def _panel(self, of: PanelKept) -> PanelKept | None:
        app = self._apps.get(of.app)
        spec = next((spec for spec in app.panels if spec.name == of.panel), None) if app else None
        if app is None or spec is None:
            return of if app and of.panel == "headlines" else None
        path = list(of.path)
        for depth, pair in enumerate(zip(spec.fields, of.path, strict=False)):
            if not self._is(pair):
                path = path[:depth]
                break
        subject = of.subject
        if subject is not None and not any((name, subject) in self._there for name in _fields(app, of.panel)):
            self.dropped.append(subject)
            subject = None
        return replace(of, path=tuple(path), subject=subject)

    def _views(self, app: App, of: Sequence[ViewKept]) -> tuple[ViewKept, ...]:
        names = {spec.name for spec in app.panels}
        return tuple(view for view in of if view.kind != "rows" or (view.panel in names and all(map(self._is, view.at))))


def _fields(app: App, panel: str) -> list[str]:
    """Return the fields whose values a profile panel is about."""
    return [name for name, page in app.profiles if page == panel]


def _pairs(screen: Screen, apps: dict[str, App]) -> Iterable[Pair]:
    """Return every value that a screen names, with its field."""
    for panel in screen.panels:
        app = apps.get(panel.app)
        spec = next((spec for spec in app.panels if spec.name == panel.panel), None) if app else None
        if app is not None and spec is not None:
            yield from zip(spec.fields, panel.path, strict=False)
            if panel.subject is not None:
                yield from ((name, panel.subject) for name in _fields(app, panel.panel))
    ways: Iterable[WayKept] = screen.ways
    for view in (*screen.views, *(view for way in ways for view in way.views)):
        yield from view.at

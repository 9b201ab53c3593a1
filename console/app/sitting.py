"""A sitting: what one viewer has open, selected, drilled into and looked back at. No Textual, no threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from console.app.drawing.words import as_text
from console.app.replay import Replay
from console.desk.answer import Column, PanelAnswer, State, Value
from console.desk.desk import Drill, Question, RowsQuestion, Viewer
from console.desk.kept import PanelKept, Screen
from console.desk.page import App, PanelSpec, Shown
from console.desk.selection import Area, Clause, History, Refused, Selection, Shape

OUT = (State.EXCLUDED, State.SELECTED_EXCLUDED)


class Sitting:
    """The apps a viewer may open, the one open, and the history of selections that all of them share."""

    def __init__(
        self, viewer: Viewer, apps: Sequence[App], app: str, selection: Selection, at: datetime | None = None,
        fields: Mapping[str, tuple[Column, ...]] = MappingProxyType({}),
    ) -> None:  # fmt: skip
        """Open the app of that name under a selection; `fields` are each fact's. Raises KeyError for an app that isn't there."""
        self.viewer = viewer
        self.replay: Replay | None = None  # None is the present
        self.at = at
        self.fields = fields
        self.titles = {column.name: column.title for held in fields.values() for column in held}
        self.apps: Mapping[str, App] = {each.name: each for each in apps}
        self.app = self.apps[app]
        self.history = History(now=selection)
        self.case = ""  # the incident from whose page the viewer looks
        self.signer = viewer.user if viewer.verified else ""  # who acknowledges; asked once where it isn't known
        self._paths: dict[tuple[str, str], tuple[str | None, ...]] = {}
        self._forced: set[tuple[str, str]] = set()
        self._held: set[tuple[str, str]] = set()
        self._shown: dict[tuple[str, str], Shown] = {}
        self._subjects: dict[tuple[str, str], str] = {}
        self._focus: dict[str, str] = {}

    @property
    def at(self) -> datetime | None:
        """The past moment that everything is asked of (naive UTC), or None for the present."""
        return self.replay.at if self.replay is not None else None

    @at.setter
    def at(self, at: datetime | None) -> None:
        self.replay = Replay(at) if at is not None else None

    @property
    def selection(self) -> Selection:
        """The present selection."""
        return self.history.now

    @property
    def focus(self) -> str:
        """The panel that has the keys: the last one of this app, at first the first of its tabs."""
        return self._focus.get(self.app.name, "")

    @focus.setter
    def focus(self, panel: str) -> None:
        self._focus[self.app.name] = panel

    def go(self, selection: Selection) -> bool:
        """Make a selection the present one; return whether that changed it."""
        before = self.selection
        self.history = self.history.go(selection)
        return self._moved(before)

    def back(self) -> bool:
        """Step back; return whether there was a step."""
        before = self.selection
        self.history = self.history.back()
        return self._moved(before)

    def forward(self) -> bool:
        """Step forward; return whether there was a step."""
        before = self.selection
        self.history = self.history.forward()
        return self._moved(before)

    def _moved(self, before: Selection) -> bool:
        if self.selection.clauses != before.clauses:
            for which in self._forced:
                self._paths.pop(which, None)
            self._forced.clear()
            self._held.clear()
        return self.selection != before

    def toggle(self, pairs: Sequence[tuple[str, Value]]) -> bool:
        """Select values, or take them out if all were in; raises Refused for a locked field."""
        selection = self.selection
        texts = [(name, as_text(value)) for name, value in pairs]
        held = [text in getattr(selection.clause(name), "values", ()) for name, text in texts]
        for (name, text), inside in zip(texts, held, strict=True):
            if inside == all(held):
                selection = selection.toggle(name, text)
        return self.go(selection)

    def extend(self, pairs: Sequence[tuple[str, Value]]) -> bool:
        """Select values beside those selected already; raises Refused for a locked field."""
        selection = self.selection
        for name, value in pairs:
            if as_text(value) not in getattr(selection.clause(name), "values", ()):
                selection = selection.toggle(name, as_text(value))
        return self.go(selection)

    def choose(self, name: str, clause: Clause | None) -> bool:
        """Set a field's clause; raises Refused for a locked field."""
        return self.go(self.selection.with_clause(name, clause))

    def replace(self, selection: Selection) -> bool:
        """Select another selection's clauses, and lock what it locks; raises Refused where a locked field would change."""
        made = self.selection.clear_all()
        for name, clause in selection.clauses:
            made = made.with_clause(name, clause)
        for name in selection.locks:
            made = made.lock(name)
        return self.go(made)

    def add_shape(self, shape: Shape) -> bool:
        """Add a shape to the area; raises Refused if it is locked."""
        held = self.selection.clause("area")
        return self.choose("area", Area((*held.shapes, shape) if isinstance(held, Area) else (shape,)))

    def drop_shape(self) -> bool:
        """Take the shape added last off the area; raises Refused if it is locked or there is none."""
        held = self.selection.clause("area")
        if not isinstance(held, Area):
            raise Refused("no area is selected")
        return self.choose("area", Area(held.shapes[:-1]) if len(held.shapes) > 1 else None)

    def clear(self, names: Sequence[str]) -> bool:
        """Take the clauses off the fields that have one; raises Refused if one is locked or none has any."""
        chosen = [name for name in names if self.selection.clause(name) is not None]
        if not chosen:
            raise Refused("nothing is selected in this panel")
        selection = self.selection
        for name in chosen:
            selection = selection.clear(name)
        return self.go(selection)

    def lock(self, names: Sequence[str]) -> str:
        """Lock the fields that have a clause, or unlock them if all were; return what was done. Raises Refused."""
        chosen = [name for name in names if self.selection.clause(name) is not None]
        if not chosen:
            raise Refused("nothing is selected here to lock")
        selection = self.selection
        free = all(name in selection.locks for name in chosen)
        for name in chosen:
            selection = selection.unlock(name) if free else selection.lock(name)
        self.go(selection)
        return "unlocked" if free else "locked"

    def path(self, panel: str) -> tuple[str | None, ...]:
        """Return the values a drill-down panel has been taken into."""
        return self._paths.get((self.app.name, panel), ())

    def deeper(self, spec: PanelSpec, value: Value) -> bool:
        """Go into a value of a drill-down panel; return whether there is a level below."""
        path = self.path(spec.name)
        if not spec.drill or len(path) + 1 >= len(spec.fields):
            return False
        self._paths[(self.app.name, spec.name)] = (*path, as_text(value))
        self._forced.discard((self.app.name, spec.name))
        return True

    def up(self, spec: PanelSpec) -> bool:
        """Go up a level of a drill-down panel; return whether there is one."""
        path = self.path(spec.name)
        if not path:
            return False
        which = (self.app.name, spec.name)
        self._paths[which] = path[:-1]
        self._forced.discard(which)
        self._held.add(which)
        return True

    def forced_deeper(self, spec: PanelSpec, answer: PanelAnswer) -> bool:
        """Go deeper by itself when other fields leave one value; return whether it did."""
        which = (self.app.name, spec.name)
        own = any(self.selection.clause(name) is not None for name in spec.fields)
        left = [row for row in answer.rows if row.state not in OUT]
        if not spec.drill or own or which in self._held or answer.error or len(left) != 1 or len(answer.rows) < 2:
            return False
        if not self.deeper(spec, left[0].at[0][1]):
            return False
        self._forced.add(which)
        return True

    def shown(self, panel: str) -> Shown:
        """Return what a map panel shows."""
        return self._shown.get((self.app.name, panel), Shown(panel))

    def show(self, shown: Shown) -> None:
        """Have a map panel show something else."""
        self._shown[(self.app.name, shown.panel)] = shown

    def slow(self) -> frozenset[str]:
        """Return the maps of the open app that show what isn't answered from memory."""
        return frozenset(panel for (app, panel), shown in self._shown.items() if app == self.app.name and shown.difference)

    def subject(self, panel: str) -> str | None:
        """Return the key a profile panel is about, or None before one was opened."""
        return self._subjects.get((self.app.name, panel))

    def open_profile(self, panel: str, key: str) -> None:
        """Make a profile panel be about a key."""
        self._subjects[(self.app.name, panel)] = key

    def case_of(self, path: Sequence[tuple[str, str | None]]) -> str:
        """Return the case that the innermost of some pages, each a panel and its subject, is about; "" where none is about one."""
        about = {each.name for each in self.app.panels if "case" in dict(each.options)}
        cases = [subject for name, subject in path if subject and name in about]
        return cases[-1] if cases else ""

    def profile_of(self, fact: str, name: str) -> str | None:
        """Return the profile panel that a value of the field opens beside a fact, or None."""
        panels = dict(self.app.profiles)
        return panels.get(name) or panels.get(f"{fact}.{name}")

    def left(self) -> tuple[tuple[tuple[str, str], ...], tuple[PanelKept, ...]]:
        """Return what is to be kept of it beside the history: the panel of each app that has the keys, and panels not as at first."""
        paths = {which: path for which, path in self._paths.items() if path and which not in self._forced}
        panels = sorted({*paths, *self._held, *self._shown, *self._subjects})
        kept = [
            PanelKept(*which, paths.get(which, ()), which in self._held, self._subjects.get(which), self._shown.get(which))
            for which in panels
        ]
        return tuple(self._focus.items()), tuple(kept)

    def go_on(self, screen: Screen, history: History) -> None:
        """Be as another sitting was when it was left; its app is among those that may be opened."""
        self.app, self.history, self.at = self.apps[screen.app], history, screen.at
        self._focus = dict(screen.focus)
        held = {(each.app, each.panel): each for each in screen.panels}
        self._forced = set()
        self._paths = {which: each.path for which, each in held.items() if each.path}
        self._held = {which for which, each in held.items() if each.held}
        self._shown = {which: each.shown for which, each in held.items() if each.shown is not None}
        self._subjects = {which: each.subject for which, each in held.items() if each.subject is not None}

    def question(self, panels: Sequence[str] | None, ticket: str, subject: str | None = None) -> Question:
        """Return the question for some panels of the page under the present selection."""
        drills = tuple(Drill(panel, path) for (app, panel), path in self._paths.items() if app == self.app.name and path)
        named = None if panels is None else tuple(panels)
        return Question(self.app.name, self.selection, self.at, named, drills, ticket, subject, self._maps(), self.case)

    def _maps(self) -> tuple[Shown, ...]:
        return tuple(shown for (app, panel), shown in self._shown.items() if app == self.app.name and shown != Shown(panel))

    def rows_question(self, panel: str, at: Sequence[tuple[str, Value]]) -> RowsQuestion:
        """Return the question for the rows behind a panel's value, cell, bar or headline."""
        drills = self.question((), "").drills
        pairs = tuple((name, as_text(value)) for name, value in at)
        return RowsQuestion(
            self.app.name, panel, "", pairs, self.selection, self.at, drills=drills, ticket="rows", maps=self._maps(), case=self.case
        )  # fmt: skip

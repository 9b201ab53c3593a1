"""What a page asks for its maps: how many a shape holds, how many the area does, and where a thing stands."""

from __future__ import annotations

from dataclasses import replace

from textual import on

from console.app.asking import words_of
from console.app.drawing import words
from console.app.map.panel import Map
from console.app.messages import Answered, Done, Said
from console.app.page.reasoned import Reasoned
from console.app.panels.panel import Panel, Target
from console.app.panels.profile import Profile
from console.app.views.rows import RowsView
from console.desk.answer import Marker, PanelAnswer
from console.desk.desk import Question
from console.desk.selection import Area, Clause, Selection, Values


class OnMap(Reasoned):
    """The dialogue about maps."""

    @property
    def map(self) -> Map | None:
        """The app's map."""
        return next((panel for panel in self.panels.values() if isinstance(panel, Map)), None)

    @on(Map.Outlined)
    def outlined(self, event: Map.Outlined) -> None:
        """Count what a shape that is being drawn holds under the other clauses."""
        panel, shape = event.panel, event.shape
        question = self.sitting.question((), "outline")
        clauses = tuple(item for item in question.selection.clauses if item[0] != "area")
        question = replace(question, selection=Selection(clauses).with_clause("area", Area((shape,))))

        def count() -> Done:
            said = self._counted(question)
            return Done(lambda: panel.weighed(shape, said))

        self.asking.job(count, lambda error: Done(lambda: panel.weighed(shape, "")), Done(lambda: panel.weighed(shape, "")))

    def _counted(self, question: Question) -> str:
        answer = self.asking.desk.ask(self.asking.viewer, question)
        return f"holds {answer.shown:,} {answer.noun}".rstrip()

    @on(Answered)
    def area_answered(self, message: Answered) -> None:
        """Count what the area alone holds, whenever something was counted under it."""
        selection = self.sitting.selection
        area = selection.clause("area")
        if area is None or not message.names or message.serial != self.asking.serial:
            return
        if selection.fields() == ("area",):
            self._holds(area, message.answer.shown)
            return
        question = replace(self.sitting.question((), "area"), selection=Selection((("area", area),)))

        def count() -> Done:
            shown = self.asking.desk.ask(self.asking.viewer, question).shown
            return Done(lambda: self._holds(area, shown))

        self.asking.job(count, lambda error: None)

    def _holds(self, area: Clause, shown: int) -> None:
        self.clauses.held = (area, shown)
        self.clauses.redraw()

    def things(self) -> list[tuple[str, str]]:
        """Return what can be looked for on the map, as (field, key): under the cursor, and what its row or page is about."""
        target, panel, view = self.target(), self.panel, self.view
        found = [*(target.opens or target.toggles)] if target is not None else []
        kinds = {*(name for name, _ in self.sitting.app.profiles), *(self.map.fields() if self.map else ())}
        row = found[-1:] if isinstance(view, RowsView) or (panel is not None and panel.spec.kind == "table") else []
        named = [(name, str(key)) for name, key in found if self._field(name) in kinds and key is not None]
        if view is None and isinstance(panel, Profile) and panel.subject:
            names = [name for name, page in self.sitting.app.profiles if page == panel.spec.name]
            named += [(name, panel.subject) for name in names[:1]]
        return named or [(name, str(key)) for name, key in row]

    def locate(self) -> None:
        """Show what is under the cursor on the app's map: at its mark, or in the middle of its place where it has none."""
        things, panel = self.things(), self.map
        if not things or panel is None:
            return
        for name, key in things:
            mark = next((each for each in (panel.answer.markers if panel.answer else ()) if each.key == key), None)
            place = next((each for each in panel.ground.places if name == panel.ground.field and each.value == key), None)
            if mark is not None or place is not None:
                at = (mark.lon, mark.lat) if mark is not None else (place.lon, place.lat) if place is not None else panel.ground.at
                self._show(panel, key, at, "")
                return
        pages = dict(self.sitting.app.profiles)
        name, key = next((each for each in things if self._field(each[0]) in pages), things[-1])
        selection = Selection().with_clause(self._field(name), Values(frozenset((key,))))
        question = replace(self.sitting.question((panel.spec.name,), "locate"), selection=selection)

        def find() -> Done:
            answer = self.asking.desk.ask_panel(self.asking.viewer, question, panel.spec.name)
            return Done(lambda: self._found(panel, key, answer))

        self.say(f"looking for {words.clean(key)}...")
        self.asking.job(find, lambda error: Said(f"{key} can't be shown on the map: {words_of(error)}"))

    def _field(self, name: str) -> str:
        """Return the field that a row calls so."""
        fact = self.view.fact if isinstance(self.view, RowsView) else self.panel.spec.fact if self.panel else ""
        return full if (full := f"{fact}.{name}") in self.sitting.titles else name

    def _found(self, panel: Map, key: str, answer: PanelAnswer) -> None:
        mark: Marker | None = next((each for each in answer.markers if each.key == key), None)
        values = [row.at[0][1] for row in answer.rows if row.at and row.values and row.values[0]]
        place = next((each for each in panel.ground.places if each.value in values), None)
        if mark is not None:
            self._show(panel, key, (mark.lon, mark.lat), "")
        elif place is not None and len(values) == 1:
            self._show(panel, key, (place.lon, place.lat), f" is somewhere in {place.value} {place.name}: this is its middle")
        else:
            self.say(f"{words.clean(key)} has no place on this map now")

    def _show(self, panel: Map, key: str, point: tuple[float, float], said: str) -> None:
        self.close_views()
        self.focus_on(panel.spec.name)
        panel.look(point)
        self.say(f"{words.clean(key)}{said or ' is under the cursor'}")

    @property
    def panel(self) -> Panel | None:
        """The panel that has the keys."""
        raise NotImplementedError

    def target(self) -> Target | None:
        """Return what the cursor is on."""
        raise NotImplementedError

    def focus_on(self, name: str) -> None:
        """Give a panel the keys, showing it alone if it isn't on the screen."""
        raise NotImplementedError
